"""Unpaid work of a case: what stands and is due, the short forms, instructions with their letter, and sessions one by one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.allocation import AllocationReason, allocate
from domain.case import case_id, open_case
from domain.event import Event
from domain.organisation import Provider, provider_id, register_upw_project
from domain.unpaid_work import UpwAssessed, UpwExtended, UpwInducted, UpwReviewed
from domain.upw_completion import CompletedBy, UpwCompleted, complete_upw
from domain.upw_instruction import InstructedAgain, InstructionAcknowledged, InstructionMethod, LetterLanguage, UpwInstructed, instruct_upw
from domain.upw_session import UpwAttendanceRecorded, record_upw_attendance
from domain.upw_suspension import SuspendedBecause, UpwResumed, UpwSuspended, suspend_upw
from domain.working_days import LONDON, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup

CASE = "/cases/X000001"
WORK = f"{CASE}/unpaid-work"
REQUIREMENT = 3
NEXT = 7
"""The first entry after the scenario's own six."""
Open = Callable[..., Browser]
Sent = dict[str, str]


def words(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


def parts(name: str, day: date) -> Sent:
    return {name: f"{day.day} {day.month} {day.year}"}


def moment(name: str, at: datetime) -> Sent:
    local = at.astimezone(LONDON)
    return parts(name, local.date()) | {f"{name}-time": f"{local:%H:%M}"}


def errors(page: BeautifulSoup) -> dict[str, str]:
    found = {a["href"].removeprefix("#"): a.get_text().strip() for a in page.select(".govuk-error-summary a")}
    assert all(page.find(id=field) for field in found), found
    return found


def newest(scenario: Scenario) -> Event:
    return scenario.record.history(case_id("X000001"), texts=True)[-1].event


def instruct(scenario: Scenario, crn: str = "X000001", **details: Any) -> int:
    usual: dict[str, Any] = {
        "requirement": REQUIREMENT,
        "project": "Bute Park",
        "work_at": scenario.in_days(3),
        "method": InstructionMethod.HAND,
    }
    scenario.do(crn, instruct_upw, **{**usual, **details})
    return scenario.version(crn)


def work(scenario: Scenario, crn: str = "X000001", **details: Any) -> int:
    usual: dict[str, Any] = {
        "requirement": REQUIREMENT,
        "worked_at": scenario.in_days(-2),
        "outcome": "ATTC",
        "project": "Bute Park",
        "supervisor": "Gwyn Park",
        "minutes_offered": 420,
        "minutes_credited": 390,
    }
    scenario.do(crn, record_upw_attendance, **{**usual, **details})
    return scenario.version(crn)


# The page ---------------------------------------------------------------------------------------------------------------


def test_a_case_without_unpaid_work_has_no_such_page_or_tab(enter: Open, scenario: Scenario, app: Flask) -> None:
    scenario.do("X000009", open_case, crn="X000009", person_id=uuid4(), name="Dana New")
    scenario.do("X000009", allocate, practitioner="SIAN", team="CF1", provider="C10", reason=AllocationReason.INITIAL)
    browser = enter()
    assert browser.get("/cases/X000009/unpaid-work").status_code == 404
    assert "/unpaid-work" not in browser.get("/cases/X000009").text
    assert f'href="{WORK}"' in browser.get(CASE).text


def test_the_page_of_a_new_requirement_says_that_nobody_has_instructed(enter: Open) -> None:
    page = soup(enter().get(WORK))
    text = words(page)
    assert "80 hours of unpaid work" in text
    assert "None yet, 60 days after the sentence" in text
    assert "Assessment and induction" in text
    assert "[R]" in text
    assert "Nobody has instructed this person to work yet" in text
    assert page.select_one(".moj-sub-navigation a[aria-current=page]").get_text() == "Unpaid work"
    links = {a.get_text(strip=True): a["href"] for a in page.select(".app-case-actions a")}
    assert links == {
        "Record a session": f"{WORK}/session",
        "Instruct": f"{WORK}/instruct",
        "Assessment": f"{WORK}/assessment",
        "Induction": f"{WORK}/induction",
        "Review": f"{WORK}/review",
        "Suspend": f"{WORK}/suspend",
        "More time from the court": f"{WORK}/extension",
        "End": f"{WORK}/completion",
    }


def test_sessions_and_instructions_stand_on_the_page_with_whose_failure_it_was(enter: Open, scenario: Scenario) -> None:
    unannounced = work(scenario, worked_at=scenario.in_days(-9))
    first = instruct(scenario, issued_at=scenario.in_days(-8), work_at=scenario.in_days(-7))
    work(scenario, worked_at=scenario.in_days(-7), outcome="AASD", minutes_credited=0)
    work(scenario, penalty_minutes=15, travel_minutes=30, ete=True)
    second = instruct(scenario, why=InstructedAgain.STOOD_DOWN, supersedes=first)
    page = soup(enter().get(WORK))
    text = words(page)
    assert "Credited 13 hours of 80 hours, 67 hours left" in text
    assert "Sessions offered 3 2 attended, 0 lost by the person" in text
    assert "Lost by the provider 1" in text
    assert "Penalty 15 minutes" in text
    assert "Travel 30 minutes" in text
    rows = [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]
    assert "By hand Superseded Letter" in rows[1]
    assert "Stood down by the provider By hand Stands Acknowledge" in rows[0]
    assert "Nobody had instructed" in rows[-1]
    linked = {a["href"] for a in page.main.select("a")}
    assert {f"{CASE}/entries/{n}" for n in (REQUIREMENT, unannounced, first, second)} <= linked


def test_work_that_has_ended_offers_no_more_forms(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", complete_upw, requirement=REQUIREMENT, how=CompletedBy.COURT)
    browser = enter()
    page = soup(browser.get(WORK))
    assert not page.select(".app-case-actions a")
    assert "ended by the court" in words(page)
    assert browser.get(f"{WORK}/review").headers["Location"] == WORK
    assert browser.post(f"{WORK}/review").headers["Location"] == WORK
    assert browser.get(f"{WORK}/instruct").status_code == 404


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_writes(enter: Open, staff: str) -> None:
    browser = enter(staff)
    for address in (f"{WORK}/instruct", f"{WORK}/session", f"{WORK}/suspend"):
        assert browser.get(address).status_code == 403
        assert browser.post(address).status_code == 403


def test_what_is_not_there_is_not_found(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    for address in (f"{WORK}/dance", f"{WORK}/instructions/3/letter", f"{WORK}/instructions/99/acknowledge", "/cases/X999999/unpaid-work"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{WORK}/dance").status_code == 404


# The short forms -----------------------------------------------------------------------------------------------------------

GOOD: dict[str, tuple[Sent, type[Event], dict[str, Any]]] = {
    "assessment": ({"intensive": "not eligible", "note": "Bad back."}, UpwAssessed, {"note": "Bad back."}),
    "induction": ({"in_group": "yes", "note": ""}, UpwInducted, {"in_group": True}),
    "suspend": ({"because": "health", "note": "Operation."}, UpwSuspended, {"because": SuspendedBecause.HEALTH}),
    "review": ({"kind": "six-month review", "note": "Works well."}, UpwReviewed, {"note": "Works well."}),
    "extension": (parts("until", date(2199, 1, 1)) | {"court": "Cardiff"}, UpwExtended, {"court": "Cardiff", "until": date(2199, 1, 1)}),
    "completion": ({"how": "ended by the court", "note": "Breach."}, UpwCompleted, {"how": CompletedBy.COURT}),
}
WHEN = {
    "assessment": "assessed_at",
    "induction": "inducted_at",
    "suspend": "suspended_at",
    "review": "reviewed_at",
    "extension": "extended_at",
    "completion": "completed_at",
}


@pytest.mark.parametrize("what", GOOD)
def test_what_happens_to_the_work_is_recorded_in_a_short_form(enter: Open, scenario: Scenario, what: str) -> None:
    sent, kind, expected = GOOD[what]
    day = local_day(scenario.now) - timedelta(days=2)
    browser = enter()
    assert soup(browser.get(f"{WORK}/{what}")).select_one(f"input[name={WHEN[what]}]")["value"]
    answer = browser.post(f"{WORK}/{what}", {"command_id": str(uuid4()), **sent, **parts(WHEN[what], day)})
    assert answer.headers["Location"] == WORK
    event = newest(scenario)
    assert isinstance(event, kind)
    assert {name: getattr(event, name) for name in expected} == expected
    assert local_day(event.occurred_at) == day


@pytest.mark.parametrize("what", GOOD)
def test_an_empty_form_is_told_beside_each_field(enter: Open, scenario: Scenario, what: str) -> None:
    before = scenario.version("X000001")
    assert errors(soup(enter().post(f"{WORK}/{what}"), 422))
    assert scenario.version("X000001") == before


@pytest.mark.parametrize(
    ("what", "changes", "field", "message"),
    [
        ("suspend", {"because": "another reason", "note": ""}, "note", "Enter why the work is suspended."),
        ("review", {"kind": "review of the suspension"}, "kind", "The work is not suspended, so there is no suspension to review."),
        (
            "completion",
            {"how": "all hours worked"},
            "how",
            "4,800 minutes are still to be worked.",
        ),
        ("extension", parts("until", date(2001, 1, 1)), "until", "The new day must be after"),
        ("assessment", parts("assessed_at", date(2001, 1, 1)), "assessed_at", "The work was ordered on"),
        ("induction", parts("inducted_at", date(2199, 1, 1)), "inducted_at", "The date of the induction must be today or in the past"),
    ],
)
def test_a_rule_s_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    enter: Open, scenario: Scenario, what: str, changes: Sent, field: str, message: str
) -> None:
    sent = {**GOOD[what][0], **parts(WHEN[what], local_day(scenario.now)), **changes}
    page = soup(enter().post(f"{WORK}/{what}", sent), 422)
    assert list(errors(page)) == [field]
    assert errors(page)[field].startswith(message)
    if "note" in sent:
        assert page.select_one("textarea[name=note]").get_text().strip() == sent["note"]


def test_a_suspension_is_lifted(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", suspend_upw, requirement=REQUIREMENT, because=SuspendedBecause.HEALTH)
    browser = enter()
    page = soup(browser.get(WORK))
    assert "80 hours of unpaid work Suspended" in words(page)
    assert f"{WORK}/instruct" not in {a["href"] for a in page.select("a")}
    sent = {**parts("resumed_at", local_day(scenario.now)), "note": "Well again."}
    assert browser.post(f"{WORK}/resume", sent).headers["Location"] == WORK
    assert isinstance(newest(scenario), UpwResumed)
    page = soup(browser.post(f"{WORK}/resume", sent), 422)
    assert errors(page) == {"requirement": "The work is not suspended."}


# Instructions --------------------------------------------------------------------------------------------------------------


def told(scenario: Scenario, **changes: str) -> Sent:
    at = scenario.in_days(5).astimezone(LONDON).replace(hour=9, minute=30)
    return {
        "command_id": str(uuid4()),
        "project": "Bute Park",
        **moment("work_at", at),
        "ends_at": "4:30pm",
        "work_type": "Clearing paths",
        "transport": "Meet the van.",
        "clothing": "Strong shoes",
        "method": "by post",
        **parts("issued_at", local_day(scenario.now)),
        **changes,
    }


def test_a_person_is_instructed(enter: Open, scenario: Scenario) -> None:
    answer = enter().post(f"{WORK}/instruct", told(scenario), follow_redirects=True)
    event = newest(scenario)
    assert isinstance(event, UpwInstructed)
    assert (event.project, event.work_type, event.transport, event.clothing) == (
        "Bute Park",
        "Clearing paths",
        "Meet the van.",
        "Strong shoes",
    )
    assert event.ends_at is not None
    assert (event.ends_at - event.work_at, event.language) == (timedelta(hours=7), LetterLanguage.ENGLISH)
    assert "Bute Park" in words(soup(answer))


def test_the_same_instruction_sent_twice_is_one(enter: Open, scenario: Scenario) -> None:
    browser, sent, before = enter(), told(scenario), scenario.version("X000001")
    assert [browser.post(f"{WORK}/instruct", sent).status_code for _ in range(2)] == [303, 303]
    assert scenario.version("X000001") == before + 1


def test_an_instruction_again_starts_from_the_last_and_takes_its_place(enter: Open, scenario: Scenario) -> None:
    first = instruct(scenario, transport="Meet the van.")
    browser = enter()
    page = soup(browser.get(f"{WORK}/instruct"))
    assert page.select_one("input[name=transport]")["value"] == "Meet the van."
    assert page.select_one("input[name=supersedes]").has_attr("checked")
    assert not page.select("input[name=why][checked]")
    again = told(scenario, again="yes", why="after an absence", supersedes=str(first))
    assert [browser.post(f"{WORK}/instruct", again).status_code for _ in range(2)] == [303, 303]
    assert scenario.version("X000001") == first + 1
    event = newest(scenario)
    assert isinstance(event, UpwInstructed)
    assert (event.why, event.supersedes) == (InstructedAgain.ABSENCE, first)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"project": ""}, "project", "Select or enter the project"),
        ({"method": ""}, "method", "Select how the instruction is given"),
        ({"why": ""}, "why", "Select why the person is instructed again"),
        ({"why": "another reason"}, "reason", "Enter why the person is instructed again."),
        ({"work_at": "1 1 2001"}, "work_at", "The work must be in the future."),
        ({"work_at-time": ""}, "work_at-time", "Enter the time of the work"),
        ({"ends_at": "8am"}, "ends_at", "The finish must be after the start, on the same day."),
        ({"ends_at": "late"}, "ends_at", "The time of finishing must be a time"),
    ],
)
def test_an_instruction_that_says_too_little_is_not_saved(enter: Open, scenario: Scenario, changes: Sent, field: str, message: str) -> None:
    before = instruct(scenario)
    page = soup(enter().post(f"{WORK}/instruct", told(scenario, **{"again": "yes", "why": "change of project", **changes})), 422)
    assert errors(page)[field].startswith(message)
    assert page.select_one("input[name=transport]")["value"] == "Meet the van."
    assert scenario.version("X000001") == before


