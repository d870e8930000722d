"""Limits on who may see a case, as rows that lists and the gate ask: whom a case is hidden from has no row of it anywhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from domain.access import Limit, LimitKind
from domain.limited_access import ExclusionEnded, ExclusionSet, RestrictionEnded, RestrictionSet
from domain.policy import Policy
from projections.hidden import PLAN_ANEW, TABLE, Hidden
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "kind": "text",
    "practitioner": "text",
    "since": "timestamptz",
    "until": "timestamptz",
}


class Entry(msgspec.Struct, frozen=True):
    """A limit as it stands, with the entry that set it and the one that ended it before its time (0: none did)."""

    number: int
    limit: Limit
    reason: str
    message: str
    by: str
    ended_by: int


def limits(story: Story) -> list[Entry]:
    """Every limit there was, in the order of recording."""
    ended = {s.reads.exclusion: s for s in story.of(ExclusionEnded)} | {s.reads.restriction: s for s in story.of(RestrictionEnded)}
    found = []
    for kind, event in ((LimitKind.EXCLUSION, ExclusionSet), (LimitKind.RESTRICTION, RestrictionSet)):
        for standing in story.of(event):
            reads = standing.reads
            assert isinstance(reads, ExclusionSet | RestrictionSet)
            end = ended.get(standing.number)
            until = min(filter(None, (reads.until, end.reads.occurred_at if end else None)), default=None)
            limit = Limit(kind, reads.practitioner, reads.since, until)
            found.append(Entry(standing.number, limit, reads.reason, reads.message, reads.by, end.number if end else 0))
    return sorted(found, key=lambda entry: entry.number)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for entry in limits(story):
        limit = entry.limit
        yield entry.number, limit.kind.value, limit.practitioner, limit.since, limit.until


# Who may see a case today does not depend on the day of the past that is looked at: ask these on a connection to live rows.

HOLDS = "since <= %(now)s and (until is null or until > %(now)s)"
_HIDDEN = (
    f"select stream_id from limited_access where {{only}}{HOLDS} group by stream_id"
    " having bool_or(kind = 'exclusion' and practitioner = %(practitioner)s)"
    " or (bool_or(kind = 'restriction') and not bool_or(kind = 'restriction' and practitioner = %(practitioner)s))"
)


_EVER_IN_TEAM = "stream_id in (select r.stream_id from holder r where r.team = %(team)s) and "
_EVER_WITH_PROVIDER = " where exists (select from holder r where r.stream_id = h.stream_id and r.provider = %(provider)s)"
"""A team's cases are few and are asked for first; a provider's are many, so those that are limited are asked where they were."""


def hidden_from(
    reading: Callable[[], AbstractContextManager[Connection[Any]]],
    *,
    practitioner: str,
    now: datetime,
    rows: str,
    provider: str = "",
    team: str = "",
) -> Hidden:
    """The cases that do not exist for this practitioner; only those that were ever with a provider or team, if one is named.

    `rows` is the schema of the live rows, which `reading` gives a connection to when the list is wanted.
    """
    listed = _HIDDEN.format(only=_EVER_IN_TEAM if team else "")
    which = f"select array_agg(h.stream_id)::text from ({listed}) h{_EVER_WITH_PROVIDER if provider else ''}"

    asked = {"practitioner": practitioner, "now": now, "provider": provider, "team": team}

    def read() -> str:
        with reading() as conn:
            row = conn.execute(which.encode(), asked, prepare=PLAN_ANEW).fetchone()
        return row[0] if row and row[0] else "{}"

    return Hidden(practitioner, now, f"{rows}.{TABLE}", read)


def of_case(conn: Connection[Any], *, stream_id: UUID, now: datetime) -> tuple[Limit, ...]:
    """The limits on a case that hold now."""
    query = f"select kind, practitioner, since, until from limited_access where stream_id = %(stream)s and {HOLDS}"
    found = conn.execute(query.encode(), {"stream": stream_id, "now": now}).fetchall()
    return tuple(Limit(LimitKind(kind), practitioner, since, until) for kind, practitioner, since, until in found)


def barred(conn: Connection[Any], *, streams: Sequence[UUID], practitioners: Sequence[str], now: datetime) -> set[tuple[UUID, str]]:
    """Of these cases and practitioners, the pairs in which the case is hidden from the practitioner."""
    query = f"select h.stream_id from ({_HIDDEN.format(only='stream_id = any(%(streams)s) and ')}) h"
    asked = ((code, {"practitioner": code, "now": now, "streams": list(streams)}) for code in practitioners)
    return {(stream, code) for code, params in asked for (stream,) in conn.execute(query.encode(), params).fetchall()}
