"""The plan's page and its forms: what is due and by which rule, which objectives are worked on, what became of planned contact."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import contact, plan
from domain.appointment import record_outcome
from domain.case import case_id
from domain.contact import Mode, Purpose, Work
from domain.event import Event
from domain.plan import ObjectiveEnd, ReviewKind
from domain.working_days import add_months, add_working_days, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import rows, said
from web.things import short

CASE = "/cases/X000001"
Open = Callable[..., Browser]
OBJECTIVE = 4
"""The entry number of the objective in a scenario's case."""


def seen(browser: Browser, path: str = "/plan") -> BeautifulSoup:
    answer = browser.get(CASE + path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html5lib")


def fact(page: BeautifulSoup, name: str) -> str:
    key = next(k for k in page.select(".govuk-summary-list__key") if said(k) == name)
    return said(key.find_next("dd"))


def on(name: str, day: date) -> dict[str, str]:
    return {name: f"{day.day} {day.month} {day.year}"}


def today(scenario: Scenario, days: int = 0) -> date:
    return local_day(scenario.now) + timedelta(days=days)


def brief(browser: Browser) -> str:
    """What the case's officer is told is to be done."""
    return said(BeautifulSoup(browser.get(f"{CASE}/in-brief").text, "html5lib").main)


def words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def send(browser: Browser, path: str, **fields: object) -> None:
    answer = browser.post(f"{CASE}/plan{path}", {"command_id": str(uuid4()), **fields})
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"{CASE}/plan"), answer.text


def mistake(browser: Browser, path: str, **fields: object) -> dict[str, str]:
    """Send a form that must not be taken; what is said beside each field, by the field. Each message leads to its field."""
    answer = browser.post(f"{CASE}/plan{path}", {"command_id": str(uuid4()), **fields})
    assert answer.status_code == 422, answer.text
    page = BeautifulSoup(answer.text, "html5lib")
    found = {link["href"].removeprefix("#"): said(link) for link in page.select(".govuk-error-summary a")}
    assert all(page.find(id=name) for name in found)
    return found


def last(scenario: Scenario) -> Event:
    return scenario.record.history(case_id("X000001"), texts=True)[-1].event


def completed(scenario: Scenario, days_ago: int = 10, **details: object) -> None:
    at = scenario.in_days(-days_ago)
    scenario.do("X000001", plan.complete_plan, policy=scenario.policy, completed_at=at, **details)


# What is due ----------------------------------------------------------------------------------------------------------


def test_before_an_appointment_has_been_kept_no_plan_is_due(enter: Open) -> None:
    page = seen(enter())
    assert [said(a) for a in page.select(".moj-sub-navigation [aria-current=page]")] == ["Plan"]
    assert fact(page, "Initial plan").startswith("Not due yet: no appointment has been kept")
    assert fact(page, "Next review").startswith("None. The plan has not been completed")


def test_a_plan_is_due_after_the_first_appointment_kept_with_the_rule_its_source_and_its_mark(enter: Open, scenario: Scenario) -> None:
    number = scenario.appointment(in_hours=-24 * 40)
    scenario.do("X000001", record_outcome, appointment=number, outcome="ATTC")
    due = add_working_days(today(scenario, -40), scenario.policy.plan.due_working_days, scenario.policy.bank_holidays)
    browser = enter()
    text = fact(seen(browser), "Initial plan")
    assert text.startswith(f"Due by {words(due)} Overdue by")
    assert "Within 15 working days of" in text
    assert text.endswith("first attended appointment [V]")
    brief = BeautifulSoup(browser.get(f"{CASE}/in-brief").text, "html5lib").main
    assert f"Plan was due {short(due, today(scenario))} Late" in said(brief)
    assert brief.select_one(f"a[href='{CASE}/plan']")


def test_a_plan_that_was_completed_late_says_so_and_when_it_is_reviewed(enter: Open, scenario: Scenario) -> None:
    number = scenario.appointment(in_hours=-24 * 50)
    scenario.do("X000001", record_outcome, appointment=number, outcome="ATTC")
    completed(scenario, 2)
    page = seen(enter())
    assert f"Completed on {words(today(scenario, -2))} Late" in fact(page, "Initial plan")
    assert fact(page, "Next review").startswith(words(add_months(today(scenario, -2), scenario.policy.plan.review_months)))


