"""Workload: a team's cases and points by officer, each opening to its cases; a provider's by team; hours change what can be carried."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import allocation, cover, risk
from domain.allocation import AllocationReason
from domain.cover import CoverReason
from domain.working_days import local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text

PAGE = "/teams/CF1/workload"


def told_once(told: Scenario) -> None:
    """Siân holds a case of medium and one of high RoSH, taken on 60 days ago and now, and Owen stands in for one; nobody holds a third."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", began_days_ago=5)
    told.do("X000002", risk.assess_rosh, policy=told.policy, level=risk.Rosh.HIGH, rationale="Threats.")
    until = local_day(told.now) + timedelta(days=5)
    told.do(
        "X000001", cover.start_cover, policy=told.policy, practitioner="OWEN", team="CF1", until=until, reason=CoverReason.LEAVE, by="MEERA"
    )
    told.case("X000003", "Chris Example")
    told.do("X000003", allocation.allocate, practitioner="", team="CF1", provider="C10", reason=AllocationReason.STAFF, by="MEERA")


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    return {row.th.a.get_text(): [text(cell) for cell in row.select("td")] for row in page.select("table")[0].select("tbody tr")}


def test_officers_stand_with_their_cases_points_and_what_they_can_carry(manager: Browser) -> None:
    found = rows(soup(manager.get(PAGE)))

    # cases, low, medium, high, very high, not assessed, points, can carry, share, taken on, ending; 63 + 115 of 2,176 are 8.2%.
    assert found["Siân Rowlands"] == ["2", "0", "1", "1", "0", "0", "178", "2,176", "8.2%", "1", "0"]
    assert found["Owen Bradley"] == ["0", "0", "0", "0", "0", "0", "0", "2,176", "0%", "0", "0"]
    assert found["Meera Anand"][7:9] == ["No number", ""]
    assert found["Nobody holds it"][:7] == ["1", "0", "1", "0", "0", "0", "63"]
    assert list(found) == ["Meera Anand", "Owen Bradley", "Siân Rowlands", "Nobody holds it"]


def test_leave_is_seen_by_who_stands_in(manager: Browser) -> None:
    told = {row.th.a.get_text(): text(row.th) for row in soup(manager.get(PAGE)).select("table")[0].select("tbody tr")}
    assert "others stand in for 1 case" in told["Siân Rowlands"]
    assert "stands in for 1 case more" in told["Owen Bradley"]


def test_an_officers_points_open_to_the_cases_and_the_rule(manager: Browser) -> None:
    page = soup(manager.get(f"{PAGE}/SIAN"))

    cases = [(row.a.get_text(), *(text(cell) for cell in row.select("td")[:2])) for row in page.select("tbody tr")]
    assert cases == [("Billie Example", "115", "In the community, high RoSH"), ("Alex Example", "63", "In the community, medium RoSH")]
    assert "2 open cases, 178 points of 2,176: 8.2%" in text(page)
    assert [row.a.get_text() for row in soup(manager.get(f"{PAGE}/-")).select("tbody tr")] == ["Chris Example"]


def test_the_page_explains_itself_by_the_policy(manager: Browser, scenario: Scenario) -> None:
    rules = soup(manager.get(PAGE)).select("table")[-1]
    assert len(rules.select("tbody tr")) == sum(name.startswith("workload.") for name in scenario.policy.sources)
    assert "hmpps-workload" in text(rules)


def test_hours_change_what_can_be_carried(manager: Browser) -> None:
    answer = manager.post(f"{PAGE}/SIAN/hours", {"hours": "18.5"})
    assert (answer.status_code, answer.location) == (303, PAGE)

    page = soup(manager.get(PAGE))
    assert rows(page)["Siân Rowlands"][6:9] == ["178", "1,088", "16.4%"]
    assert "18.5 hours a week" in text(page)


@pytest.mark.parametrize("typed", ["", "many", "-3", "0", "49", "1e9", "18,5", "٣"])
def test_hours_that_make_no_sense_are_asked_again(manager: Browser, typed: str) -> None:
    answer = manager.post(f"{PAGE}/SIAN/hours", {"hours": typed})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html5lib")
    assert "Hours a week must be" in text(page.select_one("#hours-error"))
    assert page.select_one("#hours")["value"] == typed


def test_a_provider_stands_by_team(manager: Browser) -> None:
    page = soup(manager.get("/providers/C10/workload"))
    found = {row.th.get_text(strip=True): [text(cell) for cell in row.select("td")] for row in page.select("table")[0].select("tbody tr")}
    # Two officers of Cardiff have a number, one of Newport.
    assert found["Cardiff"][:9] == ["3", "0", "2", "1", "0", "0", "241", "4,352", "5.5%"]
    assert found["Newport"][6:9] == ["0", "2,176", "0%"]
    assert [a["href"] for a in page.select("tbody th a")] == [PAGE]


def test_on_a_past_day_nothing_of_today_is_known(manager: Browser, scenario: Scenario) -> None:
    assert "it holds no case" in text(soup(manager.get(f"{PAGE}?as_known={local_day(scenario.now) - timedelta(days=1)}")))


def test_the_figures_come_as_files_and_for_programs(manager: Browser) -> None:
    found = list(csv.DictReader(io.StringIO(manager.get(f"{PAGE}.csv").text.removeprefix("\ufeff"))))
    told = manager.get("/api/teams/CF1/workload").get_json()["officers"]
    assert [(row["code"], int(row["points"])) for row in found] == [(one["code"], one["points"]) for one in told]
    assert sum(one["points"] for one in told) == 241
    assert manager.get("/api/providers/C10/workload").get_json()["teams"][0]["points"] == 241
    assert manager.get(f"{PAGE}.csv?as_known=x").status_code == 400


def test_who_may_see_and_what_there_is_not(manager: Browser, app: Flask) -> None:
    assert manager.get(f"{PAGE}/NONE").status_code == 404
    assert manager.get(f"{PAGE}/TOM/hours").status_code == 404
    assert manager.get("/providers/NONE/workload").status_code in (403, 404)
    assert Browser(app).sign_in("NIA").get(PAGE).status_code == 403
    assert Browser(app).sign_in("RUTH").get("/providers/C10/workload").status_code == 403
    inspector = Browser(app).sign_in("HMI0002")
    assert "Alex Example" not in inspector.get(f"{PAGE}/SIAN").text
    assert inspector.get(f"{PAGE}/SIAN/hours").status_code == 403
