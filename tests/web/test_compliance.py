"""Compliance: failures where somebody decides, what the rules make possible next, and a form for each step with its refusals."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from werkzeug.test import TestResponse

from domain.appointment import record_outcome
from domain.breach import BreachConcluded, BreachReferred, Route
from domain.breach_steps import present_breach, refer_breach
from domain.case import case_id
from domain.enforcement import EnforcementActionTaken, take_enforcement_action
from domain.entry import correct_entry
from domain.evidence import EvidenceAwaited, EvidenceDecided
from domain.recall import RecallRequested, request_recall
from domain.sentence import SentenceKind, end_sentence, start_sentence
from domain.working_days import add_working_days, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from web.words import day as written

CASE = "/cases/X000001"
PAGE = f"{CASE}/compliance"
Open = Callable[..., Browser]


def fails(scenario: Scenario, days_ago: int = 3, outcome: str = "UAAB", crn: str = "X000001") -> int:
    """An appointment some days ago with this outcome; returns the number of the outcome."""
    number = scenario.appointment(crn, in_hours=-24 * days_ago)
    scenario.do(crn, record_outcome, appointment=number, outcome=outcome)
    return scenario.version(crn)


def warns(scenario: Scenario, failure: int, days_ago: int = 0) -> int:
    at = scenario.in_days(-days_ago)
    scenario.do(
        "X000001", take_enforcement_action, policy=scenario.policy, action="EA02", failures=(failure,), taken_at=at, reason="Rules."
    )
    return scenario.version("X000001")


def referred(scenario: Scenario) -> int:
    """A failure three weeks ago that was warned about, another three days ago, and the breach of both."""
    first = fails(scenario, 21)
    warns(scenario, first, 20)
    second = fails(scenario, 3)
    scenario.do(
        "X000001",
        refer_breach,
        policy=scenario.policy,
        route=Route.CRC,
        sentences=(2,),
        failures=(first, second),
        became_aware_on=local_day(scenario.in_days(-2)),
        reason="Two failures.",
    )
    return scenario.version("X000001")


def parts(name: str, day: date | None) -> dict[str, str]:
    return {name: f"{day.day} {day.month} {day.year}"} if day else {}


def words(answer: TestResponse) -> str:
    return " ".join(soup(answer).main.get_text(" ").split())


def latest(scenario: Scenario) -> Any:
    return scenario.record.history(case_id("X000001"), texts=True)[-1].event


def told(answer: TestResponse, field: str) -> str:
    """The message that the summary links to a field that is there."""
    page = soup(answer, 422)
    link = page.select_one(f'.govuk-error-summary a[href="#{field}"]')
    assert link is not None, page.select_one(".govuk-error-summary")
    assert page.find(id=field)
    return link.get_text().strip()


def test_a_case_without_failures_says_so_and_offers_breach_all_the_same(enter: Open, scenario: Scenario) -> None:
    page = enter().get(PAGE)
    assert "Every failure that counts has been answered" in words(page)
    assert "last 12 months (0)" in words(page)
    assert soup(page).select_one(f'a[href="{CASE}/breach/new"]')
    assert soup(page).select_one('.moj-sub-navigation a[aria-current="page"]').get_text() == "Compliance"


def test_the_page_says_what_the_rules_make_possible_by_when_and_from_which_source(enter: Open, scenario: Scenario) -> None:
    number = fails(scenario, 30)
    page = enter().get(PAGE)
    assert "no warning in the 12 months before it: send a warning, or start breach" in words(page)
    assert "Late by" in words(page)
    assert "follow-up started within 5 business days of a non-attendance [V]" in words(page)
    assert soup(page).select_one(f'a[href="{CASE}/enforcement/new?failure={number}"]')
    assert soup(page).select_one(f'th a[href="{CASE}/entries/{number}"]')


@pytest.mark.parametrize(("practitioner", "team", "provider", "what"), [("SIAN", "CF1", "C10", "refer"), ("ALED", "NC1", "N03", "present")])
def test_a_failure_after_a_warning_leads_to_breach_by_the_clock_of_who_holds_the_case(
    enter: Open, scenario: Scenario, practitioner: str, team: str, provider: str, what: str
) -> None:
    scenario.case("X000002", "Bo Breach", practitioner=practitioner, team=team, provider=provider)
    first = fails(scenario, 21, crn="X000002")
    at = scenario.in_days(-20)
    scenario.do("X000002", take_enforcement_action, policy=scenario.policy, action="EA02", failures=(first,), taken_at=at)
    fails(scenario, 3, crn="X000002")
    assert f": {what}" in words(enter(practitioner).get("/cases/X000002/compliance"))


def test_failures_of_years_ago_are_not_asked_about(enter: Open, scenario: Scenario) -> None:
    scenario.case("X000002", "Bo Old", began_days_ago=800)
    fails(scenario, 500, crn="X000002")
    assert "Every failure that counts has been answered" in words(enter().get("/cases/X000002/compliance"))


# Enforcement actions ------------------------------------------------------------------------------------------------


def acted(scenario: Scenario, failure: int, **changes: str) -> dict[str, str]:
    return {
        "command_id": str(uuid4()),
        "action": "EA02",
        "failures": str(failure),
        **parts("taken_at", local_day(scenario.now)),
        **changes,
    }


def test_a_warning_is_recorded_in_one_short_form_and_answers_the_failure(enter: Open, scenario: Scenario) -> None:
    number = fails(scenario)
    browser = enter()
    form = soup(browser.get(f"{CASE}/enforcement/new?failure={number}"))
    assert form.select_one(f'input[name=failures][value="{number}"][checked]')
    assert not form.select("input[name=action][checked]")
    answer = browser.post(f"{CASE}/enforcement/new", acted(scenario, number), follow_redirects=True)
    assert "First warning letter sent" in words(answer)
    assert "Every failure that counts has been answered" in words(answer)
    made = latest(scenario)
    assert isinstance(made, EnforcementActionTaken)
    assert (made.failures, made.respond_by) == ((number,), local_day(scenario.now) + timedelta(days=7))


def test_a_mistake_in_an_action_is_told_beside_its_field(enter: Open, scenario: Scenario) -> None:
    number, browser = fails(scenario), enter()
    address = f"{CASE}/enforcement/new"
    assert told(browser.post(address, acted(scenario, number, action="")), "action") == "Select what was done"
    assert told(browser.post(address, acted(scenario, number, action="NFA")), "reason") == "Enter why this step is taken."
    assert told(browser.post(address, acted(scenario, number, failures="2")), "failures").startswith("Select failures")
    assert told(browser.post(address, acted(scenario, number) | parts("taken_at", date(2199, 1, 1))), "taken_at").endswith("in the past")
    other = soup(browser.post(address, acted(scenario, number, action="other", other_action="", reason="Kept words")), 422)
    assert "Kept words" in other.select_one("textarea[name=reason]").get_text()
    assert browser.post(address).status_code == 422


def test_an_action_of_an_earlier_day_may_be_on_the_day_of_the_failure(enter: Open, scenario: Scenario) -> None:
    number = fails(scenario, 3)
    day = local_day(scenario.record.history(case_id("X000001"))[-1].event.occurred_at)
    form = acted(scenario, number) | parts("taken_at", day)
    assert enter().post(f"{CASE}/enforcement/new", form).status_code == 303
    assert local_day(latest(scenario).occurred_at) == day


def test_another_action_is_found_in_the_list(enter: Open, scenario: Scenario) -> None:
    form = acted(scenario, fails(scenario), action="other", other_action="EA13", reason="Under 18 then.")
    assert enter().post(f"{CASE}/enforcement/new", form).status_code == 303
    assert latest(scenario).action == "EA13"


def test_a_mistyped_action_is_corrected_from_its_entry(enter: Open, scenario: Scenario) -> None:
    number = warns(scenario, fails(scenario))
    address = f"{CASE}/entries/{number}/correct"
    browser = enter()
    form = soup(browser.get(address))
    assert form.select_one("select[name=action] option[selected]")["value"] == "EA02"
    stood = form.select_one("input[name=stood]")["value"]
    answer = browser.post(address, {"action": "EA04", "note": "Rules.", "stood": stood, "reason": "It was the final one."})
    assert answer.status_code == 303
    assert latest(scenario).reads.action == "EA04"


# Reasons ------------------------------------------------------------------------------------------------------------


def test_evidence_is_asked_for_until_a_day_within_the_policys_days(enter: Open, scenario: Scenario) -> None:
    number, browser = fails(scenario), enter()
    address, today = f"{CASE}/failures/{number}/evidence", local_day(scenario.now)
    assert soup(browser.get(address)).select_one("#due_on")["value"] == written(today + timedelta(days=7))
    assert told(browser.post(address, parts("due_on", today + timedelta(days=8))), "due_on").startswith("The reason must be shown between")
    assert browser.post(address, parts("due_on", today + timedelta(days=4))).status_code == 303
    asked = latest(scenario)
    assert isinstance(asked, EvidenceAwaited)
    assert (asked.failure, asked.due_on) == (number, today + timedelta(days=4))
    assert "Reason awaited until" in words(browser.get(PAGE))


def test_a_decision_chooses_nothing_beforehand_and_takes_the_failure_off_the_ladder(enter: Open, scenario: Scenario) -> None:
    number, browser = fails(scenario, outcome="AFTA"), enter()
    address = f"{CASE}/failures/{number}/decision"
    assert not soup(browser.get(address)).select("input[checked]")
    form = {"evidence": "medical note", "accepted": "yes", "reason": "In hospital.", **parts("decided_at", local_day(scenario.now))}
    assert told(browser.post(address, form | {"accepted": ""}), "accepted") == "Select whether the reason is accepted"
    assert told(browser.post(address, form | {"reason": ""}), "reason").startswith("Enter what was said or shown")
    assert told(browser.post(address, form | {"evidence": "a hunch"}), "evidence") == "Select what was shown"
    page = browser.post(address, form, follow_redirects=True)
    assert "Reason accepted" in words(page)
    assert "Every failure that counts has been answered" in words(page)
    assert isinstance(latest(scenario), EvidenceDecided)


def test_only_a_failure_that_stands_has_these_forms(enter: Open, scenario: Scenario) -> None:
    number = fails(scenario)
    browser = enter()
    for what in ("evidence", "decision"):
        assert browser.get(f"{CASE}/failures/{number - 1}/{what}").status_code == 404
        assert browser.post(f"{CASE}/failures/999/{what}").status_code == 404
    reads = scenario.record.history(case_id("X000001"), texts=True)[-1].event
    excused = msgspec.structs.replace(reads, outcome="AAME")
    scenario.do("X000001", correct_entry, entry=number, reads=excused, reason="Ill.")
    assert browser.get(f"{CASE}/failures/{number}/decision").status_code == 404


# Breach -------------------------------------------------------------------------------------------------------------


def test_a_breach_goes_from_referral_to_its_outcome_through_its_forms(enter: Open, scenario: Scenario) -> None:
    first = fails(scenario, 21)
    warns(scenario, first, 20)
    second, browser, today = fails(scenario, 3), enter(), local_day(scenario.now)
    form = soup(browser.get(f"{CASE}/breach/new"))
    ticked = {box["value"] for box in form.select("input[name=failures][checked]")}
    assert ticked == {str(first), str(second)}
    assert form.select_one("input[name=route][checked]")["value"] == Route.CRC.value
    assert form.select_one("input[name=sentences][checked]")["value"] == "2"
    said: dict[str, Any] = {
        "failures": [str(first), str(second)],
        "sentences": "2",
        "route": Route.CRC.value,
        "reason": "Two failures.",
        **parts("became_aware_on", today - timedelta(days=2)),
        **parts("referred_at", today),
    }
    assert told(browser.post(f"{CASE}/breach/new", said | {"reason": ""}), "reason").startswith("Enter what the breach rests on")
    assert told(browser.post(f"{CASE}/breach/new", said | parts("became_aware_on", today - timedelta(days=9))), "became_aware_on")
    page = browser.post(f"{CASE}/breach/new", said, follow_redirects=True)
    assert "State Referred" in words(page)
    assert "it is to be presented to court" in words(page)
    assert isinstance(latest(scenario), BreachReferred)
    present = {"court": "Cardiff Magistrates' Court", **parts("presented_at", today)}
    assert told(browser.post(f"{CASE}/breach/present", present | {"court": ""}), "court") == "Enter the court"
    assert "State Presented" in words(browser.post(f"{CASE}/breach/present", present, follow_redirects=True))
    conclude = {"outcome": "order continues", **parts("concluded_at", today)}
    assert told(browser.post(f"{CASE}/breach/conclude", conclude | {"outcome": ""}), "outcome").startswith("Select how the court")
    page = browser.post(f"{CASE}/breach/conclude", conclude, follow_redirects=True)
    assert "No breach is under way" in words(page)
    assert "order continues" in words(page)
    assert isinstance(latest(scenario), BreachConcluded)


def test_a_returned_referral_is_mended_and_a_withdrawal_says_why(enter: Open, scenario: Scenario) -> None:
    breach = referred(scenario)
    browser, today = enter(), parts("returned_at", local_day(scenario.now))
    assert told(browser.post(f"{CASE}/breach/return", today), "reason") == "Enter the reason"
    page = browser.post(f"{CASE}/breach/return", {"reason": "No second letter.", **today}, follow_redirects=True)
    assert "mend it and refer it again" in words(page)
    assert soup(browser.get(f"{CASE}/breach/new")).select_one("h2.govuk-heading-m").get_text() == "Mend the referral and refer it again"
    page = browser.post(
        f"{CASE}/breach/withdraw", {"reason": "He came.", **parts("withdrawn_at", local_day(scenario.now))}, follow_redirects=True
    )
    assert "withdrawn on" in words(page)
    assert latest(scenario).breach == breach


def test_a_step_that_cannot_be_taken_leads_back_to_how_things_stand(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    for name in ("return", "present", "withdraw", "conclude"):
        assert browser.get(f"{CASE}/breach/{name}").headers["Location"] == PAGE
    assert browser.get(f"{CASE}/breach/forgive").status_code == 404
    assert browser.post(f"{CASE}/breach/forgive").status_code == 404
    assert told(
        browser.post(f"{CASE}/breach/conclude", {"outcome": "other", **parts("concluded_at", local_day(scenario.now))}), "concluded_at"
    )
    referred(scenario)
    assert browser.get(f"{CASE}/breach/new").headers["Location"] == PAGE


# Recall -------------------------------------------------------------------------------------------------------------


def on_licence(scenario: Scenario, crn: str = "X000001") -> int:
    at = scenario.in_days(-40)
    end = local_day(scenario.in_days(200))
    scenario.do(crn, start_sentence, kind=SentenceKind.LICENCE, started_at=at, expected_end_on=end)
    return scenario.version(crn)


def test_recall_is_offered_of_a_licence_and_asked_for_and_decided_in_two_forms(enter: Open, scenario: Scenario) -> None:
    licence = on_licence(scenario)
    browser, today = enter(), local_day(scenario.now)
    assert soup(browser.get(PAGE)).select_one(f'a[href="{CASE}/recall/new"]')
    form = {"sentence": str(licence), "reason": "Gone.", "emergency": "yes", **parts("requested_at", today)}
    assert told(browser.post(f"{CASE}/recall/new", form | {"reason": ""}), "reason") == "Enter why recall is requested"
    assert told(browser.post(f"{CASE}/recall/new", form | {"sentence": "2"}), "sentence") == "Select a licence that is running"
    assert "awaits a decision" in words(browser.post(f"{CASE}/recall/new", form, follow_redirects=True))
    assert isinstance(latest(scenario), RecallRequested)
    decision = {"decision": "standard recall", **parts("decided_at", today)}
    assert told(browser.post(f"{CASE}/recall/decision", decision | {"decision": ""}), "decision") == "Select what was decided"
    assert "standard recall" in words(browser.post(f"{CASE}/recall/decision", decision, follow_redirects=True))


def test_nobody_is_recalled_from_an_order_or_twice_at_once(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert browser.get(f"{CASE}/recall/new").headers["Location"] == PAGE
    assert browser.get(f"{CASE}/recall/decision").headers["Location"] == PAGE
    licence = on_licence(scenario)
    scenario.do("X000001", request_recall, sentence=licence, reason="Gone.")
    assert browser.get(f"{CASE}/recall/new").headers["Location"] == PAGE


# Elsewhere ----------------------------------------------------------------------------------------------------------


def test_the_outcome_form_says_what_one_more_failure_would_lead_to(enter: Open, scenario: Scenario) -> None:
    number = scenario.appointment(in_hours=-2)
    browser = enter()
    address = f"{CASE}/appointments/{number}/outcome"
    assert "An unacceptable one now leads to a warning." in words(browser.get(address))
    warns(scenario, fails(scenario, 21), 20)
    page = browser.get(address)
    assert "An unacceptable one now leads to breach." in words(page)
    assert soup(page).select_one(f'a[href="{PAGE}"]')


def test_my_day_shows_the_enforcement_clocks_of_my_cases(enter: Open, scenario: Scenario) -> None:
    failed = fails(scenario, 9, "AFTA")
    scenario.appointment(in_hours=48)
    browser = enter()
    due = soup(browser.get("/my-day")).select_one("section[aria-labelledby=late]")
    assert "Reason for a failure awaited, was due" in " ".join(due.get_text().split())
    assert due.select_one(f'a[href="{CASE}/failures/{failed}/decision"]')


@pytest.mark.parametrize(("provider", "officer", "team", "late"), [("C10", "SIAN", "CF1", True), ("N03", "ALED", "NC1", False)])
def test_my_day_counts_eight_working_days_in_a_crc_and_ten_in_the_nps(
    enter: Open, scenario: Scenario, monkeypatch: pytest.MonkeyPatch, provider: str, officer: str, team: str, late: bool
) -> None:
    scenario.case("X000002", "Bo Breach", practitioner=officer, team=team, provider=provider)
    first = fails(scenario, 40, crn="X000002")
    at = scenario.in_days(-39)
    scenario.do("X000002", take_enforcement_action, policy=scenario.policy, action="EA02", failures=(first,), taken_at=at)
    failed = fails(scenario, 20, crn="X000002")
    browser = enter(officer)
    happened = scenario.record.history(case_id("X000002"))[failed - 1].event.occurred_at
    day = add_working_days(local_day(happened), 9, scenario.policy.bank_holidays)
    noon = scenario.now.replace(year=day.year, month=day.month, day=day.day, hour=12)
    monkeypatch.setattr(scenario.record, "clock", lambda: noon)
    due = " ".join(soup(browser.get("/my-day")).main.get_text().split())
    assert "Breach to be started" in due
    assert ("Breach to be started, was due" in due) is late


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_sees_or_writes(enter: Open, scenario: Scenario, staff: str) -> None:
    browser = enter(staff)
    addresses = (
        "enforcement/new",
        "breach/new",
        "breach/return",
        "recall/new",
        "recall/decision",
        "failures/9/decision",
        "failures/9/evidence",
    )
    assert browser.get(PAGE).status_code == 403
    assert {browser.get(f"{CASE}/{address}").status_code for address in addresses} == {403}
    assert {browser.post(f"{CASE}/{address}").status_code for address in addresses} == {403}


def test_an_unknown_case_is_not_found(enter: Open) -> None:
    browser = enter()
    assert browser.get("/cases/X999999/compliance").status_code == 404
    assert browser.post("/cases/X999999/enforcement/new").status_code == 404


def test_a_case_that_has_ended_is_shown_without_forms(enter: Open, scenario: Scenario) -> None:
    referred(scenario)
    scenario.do("X000001", present_breach, court="Cardiff")
    scenario.do("X000001", end_sentence, sentence=2, ended_at=scenario.now, how="revoked")
    page = soup(enter().get(PAGE))
    assert not page.select_one(f'a[href^="{CASE}/enforcement/new"]')
    assert page.select_one(f'a[href="{CASE}/breach/conclude"]')


def test_the_case_overview_names_the_clocks_that_run(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert "How enforcement stands" not in words(browser.get(CASE))
    fails(scenario, 9, "AFTA")
    page = browser.get(CASE)
    assert "Enforcement Decide on the reason by" in words(page)
    assert soup(page).select_one(f'dd a[href="{PAGE}"]')
