"""A manager's week in a browser: what slips, down to the page that mends it, and what comes, down to its cases; without JavaScript too."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from domain import allocation
from domain.allocation import AllocationReason
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost, Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario

PAGES = (
    "/teams/CF1",
    "/teams/CF1?sort=late&dir=desc",
    "/teams/CF1/cases",
    "/teams/CF1/to-allocate",
    "/teams/CF1/slipping",
    "/teams/CF1/slipping?about=unseen&officer=SIAN",
    "/teams/CF1/ahead",
    "/teams/CF1/ahead?what=unpaid-work",
    "/providers/C10/slipping",
)


@pytest.fixture
def told(app: Flask, record: Record) -> Scenario:
    """A case that nobody has seen for 60 days, one with a year of visits, and one that nobody has held for 20 days."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN", began_days_ago=200)
    for day in range(0, 196, 4):
        told.visit("X000002", days_ago=day + 0.5, worker="OWEN" if day % 12 else "SIAN")
    told.case("X000003", "Chris Example", began_days_ago=30)
    left = {"practitioner": "", "team": "CF1", "provider": "C10", "reason": AllocationReason.STAFF}
    told.do("X000003", allocation.allocate, **left, by="MEERA", occurred_at=told.in_days(-20))
    app.extensions["throughline"].read_side.catch_up()
    return told


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_from_what_slips_to_the_form_that_mends_it(told: Scenario, open_as: Open, javascript: bool) -> None:
    counted = Counted(page := open_as("MEERA", javascript=javascript))
    counted.click(page.get_by_role("navigation", name="Parts of the team").get_by_role("link", name="Slipping"))
    counted.click(page.get_by_role("link", name=re.compile("No officer")))
    expect(page.get_by_role("status")).to_contain_text("1 thing")
    expect(page.locator(".govuk-inset-text")).to_contain_text("held by somebody")
    assert "about=nobody" in page.url
    counted.click(page.get_by_role("link", name=re.compile("^Allocate.*Chris Example")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chris Example")
    assert counted.cost == Cost(clicks=3, keys=0, loads=2 if javascript else 3)


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_from_a_week_to_its_cases(told: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as("MEERA", javascript=javascript)
    page.get_by_role("link", name="Ahead").click()
    page.get_by_role("region", name="What comes, by week").get_by_role("row", name="Supervision ends").wait_for()
    page.get_by_role("region", name="What comes, by week").get_by_role("link").first.click()
    expect(page.get_by_role("status")).to_contain_text("Week of")
    expect(page.get_by_role("region", name="What comes, case by case").get_by_role("row")).not_to_have_count(0)


def test_by_keyboard_alone(told: Scenario, open_as: Open) -> None:
    page = open_as("MEERA")
    _tab_to(page, "Slipping")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Slipping")
    _tab_to(page, re.compile("^Contact"))
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=true]")).to_contain_text("Contact")
    _tab_to(page, re.compile("^Arrange an appointment"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Arrange")


def _tab_to(page: Page, name: str | re.Pattern[str]) -> None:
    target = page.get_by_role("link", name=name).first
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("link => link === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_the_pages_are_accessible_and_fit_a_telephone(told: Scenario, open_as: Open) -> None:
    page = open_as("MEERA")
    for address in PAGES:
        page.goto(address)
        assert faults(page) == [], address
