"""Reminders, the calendar's address and the page of jobs in a browser: with and without JavaScript, and usable by everybody."""

import pytest
from flask import Flask

from scheduler import clock
from scheduler.jobs import prepare_reminders
from store import job_runs
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost, Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario


@pytest.fixture
def scenario(app: Flask, record: Record) -> Scenario:
    """One case with two appointments that are near, and their reminders prepared."""
    told = Scenario(record).staff()
    told.case()
    for hours in (20, 44):
        told.appointment(in_hours=hours)
    read_side = app.extensions["throughline"].read_side
    read_side.catch_up()
    prepare_reminders(read_side, told.now)
    return told


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_reminder_is_marked_as_sent_in_four_clicks_from_home(scenario: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as("SIAN", javascript=javascript)
    counted = Counted(page)
    counted.click(page.get_by_role("link", name="Reminders", exact=True))
    counted.click(page.locator("input[name=who]").first)
    counted.click(page.get_by_label("By text"))
    counted.click(page.get_by_role("button", name="Mark as sent"))
    page.get_by_text("Marked as sent.").first.wait_for()
    assert counted.cost == Cost(clicks=4, keys=0, loads=2)
    assert page.locator("input[name=who]").count() == 1
    assert page.get_by_role("cell", name="By text").is_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_the_address_of_the_calendar_is_shown_once(scenario: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as("SIAN", javascript=javascript)
    page.goto("/calendar")
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Your address").input_value()
    answer = page.request.get(address)
    assert answer.ok
    assert answer.text().count("BEGIN:VEVENT") == 2
    page.goto("/calendar")
    assert page.get_by_label("Your address").count() == 0


def test_every_page_is_accessible_and_fits_a_telephone(app: Flask, scenario: Scenario, open_as: Open) -> None:
    read_side = app.extensions["throughline"].read_side
    for timed in clock.TIMETABLE:
        clock.look_at(read_side, timed, scenario.now)
    with read_side.record.pool.connection() as conn:
        due = scenario.now.replace(minute=0, second=0, microsecond=0)
        assert job_runs.begin(conn, "verify-ledger", due, scenario.now)
        job_runs.failed(conn, "verify-ledger", due, "PoolTimeout: no connection came free within 5 seconds")
    officer = open_as("SIAN")
    officer.goto("/reminders")
    letter = officer.get_by_role("link", name="Letter to Alex Example").first.get_attribute("href")
    assert letter
    for page, addresses in (
        (officer, ("/reminders", "/teams/CF1/reminders", letter, "/calendar")),
        (open_as("MEERA"), ("/reminders",)),
        (open_as("ADM0001"), ("/jobs",)),
    ):
        for address in addresses:
            page.goto(address)
            assert page.locator("h1").count() == 1, address
            assert faults(page) == [], address
    officer.goto("/reminders")
    officer.get_by_role("button", name="Mark as sent").click()
    officer.get_by_text("Select at least one reminder").first.wait_for()
    assert faults(officer) == []
