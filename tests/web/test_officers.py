"""The page of a team: each officer with cases, points, new cases and what is late, and measures; sorted, in files, past."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.working_days import local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text
from web.sparks import spark

PAGE = "/teams/CF1"


def told_once(told: Scenario) -> None:
    """Siân has held a case for 60 days and one for 5; Owen has one for 20 days with an appointment; nobody holds a fourth."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", began_days_ago=5)
    told.case("X000003", "Chris Example", practitioner="OWEN", began_days_ago=20)
    told.case("X000004", "Dana Example", practitioner="", began_days_ago=6)
    for crn in ("X000002", "X000003", "X000004"):
        told.appointment(crn, in_hours=48)
    for day in range(12):
        told.visit("X000001", days_ago=day + 0.5, worker="SIAN" if day else "OWEN", purposeful=day < 3)


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def table(page: BeautifulSoup, which: int) -> dict[str, list[str]]:
    """The rows of the work (0) or of the measures (1) by the name that they stand under."""
    shown = page.select("table.app-officers")[which]
    return {(row.th.a or row.th).get_text(strip=True): [text(cell) for cell in row.select("td")] for row in shown.select("tbody tr")}


def test_each_officer_stands_with_cases_points_new_cases_and_what_is_late(manager: Browser) -> None:
    found = table(soup(manager.get(PAGE)), 0)

    # cases; points of medium RoSH in the community, 63 each; their share of 2,176; new in 7 and in 28 days; late in all; then by what:
    # officer, contact, enforcement, risk, plan, unpaid work, sentence. Siân's first case has no next appointment and was not instructed.
    assert found["Siân Rowlands"][:6] == ["2", "126", "5.8% of what can be carried, Siân Rowlands", "1", "1", "2 late: Siân Rowlands"]
    assert [cell.split()[0] for cell in found["Siân Rowlands"][6:13]] == ["0", "1", "0", "0", "0", "1", "0"]
    assert found["Owen Bradley"][:2] == ["1", "63"]
    assert found["Owen Bradley"][3:6] == ["0", "1", "0"]
    assert found["Nobody holds it"][0] == "1"
    assert list(found) == ["Meera Anand", "Owen Bradley", "Siân Rowlands", "Nobody holds it"]


def test_a_number_opens_to_its_cases(manager: Browser) -> None:
    row = next(row for row in soup(manager.get(PAGE)).select("table.app-officers")[0].select("tbody tr") if "Siân" in row.get_text())
    assert [a["href"] for a in row.select("a")] == [
        "/teams/CF1/cases?officer=SIAN",
        "/teams/CF1/workload/SIAN",
        "/teams/CF1/slipping?officer=SIAN",
        "/teams/CF1/slipping?about=contact&officer=SIAN",
        "/teams/CF1/slipping?about=unpaid-work&officer=SIAN",
        "/teams/CF1/leaver/SIAN",
        "/teams/CF1/away/SIAN",
    ]
    assert all(manager.get(a["href"]).status_code == 200 for a in row.select("a"))


def test_measures_stand_with_a_line_and_lead_to_their_own_page(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    found = table(page, 1)
    # Twelve visits, three of them purposeful, eleven by the officer who held the case; Owen held one case with no contact.
    assert [cell.split()[0] for cell in found["Siân Rowlands"][:2]] == ["25%", "91.7%"]
    assert found["Owen Bradley"][:2] == ["Too few", "Too few"]
    assert [cell.split()[0] for cell in found["The team"][:2]] == ["25%", "91.7%"]
    shown = page.select("table.app-officers")[1]
    assert shown.select_one('a[href="/practitioners/SIAN/measures/continuity/entries"]')
    assert shown.select_one('a[href="/teams/CF1/measures/continuity/entries"]')
    assert "25" in text(soup(manager.get("/practitioners/SIAN/measures/purposeful-activity")).select_one(".app-figures"))


SORTED = {
    "": ["Meera Anand", "Owen Bradley", "Siân Rowlands"],
    "sort=name&dir=desc": ["Siân Rowlands", "Owen Bradley", "Meera Anand"],
    "sort=cases&dir=desc": ["Siân Rowlands", "Owen Bradley", "Meera Anand"],
    "sort=share&dir=asc": ["Owen Bradley", "Siân Rowlands", "Meera Anand"],
    "sort=late-contact&dir=desc": ["Siân Rowlands", "Meera Anand", "Owen Bradley"],
    "sort=continuity&dir=asc": ["Siân Rowlands", "Meera Anand", "Owen Bradley"],
    "sort=nonsense&dir=sideways": ["Meera Anand", "Owen Bradley", "Siân Rowlands"],
}


def test_the_officers_stand_in_the_order_asked_for_with_nobody_last(manager: Browser) -> None:
    assert {query: list(table(soup(manager.get(f"{PAGE}?{query}")), 0)) for query in SORTED} == {
        query: [*names, "Nobody holds it"] for query, names in SORTED.items()
    }
    headings = soup(manager.get(f"{PAGE}?sort=cases&dir=desc")).select("th[aria-sort]")
    assert [heading.get_text(strip=True) for heading in headings] == ["Cases"]


def test_an_officer_sees_the_work_of_the_team_without_points_and_measures(manager: Browser, app: Flask) -> None:
    sian = Browser(app).sign_in("SIAN")
    page = soup(sian.get(PAGE))
    assert len(page.select("table.app-officers")) == 1
    assert table(page, 0)["Siân Rowlands"][:4] == ["2", "1", "1", "2 late: Siân Rowlands"]
    assert not page.select("a[href*=leaver], a[href*=workload], a[download]")
    assert sian.get("/teams/CF1/officers.csv").status_code == 403


def test_the_page_goes_out_as_files(manager: Browser) -> None:
    lines = {row["code"]: row for row in csv.DictReader(io.StringIO(manager.get(f"{PAGE}/officers.csv").data.decode("utf-8-sig")))}
    assert [lines["SIAN"][name] for name in ("cases", "points", "capacity", "new in 7 days", "late in all", "late: contact")] == [
        "2",
        "126",
        "2176",
        "1",
        "2",
        "1",
    ]
    assert [lines["SIAN"][f"continuity {part}"] for part in ("yes", "no", "not evidenced", "left out", "share")] == [
        "11",
        "1",
        "0",
        "0",
        "0.9167",
    ]
    assert manager.get(f"{PAGE}/officers.ods").status_code == 200
    told = manager.get("/api/teams/CF1/officers?sort=cases&dir=desc").get_json()["officers"]
    assert [row["code"] for row in told] == ["SIAN", "OWEN", "MEERA", ""]


def test_the_page_as_known_before_anything_was_recorded_is_empty(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    page = soup(manager.get(f"{PAGE}?as_known={yesterday}"))
    assert "Nobody worked in this team on the day shown" in text(page)
    assert manager.get(f"{PAGE}?as_known=2199-01-01").status_code == 422


def test_a_line_is_drawn_from_0_to_100_per_cent_and_broken_where_a_month_has_no_share() -> None:
    drawn = spark([0.0, 1.0, None, 0.5])
    assert drawn.path == "M4 22.0h0L14 4.0M34 13.0h0"
    assert (drawn.end, drawn.lowest, drawn.highest, drawn.shown) == ((34, 13.0), 0.0, 1.0, 3)
    assert spark([None, None]).path == ""
