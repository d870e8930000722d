"""Unpaid work of a team: who waits, instructing many at once, a session sheet with exceptions, and the provider's projects."""

import csv
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.allocation import AllocationReason
from domain.case import case_id
from domain.event import Event
from domain.organisation import Provider, provider_id, register_upw_project
from domain.transfer import accept_transfer, request_transfer
from domain.upw_instruction import InstructedAgain, InstructionMethod, LetterLanguage, UpwInstructed, instruct_upw
from domain.upw_session import UpwAttendanceRecorded, record_upw_attendance
from domain.upw_suspension import SuspendedBecause, suspend_upw
from domain.working_days import LONDON, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from tests.web.test_unpaid_work import Sent, errors, moment, parts, words
from web.words import day

TEAM = "/teams/CF1/unpaid-work"
ALEX, BILLIE, CHRIS, DANA = "X000001", "X000002", "X000003", "X000004"
Open = Callable[..., Browser]


def told_once(told: Scenario) -> None:
    told.case(ALEX, "Alex Example", began_days_ago=60)
    told.case(BILLIE, "Billie Quick", began_days_ago=90)
    told.case(CHRIS, "Chris Late", began_days_ago=120)
    told.case(DANA, "Dana Elsewhere", practitioner="TOM", team="NP1")


def newest(scenario: Scenario, crn: str) -> Event:
    return scenario.record.history(case_id(crn), texts=True)[-1].event


def versions(scenario: Scenario) -> list[int]:
    return [scenario.version(crn) for crn in (ALEX, BILLIE, CHRIS, DANA)]


def instruct(scenario: Scenario, crn: str, project: str = "Bute Park", **details: Any) -> int:
    usual = {"requirement": 3, "work_at": scenario.in_days(3), "method": InstructionMethod.HAND}
    scenario.do(crn, instruct_upw, project=project, **{**usual, **details})
    return scenario.version(crn)


def told(scenario: Scenario, *people: str, **changes: str) -> dict[str, Any]:
    at = scenario.in_days(5).astimezone(LONDON).replace(hour=9, minute=30)
    sent: dict[str, Any] = {"command_id": str(uuid4()), "project": "Bute Park", "method": "by post", **moment("work_at", at)}
    return sent | {"who": [f"{crn}-3" for crn in people]} | changes


# The page ----------------------------------------------------------------------------------------------------------------


def test_those_never_instructed_are_listed_with_the_days_since_their_sentence(enter: Open, scenario: Scenario) -> None:
    instruct(scenario, BILLIE)
    page = soup(enter().get(TEAM))
    waiting, under_way, days = page.select("table")
    assert [row.th.a.get_text() for row in waiting.select("tbody tr")] == ["Chris Late", "Alex Example"]
    assert "120 days" in waiting.get_text()
    assert [row.th.a["href"] for row in under_way.select("tbody tr")] == [f"/cases/{BILLIE}/unpaid-work"]
    assert [cell.get_text() for cell in days.select("tbody td")][:3] == ["1", "0", "0"]
    assert days.select_one("tbody a")["href"] == f"{TEAM}/letters?day={local_day(scenario.now)}"
    assert "Dana Elsewhere" not in page.get_text()
    assert "Not instructed yet 2" in words(page)
    assert {a["href"] for a in page.select(".app-choices a")} == {f"{TEAM}/session?project=Bute+Park", f"{TEAM}/session"}


def test_a_manager_reaches_it_from_the_team_s_page(enter: Open) -> None:
    assert f'href="{TEAM}"' in enter("MEERA").get("/teams/CF1").text


@pytest.mark.parametrize("part", ["", "/instruct", "/session", "/projects", "/letters", "/letters.pdf", "/waiting.csv"])
@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_of_another_team_sees_it(enter: Open, staff: str, part: str) -> None:
    assert enter(staff).get(TEAM + part).status_code == 403


# Many at once ------------------------------------------------------------------------------------------------------------


