"""Charts in a browser, in the service's own frame: reached by keyboard, free of faults, whole on a telephone and in other colours."""

import re

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Page, expect

from domain.access import Action
from projections.statistics.funnel import Group, funnel
from projections.statistics.xmr import xmr
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.rules import POLICY
from tests.scenario import Scenario
from web import charts
from web.charts import Bar, Point
from web.gate import allow

RULE = POLICY.comparison
ADDRESS = "/measures"
"""Whose page the charts borrow, so that the frame, the gate and the content security policy are the real ones."""
PAGE = """{% extends "layout.html" %}{% from "chart.html" import chart %}{% block content %}
<h1 class="govuk-heading-l">Comparison</h1>{% for it in charts %}{{ chart(it, level=2) }}{% endfor %}{% endblock %}"""
MONTHS = [f"{month} 2025" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")] + [
    "Jan 2026",
    "Feb 2026",
]
TEAMS = ("Barry", "Bangor", "Conwy", "Flint", "Neath", "Newport", "Rhyl", "Swansea", "Tenby")


@pytest.fixture
def app(app: Flask, record: Record, monkeypatch: pytest.MonkeyPatch) -> Flask:
    Scenario(record).staff()
    app.extensions["throughline"].read_side.catch_up()

    @allow(Action.SEE_MEASURES)
    def compared() -> str:
        groups = [
            *(Group(f"T{i}", name, 58 + i, 100) for i, name in enumerate(TEAMS)),
            Group("W", "Wrexham", 95, 100),
            Group("E", "Ewloe", 1, 3),
        ]
        values = [0.5, 0.54] * 6 + [None, 0.9]
        months = enumerate(zip(MONTHS, values, strict=True))
        points = [Point(label, value, f"{ADDRESS}?month={i}") for i, (label, value) in months]
        shown = (
            charts.funnel(
                funnel(groups, RULE, smallest=10),
                name="teams",
                subject="Share in time, by team",
                group="Team",
                href=lambda k: f"{ADDRESS}?team={k}",
            ),
            charts.series(points, xmr(values, RULE, least=0, most=1), name="months", subject="Share in time, by month"),
            charts.distribution(
                [Bar("Same day", 80), Bar("Later", 20)], name="delays", subject="Delay", title="Most the same day", axis="Delay"
            ),
        )
        return render_template_string(PAGE, title="Comparison", charts=shown)

    monkeypatch.setitem(app.view_functions, "measure.index", compared)
    return app


def opened(page: Page) -> Page:
    page.goto(ADDRESS)
    return page


def test_a_page_of_charts_is_free_of_faults_and_fits_a_telephone(open_as: Open) -> None:
    page = opened(open_as("MEERA"))
    assert page.locator("svg.app-chart__picture").count() == 3
    assert faults(page) == []
    for summary in page.locator("figure summary").all():
        summary.click()
    assert faults(page) == []


def test_pictures_have_the_names_and_words_that_stand_beside_them(open_as: Open) -> None:
    page = opened(open_as("MEERA"))
    picture = page.get_by_role("group", name="Wrexham is above the 99.8% limits", exact=True)
    expect(picture).to_have_accessible_description(re.compile("^Each mark is one team"))
    expect(page.get_by_role("group", name="Feb 2026 is above the upper limit", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Most the same day", exact=True)).to_be_visible()


def test_without_javascript_and_by_keyboard_alone_a_point_leads_to_what_is_behind_it(open_as: Open) -> None:
    page = opened(open_as("MEERA", javascript=False))
    page.get_by_role("region", name="Chart: Share in time, by team").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    # Barry shields Ewloe, the small one; after Bangor comes Conwy.
    focused = page.locator("svg a:focus")
    expect(focused).to_have_accessible_name("Conwy: 60%, 60 of 100, inside the limits")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{ADDRESS}?team=T2")


def test_small_groups_are_in_no_part_of_the_page_but_the_table(open_as: Open) -> None:
    page = opened(open_as("MEERA"))
    assert page.get_by_role("link", name="Barry: 58%").count() == 0
    page.locator("figure summary").first.click()
    assert page.get_by_role("row", name="Barry Too few to show").count() == 1
    assert page.get_by_role("row", name="Ewloe Too few to show").count() == 1


def test_in_the_reader_s_own_colours_words_lines_and_points_are_theirs(open_as: Open) -> None:
    page = opened(open_as("MEERA"))
    page.emulate_media(forced_colors="active", color_scheme="dark")

    def painted(selector: str, what: str) -> str:
        return str(page.locator(f"svg.app-chart__picture {selector}").first.evaluate(f"element => getComputedStyle(element).{what}"))

    theirs = str(page.locator("h1").evaluate("element => getComputedStyle(element).color"))
    links = str(page.locator("figure a.govuk-link").first.evaluate("element => getComputedStyle(element).color"))
    assert painted("text", "fill") == theirs
    assert painted(".limits_marks path", "stroke") == theirs
    assert painted(".mark-symbol a path", "fill") == links


def test_on_paper_a_whole_chart_fits_the_width(open_as: Open) -> None:
    page = opened(open_as("MEERA", width=600))
    page.emulate_media(media="print")
    boxes = [picture.bounding_box() for picture in page.locator("svg.app-chart__picture").all()]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 600 for box in boxes)
