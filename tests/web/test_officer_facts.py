"""Officers of a team's cases: each figure is counted by hand, and opens to the cases that it counts."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.allocation import UNALLOCATED, AllocationReason, ReasonClass, allocate
from domain.sentence import end_sentence
from domain.working_days import local_day
from projections import officer_facts
from projections.read_models import ReadSide
from store.record import Record
from tests.conftest import Browser
from tests.rules import POLICY
from tests.scenario import Scenario
from tests.web.reading import soup, text

PAGE = "/teams/CF1/officers-of-cases"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Alex stayed with Siân. Billie went to Owen half-way. Casey was moved to Owen for order's sake and is held by nobody since. Drew's
    supervision has ended."""
    told = Scenario(record).staff()
    for number, name in enumerate(("Alex", "Billie", "Casey", "Drew"), 1):
        told.case(f"X00000{number}", f"{name} Example", began_days_ago=60)
    changed(told, "X000002", 30, "OWEN", AllocationReason.STAFF)
    changed(told, "X000003", 40, "OWEN", AllocationReason.ADMINISTRATIVE)
    changed(told, "X000003", 10, UNALLOCATED, AllocationReason.STAFF)
    told.do("X000004", end_sentence, sentence=2, how="completed", ended_at=told.now)
    for days_ago in (8, 6, 4, 2):
        told.visit(days_ago=days_ago)
    return told


def changed(told: Scenario, crn: str, days_ago: int, to: str, reason: AllocationReason) -> None:
    when = told.in_days(-days_ago)
    told.do(crn, allocate, practitioner=to, team="CF1", provider="C10", reason=reason, occurred_at=when)


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def rows(page: BeautifulSoup, caption: str) -> dict[str, list[str]]:
    (table,) = [t for t in page.select("table") if text(t.caption) == caption]
    return {text(row.th): [re.sub(r" cases?:.*", "", text(cell)) for cell in row.select("td")] for row in table.select("tbody tr")}


def test_the_facts_of_each_case_are_those_of_its_officer_line(scenario: Scenario, record: Record) -> None:
    read_side = ReadSide(record, POLICY)
    read_side.prepare()
    with read_side.reading() as conn:
        alex, billie, casey = officer_facts.of_team(conn, "CF1", scenario.now, POLICY.continuity)
    assert (alex.officers, alex.held_days, alex.longest_share, alex.without_days, alex.case.coc) == (1, 60, 1.0, 0, 1.0)
    assert (billie.officers, billie.held_days, billie.without_days, billie.case.coc) == (2, 30, 0, None)
    assert billie.longest_share == pytest.approx(0.5, abs=0.001)
    assert billie.changes == {ReasonClass.THE_OFFICER: 1}
    assert (casey.officers, casey.held_days) == (1, None)
    assert casey.longest_share == pytest.approx(0.6, abs=0.001)
    assert casey.without_days == (local_day(scenario.now) - local_day(scenario.in_days(-10))).days + 1
    assert casey.changes == {ReasonClass.ADMINISTRATIVE: 1}


def test_the_page_counts_the_open_cases_by_officers_tenure_and_reason(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    officers = rows(page, "Officers in the last 12 months")
    assert officers == {"Nobody": ["0"], "1 officer": ["2"], "2 officers": ["1"], "3 officers": ["0"], "4 officers or more": ["0"]}
    held = rows(page, "How long the present officer has held the case")
    assert {words: cells for words, cells in held.items() if cells != ["0"]} == {"Nobody holds the case": ["1"], "Up to 90 days": ["2"]}
    why = rows(page, "Why the officer changed in the last 12 months")
    assert {words: cells for words, cells in why.items() if cells != ["0", "0"]} == {
        "Because the officer left or was absent": ["1", "1"],
        "Administrative": ["1", "1"],
    }
    figures = {text(box.select_one(".app-figure__label")): text(box) for box in page.select(".app-figure")}
    assert "Too few" in figures["Mean index COC"]
    assert "1 of 3 cases" in figures["Cases with a day without an officer"]


def test_every_figure_opens_to_as_many_cases(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    links = page.select(".app-dense td a")
    assert len(links) == 6
    for link in links:
        behind = soup(manager.get(link["href"]))
        assert str(len(behind.select("tbody tr"))) == link.get_text().split()[0]


def test_the_list_names_each_case_with_its_officers(manager: Browser) -> None:
    page = soup(manager.get(f"{PAGE}/cases?which=changed-administrative"))
    (row,) = page.select("tbody tr")
    assert text(row).startswith("Casey Example X000003 Nobody None 1 ")
    assert text(row).endswith("1 administrative")
    assert row.a["href"] == "/cases/X000003/measures/continuity"


def test_a_figure_that_there_is_not_and_a_list_with_nothing_in_it(manager: Browser) -> None:
    assert manager.get(f"{PAGE}/cases?which=nonsense").status_code == 404
    assert "There is no such case" in text(soup(manager.get(f"{PAGE}/cases?which=officers-4")))
    assert manager.get("/teams/NP1/officers-of-cases").status_code == 403


def test_the_measures_of_continuity_lead_to_it(manager: Browser) -> None:
    page = soup(manager.get("/teams/CF1/measures/few-officers"))
    assert [a for a in page.select("main a") if a["href"].startswith(PAGE)]
