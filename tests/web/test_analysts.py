"""Analysts get histories and findings that their tools read unchanged: under pseudonyms, with no text and no case that is not theirs."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from xml.etree import ElementTree

import psycopg
import pytest
from arro3.core import Table
from arro3.io import read_parquet
from flask import Flask

from domain.appointment import record_outcome
from domain.case import case_id
from domain.event import Recorded
from domain.limited_access import restrict
from projections.event_log import CODES, attributes, handovers, happenings, kinds
from projections.story import Story
from store import reads
from store.record import Record
from tests.bundles import LEAD, REFERENCE, Inspected, inspected
from tests.conftest import Browser
from tests.projections.test_engine import POISON
from tests.samples import samples
from tests.scenario import Scenario
from tests.web.reading import said, soup
from web.analysts import KINDS as KINDS_OF
from web.analysts import Chosen

PAGE = f"/inspections/{REFERENCE}/analysts"
SAMPLE, PROVIDER = f"{PAGE}/sample", f"{PAGE}/provider"
CASES = ("X000001", "X000002")

PM4PY = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
log = pm4py.read_xes(sys.argv[1])
handed = pm4py.discover_handover_of_work_network(log).connections
ocel = pm4py.read_ocel2_json(sys.argv[2])
flat = pm4py.ocel_flattening(ocel, "case")
print(json.dumps({
    "cases": int(log["case:concept:name"].nunique()),
    "events": len(log),
    "activities": sorted(set(log["concept:name"])),
    "handed": [[one, other, value] for (one, other), value in handed.items()],
    "ocel events": len(ocel.events),
    "ocel objects": sorted(ocel.objects["ocel:type"]),
    "flat events": len(flat),
    "related": sorted(set(ocel.relations["ocel:qualifier"])),
}))
"""


@pytest.fixture
def told(record: Record, database: str, app: Flask) -> Inspected:
    """Two cases of Siân's, of which Owen sees one in between."""
    told = inspected(record, database, app, cases=2)
    scenario = Scenario(record)
    for worker, days in (("OWEN", 9), ("OWEN", 8), ("SIAN", 7), ("OWEN", 6)):
        scenario.visit("X000001", days_ago=days, worker=worker)
    number = scenario.appointment("X000002", in_hours=-30)
    scenario.do("X000002", record_outcome, appointment=number, outcome="AFTC", note="Forgot.")
    app.extensions["throughline"].read_side.catch_up()
    return told


@pytest.fixture
def inspector(told: Inspected, browser: Browser) -> Browser:
    return browser.sign_in(LEAD)


def of(record: Record, *crns: str) -> list[list]:
    return [happenings(crn, Story(record.history(case_id(crn)))) for crn in crns]


