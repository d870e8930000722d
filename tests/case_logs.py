"""Small case logs to import, the mapping for them, and what the record then holds."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from domain.case import CaseOpened, case_id
from domain.contact import ContactRecorded
from store.imports import ImportReport, Mapping, read_mapping
from store.record import Record

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEADER = ["ref", "who", "holder", "team", "how", "what", "when", "written", "text"]
WIDE = [*HEADER, "id"]
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
