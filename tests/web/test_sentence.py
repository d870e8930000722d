"""The sentence's page and its forms: a licence to PSS to recall as it happens, requirements to their end, mistakes beside their field."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import interruption, phase, requirement, sentence
from domain.case import case_id
from domain.interruption import InterruptionKind
from domain.remembered import Phase
from domain.requirement import RequirementKind
from domain.sentence import SentenceKind
from domain.working_days import local_day
from projections.sentences import Sentence, sentences
from projections.story import Story
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import said

CASE = "/cases/X000001"
Open = Callable[..., Browser]
ORDER, UNPAID_WORK = 2, 3
"""Entry numbers of the community order and its requirement in a scenario's case."""


def seen(browser: Browser, path: str = "/sentence") -> BeautifulSoup:
    answer = browser.get(CASE + path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html5lib")


def on(name: str, day: date) -> dict[str, str]:
    return {name: f"{day.day} {day.month} {day.year}"}


def today(scenario: Scenario, days: int = 0) -> date:
    return local_day(scenario.now) + timedelta(days=days)


def send(browser: Browser, path: str, **fields: object) -> None:
    """Send a form that must be taken, and come back to the sentences."""
    answer = browser.post(CASE + path, {"command_id": str(uuid4()), **fields})
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"{CASE}/sentence"), answer.text


def mistake(browser: Browser, path: str, **fields: object) -> dict[str, str]:
    """Send a form that must not be taken; what is said beside each field, by the field. Each message leads to its field."""
    answer = browser.post(CASE + path, {"command_id": str(uuid4()), **fields})
    assert answer.status_code == 422, answer.text
    page = BeautifulSoup(answer.text, "html5lib")
    found = {link["href"].removeprefix("#"): said(link) for link in page.select(".govuk-error-summary a")}
    assert all(page.find(id=name) for name in found)
    return found


def now_running(scenario: Scenario) -> list[Sentence]:
    return sentences(Story(scenario.record.history(case_id("X000001"))))


def in_custody(scenario: Scenario) -> int:
    """A custodial sentence that started ten days ago; its number."""
    scenario.do(
        "X000001",
        sentence.start_sentence,
        kind=SentenceKind.CUSTODIAL,
        started_at=scenario.in_days(-10),
        expected_end_on=today(scenario, 400),
    )
    return scenario.version("X000001")


def on_licence(scenario: Scenario) -> int:
    number = in_custody(scenario)
    days_ago = scenario.in_days(-5)
    scenario.do("X000001", phase.release, sentence=number, released_at=days_ago, licence_ends_on=today(scenario, 100))
    return number


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_ordered_where_it_is_served_and_what_may_follow(enter: Open) -> None:
    page = seen(enter())
    assert [said(a) for a in page.select(".moj-sub-navigation [aria-current=page]")] == ["Sentence"]
    assert said(page.find(id=f"sentence-{ORDER}")) == "Community order In the community"
    assert [said(a) for a in page.select("dd .app-actions a")] == ["Length amended", "Revoked and resentenced", "End the community order"]
    assert "80 hours" in said(page.select_one("table"))
    assert page.title is not None
    assert page.title.string == "Sentence - Throughline"


def test_whoever_may_only_read_the_case_is_offered_no_form(enter: Open, scenario: Scenario) -> None:
    browser = enter("RUTH")
    assert browser.get(f"{CASE}/sentence").status_code == 403
    inside = enter("OWEN")
    assert seen(inside).select(f"a[href='{CASE}/sentence/start']")


def test_days_in_custody_and_interruptions_are_told_apart_from_days_the_person_could_be_seen(enter: Open, scenario: Scenario) -> None:
    ago = scenario.in_days(-30)
    scenario.do("X000001", interruption.begin_interruption, kind=InterruptionKind.REMAND, began_at=ago, place="HMP Cardiff")
    page = seen(enter())
    assert "Days the person could be seen 30 30 of 60 days under a sentence" in said(page.select_one(".app-figures"))
    assert "Remanded in custody , HMP Cardiff Going on for" in said(page.find(id="interruptions").find_next("ul"))
    assert "Remanded in custody" in said(page.select_one(".app-case-head"))


def test_a_case_without_a_sentence_says_so_and_one_that_ended_can_be_opened_again(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=ORDER, ended_at=scenario.now, how="completed")
    page = seen(enter())
    assert "Ended" in said(page.find(id=f"sentence-{ORDER}"))
    assert "Start another sentence . It opens this case again." in said(page.main)
    assert not page.select(f"a[href='{CASE}/sentence/{ORDER}/end']")


# Starting, replacing and ending ---------------------------------------------------------------------------------------


