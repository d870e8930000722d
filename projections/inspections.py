"""Inspections: what was announced, which frame was fixed, which cases were drawn; and the frame itself, counted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.inspection import FrameFixed, InspectionAnnounced, SampleDrawn, Specification
from domain.policy import Policy
from domain.sentence import SentenceKind
from domain.words import said
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
    "frame_size": "int4",
    "sample_size": "int4",
}
SAMPLED_COLUMNS = {"stream_id": "uuid", "crn": "text", "stratum": "text", "place": "int4"}


class InspectionRow(msgspec.Struct, frozen=True):
    reference: str
    title: str
    provider: str
    by: str
    announced_at: datetime
    announced_position: int
    frame_size: int
    sample_size: int
    provider_name: str


class SampledCase(msgspec.Struct, frozen=True):
    """A case of a sample: its stratum and its place in the order of drawing."""

    crn: str
    stratum: str
    place: int
    name: str
    officer: str
    withheld: bool = False
    """Whether access to the case is limited so that whoever asks may not see whose it is; that it was drawn stands all the same."""


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    announced = story.history[0]
    event = announced.event
    assert isinstance(event, InspectionAnnounced)
    frame = next((r.event for r in story.history if isinstance(r.event, FrameFixed)), None)
    sample = next((r.event for r in story.history if isinstance(r.event, SampleDrawn)), None)
    yield (
        event.reference,
        event.title,
        event.provider,
        event.by,
        announced.recorded_at,
        announced.position,
        sum(len(refs) for refs in frame.strata.values()) if frame else 0,
        sum(len(refs) for refs in sample.drawn.values()) if sample else 0,
    )


def sampled_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for recorded in story.history:
        if isinstance(recorded.event, SampleDrawn):
            for stratum, references in sorted(recorded.event.drawn.items()):
                for place, crn in enumerate(references, 1):
                    yield crn, stratum, place


_SELECT = (
    'select i.reference, i.title, i.provider, i."by", i.announced_at, i.announced_position, i.frame_size, i.sample_size,'
    " coalesce(p.name, i.provider) as provider_name from inspection i left join provider p on p.code = i.provider"
)


def inspections(conn: Connection[Any]) -> Sequence[InspectionRow]:
    with conn.cursor(row_factory=class_row(InspectionRow)) as cursor:
        return cursor.execute(f"{_SELECT} order by i.announced_at desc".encode()).fetchall()


def inspection(conn: Connection[Any], reference: str) -> InspectionRow | None:
    with conn.cursor(row_factory=class_row(InspectionRow)) as cursor:
        return cursor.execute(f"{_SELECT} where i.reference = %s".encode(), (reference,)).fetchone()


def sampled(conn: Connection[Any], reference: str, hidden: Sequence[UUID] = ()) -> Sequence[SampledCase]:
    """The cases drawn for an inspection, by stratum and order of drawing; those in `hidden` without a name."""
    query = (
        "select s.crn, s.stratum, s.place, coalesce(c.stream_id = any(%(hidden)s), false) as withheld,"
        " case when c.stream_id = any(%(hidden)s) then '' else coalesce(c.name, '') end as name,"
        " case when c.stream_id = any(%(hidden)s) then '' else coalesce(p.name, '') end as officer"
        " from sampled s join inspection i using (stream_id) left join caseload c on c.crn = s.crn"
        " left join practitioner p on p.code = c.practitioner where i.reference = %(reference)s order by s.stratum, s.place"
    )
    with conn.cursor(row_factory=class_row(SampledCase)) as cursor:
        return cursor.execute(query, {"reference": reference, "hidden": given(hidden)}).fetchall()


def is_sampled_for(conn: Connection[Any], crn: str, inspector: str) -> bool:
    """Whether a sample of an inspection that this inspector announced drew the case."""
    query = 'select 1 from sampled s join inspection i using (stream_id) where s.crn = %s and i."by" = %s limit 1'
    return conn.execute(query, (crn, inspector)).fetchone() is not None


def sampled_for(conn: Connection[Any], inspector: str) -> frozenset[str]:
    """The references of all cases that this inspector's samples drew."""
    query = 'select s.crn from sampled s join inspection i using (stream_id) where i."by" = %s'
    return frozenset(crn for (crn,) in conn.execute(query, (inspector,)))


class Frame(msgspec.Struct, frozen=True):
    """The eligible cases by stratum, and how many others were left out for which reason."""

    strata: dict[str, tuple[str, ...]]
    left_out: dict[str, int]

    @property
    def size(self) -> int:
        return sum(len(references) for references in self.strata.values())


