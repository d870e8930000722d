"""Importing activity logs: appointments with how they went, contacts, what is to come, and what cannot be read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

import store
from domain.allocation import CaseAllocated
from domain.appointment import AppointmentArranged, OutcomeRecorded, record_outcome
from domain.case import Case, CaseOpened, case_id
from domain.contact import LONGEST_NOTE, ContactRecorded
from domain.event import Event
from domain.practitioner import PractitionerRegistered, practitioner_id
from store.imports import DeliusOptions, ImportProblem, import_delius, read_delius_options
from store.record import Record

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
LOG = Path(store.__file__).parents[2] / "shared/data/delius/X000001-activity-log.json"
CASE = case_id("X000001")


def an_item(number: int, **changes: Any) -> dict[str, Any]:
    usual = {
        "id": number,
        "type": "Office appointment",
        "startDateTime": "2024-03-22T10:15:00.382936Z",
        "endDateTime": "2024-03-22T10:30:00.382936Z",
        "isAppointment": True,
        "hasOutcome": False,
        "appointmentNotes": [],
        "officer": {"code": "", "name": {"forename": "Terry", "surname": "Jones"}},
        "lastUpdated": "2024-03-25",
    }
    return usual | changes


def a_page(*items: Any, crn: str = "X000001", number: int = 0) -> dict[str, Any]:
    summary = {"name": {"forename": "Eula", "surname": "Schmeler"}, "crn": crn, "dateOfBirth": "1979-08-18"}
    return {"page": number, "personSummary": summary, "activities": list(items)}


def a_file(folder: Path, document: object) -> Path:
    path = folder / "log.json"
    path.write_text(json.dumps(document), "utf-8")
    return path


def options(**changes: Any) -> DeliusOptions:
    return msgspec.structs.replace(read_delius_options("delius"), **changes)


def events(record: Record, stream: Any = CASE) -> list[Event]:
    return [each.event for each in record.history(stream, texts=True)]


def like_the_published_log(folder: Path) -> Path:
    """A small log of the published one's shape, for a clone that has no shared data beside it."""
    answered = {"request": {"method": "POST"}, "response": {"jsonBody": a_page(an_item(15, didTheyComply=True))}}
    filtered = {"request": {"bodyPatterns": []}, "response": {"jsonBody": a_page(an_item(15, type="Phone call"))}}
    return a_file(folder, {"mappings": [answered, filtered, answered]})


def test_the_published_log_comes_in_whole_and_only_once(record: Record, tmp_path: Path) -> None:
    # given the published log, or a small one of its shape where there is no shared data
    file = LOG if LOG.exists() else like_the_published_log(tmp_path)
    # when it is imported
    report = import_delius(record, file, options(), now=NOW)
    # then every item of the unfiltered log is in the case, and of the answers to filters none
    assert (report.cases, report.refused_rows, report.rows_read) == (1, 0, report.entries_added)
    found = events(record)
    assert isinstance(found[0], CaseOpened)
    assert (found[0].crn, found[0].name, found[0].born) == ("X000001", "Eula Schmeler", "1979-08-18")
    outcomes = {e.imported.row: e.outcome for e in found if isinstance(e, OutcomeRecorded) and e.imported}
    assert outcomes[15] == "ATTC"
    if file == LOG:
        assert report.rows_read == 14
        assert outcomes == {13: "UAAB", 14: "AAAA", 15: "ATTC", 16: "AFTC", 17: "AFTA", 18: "RSOF", 19: "RSOF", 20: "RSOF"}
        kinds = {e.imported.row: e.kind for e in found if isinstance(e, AppointmentArranged) and e.imported}
        assert kinds == {
            11: "CTOA", 12: "COVC", 13: "COVC", 14: "COPT", 15: "COAP", 16: "COAP", 17: "OTHR", 18: "COAI", 19: "COAI", 20: "COAI"
        }  # fmt: skip
        assert {e.imported.row for e in found if isinstance(e, ContactRecorded) and e.imported} == {30, 31, 32, 322}
        assert report.practitioners_registered == 4
        assert any("left out, of items" in note for note in report.notes)
    # and a second run adds nothing
    before = record.head()
    again = import_delius(record, file, options(), now=NOW)
    assert (again.entries_added, again.already_there, record.head()) == (0, report.rows_read, before)


