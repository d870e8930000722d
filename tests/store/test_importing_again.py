"""Importing from CSV again: once, however often, whoever else writes, and wherever it broke off."""

import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from domain.case import Case, case_id, open_case
from domain.contact import record_contact
from domain.organisation import provider_id
from domain.practitioner import practitioner_id
from store.imports import ImportReport, import_csv
from store.record import Busy, Record
from tests.case_logs import NOW, WIDE, a_row, adds_up, contacts, csv_file, imported_workers, mapped


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
    monkeypatch.setattr("store.imports.from_csv.EVENTS_A_COMMIT", 10)
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
    insert = record.recorder.append

    def twice(*args: object, **kwargs: object) -> object:
        insert(*args, **kwargs)
        return insert(*args, **kwargs)

    monkeypatch.setattr(record.recorder, "append", twice)
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
    monkeypatch.setattr("store.imports.from_csv.EVENTS_A_COMMIT", 5)
    monkeypatch.setattr("store.imports.from_csv.READ_BETWEEN_REPORTS", 4)
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
    monkeypatch.setattr("store.imports.staging.KEPT", 3)
    report = import_csv(record, csv_file(tmp_path, *[a_row(when="never")] * 8), mapped(tmp_path), now=NOW)
    assert (report.refused_rows, [each.row for each in report.refused]) == (8, [1, 2, 3])


def test_the_report_is_plain_json(record: Record, tmp_path: Path) -> None:
    report = import_csv(record, csv_file(tmp_path, a_row(when="never")), mapped(tmp_path), now=NOW)
    told = msgspec.json.decode(msgspec.json.encode(report))
    assert list(told)[:6] == ["source", "dry_run", "rows_read", "cases", "cases_opened", "cases_refused"]
    assert told["refused"] == [{"row": 1, "reason": "The time: “never” cannot be read as a date and time.", "case": "1"}]


def test_a_batch_is_given_up_when_others_keep_writing(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **kwargs: object) -> object:
        raise IntegrityError

    monkeypatch.setattr(record.recorder, "append", never)
    with pytest.raises(Busy):
        import_csv(record, csv_file(tmp_path, a_row()), mapped(tmp_path), now=NOW)
    assert record.head() == 0
