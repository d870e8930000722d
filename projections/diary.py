"""The diary: appointments that await an outcome, and those of the last weeks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections.hidden import asking, spared
from projections.story import Diarised, Story

COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "starts_at": "timestamptz",
    "minutes": "int4",
    "kind": "text",
    "mode": "text",
    "practitioner": "text",
    "place": "text",
    "outcome": "text",
    "outcome_number": "int4",
    "cancelled": "bool",
    "session": "text",
    "second_practitioner": "text",
    "changed": "int4",
    "changed_at": "timestamptz",
}

KEPT_FOR = timedelta(days=28)
"""How long an appointment stays in the diary once it has its outcome, counted back from the case's newest entry, not from today:
a read model looks at no clock."""


class DiaryRow(msgspec.Struct, frozen=True):
    stream_id: UUID
    number: int
    starts_at: datetime
    minutes: int | None
    kind: str
    mode: str
    practitioner: str
    place: str
    outcome: str
    outcome_number: int
    cancelled: bool
    session: str
    second_practitioner: str
    changed: int
    """The entry that arranged, moved or cancelled it last."""
    changed_at: datetime
    crn: str
    name: str
    rosh: str
    team: str


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    horizon = story.history[-1].recorded_at - KEPT_FOR
    for entry in story.diary:
        if (entry.outcome is not None or entry.cancelled) and entry.starts_at < horizon:
            continue
        arranged = entry.arranged
        yield (
            entry.number,
            entry.starts_at,
            arranged.minutes,
            arranged.kind,
            arranged.mode.value,
            arranged.practitioner,
            arranged.place,
            entry.outcome.outcome if entry.outcome else "",
            entry.outcome_number,
            entry.cancelled,
            arranged.group,
            arranged.second_practitioner,
            entry.changed,
            entry.changed_at,
        )


_SELECT = "select d.*, c.crn, c.name, c.rosh, c.team from diary d join caseload c using (stream_id)"
_STANDING_IN = (
    "d.stream_id in (select v.stream_id from cover v where v.practitioner = %(practitioner)s and v.since <= %(now)s and v.until > %(now)s)"
    " and d.practitioner = c.practitioner"
)
_LEFT_BEHIND = (
    "c.practitioner = %(practitioner)s and d.practitioner <> c.practitioner"
    " and not exists (select 1 from practitioner p where p.code = d.practitioner and p.team = c.team)"
)
_WHOSE = ("d.practitioner = %(practitioner)s", _STANDING_IN, _LEFT_BEHIND)
"""Whose day an appointment belongs in: that of whoever it is with; while somebody stands in for the officer, theirs too; and when
whoever it is with has left the team, the officer's, or it would be in nobody's. Three questions, because each has its own index."""
_JOINING = "d.second_practitioner <> '' and d.second_practitioner = %(practitioner)s"
"""A three-way meeting is in the day of the other practitioner too; its outcome is logged by whoever arranged it."""
_STARTING = "d.starts_at >= %(since)s and d.starts_at < %(until)s"


def _entries(conn: Connection[Any], where: str, params: dict[str, object]) -> Sequence[DiaryRow]:
    with conn.cursor(row_factory=class_row(DiaryRow)) as cursor:
        return cursor.execute(f"{_SELECT} where {where} order by d.starts_at, c.crn".encode(), params).fetchall()


def _of_practitioner(
    conn: Connection[Any], where: str, params: dict[str, object], hidden: Sequence[UUID], whose: Sequence[str] = _WHOSE
) -> Sequence[DiaryRow]:
    """A practitioner's appointments, each once, those of cases that do not exist for them left out."""
    each = (f"{_SELECT} where {one} and {spared(hidden, 'd.stream_id')} and {where}" for one in whose)
    with conn.cursor(row_factory=class_row(DiaryRow)) as cursor:
        query = f"{' union '.join(each)} order by starts_at, crn"
        return cursor.execute(query.encode(), {**params, **asking(hidden)}).fetchall()


def between(
    conn: Connection[Any], *, practitioner: str, now: datetime, since: datetime, until: datetime, hidden: Sequence[UUID] = ()
) -> Sequence[DiaryRow]:
    """A practitioner's appointments that start in an interval, cancelled ones left out."""
    params = {"practitioner": practitioner, "now": now, "since": since, "until": until}
    return _of_practitioner(conn, f"not d.cancelled and {_STARTING}", params, hidden, (*_WHOSE, _JOINING))


def calendar(
    conn: Connection[Any], *, practitioner: str, now: datetime, since: datetime, until: datetime, hidden: Sequence[UUID] = ()
) -> Sequence[DiaryRow]:
    """The same with the cancelled ones: a calendar that showed them must be told that they are off."""
    params = {"practitioner": practitioner, "now": now, "since": since, "until": until}
    return _of_practitioner(conn, _STARTING, params, hidden, (*_WHOSE, _JOINING))


def outcomes_to_log(conn: Connection[Any], *, practitioner: str, now: datetime, hidden: Sequence[UUID] = ()) -> Sequence[DiaryRow]:
    """A practitioner's appointments whose time has passed and that have no outcome yet, oldest first."""
    return _of_practitioner(
        conn, "not d.cancelled and d.starts_at < %(now)s and d.outcome = ''", {"practitioner": practitioner, "now": now}, hidden
    )


def of_case(conn: Connection[Any], *, stream_id: UUID, since: datetime) -> Sequence[DiaryRow]:
    where = "d.stream_id = %(stream)s and d.starts_at >= %(since)s and d.outcome = '' and not d.cancelled"
    return _entries(conn, where, {"stream": stream_id, "since": since})


def of_session(conn: Connection[Any], *, session: str) -> Sequence[DiaryRow]:
    """The appointments of one group session, cancelled ones too, by name."""
    if not session:
        return []
    return sorted(_entries(conn, "d.session = %(session)s", {"session": session}), key=lambda row: (row.name, row.crn))


def appointment(conn: Connection[Any], *, stream_id: UUID, number: int) -> DiaryRow | None:
    found = _entries(conn, "d.stream_id = %(stream)s and d.number = %(number)s", {"stream": stream_id, "number": number})
    return found[0] if found else None


class OfCase(Protocol):
    """What a list says of the case that an appointment belongs to; a row of the caseload says it."""

    @property
    def stream_id(self) -> UUID: ...
    @property
    def crn(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def rosh(self) -> str: ...
    @property
    def team(self) -> str: ...


def row_of(case: OfCase, kept: Diarised) -> DiaryRow:
    """An appointment of a case's history as lists show it, also when it is too old to stand in the diary."""
    arranged = kept.arranged
    return DiaryRow(
        case.stream_id,
        kept.number,
        kept.starts_at,
        arranged.minutes,
        arranged.kind,
        arranged.mode.value,
        arranged.practitioner,
        arranged.place,
        kept.outcome.outcome if kept.outcome else "",
        kept.outcome_number,
        kept.cancelled,
        arranged.group,
        arranged.second_practitioner,
        kept.changed,
        kept.changed_at,
        case.crn,
        case.name,
        case.rosh,
        case.team,
    )
