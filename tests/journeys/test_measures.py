"""Measures in a browser: from the nation by way of a chart to a team, its entries and a file, with and without JavaScript."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario

INSPECTOR = "HMI0002"
FIRST = 30_000
"""The first chart loads the libraries of statistics and of drawing."""


@pytest.fixture
def told(app: Flask, record: Record) -> Scenario:
    """Three months of contacts in Cardiff and Newport, and some in the NPS."""
    told = Scenario(record).staff()
    for crn, worker, team, provider in (
        ("X000001", "SIAN", "CF1", "C10"),
        ("X000002", "TOM", "NP1", "C10"),
        ("X000003", "ALED", "NC1", "N03"),
    ):
        told.case(crn, "Alex Example", worker, team, provider, began_days_ago=100)
        for day in range(0, 96, 2):
            told.visit(crn, days_ago=day + 0.5, worker=worker if day % 6 else "OWEN")
    app.extensions["throughline"].read_side.catch_up()
    return told


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_from_the_nation_to_an_entry(told: Scenario, open_as: Open, javascript: bool) -> None:
    page = open_as(INSPECTOR, javascript=javascript)
    page.get_by_role("link", name="Measures").click()
    page.get_by_role("row", name="Continuity of relationship").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Continuity of relationship")
    if not javascript:
        page.get_by_role("link", name="What stands out, in charts").click()

    # The charts say what they show in words, and each mark leads to whom it stands for.
    chart = page.locator("figure[aria-labelledby=parts-title]")
    expect(chart.get_by_role("heading")).to_have_text(re.compile("No provider stands out|limits"), timeout=FIRST)
    chart.locator("svg a").filter(has_text="Wales CRC").first.dispatch_event("click") if javascript else page.goto(
        chart.locator("svg a").filter(has_text="Wales CRC").first.get_attribute("href") or ""
    )
    expect(page.locator("main .govuk-caption-l")).to_have_text("Wales CRC")

    page.get_by_role("region", name="by team").get_by_role("link", name="Cardiff", exact=True).click()
    expect(page.locator("main .govuk-caption-l")).to_have_text("Cardiff")
    page.get_by_role("region", name="by officer").get_by_role("row", name="Siân Rowlands").get_by_role("link").nth(2).click()
    expect(page.get_by_role("status")).to_contain_text("16 entries in 1 case")
    expect(page.locator("section table")).to_contain_text("Held by somebody other than the officer allocated at the time")


def test_its_pages_are_accessible_and_fit_a_telephone_with_charts(told: Scenario, open_as: Open) -> None:
    pages = ("/measures/continuity", "/measures/continuity/charts", "/providers/C10/measures/continuity", "/providers/C10/measures")
    page = open_as(INSPECTOR)
    for address in pages:
        page.goto(address)
        if address.endswith("continuity"):
            expect(page.locator("#charts")).to_be_visible(timeout=FIRST)
        assert faults(page) == [], address


def test_the_figures_and_the_entries_behind_them_are_kept_as_files(told: Scenario, open_as: Open) -> None:
    page = open_as(INSPECTOR)
    page.goto("/teams/CF1/measures/continuity")
    kept = []
    for link in page.locator("a[download]").all():
        with page.expect_download() as saved:
            link.click()
        kept.append((saved.value.suggested_filename, saved.value.path().stat().st_size > 200))
    assert kept[:2] == [("continuity.csv", True), ("continuity.ods", True)]
    assert kept[3:5] == [("continuity-entries.csv", True), ("continuity-entries.ods", True)]
    assert all(full for _, full in kept)
