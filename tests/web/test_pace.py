"""The pace of cases: rates, gaps and the flag on the page of purposeful activity, each with the cases behind it."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text as said

PURPOSEFUL = "/teams/CF1/measures/purposeful-activity"
CASES = f"{PURPOSEFUL}/pace"


def facts(page: BeautifulSoup) -> list[str]:
    """What the summary says of the rate, the flag and the gaps."""
    return [said(value) for value in page.select("dl.govuk-summary-list dd")]


def listed(page: BeautifulSoup) -> dict[str, list[str]]:
    """Each case's row by its reference."""
    table = page.find("caption", string=lambda text: text and text.startswith("Cases by name")).parent
    return {row.select_one(".app-crn").get_text(): [said(td) for td in row.select("td")] for row in table.select("tbody tr")}


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Three cases of a team: two of 60 days with a purposeful contact 1 and 3 days ago, and one of 120 days without any."""
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    told.case("X000003", "Chris Example", began_days_ago=120)
    told.visit("X000001", days_ago=1)
    told.visit("X000002", days_ago=3, worker="OWEN")
    told.visit("X000003", days_ago=2, purposeful=False)
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def test_a_team_s_rate_is_all_purposeful_contacts_over_all_days_of_exposure(manager: Browser) -> None:
    """2 contacts in 60 + 60 + 120 days are 0.25 in 30 days."""
    rate, flagged, gaps = facts(soup(manager.get(PURPOSEFUL)))
    assert rate == "0.25 : 2 purposeful contacts in 240 days on which people could be seen, in 3 cases"
    assert flagged == "1 case without a purposeful contact for 90 days or more"
    assert gaps.startswith("Fewer than 10 cases: too few for a middle and quarters. In 1 case it has not ended yet")


def test_every_figure_leads_to_the_cases_behind_it(manager: Browser) -> None:
    page = soup(manager.get(PURPOSEFUL))
    links = {a["href"] for a in page.select("a[href]") if a["href"].startswith(CASES)}
    assert links == {CASES, *(f"{CASES}?show={kind}" for kind in ("flagged", "0", "1", "2", "3"))}
    counts = {kind: len(listed(soup(manager.get(f"{CASES}?show={kind}")))) for kind in ("", "flagged", "1", "3")}
    assert counts == {"": 3, "flagged": 1, "1": 2, "3": 1}
    assert "There is no such case" in manager.get(f"{CASES}?show=0").text


def test_the_cases_stand_by_name_with_their_rate_and_gaps(manager: Browser) -> None:
    page = soup(manager.get(CASES))
    assert listed(page) == {
        "X000001": ["Siân Rowlands", "1", "60", "0.5", "59 days", "1"],
        "X000002": ["Owen Bradley", "1", "60", "0.5", "57 days", "3"],
        "X000003": ["Siân Rowlands", "0", "120", "0.0", "at least 120 days", "120"],
    }
    (flag,) = page.select("tbody th .moj-badge")
    assert said(flag.parent).startswith("Chris Example")


def test_an_officer_sees_the_pace_of_their_own_cases(manager: Browser, app: Flask) -> None:
    officer = Browser(app).sign_in("OWEN")
    page = soup(officer.get("/practitioners/OWEN/measures/purposeful-activity"))
    assert facts(page)[0].startswith("0.50 : 1 purposeful contact in 60 days")
    assert list(listed(soup(officer.get("/practitioners/OWEN/measures/purposeful-activity/pace")))) == ["X000002"]


def test_an_inspector_is_told_no_names_and_the_nation_has_a_page(manager: Browser, app: Flask) -> None:
    inspector = Browser(app).sign_in("HMI0002")
    answer = inspector.get("/measures/purposeful-activity/pace")
    assert "Alex Example" not in answer.text
    assert "X000001" in answer.text
    assert "/measures/purposeful-activity/pace" in inspector.get("/measures/purposeful-activity").text


def test_a_day_of_the_past_knows_only_what_was_recorded_then(manager: Browser, scenario: Scenario) -> None:
    day = local_day(scenario.in_days(-1))
    page = soup(manager.get(f"{CASES}?as_known={day}"))
    assert "Nobody is under supervision here now." in page.get_text()


def test_a_kind_of_case_that_there_is_not_is_not_found(manager: Browser) -> None:
    assert manager.get(f"{CASES}?show=nobody").status_code == 404


def test_the_cases_of_another_team_are_not_a_manager_s_to_see(manager: Browser) -> None:
    assert manager.get("/teams/NP1/measures/purposeful-activity/pace").status_code == 403


def test_the_cases_can_be_taken_away_as_a_file_and_read_by_a_program(manager: Browser) -> None:
    rows = list(csv.DictReader(io.StringIO(manager.get(f"{CASES}.csv?show=flagged").text.lstrip("\ufeff"))))
    assert [(row["case"], row["person"], row["longest gap in days"]) for row in rows] == [("X000003", "Chris Example", "120")]
    told = manager.get(f"/api{CASES}?show=flagged").json
    assert [(row["case"], row["longest gap has not ended"], row["in 30 days"]) for row in told["cases"]] == [("X000003", True, 0.0)]
