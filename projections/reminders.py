"""Reminders of appointments: prepared some days before, withdrawn when the appointment changes, and settled by somebody.

They are rows of the application and no part of the record: see docs/decisions/17-reminders-are-no-events.md.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.words import said
from projections.hidden import given, not_given


class SentBy(StrEnum):
    TEXT = said("by text")
    POST = said("by post")
    HAND = said("by hand")


class Draft(msgspec.Struct, frozen=True):
    """A reminder that waits for somebody to send it, with its appointment as it stands and the person's language."""

    stream_id: UUID
    number: int
    starts_at: datetime
    minutes: int | None
    mode: str
    place: str
    practitioner: str
    crn: str
    name: str
    language: str
    team: str

    @property
    def key(self) -> str:
        """Names it in a form, with its time: one of an appointment that was moved meanwhile is another."""
        return f"{self.crn}-{self.number}-{int(self.starts_at.timestamp())}"


class Settled(msgspec.Struct, frozen=True):
    """A reminder that somebody sent or discarded."""

    number: int
    starts_at: datetime
    state: str
    sent_by: str
    settled_by: str
    settled_at: datetime
    crn: str
    name: str


_STANDS = "d.starts_at = r.starts_at and not d.cancelled and d.outcome = '' and c.ended_on is null"
"""Whether the appointment is still as it was when its reminder was prepared."""


def prepare(conn: Connection[Any], *, now: datetime, until: datetime, modes: Sequence[str]) -> int:
    """Prepare a reminder for each appointment up to then that has none for its time; returns how many. Doing it twice does it once."""
    return conn.execute(
        "insert into app.reminder as r (stream_id, appointment, starts_at, prepared_at)"
        " select d.stream_id, d.number, d.starts_at, %(now)s from diary d join caseload c using (stream_id)"
        " where d.starts_at > %(now)s and d.starts_at <= %(until)s and not d.cancelled and d.outcome = '' and c.ended_on is null"
        " and d.mode = any(%(modes)s) on conflict (stream_id, appointment, starts_at) do update"
        " set state = 'draft', prepared_at = excluded.prepared_at, settled_at = null where r.state = 'withdrawn'",
        {"now": now, "until": until, "modes": list(modes)},
    ).rowcount


def withdraw(conn: Connection[Any], *, now: datetime) -> int:
    """Withdraw drafts whose appointment was moved, cancelled or held, whose time has come, or whose case has ended."""
    return conn.execute(
        "update app.reminder r set state = 'withdrawn', settled_at = %(now)s where r.state = 'draft' and (r.starts_at <= %(now)s"
        " or not exists (select 1 from diary d join caseload c using (stream_id)"
        f" where d.stream_id = r.stream_id and d.number = r.appointment and {_STANDS}))".encode(),
        {"now": now},
    ).rowcount


def forget(conn: Connection[Any], *, before: datetime) -> int:
    """Forget reminders of appointments before then."""
    return conn.execute("delete from app.reminder where starts_at < %s", (before,)).rowcount


def drafts(
    conn: Connection[Any],
    *,
    now: datetime,
    team: str = "",
    practitioner: str = "",
    stream_id: UUID | None = None,
    hidden: Sequence[UUID] = (),
) -> Sequence[Draft]:
    """Drafts of a team or of one case, the soonest appointment first; `practitioner` keeps those that are with them or of their cases.

    One whose appointment has changed is not among them, also before it is withdrawn.
    """
    whose = "c.team = %(team)s" if stream_id is None else "c.stream_id = %(stream)s"
    query = f"""
        select r.stream_id, d.number, r.starts_at, d.minutes, d.mode, d.place, d.practitioner,
          c.crn, c.name, c.language, c.team
        from caseload c join app.reminder r using (stream_id) join diary d on d.stream_id = r.stream_id and d.number = r.appointment
        where {whose} and r.state = 'draft' and r.starts_at > %(now)s and {_STANDS}
          and %(practitioner)s in ('', d.practitioner, c.practitioner) and {not_given("r.stream_id")}
        order by r.starts_at, c.sort_name, c.crn
    """
    asked = {"team": team, "stream": stream_id, "now": now, "practitioner": practitioner, "hidden": given(hidden)}
    with conn.cursor(row_factory=class_row(Draft)) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()


def settle(conn: Connection[Any], draft: Draft, *, by: str, now: datetime, sent_by: SentBy | None) -> bool:
    """Mark a draft as sent, or without a way of sending as discarded. False when somebody or the clock was first."""
    state = "sent" if sent_by else "discarded"
    return bool(
        conn.execute(
            "update app.reminder set state = %s, sent_by = %s, settled_by = %s, settled_at = %s"
            " where stream_id = %s and appointment = %s and starts_at = %s and state = 'draft'",
            (state, sent_by or "", by, now, draft.stream_id, draft.number, draft.starts_at),
        ).rowcount
    )


def settled(conn: Connection[Any], *, team: str, since: datetime, hidden: Sequence[UUID] = ()) -> Sequence[Settled]:
    """What was sent or discarded since then, of the cases that the team holds now, the newest first."""
    query = f"""
        select r.appointment as number, r.starts_at, r.state, r.sent_by, r.settled_by, r.settled_at, c.crn, c.name
        from caseload c join app.reminder r using (stream_id)
        where c.team = %(team)s and r.state in ('sent', 'discarded') and r.settled_at >= %(since)s and {not_given("r.stream_id")}
        order by r.settled_at desc, c.crn
    """
    with conn.cursor(row_factory=class_row(Settled)) as cursor:
        return cursor.execute(query.encode(), {"team": team, "since": since, "hidden": given(hidden)}).fetchall()
