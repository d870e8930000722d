"""The page of what was recorded since the announcement: its numbers, the entries behind each, the files, and who may see what."""

import csv
import io
import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.limited_access import restrict
from store.record import Record
from tests.conftest import Browser
from tests.web.reading import said, soup
from tests.web.test_replay import MINE, OTHER, forty_days, told
from web.pages import since_announced

PAGE = "/inspections/INS-2026-001/since"


@pytest.fixture
def record(synthetic_record: Record) -> Record:
    """The forty days of the replay; of another case a visit was written up just before the announcement."""
    return forty_days(synthetic_record)


@pytest.fixture
def inspector(app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in(MINE)


def cells(page: BeautifulSoup, table: str) -> dict[str, list[str]]:
    """The numbers of each row by its heading, without the words for those who do not see the table."""
    for aside in page.select(f"#{table} .govuk-visually-hidden"):
        aside.decompose()
    return {said(row.th): [said(cell) for cell in row.select("td")] for row in page.select(f"#{table} tbody tr") if row.th}


def test_what_came_after_the_announcement_about_days_before_it_is_counted_by_team_and_kind(inspector: Browser) -> None:
    page = soup(inspector.get(PAGE))
    assert "2 entries about earlier days were made in the 6 days since the announcement" in said(page.select_one("#sentence"))
    teams = cells(page, "teams")
    assert [teams[name][::2] for name in ("Cardiff", "All")] == [["2", "1", "0"]] * 2
    kinds = cells(page, "kinds")
    assert {kind: row[::2] for kind, row in kinds.items()} == {"Contact": ["1", "1", "0"], "Outcome of an appointment": ["1", "0", "0"]}
    assert "too few weeks before" in said(page.main)


def test_every_number_opens_to_as_many_entries(inspector: Browser) -> None:
    links = soup(inspector.get(PAGE)).select("main td a")
    assert len(links) >= 8
    for link in links:
        count = int(link.find(string=True, recursive=False))
        assert len(soup(inspector.get(link["href"])).select("tbody tr")) == count, link["href"]


def test_facts_stand_with_innocent_causes_and_what_is_not_proved_and_name_no_officer(inspector: Browser) -> None:
    for address in (PAGE, f"{PAGE}/entries"):
        words = said(soup(inspector.get(address)).main)
        assert "It does not prove that a contact took place." in words
        assert not re.search(r"Rowlands|fraud|falsif|suspicio|back-?fill", words, re.IGNORECASE)
    assert "and not why" in said(soup(inspector.get(PAGE)).main)


def test_a_case_outside_the_sample_is_counted_without_a_name_and_one_that_is_limited_not_at_all(
    app: Flask, record: Record, inspector: Browser
) -> None:
    told(record, 1).visit("X000002", days_ago=20)
    app.extensions["throughline"].read_side.catch_up()
    page = soup(inspector.get(f"{PAGE}/entries?act=entered"))
    assert "not in a sample of yours" in said(page.main)
    assert "Alex Example" in said(page.main)
    assert "Beti" not in said(page.main)
    told(record, 0).do("X000002", restrict, by="OWEN", practitioners=("OWEN",), reason="A former colleague.")
    app.extensions["throughline"].read_side.catch_up()
    assert "X000002" not in said(soup(inspector.get(f"{PAGE}/entries?act=entered")).main)


def test_the_same_numbers_come_as_files(inspector: Browser) -> None:
    rows = list(csv.DictReader(io.StringIO(inspector.get(f"{PAGE}.csv").text.removeprefix("\ufeff"))))
    of_all = [row for row in rows if row["by"] == "all"]
    assert {act: sum(int(r["entries"]) for r in of_all if r["act"] == act) for act in ("entered", "corrected")} == {
        "entered": 2,
        "corrected": 1,
    }
    assert {row["stands out"] for row in of_all} == {""}
    listed = list(csv.DictReader(io.StringIO(inspector.get(f"{PAGE}/entries.csv?kind=contact").text.removeprefix("\ufeff"))))
    assert [(row["case"], row["entry"], row["act"]) for row in listed] == [("X000001", "10", "corrected"), ("X000001", "9", "entered")]
    assert inspector.get("/api/inspections/INS-2026-001/since").get_json()["about"]["provider"] == "C10"


def test_nonsense_narrows_nothing_and_only_inspectors_look(inspector: Browser) -> None:
    asked = f"{PAGE}/entries?team=&kind=x&act=y&since=0001-01-01&until=z"
    assert inspector.get(asked).status_code == 200
    assert "There is no such entry" in said(soup(inspector.get(f"{PAGE}/entries?team=NONE")).main)
    assert inspector.get("/inspections/INS-2026-099/since").status_code == 404
    assert soup(inspector.get("/inspections/INS-2026-001")).main.find("a", href=PAGE)
    assert inspector.sign_in(OTHER).get(PAGE).status_code == 200
    assert inspector.sign_in("MEERA").get(PAGE).status_code == 403


def test_entries_stand_on_pages_and_are_counted_over_all_of_them(inspector: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(since_announced, "PAGE", 2)
    pages = [soup(inspector.get(f"{PAGE}/entries", query_string={"page": n})) for n in (1, 2, 99, -1)]
    shown = [[re.findall(r"Entry (\d+)", said(row.th))[0] for row in page.select("tbody tr")] for page in pages]
    assert shown == [["11", "10"], ["9"], ["9"], ["11", "10"]]
    assert {said(page.find(role="status")) for page in pages} == {"3 entries in 1 case."}
