"""Transfers under way: how far each has come, what was asked and answered in it, and what it still waits for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.event import Event
from domain.policy import Policy
from domain.remembered import TransferState
from domain.transfer import (
    AddressAssessed,
    HandoverHeld,
    TransferAccepted,
    TransferCompleted,
    TransferInformed,
    TransferQueried,
    TransferRejected,
    TransferRequested,
    TransferWithdrawn,
)
from projections.hidden import asking, spared
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "state": "text",
    "from_team": "text",
    "to_team": "text",
    "asked_at": "timestamptz",
    "address_assessed": "bool",
    "handed_over": "bool",
}


class Said(msgspec.Struct, frozen=True):
    """A question or an answer between the two teams."""

    number: int
    at: datetime
    by: str
    is_question: bool
    text: str


class Course(msgspec.Struct, frozen=True):
    """One transfer that has not come to an end."""

    number: int
    state: TransferState
    from_team: str
    asked_at: datetime
    requested: TransferRequested
    said: tuple[Said, ...]
    address: AddressAssessed | None
    address_number: int
    handover_number: int
    """The handover meeting recorded last since the request; 0: none was."""


_AFTER: tuple[tuple[type[Event], TransferState], ...] = (
    (TransferQueried, TransferState.QUERIED),
    (TransferInformed, TransferState.REQUESTED),
    (TransferAccepted, TransferState.ACCEPTED),
    (TransferRejected, TransferState.NONE),
    (TransferWithdrawn, TransferState.NONE),
    (TransferCompleted, TransferState.NONE),
)


def course(story: Story) -> Course | None:
    """The transfer under way, None when there is none."""
    asked = story.of(TransferRequested)
    if not asked:
        return None
    request = asked[-1]
    since = [(s.number, state) for kind, state in _AFTER for s in story.of(kind) if s.number > request.number]
    state = max(since)[1] if since else TransferState.REQUESTED
    if state is TransferState.NONE:
        return None
    holder = story.holder_at(request.reads.occurred_at)
    addresses = [s for s in story.of(AddressAssessed) if s.number > request.number]
    meetings = [s.number for s in story.of(HandoverHeld) if s.number > request.number]
    return Course(
        request.number,
        state,
        holder.team if holder else "",
        request.recorded.recorded_at,
        request.reads,
        tuple(_said(story, request.number)),
        addresses[-1].reads if addresses else None,
        addresses[-1].number if addresses else 0,
        meetings[-1] if meetings else 0,
    )


def _said(story: Story, request: int) -> list[Said]:
    asked = [Said(s.number, s.recorded.recorded_at, s.reads.by, True, s.reads.question) for s in story.of(TransferQueried)]
    told = [Said(s.number, s.recorded.recorded_at, s.reads.by, False, s.reads.answer) for s in story.of(TransferInformed)]
    return sorted((said for said in (*asked, *told) if said.number > request), key=lambda said: said.number)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found = course(story)
    if found is not None:
        address, meeting = found.address is not None, bool(found.handover_number)
        yield found.number, found.state.value, found.from_team, found.requested.to_team, found.asked_at, address, meeting


class TransferRow(msgspec.Struct, frozen=True):
    """A transfer under way, with the case as a list names it."""

    stream_id: UUID
    number: int
    state: str
    from_team: str
    to_team: str
    asked_at: datetime
    address_assessed: bool
    handed_over: bool
    crn: str
    name: str
    rosh: str
    practitioner: str
    reason: str


_SELECT: LiteralString = (
    "select t.*, c.crn, c.name, c.rosh, c.practitioner, c.offer_reason as reason from transfer t join caseload c using (stream_id)"
    " where c.ended_on is null"
)


def of_practitioner(
    conn: Connection[Any], *, practitioner: str | None, covered: Sequence[UUID] = (), hidden: Sequence[UUID] = ()
) -> Sequence[TransferRow]:
    """The transfers under way of a practitioner's cases, and of those that they cover, the longest under way first."""
    whose = "(c.practitioner = %(practitioner)s or c.stream_id = any(%(covered)s))"
    query = f"{_SELECT} and {spared(hidden, 't.stream_id')} and {whose} order by t.asked_at, c.crn"
    with conn.cursor(row_factory=class_row(TransferRow)) as cursor:
        return cursor.execute(query.encode(), {"practitioner": practitioner, "covered": list(covered), **asking(hidden)}).fetchall()


def of_team(conn: Connection[Any], *, team: str, hidden: Sequence[UUID] = ()) -> Sequence[TransferRow]:
    """The transfers that a team takes part in, the longest under way first."""
    taking_part = "(t.to_team = %(team)s or t.from_team = %(team)s)"
    query = f"{_SELECT} and {spared(hidden, 't.stream_id')} and {taking_part} order by t.asked_at, c.crn"
    with conn.cursor(row_factory=class_row(TransferRow)) as cursor:
        return cursor.execute(query.encode(), {"team": team, **asking(hidden)}).fetchall()