def test_a_dry_run_says_what_the_import_then_does(record: Record, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_page(an_item(1, didTheyComply=True), an_item(2)))
    dry = import_delius(record, file, options(), now=NOW, dry_run=True)
    assert record.head() == 0
    assert msgspec.structs.replace(dry, dry_run=False) == import_delius(record, file, options(), now=NOW)


@pytest.mark.parametrize(
    ("flags", "outcome"),
    [
        ({"didTheyComply": True}, "ATTC"),
        ({"complied": True}, "ATTC"),
        ({"didTheyComply": False}, "AFTC"),
        ({"wasAbsent": True, "acceptableAbsence": True}, "AAAA"),
        ({"wasAbsent": True, "acceptableAbsence": False, "complied": False}, "UAAB"),
        ({"wasAbsent": True, "absentWaitingEvidence": True}, "AFTA"),
        ({"wasAbsent": True}, "AFTA"),
        ({"rescheduled": True, "wasAbsent": False}, "RSOF"),
        ({"outcome": "Acceptable Absence - Medical", "wasAbsent": True}, "AAME"),
        ({"outcome": "Attended - Complied", "wasAbsent": None}, "ATTC"),
        ({"hasOutcome": True, "wasAbsent": False}, ""),
        ({}, ""),
    ],
)
def test_how_an_appointment_went_follows_from_its_outcome_or_its_flags(
    record: Record, tmp_path: Path, flags: dict[str, Any], outcome: str
) -> None:
    report = import_delius(record, a_file(tmp_path, a_page(an_item(1, **flags))), options(), now=NOW)
    found = [e.outcome for e in events(record) if isinstance(e, OutcomeRecorded)]
    assert found == ([outcome] if outcome else [])
    assert any("await an outcome" in note for note in report.notes) is not bool(outcome)


def test_what_was_written_is_kept_sealed_with_the_entry(record: Record, tmp_path: Path) -> None:
    item = an_item(
        1,
        type="Safeguarding Enquiries Requested",
        isAppointment=False,
        isSensitive=True,
        outcome="Request not sent",
        appointmentNotes=[{"id": 0, "note": "Asked.", "hasNoteBeenTruncated": True}, {"id": 1, "note": "Sent."}],
    )
    report = import_delius(record, a_file(tmp_path, a_page(item)), options(), now=NOW)
    contact = events(record)[-1]
    assert isinstance(contact, ContactRecorded)
    assert contact.note == "Safeguarding Enquiries Requested\n\nRequest not sent\n\nAsked.\n\nSent."
    assert (contact.sensitive, contact.minutes, contact.practitioner, contact.kind) == (True, 15, "TERRY-JONES", "OTHR")
    assert contact.imported is not None
    assert contact.imported.recorded_claim == datetime(2024, 3, 25, 23, 59, 59, tzinfo=UTC)
    assert report.notes == ("The source had cut notes short, of items 1.",)
    registered = events(record, practitioner_id("TERRY-JONES"))[0]
    assert isinstance(registered, PractitionerRegistered)
    assert registered.name == "Terry Jones"


def test_what_is_to_come_is_arranged_and_gets_its_outcome_when_a_later_log_has_it(record: Record, tmp_path: Path) -> None:
    # given an appointment to come
    ahead = {"startDateTime": "2025-06-10T10:00:00Z[Europe/London]", "endDateTime": "", "lastUpdated": None}
    import_delius(record, a_file(tmp_path, a_page(an_item(1, **ahead))), options(), now=NOW)
    assert isinstance(events(record)[-1], AppointmentArranged)
    # when a later log says how it went
    later = datetime(2025, 7, 1, tzinfo=UTC)
    file = a_file(tmp_path, a_page(an_item(1, **ahead, didTheyComply=True)))
    report = import_delius(record, file, options(), now=later)
    # then the outcome is added to that appointment, once
    assert (report.entries_added, report.events_added) == (1, 1)
    outcome = events(record)[-1]
    assert isinstance(outcome, OutcomeRecorded)
    assert (outcome.appointment, outcome.outcome) == (2, "ATTC")
    assert import_delius(record, file, options(), now=later).entries_added == 0


