"""Cover as it was: who stood in for whom from when to when, and whose day a covered case belongs in."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.cover import CoverEnded, CoverStarted
from domain.policy import Policy
from domain.working_days import LONDON, local_day
from projections.hidden import asking, spared
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "practitioner": "text",
    "instead_of": "text",
    "since": "timestamptz",
    "until": "timestamptz",
    "reason": "text",
}


class Cover(msgspec.Struct, frozen=True, gc=False):
    """One time of cover. `until` is the first moment after it: its last day's end, its early end, or a change of officer."""

    number: int
    practitioner: str
    instead_of: str
    since: datetime
    until: datetime
    last_day: date
    reason: str

    def holds_at(self, instant: datetime) -> bool:
        return self.since <= instant < self.until

    @property
    def held_until(self) -> date:
        """The last day on which it held: `until` is the midnight after that day, unless it ended within one."""
        return max(local_day(self.since), local_day(self.until - timedelta(microseconds=1)))


def covers(story: Story) -> list[Cover]:
    """Every cover there was, in the order in which each began."""
    started = story.of(CoverStarted)
    if not started:
        return []
    ended = {s.reads.cover: s.reads.occurred_at for s in story.of(CoverEnded)}
    found = []
    for standing in started:
        reads = standing.reads
        holder = story.holder_at(reads.occurred_at)
        ends = [_end_of(reads.until), ended.get(standing.number), holder.until if holder else None]
        until = max(reads.occurred_at, min(end for end in ends if end is not None))
        instead_of = holder.practitioner if holder else ""
        found.append(Cover(standing.number, reads.practitioner, instead_of, reads.occurred_at, until, reads.until, reads.reason.value))
    return sorted(found, key=lambda cover: (cover.since, cover.number))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for cover in covers(story):
        yield cover.number, cover.practitioner, cover.instead_of, cover.since, cover.until, cover.reason


class Covered(msgspec.Struct, frozen=True):
    """A case that somebody covers now."""

    stream_id: UUID
    crn: str
    name: str
    practitioner: str
    instead_of: str
    until: datetime
    reason: str


_NOW: LiteralString = (
    "select v.stream_id, c.crn, c.name, v.practitioner, v.instead_of, v.until, v.reason from cover v join caseload c using (stream_id)"
    " where v.since <= %(now)s and v.until > %(now)s and c.ended_on is null"
)


def covered_by(conn: Connection[Any], *, practitioner: str, now: datetime, hidden: Sequence[UUID] = ()) -> Sequence[Covered]:
    """The cases that a practitioner covers now, by name."""
    query = f"{_NOW} and v.practitioner = %(practitioner)s and {spared(hidden, 'v.stream_id')} order by c.sort_name, c.crn"
    with conn.cursor(row_factory=class_row(Covered)) as cursor:
        return cursor.execute(query.encode(), {"practitioner": practitioner, "now": now, **asking(hidden)}).fetchall()


def of_case(conn: Connection[Any], *, stream_id: UUID, now: datetime) -> Covered | None:
    """Who covers a case now."""
    with conn.cursor(row_factory=class_row(Covered)) as cursor:
        return cursor.execute(f"{_NOW} and v.stream_id = %(stream)s", {"stream": stream_id, "now": now}).fetchone()