def test_a_sentence_is_started_with_what_it_requires(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    page = seen(browser, "/sentence/start")
    assert len(page.select("input[name=kind]")) == len(SentenceKind)
    assert said(page.find(id="amount-rar").find_previous("label")) == "Days (optional)"
    assert "amount-" not in said(page.main)
    send(
        browser,
        "/sentence/start",
        kind="suspended sentence order",
        court="Newport Crown Court",
        requirements=["rehabilitation activity", "curfew"],
        **{"amount-rar": "15", "amount-curfew": ""},
        **on("started_at", today(scenario, -2)),
        **on("expected_end_on", today(scenario, 365)),
    )
    new = now_running(scenario)[-1]
    assert (new.kind, new.court, new.began_on) == ("suspended sentence order", "Newport Crown Court", today(scenario, -2))
    assert [(r.kind, r.amount) for r in new.requirements] == [(RequirementKind.RAR, 15), (RequirementKind.CURFEW, 0)]


def test_a_sentence_is_revoked_and_another_takes_its_place(enter: Open, scenario: Scenario) -> None:
    send(
        enter(),
        f"/sentence/{ORDER}/resentence",
        kind="custodial sentence",
        **on("resentenced_at", today(scenario)),
        **on("expected_end_on", today(scenario, 120)),
    )
    old, new = now_running(scenario)
    assert (old.how, new.replaces, new.phase) == ("revoked and resentenced", ORDER, Phase.CUSTODY)


def test_the_length_of_an_order_is_amended(enter: Open, scenario: Scenario) -> None:
    dates = on("amended_at", today(scenario)) | on("expected_end_on", today(scenario, 500))
    browser = enter()
    send(browser, f"/sentence/{ORDER}/amend", court="Newport", **dates)
    assert now_running(scenario)[0].expected_end_on == today(scenario, 500)
    early = on("amended_at", today(scenario)) | on("expected_end_on", today(scenario))
    assert mistake(browser, f"/sentence/{ORDER}/amend", **early) == {"expected_end_on": "The new end must be after the change."}


def test_a_sentence_ends(enter: Open, scenario: Scenario) -> None:
    send(enter(), f"/sentence/{ORDER}/end", how="completed", **on("ended_at", today(scenario)))
    (only,) = now_running(scenario)
    assert (only.how, only.ended_on) == ("completed", today(scenario))


# Licence, recall and PSS ----------------------------------------------------------------------------------------------


def test_a_licence_runs_its_course_from_release_to_recall_to_release_to_pss(enter: Open, scenario: Scenario) -> None:
    number, browser = in_custody(scenario), enter()
    here = f"/sentence/{number}"
    assert [said(a) for a in seen(browser).select("dd .app-actions")[0].find_all("a")] == [
        "Release on licence",
        "End the custodial sentence",
    ]
    send(
        browser,
        f"{here}/release",
        prison="HMP Cardiff",
        requirements=["no contact with a named person"],
        **on("released_at", today(scenario, -5)),
        **on("licence_ends_on", today(scenario, 100)),
    )
    assert [r.kind for r in now_running(scenario)[-1].requirements] == [RequirementKind.NO_CONTACT]
    send(browser, f"{here}/recall", reason="New arrest.", **on("recalled_at", today(scenario, -3)))
    page = seen(browser)
    assert "Recalled to custody" in said(page.find(id=f"sentence-{number}"))
    assert "Release again" in said(page.select("dd .app-actions")[0])
    send(browser, f"{here}/release", **on("released_at", today(scenario, -1)), **on("licence_ends_on", today(scenario, 100)))
    send(
        browser,
        f"{here}/pss",
        requirements=["drug testing"],
        **on("began_at", today(scenario)),
        **on("expected_end_on", today(scenario, 200)),
    )
    served = now_running(scenario)[-1]
    assert [stage.phase for stage in served.stages] == [Phase.CUSTODY, Phase.LICENCE, Phase.RECALLED, Phase.LICENCE, Phase.PSS]
    assert served.expected_end_on == today(scenario, 200)
    assert [(r.kind, r.how) for r in served.requirements] == [(RequirementKind.NO_CONTACT, "expired"), (RequirementKind.DRUG_TESTING, "")]
    assert "On post-sentence supervision" in said(seen(browser).select_one(".app-case-head"))


def test_a_change_that_another_person_made_first_is_told_above_the_fields(enter: Open, scenario: Scenario) -> None:
    number, browser = on_licence(scenario), enter()
    wrong = mistake(
        browser, f"/sentence/{number}/release", **on("released_at", today(scenario)), **on("licence_ends_on", today(scenario, 9))
    )
    assert wrong == {"sentence": "That cannot happen while the person is on licence under this sentence."}


# Interruptions --------------------------------------------------------------------------------------------------------


def test_an_interruption_begins_and_ends(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    send(browser, "/sentence/interruptions/new", kind="remanded in custody", place="HMP Cardiff", **on("began_at", today(scenario, -4)))
    number = scenario.version("X000001")
    assert "HMP Cardiff" in said(seen(browser, f"/sentence/interruptions/{number}/end").main)
    send(browser, f"/sentence/interruptions/{number}/end", note="Bailed.", **on("ended_at", today(scenario, -1)))
    (one,) = Story(scenario.record.history(case_id("X000001"))).interruptions
    assert one.until is not None
    assert (local_day(one.since), local_day(one.until)) == (today(scenario, -4), today(scenario, -1))
    assert browser.get(f"{CASE}/sentence/interruptions/{number}/end").status_code == 404


# Requirements ---------------------------------------------------------------------------------------------------------


def test_a_requirement_is_added_amended_and_ended(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    send(
        browser,
        f"/sentence/{ORDER}/requirement",
        kind="rehabilitation activity",
        **{"amount-rar": "20"},
        **on("imposed_at", today(scenario, -9)),
    )
    number = scenario.version("X000001")
    send(browser, f"/requirements/{number}/amend", amount="30", **on("amended_at", today(scenario)))
    assert now_running(scenario)[0].requirements[-1].amount == 30
    send(browser, f"/requirements/{number}/end", how="completed", **on("ended_at", today(scenario)))
    assert not now_running(scenario)[0].requirements[-1].running
    assert "Completed" in said(seen(browser).select_one("table"))
    assert browser.get(f"{CASE}/requirements/{number}/end").status_code == 404


def test_unpaid_work_has_its_own_page_and_a_lawful_number_of_hours(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert seen(browser).select(f"a[href='{CASE}/unpaid-work']")
    form = {"kind": "unpaid work", "amount-unpaid-work": "999", **on("imposed_at", today(scenario))}
    (field, message), *others = mistake(browser, f"/sentence/{ORDER}/requirement", **form).items()
    assert (field, others) == ("amount-unpaid-work", [])
    assert message.startswith("Hours of unpaid work must be between")


def test_a_credited_day_can_be_corrected(enter: Open, scenario: Scenario) -> None:
    number = rar(scenario)
    at = scenario.in_days(-4)
    scenario.do("X000001", requirement.credit_rar_day, requirement=number, activity="Thinking skills", minutes=12, done_at=at)
    entry, browser = scenario.version("X000001"), enter()
    address = f"{CASE}/entries/{entry}/correct"
    form: dict[str, object] = {"stood": str(entry), "activity": "Thinking skills", "minutes": "120", "reason": "A slip."}
    form |= {"command_id": str(uuid4()), **on("done_at", today(scenario, -3))}
    assert BeautifulSoup(browser.get(address).text, "html5lib").find(id="activity")["value"] == "Thinking skills"
    assert browser.post(address, form).status_code == 303
    (day,) = now_running(scenario)[0].requirements[-1].rar_days
    assert (day.minutes, day.done_on) == (120, today(scenario, -3))


def rar(scenario: Scenario, amount: int = 20) -> int:
    at = scenario.in_days(-20)
    scenario.do("X000001", requirement.impose_requirement, sentence=ORDER, kind=RequirementKind.RAR, amount=amount, imposed_at=at)
    return scenario.version("X000001")


def test_a_day_of_rehabilitation_activity_is_credited_and_counted(enter: Open, scenario: Scenario) -> None:
    number, browser = rar(scenario), enter()
    send(browser, f"/requirements/{number}/day", activity="Thinking skills", minutes="120", **on("done_at", today(scenario, -2)))
    row = next(said(r) for r in seen(browser).select("tbody tr") if "Rehabilitation" in said(r))
    assert "20 days 1 day The days credited" in row
    assert "Thinking skills, 120 minutes" in row


def test_when_every_day_is_credited_no_more_are_asked_for(enter: Open, scenario: Scenario) -> None:
    number, browser = rar(scenario, 1), enter()
    link = f"a[href='{CASE}/requirements/{number}/day']"
    assert seen(browser).select(link)
    send(browser, f"/requirements/{number}/day", activity="Thinking skills", minutes="60", **on("done_at", today(scenario, -2)))
    assert not seen(browser).select(link)
    wrong = mistake(browser, f"/requirements/{number}/day", activity="More", minutes="60", **on("done_at", today(scenario, -1)))
    assert wrong == {"requirement": "All 1 days that were ordered have been credited."}


# Mistakes -------------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_told_beside_its_field_in_every_form(enter: Open, scenario: Scenario) -> None:
    activity, licence = rar(scenario), on_licence(scenario)
    scenario.do("X000001", interruption.begin_interruption, kind=InterruptionKind.WARRANT, began_at=scenario.in_days(-2))
    going_on, browser = scenario.version("X000001"), enter()
    expected: dict[str, set[str]] = {
        "/sentence/start": {"kind", "started_at", "expected_end_on"},
        f"/sentence/{ORDER}/resentence": {"kind", "resentenced_at", "expected_end_on"},
        f"/sentence/{ORDER}/end": {"how", "ended_at"},
        f"/sentence/{ORDER}/amend": {"amended_at", "expected_end_on"},
        f"/sentence/{licence}/release": {"released_at", "licence_ends_on"},
        f"/sentence/{licence}/recall": {"recalled_at", "reason"},
        f"/sentence/{licence}/pss": {"began_at", "expected_end_on"},
        "/sentence/interruptions/new": {"kind", "began_at"},
        f"/sentence/interruptions/{going_on}/end": {"ended_at"},
        f"/sentence/{ORDER}/requirement": {"kind", "imposed_at"},
        f"/requirements/{UNPAID_WORK}/amend": {"amount", "amended_at"},
        f"/requirements/{UNPAID_WORK}/end": {"how", "ended_at"},
        f"/requirements/{activity}/day": {"done_at", "activity", "minutes"},
    }
    before = scenario.version("X000001")
    for path, fields in expected.items():
        seen(browser, path)
        assert set(mistake(browser, path)) == fields, path
    assert scenario.version("X000001") == before


def test_what_was_typed_is_kept_and_a_rule_s_words_stand_beside_the_field(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    form: dict[str, object] = {"kind": "licence", "court": "Newport", "requirements": ["rehabilitation activity"], "amount-rar": "ten"}
    form |= on("started_at", today(scenario)) | on("expected_end_on", today(scenario, 30))
    assert mistake(browser, "/sentence/start", **form) == {"amount-rar": "Days of rehabilitation activity must be a whole number, like 45"}
    form["amount-rar"] = "10"
    answer = browser.post(f"{CASE}/sentence/start", {"command_id": str(uuid4()), **form})
    page = BeautifulSoup(answer.text, "html5lib")
    assert "Rehabilitation activity is a requirement of an order" in said(page.select_one(".govuk-error-summary a[href='#kind']"))
    assert page.find(id="court")["value"] == "Newport"
    assert page.find(id="amount-rar")["value"] == "10"
    assert page.select_one("input[name=requirements][checked]")["value"] == "rehabilitation activity"


def test_a_day_to_come_is_a_mistake(enter: Open, scenario: Scenario) -> None:
    wrong = mistake(enter(), f"/sentence/{ORDER}/end", how="completed", **on("ended_at", today(scenario, 1)))
    assert wrong == {"ended_at": "The date it ended must be today or in the past"}


def test_the_same_form_sent_twice_is_one_entry(enter: Open, scenario: Scenario) -> None:
    browser, form = enter(), {"command_id": str(uuid4()), "kind": "remanded in custody", **on("began_at", today(scenario))}
    before = scenario.version("X000001")
    assert [browser.post(f"{CASE}/sentence/interruptions/new", dict(form)).status_code for _ in range(2)] == [303, 303]
    assert scenario.version("X000001") == before + 1


def test_what_is_not_there_is_not_found(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    paths = ["amend", "resentence", "end", "release", "recall", "pss", "requirement"]
    addresses = [f"{CASE}/sentence/{UNPAID_WORK}/{path}" for path in paths]
    addresses += [f"{CASE}/requirements/{ORDER}/{path}" for path in ("amend", "end", "day")]
    addresses += [f"{CASE}/requirements/{UNPAID_WORK}/day", f"{CASE}/sentence/interruptions/99/end", "/cases/X999999/sentence"]
    assert {address: browser.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    posted = addresses[:-1]
    assert {address: browser.post(address).status_code for address in posted} == dict.fromkeys(posted, 404)


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_writes(enter: Open, scenario: Scenario, staff: str) -> None:
    browser = enter(staff)
    for path in ("sentence/start", f"sentence/{ORDER}/end", f"sentence/{ORDER}/release", f"requirements/{UNPAID_WORK}/end"):
        assert browser.get(f"{CASE}/{path}").status_code == 403
        assert browser.post(f"{CASE}/{path}").status_code == 403


def test_a_moment_of_the_day_is_not_asked_for(enter: Open, scenario: Scenario) -> None:
    """An earlier day is taken at midday, so that a day is the same day everywhere."""
    send(enter(), f"/sentence/{ORDER}/end", how="completed", **on("ended_at", today(scenario, -1)))
    ended: datetime = scenario.record.history(case_id("X000001"))[-1].event.occurred_at
    assert local_day(ended) == today(scenario, -1)
