"""What the benchmarks stand on: an invented nation written at once, and who and what in it they look at."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from domain.access import Role
from store.record import Record
from web.synthetic import DEMO_STAFF
from web.synthetic.national import seed_nation

ENTRIES_A_CASE = 105
"""About; see docs/synthetic.md."""
LONG = 300
"""Entries of the one case that is replayed."""
OFFICER, MANAGER, INSPECTOR = (
    next(staff for staff in DEMO_STAFF if staff.role is role) for role in (Role.OFFICER, Role.MANAGER, Role.INSPECTOR)
)
"""Whose pages are asked for."""


class Load(NamedTuple):
    """What was written. `long_case` has at least as many entries as are replayed, if any case has."""

    events: int
    cases: int
    long_case: UUID


def load(record: Record, dsn: str, events: int, until: datetime, seed: int = 7) -> Load:
    """Fill an empty synthetic record, as its owner, with about `events` events up to `until`."""
    report = seed_nation(record, dsn, cases=max(1, events // ENTRIES_A_CASE), seed=seed, until=until)
    return Load(report.events, report.cases, _long_case(dsn))


def stored(dsn: str) -> tuple[Load, datetime]:
    """What a record that was filled before holds, and when its last entry was made."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute(
            "select max(notification_id), max(recorded_at), count(*) filter (where topic = 'case-opened') from record.event"
        ).fetchone()
    assert row is not None
    events, until, cases = row
    return Load(events, cases, _long_case(dsn)), until


def largest_provider(conn: psycopg.Connection[Any]) -> tuple[str, int]:
    """By its code, with how many open cases it has."""
    row = conn.execute("select provider, count(*) from caseload where ended_on is null group by 1 order by 2 desc limit 1").fetchone()
    assert row is not None
    return row[0], row[1]


def _long_case(dsn: str) -> UUID:
    with psycopg.connect(dsn) as conn:
        row = conn.execute(
            "select originator_id from record.event where originator_version <= %s order by originator_version desc, originator_id limit 1",
            (LONG,),
        ).fetchone()
    assert row is not None
    return UUID(str(row[0]))
