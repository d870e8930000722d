"""Replay: a case's history step by step, as it happened or as it was recorded, and as it was known at a position of the record."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from domain.allocation import UNALLOCATED, CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.contact import ContactRecorded
from domain.entry import Standing
from domain.event import Event, Recorded
from domain.outcome import OUTCOMES
from domain.plan import PlanCompleted, PlanReviewed
from domain.risk import RoshAssessed
from domain.transfer import TransferAccepted
from domain.upw_session import UpwAttendanceRecorded
from domain.working_days import LONDON, local_day
from projections.story import Story
from projections.timeline import Entry

E = TypeVar("E", bound=Event)

AROUND = 5
"""Entries shown on either side of the one that a replay has come to."""


class Order(StrEnum):
    HAPPENED = "happened"
    RECORDED = "recorded"


class State(msgspec.Struct, frozen=True):
    """What an officer who opened the case just after a step could have seen: who held it, how risky, and what was in hand."""

    practitioner: str = ""
    team: str = ""
    since: datetime | None = None
    rosh: str = ""
    assessed_at: datetime | None = None
    awaiting: int = 0
    ahead: int = 0
    contacts: int = 0
    last_contact_at: datetime | None = None
    failures: int = 0
    plan_at: datetime | None = None
    """When the plan was completed, or reviewed after that."""


class Clocks(msgspec.Struct, frozen=True):
    """The same moment by two clocks: what had happened by then, as the record knows it, and what had been recorded by the end of that
    day (replayed as recorded: by then). `known` is None when nothing of the case was."""

    happened: State
    known: State | None
    until: datetime
    """The moment up to which recording counts."""


class RecordedLater(msgspec.Struct, frozen=True):
    """An entry about days before an instant that was recorded only after it. A correction is about what it corrects."""

    entry: Entry
    about: datetime
    delay_days: int


def known_at(story: Story, position: int) -> Story | None:
    """The history as known at a position: entries recorded later do not exist. None when nothing was known yet."""
    known = [recorded for recorded in story.history if recorded.position <= position]
    return Story(known, story.whole) if known else None


def in_order(story: Story, order: Order) -> list[Standing[Event]]:
    """Every entry in the order of happening or of recording; things that happened at one time keep the order of recording."""
    steps = list(story.standing)
    if order is Order.HAPPENED:
        steps.sort(key=lambda step: step.recorded.event.occurred_at)
    return steps


def state_after(story: Story, order: Order, step: int) -> State:
    """The state of the case after the first `step` entries. Replayed as recorded, a later correction is not yet known;
    replayed as it happened, everything reads as it stands at the end of the story."""
    if order is Order.RECORDED:
        story = Story(story.history[:step])
    steps = in_order(story, order)[:step]
    if not steps:
        return State()
    return _fold([s for s in steps if not s.withdrawn_by], instant(steps[-1].recorded, order))


def clocks(story: Story, order: Order, step: int) -> Clocks:
    """A step by both clocks. Whatever differs between them was recorded only later."""
    here = in_order(story, order)[step - 1].recorded
    now = instant(here, order)
    if order is Order.RECORDED:
        standing = [s for s in story.standing if s.reads.occurred_at <= now and not s.withdrawn_by]
        return Clocks(_fold(standing, now), state_after(story, order, step), now)
    until = end_of(local_day(now))
    return Clocks(state_after(story, order, step), state_known([r for r in story.history if r.recorded_at <= until], now), until)


def end_of(day: date) -> datetime:
    """The last instant of a day: the first one of the next day belongs to the next day."""
    return datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC) - timedelta(microseconds=1)


def state_known(history: Sequence[Recorded], now: datetime) -> State | None:
    """What a history that ends early says of the case at a moment; None when it has not begun."""
    return _fold([s for s in Story(history).standing if s.reads.occurred_at <= now and not s.withdrawn_by], now) if history else None


def instant(recorded: Recorded, order: Order) -> datetime:
    """When a replay in this order has come to an entry."""
    return recorded.recorded_at if order is Order.RECORDED else recorded.event.occurred_at


def _fold(steps: Sequence[Standing[Event]], now: datetime) -> State:
    reads = [step.reads for step in steps]
    held = _latest([r for r in reads if isinstance(r, ProviderAllocated | CaseAllocated | TransferAccepted)])
    rosh = _latest([r for r in reads if isinstance(r, RoshAssessed)])
    contacts = [r.occurred_at for r in reads if _took_place(r)]
    diary = _awaited(steps)
    return State(
        practitioner=held.practitioner if held else UNALLOCATED,
        team=held.team if held else "",
        since=held.occurred_at if held else None,
        rosh=rosh.level.value if rosh else "",
        assessed_at=rosh.occurred_at if rosh else None,
        awaiting=sum(starts_at <= now for starts_at in diary),
        ahead=sum(starts_at > now for starts_at in diary),
        contacts=len(contacts),
        last_contact_at=max(contacts, default=None),
        failures=sum(_failed(r) for r in reads),
        plan_at=max((r.occurred_at for r in reads if isinstance(r, PlanCompleted | PlanReviewed)), default=None),
    )


def _latest(events: Sequence[E]) -> E | None:
    """The last to happen; of several at one time, the last recorded."""
    return max(reversed(events), key=lambda event: event.occurred_at, default=None)


def _took_place(event: Event) -> bool:
    """Whether an entry is a contact, or an appointment that the person did not miss."""
    if isinstance(event, OutcomeRecorded):
        outcome = OUTCOMES.get(event.outcome)
        return outcome is not None and outcome.attended is not False
    return isinstance(event, ContactRecorded)


def _failed(event: Event) -> bool:
    """Whether an entry is a failure to comply."""
    outcome = OUTCOMES.get(event.outcome) if isinstance(event, OutcomeRecorded | UpwAttendanceRecorded) else None
    return outcome is not None and outcome.acceptable is False


def _awaited(steps: Sequence[Standing[Event]]) -> list[datetime]:
    """When each appointment starts that has neither an outcome nor a cancellation yet."""
    starts: dict[int, datetime] = {}
    moved: dict[int, datetime] = {}
    done: set[int] = set()
    for step in steps:
        match step.reads:
            case AppointmentArranged(starts_at=starts_at):
                starts[step.number] = starts_at
            case AppointmentRearranged(appointment=number, starts_at=starts_at):
                moved[number] = starts_at
            case AppointmentCancelled(appointment=number) | OutcomeRecorded(appointment=number):
                # An import can give an outcome an earlier time than its arranging, so what is done is kept apart.
                done.add(number)
            case _:
                pass
    return [moved.get(number, starts_at) for number, starts_at in starts.items() if number not in done]


def recorded_later(entries: Sequence[Entry], position: int, moment: datetime) -> list[RecordedLater]:
    """Of all entries as they are known now, those about times up to `moment` that were recorded after `position`."""
    happened = {entry.number: entry.occurred_at for entry in entries}
    found = []
    for entry in entries:
        about = happened.get(entry.corrects, entry.occurred_at)
        if entry.position > position and about <= moment:
            delay = (local_day(entry.recorded_at) - local_day(about)).days
            found.append(RecordedLater(entry, about, delay))
    return found


def window(count: int, step: int, around: int = AROUND) -> range:
    """The numbers, from 1, of the steps to show around one; as many at either end as in the middle when there are so many."""
    first = max(1, min(step - around, count - 2 * around))
    return range(first, min(count, first + 2 * around) + 1)
