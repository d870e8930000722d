"""Sentences as they stand: the phase each is in, what it requires, and how much of that is done."""

from collections import defaultdict
from datetime import date, datetime

import msgspec

from domain.entry import Standing
from domain.remembered import Phase
from domain.requirement import NATURES, RarDayCredited, RequirementAmended, RequirementEnded, RequirementImposed, RequirementKind
from domain.sentence import SentenceEnded, SentenceStarted
from domain.upw_completion import UpwCompleted
from domain.upw_session import UpwAttendanceRecorded
from domain.working_days import local_day
from projections.story import Story
from projections.supervision import Stage


class RarDay(msgspec.Struct, frozen=True):
    """A day of rehabilitation activity as it stands."""

    number: int
    done_on: date
    activity: str
    minutes: int


class Requirement(msgspec.Struct, frozen=True):
    """One requirement with what is ordered now and what is done; `minutes_credited` only ever fills for unpaid work."""

    number: int
    sentence: int
    kind: RequirementKind
    amount: int
    imposed_on: date
    minutes_credited: int
    rar_days: tuple[RarDay, ...]
    ended_on: date | None
    how: str
    running: bool
    """Neither it nor its sentence has ended."""

    @property
    def unit(self) -> str:
        return NATURES[self.kind].unit + "s"


class Sentence(msgspec.Struct, frozen=True):
    """`expected_end_on` is the end of the present phase: of the licence while on licence."""

    number: int
    kind: str
    court: str
    began_on: date
    expected_end_on: date
    ended_on: date | None
    how: str
    replaces: int
    stages: tuple[Stage, ...]
    requirements: tuple[Requirement, ...]

    @property
    def phase(self) -> Phase:
        return self.stages[-1].phase

    @property
    def phase_since(self) -> datetime:
        return self.stages[-1].since


def sentences(story: Story) -> list[Sentence]:
    """Every sentence, in the order in which they were recorded."""
    ends = {s.reads.sentence: s.reads for s in story.of(SentenceEnded)}
    required: dict[int, list[Requirement]] = defaultdict(list)
    for requirement in requirements(story):
        required[requirement.sentence].append(requirement)
    found = []
    for s in story.of(SentenceStarted):
        end, line = ends.get(s.number), story.stages[s.number]
        found.append(
            Sentence(
                s.number,
                s.reads.kind.value,
                s.reads.court,
                local_day(s.reads.occurred_at),
                line[-1].ends_on or s.reads.expected_end_on,
                local_day(end.occurred_at) if end else None,
                end.how if end else "",
                s.reads.replaces,
                tuple(line),
                tuple(required[s.number]),
            )
        )
    return found


def requirements(story: Story) -> list[Requirement]:
    """Every requirement of every sentence, in the order of recording."""
    worked: dict[int, int] = defaultdict(int)
    for session in story.of(UpwAttendanceRecorded):
        if not session.withdrawn_by:
            worked[session.reads.requirement] += session.reads.minutes_credited
    rar_days: dict[int, list[RarDay]] = defaultdict(list)
    for s in story.of(RarDayCredited):
        if not s.withdrawn_by:
            rar_days[s.reads.requirement].append(RarDay(s.number, local_day(s.reads.occurred_at), s.reads.activity, s.reads.minutes))
    amended = {s.reads.requirement: s.reads.amount for s in story.of(RequirementAmended)}
    ended: dict[int, RequirementEnded | UpwCompleted] = {s.reads.requirement: s.reads for s in story.of(UpwCompleted) if not s.withdrawn_by}
    ended |= {s.reads.requirement: s.reads for s in story.of(RequirementEnded)}
    over = {s.reads.sentence for s in story.of(SentenceEnded)}

    def as_it_stands(imposed: Standing[RequirementImposed]) -> Requirement:
        number, event, end = imposed.number, imposed.reads, ended.get(imposed.number)
        return Requirement(
            number,
            event.sentence,
            event.kind,
            amended.get(number, event.amount),
            local_day(event.occurred_at),
            worked[number],
            tuple(sorted(rar_days[number], key=lambda day: day.done_on)),
            local_day(end.occurred_at) if end else None,
            end.how.value if end else "",
            end is None and event.sentence not in over,
        )

    return [as_it_stands(imposed) for imposed in story.of(RequirementImposed)]
