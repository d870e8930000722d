"""Logging a contact in a browser: what it costs in clicks and keys, in place and without scripts, by hand and by keyboard alone."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from domain.appointment import AppointmentArranged
from domain.case import case_id
from domain.contact import ContactRecorded, Mode, record_contact
from domain.plan import set_pattern
from domain.working_days import LONDON, local_day
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost, Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario

CASE = "/cases/X000001"


@pytest.fixture
def scenario(app: Flask, record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case()
    scenario.case("X000002", "Siân Other", practitioner="SIAN")
    app.extensions["throughline"].read_side.catch_up()
    return scenario


def newest(scenario: Scenario, crn: str = "X000001") -> ContactRecorded:
    event = scenario.record.history(case_id(crn), texts=True)[-1].event
    assert isinstance(event, ContactRecorded)
    return event


def test_a_phone_call_is_three_clicks_no_keys_and_no_load_from_my_day_too(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    counted = Counted(page)
    counted.click(page.get_by_role("link", name="Log a contact with Alex Example").first)
    counted.click(page.get_by_label("Phone call to the person"))
    counted.click(page.get_by_role("button", name="Save contact"))
    page.get_by_text("Contact recorded: Phone call to the person").wait_for()
    assert page.url.endswith("/my-day")
    expect(page.locator("#notices [role=alert]")).to_be_focused()
    assert counted.cost == Cost(clicks=3, keys=0, loads=0)
    assert newest(scenario).kind == "CTOB"


def test_a_whole_contact_is_one_line_and_two_presses_of_enter(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    page.goto("/my-day")
    page.get_by_label("Log a contact in one line").focus()
    counted = Counted(page)
    line = "ph other yesterday 10:15 20m job centre forms"
    counted.type(line)
    counted.press("Enter")
    page.get_by_text("This will be saved").wait_for()
    assert "Siân Other, X000002" in page.locator("#log-contact").inner_text()
    page.wait_for_function("document.activeElement.textContent.includes('Save contact')")
    counted.press("Enter")
    page.get_by_text("Contact recorded").wait_for()
    assert counted.cost == Cost(clicks=0, keys=len(line) + 2, loads=0)
    saved = newest(scenario, "X000002")
    assert (saved.kind, saved.minutes, saved.note) == ("CTOB", 20, "job centre forms")
    assert saved.work.purposes == ("practical help", "filling in forms")
    assert f"{saved.occurred_at.astimezone(LONDON):%H:%M}" == "10:15"


def test_the_next_appointment_is_arranged_with_one_more_click(open_as: Open, scenario: Scenario) -> None:
    scenario.appointment(in_hours=-24 * 7)
    scenario.do("X000001", set_pattern, every_days=14, mode=Mode.OFFICE, from_on=local_day(scenario.now), why="Agreed.")
    page = open_as("SIAN")
    page.goto(CASE)
    page.get_by_role("button", name="Log a contact", exact=True).click()
    page.get_by_label("Phone call to the person").click()
    page.get_by_label("Arrange the next appointment as well").click()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Next appointment arranged for").wait_for()
    logged, arranged = (recorded.event for recorded in scenario.record.history(case_id("X000001"))[-2:])
    assert isinstance(logged, ContactRecorded)
    assert isinstance(arranged, AppointmentArranged)


def test_what_is_typed_is_understood_at_once(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    page.goto(f"{CASE}/contacts/new")
    for label, typed, said in (
        ("When did it happen?", "27 3 26", "Friday 27 March 2026"),
        ("When did it happen?", "31 2 2026", "It must be a real date"),
        ("Time", "3.05 pm", "3:05pm"),
    ):
        page.get_by_label(label, exact=True).fill(typed)
        page.keyboard.press("Tab")
        page.get_by_text(said).wait_for()
    page.get_by_label("Another kind").check()
    page.get_by_label("Which kind").fill("kiosk")
    page.keyboard.press("Tab")
    page.locator("#other_kind-understood").get_by_text("Kiosk (biometric) reporting").wait_for()
    page.get_by_label("Note (optional)").fill("Came early.")
    page.get_by_role("button", name="Put headings into the note").click()
    assert page.get_by_label("Note (optional)").input_value().startswith("Came early.\n\nCheck in\n\nReview")


def test_the_same_contact_again_is_shown_before_it_is_saved(open_as: Open, scenario: Scenario) -> None:
    scenario.do("X000001", record_contact, by="OWEN", occurred_at=scenario.now, practitioner="OWEN", kind="CTOB", note="Rang about Monday.")
    page = open_as("SIAN")
    page.goto(CASE)
    page.get_by_role("button", name="Log a contact", exact=True).click()
    page.get_by_label("Phone call to the person").click()
    page.get_by_label("Note (optional)").fill("Mine.")
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Rang about Monday.").wait_for()
    assert faults(page) == []
    assert page.get_by_label("Note (optional)").input_value() == "Mine."
    page.get_by_role("button", name="Save it all the same").click()
    page.get_by_text("Contact recorded").wait_for()
    assert newest(scenario).note == "Mine."


def test_without_scripts_and_on_a_telephone_each_way_works(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN", javascript=False, width=375)
    page.goto("/my-day")
    page.get_by_role("link", name="Choose whose contact to log").click()
    page.get_by_label("With whom?").fill("alex")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Alex Example").click()
    page.get_by_label("Phone call to the person").check()
    page.get_by_label("When did it happen?").fill("yesterday")
    page.get_by_role("button", name="Save contact").click()
    assert "Contact recorded: Phone call to the person" in page.locator("#notices").inner_text()
    assert page.url.endswith("/my-day")
    page.get_by_label("Log a contact in one line").fill("ov alex 2 days ago 9:30 came without an appointment")
    page.get_by_role("button", name="Show what was understood").click()
    assert "Unplanned contact from the person" in page.locator("#log-contact").inner_text()
    page.get_by_role("button", name="Save contact").click()
    assert "Contact recorded: Unplanned contact from the person" in page.locator("#notices").inner_text()
    assert newest(scenario).note == "came without an appointment"


def test_every_page_for_logging_is_free_of_faults_and_fits(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    for address in (
        "/my-day",
        "/contacts/new?q=a",
        f"{CASE}/contacts/new",
        f"{CASE}/contacts/line?line=ph+10:15+20m+forms",
        f"{CASE}/contacts/line?line=10:15",
        "/contacts/line?line=ph+hello",
    ):
        page.goto(address)
        _open_everything(page)
        assert faults(page) == [], address


def _open_everything(page: Page) -> None:
    for closed in page.locator("main details:not([open]) > summary").all():
        closed.click()
    for box in ("input[value=other]", "input[name=next]"):
        if page.locator(box).count():
            page.locator(box).first.check()
