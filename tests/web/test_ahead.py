"""What lies ahead of a team: by week and by officer, each number down to its cases, under the filters of the address."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import cover, plan
from domain.contact import Mode
from domain.cover import CoverReason
from domain.working_days import local_day
from projections.statistics.delay import week_of
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text

PAGE = "/teams/CF1/ahead"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """A new case with an appointment in two days; another whose officer is on leave for ten days more; and one in Newport."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example", began_days_ago=1)
    told.appointment("X000001", in_hours=48)
    told.case("X000002", "Billie Example", practitioner="OWEN", began_days_ago=3)
    told.visit("X000002", days_ago=1)
    until = local_day(told.now) + timedelta(days=10)
    away = {"policy": told.policy, "practitioner": "SIAN", "team": "CF1", "until": until, "reason": CoverReason.LEAVE, "by": "MEERA"}
    told.do("X000002", cover.start_cover, **away)
    told.do("X000002", plan.set_pattern, every_days=7, mode=Mode.OFFICE, why="Settling in.")
    told.case("X000004", "Dana Elsewhere", practitioner="TOM", team="NP1", began_days_ago=1)
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def totals(page: BeautifulSoup, caption: str) -> dict[str, str]:
    """The last column of a table of weeks: what comes in all."""
    shown = next(t for t in page.select("table") if caption in t.caption.get_text())
    return {row.th.get_text(strip=True): text(row.select("td")[-1]).split()[0] for row in shown.select("tbody tr")}


def listed(page: BeautifulSoup) -> list[tuple[str, str]]:
    shown = next(t for t in page.select("table") if "case by case" in t.caption.get_text())
    return [(row.th.a.get_text(), text(row.select("td")[-1])) for row in shown.select("tbody tr")]


def test_what_comes_in_eight_weeks_stands_by_week(manager: Browser) -> None:
    page = soup(manager.get(PAGE))

    # Both sentences with unpaid work began days ago: an instruction is due 25 working days after it, within eight weeks.
    assert totals(page, "What comes, by week") == {
        "First appointments": "1",
        "Plans": "0",
        "Reviews": "0",
        "Risk": "0",
        "Enforcement": "0",
        "Unpaid work": "2",
        "Custody ends": "0",
        "Supervision ends": "0",
        "Cover ends": "1",
    }
    assert len(page.select("table")[0].select("thead th")) == 1 + 8 + 1
    assert totals(page, "By officer and week") == {"Meera Anand": "0", "Owen Bradley": "2", "Siân Rowlands": "2", "Nobody holds it": "0"}
    assert sorted(listed(page)) == [
        ("Alex Example", "First appointment"),
        ("Alex Example", "Instruction to unpaid work First instruction"),
        ("Billie Example", "Cover ends leave"),
        ("Billie Example", "Instruction to unpaid work First instruction"),
    ]


def test_a_number_opens_to_its_cases(manager: Browser, scenario: Scenario) -> None:
    page = soup(manager.get(PAGE))
    week = week_of(local_day(scenario.now) + timedelta(days=10))
    (link,) = [a["href"] for a in page.select("table")[0].select(f'a[href*="what=cover-ends&week={week}"]')]
    opened = soup(manager.get(link))
    assert listed(opened) == [("Billie Example", "Cover ends leave")]
    assert text(opened.select_one("[role=status]")).startswith("Week of")
    # The table by officer is then of the same kind.
    assert totals(opened, "By officer and week")["Owen Bradley"] == "1"
    assert totals(opened, "By officer and week")["Siân Rowlands"] == "0"


def test_an_officer_narrows_every_number(manager: Browser) -> None:
    page = soup(manager.get(f"{PAGE}?officer=SIAN"))
    assert totals(page, "What comes, by week")["Unpaid work"] == "1"
    assert {row[0] for row in listed(page)} == {"Alex Example"}
    assert page.select_one("select#officer option[selected]").get_text() == "Siân Rowlands"


@pytest.mark.parametrize("query", ["what=nonsense&week=yesterday&officer=ZZZ&page=99", "week=2020-01-06", "page=-1"])
def test_what_the_address_says_that_there_is_not_does_not_narrow(manager: Browser, query: str) -> None:
    assert len(listed(soup(manager.get(f"{PAGE}?{query}")))) == 4


def test_a_past_day_looks_ahead_from_then(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    assert "Nothing of this comes in these weeks" in text(soup(manager.get(f"{PAGE}?as_known={yesterday}")))
    assert manager.get(f"{PAGE}?as_known=2199-01-01").status_code == 422
