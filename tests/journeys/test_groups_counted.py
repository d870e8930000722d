"""One outcome for a whole group: a session of unpaid work and a group session, counted in clicks, with and without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from domain.appointment import arrange_appointment
from domain.case import Case, case_id
from domain.upw_instruction import InstructionMethod, instruct_upw
from domain.upw_session import UpwAttendanceRecorded
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import A_CHOICE, Counted
from tests.scenario import Scenario

PEOPLE = {f"X00000{n}": name for n, name in enumerate(("Alex Example", "Billie Quick", "Chris Late", "Dana Brook", "Eddie Vale"), 1)}


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    for crn, name in PEOPLE.items():
        told.case(crn, name, began_days_ago=120)
    return told


def newest(scenario: Scenario, crn: str) -> Any:
    return scenario.record.history(case_id(crn))[-1].event


def test_a_session_of_unpaid_work_takes_three_clicks_from_home_and_its_exceptions(app: Flask, open_as: Open, scenario: Scenario) -> None:
    told_at = scenario.in_days(-9)
    for crn in PEOPLE:
        details = {"project": "Bute Park", "method": InstructionMethod.HAND, "issued_at": told_at, "work_at": told_at + timedelta(days=3)}
        scenario.do(crn, instruct_upw, requirement=3, **details)
    app.extensions["throughline"].read_side.catch_up()
    page = open_as("MEERA")
    counted = Counted(page)
    counted.click(page.get_by_role("link", name=re.compile("^Unpaid work")).first)
    counted.click(page.get_by_role("link", name="Bute Park"))
    counted.choose_from(page.get_by_label("Outcome for Billie Quick"), "UAAB")
    counted.click(page.get_by_role("button", name="Save the sheet"))
    page.get_by_text("Session saved for 5 people").wait_for()
    assert counted.clicks == 3 + A_CHOICE
    assert (counted.keys, counted.loads) == (0, 3)
    made = [newest(scenario, crn) for crn in PEOPLE]
    assert all(isinstance(event, UpwAttendanceRecorded) for event in made)
    assert [(event.outcome, event.minutes_credited) for event in made] == [("ATTC", 420), ("UAAB", 0), *[("ATTC", 420)] * 3]


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_group_session_takes_two_clicks_from_home_and_its_exceptions(
    app: Flask, open_as: Open, scenario: Scenario, javascript: bool
) -> None:
    starts = scenario.now - timedelta(minutes=5)
    for crn in PEOPLE:
        stream, ahead = case_id(crn), starts - timedelta(days=2)
        details = {"starts_at": starts, "practitioner": "SIAN", "kind": "APAT", "minutes": 120, "group": "G0000000001"}
        scenario.record.change(Case, stream, arrange_appointment, None, now=ahead, by="SIAN", **details)
    app.extensions["throughline"].read_side.catch_up()
    page = open_as("SIAN", javascript=javascript)
    counted = Counted(page)
    counted.click(page.get_by_role("link", name="group session of Alex Example").first)
    counted.choose_from(page.get_by_label("Chris Late"), "UAAB")
    counted.click(page.get_by_role("button", name="Save outcomes for 5 people"))
    page.get_by_text("Outcomes recorded for 5 people").wait_for()
    assert counted.clicks == 2 + A_CHOICE
    assert (counted.keys, counted.loads) == (0, 2)
    assert [newest(scenario, crn).outcome for crn in PEOPLE] == ["ATTC", "ATTC", "UAAB", "ATTC", "ATTC"]