def test_an_outcome_that_an_officer_recorded_stands(record: Record, tmp_path: Path) -> None:
    import_delius(record, a_file(tmp_path, a_page(an_item(1))), options(), now=NOW)
    record.change(Case, CASE, record_outcome, None, now=NOW, by="A", appointment=2, outcome="UAAB")
    report = import_delius(record, a_file(tmp_path, a_page(an_item(1, didTheyComply=True))), options(), now=NOW)
    assert (report.entries_added, report.already_there) == (0, 1)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"id": 1, "type": "Phone call"}, "startDateTime"),
        ({"id": 1}, "type"),
        ("hidden", "cannot be read"),
        (None, "cannot be read"),
        (an_item(1, startDateTime="soon"), "cannot be read as a date"),
        (an_item(1, id="one"), "cannot be read"),
        (an_item(1, lastUpdated="2031-01-01"), "in the future"),
        (an_item(1, appointmentNotes=[{"note": "x" * (LONGEST_NOTE + 1)}]), "12,001 characters"),
        (an_item(1, appointmentNotes=[{"note": "a\x00b"}]), "control character"),
        (an_item(2, type="Phone call"), "more than once"),
    ],
)
def test_an_item_that_cannot_be_read_refuses_its_case_and_no_other(record: Record, tmp_path: Path, item: Any, words: str) -> None:
    pages = [a_page(an_item(2), item), a_page(an_item(3), crn="X000002"), a_page(an_item(2), number=1)]
    report = import_delius(record, a_file(tmp_path, pages), options(), now=NOW)
    assert [(each.row, each.case) for each in report.refused] == [(2, "X000001")]
    assert words in report.refused[0].reason
    assert (report.entries_added, report.not_imported_because_of_another_row) == (1, 2)
    assert events(record) == []
    assert len(events(record, case_id("X000002"))) == 2


def test_a_log_of_nobody_is_refused_item_by_item(record: Record, tmp_path: Path) -> None:
    limited = {"activities": [an_item(1), an_item(2)], "personSummary": None}
    report = import_delius(record, a_file(tmp_path, [limited, a_page(an_item(3))]), options(), now=NOW)
    assert [(each.row, "limited" in each.reason) for each in report.refused] == [(1, True), (2, True)]
    assert report.entries_added == 1


def test_a_type_that_is_not_mapped_is_refused_where_the_options_say_so(record: Record, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_page(an_item(1, type="Seance")))
    strict = import_delius(record, file, options(strict=True), now=NOW)
    assert "“Seance” is not in the mapping" in strict.refused[0].reason
    lenient = import_delius(record, file, options(), now=NOW)
    assert (lenient.entries_added, lenient.values_not_mapped) == (1, 1)


def test_cases_are_allocated_where_the_options_say_to_whom(record: Record, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_page(an_item(1, officer={"name": {"forename": "Unallocated", "surname": "Staff"}})))
    report = import_delius(record, file, options(team="N1", allocated_to="W1"), now=NOW)
    held = record.state(Case, CASE).allocation
    assert held is not None
    assert (held.practitioner, held.team) == ("W1", "N1")
    found = events(record)
    assert isinstance(found[1], CaseAllocated)
    assert isinstance(found[2], AppointmentArranged)
    assert found[2].practitioner == ""
    assert (report.practitioners_registered, report.teams_registered) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"3", b'{"activities": 3}', b'{"mappings": [1, {}]}', b"\xff", b"[" * 9000])
def test_a_file_that_is_no_log_is_refused_as_a_whole(record: Record, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "log.json"
    file.write_bytes(content)
    with pytest.raises(ImportProblem):
        import_delius(record, file, options(), now=NOW)
    with pytest.raises(ImportProblem):
        import_delius(record, tmp_path / "none.json", options(), now=NOW)


def test_options_that_are_not_right_say_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "options.toml"
    provider = 'source = "s"\n{}\n[provider]\ncode = "P"\nname = "P"\nkind = "NPS"\n'
    for setting, words in [("colour = 1", "colour"), ('types = {a = "XXXX"}', "not a kind"), ('outcomes = {a = "ZZ"}', "not an outcome")]:
        file.write_text(provider.format(setting), "utf-8")
        with pytest.raises(ImportProblem, match=words):
            read_delius_options(file)