def test_everybody_selected_is_instructed_in_one_batch(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    page = soup(browser.get(f"{TEAM}/instruct?who={ALEX}-3&who={CHRIS}-3"))
    assert "Instruct 2 people" in words(page)
    assert not page.select("input[name=why]")
    sent = told(scenario, ALEX, CHRIS)
    to_letters = browser.post(f"{TEAM}/instruct", sent).headers["Location"]
    first, second = newest(scenario, ALEX), newest(scenario, CHRIS)
    assert isinstance(first, UpwInstructed)
    assert isinstance(second, UpwInstructed)
    assert first.batch == second.batch != ""
    assert first.language is LetterLanguage.ENGLISH
    page = soup(browser.get(to_letters))
    assert "Instruction saved for 2 people" in page.text
    assert "Letters of 2 instructions" in words(page)
    file = browser.get(page.select_one("main a.govuk-button")["href"])
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    letters = [" ".join(letter.extract_text().split()) for letter in PdfReader(BytesIO(file.data)).pages]
    assert [re.search(r"Dear ([A-Z]\w+ \w+),", letter)[1] for letter in letters] == ["Alex Example", "Chris Late"]


def test_the_letters_of_a_day_are_those_of_all_its_instructions_and_of_nobody_elsewhere(enter: Open, scenario: Scenario) -> None:
    instruct(scenario, ALEX)
    instruct(scenario, BILLIE, language=LetterLanguage.WELSH)
    instruct(scenario, CHRIS)
    move_to_newport(scenario, CHRIS)
    browser, today = enter(), local_day(scenario.now)
    page = soup(browser.get(f"{TEAM}/letters?day={today}"))
    assert "Letters of 2 instructions" in words(page)
    assert "Instructed too, and with another team now: 1 person." in words(page)
    assert "Chris" not in words(page)
    letters = PdfReader(BytesIO(browser.get(f"{TEAM}/letters.pdf?day={today}").data)).pages
    assert ["Annwyl Billie Quick" in letter.extract_text() for letter in letters] == [False, True]
    assert browser.get(f"{TEAM}/letters.pdf?day=2020-01-01").status_code == 404
    assert browser.get(f"{TEAM}/letters?day=yesterday").status_code == 404
    assert "None that you may open" in browser.get(f"{TEAM}/letters?day=2020-01-01").text


def move_to_newport(scenario: Scenario, crn: str) -> None:
    scenario.do(crn, request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    scenario.do(crn, accept_transfer, by="NIA", team="NP1", practitioner="TOM")


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("", [CHRIS, BILLIE, ALEX]),
        ("sort=name", [ALEX, CHRIS, BILLIE]),
        ("sort=waiting&dir=asc", [ALEX, BILLIE, CHRIS]),
        ("sort=waiting&dir=desc", [CHRIS, BILLIE, ALEX]),
        ("sort=shoe-size", [CHRIS, BILLIE, ALEX]),
    ],
)
def test_those_who_wait_are_sorted_as_asked_on_the_page_and_in_the_file(enter: Open, asked: str, order: list[str]) -> None:
    browser = enter()
    page = soup(browser.get(f"{TEAM}?{asked}"))
    assert [row["value"][:7] for row in page.select("input[name=who]")] == order
    lines = browser.get(f"{TEAM}/waiting.csv?{asked}").text.splitlines()
    assert [re.search(r"X\d{6}", line)[0] for line in lines[1:]] == order


def test_the_file_of_those_who_wait_says_how_long_and_opens_as_a_spreadsheet(enter: Open) -> None:
    browser = enter()
    rows = list(csv.DictReader(browser.get(f"{TEAM}/waiting.csv").text.removeprefix("\ufeff").splitlines()))
    assert [(row["name"], row["days waiting"], row["hours"], row["officer name"]) for row in rows] == [
        ("Chris Late", "120", "80", "Siân Rowlands"),
        ("Billie Quick", "90", "80", "Siân Rowlands"),
        ("Alex Example", "60", "80", "Siân Rowlands"),
    ]
    assert browser.get(f"{TEAM}/waiting.ods").data.startswith(b"PK")


def test_a_batch_for_somebody_instructed_before_says_why_and_takes_the_earlier_one_s_place(enter: Open, scenario: Scenario) -> None:
    earlier = instruct(scenario, BILLIE)
    browser = enter()
    page = soup(browser.post(f"{TEAM}/instruct", told(scenario, ALEX, BILLIE, again="yes")), 422)
    assert errors(page) == {"why": "Select why the person is instructed again"}
    assert [i["value"] for i in page.select("input[type=hidden][name=who]")] == [f"{ALEX}-3", f"{BILLIE}-3"]
    said = told(scenario, ALEX, BILLIE, again="yes", why="stood down by the provider", supersedes="yes")
    assert browser.post(f"{TEAM}/instruct", said).status_code == 303
    again, first = newest(scenario, BILLIE), newest(scenario, ALEX)
    assert isinstance(again, UpwInstructed)
    assert (again.why, again.supersedes) == (InstructedAgain.STOOD_DOWN, earlier)
    assert isinstance(first, UpwInstructed)
    assert (first.why, first.supersedes) == (None, 0)


