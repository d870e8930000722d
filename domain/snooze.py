"""Snooze: an officer puts off what My day reminds of, until a day and for a reason; what the law sets a time for cannot be put off."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged
from domain.case import Case, must_be_open, remembers
from domain.event import Event, Personal, Refused
from domain.policy import Policy
from domain.remembered import Snooze
from domain.transfer import TransferAccepted
from domain.words import said
from domain.working_days import local_day


class Item(StrEnum):
    """What may be snoozed. Steps of enforcement, high RoSH with a CRC, answers about risk and unpaid work are not here: they have
    limits that do not wait, so nobody can put them out of sight [D]."""

    FIRST_MEETING = said("first meeting")
    NOT_SEEN = said("not seen face to face")
    NEXT_APPOINTMENT = said("next appointment")
    ROSH_REVIEW = said("RoSH review")
    PLAN = said("plan")
    ENDING = said("end of supervision")
    HANDOVER = said("handover meeting")


class ItemSnoozed(Event, frozen=True, tag="item-snoozed"):
    """The item is not shown before the day `until`, as long as it still rests on the same day: `rests_on` is when it was due, or since
    when it is so. `None` is for what rests on no day."""

    item: Item
    until: date
    rests_on: date | None = None
    reason: Personal = ""


class SnoozeEnded(Event, frozen=True, tag="snooze-ended"):
    """The item is brought back before its day."""

    snooze: int


@remembers(ItemSnoozed)
def _snoozed(case: Case, number: int, event: ItemSnoozed) -> None:
    case.snoozes[event.item] = Snooze(number, event.until, event.rests_on)


@remembers(AppointmentArranged)
def _arranged(case: Case, number: int, event: AppointmentArranged) -> None:
    case.snoozes.pop(Item.NEXT_APPOINTMENT, None)


def _has_another_officer(case: Case, number: int, event: Event) -> None:
    """What one officer put off, the next one sees."""
    case.snoozes.clear()


for _kind in (CaseAllocated, ProviderAllocated, TransferAccepted):
    remembers(_kind)(_has_another_officer)


@remembers(SnoozeEnded)
def _ended(case: Case, number: int, event: SnoozeEnded) -> None:
    case.snoozes = {item: kept for item, kept in case.snoozes.items() if kept.number != event.snooze}


def snooze(
    case: Case, *, now: datetime, by: str, policy: Policy, item: Item, until: date, rests_on: date | None = None, reason: str
) -> list[Event]:
    """Put an item off until a day, saying why: at most for the policy's days, and again only once it has come back."""
    must_be_open(case)
    today, longest = local_day(now), policy.snooze.longest_days
    if not reason.strip():
        raise Refused(said("Enter why this can wait."), "reason")
    if until <= today:
        raise Refused(said("The day on which it comes back must be after today."), "until")
    if until > today + timedelta(days=longest):
        raise Refused(said("Nothing is snoozed for longer than {days} days.", days=longest), "until")
    running = case.snoozes.get(item)
    if running is not None and today < running.until and running.rests_on == rests_on:
        raise Refused(said("This is snoozed already. Bring it back first."), "until")
    return [ItemSnoozed(occurred_at=now, by=by, item=item, until=until, rests_on=rests_on, reason=reason)]


def end_snooze(case: Case, *, now: datetime, by: str, snooze: int) -> list[Event]:
    """Bring an item back before its day."""
    must_be_open(case)
    if not any(kept.number == snooze for kept in case.snoozes.values()):
        raise Refused(said("This is not snoozed any more."))
    return [SnoozeEnded(occurred_at=now, by=by, snooze=snooze)]