STRATA = (said("male"), said("female"), said("not known"), said("community"), said("post-custody"), said("RoSH not assessed"))
LEVELS = (said("RoSH low"), said("RoSH medium"), said("RoSH high"), said("RoSH very high"))
"""The words that the name of a stratum is put together from, as the record keeps it."""
BEFORE = said("The sentence began before the window")
AFTER = said("The sentence began after the window")
ENDED = said("Supervision had ended")
NO_SENTENCE = said("No sentence is recorded")
POST_CUSTODY = frozenset({SentenceKind.CUSTODIAL, SentenceKind.LICENCE, SentenceKind.POST_SENTENCE_SUPERVISION})
IN_CUSTODY = said("Not released from custody yet")
OTHER_KIND = said("Another kind of sentence")


def frame(conn: Connection[Any], specification: Specification) -> Frame:
    """The frame that a specification gives, each other case of the provider counted under the first reason that leaves it out."""
    rows = conn.execute(
        "select crn, sex, sentence, rosh, commenced_on, ended_on from caseload where provider = %s order by crn",
        (specification.provider,),
    ).fetchall()
    strata: dict[str, list[str]] = {}
    left_out: dict[str, int] = {}
    for crn, sex, sentence, rosh, began, ended in rows:
        why = _left_out(specification, sentence, began, ended)
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            disposal = "post-custody" if sentence in POST_CUSTODY else "community"
            strata.setdefault(f"{sex}, {disposal}, RoSH {rosh or 'not assessed'}", []).append(crn)
    return Frame({name: tuple(references) for name, references in sorted(strata.items())}, dict(sorted(left_out.items())))


def _left_out(specification: Specification, sentence: str, began: Any, ended: Any) -> str:
    if began is None:
        return IN_CUSTODY if sentence else NO_SENTENCE
    if ended is not None:
        return ENDED
    if began < specification.began_from:
        return BEFORE
    if began > specification.began_to:
        return AFTER
    if specification.kinds and sentence not in specification.kinds:
        return OTHER_KIND
    return ""


def next_reference(conn: Connection[Any], year: int) -> str:
    """The first reference of a year that no inspection has, like INS-2026-001."""
    query = "select coalesce(max(substring(reference from 10)::int), 0) + 1 from inspection where reference ~ %s"
    row = conn.execute(query, (f"^INS-{year}-[0-9]{{3,6}}$",)).fetchone()
    return f"INS-{year}-{row[0] if row else 1:03d}"


def frame_and_position(conn: Connection[Any], specification: Specification) -> tuple[Frame, int] | None:
    """The frame, and the position of the record at which it is just that; None while an event waits to be folded.

    Both come from one snapshot. Take it twice from an unchanged record and it is the same to the last case.
    """
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read, read only")
        row = conn.execute(
            "select f.position from app.follower f where f.name = current_schema()"
            " and f.position = (select coalesce(max(notification_id), 0) from record.event)"
        ).fetchone()
        return (frame(conn, specification), int(row[0])) if row else None


class Course(msgspec.Struct, frozen=True):
    """How far an inspection has come: its entries in the record, each with when it was recorded."""

    frame: FrameFixed | None
    frame_at: datetime | None
    sample: SampleDrawn | None
    sample_at: datetime | None


def course(story: Story) -> Course:
    frame = sample = frame_at = sample_at = None
    for recorded in story.history:
        if isinstance(recorded.event, FrameFixed):
            frame, frame_at = recorded.event, recorded.recorded_at
        elif isinstance(recorded.event, SampleDrawn):
            sample, sample_at = recorded.event, recorded.recorded_at
    return Course(frame, frame_at, sample, sample_at)


class Growth(msgspec.Struct, frozen=True):
    """How many entries a sampled case has, and how many of them were recorded after the announcement."""

    crn: str
    entries: int
    since: int


def growth(conn: Connection[Any], reference: str) -> dict[str, Growth]:
    """By case reference, what was recorded in each sampled case after the inspection was announced."""
    query = (
        "select s.crn, count(e.*)::int as entries,"
        " (count(*) filter (where e.notification_id > i.announced_position))::int as since"
        " from sampled s join inspection i using (stream_id) join caseload c on c.crn = s.crn"
        " join record.event e on e.originator_id = c.stream_id where i.reference = %s group by s.crn"
    )
    with conn.cursor(row_factory=class_row(Growth)) as cursor:
        return {row.crn: row for row in cursor.execute(query, (reference,)).fetchall()}
