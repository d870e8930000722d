"""Importing from CSV: what comes in, what is refused and why, and that a second run adds nothing."""

import csv
import gzip
import io
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean
from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store
from domain.allocation import CaseAllocated
from domain.case import Case, CaseOpened, case_id, open_case
from domain.contact import LONGEST_NOTE, ContactRecorded, Mode, record_contact
from domain.organisation import Provider, provider_id
from domain.practitioner import Practitioner, practitioner_id
from store import import_appending, import_reading
from store.import_report import ImportReport
from store.importing import ImportProblem, Mapping, import_csv, read_mapping, shipped_mappings
from store.ledger import verify
from store.record import Record

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RECEIPT = Path(store.__file__).parents[2] / "shared/data/receipt/receipt.csv"
HEADER = ["ref", "who", "holder", "team", "how", "what", "when", "written", "text"]
MAPPING = """
source = "test"
case_prefix = "T-"
nobody = ["Unallocated"]
no_team = ["None"]
{settings}

[provider]
code = "P1"
name = "Provider one"
kind = "CRC"

[columns]
case = "ref"
worker = "who"
allocated = "holder"
team = "team"
mode = "how"
kind = "what"
occurred = "when"
recorded = "written"
note = "text"
{columns}

[modes]
"Face to face" = "office"

[kinds]
"Visit" = "COAP"
"""


def mapping_file(folder: Path, settings: str = "", columns: str = "") -> Path:
    path = folder / "mapping.toml"
    path.write_text(MAPPING.format(settings=settings, columns=columns), "utf-8")
    return path


def mapped(folder: Path, settings: str = "", columns: str = "") -> Mapping:
    return read_mapping(mapping_file(folder, settings, columns))


def a_row(**changes: str) -> list[str]:
    usual = {
        "ref": "1",
        "who": "W1",
        "holder": "W1",
        "team": "N1",
        "how": "Face to face",
        "what": "Visit",
        "when": "2024-03-01 10:00",
        "written": "",
        "text": "",
        "id": "",
    }
    row = usual | changes
    return [row[name] for name in HEADER] + ([row["id"]] if row["id"] else [])


