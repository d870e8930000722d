"""Finding a case and reading it: from any page, by keyboard, without JavaScript, and at what cost."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from domain import appointment
from domain.contact import record_contact
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost, Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario

PAGES = (
    "/search?q=example",
    "/search?q=zebra",
    "/cases/X000001",
    "/cases/X000001/history",
    "/cases/X000001/entries/10",
    "/cases/X000001/person",
    "/cases/X000001/print?part=person&part=officers&part=due&part=sentence&part=plan&part=risk&part=history",
    "/cookies",
    "/whats-new",
)


@pytest.fixture
def tell(record: Record, app: Flask) -> Scenario:
    """A case with a note, a failure to attend, a sensitive note, and an appointment today so that it stands on My day."""
    told = Scenario(record).staff()
    told.case()
    told.visit(days_ago=2, note="Talked about the move to the new flat.")
    told.do("X000001", appointment.record_outcome, appointment=told.appointment(in_hours=-26), outcome="UAAB")
    told.do("X000001", record_contact, occurred_at=told.now, practitioner="SIAN", kind="CTOB", note="Told in confidence.", sensitive=True)
    told.appointment(in_hours=-1)
    app.extensions["throughline"].read_side.catch_up()
    return told


@pytest.mark.parametrize("javascript", [True, False])
def test_the_last_note_is_one_click_from_my_day(tell: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as("SIAN", javascript=javascript)
    count = Counted(page)
    count.click(page.get_by_role("link", name="Alex Example", exact=True).first)
    expect(page.locator("#last-note + p")).to_contain_text("by Siân Rowlands")
    expect(page.get_by_role("link", name="Show sensitive note").first).to_be_visible()
    assert count.cost == Cost(clicks=1, keys=0, loads=1)


def test_a_case_is_found_from_any_page_while_the_name_is_typed(tell: Scenario, open_as: Open) -> None:
    page = open_as("SIAN")
    page.goto("/whats-new")
    page.locator("#find").focus()
    count = Counted(page)
    count.type("exa al")
    expect(page.locator("#find-found").get_by_role("link", name="Alex Example")).to_be_visible()
    count.press("Tab")
    count.press("Enter")
    page.wait_for_url("**/cases/X000001")
    assert count.cost == Cost(clicks=0, keys=8, loads=1)


def test_without_javascript_a_case_is_found_by_sending_the_box(tell: Scenario, open_as: Open) -> None:
    page = open_as("SIAN", javascript=False)
    page.locator("#find").focus()
    count = Counted(page)
    count.type("exa al")
    count.press("Enter")
    page.wait_for_url("**/search?q=exa+al")
    count.click(page.get_by_role("link", name="Alex Example"))
    page.wait_for_url("**/cases/X000001")
    assert count.cost == Cost(clicks=1, keys=7, loads=2)


def test_what_is_found_follows_the_typing_and_the_address_keeps_it(tell: Scenario, open_as: Open) -> None:
    page = open_as("SIAN")
    page.goto("/search")
    page.keyboard.type("example")
    expect(page.locator("#found [role=status]")).to_contain_text("1 case: “example” in the name or CRN")
    page.wait_for_url("**/search?q=example")
    page.reload()
    expect(page.locator("#q")).to_have_value("example")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sensitive_note_is_opened_on_asking_and_a_manager_sees_by_whom(tell: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as("SIAN", javascript=javascript)
    page.goto("/cases/X000001/history?preset=sensitive")
    expect(page.get_by_text("Told in confidence.")).to_have_count(0)
    page.get_by_role("link", name="Show sensitive note").click()
    expect(page.get_by_text("Told in confidence.")).to_be_visible()

    manager = open_as("MEERA")
    manager.goto("/cases/X000001/person")
    expect(manager.get_by_text("Siân Rowlands, sensitive note, entry 10")).to_have_count(1)


def test_every_page_of_the_journey_is_accessible_and_fits(tell: Scenario, open_as: Open) -> None:
    page = open_as("MEERA")
    for address in PAGES:
        page.goto(address)
        assert faults(page) == [], address
