"""My cases: found, ordered and paged, each with when it was last and is next seen."""

import pytest
from bs4 import BeautifulSoup

from domain import sentence
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from web.pages import caseload


def told_once(scenario: Scenario) -> None:
    scenario.case("X000001", "Alex Zebra")
    scenario.case("X000002", "Éric Adams")
    scenario.case("X000003", "Cai Morgan", practitioner="OWEN")


@pytest.fixture
def see(app, browser: Browser, scenario: Scenario):
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in("SIAN")

    def look(query: str = "", **headers: str) -> BeautifulSoup:
        app.extensions["throughline"].read_side.catch_up()
        return soup(browser.get(f"/cases{query}", headers=headers))

    return look


def named(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.select("tbody th a")]


def test_my_cases_are_listed_by_family_name_and_nobody_elses(see) -> None:
    page = see()
    assert named(page) == ["Éric Adams", "Alex Zebra"]
    assert page.select_one("tbody th a")["href"] == "/cases/X000002"
    assert page.select_one("[role=status]").text == "2 cases"
    assert page.caption
    assert "Medium RoSH" in page.table.text


def test_a_case_is_found_by_part_of_a_name_without_accents_or_by_crn(see) -> None:
    assert named(see("?q=eric")) == ["Éric Adams"]
    assert named(see("?q=x000001")) == ["Alex Zebra"]
    assert see("?q=zebra").select_one("#q")["value"] == "zebra"


@pytest.mark.parametrize("query", ["?q=%25", "?q=_", "?q=%00%00", "?q=%5C", "?q=" + "x" * 5000, "?q=%FF", "?q=<script>"])
def test_nothing_found_says_what_to_do_next(see, query) -> None:
    page = see(query)
    assert page.select_one("#cases")
    assert named(page) == [] or query == "?q=%00%00"


def test_search_as_you_type_gets_the_table_alone(see) -> None:
    part = see("?q=adams", **{"HX-Request": "true"})
    assert not part.select("header, h1")
    assert part.select_one("#cases table")
    form = see().select_one("main form[role=search]")
    assert (form["method"], form["action"], form["hx-target"]) == ("get", "/cases", "#cases")


def test_columns_sort_by_link_and_say_so(see, scenario) -> None:
    scenario.visit("X000001", days_ago=3)
    page = see("?sort=last&dir=desc")
    assert named(page) == ["Alex Zebra", "Éric Adams"]
    assert page.select_one("[aria-sort=descending]").text.strip() == "Last contact"
    assert "None yet" in page.table.text
    assert see("?sort=name&dir=desc").select_one("tbody th a").text == "Alex Zebra"


@pytest.mark.parametrize(
    "query", ["?sort=zzz", "?sort=name;drop", "?dir=sideways", "?page=0", "?page=-1", "?page=x", "?page=9999999999999999"]
)
def test_an_odd_address_shows_the_list(see, query) -> None:
    assert sorted(named(see(query))) == ["Alex Zebra", "Éric Adams"]


def test_the_next_appointment_is_shown_or_offered(see, scenario) -> None:
    scenario.appointment("X000001", in_hours=30)
    page = see()
    arrange = [link["href"] for link in page.select("td a")]
    assert arrange == ["/cases/X000002/appointments/new"]


def test_an_overdue_review_is_marked_in_words(see, record, monkeypatch, scenario) -> None:
    assert "Overdue" not in see().table.text
    later = scenario.in_days(200)
    monkeypatch.setattr(record, "clock", lambda: later)
    assert "Overdue" in see().table.text


def test_cases_come_in_pages(see, monkeypatch) -> None:
    monkeypatch.setattr(caseload, "PER_PAGE", 1)
    page = see()
    assert named(page) == ["Éric Adams"]
    assert page.select_one("a[rel=next]")["href"] == "/cases?page=2"
    assert named(see("?page=2")) == ["Alex Zebra"]


def test_an_ended_case_moves_to_its_own_list(see, scenario) -> None:
    assert "None of your cases has ended" in see("?show=ended").text
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.now, how="completed")
    assert named(see()) == ["Éric Adams"]
    assert named(see("?show=ended")) == ["Alex Zebra"]


def test_who_holds_no_cases_is_told_why_and_who_has_none_is_refused(app, browser, scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert "You hold no cases" in browser.sign_in("TOM").get("/cases").text
    for staff in ("MEERA", "HMI0002"):
        assert browser.sign_in(staff).get("/cases").status_code == 403
