"""Recording: the page of a team counts entries, each figure opens to as many, and a day of the past knows no later ones."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.case import Case, case_id
from domain.entry import correct_entry, withdraw_entry
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text

PAGE = "/teams/CF1/recording"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Four contacts: one of today, one of twenty days ago, one corrected and one withdrawn; and the assessment of the risk."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example", began_days_ago=60)
    told.visit(days_ago=0)
    told.visit(days_ago=20)
    for command, days_ago in ((correct_entry, 1), (withdraw_entry, 2)):
        entry = told.visit(days_ago=days_ago)
        more = {"reads": record.state(Case, case_id("X000001")).entries[entry]} if command is correct_entry else {}
        record.change(Case, case_id("X000001"), command, uuid4(), now=told.now, by="SIAN", entry=entry, reason="A slip.", **more)
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def figures(page: BeautifulSoup) -> dict[str, str]:
    return {box.select_one(".app-figure__label").get_text(): text(box) for box in page.select(".app-figure")}


def test_the_page_counts_what_was_made_late_corrected_and_withdrawn(manager: Browser) -> None:
    found = figures(soup(manager.get(PAGE)))

    assert re.search(r"Entries made 5\b", found["Entries made"])
    assert "1 of 4 entries" in found["Late"]
    assert "1 of 5 entries" in found["Corrected later"]
    assert "1 of 5 entries" in found["Withdrawn"]
    assert "Too few" in found["Late"]


def test_every_figure_opens_to_as_many_entries(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    counted = [a for a in page.select(".app-figure a, .app-dense td a") if "/recording/entries" in a["href"]]

    assert len(counted) > 10
    for link in counted:
        if (count := link.find(string=True, recursive=False)).strip().isdigit():
            rows = soup(manager.get(link["href"])).select("tbody tr")
            assert len(rows) == int(count), link["href"]


def test_a_late_entry_is_named_with_its_days_and_leads_to_the_entry(manager: Browser, scenario: Scenario) -> None:
    (row,) = soup(manager.get(f"{PAGE}/entries?what=late")).select("tbody tr")

    assert "20 days" in text(row)
    assert "Late" in text(row)
    assert row.a["href"].startswith("/cases/X000001/entries/")


def test_no_officer_is_named(manager: Browser) -> None:
    for address in (PAGE, f"{PAGE}/entries"):
        assert "Rowlands" not in text(soup(manager.get(address)).main)


def test_an_unusual_week_is_told_with_innocent_causes_and_never_as_a_charge(manager: Browser) -> None:
    told = text(soup(manager.get(PAGE)))

    assert "a week was unusual, and not why" in told
    assert "too few weeks before" in told
    assert not re.search(r"fraud|falsif|suspicio", told, re.IGNORECASE)


def test_a_provider_stands_by_team_with_the_same_figures_as_the_team(manager: Browser) -> None:
    page = soup(manager.get("/providers/C10/recording"))
    (row,) = page.select_one("table").select("tbody tr")
    assert [text(cell) for cell in row.select("td")] == ["5", "1", "Too few", "Too few", "Too few", "None"]
    assert row.a["href"] == PAGE
    assert manager.get("/providers/N03/recording").status_code == 403


def test_the_nation_stands_by_provider_and_leads_to_each(manager: Browser, app: Flask) -> None:
    inspector = Browser(app).sign_in("HMI0002")
    page = soup(inspector.get("/recording"))
    (row,) = page.select_one("table").select("tbody tr")
    assert [text(cell) for cell in row.select("td")][:2] == ["5", "1"]
    assert row.a["href"] == "/providers/C10/recording"
    assert "Recording by provider" in text(page)
    assert soup(inspector.get("/measures")).select_one('a[href="/recording"]')
    assert manager.get("/recording").status_code == 403


def test_the_weeks_of_a_provider_are_those_of_its_only_team(manager: Browser) -> None:
    def weeks(address: str) -> list[list[str]]:
        (table,) = (t for t in soup(manager.get(address)).select("table") if t.caption and "by week" in t.caption.get_text())
        return [[text(cell).split(" ")[0] for cell in row.select("th, td")] for row in table.select("tbody tr")]

    assert weeks("/providers/C10/recording") == weeks(PAGE)
    assert len(weeks(PAGE)) > 50


def test_the_parts_of_a_past_day_know_no_later_entries(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    assert "Nothing was recorded" in text(soup(manager.get(f"/providers/C10/recording?as_known={yesterday}")))
    assert "2026-11-1, not the one in force" in text(soup(manager.get("/providers/C10/recording?policy=2026-11-1")))


def test_on_a_past_day_later_entries_are_not_known(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    assert re.search(r"Entries made 0\b", figures(soup(manager.get(f"{PAGE}?as_known={yesterday}")))["Entries made"])


def test_another_version_of_the_policy_counts_the_same_entries(manager: Browser) -> None:
    page = soup(manager.get(f"{PAGE}?policy=2026-11-1"))
    assert "2026-11-1, not the one in force" in text(page)
    assert "1 of 4 entries" in figures(page)["Late"]


def test_weeks_come_as_a_file(manager: Browser) -> None:
    rows = list(csv.DictReader(io.StringIO(manager.get(f"{PAGE}.csv").text.removeprefix("\ufeff"))))
    weeks = manager.get("/api/teams/CF1/recording").get_json()["weeks"]
    assert [row["week"] for row in rows] == [week["week"] for week in weeks]
    assert sum(int(row["recorded"]) for row in rows) == sum(week["recorded"] for week in weeks) == 4
    assert {row["whose code"] for row in rows} == {"CF1"}


def test_unknown_teams_and_nonsense_in_the_address(manager: Browser, app: Flask) -> None:
    assert manager.get("/teams/CF1/recording?as_known=yesterday").status_code == 422
    assert manager.get("/teams/CF1/recording.csv?from=x").status_code == 400
    assert manager.get(f"{PAGE}/entries?since=0001-01-01&until=0001-01-01&band=99&kind=x&what=y").status_code == 200
    inspector = Browser(app).sign_in("HMI0002")
    assert inspector.get("/teams/NONE/recording").status_code == 404
    assert "not in a sample of yours" in text(soup(inspector.get(f"{PAGE}/entries")))


def test_another_teams_manager_is_not_let_in(manager: Browser, app: Flask) -> None:
    assert Browser(app).sign_in("NIA").get(PAGE).status_code == 403
