"""One outcome's way: an officer logs it, a manager's figure moves and opens to it, an inspector sees it now and not the day before."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario

INSPECTOR = "HMI0001"


@pytest.fixture
def told(app: Flask) -> Scenario:
    """Two cases; in one an appointment of this morning awaits its outcome; the case is in an inspector's sample."""
    told = Scenario(app.extensions["throughline"].record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Bethan Sample")
    told.visit("X000001", days_ago=20, purposeful=False)
    told.appointment("X000001", in_hours=-2, requirements=(3,))
    told.inspect(app.extensions["throughline"].read_side, lead=INSPECTOR)
    return told


def _counted(page: Page) -> tuple[int, int]:
    """Numerator and denominator of the figure that the page shows first."""
    found = re.search(r"(\d+) of (\d+)", page.locator(".app-figure__of").first.inner_text())
    assert found is not None
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_outcome_goes_from_the_form_to_the_figure_and_to_the_replay(told: Scenario, open_as: Open, javascript: bool) -> None:
    # given the manager's figure before
    manager = open_as("MEERA", javascript=javascript)
    manager.goto("/teams/CF1/measures/purposeful-activity")
    yes, of = _counted(manager)

    # when the officer logs the outcome
    officer = open_as("SIAN", javascript=javascript)
    expect(officer.get_by_text("1 to log")).to_be_visible()
    loads: list[str] = []
    officer.on("framenavigated", lambda frame: loads.append(frame.url))
    officer.get_by_role("button", name="Log outcome for Alex Example").click()
    if javascript:
        officer.get_by_label("Work on needs and strengths").check()
        officer.get_by_role("button", name="Attended – complied").click()
        # then it is shown in place, without a page load
        row = officer.locator("li.app-person", has_text="Alex Example").filter(has_text="Logged")
        expect(row.get_by_text("Attended – complied")).to_be_visible()
        assert loads == []
    else:
        officer.get_by_label("Attended – complied").check()
        officer.get_by_label("Work on needs and strengths").check()
        officer.get_by_role("button", name="Save").first.click()
        expect(officer.get_by_text("Outcome logged")).to_be_visible()
    expect(officer.get_by_text("0 to log")).to_be_visible()

    # then the manager's figure has moved by it, and opens to that entry
    manager.goto("/teams/CF1/measures/purposeful-activity")
    assert _counted(manager) == (yes + 1, of + 1)
    manager.goto("/teams/CF1/measures/purposeful-activity/entries?verdict=yes")
    entry = told.version("X000001")
    link = manager.locator(f'a[href$="/cases/X000001/entries/{entry}"]').first
    expect(link).to_be_visible()
    link.click()
    expect(manager.get_by_text("Attended – complied").first).to_be_visible()

    # and the inspector sees it on replay, and not as known the day before
    inspector = open_as(INSPECTOR, javascript=javascript)
    inspector.goto("/inspections/INS-2026-001")
    expect(inspector.get_by_role("heading", level=1)).to_be_visible()
    inspector.goto(f"/inspections/INS-2026-001/cases/X000001/replay?order=recorded&step={entry}")
    expect(inspector.get_by_text("Attended – complied").first).to_be_visible()
    response = inspector.goto("/inspections/INS-2026-001/cases/X000001/replay?at_announcement=1")
    assert response is not None
    assert response.ok
    assert "Attended – complied" not in inspector.locator("#replay").inner_text()


PAGES = {
    "SIAN": (
        "/my-day",
        "/cases",
        "/cases?q=exam",
        "/cases/X000001",
        "/cases/X000001/history",
        "/cases/X000001/entries/6",
        "/cases/X000001/entries/6/correct",
        "/cases/X000001/entries/6/withdraw",
        "/cases/X000001/contacts/new",
        "/cases/X000001/contacts/new?kind=CTOB",
        "/cases/X000001/appointments/new",
        "/cases/X000001/appointments/7/outcome",
        "/cases/X000001/rosh",
        "/cases/X000001/measures/continuity",
        "/cases/X000001/measures/purposeful-activity",
        "/practitioners/SIAN/measures",
        "/practitioners/SIAN/measures/continuity",
        "/accessibility",
        "/privacy",
        "/about",
        "/checkpoints",
        "/cases/X999999",
    ),
    "MEERA": (
        "/teams/CF1",
        "/teams/CF1/cases",
        "/teams/CF1/to-allocate",
        "/teams/CF1/slipping",
        "/teams/CF1/slipping?about=no-appointment",
        "/teams/CF1/ahead",
        "/providers/C10/slipping",
        "/measures",
        "/measures/in-words",
        "/providers/C10/measures",
        "/providers/C10/measures/continuity",
        "/teams/CF1/measures/continuity",
        "/teams/CF1/measures/purposeful-activity",
        "/teams/CF1/measures/continuity/entries",
        "/teams/CF1/measures/purposeful-activity/entries",
        "/teams/CF1/measures/purposeful-activity/pace",
        "/teams/NP1",
        "/transfers",
        "/cases/X000002",
        "/cases/X000002/allocate",
        "/cases/X000002/transfer",
        "/cases/X000002/handover",
    ),
    INSPECTOR: (
        "/inspections",
        "/inspections/new",
        "/inspections/INS-2026-001",
        "/inspections/INS-2026-001/frame",
        "/inspections/INS-2026-001/sample",
        "/inspections/INS-2026-001/cases/X000001/replay",
        "/inspections/INS-2026-001/cases/X000001/replay?step=3",
        "/inspections/INS-2026-001/cases/X000001/replay?at_announcement=1",
        "/cases/X000001/history",
        "/measures",
        "/measures/continuity",
        "/measures/continuity/entries",
    ),
    "ADM0001": ("/health",),
}


@pytest.mark.parametrize("staff", PAGES)
def test_every_page_is_accessible_and_fits_a_telephone(told: Scenario, open_as: Open, staff: str) -> None:
    page = open_as(staff)
    for address in PAGES[staff]:
        page.goto(address)
        assert faults(page) == [], address


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_somebody_chooses_who_they_are_and_is_at_home(told: Scenario, address: str, chromium: Browser, javascript: bool) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=javascript)
    page = context.new_page()
    page.goto("/my-day")
    # Those further down stand in closed lists.
    while (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    page.locator('button[name="staff"][value="SIAN"]').click()
    page.wait_for_url(f"{address}/my-day")
    context.close()


def test_the_sign_in_page_is_accessible(address: str, chromium: object, told: Scenario, open_as: Open) -> None:
    page = open_as("SIAN")
    page.goto("/sign-out")
    assert faults(page) == []


def test_the_first_page_is_small(told: Scenario, address: str, chromium: Browser) -> None:
    """With nothing in the browser's cache yet, over the wire."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto("/sign-in", wait_until="networkidle")
    context.close()
    assert len(sizes) > 3
    assert 0 < sum(sizes) < 100_000