def test_projects_of_the_provider_are_offered_and_another_can_be_typed(enter: Open, scenario: Scenario) -> None:
    details = {"code": "TAFF", "name": "Taff Trail", "kind": "NP1"}
    scenario.record.change(Provider, provider_id("C10"), register_upw_project, uuid4(), now=scenario.now, by="MEERA", **details)
    instruct(scenario)
    browser = enter()
    page = soup(browser.get(f"{WORK}/instruct"))
    assert [o.get_text() for o in page.select("select[name=project] option")] == ["Select a project", "Taff Trail"]
    assert page.select_one("input[name=other_project]")["value"] == "Bute Park"
    assert browser.post(f"{WORK}/instruct", told(scenario, project="Taff Trail", again="yes", why="change of project")).status_code == 303
    assert newest(scenario).project == "Taff Trail"


def test_an_instruction_is_acknowledged_once(enter: Open, scenario: Scenario) -> None:
    number = instruct(scenario)
    address, browser = f"{WORK}/instructions/{number}/acknowledge", enter()
    assert "Bute Park" in words(soup(browser.get(address)))
    sent = {"how": "by phone", **parts("acknowledged_at", local_day(scenario.now))}
    assert errors(soup(browser.post(address, {**sent, "how": ""}), 422)) == {"how": "Select how it was acknowledged"}
    assert browser.post(address, sent).headers["Location"] == WORK
    assert isinstance(newest(scenario), InstructionAcknowledged)
    assert errors(soup(browser.post(address, sent), 422)) == {"instruction": "This instruction has been acknowledged already."}