def csv_text(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def csv_file(folder: Path, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    path = folder / "export.csv"
    path.write_text(csv_text(rows, header), "utf-8", newline="")
    return path


def contacts(record: Record, reference: str) -> list[ContactRecorded]:
    history = record.history(case_id(f"T-{reference}"), texts=True)
    return [each.event for each in history if isinstance(each.event, ContactRecorded)]


def adds_up(report: ImportReport) -> bool:
    handled = report.entries_added + report.already_there + report.refused_rows
    return report.rows_read == handled + report.not_imported_because_of_another_row


# -- the public log ----------------------------------------------------------------------------------------------------


def receipt_like(folder: Path) -> Path:
    """A small file of the public log's shape, for a clone that has no shared data beside it."""
    rows = [
        ["Internet", f"case-{n % 7}", "Resource01", "task", f"Group {n % 2}", f"Resource{n % 3:02}", f"2011-10-11 13:45:{n:02}+02:00"]
        for n in range(40)
    ]
    header = ["case:channel", "case:concept:name", "case:responsible", "concept:name", "org:group", "org:resource", "time:timestamp"]
    return csv_file(folder, *rows, header=header)


def workers_in_file(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found.setdefault(row["case:concept:name"], []).append(row["org:resource"])
    return found


def imported_workers(record: Record) -> dict[str, list[str]]:
    """The worker of each entry, by case, in the order in which the record keeps them."""
    with record.pool.connection() as conn:
        streams = conn.execute("select distinct originator_id from record.event where topic = 'case-opened'").fetchall()
    found: dict[str, list[str]] = {}
    for (stream,) in streams:
        events = [each.event for each in record.history(stream)]
        assert isinstance(events[0], CaseOpened)
        found[events[0].crn] = [e.practitioner for e in events if isinstance(e, ContactRecorded)]
    return found


def upc(workers: Sequence[str]) -> float:
    return max(Counter(workers).values()) / len(workers)


def coc(workers: Sequence[str]) -> float:
    n = len(workers)
    return (sum(count * count for count in Counter(workers).values()) - n) / (n * (n - 1))


def secon(workers: Sequence[str]) -> float:
    return mean(a == b for a, b in pairwise(workers))


def test_the_public_log_gives_the_published_check_values(record: Record, tmp_path: Path) -> None:
    # given the public log, or a small one of its shape where there is no shared data
    file = RECEIPT if RECEIPT.exists() else receipt_like(tmp_path)
    expected = workers_in_file(file)
    # when it is imported
    report = import_csv(record, file, read_mapping("receipt"), now=record.clock())
    # then every entry is there, with its worker, in the file's order
    assert (report.refused_rows, report.entries_added, report.cases) == (0, sum(map(len, expected.values())), len(expected))
    histories = imported_workers(record)
    assert histories == expected
    if file == RECEIPT:
        longer = [workers for workers in histories.values() if len(workers) > 1]
        assert (report.cases, report.cases_opened, report.entries_added) == (1434, 1434, 8577)
        assert sum(len(set(workers)) == 1 for workers in histories.values()) == 870
        assert f"{mean(map(upc, histories.values())):.4f}" == "0.8734"
        assert f"{mean(map(coc, longer)):.4f}" == "0.7695"
        assert f"{mean(map(secon, longer)):.4f}" == "0.8325"
    # and again adds nothing
    before = record.head()
    again = import_csv(record, file, read_mapping("receipt"), now=record.clock())
    assert (again.entries_added, again.events_added, again.already_there) == (0, 0, report.rows_read)
    assert record.head() == before
    with record.pool.connection() as conn:
        assert [fault for fault in verify(conn) if not isinstance(fault, int)] == []


# -- what comes in -----------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_contact_that_says_where_it_came_from(record: Record, tmp_path: Path) -> None:
    # given a row with a claim of when it was recorded, and a note
    file = csv_file(tmp_path, a_row(written="2024-03-02T09:30+00:00", text="Talked about work."))
    # when it is imported
    before = record.clock()
    report = import_csv(record, file, mapped(tmp_path), now=NOW, by="A1")
    # then the case is opened when it first occurred, allocated, and the contact stands in it
    history = record.history(case_id("T-1"), texts=True)
    opened, allocated, contact = (each.event for each in history)
    assert isinstance(opened, CaseOpened)
    assert isinstance(allocated, CaseAllocated)
    assert isinstance(contact, ContactRecorded)
    assert opened.crn == "T-1"
    assert opened.occurred_at == allocated.occurred_at == contact.occurred_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert (allocated.practitioner, allocated.team, allocated.provider) == ("W1", "N1", "P1")
    assert (contact.practitioner, contact.team, contact.kind, contact.mode) == ("W1", "N1", "COAP", Mode.OFFICE)
    assert (contact.note, contact.by) == ("Talked about work.", "A1")
    # and it is recorded now, whatever the source claims
    assert contact.imported is not None
    assert (contact.imported.source, contact.imported.row) == ("test", 1)
    assert contact.imported.recorded_claim == datetime(2024, 3, 2, 9, 30, tzinfo=UTC)
    assert before <= history[2].recorded_at <= record.clock()
    assert (report.entries_added, report.events_added) == (1, 7)


def test_notes_are_sealed_and_are_nowhere_in_clear(record: Record, database: str, tmp_path: Path) -> None:
    import_csv(record, csv_file(tmp_path, a_row(text="a-secret-word")), mapped(tmp_path), now=NOW)
    with psycopg.connect(database) as conn:
        row = conn.execute("select count(*), count(sealed), bool_or(convert_from(state, 'UTF8') like '%secret%') from record.event")
        assert row.fetchone() == (7, 1, False)


def test_provider_teams_and_practitioners_are_registered_first_and_once(record: Record, tmp_path: Path) -> None:
    file = csv_file(tmp_path, a_row(who="W2", team="N2"), a_row(ref="2", who="W2", team="N2"), a_row(ref="2", who="W2"))
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert record.state(Provider, provider_id("P1")).teams == {"N1", "N2"}
    # a practitioner's team is the one in which they did most
    assert record.state(Practitioner, practitioner_id("W2")).team == "N2"
    assert (report.teams_registered, report.practitioners_registered) == (2, 2)
    registered = record.history(practitioner_id("W2"))[0].event
    assert (registered.by, registered.occurred_at) == ("import:test", datetime(2024, 3, 1, 10, tzinfo=UTC))
    assert record.history(case_id("T-1"))[0].position > record.history(practitioner_id("W2"))[0].position


def test_a_change_of_allocated_worker_is_a_change_of_allocation_at_that_time(record: Record, tmp_path: Path) -> None:
    # given rows, not in order of time, that name another holder from April on, then nobody
    file = csv_file(
        tmp_path,
        a_row(when="2024-05-01 10:00", holder="W2"),
        a_row(when="2024-03-01 10:00", holder="W1"),
        a_row(when="2024-04-01 10:00", holder="W2"),
        a_row(when="2024-04-02 10:00", holder=""),
        a_row(when="2024-06-01 10:00", holder="Unallocated"),
    )
    import_csv(record, file, mapped(tmp_path), now=NOW)
    events = [each.event for each in record.history(case_id("T-1"))]
    found = [(e.practitioner, e.occurred_at.month) for e in events if isinstance(e, CaseAllocated)]
    assert found == [("W1", 3), ("W2", 4), ("", 6)]
    # and contacts keep the file's order
    assert [e.occurred_at.month for e in events if isinstance(e, ContactRecorded)] == [5, 3, 4, 4, 6]


def test_an_allocation_that_is_newer_in_the_record_stands(record: Record, tmp_path: Path) -> None:
    mapping = mapped(tmp_path)
    import_csv(record, csv_file(tmp_path, a_row(when="2024-03-01 10:00", holder="W1")), mapping, now=NOW)
    rows = [a_row(when="2024-03-01 10:00", holder="W1"), a_row(when="2024-02-01 10:00", holder="W2")]
    import_csv(record, csv_file(tmp_path, *rows), mapping, now=NOW)
    state = record.state(Case, case_id("T-1"))
    assert state.allocation is not None
    assert state.allocation.practitioner == "W1"


def test_nobody_is_never_an_officer(record: Record, tmp_path: Path) -> None:
    file = csv_file(tmp_path, a_row(who="", holder=""), a_row(who="Unallocated", holder="", team="None"))
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert [contact.practitioner for contact in contacts(record, "1")] == ["", ""]
    assert (report.practitioners_registered, report.teams_registered) == (0, 1)
    assert record.state(Case, case_id("T-1")).allocation is None


def test_equal_times_keep_the_order_of_the_file(record: Record, tmp_path: Path) -> None:
    # given cases that are mixed in the file, with one time for all rows
    rows = [a_row(ref=str(n % 3), who=f"W{n}") for n in range(30)]
    import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    for case in range(3):
        assert [contact.practitioner for contact in contacts(record, str(case))] == [f"W{n}" for n in range(case, 30, 3)]


def test_a_file_with_a_byte_order_mark_compressed_or_not_with_quoted_line_breaks(record: Record, tmp_path: Path) -> None:
    text = csv_text([a_row(text='Line one\nline "two", three'), a_row(text="Next")])
    file = tmp_path / "export.csv.gz"
    file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert (report.rows_read, report.entries_added) == (2, 2)
    assert [contact.note for contact in contacts(record, "1")] == ['Line one\nline "two", three', "Next"]


def test_times_in_many_zones_and_formats(record: Record, tmp_path: Path) -> None:
    # given times with an offset, with none in winter and summer, and a day alone
    said = ["2024-01-10T10:00:00+05:30", "2024-01-10 10:00", "2024-07-10 10:00", "2024-07-10T10:00Z", "2024-07-10"]
    import_csv(record, csv_file(tmp_path, *(a_row(when=each) for each in said)), mapped(tmp_path), now=NOW)
    found = [f"{contact.occurred_at:%m-%d %H:%M}" for contact in contacts(record, "1")]
    assert found == ["01-10 04:30", "01-10 10:00", "07-10 09:00", "07-10 10:00", "07-09 23:00"]
    # and formats of the mapping's own
    mapping = mapped(tmp_path, 'time_formats = ["%d/%m/%Y %H:%M", "%d.%m.%y"]\ntime_zone = "America/New_York"')
    report = import_csv(
        record, csv_file(tmp_path, a_row(ref="2", when="03/02/2024 08:15"), a_row(ref="3", when="2024-02-03")), mapping, now=NOW
    )
    assert [contact.occurred_at for contact in contacts(record, "2")] == [datetime(2024, 2, 3, 13, 15, tzinfo=UTC)]
    assert [refused.row for refused in report.refused] == [2]


def test_the_hour_that_comes_twice_is_taken_as_the_first_and_the_one_that_never_was_is_refused(record: Record, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path, a_row(when="2024-10-27 01:30"), a_row(ref="2", when="2024-03-31 01:30"), a_row(ref="3", when="2024-03-31 02:30")
    )
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert report.ambiguous_times == 1
    assert contacts(record, "1")[0].occurred_at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert contacts(record, "3")[0].occurred_at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert [(each.row, "never existed" in each.reason) for each in report.refused] == [(2, True)]


def test_values_that_are_not_mapped_refuse_their_case_or_take_the_default(record: Record, tmp_path: Path) -> None:
    file = csv_file(tmp_path, a_row(how="Pigeon", what="Chat"), a_row(ref="2", how="", what="CHVS"), a_row(ref="3", how="video", what=""))
    strict = import_csv(record, file, mapped(tmp_path), now=NOW, dry_run=True)
    assert [(each.row, each.case) for each in strict.refused] == [(1, "1")]
    assert "“Pigeon”" in strict.refused[0].reason
    lenient = import_csv(record, file, mapped(tmp_path, "strict = false"), now=NOW)
    assert (lenient.refused_rows, lenient.values_not_mapped) == (0, 1)
    found = [(contacts(record, case)[0].mode, contacts(record, case)[0].kind) for case in "123"]
    # what is not said at all follows from the kind
    assert found == [(Mode.OTHER, "OTHR"), (Mode.HOME, "CHVS"), (Mode.VIDEO, "OTHR")]


# -- what is refused ---------------------------------------------------------------------------------------------------

WIDE = [*HEADER, "id"]
BAD: list[tuple[str, bytes, str, str]] = [
    # reference, the line, a word of the reason, the case that is named
    ("", b",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a1", "reference is missing", ""),
    ("", b"   ,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a2", "reference is missing", ""),
    ("", b"x" * 80 + b",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a3", "longer than 64", ""),
    ("", b'"3\n3",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a4', "line break", ""),
    ("c5", b"c5,W1,W1,N1,Face to face,Visit,,,,a5", "time is missing", "c5"),
    ("c6", b"c6,W1,W1,N1,Face to face,Visit,yesterday,,,a6", "cannot be read as a date", "c6"),
    ("c7", b"c7,W1,W1,N1,Face to face,Visit,2099-01-01 10:00,,,a7", "in the future", "c7"),
    ("c8", b"c8,W1,W1,N1,Face to face,Visit,2024-03-31 01:30,,,a8", "never existed", "c8"),
    ("c9", b"c9,W1,W1,N1,Face to face", "5 columns", "c9"),
    ("c10", b"c10,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a10,more,more", "12 columns", "c10"),
    ("c11", b"c11,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,," + b"x" * (LONGEST_NOTE + 1) + b",a11", "12,001 characters", "c11"),
    ("c12", b"c12,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,a\x00b,a12", "control character (number 0)", "c12"),
    ("c13", b"c13,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,a\x1bb,a13", "control character (number 27)", "c13"),
    ("c14", b"c14,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,caf\xe9,a14", "not text", "c14"),
    ("c15", b"c15,W1,W1,N1,Smoke signal,Visit,2024-03-01 10:00,,,a15", "Smoke signal", "c15"),
    ("c16", b"c16,W1,W1,N1,Face to face,Dance,2024-03-01 10:00,,,a16", "Dance", "c16"),
    ("c17", b"c17,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,good", "more than once", "c17"),
    ("c18", b"c18,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,", "row id is missing", "c18"),
    ("c19", b'c19,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,"a"b,a19', "CSV", "c19"),
    ("c20", b"c20,W1,W1,N1,Face to face,Visit,0001-01-01 00:00,,,a20", "before 1900", "c20"),
    ("c21", b"c21,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,soon,,a21", "time of recording", "c21"),
    ("c22", b"c22," + b"W" * 65 + b",W1,N1,Face to face,Visit,2024-03-01 10:00,,,a22", "worker has more than 64", "c22"),
    ("c/23", b"c/23,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a23", "slash", ""),
    ("c24", b'c24,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,"never closed,a24', "never ends", "c24"),
]


def test_each_kind_of_bad_row_is_named_with_its_reason_and_the_rest_is_imported(record: Record, tmp_path: Path) -> None:
    # given good cases before, between and after every kind of bad row; the last one never closes its quote
    lines = [",".join(WIDE).encode(), b"good,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,good"]
    for number, (_, line, _, _) in enumerate(BAD[:-1]):
        lines += [line, f"g{number},W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,g{number}".encode()]
    file = tmp_path / "export.csv"
    file.write_bytes(b"\r\n".join([*lines, BAD[-1][1]]) + b"\r\n")
    # when it is imported
    mapping = mapped(tmp_path, columns='row_id = "id"')
    report = import_csv(record, file, mapping, now=NOW)
    # then each bad row is named, by its place among the rows of data, with a reason
    expected = [(2 + 2 * number, word, case) for number, (_, _, word, case) in enumerate(BAD)]
    assert [refused.row for refused in report.refused] == [row for row, _, _ in expected]
    for refused, (_, word, case) in zip(report.refused, expected, strict=True):
        assert word in refused.reason
        assert refused.case == case
    # and the good cases are in the record, the bad ones are not
    assert report.entries_added == len(BAD)
    assert len(contacts(record, "good")) == 1
    assert all(len(contacts(record, f"g{number}")) == 1 for number in range(len(BAD) - 1))
    assert not any(record.history(case_id(f"T-{case}")) for _, _, _, case in BAD if case)
    assert adds_up(report)


def test_a_bad_row_refuses_its_whole_case_and_mending_it_brings_the_case_in(record: Record, tmp_path: Path) -> None:
    # given a case with a good, a bad and a good row, among another case's
    rows = [a_row(), a_row(ref="2"), a_row(ref="2", when="never"), a_row(ref="2"), a_row()]
    report = import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    assert (report.entries_added, report.refused_rows, report.not_imported_because_of_another_row) == (2, 1, 2)
    assert (report.cases, report.cases_refused, report.cases_opened) == (2, 1, 1)
    assert record.history(case_id("T-2")) == []
    # when the row is mended
    rows[2] = a_row(ref="2", when="2024-03-01 10:00")
    mended = import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    # then only that case is new
    assert (mended.entries_added, mended.already_there, mended.refused_rows) == (3, 2, 0)
    assert len(contacts(record, "2")) == 3


def test_a_lone_quote_in_the_middle_does_not_swallow_the_rows_after_it(record: Record, tmp_path: Path) -> None:
    lines = csv_text([a_row(ref=str(n)) for n in range(9)]).splitlines()
    lines[4] = lines[4].removesuffix(",") + ',"open'
    file = tmp_path / "export.csv"
    file.write_text("\n".join(lines), "utf-8")
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert [(each.row, each.case) for each in report.refused] == [(4, "3")]
    assert (report.rows_read, report.entries_added) == (9, 8)


def test_a_quote_that_is_open_for_too_long_is_given_up(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_reading, "LONGEST_ROW", 400)
    rows = [a_row(ref=str(n)) for n in range(50)]
    lines = csv_text(rows).splitlines()
    lines[1] = lines[1].removesuffix(",") + ',"open'
    file = tmp_path / "export.csv"
    file.write_text("\n".join(lines), "utf-8")
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert (report.rows_read, report.entries_added, [each.row for each in report.refused]) == (50, 49, [1])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"ref,who\n1,W1\n", "no column “when”, “holder”"),
        (",".join([*HEADER, "ref"]).encode() + b"\n", "more than one column “ref”"),
        (b"\xff\xfer\x00e\x00f\x00", "UTF-16"),
        (b"PK\x03\x04xxxx", "workbook"),
        (gzip.compress(csv_text([a_row()] * 500).encode())[:-20], "cannot be read"),
        (b'"ref', "header cannot be read"),
    ],
)
def test_a_file_that_cannot_be_the_one_that_is_mapped_is_refused_as_a_whole(
    record: Record, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    with pytest.raises(ImportProblem, match=words):
        import_csv(record, file, mapped(tmp_path), now=NOW)
    assert record.head() == 0


def test_a_file_that_is_not_there_is_said_so(record: Record, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="cannot be read"):
        import_csv(record, tmp_path / "none.csv", mapped(tmp_path), now=NOW)


def test_a_file_with_a_header_alone_imports_nothing(record: Record, tmp_path: Path) -> None:
    report = import_csv(record, csv_file(tmp_path), mapped(tmp_path), now=NOW)
    assert (report.rows_read, report.complete, record.head()) == (0, True, 0)


@pytest.mark.parametrize(
    ("settings", "columns", "words"),
    [
        ("colour = 1", "", "unknown field `colour`"),
        ("", 'height = "h"', "unknown field `height`"),
        ('time_zone = "Mars/Olympus"', "", "no time zone"),
        ('default_kind = "XXXX"', "", "not a kind"),
        ('default_mode = "pigeon"', "", "pigeon"),
        ('delimiter = ",,"', "", "delimiter"),
        ("delimiter = '\"'", "", "delimiter"),
        ("source = 3", "", "not right"),
    ],
)
def test_a_mapping_that_is_not_right_says_what_is_wrong(tmp_path: Path, settings: str, columns: str, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        read_mapping(mapping_file(tmp_path, settings, columns))


def test_a_mapping_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


def test_every_shipped_mapping_can_be_read() -> None:
    assert {"receipt", "example", "delius"} <= set(shipped_mappings())
    assert read_mapping("receipt").source == "receipt"
    assert read_mapping("example").columns.row_id == "Contact id"


def test_a_file_in_another_encoding_and_with_another_delimiter(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(csv_text([a_row(text="café – “so”")]).replace(",", ";").encode("windows-1252"))
    import_csv(record, file, mapped(tmp_path, 'delimiter = ";"\nencoding = "windows-1252"'), now=NOW)
    assert contacts(record, "1")[0].note == "café – “so”"


# -- once, however often -----------------------------------------------------------------------------------------------


def test_a_dry_run_reports_what_the_import_then_does_and_stores_nothing(record: Record, tmp_path: Path) -> None:
    file = csv_file(tmp_path, a_row(), a_row(ref="2", when="never"), a_row(ref="3", text="words"))
    dry = import_csv(record, file, mapped(tmp_path), now=NOW, dry_run=True, touched=lambda streams: pytest.fail("nothing is touched"))
    assert record.head() == 0
    wet = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert msgspec.structs.replace(dry, dry_run=False) == wet


def test_rows_with_ids_are_known_wherever_they_stand(record: Record, tmp_path: Path) -> None:
    mapping = mapped(tmp_path, columns='row_id = "id"')
    rows = [a_row(id="7"), a_row(ref="2", id="task-1"), a_row(id="8")]
    import_csv(record, csv_file(tmp_path, *rows, header=WIDE), mapping, now=NOW)
    # when the next export has them elsewhere, without one, with a new one, and with another time for one
    rows = [a_row(id="9"), a_row(ref="2", id="task-1", when="2024-03-05 10:00"), a_row(id="7")]
    report = import_csv(record, csv_file(tmp_path, *rows, header=WIDE), mapping, now=NOW)
    assert (report.entries_added, report.already_there, report.changed_at_the_source) == (1, 2, 1)
    assert [contact.imported and contact.imported.row for contact in contacts(record, "1")] == [7, 8, 9]


def test_rows_without_ids_that_have_moved_are_refused_because_nobody_can_tell_them_apart(record: Record, tmp_path: Path) -> None:
    rows = [a_row(ref="2", when=f"2024-03-0{n} 10:00") for n in (1, 2, 3)]
    import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    report = import_csv(record, csv_file(tmp_path, a_row(), *rows), mapped(tmp_path), now=NOW)
    assert (report.entries_added, report.cases_refused) == (1, 1)
    assert "is now another row" in report.refused[0].reason
    assert len(contacts(record, "2")) == 3
    assert adds_up(report)


def test_an_import_that_broke_off_goes_on_from_there(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given an import that fails after its first commit of cases
    monkeypatch.setattr("store.importing.EVENTS_A_COMMIT", 10)
    rows = [a_row(ref=str(n % 20), when=f"2024-03-{n % 28 + 1:02} 10:00") for n in range(200)]
    file, mapping = csv_file(tmp_path, *rows), mapped(tmp_path)

    def fail(streams: Sequence[UUID]) -> None:
        if case_id("T-0") in streams:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_csv(record, file, mapping, now=NOW, touched=fail)
    kept = len(imported_workers(record))
    assert 0 < kept < 20
    # when it is run again
    report = import_csv(record, file, mapping, now=NOW)
    # then the rest comes in, and nothing twice
    assert (report.already_there, report.entries_added) == (kept * 10, 200 - kept * 10)
    assert all(len(workers) == 10 for workers in imported_workers(record).values())


def test_the_same_file_imported_twice_at_once_comes_in_once(record: Record, tmp_path: Path) -> None:
    rows = [a_row(ref=str(n % 30), when=f"2024-03-{n % 28 + 1:02} 10:00") for n in range(300)]
    file, mapping = csv_file(tmp_path, *rows), mapped(tmp_path)
    reports: list[ImportReport] = []
    threads = [threading.Thread(target=lambda: reports.append(import_csv(record, file, mapping, now=NOW))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.entries_added for report in reports) == 300
    assert sum(report.already_there for report in reports) == 600
    assert all(len(workers) == 10 for workers in imported_workers(record).values())


def test_an_answer_that_was_lost_after_the_commit_is_not_taken_for_a_conflict(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an append that is committed, and whose answer is lost so that it is given again
    insert = record.recorder.insert_events

    def twice(*args: object, **kwargs: object) -> object:
        insert(*args, **kwargs)  # type: ignore[arg-type]
        return insert(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(record.recorder, "insert_events", twice)
    report = import_csv(record, csv_file(tmp_path, a_row(), a_row()), mapped(tmp_path), now=NOW)
    assert (report.entries_added, report.already_there) == (2, 0)


def test_a_case_that_officers_work_in_takes_imported_rows_too(record: Record, tmp_path: Path) -> None:
    person = UUID(int=5)
    record.change(Case, case_id("T-1"), open_case, None, now=NOW, by="A", crn="T-1", person_id=person, name="Alex Example")
    record.change(Case, case_id("T-1"), record_contact, None, now=NOW, by="A", occurred_at=NOW, practitioner="A", kind="COAP", note="live")
    report = import_csv(record, csv_file(tmp_path, a_row(text="old")), mapped(tmp_path), now=NOW)
    assert (report.cases_opened, report.entries_added) == (0, 1)
    assert [contact.note for contact in contacts(record, "1")] == ["live", "old"]
    assert record.state(Case, case_id("T-1")).person_id == person


def test_a_case_whose_history_cannot_be_read_is_refused_and_the_others_come_in(record: Record, database: str, tmp_path: Path) -> None:
    with psycopg.connect(database) as conn:
        conn.execute(
            "select record.append(array[%s]::uuid[], array[1]::bigint[], array['case-opened'], array['{nonsense'::bytea],"
            " array[null]::bytea[], null, null, null)",
            (case_id("T-1"),),
        )
    report = import_csv(record, csv_file(tmp_path, a_row(), a_row(), a_row(ref="2")), mapped(tmp_path), now=NOW)
    assert [(each.case, "cannot be read at entry 1" in each.reason) for each in report.refused] == [("1", True)]
    assert (report.entries_added, report.not_imported_because_of_another_row) == (1, 1)


def test_progress_and_what_was_touched_are_told(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.importing.EVENTS_A_COMMIT", 5)
    monkeypatch.setattr("store.importing.READ_BETWEEN_REPORTS", 4)
    done: list[int] = []
    read: list[int] = []
    streams: list[UUID] = []
    file = csv_file(tmp_path, *(a_row(ref=str(n)) for n in range(12)))
    import_csv(record, file, mapped(tmp_path), now=NOW, progress=done.append, reading=read.append, touched=streams.extend)
    assert read == [4, 8, 12]
    assert done == [5, 10, 12]
    expected = {case_id(f"T-{n}") for n in range(12)} | {provider_id("P1"), practitioner_id("W1")}
    assert set(streams) == expected
    assert len(streams) == len(expected)


def test_more_refused_rows_than_are_listed_are_all_counted(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.import_staging.KEPT", 3)
    report = import_csv(record, csv_file(tmp_path, *[a_row(when="never")] * 8), mapped(tmp_path), now=NOW)
    assert (report.refused_rows, [each.row for each in report.refused]) == (8, [1, 2, 3])


def test_the_report_is_plain_json(record: Record, tmp_path: Path) -> None:
    report = import_csv(record, csv_file(tmp_path, a_row(when="never")), mapped(tmp_path), now=NOW)
    told = msgspec.json.decode(msgspec.json.encode(report))
    assert list(told)[:6] == ["source", "dry_run", "rows_read", "cases", "cases_opened", "cases_refused"]
    assert told["refused"] == [{"row": 1, "reason": "The time: “never” cannot be read as a date and time.", "case": "1"}]


# -- any file ----------------------------------------------------------------------------------------------------------

CELLS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["", "Visit", '"', "\n"])
ROWS = st.lists(
    st.builds(
        a_row,
        ref=st.sampled_from(["a", "b", "c", " a ", "", "d/e"]) | CELLS,
        who=st.sampled_from(["W1", "W2", "", "Unallocated"]) | CELLS,
        holder=st.sampled_from(["W1", "W2", "", "Unallocated"]),
        how=st.sampled_from(["Face to face", "video", "", "?"]),
        when=st.sampled_from(["2024-03-01 10:00", "2024-03-31 01:30", "2024-10-27 01:30", "2099-01-01", ""])
        | st.datetimes(datetime(2015, 1, 1), datetime(2026, 1, 1)).map(str),  # noqa: DTZ001 - as sources write them
        text=CELLS,
    ),
    max_size=12,
)
_sources = iter(range(10_000))


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any-file")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, cut=st.integers(0, 60), raw=st.binary(max_size=12))
def test_whatever_the_file_every_row_is_accounted_for_and_a_second_run_adds_nothing(
    record: Record, one_folder: Path, rows: list[list[str]], cut: int, raw: bytes
) -> None:
    # given any rows, with any bytes after them or the end torn off, from a source and for cases that are new each time
    number = next(_sources)
    fresh = msgspec.structs.replace(mapped(one_folder), source=f"test-{number}", case_prefix=f"{number}-")
    content = csv_text(rows).encode()
    head = len(csv_text([]).encode())
    file = one_folder / "export.csv"
    file.write_bytes(content[: max(head, len(content) - cut)] + (raw if cut % 2 else b""))
    # when they are imported twice
    first = import_csv(record, file, fresh, now=NOW)
    before = record.head()
    second = import_csv(record, file, fresh, now=NOW)
    # then every row is accounted for, and the second run adds nothing
    assert adds_up(first)
    assert adds_up(second)
    assert first.already_there == 0
    assert (second.entries_added, second.events_added, second.already_there) == (0, 0, first.entries_added)
    assert second.refused == first.refused
    assert record.head() == before


def test_a_batch_is_given_up_when_others_keep_writing(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **kwargs: object) -> object:
        raise IntegrityError

    monkeypatch.setattr(record.recorder, "insert_events", never)
    with pytest.raises(import_appending.Busy):
        import_csv(record, csv_file(tmp_path, a_row()), mapped(tmp_path), now=NOW)
    assert record.head() == 0