def test_a_batch_is_for_all_or_for_nobody_and_says_whose_refusal_it_is(enter: Open, scenario: Scenario) -> None:
    scenario.do(CHRIS, suspend_upw, requirement=3, because=SuspendedBecause.HEALTH)
    before = versions(scenario)
    page = soup(enter().post(f"{TEAM}/instruct", told(scenario, ALEX, CHRIS)), 422)
    assert errors(page) == {"who": "Chris Late: The work is suspended. Lift the suspension before you instruct the person."}
    assert versions(scenario) == before


def test_the_same_batch_sent_twice_is_one(enter: Open, scenario: Scenario) -> None:
    browser, sent, before = enter(), told(scenario, ALEX, CHRIS), versions(scenario)
    assert [browser.post(f"{TEAM}/instruct", sent).status_code for _ in range(2)] == [303, 303]
    assert versions(scenario) == [before[0] + 1, before[1], before[2] + 1, before[3]]


def test_nobody_of_another_team_is_instructed(enter: Open, scenario: Scenario) -> None:
    before = versions(scenario)
    page = soup(enter().post(f"{TEAM}/instruct", told(scenario, ALEX, DANA)), 422)
    assert "not in this team" in errors(page)["who"]
    assert versions(scenario) == before


def test_a_batch_of_nobody_goes_back_to_the_list(enter: Open) -> None:
    browser = enter()
    assert browser.get(f"{TEAM}/instruct").headers["Location"] == TEAM
    assert "Select at least one person to instruct" in browser.get(TEAM).text


# A session sheet -----------------------------------------------------------------------------------------------------------


def sheet(scenario: Scenario, *people: str, **changes: str) -> Sent:
    sent = {
        "command_id": str(uuid4()),
        **moment("worked_at", scenario.in_days(-1)),
        "project": "Bute Park",
        "supervisor": "Gwyn Park",
        "minutes_offered": "420",
    }
    for crn in (ALEX, BILLIE, CHRIS):
        sent[f"outcome-{crn}-3"] = "ATTC"
    return sent | {f"on-{crn}-3": "yes" for crn in people} | changes


def test_those_instructed_for_a_project_stand_ticked_on_its_sheet(enter: Open, scenario: Scenario) -> None:
    instruct(scenario, ALEX)
    instruct(scenario, CHRIS)
    instruct(scenario, BILLIE, project="Taff Trail")
    page = soup(enter().get(f"{TEAM}/session?project=Bute+Park"))
    assert {i["name"] for i in page.select("input[type=checkbox][checked]")} == {f"on-{ALEX}-3", f"on-{CHRIS}-3"}
    assert page.select_one("input[name=project]")["value"] == "Bute Park"
    assert page.select_one("input[name=minutes_offered]")["value"] == "420"
    assert "Add somebody else (1)" in words(page)


def test_a_sheet_is_saved_as_it_stands_for_those_who_came_and_with_its_exceptions(enter: Open, scenario: Scenario) -> None:
    before = versions(scenario)
    changes = {f"outcome-{BILLIE}-3": "AASD", f"minutes-{CHRIS}-3": "300"}
    assert enter().post(f"{TEAM}/session", sheet(scenario, ALEX, BILLIE, CHRIS, **changes)).headers["Location"] == TEAM
    made = [newest(scenario, crn) for crn in (ALEX, BILLIE, CHRIS)]
    assert all(isinstance(event, UpwAttendanceRecorded) for event in made)
    assert [(e.outcome, e.minutes_credited) for e in made] == [("ATTC", 420), ("AASD", 0), ("ATTC", 300)]
    assert len({e.session for e in made}) == 1
    assert versions(scenario)[3] == before[3]


def test_who_is_not_ticked_is_left_out(enter: Open, scenario: Scenario) -> None:
    before = versions(scenario)
    assert enter().post(f"{TEAM}/session", sheet(scenario, ALEX)).status_code == 303
    assert versions(scenario) == [before[0] + 1, *before[1:]]


