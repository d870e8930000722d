"""A team's cases: what it holds, found and put in order, and what nobody holds."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from domain import risk
from domain.entry import withdraw_entry
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup


def table(page: BeautifulSoup, caption: str) -> Tag:
    found = next(t for t in page.select("table") if caption in t.caption.get_text())
    return found


def names(page: BeautifulSoup) -> list[str]:
    return [row.th.a.get_text() for row in page.select("#caseload tbody tr")]


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Ångström", practitioner="OWEN")
    told.case("X000003", "Chris Nobody", practitioner="")
    told.case("X000004", "Dana Elsewhere", practitioner="TOM", team="NP1")
    told.visit("X000001", days_ago=1)
    told.visit("X000001", days_ago=2, worker="OWEN")
    told.appointment("X000001", in_hours=48)
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def test_the_managers_home_is_the_page_of_their_team(manager: Browser) -> None:
    answer = manager.get("/team")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/teams/CF1"


def test_the_page_lists_the_teams_cases_and_no_others(manager: Browser) -> None:
    page = soup(manager.get("/teams/CF1/cases"))

    assert page.title.get_text(strip=True) == "Team caseload - Throughline"
    assert names(page) == ["Billie Ångström", "Alex Example", "Chris Nobody"]
    assert page.select_one("#caseload [role=status]").get_text(strip=True) == "3 cases"
    row = next(r for r in page.select("#caseload tbody tr") if "X000001" in r.get_text())
    assert "Siân Rowlands" in row.get_text()
    assert "Medium RoSH" in row.get_text()
    assert row.th.a["href"] == "/cases/X000001"


def test_cases_that_nobody_holds_stand_apart_with_a_way_to_allocate_them(manager: Browser) -> None:
    assert soup(manager.get("/teams/CF1")).select_one('a[href="/teams/CF1/to-allocate"]')
    page = soup(manager.get("/teams/CF1/to-allocate"))

    unheld = table(page, "nobody holds")
    assert [a["href"] for a in unheld.select("tbody a")] == ["/cases/X000003", "/cases/X000003/allocate"]


EVERYBODY = ["Billie Ångström", "Alex Example", "Chris Nobody"]
NARROWED = {
    "officer=SIAN": ["Alex Example"],
    "officer=-": ["Chris Nobody"],
    "rosh=medium": EVERYBODY,
    "rosh=high": [],
    "without_next=yes": ["Billie Ångström", "Chris Nobody"],
    "search=angstrom": ["Billie Ångström"],
    "search=x000001": ["Alex Example"],
    "search=%25": [],
    "sort=officer&dir=desc": ["Alex Example", "Billie Ångström", "Chris Nobody"],
    "sort=nonsense&dir=sideways&page=77&rosh=purple&officer=ZZZ": EVERYBODY,
    "page=-3": EVERYBODY,
    "page=one": EVERYBODY,
    "search=%00": EVERYBODY,
}


def test_the_list_is_narrowed_and_ordered_by_its_address(manager: Browser) -> None:
    answers = {query: manager.get(f"/teams/CF1/cases?{query}") for query in NARROWED}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {query: names(soup(answer)) for query, answer in answers.items()} == NARROWED


def test_an_empty_list_says_what_to_do_next(manager: Browser) -> None:
    page = soup(manager.get("/teams/CF1/cases?search=zebra"))

    assert "take a filter away" in page.select_one("#caseload").get_text()


def test_typing_in_the_filter_brings_only_the_list(manager: Browser) -> None:
    answer = manager.get("/teams/CF1/cases?search=alex", headers={"HX-Request": "true", "HX-Target": "caseload"})

    page = soup(answer)
    assert names(page) == ["Alex Example"]
    assert page.h1 is None


def test_a_review_that_is_overdue_says_so(scenario: Scenario, manager: Browser, app: Flask) -> None:
    assessed = {"policy": scenario.policy, "level": risk.Rosh.HIGH, "rationale": "Threats."}
    scenario.case("X000005", "Eve Example", began_days_ago=100)
    # The assessment that counts is the latest by when it was made, so this case's first one, made today, is withdrawn.
    scenario.do("X000005", withdraw_entry, entry=scenario.version("X000005"), reason="Another person's.")
    due = local_day(scenario.in_days(-3))
    scenario.do("X000005", risk.assess_rosh, **assessed, assessed_at=scenario.in_days(-40), review_due_on=due)
    app.extensions["throughline"].read_side.catch_up()

    page = soup(manager.get("/teams/CF1/cases?sort=review"))

    first = page.select_one("#caseload tbody tr")
    assert first.th.a.get_text() == "Eve Example"
    assert "Overdue" in first.get_text()
    assert "High RoSH" in first.get_text()
    assert page.select_one("th[aria-sort=ascending]").get_text(strip=True) == "Review due"


def test_an_officer_sees_the_cases_without_allocation(manager: Browser, app: Flask) -> None:
    sian = Browser(app).sign_in("SIAN")

    assert len(names(soup(sian.get("/teams/CF1/cases")))) == 3
    assert not soup(sian.get("/teams/CF1/to-allocate")).select("a[href$='/allocate']")


def test_addresses_of_the_list_from_before_it_had_its_own_page_still_lead_to_it(manager: Browser) -> None:
    for query in ("officer=SIAN", "search=alex&page=2", "sort=review&dir=desc", "without_next=yes&as_known=2026-01-31"):
        answer = manager.get(f"/teams/CF1?{query}")
        assert (answer.status_code, answer.location) == (303, f"/teams/CF1/cases?{query}")


def test_nobody_sees_a_team_that_is_not_theirs(manager: Browser, app: Flask) -> None:
    for part in ("", "/cases", "/to-allocate", "/slipping", "/ahead"):
        assert manager.get(f"/teams/NP1{part}").status_code == 403
    assert manager.get("/teams/ZZZ").status_code == 403
    assert Browser(app).sign_in("HMI0002").get("/teams/CF1").status_code == 403
    assert Browser(app).sign_in("ADM0001").get("/team").status_code == 403


def test_the_team_as_known_before_anything_was_recorded_is_empty(manager: Browser) -> None:
    answer = manager.get("/teams/CF1/cases?as_known=2020-02-29")

    page = soup(answer)
    assert answer.status_code == 200
    assert "As known on 29 February 2020" in page.get_text()
    assert names(page) == []


def test_a_day_that_is_none_gets_a_message_and_the_present(manager: Browser) -> None:
    for day in ("yesterday", "2999-01-01", "20200229", "2026-02-30", "0000-00-00", "9999-12-31"):
        answer = manager.get(f"/teams/CF1/cases?as_known={day}")

        page = soup(answer)
        assert answer.status_code == 422
        assert "The day must be a date before today" in page.select_one("#as_known-error").get_text()
        assert page.select_one("#as_known")["value"] == day
        assert len(names(page)) == 3
