"""Replay: the order of steps, the state after each, and what was recorded only later."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from domain.allocation import AllocationReason, CaseAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, AskedBy, OutcomeRecorded
from domain.case import CaseOpened, case_id
from domain.contact import ContactRecorded, Direction, Mode, WithWhom, Work
from domain.entry import EntryCorrected, EntryWithdrawn
from domain.event import Event, Imported, Recorded
from domain.risk import Rosh, RoshAssessed
from projections.decisions import decisions
from projections.differences import Change, differences
from projections.replay import Order, clocks, end_of, in_order, known_at, recorded_later, state_after, window
from projections.story import Story
from projections.timeline import entries
from store.policy import current_policy

STREAM = case_id("X000001")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(n: float) -> datetime:
    return START + timedelta(days=n)


def story(*told: tuple[float, Event]) -> Story:
    """Events with the day on which each was recorded; positions are tens."""
    return Story([Recorded(STREAM, i, event, day(recorded), 10 * i) for i, (recorded, event) in enumerate(told, 1)])


OPENED = CaseOpened(occurred_at=day(0), by="SIAN", crn="X000001", person_id=uuid4())


def allocated(to: str, on: float) -> Event:
    return CaseAllocated(occurred_at=day(on), by="MEERA", practitioner=to, team="CF1", provider="C10", reason=AllocationReason.INITIAL)


def arranged(on: float, starts: float) -> Event:
    return AppointmentArranged(occurred_at=day(on), by="SIAN", starts_at=day(starts), practitioner="SIAN", kind="COAP", mode=Mode.OFFICE)


def outcome(of: int, on: float, code: str = "ATTC") -> Event:
    return OutcomeRecorded(occurred_at=day(on), by="SIAN", appointment=of, outcome=code, practitioner="SIAN")


def visit(on: float) -> ContactRecorded:
    return ContactRecorded(
        occurred_at=day(on),
        by="SIAN",
        practitioner="SIAN",
        kind="COUP",
        mode=Mode.OFFICE,
        direction=Direction.TWO_WAY,
        with_whom=WithWhom.PERSON,
        one_to_one=True,
        work=Work(),
    )


def assessed(level: Rosh, on: float) -> Event:
    return RoshAssessed(occurred_at=day(on), by="SIAN", level=level, review_due_on=date(2026, 12, 1))


def numbers(told: Story, order: Order) -> list[int]:
    return [step.number for step in in_order(told, order)]


def test_steps_go_by_happening_or_by_recording_and_equal_times_keep_the_order_of_recording() -> None:
    told = story((0, OPENED), (5, visit(5)), (9, visit(2)), (9, visit(5)))
    assert numbers(told, Order.HAPPENED) == [1, 3, 2, 4]
    assert numbers(told, Order.RECORDED) == [1, 2, 3, 4]


def test_what_was_recorded_later_does_not_exist_at_an_earlier_position() -> None:
    told = story((0, OPENED), (5, visit(5)), (9, visit(2)))
    assert known_at(told, 9) is None
    part = known_at(told, 25)
    assert part is not None
    assert [recorded.originator_version for recorded in part.history] == [1, 2]


def test_the_officer_and_the_level_are_those_of_the_time() -> None:
    told = story(
        (0, OPENED), (0, allocated("SIAN", 0)), (1, assessed(Rosh.MEDIUM, 1)), (10, allocated("TOM", 10)), (12, assessed(Rosh.HIGH, 12))
    )
    assert state_after(told, Order.HAPPENED, 1).practitioner == ""
    third, last = state_after(told, Order.HAPPENED, 3), state_after(told, Order.HAPPENED, 5)
    assert (third.practitioner, third.rosh, third.since) == ("SIAN", "medium", day(0))
    assert (last.practitioner, last.rosh, last.assessed_at) == ("TOM", "high", day(12))


def test_a_change_recorded_late_is_later_as_recorded_and_in_its_place_as_it_happened() -> None:
    told = story((0, OPENED), (3, allocated("SIAN", 3)), (8, visit(7)), (9, allocated("TOM", 5)), (9, allocated("MEERA", 1)))
    assert state_after(told, Order.RECORDED, 3).practitioner == "SIAN"
    assert state_after(told, Order.HAPPENED, 5).practitioner == "TOM"
    assert state_after(told, Order.RECORDED, 5).practitioner == "TOM", "an older allocation learnt last does not hold the case"


def test_an_appointment_is_ahead_then_awaits_its_outcome_then_is_a_contact() -> None:
    told = story((0, OPENED), (0, arranged(0, 4)), (5, visit(5)), (6, outcome(2, 4)))
    ahead, awaiting, done = (state_after(told, Order.RECORDED, n) for n in (2, 3, 4))
    assert (ahead.ahead, ahead.awaiting, ahead.contacts) == (1, 0, 0)
    assert (awaiting.ahead, awaiting.awaiting, awaiting.contacts) == (0, 1, 1)
    assert (done.ahead, done.awaiting, done.contacts, done.last_contact_at) == (0, 0, 2, day(5))


def test_a_missed_appointment_is_no_contact() -> None:
    told = story((0, OPENED), (0, arranged(0, 4)), (4, outcome(2, 4, "UAAB")))
    state = state_after(told, Order.HAPPENED, 3)
    assert (state.contacts, state.awaiting) == (0, 0)


def test_a_moved_appointment_is_awaited_at_its_new_time_and_a_cancelled_one_no_more() -> None:
    moved = AppointmentRearranged(occurred_at=day(1), by="SIAN", appointment=2, starts_at=day(9), asked_by=AskedBy.PERSON)
    cancelled = AppointmentCancelled(occurred_at=day(6), by="SIAN", appointment=2, asked_by=AskedBy.SERVICE)
    told = story((0, OPENED), (0, arranged(0, 4)), (1, moved), (5, visit(5)), (6, cancelled))
    before, after = state_after(told, Order.HAPPENED, 4), state_after(told, Order.HAPPENED, 5)
    assert (before.ahead, before.awaiting) == (1, 0)
    assert (after.ahead, after.awaiting) == (0, 0)


def test_an_imported_outcome_older_than_its_arranging_leaves_nothing_awaited() -> None:
    told = story((0, OPENED), (9, arranged(9, 4)), (9, outcome(2, 4)))
    assert numbers(told, Order.HAPPENED) == [1, 3, 2]
    assert state_after(told, Order.HAPPENED, 3).awaiting == 0


def test_a_withdrawal_counts_from_its_recording_on_as_recorded_and_throughout_as_it_happened() -> None:
    told = story((0, OPENED), (2, visit(2)), (5, EntryWithdrawn(occurred_at=day(5), by="SIAN", entry=2, reason="Wrong case")))
    assert state_after(told, Order.RECORDED, 2).contacts == 1
    assert state_after(told, Order.RECORDED, 3).contacts == 0
    assert state_after(told, Order.HAPPENED, 2).contacts == 0


def test_recorded_later_are_late_entries_and_corrections_of_what_was_known_but_no_news() -> None:
    correction = EntryCorrected(occurred_at=day(8), by="SIAN", entry=2, reads=visit(1), reason="Wrong day")
    told = story((0, OPENED), (2, visit(2)), (8, correction), (9, visit(3)), (9, visit(9)))
    found = recorded_later(entries(told, current_policy(), str), 20, day(5))
    assert [(later.entry.number, later.about, later.delay_days) for later in found] == [(3, day(2), 6), (4, day(3), 6)]


@pytest.mark.parametrize(
    ("count", "step", "expected"),
    [(1, 1, [1]), (4, 2, [1, 2, 3, 4]), (9, 1, [1, 2, 3, 4, 5]), (9, 5, [3, 4, 5, 6, 7]), (9, 9, [5, 6, 7, 8, 9])],
)
def test_the_steps_around_one_are_as_many_at_the_ends_as_in_the_middle(count: int, step: int, expected: list[int]) -> None:
    assert list(window(count, step, around=2)) == expected


def test_before_the_first_step_there_is_nothing() -> None:
    assert state_after(story((0, OPENED)), Order.RECORDED, 0).contacts == 0


# -- two clocks


def test_a_contact_written_up_later_had_happened_and_was_not_known_at_the_end_of_its_day() -> None:
    told = story((0, OPENED), (9, visit(2)), (12, visit(12)))
    here = clocks(told, Order.HAPPENED, 2)
    assert here.known is not None
    assert (here.happened.contacts, here.known.contacts) == (1, 0)
    assert here.until == end_of(date(2026, 3, 4))
    last = clocks(told, Order.HAPPENED, 3)
    assert last.known is not None
    assert (last.happened.contacts, last.known.contacts) == (2, 2)


def test_replayed_as_recorded_what_had_happened_by_then_knows_of_what_came_later() -> None:
    told = story((0, OPENED), (5, visit(5)), (9, visit(2)))
    here = clocks(told, Order.RECORDED, 2)
    assert here.known is not None
    assert (here.happened.contacts, here.known.contacts) == (2, 1)


def test_before_the_first_entry_of_a_case_was_recorded_nothing_was_known() -> None:
    assert clocks(story((9, OPENED)), Order.HAPPENED, 1).known is None


def test_a_day_ends_with_its_last_instant_on_the_clock_of_summer_too() -> None:
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, 59, 59, 999999, tzinfo=UTC)


# -- two days compared


def changed(told: Story, first: int, second: int, moment: float) -> list[tuple[int, Change, bool, int, int, int]]:
    """First and second are how many entries were known."""
    found = differences(told.history[:first], told.history[:second], day(moment))
    return [(d.number, d.change, d.late, d.read_before, d.read_after, d.withdrawn_by) for d in found]


CORRECTION = EntryCorrected(occurred_at=day(8), by="SIAN", entry=2, reads=visit(1), reason="Wrong day")
WITHDRAWAL = EntryWithdrawn(occurred_at=day(9), by="SIAN", entry=2, reason="Wrong case")


def test_an_entry_added_about_the_time_before_the_first_day_is_late_and_one_about_the_time_after_is_not() -> None:
    told = story((0, OPENED), (6, visit(3)), (6, visit(6)))
    assert changed(told, 1, 3, 5) == [(2, Change.ADDED, True, 0, 2, 0), (3, Change.ADDED, False, 0, 3, 0)]


def test_a_correction_and_a_withdrawal_stand_with_the_entry_that_they_are_about() -> None:
    told = story((0, OPENED), (2, visit(2)), (8, CORRECTION), (9, WITHDRAWAL))
    assert changed(told, 2, 3, 5) == [(2, Change.CORRECTED, False, 2, 3, 0)]
    assert changed(told, 3, 4, 8) == [(2, Change.WITHDRAWN, False, 3, 3, 4)]
    assert changed(told, 2, 4, 5) == [(2, Change.WITHDRAWN, False, 2, 3, 4)]
    assert changed(told, 1, 4, 1) == [(2, Change.ADDED, True, 0, 3, 4)]
    assert changed(told, 4, 4, 9) == []


def test_a_second_correction_reads_from_the_first_one() -> None:
    told = story((0, OPENED), (2, visit(2)), (8, CORRECTION), (9, CORRECTION))
    assert changed(told, 3, 4, 8) == [(2, Change.CORRECTED, False, 3, 4, 0)]


# -- decisions


def test_beside_a_decision_stands_what_was_recorded_by_then_and_what_came_only_later() -> None:
    told = story((0, OPENED), (0, allocated("SIAN", 0)), (2, visit(2)), (4, assessed(Rosh.LOW, 4)), (9, visit(3)))
    allocation, assessment = decisions(told, entries(told, current_policy(), str))
    assert (allocation.entry.number, allocation.later) == (2, [])
    assert assessment.known is not None
    assert (assessment.known.practitioner, assessment.known.contacts, assessment.known.rosh) == ("SIAN", 1, "")
    assert [(found.entry.number, found.delay_days) for found in assessment.later] == [(5, 6)]


def test_a_withdrawn_decision_and_an_imported_one_are_not_told() -> None:
    withdrawn = EntryWithdrawn(occurred_at=day(5), by="SIAN", entry=2, reason="Wrong case")
    imported = RoshAssessed(
        occurred_at=day(1), by="SIAN", level=Rosh.HIGH, review_due_on=date(2026, 12, 1), imported=Imported(source="extract", row=2)
    )
    told = story((0, OPENED), (4, assessed(Rosh.LOW, 4)), (5, withdrawn), (6, imported))
    assert decisions(told, entries(told, current_policy(), str)) == []


def test_a_decision_recorded_before_anything_else_was_known_says_so() -> None:
    told = story((6, OPENED), (6, assessed(Rosh.LOW, 4)))
    (decision,) = decisions(told, entries(told, current_policy(), str))
    assert decision.known is None