def test_the_letter_says_where_when_and_what_happens_otherwise(enter: Open, scenario: Scenario) -> None:
    at = datetime(2199, 3, 4, 9, 30, tzinfo=LONDON)
    first = instruct(scenario)
    number = instruct(
        scenario, work_at=at, ends_at=at + timedelta(hours=7), clothing="Boots", why=InstructedAgain.PROJECT, supersedes=first
    )
    page = soup(enter().get(f"{WORK}/instructions/{number}/letter"))
    text = words(page)
    assert page.select_one("article")["lang"] == "en"
    assert "Dear Alex Example" in text
    assert "4 March 2199, from 9:30am to 4:30pm" in text
    assert "Boots" in text
    assert "takes the place of the one we gave you" in text
    assert "back to court" in text


def test_the_letter_is_in_welsh_for_those_whose_language_it_is(enter: Open, scenario: Scenario) -> None:
    at = datetime(2199, 3, 4, 9, 30, tzinfo=LONDON)
    number = instruct(scenario, work_at=at, language=LetterLanguage.WELSH)
    page = soup(enter().get(f"{WORK}/instructions/{number}/letter"))
    assert page.select_one("article")["lang"] == "cy"
    assert "Annwyl Alex Example" in words(page)
    assert "4 Mawrth 2199, o 09:30" in words(page)


