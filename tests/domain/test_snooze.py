"""Snooze: what can wait is put off for a reason and for so long; it comes back by itself, or is brought back."""

from datetime import date, timedelta

from domain.allocation import AllocationReason, allocate
from domain.appointment import arrange_appointment
from domain.sentence import end_sentence
from domain.snooze import Item, ItemSnoozed, SnoozeEnded, end_snooze, snooze
from tests.rules import NEXT, NOW, did, supervised

TODAY = date(2026, 3, 12)
SNOOZED = did(snooze, at=NOW)


def test_an_item_is_put_off_until_a_day_with_why_and_the_day_it_rests_on() -> None:
    event = supervised().when(snooze).event
    assert isinstance(event, ItemSnoozed)
    assert (event.item, event.until, event.rests_on) == (Item.PLAN, date(2026, 3, 19), date(2026, 3, 16))
    assert (event.by, event.reason) == ("SIAN", "The report is due on Tuesday.")


def test_nothing_is_put_off_without_a_reason() -> None:
    supervised().when(snooze, reason="  ").refused("Enter why this can wait.", "reason")


def test_it_comes_back_after_today_and_within_the_days_of_the_policy() -> None:
    case = supervised()
    case.when(snooze, until=TODAY).refused("The day on which it comes back must be after today.", "until")
    assert case.when(snooze, until=TODAY + timedelta(days=1)).event
    assert case.when(snooze, until=TODAY + timedelta(days=14)).event
    case.when(snooze, until=TODAY + timedelta(days=15)).refused("Nothing is snoozed for longer than 14 days.", "until")


def test_what_is_snoozed_is_not_snoozed_again_until_it_has_come_back() -> None:
    case = supervised(SNOOZED)
    case.when(snooze).refused("This is snoozed already. Bring it back first.", "until")
    assert case.when(snooze, item=Item.ENDING).event, "another item is another matter"
    assert case.when(snooze, rests_on=date(2026, 4, 1)).event, "it came back when it was due on another day"
    day_it_came_back = NOW + timedelta(days=7)
    assert case.when(snooze, now=day_it_came_back, until=date(2026, 3, 26)).event


def test_it_is_brought_back_once() -> None:
    case = supervised(SNOOZED)
    event = case.when(end_snooze, by="MEERA").event
    assert isinstance(event, SnoozeEnded)
    assert (event.snooze, event.by) == (NEXT, "MEERA")
    case.then(end_snooze)
    case.when(end_snooze).refused("This is not snoozed any more.")
    assert case.when(snooze).event, "and may be put off again"


def test_what_one_officer_put_off_the_next_one_puts_off_anew() -> None:
    case = supervised(SNOOZED)
    case.then(allocate, practitioner="MEERA", reason=AllocationReason.STAFF)
    case.when(end_snooze, by="MEERA").refused("This is not snoozed any more.")
    assert case.when(snooze, by="MEERA").event


def test_an_appointment_that_is_arranged_brings_back_that_there_was_none() -> None:
    nothing_after = did(snooze, at=NOW, item=Item.NEXT_APPOINTMENT, rests_on=None)
    case = supervised(SNOOZED, nothing_after)
    case.then(arrange_appointment)
    case.when(end_snooze, snooze=NEXT + 1).refused("This is not snoozed any more.")
    assert case.when(end_snooze, snooze=NEXT).event, "a plan does not come back for that"


def test_nothing_is_snoozed_in_a_case_that_has_ended() -> None:
    ended = "Every sentence in this case has ended, so nothing more can be recorded as happening in it."
    supervised(SNOOZED, did(end_sentence, at=NOW)).when(snooze).refused(ended)
