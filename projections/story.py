"""A case's history, read once: its entries as they stand, who held it when, and what contact there was."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import TypeVar, cast, overload

import msgspec

from domain.allocation import UNALLOCATED, CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.case import CaseOpened
from domain.contact import KINDS, ContactRecorded, Direction, Mode, WithWhom, Work
from domain.entry import Standing, as_it_stands
from domain.event import Event, Recorded
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.outcome import OUTCOMES, Outcome
from domain.phase import PssBegan, Recalled, Released
from domain.policy import Policy, add_months
from domain.sentence import SentenceAmended, SentenceEnded, SentenceStarted
from domain.transfer import TransferAccepted
from domain.working_days import local_day
from projections.supervision import Change, Interrupted, Stage, Supervised, away, interruptions, joined, stages, without

E = TypeVar("E", bound=Event)
T = TypeVar("T")


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
    day: date
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


_in_order = attrgetter("occurred_at", "number")
_UNKNOWN = Outcome("", "", None, None, None, None)
"""An outcome code that is not in the list says nothing of what happened."""


class Story:
    """One case's history and what every read model would otherwise work out again. Pure: no clock, no other case."""

    def __init__(self, history: Sequence[Recorded]) -> None:
        self.history = history
        self._worked_out: dict[tuple[object, str], object] = {}

    @overload
    def once(self, work: Callable[["Story"], T]) -> T: ...
    @overload
    def once(self, work: Callable[["Story", Policy], T], policy: Policy) -> T: ...
    def once(self, work: Callable[..., T], policy: Policy | None = None) -> T:
        """What `work` gives of this story, worked out once though several read models ask for it."""
        key = work, policy.version if policy else ""
        if key not in self._worked_out:
            self._worked_out[key] = work(self, policy) if policy else work(self)
        return cast("T", self._worked_out[key])

    @cached_property
    def opened(self) -> CaseOpened | None:
        first = self.history[0].event
        return first if isinstance(first, CaseOpened) else None

    @cached_property
    def standing(self) -> list[Standing[Event]]:
        return as_it_stands(self.history)

    @cached_property
    def _by_kind(self) -> dict[type[Event], list[Standing[Event]]]:
        found: dict[type[Event], list[Standing[Event]]] = defaultdict(list)
        for standing in self.standing:
            found[type(standing.reads)].append(standing)
        return found

    def of(self, kind: type[E]) -> Sequence[Standing[E]]:
        """The entries of one kind in the order of recording, withdrawn ones too; the whole history is passed over once for all kinds."""
        # The type is in quotes, because making it would take longer than the look.
        return cast("Sequence[Standing[E]]", self._by_kind.get(kind, ()))

    @cached_property
    def holders(self) -> list[Holder]:
        """The officer line, in the order of when each began; the end of one is the beginning of the next."""
        changes: list[Standing[ProviderAllocated | CaseAllocated | TransferAccepted]] = [
            *self.of(ProviderAllocated),
            *self.of(CaseAllocated),
            *self.of(TransferAccepted),
        ]
        changes.sort(key=lambda change: (change.reads.occurred_at, change.number))
        line = []
        for i, change in enumerate(changes):
            event = change.reads
            until = changes[i + 1].reads.occurred_at if i + 1 < len(changes) else None
            line.append(Holder(event.practitioner, event.team, event.provider, event.occurred_at, until, event.reason.value, change.number))
        return line

    @cached_property
    def _holder_starts(self) -> list[datetime]:
        return [holder.since for holder in self.holders]

    def holder_at(self, instant: datetime) -> Holder | None:
        """Who held the case at an instant; None before the first allocation."""
        i = bisect_right(self._holder_starts, instant) - 1
        return self.holders[i] if i >= 0 else None

    @cached_property
    def holder_days(self) -> list[date]:
        """The day on which each holder began."""
        return [local_day(holder.since) for holder in self.holders]

    def holder_on(self, day: date) -> Holder | None:
        """Who held the case when a day had ended."""
        i = bisect_right(self.holder_days, day) - 1
        return self.holders[i] if i >= 0 else None

    def holder_at_end_of(self, month: date) -> Holder | None:
        """Who held the case when a month, told by its first day, had ended."""
        i = bisect_left(self.holder_days, add_months(month, 1)) - 1
        return self.holders[i] if i >= 0 else None

    @cached_property
    def diary(self) -> list[Diarised]:
        found = {s.number: Diarised(s.number, s.reads, s.reads.starts_at) for s in self.of(AppointmentArranged)}
        for rearranged in self.of(AppointmentRearranged):
            if entry := found.get(rearranged.reads.appointment):
                entry.starts_at = rearranged.reads.starts_at
        for cancelled in self.of(AppointmentCancelled):
            if entry := found.get(cancelled.reads.appointment):
                entry.cancelled = True
        for kept in self.of(OutcomeRecorded):
            if not kept.withdrawn_by and (entry := found.get(kept.reads.appointment)):
                entry.outcome = kept.reads
                entry.outcome_number = kept.number
                entry.outcome_recorded_at = kept.recorded.recorded_at
        return list(found.values())

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every contact in the order in which it happened; equal times keep the order of recording."""
        found = [self._unarranged(standing) for standing in self.of(ContactRecorded) if not standing.withdrawn_by]
        arranged = {s.number: s.reads for s in self.of(AppointmentArranged)}
        for standing in self.of(OutcomeRecorded):
            if not standing.withdrawn_by and (kept := arranged.get(standing.reads.appointment)) is not None:
                found.append(self._kept(standing, kept))
        found.sort(key=_in_order)
        return found

    # A rebuild makes tens of millions of these: fields go by place, which costs half of what names do.

    def _unarranged(self, standing: Standing[ContactRecorded]) -> Contact:
        reads = standing.reads
        return Contact(
            standing.recorded.originator_version,
            reads.occurred_at,
            local_day(reads.occurred_at),
            standing.recorded.recorded_at,
            reads.practitioner,
            reads.kind,
            reads.mode,
            reads.direction,
            reads.with_whom,
            False,  # planned
            True,  # attended
            True,  # delivered
            "",
            reads.one_to_one,
            reads.work,
            reads.minutes,
            standing.corrected_by > 0,
            reads.imported is not None,
            self.holder_at(reads.occurred_at),
        )

    def _kept(self, standing: Standing[OutcomeRecorded], arranged: AppointmentArranged) -> Contact:
        reads = standing.reads
        outcome = OUTCOMES.get(reads.outcome) or _UNKNOWN
        usual = KINDS.get(arranged.kind) or KINDS["OTHR"]
        return Contact(
            standing.recorded.originator_version,
            reads.occurred_at,
            local_day(reads.occurred_at),
            standing.recorded.recorded_at,
            reads.practitioner,
            arranged.kind,
            arranged.mode,
            usual.direction,
            usual.with_whom,
            True,  # planned
            outcome.attended,
            outcome.delivered,
            outcome.lost_by,
            arranged.one_to_one,
            reads.work,
            reads.minutes,
            standing.corrected_by > 0,
            reads.imported is not None,
            self.holder_at(reads.occurred_at),
        )

    @cached_property
    def stages(self) -> dict[int, list[Stage]]:
        """The phases of each sentence, by its number; the last is the present one."""
        changes: list[Standing[Change]] = [*self.of(Released), *self.of(Recalled), *self.of(PssBegan), *self.of(SentenceEnded)]
        return stages(self.of(SentenceStarted), self.of(SentenceAmended), changes)

    @cached_property
    def interruptions(self) -> list[Interrupted]:
        return interruptions(self.of(InterruptionBegan), self.of(InterruptionEnded))

    @cached_property
    def supervised(self) -> list[Supervised]:
        """The days under any sentence, overlapping sentences joined."""
        ends = {s.reads.sentence: local_day(s.reads.occurred_at) for s in self.of(SentenceEnded)}
        return joined((local_day(s.reads.occurred_at), ends.get(s.number)) for s in self.of(SentenceStarted))

    @cached_property
    def exposed(self) -> list[Supervised]:
        """The days of supervision on which there could be contact: without custody, recall, remand and outstanding warrants."""
        return without(self.supervised, away(self.stages.values(), self.interruptions))


def is_held(holder: Holder | None) -> bool:
    """Whether somebody held the case: no allocation, or one to nobody, is a gap."""
    return holder is not None and holder.practitioner != UNALLOCATED
