"""The sentence plan: what the work is for, how often people meet and why, and when the plan was written and looked at again."""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_been_open, must_have_happened, remembers
from domain.contact import Mode, must_fit
from domain.event import Event, Personal, Refused
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_months, local_day


class ObjectiveEnd(StrEnum):
    ACHIEVED = said("achieved")
    PARTLY = said("partly achieved")
    NOT_ACHIEVED = said("not achieved")
    NOT_NEEDED = said("no longer needed")


class ReviewKind(StrEnum):
    ROUTINE = said("routine")
    EVENT = said("after a significant event")
    OFFICER = said("change of officer")
    PHASE = said("change of phase")
    FINAL = said("at the end of supervision")


class ObjectiveSet(Event, frozen=True, tag="objective-set"):
    topic: str
    aim: Personal = ""


class ObjectiveEnded(Event, frozen=True, tag="objective-ended"):
    objective: int
    how: ObjectiveEnd
    note: Personal = ""


class PatternSet(Event, frozen=True, tag="pattern-set"):
    """The contact that is planned: one in every `every_days` days from a day on, in this mode, until another pattern is set."""

    every_days: int
    mode: Mode
    from_on: date
    why: Personal = ""


class PlanCompleted(Event, frozen=True, tag="plan-completed"):
    """The initial plan was complete on the day of `occurred_at`."""

    review_due_on: date


class PlanReviewed(Event, frozen=True, tag="plan-reviewed"):
    """A written review. `with_person`: the person took part. No next review is due after the one at the end of supervision."""

    kind: ReviewKind
    review_due_on: date | None = None
    with_person: bool = False
    review: Personal = ""


@remembers(ObjectiveSet)
def _set(case: Case, number: int, event: ObjectiveSet) -> None:
    case.objectives.add(number)


@remembers(ObjectiveEnded)
def _ended(case: Case, number: int, event: ObjectiveEnded) -> None:
    case.plan.ended.add(event.objective)


@remembers(PatternSet)
def _pattern(case: Case, number: int, event: PatternSet) -> None:
    case.plan.pattern_from = event.from_on


@remembers(PlanCompleted)
def _completed(case: Case, number: int, event: PlanCompleted) -> None:
    case.plan.completed = local_day(event.occurred_at)


@remembers(PlanReviewed)
def _reviewed(case: Case, number: int, event: PlanReviewed) -> None:
    case.entries[number] = event


def set_objective(case: Case, *, now: datetime, by: str, topic: str, aim: str = "") -> list[Event]:
    """Set an objective of the plan."""
    must_be_open(case)
    if not topic.strip():
        raise Refused(said("Enter what the objective is about."), "topic")
    return [ObjectiveSet(occurred_at=now, by=by, topic=topic.strip(), aim=aim)]


def end_objective(case: Case, *, now: datetime, by: str, objective: int, how: ObjectiveEnd, note: str = "") -> list[Event]:
    """Say what came of an objective, once; it is then no longer worked on."""
    must_be_open(case)
    if objective not in case.objectives or objective in case.plan.ended:
        raise Refused(said("That objective is not being worked on."), "objective")
    if how is not ObjectiveEnd.ACHIEVED and not note.strip():
        raise Refused(said("Enter why it was not achieved in full."), "note")
    return [ObjectiveEnded(occurred_at=now, by=by, objective=objective, how=how, note=note)]


def set_pattern(case: Case, *, now: datetime, by: str, every_days: int, mode: Mode, why: str, from_on: date | None = None) -> list[Event]:
    """Plan how often there is contact, in which mode, and say why; it replaces the pattern before it."""
    must_be_open(case)
    begins = from_on or local_day(now)
    if not 1 <= every_days <= 366:
        raise Refused(said("How often must be between every day and every 366 days."), "every_days")
    if not why.strip():
        raise Refused(said("Enter why this pattern is right for this person."), "why")
    present = case.plan.pattern_from
    if present is not None and begins < present:
        raise Refused(said("The present pattern began on {day}, so another cannot begin before it.", day=present), "from_on")
    return [PatternSet(occurred_at=now, by=by, every_days=every_days, mode=mode, from_on=begins, why=why)]


def complete_plan(
    case: Case, *, now: datetime, by: str, policy: Policy, completed_at: datetime | None = None, review_due_on: date | None = None
) -> list[Event]:
    """Record that the initial plan is complete: it has an objective, and a day on which it is looked at again."""
    must_be_open(case)
    at = completed_at or now
    must_have_happened(at, now, "completed_at")
    if case.plan.completed is not None:
        raise Refused(said("The plan has been completed already. Record a review instead."), "completed_at")
    if not case.objectives - case.plan.ended:
        raise Refused(said("Set an objective first: a plan says what the work is for."), "completed_at")
    due = next_review(local_day(at), review_due_on, policy)
    return [PlanCompleted(occurred_at=at, by=by, review_due_on=due)]


def review_plan(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    kind: ReviewKind,
    review: str,
    with_person: bool = False,
    reviewed_at: datetime | None = None,
    review_due_on: date | None = None,
) -> list[Event]:
    """Record a written review of the plan and the day of the next one."""
    at = reviewed_at or now
    must_have_been_open(case, at)
    must_have_happened(at, now, "reviewed_at")
    if case.plan.completed is None:
        raise Refused(said("The plan has not been completed yet, so there is nothing to review."), "reviewed_at")
    if local_day(at) < case.plan.completed:
        raise Refused(said("The review cannot be before the plan was completed."), "reviewed_at")
    must_be_a_review(review)
    due = None if kind is ReviewKind.FINAL else next_review(local_day(at), review_due_on, policy)
    return [PlanReviewed(occurred_at=at, by=by, kind=kind, review_due_on=due, with_person=with_person, review=review)]


def must_be_a_review(review: str) -> None:
    if not review.strip():
        raise Refused(said("Enter the review."), "review")
    must_fit(review, "review")


def next_review(day: date, asked: date | None, policy: Policy) -> date:
    """The day of the next review: as asked for, at the latest after the policy's months."""
    latest = add_months(day, policy.plan.review_months)
    due = asked or latest
    if not day < due <= latest:
        raise Refused(said("The next review must be due by {day}.", day=latest), "review_due_on")
    return due
