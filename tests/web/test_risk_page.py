"""The risk page and its forms: what stands and what is late is in sight, and each step is one short form away."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import register, risk, risk_review, safeguarding, serious_further_offence
from domain.case import case_id
from domain.event import Event
from domain.organisation import ProviderKind
from domain.risk_review import ReviewStep
from domain.working_days import local_day
from tests.conftest import Browser
from tests.scenario import Scenario

RISK = "/cases/X000001/risk"
Open = Callable[..., Browser]


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html5lib")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


def parts(name: str, day: date) -> dict[str, str]:
    return {name: f"{day.day} {day.month} {day.year}"}


def did(scenario: Scenario, command: Any, **details: Any) -> int:
    """Gives a command and returns the number of its last entry."""
    scenario.do("X000001", command, **details)
    return scenario.version("X000001")


def on_a_register(scenario: Scenario, days_ago: int = 30, **details: Any) -> int:
    at = scenario.in_days(-days_ago)
    return did(scenario, register.register, policy=scenario.policy, registered_at=at, **{"register": "RCPR", **details})


def referred(scenario: Scenario, *steps: ReviewStep) -> int:
    number = did(scenario, risk_review.initiate_risk_review, held_by=ProviderKind.CRC, reason="Threats.")
    for step in steps:
        did(scenario, risk_review.move_risk_review, review=number, step=step, note="Because.")
    return number


def asked(scenario: Scenario, days_ago: int = 1) -> int:
    at = scenario.in_days(-days_ago)
    return did(scenario, safeguarding.request_checks, agencies=(safeguarding.Agency.POLICE,), requested_at=at)


def charged(scenario: Scenario) -> int:
    days = {"offence_on": local_day(scenario.in_days(-3)), "charged_on": local_day(scenario.now)}
    return did(scenario, serious_further_offence.initiate_sfo, policy=scenario.policy, **days)


def last(scenario: Scenario) -> Event:
    return scenario.record.history(case_id("X000001"), texts=True)[-1].event


# What stands -----------------------------------------------------------------------------------------------------------


def test_an_empty_picture_says_what_is_not_recorded(enter: Open) -> None:
    page = soup(enter().get(RISK).text)
    said = words(page)
    assert "What is due (1)" in said
    assert "6 months after the assessment, or sooner" in said
    for nothing in ("on no register", "not been referred", "No check has been recorded", "None has been noted", "None is recorded"):
        assert nothing in said
    assert page.select_one('a[aria-current="page"]').get_text() == "Risk"
    assert "Begin a risk review" in said


def test_what_is_late_stands_first_with_its_rule_and_the_source_of_it(enter: Open, scenario: Scenario) -> None:
    soon = local_day(scenario.in_days(-2))
    mappa = {"level": register.MappaLevel.TWO, "category": register.MappaCategory.ONE}
    number = on_a_register(scenario, register="MAPP", review_due_on=soon, **mappa)
    asked(scenario)
    page = soup(enter().get(RISK).text)
    first = page.select_one("#due").find_next("tbody").tr
    assert first.a["href"] == f"/cases/X000001/entries/{number}"
    text = " ".join(first.get_text(" ").split())
    assert "Overdue by 2 days" in text
    assert "3 months after it was last looked at, or sooner [V] Sourced" in text
    assert "MAPPA cases are the NPS’s" in words(page)
    assert "10 working days after the request [D] Set by this service" in words(page)


def test_alerts_stand_at_the_head_of_every_page_of_the_case(enter: Open, scenario: Scenario) -> None:
    on_a_register(scenario)
    on_a_register(scenario, register="IKMF")
    head = soup(enter().get("/cases/X000001").text).select_one(".app-case-head")
    assert "Child protection" in head.get_text()
    assert "retained" not in head.get_text()


def test_a_high_level_with_a_crc_ages_in_sight_until_the_nps_takes_the_case(enter: Open, scenario: Scenario) -> None:
    at = scenario.in_days(-20)
    did(scenario, risk.assess_rosh, policy=scenario.policy, level=risk.Rosh.HIGH, rationale="Threats.", assessed_at=at)
    did(scenario, risk.assess_rosh, policy=scenario.policy, level=risk.Rosh.HIGH, rationale="Threats still.")
    scenario.case("X000002", practitioner="ALED", team="NC1", provider="N03")
    scenario.do("X000002", risk.assess_rosh, policy=scenario.policy, level=risk.Rosh.HIGH, rationale="Threats.")
    browser = enter()
    assert "High RoSH with a CRC for less than a day" in words(soup(browser.get(RISK).text))
    assert "High RoSH with a CRC since" in words(soup(browser.get("/cases/X000001/in-brief").text))
    aled = enter("ALED")
    assert "with a CRC" not in aled.get("/my-day").text
    assert "with a CRC" not in aled.get("/cases/X000002/risk").text


def test_my_day_shows_what_is_late_about_risk(enter: Open, scenario: Scenario) -> None:
    asked(scenario, days_ago=40)
    browser = enter()
    late = soup(browser.get("/my-day").text).select_one("section[aria-labelledby=late]")
    assert late.select_one('a[href="/cases/X000001"]')
    due = soup(browser.get("/cases/X000001/in-brief").text)
    assert "nswer to a safeguarding check: police" in due.get_text()
    assert due.select_one(f'a[href="{RISK}"]')


def test_a_case_that_was_found_high_awaits_its_transfer(enter: Open, scenario: Scenario) -> None:
    referred(scenario, ReviewStep.FORM_COMPLETED, ReviewStep.RECEIVED, ReviewStep.DECIDED_HIGH)
    page = soup(enter("MEERA").get(RISK).text)
    assert "It awaits its transfer" in words(page)
    assert page.select_one('a[href="/cases/X000001/transfer"]')


# The forms -------------------------------------------------------------------------------------------------------------

FORMS: dict[str, tuple[Callable[[Scenario], int], str, dict[str, str], type[Event]]] = {
    "a significant event": (
        lambda scenario: 0,
        "/events/new",
        {"kind": "arrest or charge", "note": "Arrested for assault."},
        risk.SignificantEventNoted,
    ),
    "a registration": (
        lambda scenario: 0,
        "/registers/new",
        {"register": "MAPP", "level": "level 2", "category": "category 1", "note": "Agreed at the meeting."},
        register.Registered,
    ),
    "a review of a registration": (
        on_a_register,
        "/registers/{}/review",
        {"note": "The children are still at risk."},
        register.RegistrationReviewed,
    ),
    "the end of a registration": (on_a_register, "/registers/{}/end", {"reason": "The plan has ended."}, register.Deregistered),
    "a risk review": (
        lambda scenario: 0,
        "/review/new",
        {"reason": "Threats against a former partner.", "urgent": "yes"},
        risk_review.RiskReviewInitiated,
    ),
    "a step of a risk review": (
        referred,
        "/review/{}",
        {"step": "withdrawn", "note": "The arrest was a mistake."},
        risk_review.RiskReviewMoved,
    ),
    "a safeguarding check": (
        lambda scenario: 0,
        "/checks/new",
        {"agencies": "adult services", "note": "A frail father."},
        safeguarding.SafeguardingCheckRequested,
    ),
    "an answer": (
        asked,
        "/checks/{}",
        {"result": "information given", "note": "A call-out in January."},
        safeguarding.SafeguardingResponseReceived,
    ),
    "a further offence": (
        lambda scenario: 0,
        "/offences/new",
        {"note": "Charged with wounding."},
        serious_further_offence.SfoInitiated,
    ),
    "a stage of a further offence": (
        charged,
        "/offences/{}",
        {"stage": "terminated", "note": "Acquitted."},
        serious_further_offence.SfoMoved,
    ),
}
"""What is recorded: what must be there before, its address, what is typed, and the event that it comes to."""
DAYS = {
    "a significant event": ("happened_at",),
    "a registration": ("registered_at",),
    "a review of a registration": ("reviewed_at",),
    "the end of a registration": ("ended_at",),
    "a risk review": ("initiated_at",),
    "a step of a risk review": ("moved_at",),
    "a safeguarding check": ("requested_at",),
    "an answer": ("received_at",),
    "a further offence": ("offence_on", "charged_on"),
    "a stage of a further offence": ("moved_at",),
}


def typed(scenario: Scenario, what: str) -> tuple[str, dict[str, str]]:
    """The address and the filled-in form."""
    before, address, fields, _ = FORMS[what]
    today = {key: value for name in DAYS[what] for key, value in parts(name, local_day(scenario.now)).items()}
    return RISK + address.format(before(scenario)), {"command_id": str(uuid4()), **fields, **today}


@pytest.mark.parametrize("what", FORMS)
def test_each_form_records_what_it_says_once_and_returns_to_the_risk_page(enter: Open, scenario: Scenario, what: str) -> None:
    address, fields = typed(scenario, what)
    browser = enter()
    empty = soup(browser.get(address).text)
    assert empty.select_one("form.app-form textarea") is not None
    before = scenario.version("X000001")
    assert [browser.post(address, fields).headers.get("Location") for _ in range(2 if address.endswith("new") else 1)][-1] == RISK
    assert scenario.version("X000001") == before + 1
    event = last(scenario)
    assert type(event) is FORMS[what][3]
    text = fields.get("note") or fields["reason"]
    assert text in (getattr(event, "note", ""), getattr(event, "reason", ""))
    assert browser.get(RISK).status_code == 200


@pytest.mark.parametrize("what", FORMS)
def test_a_form_without_its_answers_is_shown_again_with_messages_and_nothing_typed_is_lost(
    enter: Open, scenario: Scenario, what: str
) -> None:
    address, fields = typed(scenario, what)
    browser, before = enter(), scenario.version("X000001")
    asked_for = [name for name in FORMS[what][2] if name not in ("note", "reason")] or [*parts(DAYS[what][0], date(2026, 1, 1))][:1]
    answer = browser.post(address, {name: value for name, value in fields.items() if name not in asked_for})
    if what == "a registration":  # a register is chosen from a list
        assert "Select the register" in answer.text
    if what in ("a review of a registration", "the end of a registration"):
        asked_for = [DAYS[what][0]]
    assert answer.status_code == 422, what
    page = soup(answer.text)
    assert page.select(".govuk-error-summary a")
    assert all(page.find(id=link["href"][1:]) for link in page.select(".govuk-error-summary a"))
    assert (fields.get("note") or fields["reason"]) in page.select_one("form.app-form textarea").get_text()
    assert scenario.version("X000001") == before
    assert browser.post(address).status_code == 422


@pytest.mark.parametrize(
    ("what", "changes", "message"),
    [
        ("a registration", {"register": "MAPP", "level": ""}, "Select the MAPPA level."),
        ("a registration", {"register": "RCPR"}, "Only MAPPA has a level and a category."),
        ("a registration", {"level": "level 9"}, "Select the MAPPA level from the list"),
        ("a step of a risk review", {"step": "decided: high"}, "That cannot follow now. The review stands at: referral begun."),
        ("a step of a risk review", {"note": ""}, "Enter the reasons"),
        ("an answer", {"note": ""}, "Enter what the agency said"),
        ("a stage of a further offence", {"stage": "outcome"}, "That cannot follow now. It stands at: initiated."),
        ("a further offence", {"offence_on": "1 1 1999"}, "The offence was before supervision began"),
        ("a significant event", {"happened_at": "1 1 2199"}, "The date of the event must be today or in the past"),
        ("a safeguarding check", {"agencies": "the press"}, "Select agencies from the list"),
    ],
)
def test_a_rule_says_no_beside_a_field(enter: Open, scenario: Scenario, what: str, changes: dict[str, str], message: str) -> None:
    address, fields = typed(scenario, what)
    answer = enter().post(address, {**fields, **changes})
    assert answer.status_code == 422
    page = soup(answer.text)
    assert message in page.select_one(".govuk-error-summary").get_text()
    assert message in " ".join(error.get_text() for error in page.select(".govuk-error-message"))


@pytest.mark.parametrize("address", ["/registers/2/review", "/registers/900/end", "/review/2", "/checks/2", "/offences/2"])
def test_what_is_not_there_is_not_found(enter: Open, address: str) -> None:
    browser = enter()
    assert (browser.get(RISK + address).status_code, browser.post(RISK + address).status_code) == (404, 404)


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_sees_or_writes_about_the_risk(enter: Open, scenario: Scenario, staff: str) -> None:
    browser = enter(staff)
    assert browser.get(RISK).status_code == 403
    for what in ("a significant event", "a safeguarding check"):
        address, fields = typed(scenario, what)
        assert (browser.get(address).status_code, browser.post(address, fields).status_code) == (403, 403)


def test_a_significant_event_can_be_corrected(enter: Open, scenario: Scenario) -> None:
    number = did(scenario, risk.note_significant_event, kind=risk.SignificantEvent.ARREST, note="For theft.")
    browser = enter()
    address = f"/cases/X000001/entries/{number}/correct"
    form = soup(browser.get(address).text).select_one("form.app-form")
    assert form.select_one("input[name=event][checked]")["value"] == "arrest or charge"
    stood = form.select_one("input[name=stood]")["value"]
    sent = {"stood": stood, "event": "harm or threat of harm to somebody", "note": "For assault.", "reason": "I misheard."}
    assert browser.post(address, sent).status_code in (204, 303)
    assert "For assault." in browser.get(RISK).text


# The team --------------------------------------------------------------------------------------------------------------


def test_what_is_late_about_risk_in_a_team_stands_among_what_slips_there(enter: Open) -> None:
    answer = enter("MEERA").get("/teams/CF1/risk?as_known=2026-01-31")
    assert (answer.status_code, answer.location) == (303, "/teams/CF1/slipping?about=risk&as_known=2026-01-31")