def test_pm4py_reads_both_logs_and_counts_the_same_handovers(told: Inspected, inspector: Browser, tmp_path: Path) -> None:
    xes, ocel = tmp_path / "log.xes", tmp_path / "log.json"
    xes.write_bytes(inspector.get(f"{SAMPLE}/xes?names=yes").data)
    ocel.write_bytes(inspector.get(f"{SAMPLE}/ocel?names=yes").data)
    run = subprocess.run([sys.executable, "-c", PM4PY, xes, ocel], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 0, run.stderr[-2000:]
    read = json.loads(run.stdout.splitlines()[-1])
    cases = of(told.record, *CASES)
    number = sum(map(len, cases))
    assert (read["cases"], read["events"], read["ocel events"], read["flat events"]) == (2, number, number, number)
    assert read["activities"] == sorted({happening.kind for case in cases for happening in case})
    ours = handovers(cases)
    assert ours["SIAN", "OWEN"] == 2
    assert {(one, other): round(value * ours.total()) for one, other, value in read["handed"]} == dict(ours)
    assert Counter(read["ocel objects"]) == Counter({"case": 2, "officer": 2, "team": 1, "provider": 1})
    assert read["related"] == ["by", "held by", "of", "with"]


def test_the_table_of_handovers_says_the_same(told: Inspected, inspector: Browser) -> None:
    table = list(csv.DictReader(io.StringIO(inspector.get(f"{SAMPLE}/handovers-csv?names=yes").data.decode("utf-8-sig"))))
    assert {(row["from"], row["to"]): int(row["count"]) for row in table} == dict(handovers(of(told.record, *CASES)))


def test_the_tables_of_findings_say_the_same_whether_parquet_or_csv(inspector: Browser) -> None:
    table = Table.from_arrow(read_parquet(io.BytesIO(inspector.get(f"{SAMPLE}/findings-parquet").data)))
    columns = {name: [cell.as_py() for cell in table.column(name)] for name in table.column_names}
    rows = list(csv.DictReader(io.StringIO(inspector.get(f"{SAMPLE}/findings-csv").data.decode("utf-8-sig"))))
    assert len(rows) == table.num_rows > 20
    for name, cells in columns.items():
        assert [row[name] for row in rows] == ["" if cell is None else str(cell) for cell in cells]
    assert set(columns["verdict"]) <= {"yes", "no", "not evidenced", "left out"}


KINDS = ("ocel", "xes", "findings-csv", "findings-parquet", "handovers-csv")


@pytest.mark.parametrize("kind", KINDS)
def test_no_name_reference_code_or_text_is_in_a_file_that_was_not_asked_for_by_name(inspector: Browser, kind: str) -> None:
    for address in (f"{SAMPLE}/{kind}", f"{PROVIDER}/{kind}", f"{PROVIDER}/{kind}?names=yes"):
        data = inspector.get(address).data
        if kind == "findings-parquet":
            data = str([column.to_pylist() for column in Table.from_arrow(read_parquet(io.BytesIO(data))).columns]).encode()
        known = ("X000001", "X000002", "SIAN", "OWEN", "CF1", "Siân", "Owen", "Bethan", "the flat", "Forgot", "Previous violence")
        assert [word for word in known if word.encode() in data] == []


def test_a_case_has_the_same_pseudonym_in_every_file_and_the_same_findings(told: Inspected, inspector: Browser) -> None:
    xes = ElementTree.fromstring(inspector.get(f"{SAMPLE}/xes").text)
    space = "{http://www.xes-standard.org/}"
    traces = {trace.find(f"{space}string").get("value") for trace in xes.findall(f"{space}trace")}
    ocel = json.loads(inspector.get(f"{SAMPLE}/ocel").text)
    rows = csv.DictReader(io.StringIO(inspector.get(f"{SAMPLE}/findings-csv").data.decode("utf-8-sig")))
    assert traces == {one["id"] for one in ocel["objects"] if one["type"] == "case"} == {row["case"] for row in rows}
    assert traces == {told.record.keyring.pseudonym("case", crn) for crn in CASES}


def test_taking_a_case_away_under_its_reference_is_written_down_and_under_a_pseudonym_is_not(told: Inspected, inspector: Browser) -> None:
    for names in ("", "?names=yes"):
        assert inspector.get(f"{SAMPLE}/xes{names}").data, "a file is written while it is read"
    with told.record.pool.connection() as conn:
        assert [read.what for read in reads.of_case(conn, case_id("X000001"))] == [reads.EXPORT]


def test_a_case_to_which_access_is_limited_is_in_no_file(told: Inspected, app: Flask, inspector: Browser) -> None:
    Scenario(told.record).do("X000002", restrict, practitioners=("SIAN",), reason="Known to the inspector.")
    app.extensions["throughline"].read_side.catch_up()
    hidden = told.record.keyring.pseudonym("case", "X000002").encode()
    for whose in (SAMPLE, PROVIDER):
        for kind in KINDS[:3]:
            assert hidden not in inspector.get(f"{whose}/{kind}").data
    assert b"X000002" not in inspector.get(f"{SAMPLE}/xes?names=yes").data


def test_an_inspector_without_a_part_in_it_gets_pseudonyms_and_an_officer_nothing(told: Inspected, browser: Browser) -> None:
    browser.sign_in("HMI0002")
    assert b"X000001" not in browser.get(f"{SAMPLE}/xes?names=yes").data
    assert browser.sign_in("SIAN").get(PAGE).status_code == 403


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["ocel", "xes", "findings-csv", "handovers-csv"])
def test_codes_of_officers_and_teams_stand_in_a_file_only_if_all_of_its_cases_are_named(told: Inspected, kind: str) -> None:
    everyone = dict.fromkeys(CASES, "the case is in the sample")
    one = {CASES[0]: everyone[CASES[0]]}
    with told.asking():
        whole, part = (b"".join(KINDS_OF[kind].write(Chosen("s", CASES, told.record.head(), named))) for named in (everyone, one))
    assert b"SIAN" in whole
    assert [word for word in (b"SIAN", b"OWEN", b"CF1", b"C10", b"X000002") if word in part] == []
    assert (b"X000001" in part) is (kind != "handovers-csv")


