"""Measures: a figure shows all it is made of, opens to its entries, changes at once, and can be seen as known on a day."""

import csv
import io
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import allocation, contact, transfer
from domain.allocation import AllocationReason
from domain.contact import Work
from domain.working_days import local_day
from projections.measures import MEASURES
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text
from web.exports import harmless
from web.pages import measure_entries as pages

CONTINUITY = "/teams/CF1/measures/continuity"
PURPOSEFUL = "/teams/CF1/measures/purposeful-activity"


def figures(page: BeautifulSoup) -> list[int]:
    """Yes, no, not evidenced, left out."""
    boxes = page.select(".app-figure")[1:]
    return [int(box.select_one(".app-figure__value a").find(string=True, recursive=False)) for box in boxes]


def entries(page: BeautifulSoup) -> list[tuple[str, str]]:
    """Number and verdict of every entry shown."""
    return [
        (row.th.get_text(" ", strip=True).split()[1], row.select_one(".moj-badge").get_text()) for row in page.select("section tbody tr")
    ]


def told_once(told: Scenario) -> None:
    """Two cases: three contacts that count towards continuity (two yes, one no), and a message that is left out."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    told.visit("X000001", days_ago=1)
    told.visit("X000001", days_ago=2, worker="OWEN", purposeful=False)
    told.visit("X000002", days_ago=3, worker="OWEN")
    told.do(
        "X000002",
        contact.record_contact,
        occurred_at=told.now - timedelta(hours=2),
        practitioner="OWEN",
        kind="CMOB",
        work=Work(),
    )


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def test_the_measures_are_told_in_words_with_source_and_policy(manager: Browser, scenario: Scenario) -> None:
    page = soup(manager.get("/measures/in-words"))

    for measure in MEASURES.values():
        assert measure.question in page.get_text()
        assert measure.definition in page.get_text()
        assert measure.source in page.get_text()
    assert f"Policy version {scenario.policy.version}" in page.get_text()


def test_everybody_begins_with_their_own_measures(manager: Browser, app: Flask) -> None:
    assert manager.get("/measures").headers["Location"] == "/teams/CF1/measures"
    assert Browser(app).sign_in("SIAN").get("/measures").headers["Location"] == "/practitioners/SIAN/measures"
    assert Browser(app).sign_in("HMI0002").get("/measures").status_code == 200


def test_every_measure_of_a_team_is_on_one_page_with_a_way_to_each(manager: Browser) -> None:
    page = soup(manager.get("/teams/CF1/measures"))

    assert {a["href"] for a in page.select("tbody th a")} == {f"/teams/CF1/measures/{name}" for name in MEASURES}
    row = next(tr for tr in page.select("tbody tr") if tr.a["href"] == CONTINUITY)
    assert [td.get_text().split()[0] for td in row.select("td")] == ["Too", "2", "1", "0", "1"]


def test_a_figure_shows_everything_it_is_made_of(manager: Browser) -> None:
    page = soup(manager.get(CONTINUITY))

    assert figures(page)[:3] == [2, 1, 0]
    assert "66.7%" in page.select_one(".app-figure").get_text()
    assert "2 of 3 contacts" in page.select_one(".app-figure").get_text()
    assert "= 3 contacts that count" in text(page)
    assert re.search(r"Counted at \S+ on \d+ \w+ \d{4}, up to entry \d+ of the record", text(page))
    assert "does not prove that it took place" in text(page)


def test_officers_stand_by_name_and_a_share_of_few_contacts_is_not_given(manager: Browser) -> None:
    rows = soup(manager.get(CONTINUITY)).select("table")[1].select("tbody tr")

    assert [row.th.get_text() for row in rows] == ["Owen Bradley", "Siân Rowlands"]
    assert [row.select("td")[4].get_text() for row in rows] == ["Too few", "Too few"]


def test_from_ten_contacts_a_share_is_given_and_two_months_make_a_line(scenario: Scenario, manager: Browser, app: Flask) -> None:
    scenario.case("X000003", "Chris Example", began_days_ago=100)
    for day in (*range(10), *range(40, 50)):
        scenario.visit("X000003", days_ago=day + 0.5)
    app.extensions["throughline"].read_side.catch_up()

    page = soup(manager.get(CONTINUITY))

    sian = next(row for row in page.select("table")[1].select("tbody tr") if "Rowlands" in row.th.get_text())
    assert sian.select("td")[4].get_text() == "95.5%"
    months = [row.select("td")[3].a.find(string=True, recursive=False) for row in page.select("table")[0].select("tbody tr")]
    assert sum(map(int, months)) == 23
    if line := page.select_one("svg.app-sparkline"):  # there is one unless a month's end leaves fewer than ten on one side
        assert line["aria-label"].startswith("From ")
    assert "style=" not in manager.get(CONTINUITY).text


def test_what_the_policy_sets_is_shown_with_its_source_and_standing(manager: Browser, scenario: Scenario) -> None:
    table = soup(manager.get(PURPOSEFUL)).select("table")[-1]

    group = {key for key in scenario.policy.sources if key.startswith("purposeful.")}
    assert len(table.select("tbody tr")) == len(group)
    assert "Decided by this service" in table.get_text()
    assert "[D]" not in table.get_text()


@pytest.mark.parametrize("measure", MEASURES)
def test_the_entries_behind_a_figure_add_up_to_it(manager: Browser, measure: str) -> None:
    figure = figures(soup(manager.get(f"/teams/CF1/measures/{measure}")))

    yes, no = MEASURES[measure].counted
    for verdict, words, count in zip(
        ("yes", "no", "not+evidenced", "left+out"), (yes, no, "not evidenced", "left out"), figure, strict=True
    ):
        page = soup(manager.get(f"/teams/CF1/measures/{measure}/entries?verdict={verdict}"))
        assert [said for _, said in entries(page)] == [words.capitalize()] * count
        assert re.match(rf"{count} entr", page.select_one("[role=status]").get_text())
    assert len(entries(soup(manager.get(f"/teams/CF1/measures/{measure}/entries")))) == sum(figure)


def test_each_entry_says_why_and_leads_to_itself(manager: Browser) -> None:
    page = soup(manager.get(f"{PURPOSEFUL}/entries?verdict=no"))

    row = page.select_one("section tbody tr")
    assert row.th.a["href"] == "/cases/X000001/entries/8"
    assert "Reporting" in row.get_text()
    assert "Not met: for a purpose that counts" in text(row)
    assert manager.get(row.th.a["href"]).status_code == 200


def test_the_figure_changes_as_soon_as_something_is_logged_and_opens_to_it(scenario: Scenario, manager: Browser, app: Flask) -> None:
    before = figures(soup(manager.get(CONTINUITY)))
    number = scenario.visit("X000002", days_ago=0.01, worker="OWEN")
    app.extensions["throughline"].read_side.catch_up()

    after = figures(soup(manager.get(CONTINUITY)))

    assert after == [before[0] + 1, *before[1:]]
    assert (str(number), "With their own officer") in entries(soup(manager.get(f"{CONTINUITY}/entries?verdict=yes")))


def test_a_figure_opens_to_one_officers_cases_and_to_what_happened_while_nobody_held_the_case(
    scenario: Scenario, manager: Browser, app: Flask
) -> None:
    given = {"team": "CF1", "provider": "C10", "reason": AllocationReason.STAFF, "occurred_at": scenario.now - timedelta(hours=40)}
    scenario.do("X000001", allocation.allocate, practitioner="", **given)
    app.extensions["throughline"].read_side.catch_up()

    officers = soup(manager.get(CONTINUITY)).select("table")[1]
    links = {row.th.get_text(): row.select("td")[3].a["href"] for row in officers.select("tbody tr")}
    assert set(links) == {"Nobody held the case", "Owen Bradley", "Siân Rowlands"}
    assert entries(soup(manager.get(links["Nobody held the case"]))) == [("7", "With somebody else")]
    assert entries(soup(manager.get(links["Siân Rowlands"]))) == [("8", "With somebody else")]


def test_many_entries_are_opened_case_by_case(manager: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 1)

    page = soup(manager.get(f"{CONTINUITY}/entries"))
    assert entries(page) == []
    link = page.select_one("#case-X000001 p a")
    assert link.get_text().startswith("Show 2 entries")
    assert {number for number, _ in entries(soup(manager.get(link["href"])))} == {"7", "8"}


def test_a_case_that_has_gone_to_another_team_counts_and_is_not_named(scenario: Scenario, manager: Browser, app: Flask) -> None:
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    scenario.do("X000001", transfer.accept_transfer, team="NP1", practitioner="TOM")
    app.extensions["throughline"].read_side.catch_up()

    page = soup(manager.get(f"{CONTINUITY}/entries"))

    assert "Alex Example" not in page.get_text()
    assert "now with another team, so not open to you" in page.select_one("#case-X000001").get_text()
    assert not page.select("#case-X000001 a")


def test_the_months_are_chosen_in_the_address(manager: Browser, scenario: Scenario) -> None:
    page = soup(manager.get(f"{CONTINUITY}?from=2019-01&to=2019-02"))

    assert figures(page) == [0, 0, 0, 0]
    assert "January 2019 to February 2019" in text(page)
    assert "There is nothing to count in these months in a case of this team" in text(page)
    assert page.select_one("#from option[selected]")["value"] == "2019-01"


def test_months_and_days_that_make_no_sense_get_a_message(manager: Browser) -> None:
    wrong = {
        "from=2026-13": "#from-error",
        "from=january": "#from-error",
        "from=0001-01": "#from-error",
        "from=9999-12": "#from-error",
        "to=%00%00": None,
        "from=2026-05&to=2026-04": "#to-error",
        "as_known=tomorrow": "#as_known-error",
    }
    for query, error in wrong.items():
        for address in (CONTINUITY, f"{CONTINUITY}/entries"):
            answer = manager.get(f"{address}?{query}")
            assert answer.status_code == (422 if error else 200), query
        if error:
            assert soup(manager.get(f"{CONTINUITY}?{query}")).select_one(error) is not None
            assert manager.get(f"{CONTINUITY}.csv?{query}").status_code == 400
    for query in ("verdict=maybe", "page=x", "page=-1", "page=9999999999999999999999", "part=%27;--", "case=NONE"):
        assert manager.get(f"{CONTINUITY}/entries?{query}").status_code == 200


def test_a_figure_as_known_on_a_past_day_leaves_out_what_was_recorded_later(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    for address in (CONTINUITY, f"{CONTINUITY}/entries"):
        page = soup(manager.get(f"{address}?as_known={yesterday}"))

        assert "Looking at the past" in str(page.select_one(".app-as-known"))
        assert "the first 0 entries of the record" in text(page)
        assert "X00000" not in page.get_text()
    assert figures(soup(manager.get(f"{CONTINUITY}?as_known={yesterday}"))) == [0, 0, 0, 0]


def test_the_figures_come_as_a_file_that_no_spreadsheet_takes_for_formulas(manager: Browser) -> None:
    answer = manager.get(f"{CONTINUITY}.csv")

    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    whole = next(row for row in rows if row["by"] == "whole")
    assert (whole["yes"], whole["no"], whole["counted in all"]) == ("2", "1", "3")
    assert [row["name"] for row in rows if row["by"] == "officer"] == ["Owen Bradley", "Siân Rowlands"]
    assert [harmless(cell) for cell in ("=1+1", "+1", "-1", "@a", "\tx", "\rx", "a=1", "")] == [
        "'=1+1", "'+1", "'-1", "'@a", "'\tx", "'\rx", "a=1", ""
    ]  # fmt: skip


def test_an_inspector_chooses_any_team_and_is_not_told_names(manager: Browser, app: Flask) -> None:
    inspector = Browser(app).sign_in("HMI0002")

    index = soup(inspector.get("/measures"))
    assert {"Wales CRC", "NPS Wales"} <= {heading.get_text() for heading in index.select("h3")}
    assert figures(soup(inspector.get(CONTINUITY)))[:2] == [2, 1]
    assert "Alex Example" not in inspector.get(f"{CONTINUITY}/entries").text
    assert inspector.get("/teams/ZZZ/measures/continuity").status_code == 404


def test_there_is_nothing_where_there_is_no_such_measure_and_nobody_else_looks(manager: Browser, app: Flask) -> None:
    assert manager.get("/teams/CF1/measures/league-table").status_code == 404
    assert manager.get("/teams/CF1/measures/league-table/entries").status_code == 404
    assert manager.get("/teams/CF1/measures/league-table.csv").status_code == 404
    assert manager.get("/teams/NP1/measures/continuity").status_code == 403
    for staff, addresses in {"SIAN": (CONTINUITY,), "ADM0001": ("/measures", CONTINUITY)}.items():
        assert {Browser(app).sign_in(staff).get(address).status_code for address in addresses} == {403}
