"""Unpaid work in a browser: a whole group's session in three clicks, a batch of instructions, and pages that everybody can use."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from domain.case import case_id
from domain.organisation import Provider, provider_id, register_upw_project
from domain.upw_instruction import InstructedAgain, InstructionMethod, LetterLanguage, UpwInstructed, instruct_upw
from domain.upw_session import record_upw_attendance
from domain.upw_suspension import SuspendedBecause, suspend_upw
from domain.working_days import local_day
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario

PEOPLE = {"X000001": "Alex Example", "X000002": "Billie Quick", "X000003": "Chris Late"}
TEAM = "/teams/CF1/unpaid-work"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    for crn, name in PEOPLE.items():
        told.case(crn, name, began_days_ago=120)
    return told


def instruct(scenario: Scenario, crn: str, **details: Any) -> int:
    ago = scenario.in_days(-9)
    usual = {
        "requirement": 3,
        "project": "Bute Park",
        "method": InstructionMethod.HAND,
        "issued_at": ago,
        "work_at": ago + timedelta(days=3),
    }
    scenario.do(crn, instruct_upw, **{**usual, **details})
    return scenario.version(crn)


def newest(scenario: Scenario, crn: str) -> Any:
    return scenario.record.history(case_id(crn))[-1].event


def test_those_who_wait_are_instructed_together(app: Flask, open_as: Open, scenario: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    page = open_as("SIAN")
    page.goto(TEAM)
    page.get_by_label("Select Alex Example").check()
    page.get_by_label("Select Chris Late").check()
    page.get_by_role("button", name="Instruct the people selected").click()
    page.get_by_label("Project").fill("Bute Park")
    page.get_by_label("Day of the work").fill("4 3 2199")
    page.get_by_label("Start").fill("9:30am")
    page.get_by_label("By post").check()
    page.get_by_role("button", name="Instruct 2 people").click()
    page.get_by_text("Instruction saved for 2 people").wait_for()
    first, second = newest(scenario, "X000001"), newest(scenario, "X000003")
    assert isinstance(first, UpwInstructed)
    assert first.batch == second.batch
    assert not isinstance(newest(scenario, "X000002"), UpwInstructed)


def test_every_page_is_accessible_and_fits_a_telephone(app: Flask, open_as: Open, scenario: Scenario) -> None:
    details = {"code": "BUTE", "name": "Bute Park", "kind": "NP1", "place": "North Gate"}
    scenario.record.change(Provider, provider_id("C10"), register_upw_project, None, now=scenario.now, by="MEERA", **details)
    first = instruct(scenario, "X000001")
    welsh = instruct(scenario, "X000001", why=InstructedAgain.ABSENCE, supersedes=first, language=LetterLanguage.WELSH)
    session: dict[str, Any] = {"requirement": 3, "project": "Bute Park", "supervisor": "Gwyn Park", "minutes_offered": 420}
    for outcome, credited in (("ATTC", 400), ("AASD", 0)):
        at = scenario.in_days(-2)
        scenario.do("X000001", record_upw_attendance, worked_at=at, outcome=outcome, minutes_credited=credited, **session)
    scenario.do("X000002", suspend_upw, requirement=3, because=SuspendedBecause.HEALTH)
    app.extensions["throughline"].read_side.catch_up()
    work = "/cases/X000001/unpaid-work"
    forms = ("instruct", "session", "assessment", "induction", "suspend", "review", "extension", "completion")
    officer = (
        work,
        *(f"{work}/{form}" for form in forms),
        f"{work}/instructions/{welsh}/acknowledge",
        f"{work}/instructions/{first}/letter",
        f"{work}/instructions/{welsh}/letter",
        "/cases/X000002/unpaid-work",
        "/cases/X000002/unpaid-work/resume",
        "/my-day",
    )
    manager = (
        TEAM,
        f"{TEAM}/session?project=Bute+Park",
        f"{TEAM}/instruct?who=X000001-3&who=X000003-3",
        f"{TEAM}/projects",
        f"{TEAM}/letters?day={local_day(scenario.in_days(-9))}",
    )
    for page, addresses in ((open_as("SIAN"), officer), (open_as("MEERA"), manager)):
        for address in addresses:
            page.goto(address)
            assert page.locator("h1").count() == 1, address
            assert faults(page) == [], address
