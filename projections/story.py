"""A case's history, read once: its entries as they stand, who held it when, and what contact there was."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Self, TypeVar, cast, overload

import msgspec

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.case import CaseOpened
from domain.contact import ContactRecorded
from domain.entry import Standing, as_it_stands
from domain.event import Event, Recorded
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.phase import PssBegan, Recalled, Released
from domain.policy import Policy
from domain.sentence import SentenceAmended, SentenceEnded, SentenceStarted
from domain.transfer import TransferAccepted
from domain.working_days import add_months, local_day
from projections.contacts import Contact, kept, unarranged
from projections.holder import Holder
from projections.supervision import Change, Interrupted, Stage, Supervised, away, interruptions, joined, stages, without

E = TypeVar("E", bound=Event)
T = TypeVar("T")


class Diarised(msgspec.Struct, gc=False):
    """An appointment as it stands: rearrangements applied, with its outcome if it has one."""

    number: int
    arranged: AppointmentArranged
    starts_at: datetime
    changed: int
    """The entry that arranged, moved or cancelled it last."""
    changed_at: datetime
    """When that was recorded."""
    cancelled: bool = False
    outcome: OutcomeRecorded | None = None
    outcome_number: int = 0
    outcome_recorded_at: datetime | None = None


_in_order = attrgetter("occurred_at", "number")


class Story:
    """One case's history and what every read model would otherwise work out again. Pure: no clock, no other case.

    A story that ends early, as known at some moment, has the `whole` beside it: what is covered today is covered in looking back too.
    """

    def __init__(self, history: Sequence[Recorded], whole: Self | None = None) -> None:
        self.history = history
        self._whole = whole
        self._worked_out: dict[tuple[object, str], object] = {}
        self._held_at_end_of: dict[date, Holder | None] = {}

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

    @property
    def whole(self) -> Self:
        """All that is known now; this story itself, unless it ends early."""
        return self._whole or self

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
        """Who held the case when a month, told by its first day, had ended; many measures ask it of the same months."""
        if month not in self._held_at_end_of:
            i = bisect_left(self.holder_days, add_months(month, 1)) - 1
            self._held_at_end_of[month] = self.holders[i] if i >= 0 else None
        return self._held_at_end_of[month]

    @cached_property
    def diary(self) -> list[Diarised]:
        arranged = self.of(AppointmentArranged)
        found = {s.number: Diarised(s.number, s.reads, s.reads.starts_at, s.number, s.recorded.recorded_at) for s in arranged}
        for rearranged in self.of(AppointmentRearranged):
            if entry := found.get(rearranged.reads.appointment):
                entry.starts_at = rearranged.reads.starts_at
                entry.changed, entry.changed_at = rearranged.number, rearranged.recorded.recorded_at
        for cancelled in self.of(AppointmentCancelled):
            if entry := found.get(cancelled.reads.appointment):
                entry.cancelled = True
                entry.changed, entry.changed_at = cancelled.number, cancelled.recorded.recorded_at
        for came in self.of(OutcomeRecorded):
            if not came.withdrawn_by and (entry := found.get(came.reads.appointment)):
                entry.outcome = came.reads
                entry.outcome_number = came.number
                entry.outcome_recorded_at = came.recorded.recorded_at
        return list(found.values())

    @cached_property
    def contacts(self) -> list[Contact]:
        """Every contact in the order in which it happened; equal times keep the order of recording."""
        found = [unarranged(s, self.holder_at(s.reads.occurred_at)) for s in self.of(ContactRecorded) if not s.withdrawn_by]
        arranged = {s.number: s.reads for s in self.of(AppointmentArranged)}
        for s in self.of(OutcomeRecorded):
            if not s.withdrawn_by and (appointment := arranged.get(s.reads.appointment)) is not None:
                found.append(kept(s, appointment, self.holder_at(s.reads.occurred_at)))
        found.sort(key=_in_order)
        return found

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