# Sessions ------------------------------------------------------------------------------------------------------------------


def sat(scenario: Scenario, **changes: str) -> Sent:
    return {
        "command_id": str(uuid4()),
        "outcome": "ATTC",
        **moment("worked_at", scenario.in_days(-1)),
        "project": "Bute Park",
        "supervisor": "Gwyn Park",
        "minutes_offered": "420",
        "minutes_credited": "405",
        "penalty_minutes": "30",
        "travel_minutes": "15",
        "note": "Came late.",
        **changes,
    }


def test_a_session_is_recorded_with_penalty_and_travel(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert soup(browser.get(f"{WORK}/session")).select_one("input[name=minutes_offered]")["value"] == "420"
    assert browser.post(f"{WORK}/session", sat(scenario, ete="yes")).headers["Location"] == WORK
    event = newest(scenario)
    assert isinstance(event, UpwAttendanceRecorded)
    assert (event.minutes_offered, event.minutes_credited, event.penalty_minutes, event.travel_minutes) == (420, 405, 30, 15)
    assert (event.ete, event.note, event.supervisor) == (True, "Came late.", "Gwyn Park")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"outcome": ""}, "outcome", "Select the outcome"),
        ({"outcome": "UAAB"}, "minutes_credited", "No minutes can be credited to a person who did not attend."),
        (
            {"minutes_credited": "406"},
            "minutes_credited",
            "Minutes credited must be between 0 and 405, those offered",
        ),
        ({"minutes_credited": ""}, "minutes_credited", "Minutes credited must be a whole number"),
        (
            {"outcome": "ATSS", "minutes_credited": "0"},
            "penalty_minutes",
            "The provider lost this session",
        ),
        ({"travel_minutes": "181"}, "travel_minutes", "Travel minutes must be between 0 and 180"),
        ({"supervisor": " "}, "supervisor", "Enter who supervised the session"),
        ({"worked_at": "1 1 2199"}, "worked_at", "The date and time must be in the past."),
    ],
)
def test_a_session_that_does_not_add_up_is_not_saved(enter: Open, scenario: Scenario, changes: Sent, field: str, message: str) -> None:
    before = scenario.version("X000001")
    page = soup(enter().post(f"{WORK}/session", sat(scenario, **changes)), 422)
    assert errors(page)[field].startswith(message)
    assert page.select_one("textarea[name=note]").get_text().strip() == "Came late."
    assert scenario.version("X000001") == before
