"""Service levels on pages: each clock with the entry that began and met it, the team month by month, and apart from purposeful activity."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from domain import limited_access, sentence
from domain.case import case_id
from domain.policy import add_months
from domain.working_days import local_day
from projections import service_levels
from projections.finding import Verdict
from projections.story import Story
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario

CASE, TEAM = "/cases/X000001/service-levels", "/teams/CF1/service-levels"
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
    assert [a["href"] for a in row.select("a")] == ["/cases/X000001/entries/2", "/cases/X000001/entries/7"]
    assert "No face-to-face appointment was offered" in said
    assert "No clock has begun for: first appointment after release; plan" in said


def test_the_overview_and_the_measures_lead_there(enter: Open) -> None:
    assert soup(enter().get("/cases/X000001").text).select_one(f'a[href="{CASE}"]')
    assert soup(enter("MEERA").get("/measures").text).select_one(f'a[href="{TEAM}"]')


def test_a_team_s_page_adds_up_what_the_cases_say_month_by_month(enter: Open, scenario: Scenario) -> None:
    scenario.case("X000002", "Blake Instance", began_days_ago=100)
    browser = enter("MEERA")
    page = soup(browser.get(f"{TEAM}?level=monthly-contact").text)
    today = local_day(scenario.now)
    judged = []
    for crn in ("X000001", "X000002"):
        history = scenario.record.history(case_id(crn))
        judged += [j for j in service_levels.of_case(Story(history), scenario.policy, today) if j.clock.level == "monthly-contact"]
    assert judged
    line = next(tr for tr in page.select("table")[0].select("tbody tr") if "Monthly contact" in tr.th.get_text())
    counts = [int(td.get_text()) for td in line.select("td")[:3]]
    assert counts == [sum(j.verdict is v for j in judged) for v in (Verdict.YES, Verdict.NO, Verdict.NOT_EVIDENCED)]
    months = [tr.th.get_text() for tr in page.select("table")[1].select("tbody tr")]
    assert len(months) == len({j.clock.month for j in judged})
    assert page.select_one(f'a[href="{CASE}#monthly-contact"]')


def test_a_team_without_clocks_says_so_and_few_give_no_share(enter: Open) -> None:
    said = words(soup(enter("MEERA").get(f"{TEAM}?level=breach-presented").text))
    assert "No clock of this level ran out" in said
    assert "Too few" in said


def test_months_and_a_past_day_can_be_chosen_and_a_wrong_one_is_told(enter: Open, scenario: Scenario) -> None:
    browser = enter("MEERA")
    month = f"{add_months(local_day(scenario.now), -4):%Y-%m}"
    assert browser.get(f"{TEAM}?from={month}&to={month}").status_code == 200
    yesterday = local_day(scenario.now) - timedelta(days=1)
    assert "Counted from what was known" in browser.get(f"{TEAM}?as_known={yesterday}").text
    assert browser.get(f"{TEAM}?as_known=2199-01-01").status_code == 422


def test_a_case_that_is_hidden_from_the_reader_is_not_named(enter: Open, scenario: Scenario) -> None:
    assert "Alex Example" in enter("MEERA").get(TEAM).text
    scenario.do("X000001", limited_access.exclude, by="RUTH", practitioner="MEERA", reason="A cousin.")
    assert "X000001" not in enter("MEERA").get(TEAM).text


def test_an_ended_case_keeps_its_clocks(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, how="completed")
    assert enter().get(CASE).status_code == 200


@pytest.mark.parametrize(("staff", "address"), [("SIAN", TEAM), ("TOM", CASE), ("NIA", TEAM), ("HMI0002", CASE), ("ADM0001", TEAM)])
def test_nobody_else_sees_them(enter: Open, staff: str, address: str) -> None:
    assert enter(staff).get(address).status_code == 403


def test_what_is_not_there_is_not_found(enter: Open) -> None:
    browser = enter("MEERA")
    assert browser.get(f"{TEAM}?level=none-such").status_code == 404
    assert browser.get("/cases/X999999/service-levels").status_code == 404
