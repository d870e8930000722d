"""The plan as it stands: which objectives are covered, what is due and when, and what became of the planned pattern of contact."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.contact import Mode, Purpose, WithWhom, Work, record_contact
from domain.entry import withdraw_entry
from domain.interruption import begin_interruption
from domain.plan import ObjectiveEnd, ReviewKind, complete_plan, end_objective, review_plan, set_objective, set_pattern
from domain.sentence import start_sentence
from domain.working_days import add_months, add_working_days
from projections.plans import Clock, Kept, clock, coverage, objectives, patterns, periods, reviews
from projections.purposeful import verdicts
from projections.story import Story
from tests.rules import BANK_HOLIDAYS, BEGAN, NEXT, NOW, OBJECTIVE, POLICY, YESTERDAY, Step, closed, did, supervised

GOOD = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))
YEAR = POLICY.plan.review_months


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def on(days: float) -> date:
    return after(days).date()


def seen(days: float, **details: Any) -> Step:
    return did(record_contact, at=after(days), occurred_at=after(days), **{"work": GOOD, **details})


def kept(days: float, outcome: str = "ATTC", **details: Any) -> tuple[Step, Step]:
    """An appointment and its outcome; it must be the first of its case."""
    return did(arrange_appointment, starts_at=after(days), **details), did(record_outcome, at=after(days), outcome=outcome)


def story(*steps: Step) -> Story:
    return Story(supervised(*steps).history)


# Objectives and coverage ----------------------------------------------------------------------------------------------


def test_an_objective_says_which_contacts_served_it_and_which_was_purposeful() -> None:
    told = story(seen(5), seen(9, work=Work(purposes=(Purpose.REPORTING,), objectives=(OBJECTIVE,))))
    (one,) = objectives(told, verdicts(told, POLICY))
    assert (one.number, one.topic, one.contacts, one.last_at) == (OBJECTIVE, "Settled accommodation", 2, after(9))
    assert (one.last_purposeful_on, one.running) == (on(5), True)


def test_an_objective_that_ended_says_how() -> None:
    (one,) = objectives(story(did(end_objective, at=NOW, how=ObjectiveEnd.PARTLY, note="For a time.")))
    assert (one.running, one.ended_on, one.how) == (False, NOW.date(), "partly achieved")


@pytest.mark.parametrize(("ago", "covered"), [(0, 1), (90, 1), (91, 0)])
def test_an_objective_is_covered_by_a_purposeful_contact_in_the_policys_last_days(ago: int, covered: int) -> None:
    told = story(seen(5))
    found = coverage(objectives(told, verdicts(told, POLICY)), POLICY, on(5) + timedelta(days=ago))
    assert (found.worked_on, found.covered) == (1, covered)
    assert found.uncovered == (() if covered else (OBJECTIVE,))


def test_a_contact_that_was_not_purposeful_covers_nothing() -> None:
    told = story(seen(5, kind="CTOB"))
    assert coverage(objectives(told, verdicts(told, POLICY)), POLICY, on(6)).covered == 0


def test_an_objective_that_has_ended_is_neither_worked_on_nor_missing() -> None:
    told = story(did(set_objective, topic="Work"), did(end_objective, at=NOW))
    found = coverage(objectives(told, verdicts(told, POLICY)), POLICY, NOW.date())
    assert (found.worked_on, found.covered, found.uncovered) == (1, 0, (NEXT,))


# When the plan is due -------------------------------------------------------------------------------------------------


def test_the_clock_of_the_plan_starts_with_the_first_appointment_that_was_kept() -> None:
    due = add_working_days(on(3), POLICY.plan.due_working_days, BANK_HOLIDAYS)
    assert clock(story(*kept(3)), POLICY) == Clock(on(3), due, 0, None, None)
    assert due == date(2026, 2, 5)


@pytest.mark.parametrize("outcome", ["UAAB", "AAME", "CO38"])
def test_an_appointment_that_was_not_kept_does_not_start_it(outcome: str) -> None:
    assert clock(story(*kept(3, outcome)), POLICY).due_on is None


def test_a_contact_that_was_not_arranged_does_not_start_it() -> None:
    assert clock(story(seen(3)), POLICY).due_on is None


def test_a_completed_plan_is_due_for_review_as_it_was_planned() -> None:
    found = clock(story(*kept(3), did(complete_plan, at=after(10))), POLICY)
    assert (found.completed, found.completed_on, found.review_due_on) == (NEXT + 2, on(10), add_months(on(10), YEAR))


def test_a_review_says_when_the_next_is_due_and_after_the_last_none_is() -> None:
    completed = did(complete_plan, at=after(10))
    reviewed = did(review_plan, at=after(30), review_due_on=date(2026, 6, 1))
    assert clock(story(completed, reviewed), POLICY).review_due_on == date(2026, 6, 1)
    assert clock(story(completed, reviewed, did(review_plan, at=after(40), kind=ReviewKind.FINAL)), POLICY).review_due_on is None


def test_a_review_that_was_withdrawn_says_nothing() -> None:
    told = story(did(complete_plan, at=after(10)), did(review_plan, at=after(30)), did(withdraw_entry, entry=NEXT + 1, at=NOW))
    assert reviews(told) == []
    assert clock(told, POLICY).review_due_on == add_months(on(10), YEAR)


def test_reviews_stand_in_the_order_in_which_they_took_place() -> None:
    told = story(
        did(complete_plan, at=after(10)),
        did(review_plan, at=NOW, reviewed_at=after(50), review="Second."),
        did(review_plan, at=NOW, reviewed_at=after(40), review="First.", with_person=True),
    )
    assert [(r.text, r.with_person) for r in reviews(told)] == [("First.", True), ("Second.", False)]


def test_a_case_that_was_opened_again_wants_a_plan_again() -> None:
    again = closed(did(complete_plan, at=after(10)))
    again.then(start_sentence, started_at=NOW, requirements=())
    assert clock(Story(again.history), POLICY) == Clock(None, None, 0, None, None)


# The pattern and what happened ----------------------------------------------------------------------------------------


PATTERN = did(set_pattern, at=after(1), from_on=on(1), every_days=7)


def turns(*steps: Step, today: date) -> list[Kept]:
    return [p.kept for p in periods(story(PATTERN, *steps), today)]


def test_a_later_pattern_replaces_an_earlier_one() -> None:
    told = story(PATTERN, did(set_pattern, at=after(20), every_days=28, mode=Mode.TELEPHONE))
    assert [(p.every_days, p.from_on) for p in patterns(told)] == [(7, on(1)), (28, on(20))]
    assert [(p.since, p.until) for p in periods(told, on(30))] == [(on(20), on(48))]


def test_one_that_is_replaced_on_the_day_it_begins_never_held() -> None:
    told = story(PATTERN, did(set_pattern, at=after(1), from_on=on(1), every_days=14))
    assert [p.every_days for p in patterns(told)] == [14]


def test_a_pattern_to_come_does_not_hold_yet() -> None:
    told = story(did(set_pattern, from_on=date(2026, 4, 1)))
    assert periods(told, NOW.date()) == []


def test_without_a_pattern_there_is_nothing_to_hold_against_it() -> None:
    assert periods(story(seen(3)), NOW.date()) == []


@pytest.mark.parametrize(
    ("steps", "kept_as"),
    [
        ((seen(3, mode=Mode.OFFICE),), Kept.AS_PLANNED),
        ((seen(3, kind="CTOB"), seen(4, mode=Mode.OFFICE)), Kept.AS_PLANNED),
        ((seen(3, kind="CTOB"),), Kept.OTHERWISE),
        ((seen(3, kind="CLOB"),), Kept.NOTHING),
        ((seen(3, with_whom=WithWhom.FAMILY),), Kept.NOTHING),
        (kept(3, "UAAB"), Kept.OFFERED),
        ((), Kept.NOTHING),
    ],
    ids=["as planned", "a call as well", "a call", "a letter", "with the family", "not kept", "nothing"],
)
def test_what_became_of_a_turn_of_the_pattern(steps: tuple[Step, ...], kept_as: Kept) -> None:
    if steps and steps[0].command is arrange_appointment:
        told = story(*steps, PATTERN)
        assert [p.kept for p in periods(told, on(4))] == [kept_as]
    else:
        assert turns(*steps, today=on(4)) == [kept_as]


def test_each_turn_begins_when_the_one_before_it_ends_up_to_today() -> None:
    found = periods(story(PATTERN, seen(3), seen(7), seen(8)), on(15))
    assert [(p.since, p.until, len(p.entries)) for p in found] == [(on(1), on(8), 2), (on(8), on(15), 1), (on(15), on(22), 0)]


def test_a_turn_in_which_the_person_could_not_be_seen_says_so() -> None:
    away = did(begin_interruption, began_at=after(8), at=NOW)
    assert turns(away, today=on(20)) == [Kept.NOTHING, Kept.AWAY, Kept.AWAY]


def test_the_pattern_ends_with_supervision() -> None:
    found = periods(Story(closed(PATTERN).history), NOW.date() + timedelta(days=100))
    assert found[-1].since <= YESTERDAY.date() < found[-1].until
