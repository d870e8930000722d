"""What stands in a case at the end of a history: sentences and what they require, the plan, the risk, and what is arranged."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from domain.plan import ObjectiveSet
from domain.requirement import RequirementImposed, RequirementKind
from domain.risk import Rosh, RoshAssessed
from domain.sentence import SentenceEnded, SentenceStarted
from domain.upw_session import UpwAttendanceRecorded
from domain.working_days import local_day
from projections.story import Contact, Diarised, Story

UNITS = {RequirementKind.UNPAID_WORK: "hours", RequirementKind.RAR: "days"}
"""What a requirement's amount counts; the others are in months."""


class Requirement(msgspec.Struct, frozen=True):
    """One requirement with what was ordered; `minutes_credited` only ever fills for unpaid work."""

    number: int
    kind: RequirementKind
    amount: int
    minutes_credited: int

    @property
    def unit(self) -> str:
        return UNITS.get(self.kind, "months")


class Sentence(msgspec.Struct, frozen=True):
    number: int
    kind: str
    court: str
    began_on: date
    expected_end_on: date
    ended_on: date | None
    how: str
    requirements: tuple[Requirement, ...]


class Objective(msgspec.Struct, frozen=True):
    """An objective of the plan, with the contacts that took place and served it."""

    number: int
    topic: str
    aim: str
    contacts: int
    last_at: datetime | None


class Assessment(msgspec.Struct, frozen=True):
    """A RoSH assessment as it stands."""

    number: int
    assessed_at: datetime
    level: Rosh
    review_due_on: date
    rationale: str
    by: str


class Overview(msgspec.Struct, frozen=True):
    sentences: tuple[Sentence, ...]
    objectives: tuple[Objective, ...]
    rosh: Assessment | None
    coming: tuple[Diarised, ...]
    """Appointments still to come, soonest first."""
    awaiting: tuple[Diarised, ...]
    """Appointments whose time has passed without an outcome, oldest first."""


def overview(story: Story, now: datetime) -> Overview:
    arranged = sorted((d for d in story.diary if d.outcome is None and not d.cancelled), key=lambda d: (d.starts_at, d.number))
    return Overview(
        tuple(_sentences(story)),
        tuple(objectives(story)),
        latest_rosh(story),
        tuple(d for d in arranged if d.starts_at > now),
        tuple(d for d in arranged if d.starts_at <= now),
    )


def requirements(story: Story) -> list[Requirement]:
    """Every requirement of every sentence, in the order of recording."""
    credited: dict[int, int] = {}
    for standing in story.standing:
        if isinstance(standing.reads, UpwAttendanceRecorded) and not standing.withdrawn_by:
            worked = standing.reads
            credited[worked.requirement] = credited.get(worked.requirement, 0) + worked.minutes_credited
    return [
        Requirement(r.originator_version, r.event.kind, r.event.amount, credited.get(r.originator_version, 0))
        for r in story.history
        if isinstance(r.event, RequirementImposed)
    ]


def _sentences(story: Story) -> list[Sentence]:
    imposed = {r.originator_version: r.event.sentence for r in story.history if isinstance(r.event, RequirementImposed)}
    ends = {r.event.sentence: r.event for r in story.history if isinstance(r.event, SentenceEnded)}
    required = requirements(story)
    found = []
    for recorded in story.history:
        event, number = recorded.event, recorded.originator_version
        if isinstance(event, SentenceStarted):
            end = ends.get(number)
            found.append(
                Sentence(
                    number,
                    event.kind.value,
                    event.court,
                    local_day(event.occurred_at),
                    event.expected_end_on,
                    local_day(end.occurred_at) if end else None,
                    end.how if end else "",
                    tuple(r for r in required if imposed[r.number] == number),
                )
            )
    return found


def objectives(story: Story) -> list[Objective]:
    """Every objective of the plan, in the order of recording."""
    served: dict[int, list[Contact]] = {}
    for contact in story.contacts:
        if contact.attended:
            for number in contact.work.objectives:
                served.setdefault(number, []).append(contact)
    return [
        Objective(r.originator_version, r.event.topic, r.event.aim, len(of), of[-1].occurred_at if of else None)
        for r in story.history
        if isinstance(r.event, ObjectiveSet)
        for of in [served.get(r.originator_version, [])]
    ]


def latest_rosh(story: Story) -> Assessment | None:
    """The assessment made last, of those that were not withdrawn; of two at one time the one recorded later."""
    found: Sequence[Assessment] = [
        Assessment(s.number, s.reads.occurred_at, s.reads.level, s.reads.review_due_on, s.reads.rationale, s.reads.by)
        for s in story.standing
        if isinstance(s.reads, RoshAssessed) and not s.withdrawn_by
    ]
    return max(found, key=lambda assessed: (assessed.assessed_at, assessed.number), default=None)
