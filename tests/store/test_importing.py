"""Importing from CSV: what becomes of a row, and the public log with its published check values."""

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean

import psycopg

import store
from domain.allocation import CaseAllocated
from domain.case import Case, CaseOpened, case_id
from domain.contact import ContactRecorded, Mode
from domain.organisation import Provider, provider_id
from domain.practitioner import Practitioner, practitioner_id
from store.imports import import_csv, read_mapping
from store.ledger import verify
from store.record import Record
from tests.case_logs import NOW, a_row, contacts, csv_file, csv_text, imported_workers, mapped

RECEIPT = Path(store.__file__).parents[2] / "shared/data/receipt/receipt.csv"


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
