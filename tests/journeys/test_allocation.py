"""The manager's jobs in a real browser: a new case, another officer, a leaver and signatures, with what each costs in clicks."""

import pytest
from flask import Flask

from domain import allocation, risk
from domain.allocation import UNALLOCATED, AllocationReason
from domain.case import Case, case_id
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario

TEAM = "/teams/CF1"


@pytest.fixture(autouse=True)
def scenario(record: Record, app: Flask) -> Scenario:
    """Siân holds two cases, one of them of high RoSH that waits for a signature; nobody holds one that Owen had."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    told.case("X000003", "Chris Example")
    told.do("X000002", allocation.allocate, practitioner=UNALLOCATED, team="CF1", provider="C10", reason=AllocationReason.STAFF)
    told.do("X000003", risk.assess_rosh, policy=told.policy, level=risk.Rosh.HIGH, rationale="Threats to a neighbour.")
    app.extensions["throughline"].read_side.catch_up()
    return told


def holder(record: Record, crn: str) -> str:
    held = record.state(Case, case_id(crn)).allocation
    return held.practitioner if held else ""


def test_a_leaver_s_whole_caseload_goes_in_three_clicks_and_a_handover_note(open_as: Open, record: Record) -> None:
    page = open_as("MEERA")
    page.goto(TEAM)
    job = Counted(page)
    job.click(page.get_by_role("link", name="Hand over the cases of Siân Rowlands"))
    assert faults(page) == []
    page.get_by_label("Handover note").fill("Ask for the blue file.")
    job.click(page.get_by_role("button", name="Continue"))
    page.get_by_role("heading", name="Check who takes which case").wait_for()
    assert faults(page) == []
    job.click(page.get_by_role("button", name="Move 2 cases"))
    page.get_by_text("2 cases of Siân Rowlands moved.").wait_for()
    assert job.cost.clicks == 3
    assert [holder(record, crn) for crn in ("X000001", "X000003")] == ["OWEN", "OWEN"]


def test_what_waits_is_signed_in_two_clicks_and_one_load(open_as: Open) -> None:
    page = open_as("MEERA")
    page.goto(TEAM)
    job = Counted(page)
    job.click(page.get_by_role("link", name="Oversight: signatures and quality checks"))
    assert faults(page) == []
    job.click(page.get_by_role("button", name="Countersign entry 7 of Chris Example"))
    page.get_by_text("Countersigned: Chris Example, entry 7.").wait_for()
    assert (job.cost.clicks, job.cost.loads) == (2, 1)
    assert faults(page) == []


def test_without_javascript_and_on_a_telephone_the_same_jobs_are_done(open_as: Open, record: Record) -> None:
    page = open_as("MEERA", javascript=False, width=375)
    page.goto(f"{TEAM}/allocation")
    page.get_by_role("button", name="Allocate to Owen Bradley").click()
    page.get_by_text("Billie Example is now with Owen Bradley.").wait_for()
    page.goto("/cases/X000001/allocate")
    page.get_by_label("Workload").check()
    page.get_by_role("button", name="Choose Meera Anand").click()
    page.goto(f"{TEAM}/oversight")
    page.get_by_role("button", name="Countersign entry 7").click()
    page.get_by_text("Nothing waits for your signature").wait_for()
    page.goto(f"{TEAM}/leaver/OWEN")
    page.get_by_label("Meera Anand").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Move 1 case").click()
    page.get_by_text("1 case of Owen Bradley moved.").wait_for()
    assert [holder(record, crn) for crn in ("X000001", "X000002", "X000003")] == ["MEERA", "MEERA", "SIAN"]


def test_every_page_of_the_manager_is_free_of_faults(open_as: Open) -> None:
    page = open_as("MEERA")
    for where in (
        f"{TEAM}/allocation",
        f"{TEAM}/leaver/SIAN",
        f"{TEAM}/oversight",
        "/cases/X000001/allocate",
        "/cases/X000001/oversight",
        "/cases/X000003/entries/7",
        "/cases/X000003/entries/7/send-back",
        "/cases/X000003/entries/7/check",
        f"{TEAM}/workload/SIAN/languages",
    ):
        answer = page.goto(where)
        assert answer is not None
        assert answer.status == 200, where
        assert faults(page) == [], where


def test_the_officer_deals_with_what_came_back_by_keyboard_alone(open_as: Open, scenario: Scenario, app: Flask) -> None:
    manager = open_as("MEERA")
    manager.goto("/cases/X000003/entries/7/send-back")
    manager.get_by_label("What is missing?").fill("Which neighbour?")
    manager.get_by_role("button", name="Send back").click()
    manager.get_by_text("It is back with its officer").wait_for()
    page = open_as("SIAN")
    page.goto("/my-day")
    assert faults(page) == []
    page.get_by_role("link", name="Deal with it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Entry 7 sent back").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="It is dealt with").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Dealt with. Your manager sees it.").wait_for()
    assert page.get_by_role("heading", name="Came back to you").count() == 0