def test_a_review_that_is_late_is_marked_here_and_in_what_is_to_be_done(enter: Open, scenario: Scenario) -> None:
    completed(scenario, 30, review_due_on=today(scenario, -3))
    browser = enter()
    assert "Overdue by 3 days" in fact(seen(browser), "Next review")
    assert f"Plan review was due {short(today(scenario, -3), today(scenario))} Late" in said(
        BeautifulSoup(browser.get(f"{CASE}/in-brief").text, "html5lib").main
    )


def test_a_review_that_is_coming_stands_in_what_is_to_be_done(enter: Open, scenario: Scenario) -> None:
    completed(scenario, 30, review_due_on=today(scenario, 10))
    assert f"Plan review due {short(today(scenario, 10), today(scenario))}" in said(
        BeautifulSoup(enter().get(f"{CASE}/in-brief").text, "html5lib").main
    )


# Objectives -----------------------------------------------------------------------------------------------------------


def test_an_objective_is_covered_while_a_purposeful_contact_served_it_lately(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", plan.set_objective, topic="Work", aim="A job in catering.")
    scenario.visit(days_ago=3)
    page = seen(enter())
    assert "1 of 2 objectives" in said(page.select_one(".app-figures"))
    first, second = rows(page, "Objectives of the plan")
    day = today(scenario, -3)
    assert first[1:3] == ["1", f"{day.day} {day:%b} {day.year}"]
    assert second == ["Work A job in catering.", "0", "None yet Not worked on in 90 days", "End the objective Work"]


def test_an_objective_is_set_and_ended_and_is_then_no_longer_offered(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    send(browser, "/objectives/new", topic="Work", aim="A job in catering.")
    number = scenario.version("X000001")
    assert seen(browser, "/contacts/new").select(f"input[name=objectives][value='{number}']")
    send(browser, f"/objectives/{number}/end", how="partly achieved", note="A trial shift.")
    ended = last(scenario)
    assert isinstance(ended, plan.ObjectiveEnded)
    assert (ended.objective, ended.how, ended.note) == (number, ObjectiveEnd.PARTLY, "A trial shift.")
    assert rows(seen(browser), "Objectives of the plan")[1][3].startswith("Partly achieved")
    assert not seen(browser, "/contacts/new").select(f"input[name=objectives][value='{number}']")
    assert browser.get(f"{CASE}/plan/objectives/{number}/end").status_code == 404


# Planned contact ------------------------------------------------------------------------------------------------------


def test_planned_contact_is_held_against_what_happened(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    send(browser, "/pattern", every_days="7", mode="office", why="Settling in.", **on("from_on", today(scenario, -15)))
    visit = scenario.visit(days_ago=13)
    work = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))
    at = scenario.in_days(-6)
    scenario.do("X000001", contact.record_contact, occurred_at=at, practitioner="SIAN", kind="CTOB", mode=Mode.TELEPHONE, work=work)
    page = seen(browser)
    assert "Every 7 days , office, from" in said(page.main)
    assert "1 of 2 turns that have passed were kept as planned" in said(page.main)
    found = [row[1:] for row in rows(page, "Each turn of the pattern")]
    assert found == [["None yet, 6 days left", "None"], ["In another way", f"Entry {visit + 1}"], ["As planned", f"Entry {visit}"]]


def test_a_pattern_to_come_is_announced_and_holds_nothing_yet(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    send(browser, "/pattern", every_days="14", mode="telephone", why="Working nights.", **on("from_on", today(scenario, 5)))
    assert f"From {words(today(scenario, 5))}: every 14 days , telephone." in said(seen(browser).main)
    earlier = mistake(browser, "/pattern", every_days="7", mode="office", why="Sooner.", **on("from_on", today(scenario)))
    assert list(earlier) == ["from_on"]


# Completing and reviewing ---------------------------------------------------------------------------------------------


def test_a_plan_is_completed_and_then_reviewed(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert seen(browser).select(f"a[href='{CASE}/plan/complete']")
    send(browser, "/complete", **on("completed_at", today(scenario, -3)))
    page = seen(browser)
    assert not page.select(f"a[href='{CASE}/plan/complete']")
    assert page.select(f"a[href='{CASE}/plan/review']")
    due = on("review_due_on", today(scenario, 60))
    send(browser, "/review", kind="routine", review="Going well.", with_person="yes", **on("reviewed_at", today(scenario)), **due)
    made = last(scenario)
    assert isinstance(made, plan.PlanReviewed)
    assert (made.kind, made.review, made.with_person) == (ReviewKind.ROUTINE, "Going well.", True)
    text = said(seen(browser).main)
    assert f"Siân Rowlands, with the person. Next review due {words(today(scenario, 60))} Going well." in text


def test_a_review_can_be_corrected(enter: Open, scenario: Scenario) -> None:
    completed(scenario)
    scenario.do("X000001", plan.review_plan, policy=scenario.policy, kind=ReviewKind.ROUTINE, review="Going wel.")
    number, browser = scenario.version("X000001"), enter()
    address = f"{CASE}/entries/{number}/correct"
    form = {"stood": str(number), "kind": "routine", "review": "Going well.", "reason": "A slip.", "command_id": str(uuid4())}
    assert BeautifulSoup(browser.get(address).text, "html5lib").select_one("textarea[name=review]")
    assert browser.post(address, form).status_code == 303
    assert "Going well." in said(seen(browser).main)


# Mistakes -------------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_told_beside_its_field_in_every_form(enter: Open, scenario: Scenario) -> None:
    completed(scenario)
    browser, before = enter(), scenario.version("X000001")
    expected: dict[str, set[str]] = {
        "/objectives/new": {"topic"},
        f"/objectives/{OBJECTIVE}/end": {"how"},
        "/pattern": {"every_days", "mode", "why", "from_on"},
        "/complete": {"completed_at"},
        "/review": {"kind", "review", "reviewed_at"},
    }
    for path, fields in expected.items():
        seen(browser, f"/plan{path}")
        assert set(mistake(browser, path)) == fields, path
    assert scenario.version("X000001") == before


def test_a_rule_s_words_stand_beside_their_field_and_nothing_typed_is_lost(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert mistake(browser, f"/objectives/{OBJECTIVE}/end", how="not achieved") == {"note": "Enter why it was not achieved in full."}
    late = on("review_due_on", add_months(today(scenario), 40))
    assert list(mistake(browser, "/complete", **on("completed_at", today(scenario)), **late)) == ["review_due_on"]
    form = {"command_id": str(uuid4()), "kind": "routine", "review": "Typed with care.", **on("reviewed_at", today(scenario))}
    page = BeautifulSoup(browser.post(f"{CASE}/plan/review", form).text, "html5lib")
    assert "The plan has not been completed yet" in said(page.select_one(".govuk-error-summary a[href='#reviewed_at']"))
    assert page.select_one("textarea[name=review]").get_text().removeprefix("\n") == "Typed with care."
    assert page.select_one("input[name=command_id]")["value"] == form["command_id"]


def test_the_same_form_sent_twice_is_one_entry(enter: Open, scenario: Scenario) -> None:
    browser, form = enter(), {"command_id": str(uuid4()), **on("completed_at", today(scenario))}
    before = scenario.version("X000001")
    assert [browser.post(f"{CASE}/plan/complete", dict(form)).status_code for _ in range(2)] == [303, 303]
    assert scenario.version("X000001") == before + 1


def test_what_is_not_there_is_not_found(enter: Open) -> None:
    browser = enter()
    assert browser.get("/cases/X999999/plan").status_code == 404
    assert browser.get(f"{CASE}/plan/objectives/2/end").status_code == 404
    assert browser.post(f"{CASE}/plan/objectives/2/end").status_code == 404


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_writes(enter: Open, staff: str) -> None:
    browser = enter(staff)
    for path in ("objectives/new", "pattern", "complete", "review", f"objectives/{OBJECTIVE}/end"):
        assert browser.get(f"{CASE}/plan/{path}").status_code == 403
        assert browser.post(f"{CASE}/plan/{path}").status_code == 403
