"""Hours of a team's unpaid work: each figure is counted by hand, and opens to the requirements that it counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace

from domain.upw_instruction import InstructionMethod, instruct_upw
from domain.upw_session import record_upw_attendance
from domain.working_days import local_day
from projections import upw_facts
from projections.read_models import ReadSide
from store.record import Record
from tests.conftest import Browser
from tests.rules import POLICY
from tests.scenario import Scenario
from tests.web.reading import soup, text

PAGE = "/teams/CF1/unpaid-work-hours"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Alex has worked one session of 80 hours and was stood down once; Billie was never instructed."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example", began_days_ago=30)
    told.case("X000002", "Billie Example", began_days_ago=30)
    instructed = {"project": "Bute Park", "work_at": told.in_days(3), "method": InstructionMethod.HAND}
    told.do("X000001", instruct_upw, requirement=3, **instructed)
    for days_ago, outcome, credited in ((16, "ATTC", 390), (9, "AASD", 0)):
        session = {"project": "Bute Park", "supervisor": "GWYN", "minutes_offered": 420, "minutes_credited": credited, "outcome": outcome}
        told.do("X000001", record_upw_attendance, requirement=3, worked_at=told.in_days(-days_ago), **session)
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def test_the_hours_of_each_requirement_are_those_of_its_sessions(scenario: Scenario, record: Record) -> None:
    read_side, today = ReadSide(record, POLICY), local_day(scenario.now)
    read_side.prepare()
    with read_side.reading() as conn:
        alex, billie = upw_facts.of_team(conn, "CF1", today)
    assert (alex.hours.ordered, alex.hours.credited, alex.hours.remaining) == (4800, 390, 4410)
    assert (alex.hours.offered, alex.hours.lost_by_provider, alex.hours.lost_by_person) == (2, 1, 0)
    assert (billie.hours.ordered, billie.hours.offered, billie.hours.first_instructed_on) == (4800, 0, None)
    began = today - timedelta(days=30)
    monday = began + timedelta(days=-began.weekday() % 7)
    assert billie.weeks_lost_by_provider == (today - monday).days // 7


def test_after_the_last_session_weeks_are_lost_by_the_service_up_to_the_last_day_while_the_work_can_be_done() -> None:
    counts: dict[str, Any] = dict.fromkeys(("ordered", "offered", "credited", "lost_by_provider", "lost_by_person"), 0)
    counts |= dict.fromkeys(("weeks_credited", "weeks_lost_by_provider", "weeks_lost_by_person", "weeks_lost_by_neither"), 0)
    words = dict.fromkeys(("crn", "name", "practitioner", "team", "provider", "offered_to_team"), "")
    until = {"until_on": date(2026, 2, 16), "weeks_until": date(2026, 1, 19), "first_instructed_on": None, "suspended_on": None}
    work = upw_facts.Hours(phase="in the community", **words, **counts, **until)
    assert [work.without_an_offer(day) for day in (date(2026, 1, 18), date(2026, 1, 25), date(2026, 1, 26))] == [0, 0, 1]
    assert work.without_an_offer(date(2026, 9, 1)) == 4
    assert replace(work, suspended_on=date(2026, 1, 20)).without_an_offer(date(2026, 9, 1)) == 0
    assert replace(work, phase="in custody").without_an_offer(date(2026, 9, 1)) == 0


def test_the_page_adds_them_up_and_each_figure_opens_to_its_requirements(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    found = {
        text(row.th): [cell.get_text(" ", strip=True).split(" of:")[0] for cell in row.select("td")] for row in page.select("tbody tr")
    }
    assert found["Requirements under way"] == ["2", "2"]
    assert found["Ordered"][1] == "2"
    assert "160" in found["Ordered"][0]
    assert found["Instructed at least once"] == found["Never instructed"] == ["1", "1"]
    assert found["Sessions offered"] == ["2", "1"]
    assert found["Sessions lost by the service"] == ["1", "1"]
    assert found["Sessions lost by the person"] == ["0", "0"]
    for link in page.select(".app-dense td a"):
        behind = soup(manager.get(link["href"]))
        assert str(len(behind.select("tbody tr"))) == link.get_text().split()[0]


def test_a_figure_that_there_is_not_and_a_team_that_is_not_theirs(manager: Browser) -> None:
    assert manager.get(f"{PAGE}/cases?which=nonsense").status_code == 404
    assert "There is no such requirement" in text(soup(manager.get(f"{PAGE}/cases?which=sessions-lost-by-person")))
    assert manager.get("/teams/NP1/unpaid-work-hours").status_code == 403


def test_the_measures_of_unpaid_work_lead_to_it(manager: Browser) -> None:
    page = soup(manager.get("/teams/CF1/measures/upw-on-course"))
    assert [a for a in page.select("main a") if a["href"].startswith(PAGE)]
