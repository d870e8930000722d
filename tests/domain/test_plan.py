"""A plan says what the work is for and how often people meet; it is completed once and reviewed in writing after that."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from domain.contact import LONGEST_NOTE, Mode
from domain.entry import correct_entry
from domain.plan import (
    ObjectiveEnd,
    ObjectiveEnded,
    ObjectiveSet,
    PatternSet,
    PlanCompleted,
    PlanReviewed,
    ReviewKind,
    complete_plan,
    end_objective,
    review_plan,
    set_objective,
    set_pattern,
)
from domain.sentence import start_sentence
from domain.working_days import add_months
from tests.rules import BEGAN, NEXT, NOW, OBJECTIVE, POLICY, SENTENCE, YESTERDAY, closed, did, supervised

TODAY = NOW.date()
LATEST = add_months(TODAY, POLICY.plan.review_months)
COMPLETED = did(complete_plan)
TOO_LATE = f"The next review must be due by {LATEST:%-d %B %Y}."


# Objectives -----------------------------------------------------------------------------------------------------------


def test_an_objective_is_set_with_its_topic_and_aim() -> None:
    event = supervised().when(set_objective, topic=" Work ", aim="A job in catering.").event
    assert isinstance(event, ObjectiveSet)
    assert (event.topic, event.aim) == ("Work", "A job in catering.")


@pytest.mark.parametrize("topic", ["", " \n"], ids=["empty", "blank"])
def test_an_objective_says_what_it_is_about(topic: str) -> None:
    supervised().when(set_objective, topic=topic).refused("Enter what the objective is about.", "topic")


def test_a_plan_may_have_several_objectives_on_one_topic() -> None:
    assert supervised(did(set_objective)).state.objectives == {OBJECTIVE, NEXT}


@pytest.mark.parametrize("how", ObjectiveEnd)
def test_an_objective_ends_with_what_came_of_it(how: ObjectiveEnd) -> None:
    event = supervised().when(end_objective, how=how, note="A room of his own.").event
    assert isinstance(event, ObjectiveEnded)
    assert (event.objective, event.how, event.note) == (OBJECTIVE, how, "A room of his own.")


@pytest.mark.parametrize("how", ObjectiveEnd)
def test_one_that_was_not_achieved_in_full_says_why(how: ObjectiveEnd) -> None:
    answer = supervised().when(end_objective, how=how, note=" ")
    if how is ObjectiveEnd.ACHIEVED:
        assert answer.events
    else:
        answer.refused("Enter why it was not achieved in full.", "note")


@pytest.mark.parametrize("number", [SENTENCE, 900], ids=["a sentence", "nothing"])
def test_what_is_no_objective_does_not_end(number: int) -> None:
    supervised().when(end_objective, objective=number).refused("That objective is not being worked on.", "objective")


def test_an_objective_ends_once() -> None:
    supervised(did(end_objective, at=NOW)).when(end_objective).refused("That objective is not being worked on.", "objective")


# The pattern of contact -----------------------------------------------------------------------------------------------


def test_a_pattern_says_how_often_how_why_and_from_when() -> None:
    event = supervised().when(set_pattern, from_on=date(2026, 3, 16)).event
    assert isinstance(event, PatternSet)
    assert (event.every_days, event.mode, event.from_on, event.why) == (14, Mode.OFFICE, date(2026, 3, 16), "Settling in after a move.")


def test_a_pattern_begins_today_unless_another_day_is_said() -> None:
    assert supervised().when(set_pattern).event.from_on == TODAY


@pytest.mark.parametrize(("every", "right"), [(0, False), (1, True), (366, True), (367, False), (-7, False)])
def test_a_pattern_is_between_daily_and_yearly(every: int, right: bool) -> None:
    answer = supervised().when(set_pattern, every_days=every)
    if right:
        assert answer.event.every_days == every
    else:
        answer.refused("How often must be between every day and every 366 days.", "every_days")


@pytest.mark.parametrize("why", ["", " \n"], ids=["empty", "blank"])
def test_a_pattern_says_why(why: str) -> None:
    supervised().when(set_pattern, why=why).refused("Enter why this pattern is right for this person.", "why")


def test_a_pattern_is_replaced_by_one_that_begins_no_earlier() -> None:
    case = supervised(did(set_pattern, at=NOW, from_on=TODAY))
    assert case.when(set_pattern, from_on=TODAY).events
    case.when(set_pattern, from_on=TODAY - timedelta(days=1)).refused(
        "The present pattern began on 12 March 2026, so another cannot begin before it.", "from_on"
    )


# The plan and its reviews ---------------------------------------------------------------------------------------------


def test_a_plan_is_completed_on_a_day_and_looked_at_again_after_the_policys_months() -> None:
    event = supervised().when(complete_plan, completed_at=YESTERDAY).event
    assert isinstance(event, PlanCompleted)
    assert (event.occurred_at, event.review_due_on) == (YESTERDAY, add_months(YESTERDAY.date(), POLICY.plan.review_months))


def test_a_sooner_review_may_be_planned() -> None:
    assert supervised().when(complete_plan, review_due_on=date(2026, 6, 1)).event.review_due_on == date(2026, 6, 1)


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1), LATEST + timedelta(days=1)], ids=["today", "before", "too late"])
def test_a_review_is_due_after_the_day_and_within_the_policys_months(due: date) -> None:
    supervised().when(complete_plan, review_due_on=due).refused(TOO_LATE, "review_due_on")
    supervised(COMPLETED).when(review_plan, review_due_on=due).refused(TOO_LATE, "review_due_on")


def test_on_the_last_day_it_may_be_due() -> None:
    assert supervised().when(complete_plan, review_due_on=LATEST).events


def test_a_plan_is_completed_once() -> None:
    supervised(COMPLETED).when(complete_plan).refused("The plan has been completed already. Record a review instead.", "completed_at")


def test_a_plan_without_an_objective_that_is_worked_on_is_not_complete() -> None:
    supervised(did(end_objective, at=NOW)).when(complete_plan).refused(
        "Set an objective first: a plan says what the work is for.", "completed_at"
    )


def test_a_case_that_was_opened_again_has_a_plan_to_complete_again() -> None:
    again = closed(COMPLETED)
    again.then(start_sentence, started_at=NOW)
    assert again.when(complete_plan).events


def test_a_second_sentence_while_the_first_runs_needs_no_second_plan() -> None:
    supervised(COMPLETED, did(start_sentence)).when(complete_plan).refused(
        "The plan has been completed already. Record a review instead.", "completed_at"
    )


@pytest.mark.parametrize("kind", ReviewKind)
def test_a_review_says_its_kind_and_when_the_next_is_due_except_the_last(kind: ReviewKind) -> None:
    event = supervised(COMPLETED).when(review_plan, kind=kind, with_person=True, review="Going well.").event
    assert isinstance(event, PlanReviewed)
    assert (event.kind, event.with_person, event.review) == (kind, True, "Going well.")
    assert event.review_due_on == (None if kind is ReviewKind.FINAL else LATEST)


def test_what_has_not_been_completed_is_not_reviewed() -> None:
    supervised().when(review_plan).refused("The plan has not been completed yet, so there is nothing to review.", "reviewed_at")


def test_a_review_is_not_before_the_plan() -> None:
    supervised(did(complete_plan, completed_at=YESTERDAY, at=NOW)).when(review_plan, reviewed_at=BEGAN).refused(
        "The review cannot be before the plan was completed.", "reviewed_at"
    )


def test_a_review_is_written() -> None:
    supervised(COMPLETED).when(review_plan, review=" ").refused("Enter the review.", "review")
    supervised(COMPLETED).when(review_plan, review="r" * (LONGEST_NOTE + 1)).refused(
        "The review must be 12,000 characters or fewer.", "review"
    )


def test_a_review_of_supervision_that_has_ended_may_be_written_after_it() -> None:
    assert closed(COMPLETED).when(review_plan, kind=ReviewKind.FINAL, reviewed_at=YESTERDAY - timedelta(days=1)).events


def test_a_correction_of_a_review_is_written_too() -> None:
    case = supervised(COMPLETED, did(review_plan, at=NOW))
    case.when(correct_entry, entry=NEXT + 1, reads=replace(case.history[-1].event, review="")).refused("Enter the review.", "review")