def test_the_last_minutes_are_credited_and_no_more(enter: Open, scenario: Scenario) -> None:
    usual = {"requirement": 3, "outcome": "ATTC", "project": "Bute Park", "supervisor": "Gwyn Park"}
    for _ in range(4):
        at = scenario.in_days(-3)
        scenario.do(ALEX, record_upw_attendance, worked_at=at, minutes_offered=1170, minutes_credited=1170, **usual)
    assert enter().post(f"{TEAM}/session", sheet(scenario, ALEX)).status_code == 303
    assert newest(scenario, ALEX).minutes_credited == 120


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({f"minutes-{CHRIS}-3": "421"}, f"minutes-{CHRIS}-3", "Chris Late: Minutes credited must be between 0 and the minutes offered."),
        ({f"minutes-{CHRIS}-3": "many"}, f"minutes-{CHRIS}-3", "Minutes for Chris Late must be a whole number, like 45"),
        ({f"outcome-{CHRIS}-3": "DANCED"}, f"outcome-{CHRIS}-3", "Select the outcome for Chris Late"),
        ({f"outcome-{CHRIS}-3": "UAAB", f"minutes-{CHRIS}-3": "9"}, f"minutes-{CHRIS}-3", "Chris Late: No minutes can be credited"),
        ({"supervisor": ""}, "supervisor", "Enter who supervised the session"),
        ({"project": ""}, "project", "Select or enter the project"),
        (parts("worked_at", date(2001, 1, 1)), "worked_at", "Alex Example: The work was ordered on"),
        (parts("worked_at", date(2199, 1, 1)), "worked_at", "Alex Example: The date and time must be in the past."),
    ],
)
def test_one_mistake_saves_nothing_for_anybody(enter: Open, scenario: Scenario, changes: Sent, field: str, message: str) -> None:
    before = versions(scenario)
    page = soup(enter().post(f"{TEAM}/session", sheet(scenario, ALEX, CHRIS, **changes)), 422)
    assert list(errors(page)) == [field]
    assert errors(page)[field].startswith(message)
    assert {i["name"] for i in page.select("input[type=checkbox][checked]")} == {f"on-{ALEX}-3", f"on-{CHRIS}-3"}
    assert versions(scenario) == before


def test_a_sheet_without_anybody_is_refused(enter: Open, scenario: Scenario) -> None:
    page = soup(enter().post(f"{TEAM}/session", sheet(scenario)), 422)
    assert errors(page) == {"people": "Select at least one person"}


def test_time_at_a_project_of_education_is_marked_as_such(enter: Open, scenario: Scenario) -> None:
    details = {"code": "CSCS", "name": "Site safety course", "kind": "ET1"}
    scenario.record.change(Provider, provider_id("C10"), register_upw_project, uuid4(), now=scenario.now, by="MEERA", **details)
    instruct(scenario, ALEX, project="Site safety course")
    page = soup(enter().get(f"{TEAM}/session?project=Site+safety+course"))
    assert page.select_one("input[name=ete]").has_attr("checked")
    assert page.select_one("select[name=project] option[selected]")["value"] == "Site safety course"


# Projects ------------------------------------------------------------------------------------------------------------------

PROJECT = {"code": "bute", "name": "Bute Park", "kind": "NP1", "place": "North Gate"}


def test_a_manager_adds_and_ends_projects(enter: Open) -> None:
    browser = enter("MEERA")
    address = f"{TEAM}/projects"
    assert "No project is registered yet" in words(soup(browser.get(address)))
    assert browser.post(address, PROJECT).headers["Location"] == address
    text = words(soup(browser.get(address)))
    assert "Bute Park BUTE" in text
    assert "Group, regional" in text
    assert errors(soup(browser.post(address, PROJECT), 422)) == {"code": "Project BUTE is registered already."}
    assert browser.post(f"{address}/BUTE/end").headers["Location"] == address
    assert "Ended" in words(soup(browser.get(address)))
    assert browser.post(f"{address}/BUTE/end").status_code == 422


def test_a_project_needs_a_name_a_code_and_a_kind(enter: Open) -> None:
    found = errors(soup(enter("MEERA").post(f"{TEAM}/projects", {}), 422))
    assert found == {"code": "Enter a short code", "name": "Enter the name of the project", "kind": "Select the kind of project"}


def test_an_officer_sees_the_projects_and_changes_none(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    page = soup(browser.get(f"{TEAM}/projects"))
    assert not page.select("form[action$=projects]")
    assert browser.post(f"{TEAM}/projects", PROJECT).status_code == 403


def test_a_session_is_for_a_day_that_has_come(enter: Open, scenario: Scenario) -> None:
    page = soup(enter().get(f"{TEAM}/session"))
    assert page.select_one("input[name=worked_at]")["value"] == day(scenario.now)
