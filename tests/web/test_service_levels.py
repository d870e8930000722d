"""Service levels on pages: each clock with the entry that began and met it, the team month by month, and apart from purposeful activity."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from domain import limited_access, sentence
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario

CASE, TEAM = "/cases/X000001/service-levels", "/teams/CF1/measures"
MONTHLY = "/teams/CF1/measures/monthly-contact/entries"
Open = Callable[..., Browser]


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """A case of five months in which one appointment was offered, long ago."""
    scenario = Scenario(record).staff()
    scenario.case(began_days_ago=150)
    scenario.appointment(in_hours=-24 * 149)
    return scenario


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html5lib")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


def test_each_clock_of_a_case_says_what_it_counted_as_and_links_to_its_entries(enter: Open) -> None:
    page = soup(enter().get(CASE).text)
    said = words(page)
    assert "stands apart from purposeful activity" in said
    assert "Limit: 5 working days" in said
    assert "[V]" in said
    row = page.select_one("#first-appointment").find_next("tbody").tr
    assert "In time" in row.get_text()
    assert [a["href"] for a in row.select("a")] == ["/cases/X000001/entries/7"]
    assert "No face-to-face appointment was offered" in said
    assert "plan after the first appointment kept" in said


def test_the_overview_and_the_measures_lead_there(enter: Open) -> None:
    assert soup(enter().get("/cases/X000001").text).select_one(f'a[href="{CASE}"]')
    assert soup(enter("HMI0002").get("/measures").text).select_one(f'a[href="{TEAM}"]')


def test_a_case_that_is_hidden_from_the_reader_is_not_named(enter: Open, scenario: Scenario) -> None:
    assert "Alex Example" in enter("MEERA").get(MONTHLY).text
    scenario.do("X000001", limited_access.exclude, by="RUTH", practitioner="MEERA", reason="A cousin.")
    assert "X000001" not in enter("MEERA").get(MONTHLY).text


def test_an_ended_case_keeps_its_clocks(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, how="completed")
    assert enter().get(CASE).status_code == 200


@pytest.mark.parametrize(("staff", "address"), [("SIAN", TEAM), ("TOM", CASE), ("NIA", TEAM), ("HMI0002", CASE), ("ADM0001", TEAM)])
def test_nobody_else_sees_them(enter: Open, staff: str, address: str) -> None:
    assert enter(staff).get(address).status_code == 403


def test_what_is_not_there_is_not_found(enter: Open) -> None:
    browser = enter("MEERA")
    assert browser.get("/cases/X999999/service-levels").status_code == 404
