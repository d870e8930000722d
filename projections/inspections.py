"""Inspections: how far each has come, and the cases that are inspected in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.event import Event
from domain.fieldwork import InspectionClosed
from domain.inspection import FrameFixed, Inspection, InspectionAnnounced, SampleDrawn
from domain.policy import Policy
from domain.resampling import CaseReplaced, SampleWidened
from projections.hidden import given
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "reference": "text",
    "title": "text",
    "provider": "text",
    "by": "text",
    "announced_at": "timestamptz",
    "announced_position": "int8",
    "stage": "text",
    "frame_size": "int4",
    "sample_size": "int4",
}
INSPECTED_COLUMNS = {"stream_id": "uuid", "crn": "text", "stratum": "text", "place": "int4", "reader": "text", "widened": "bool"}
"""The cases that are inspected now, with who reads each: from the draw on, less those that were replaced, and those beside the sample."""


class InspectionRow(msgspec.Struct, frozen=True):
    reference: str
    title: str
    provider: str
    by: str
    announced_at: datetime
    announced_position: int
    stage: str
    frame_size: int
    sample_size: int
    provider_name: str


class SampledCase(msgspec.Struct, frozen=True):
    """A case that is inspected: its stratum and its place in the order of drawing, both empty for one beside the sample (`widened`), and
    who reads it."""

    crn: str
    stratum: str
    place: int
    reader: str
    widened: bool
    name: str
    officer: str
    withheld: bool = False
    """Whether access to the case is limited so that whoever asks may not see whose it is; that it was drawn stands all the same."""


def state_of(story: Story) -> Inspection:
    """What the rules remember of an inspection, from its history."""
    inspection = Inspection(story.history[0].originator_id)
    for recorded in story.history:
        inspection.evolve(recorded)
    return inspection


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    announced, now = story.history[0], story.once(state_of)
    event = announced.event
    assert isinstance(event, InspectionAnnounced)
    yield (
        event.reference,
        event.title,
        event.provider,
        event.by,
        announced.recorded_at,
        announced.position,
        now.stage.value,
        sum(len(refs) for refs in now.frame.strata.values()) if now.frame else 0,
        len(now.sample),
    )


def inspected_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    now, places = story.once(state_of), _places(story)
    for crn in now.cases:
        yield crn, now.sample.get(crn, ""), places.get(crn, 0), now.readers.get(crn, ""), crn in now.widened


def _places(story: Story) -> dict[str, int]:
    """The place of each case that was ever drawn in the order of drawing of its stratum."""
    drawn: dict[str, list[str]] = {}
    for recorded in story.history:
        if isinstance(event := recorded.event, SampleDrawn):
            drawn = {stratum: list(references) for stratum, references in event.drawn.items()}
        elif isinstance(event, CaseReplaced):
            drawn.setdefault(event.stratum, []).append(event.replacement)
    return {crn: place for references in drawn.values() for place, crn in enumerate(references, 1)}


_SELECT = (
    'select i.reference, i.title, i.provider, i."by", i.announced_at, i.announced_position, i.stage, i.frame_size,'
    " i.sample_size, coalesce(p.name, i.provider) as provider_name from inspection i left join provider p on p.code = i.provider"
)


def inspections(conn: Connection[Any]) -> Sequence[InspectionRow]:
    with conn.cursor(row_factory=class_row(InspectionRow)) as cursor:
        return cursor.execute(f"{_SELECT} order by i.announced_at desc".encode()).fetchall()


def inspection(conn: Connection[Any], reference: str) -> InspectionRow | None:
    with conn.cursor(row_factory=class_row(InspectionRow)) as cursor:
        return cursor.execute(f"{_SELECT} where i.reference = %s".encode(), (reference,)).fetchone()


_INSPECTED = (
    "select s.crn, s.stratum, s.place, s.reader, s.widened, coalesce(c.stream_id = any(%(hidden)s), false) as withheld,"
    " case when c.stream_id = any(%(hidden)s) then '' else coalesce(c.name, '') end as name,"
    " case when c.stream_id = any(%(hidden)s) then '' else coalesce(p.name, '') end as officer"
    " from inspected s join inspection i using (stream_id) left join caseload c on c.crn = s.crn"
    " left join practitioner p on p.code = c.practitioner where i.reference = %(reference)s and (%(too)s or not s.widened)"
    " order by s.widened, s.stratum, s.place, s.crn"
)


def inspected(conn: Connection[Any], reference: str, hidden: Sequence[UUID] = (), *, widened: bool = True) -> Sequence[SampledCase]:
    """The cases inspected in an inspection, by stratum and order of drawing, those beside the sample last; those in `hidden` without a
    name."""
    with conn.cursor(row_factory=class_row(SampledCase)) as cursor:
        return cursor.execute(_INSPECTED.encode(), {"reference": reference, "hidden": given(hidden), "too": widened}).fetchall()


def sampled(conn: Connection[Any], reference: str, hidden: Sequence[UUID] = ()) -> Sequence[SampledCase]:
    """The cases of the sample as it now is, and no others."""
    return inspected(conn, reference, hidden, widened=False)


def next_reference(conn: Connection[Any], year: int) -> str:
    """The first reference of a year that no inspection has, like INS-2026-001."""
    query = "select coalesce(max(substring(reference from 10)::int), 0) + 1 from inspection where reference ~ %s"
    row = conn.execute(query, (f"^INS-{year}-[0-9]{{3,6}}$",)).fetchone()
    return f"INS-{year}-{row[0] if row else 1:03d}"


class Course(msgspec.Struct, frozen=True):
    """How far an inspection has come: what holds now, and its entries in the record, each with when it was recorded."""

    now: Inspection
    frame: FrameFixed | None
    sample: SampleDrawn | None
    replaced: tuple[CaseReplaced, ...]
    widened: tuple[SampleWidened, ...]
    closed: InspectionClosed | None
    at: dict[type[Event], datetime]
    """When the last entry of each kind was recorded."""


def course(story: Story) -> Course:
    at, last = dict[type[Event], datetime](), dict[type[Event], Event]()
    for recorded in story.history:
        at[type(recorded.event)], last[type(recorded.event)] = recorded.recorded_at, recorded.event
    events = [recorded.event for recorded in story.history]
    frame, sample, closed = last.get(FrameFixed), last.get(SampleDrawn), last.get(InspectionClosed)
    return Course(
        now=story.once(state_of),
        frame=frame if isinstance(frame, FrameFixed) else None,
        sample=sample if isinstance(sample, SampleDrawn) else None,
        replaced=tuple(event for event in events if isinstance(event, CaseReplaced)),
        widened=tuple(event for event in events if isinstance(event, SampleWidened)),
        closed=closed if isinstance(closed, InspectionClosed) else None,
        at=at,
    )


class Growth(msgspec.Struct, frozen=True):
    """How many entries an inspected case has, and how many of them were recorded after the announcement."""

    crn: str
    entries: int
    since: int


def growth(conn: Connection[Any], reference: str) -> dict[str, Growth]:
    """By case reference, what was recorded in each inspected case after the inspection was announced."""
    query = (
        "select s.crn, count(e.*)::int as entries,"
        " (count(*) filter (where e.notification_id > i.announced_position))::int as since"
        " from inspected s join inspection i using (stream_id) join caseload c on c.crn = s.crn"
        " join record.event e on e.originator_id = c.stream_id where i.reference = %s group by s.crn"
    )
    with conn.cursor(row_factory=class_row(Growth)) as cursor:
        return {row.crn: row for row in cursor.execute(query, (reference,)).fetchall()}
