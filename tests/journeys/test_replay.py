"""An inspector goes through a sampled case by keyboard, compares two days of it, and looks at what came after the announcement."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.web.test_replay import MINE, REPLAY, forty_days


@pytest.fixture
def record(synthetic_record: Record) -> Record:
    return forty_days(synthetic_record)


def test_an_inspector_replays_a_case_by_keyboard_and_sees_what_came_after_the_announcement(app: Flask, open_as: Open) -> None:
    app.extensions["throughline"].read_side.catch_up()
    page = open_as(MINE)
    page.goto("/inspections/INS-2026-001")

    # when the case is gone through by keys, on the page and on the slider
    page.get_by_role("link", name="Replay case X000001").press("Enter")
    expect(page.get_by_text("Step 1 of 11")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Step 2 of 11")).to_be_visible()
    slider = page.get_by_role("slider")
    slider.press("End")
    expect(page.get_by_text("Step 11 of 11")).to_be_visible()
    slider.press("ArrowLeft")
    expect(page.get_by_text("Step 10 of 11")).to_be_visible()
    assert faults(page) == []

    # then each of the other looks is one press away, built like every page, and leads back to the entry
    for look, heading in (
        ("Decisions", "What was known when each decision was taken"),
        ("Two days compared", "What differs between two days"),
        ("Through time", "The case through time"),
    ):
        page.get_by_role("navigation", name="Ways to look at the case").get_by_role("link", name=look).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert faults(page) == [], look

    # and the inspection leads to what was recorded since the announcement, and that to its entries
    page.goto("/inspections/INS-2026-001")
    page.get_by_role("link", name="What was recorded since the announcement about the time before").click()
    expect(page.get_by_text("2 entries about earlier days were made in the 6 days since the announcement")).to_be_visible()
    assert faults(page) == []
    page.locator("#kinds tbody a").first.click()
    expect(page.get_by_role("status")).to_contain_text("1 entry in 1 case")
    assert faults(page) == []


def test_without_javascript_the_slider_has_a_button_and_two_days_are_compared(app: Flask, open_as: Open) -> None:
    page = open_as(MINE, javascript=False)
    page.goto(REPLAY)
    page.get_by_role("slider").fill("4")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Step 4 of 11")).to_be_visible()
    expect(page.get_by_text("arrow keys")).to_be_hidden()
    page.get_by_role("link", name="Two days compared").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("3 entries stand otherwise; 2 of them late.")).to_be_visible()
