"""Somebody's appointments for their own calendar: the secret of its address, kept as a digest only, and the file (RFC 5545)."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from icalendar import Calendar, Event
from psycopg import Connection
from psycopg.rows import class_row

from domain.contact import KINDS
from projections.diary import DiaryRow

PAST = timedelta(days=28)
AHEAD = timedelta(days=180)
MOST = 1000
"""How many appointments a file holds, the earliest first."""
MOST_AN_HOUR = 60
"""How often an address answers in an hour; calendars ask every few minutes at most."""


class Address(msgspec.Struct, frozen=True):
    """What is known of somebody's address: since when it is, and when a calendar asked last. Its secret is not known."""

    made_at: datetime
    asked_at: datetime | None


class Asked(msgspec.Struct, frozen=True):
    """Whose address was asked for, and how often in the hour under way."""

    staff: str
    asked: int


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def renew(conn: Connection[Any], staff: str) -> str:
    """A new secret; the address with the old one answers no more."""
    secret = secrets.token_urlsafe(32)
    conn.execute(
        "insert into app.calendar (staff, secret) values (%s, %s) on conflict (staff) do update"
        " set secret = excluded.secret, made_at = clock_timestamp(), asked_at = null, hour = null, asked = 0",
        (staff, _digest(secret)),
    )
    return secret


def stop(conn: Connection[Any], staff: str) -> None:
    """The address answers no more."""
    conn.execute("delete from app.calendar where staff = %s", (staff,))


def address(conn: Connection[Any], staff: str) -> Address | None:
    with conn.cursor(row_factory=class_row(Address)) as cursor:
        return cursor.execute("select made_at, asked_at from app.calendar where staff = %s", (staff,)).fetchone()


def ask(conn: Connection[Any], secret: str) -> Asked | None:
    """Count that somebody asked; None when nobody has this secret."""
    with conn.cursor(row_factory=class_row(Asked)) as cursor:
        return cursor.execute(
            "update app.calendar c set asked_at = t.now, hour = date_trunc('hour', t.now),"
            " asked = case when c.hour = date_trunc('hour', t.now) then c.asked + 1 else 1 end"
            " from (select clock_timestamp() as now) t where c.secret = %s returning c.staff, c.asked",
            (_digest(secret),),
        ).fetchone()


def file_of(rows: Sequence[DiaryRow]) -> bytes:
    """Appointments as a calendar reads them. They say the CRN and the kind, and no name and no place: calendars stand open on screens."""
    calendar = Calendar()
    calendar.add("prodid", "-//Throughline//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Appointments")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in _events(rows):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(rows: Sequence[DiaryRow]) -> Iterable[Event]:
    """One for each appointment, and one for all of a group session."""
    alone = [[row] for row in rows if not row.session]
    in_order = sorted((row for row in rows if row.session), key=lambda row: row.session)
    sessions = [list(group) for _, group in groupby(in_order, key=lambda row: row.session)]
    together = sorted([*alone, *sessions], key=lambda group: (group[0].starts_at, group[0].crn))
    return map(_event, together[:MOST])


def _event(rows: Sequence[DiaryRow]) -> Event:
    """An event keeps its UID for good; its number rises with each change, so that a calendar knows which of two is the newer."""
    first = rows[0]
    on = [row for row in rows if not row.cancelled] or rows
    kind = KINDS[first.kind].label if first.kind in KINDS else first.kind
    event = Event()
    event.add(
        "uid", f"{uuid5(NAMESPACE_URL, first.session)}@throughline" if first.session else f"{first.stream_id}.{first.number}@throughline"
    )
    event.add("dtstamp", max(row.changed_at for row in rows).astimezone(UTC))
    event.add("dtstart", on[0].starts_at.astimezone(UTC))
    if first.minutes:
        event.add("duration", timedelta(minutes=first.minutes))
    event.add("summary", f"{kind}, {len(on)} people" if first.session else f"{kind}, {first.crn}")
    event.add("sequence", sum(row.changed for row in rows))
    event.add("status", "CANCELLED" if all(row.cancelled for row in rows) else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event
