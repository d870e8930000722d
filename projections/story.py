"""A case's history, read once: its entries as they stand, who held it when, and what contact there was."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

import msgspec

from domain.allocation import UNALLOCATED, CaseAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.case import CaseOpened
from domain.contact import KINDS, ContactRecorded, Direction, Mode, WithWhom, Work
from domain.entry import Standing, as_it_stands
from domain.event import Recorded
from domain.outcome import OUTCOMES
from domain.sentence import SentenceEnded, SentenceStarted
from domain.transfer import TransferAccepted
from domain.unpaid_work import UpwAttendanceRecorded
from domain.working_days import local_day


class Holder(msgspec.Struct, frozen=True, gc=False):
    """Who was responsible for the case in an interval; an open one has no end."""

    practitioner: str
    team: str
    provider: str
    since: datetime
    until: datetime | None
    reason: str
    number: int


class Diarised(msgspec.Struct, gc=False):
    """An appointment as it stands: rearrangements applied, with its outcome if it has one."""

    number: int
    arranged: AppointmentArranged
    starts_at: datetime
    cancelled: bool = False
    outcome: OutcomeRecorded | None = None
    outcome_number: int = 0
    outcome_recorded_at: datetime | None = None


class Contact(msgspec.Struct, frozen=True, gc=False):
    """One contact, whether it was arranged or not, as it stands. `None` is a fact that was not recorded."""

    number: int
    occurred_at: datetime
    recorded_at: datetime
    worker: str
    kind: str
    mode: Mode
    direction: Direction
    with_whom: WithWhom
    planned: bool
    attended: bool | None
    delivered: bool | None
    lost_by: str
    one_to_one: bool
    work: Work
    minutes: int | None
    corrected: bool
    imported: bool
    holder: Holder | None


class Supervised(msgspec.Struct, frozen=True):
    """Days on which the person was under supervision; an open interval has no end."""

    since: date
    until: date | None


class Story:
    """One case's history and what every read model would otherwise work out again. Pure: no clock, no other case."""

    def __init__(self, history: Sequence[Recorded]) -> None:
        self.history = history

    @cached_property
    def opened(self) -> CaseOpened | None:
        first = self.history[0].event
        return first if isinstance(first, CaseOpened) else None

    @cached_property
    def standing(self) -> list[Standing]:
        return as_it_stands(self.history)

    @cached_property
    def holders(self) -> list[Holder]:
        """The officer line, in the order of when each began; the end of one is the beginning of the next."""
        changes = [r for r in self.history if isinstance(r.event, CaseAllocated | TransferAccepted)]
        changes.sort(key=lambda r: (r.event.occurred_at, r.originator_version))
        line = []
        for i, recorded in enumerate(changes):
            event = recorded.event
            assert isinstance(event, CaseAllocated | TransferAccepted)
            until = changes[i + 1].event.occurred_at if i + 1 < len(changes) else None
            line.append(
                Holder(
                    event.practitioner,
                    event.team,
                    event.provider,
                    event.occurred_at,
                    until,
                    event.reason.value,
                    recorded.originator_version,
                )
            )
        return line

    @cached_property
    def _holder_starts(self) -> list[datetime]:
        return [holder.since for holder in self.holders]

    def holder_at(self, instant: datetime) -> Holder | None:
        """Who held the case at an instant; None before the first allocation."""
        i = bisect_right(self._holder_starts, instant) - 1
        return self.holders[i] if i >= 0 else None

    @cached_property
    def diary(self) -> list[Diarised]:
        found: dict[int, Diarised] = {}
        for standing in self.standing:
            match standing.reads:
                case AppointmentArranged() as arranged:
                    found[standing.number] = Diarised(standing.number, arranged, arranged.starts_at)
                case AppointmentRearranged(appointment=number, starts_at=starts_at) if number in found:
                    found[number].starts_at = starts_at
                case AppointmentCancelled(appointment=number) if number in found:
                    found[number].cancelled = True
                case OutcomeRecorded(appointment=number) as outcome if number in found and not standing.withdrawn_by:
                    found[number].outcome = outcome
                    found[number].outcome_number = standing.number
                    found[number].outcome_recorded_at = standing.recorded.recorded_at
        return list(found.values())

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every contact in the order in which it happened; equal times keep the order of recording."""
        arranged = {d.number: d.arranged for d in self.diary}
        found = []
        for standing in self.standing:
            if standing.withdrawn_by:
                continue
            reads = standing.reads
            if isinstance(reads, ContactRecorded):
                found.append(self._unarranged(standing, reads))
            elif isinstance(reads, OutcomeRecorded) and reads.appointment in arranged:
                found.append(self._kept(standing, reads, arranged[reads.appointment]))
        found.sort(key=lambda contact: contact.occurred_at)
        return found

    def _unarranged(self, standing: Standing, reads: ContactRecorded) -> Contact:
        return Contact(
            standing.number,
            reads.occurred_at,
            standing.recorded.recorded_at,
            reads.practitioner,
            reads.kind,
            reads.mode,
            reads.direction,
            reads.with_whom,
            planned=False,
            attended=True,
            delivered=True,
            lost_by="",
            one_to_one=reads.one_to_one,
            work=reads.work,
            minutes=reads.minutes,
            corrected=bool(standing.corrected_by),
            imported=reads.imported is not None,
            holder=self.holder_at(reads.occurred_at),
        )

    def _kept(self, standing: Standing, reads: OutcomeRecorded, arranged: AppointmentArranged) -> Contact:
        outcome = OUTCOMES.get(reads.outcome)
        usual = KINDS.get(arranged.kind, KINDS["OTHR"])
        return Contact(
            standing.number,
            reads.occurred_at,
            standing.recorded.recorded_at,
            reads.practitioner,
            arranged.kind,
            arranged.mode,
            usual.direction,
            usual.with_whom,
            planned=True,
            attended=outcome.attended if outcome else None,
            delivered=outcome.delivered if outcome else None,
            lost_by=outcome.lost_by if outcome else "",
            one_to_one=arranged.one_to_one,
            work=reads.work,
            minutes=reads.minutes,
            corrected=bool(standing.corrected_by),
            imported=reads.imported is not None,
            holder=self.holder_at(reads.occurred_at),
        )

    @cached_property
    def supervised(self) -> list[Supervised]:
        """The days under any sentence, overlapping sentences joined."""
        ends = {r.event.sentence: local_day(r.event.occurred_at) for r in self.history if isinstance(r.event, SentenceEnded)}
        spans = sorted(
            (
                (local_day(r.event.occurred_at), ends.get(r.originator_version))
                for r in self.history
                if isinstance(r.event, SentenceStarted)
            ),
            key=lambda span: span[0],
        )
        joined: list[Supervised] = []
        for since, until in spans:
            last = joined[-1] if joined else None
            if last is not None and (last.until is None or since <= last.until):
                joined[-1] = Supervised(last.since, None if last.until is None or until is None else max(last.until, until))
            else:
                joined.append(Supervised(since, until))
        return joined


def is_held(holder: Holder | None) -> bool:
    """Whether somebody held the case: no allocation, or one to nobody, is a gap."""
    return holder is not None and holder.practitioner != UNALLOCATED


class Failure(msgspec.Struct, frozen=True, gc=False):
    """A failure to attend or to comply that stands."""

    number: int
    occurred_at: datetime
    outcome: str


def failures(story: Story, since: datetime) -> Sequence[Failure]:
    """Failures to attend or comply since a moment, the newest first: what a decision about the next one rests on."""
    found = [
        Failure(standing.number, standing.reads.occurred_at, standing.reads.outcome)
        for standing in story.standing
        if isinstance(standing.reads, OutcomeRecorded | UpwAttendanceRecorded)
        and not standing.withdrawn_by
        and standing.reads.occurred_at >= since
        and (outcome := OUTCOMES.get(standing.reads.outcome)) is not None
        and outcome.acceptable is False
    ]
    return sorted(found, key=lambda failure: failure.occurred_at, reverse=True)
