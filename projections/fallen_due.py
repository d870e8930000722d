"""What fell due and was not done, counted on the day after: a row a day, team and kind, so that a forward look can also look back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import ProviderKind
from projections.deadline_kinds import SLIPPING
from projections.deadlines import CRC, NPS, TABLE
from projections.limited_access import HOLDS

LONGEST_GAP = timedelta(days=14)
"""How many days are made up for when nobody counted."""


class FallenDue(msgspec.Struct, frozen=True):
    """How many things of one kind fell due on a day and were not done when they were counted."""

    day: date
    kind: str
    items: int
    counted_at: datetime


def count(conn: Connection[Any], *, today: date, now: datetime) -> tuple[int, int]:
    """Count yesterday, and the days before it that nobody counted; returns how many days and how many items. A day is counted once: what is
    done later stays counted, for on its day it was not done. Cases that are hidden from
    somebody are counted for nobody: a sum cannot be told apart again by who looks at it."""
    yesterday = today - timedelta(days=1)
    last = last_counted(conn)
    first = max(last + timedelta(days=1), today - LONGEST_GAP) if last else yesterday
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    with conn.transaction():
        return len(days), _store(conn, first, today, now, days)


def _store(conn: Connection[Any], first: date, today: date, now: datetime, days: Sequence[date]) -> int:
    yesterday = today - timedelta(days=1)
    found = conn.execute(
        f"""insert into app.fallen_due (day, team, kind, items, counted_at)
        select d.due_on, d.team, d.kind, count(*), %(now)s from {TABLE} d left join provider o on o.code = d.provider
        where d.due_on between %(first)s and %(yesterday)s and d.since <= %(today)s and d.until > %(today)s
          and not exists (select from limited_access l where l.stream_id = d.stream_id and {HOLDS})
          and d.kind = any(%(kinds)s) and d.route in ('', case o.kind when '{ProviderKind.NPS}' then '{NPS}' else '{CRC}' end)
        group by d.due_on, d.team, d.kind
        on conflict do nothing returning items""".encode(),
        {"now": now, "first": first, "yesterday": yesterday, "today": today, "kinds": [kind.value for kind in SLIPPING]},
    ).fetchall()
    # A day on which nothing fell due is counted too, or it would be made up for again and again.
    for day in days:
        conn.execute("insert into app.fallen_due (day, team, kind, items, counted_at) values (%s, '', '', 0, %s)", (day, now))
    return sum(items for (items,) in found)


def of_team(conn: Connection[Any], *, team: str, since: date) -> Sequence[FallenDue]:
    """A team's counts since a day, the newest day first."""
    with conn.cursor(row_factory=class_row(FallenDue)) as cursor:
        return cursor.execute(
            "select day, kind, items, counted_at from app.fallen_due where team = %s and day >= %s order by day desc, items desc, kind",
            (team, since),
        ).fetchall()


def last_counted(conn: Connection[Any]) -> date | None:
    row = conn.execute("select max(day) from app.fallen_due").fetchone()
    return row[0] if row else None