@pytest.mark.parametrize("why", ["an entry that nobody knows", "a history that no rule foresaw"])
def test_a_case_that_cannot_be_read_is_named_as_such_and_cuts_off_no_file(
    told: Inspected, inspector: Browser, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = {crn: told.record.keyring.pseudonym("case", crn) for crn in CASES}
    before = rows_of(inspector.get(f"{SAMPLE}/findings-csv").data)
    if why == "an entry that nobody knows":
        with psycopg.connect(told.dsn, autocommit=True) as conn:
            conn.execute(POISON, {"id": case_id("X000001"), "v": told.record.history(case_id("X000001"))[-1].version + 1})
    else:

        def fails(history: Sequence[Recorded]) -> Story:
            if history[0].originator_id == case_id("X000001"):
                raise ValueError
            return Story(history)

        monkeypatch.setattr("web.analysts.Story", fails)
    after = rows_of(inspector.get(f"{SAMPLE}/findings-csv").data)
    assert [row for row in after if row["case"] == called["X000001"]] == [
        dict.fromkeys(before[0], "") | {"case": called["X000001"], "verdict": "unreadable", "policy": before[0]["policy"]}
    ]
    others = [row for row in before if row["case"] == called["X000002"]]
    assert [row for row in after if row["case"] == called["X000002"]] == others != []
    table = Table.from_arrow(read_parquet(io.BytesIO(inspector.get(f"{SAMPLE}/findings-parquet").data)))
    assert table.num_rows == len(others) + 1
    space = "{http://www.xes-standard.org/}"
    traces = ElementTree.fromstring(inspector.get(f"{SAMPLE}/xes").text).findall(f"{space}trace")
    number = len(of(told.record, "X000002")[0])
    unread = [[one.get("key") for one in trace.findall(f"{space}boolean")] for trace in traces]
    assert [(len(trace.findall(f"{space}event")), keys) for trace, keys in zip(traces, unread, strict=True)] == [
        (0, ["throughline:unreadable"]),
        (number, []),
    ]
    ocel = json.loads(inspector.get(f"{SAMPLE}/ocel").text)
    assert len(ocel["events"]) == number
    assert {one["id"]: [says["value"] for says in one["attributes"]] for one in ocel["objects"] if one["type"] == "case"} == {
        called["X000001"]: [True],
        called["X000002"]: [],
    }
    assert rows_of(inspector.get(f"{SAMPLE}/handovers-csv").data)[-1] == {"from": "unreadable", "to": "unreadable", "count": "1"}


def test_the_page_offers_each_file_and_knows_no_other(inspector: Browser) -> None:
    page = soup(inspector.get(PAGE))
    assert "under pseudonyms" in said(page.main)
    links = [link["href"] for link in page.main.select("a.govuk-link") if "/analysts/" in link["href"]]
    assert len(links) == 15
    assert all(inspector.get(f"{PAGE}/{wrong}").status_code == 404 for wrong in ("sample/ods", "nation/xes"))


def test_every_kind_of_entry_gives_away_words_of_lists_numbers_and_yes_or_no_and_nothing_else() -> None:
    assert all(set(has.values()) <= {"string", "integer", "boolean", "time"} for has in kinds().values())
    for sample in samples():
        for name in attributes(type(sample.event)):
            value = getattr(sample.event, name)
            if isinstance(value, str) and not isinstance(value, Enum):
                assert name in CODES, (sample.topic, name)
                assert re.fullmatch(r"[A-Za-z0-9_-]*", value), (sample.topic, name, value)
