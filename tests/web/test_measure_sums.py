"""The law of figures on pages and in files: whoever's, a figure is the sum of its findings, the same everywhere, and opens to them."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from projections.finding import Verdict
from projections.measures import MEASURES
from projections.read_models import ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER, Browser, fresh
from web import synthetic

pytestmark = pytest.mark.xdist_group("sums")  # what they all look at takes seconds to make

UNTIL = datetime(2026, 5, 20, 17, tzinfo=UTC)
MONTHS = "from=2025-06&to=2026-05"
EVERY = pytest.mark.parametrize("measure", MEASURES)
COUNTS = ("yes", "no", "not evidenced", "left out")


@pytest.fixture(scope="module")
def population(server: str, synthetic_template: str) -> Iterator[Record]:
    for dsn in fresh(server, synthetic_template):
        record = Record(as_service(dsn), MASTER, pool_size=8)
        synthetic.seed(record, cases=30, seed=11, until=UNTIL)
        yield record
        record.close()


@pytest.fixture
def inspector(population: Record, applications: Callable[[Record], Flask]) -> Browser:
    return Browser(applications(population)).sign_in("HMI0002")


class Somebody(NamedTuple):
    """Whose figures: what their addresses begin with, and which column of a finding says that it belongs to a part of them."""

    address: str
    parts: str


@pytest.fixture(scope="module")
def everybody(population: Record) -> list[Somebody]:
    """The nation, and of each other level those who stand first and last in the list of who held cases."""
    read_side = ReadSide(population, current_policy())
    read_side.prepare()
    with read_side.reading() as conn:
        held = conn.execute("select distinct provider, team, practitioner from holder where practitioner <> '' order by 1, 2, 3").fetchall()
    providers, teams, officers = zip(held[0], held[-1], strict=True)
    return [
        Somebody("", "provider"),
        *(Somebody(f"/providers/{code}", "team") for code in providers),
        *(Somebody(f"/teams/{code}", "officer") for code in teams),
        *(Somebody(f"/practitioners/{code}", "") for code in officers),
    ]


def boxes(page: BeautifulSoup) -> list[int]:
    """Yes, no, not evidenced, left out."""
    values = [box.select_one(".app-figure__value").get_text(" ").split(":")[0] for box in page.select(".app-figure")[1:5]]
    return [whole_number(value) for value in values]


def tally(findings: Iterable[dict[str, Any]]) -> list[int]:
    counts = Counter(finding["verdict"] for finding in findings)
    return [counts[verdict.value] for verdict in (Verdict.YES, Verdict.NO, Verdict.NOT_EVIDENCED, Verdict.LEFT_OUT)]


def counted(row: dict[str, Any]) -> list[int]:
    return [int(row[name]) for name in COUNTS]


@EVERY
def test_page_findings_json_and_csv_say_the_same_whoever_they_are_about(
    inspector: Browser, everybody: list[Somebody], measure: str
) -> None:
    for address, parts in everybody:
        of = f"{address}/measures/{measure}"
        findings = inspector.get(f"/api{of}/entries?{MONTHS}").json["findings"]
        told = inspector.get(f"/api{of}?{MONTHS}").json["figures"]
        lines = list(csv.DictReader(io.StringIO(inspector.get(f"{of}.csv?{MONTHS}").text.removeprefix("\ufeff"))))

        (whole,) = (row for row in told if row["by"] == "whole")
        shown = boxes(BeautifulSoup(inspector.get(f"{of}?{MONTHS}").text, "html5lib"))
        assert shown == tally(findings) == counted(whole), of
        assert whole["counted in all"] == sum(shown[:3])
        assert [(row["by"], row["code"], counted(row)) for row in lines] == [(row["by"], row["code"], counted(row)) for row in told]

        months = {row["code"]: counted(row) for row in told if row["by"] == "month" and sum(counted(row))}
        assert months == {month: tally(f for f in findings if f["month"] == month) for month in {f["month"] for f in findings}}
        of_parts = {row["code"]: counted(row) for row in told if row["by"] not in ("whole", "month") and sum(counted(row))}
        assert of_parts == {code: tally(f for f in findings if f[parts] == code) for code in {f[parts] for f in findings if parts}}


@EVERY
def test_every_figure_of_a_provider_opens_to_its_entries_in_one_step(inspector: Browser, everybody: list[Somebody], measure: str) -> None:
    page = BeautifulSoup(inspector.get(f"{everybody[1].address}/measures/{measure}?{MONTHS}").text, "html5lib")
    links = page.select(".app-figure__value a")[1:] + page.select("table")[1].select("tbody td a")
    assert len(links) >= 4
    for link in links:
        _opens(inspector, link)


def test_every_figure_of_a_month_opens_to_its_entries_in_one_step(inspector: Browser) -> None:
    page = BeautifulSoup(inspector.get(f"/measures/continuity?{MONTHS}").text, "html5lib")
    links = page.select("table")[0].select("tbody td a")
    assert len(links) == 5 * 12
    for link in links[:20]:
        _opens(inspector, link)


def _opens(browser: Browser, link: Any) -> None:
    """To as many entries as the figure says, with what was left out beside what counts when it says how many count in all."""
    figure = whole_number(link.find(string=True, recursive=False))
    behind = BeautifulSoup(browser.get(link["href"]).text, "html5lib")
    tabs = [whole_number(a.text.rpartition("(")[2].rstrip(")")) for a in behind.select("nav[aria-label^=Entries] a")]
    listed = whole_number(behind.select_one("[role=status]").get_text().split()[0])
    assert figure == (listed if "verdict=" in link["href"] else sum(tabs[1:4])), link["href"]


def whole_number(written: str) -> int:
    return int(written.strip().replace(",", ""))


def test_the_file_for_spreadsheets_says_the_same_as_the_answer_for_programs(inspector: Browser, everybody: list[Somebody]) -> None:
    for address in (everybody[0].address, everybody[-1].address):
        for of in (f"{address}/measures/continuity", f"{address}/measures", f"{address}/measures/continuity/entries"):
            answer = inspector.get(f"{of}.ods?{MONTHS}")
            assert answer.mimetype == "application/vnd.oasis.opendocument.spreadsheet"
            rows, about = sheets(answer.data)
            told = inspector.get(f"/api{of}?{MONTHS}").json
            assert len(rows) > 2
            head, *lines = rows
            (named,) = set(told) - {"about"}
            assert [dict(zip(head, line, strict=True)) for line in lines] == [
                {name: "" if value is None else str(value) for name, value in row.items()} for row in told[named]
            ]
            assert [name for name, _ in about[1:]] == list(told["about"])


def sheets(file: bytes) -> list[list[list[str]]]:
    """The text of every cell of each sheet."""
    with ZipFile(io.BytesIO(file)) as archive:
        assert archive.namelist()[0] == "mimetype"
        content = ElementTree.fromstring(archive.read("content.xml"))
    name = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}{}".format
    return [
        [["".join(p.text or "" for p in cell.iter(name("text", "p"))) for cell in row] for row in sheet.iter(name("table", "table-row"))]
        for sheet in content.iter(name("table", "table"))
    ]
