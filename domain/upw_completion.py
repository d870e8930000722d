"""The end of unpaid work: all hours worked, or ended by the court before that."""

from datetime import datetime
from enum import StrEnum

from domain.case import Case, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.unpaid_work import must_be_unpaid_work, must_follow_the_order, must_still_be_worked
from domain.upw_session import must_not_be_before_credit, worked
from domain.words import said
from domain.working_days import local_day


class CompletedBy(StrEnum):
    HOURS = said("all hours worked")
    COURT = said("ended by the court")


class UpwCompleted(Event, frozen=True, tag="upw-completed"):
    """The requirement ends with it, and nothing is credited after it. It can be withdrawn when it was recorded by mistake."""

    requirement: int
    how: CompletedBy
    note: Personal = ""


@remembers(UpwCompleted)
def _completed(case: Case, number: int, event: UpwCompleted) -> None:
    case.entries[number] = event
    if work := case.unpaid_work.get(event.requirement):
        work.completed_at, work.requirement.ended = event.occurred_at, local_day(event.occurred_at)


def reopen(case: Case, completed: UpwCompleted) -> None:
    """Its withdrawal: the work is to be done again."""
    if work := case.unpaid_work.get(completed.requirement):
        work.completed_at = work.requirement.ended = None


def must_be_worked_off(case: Case, requirement: int, how: CompletedBy) -> None:
    """Without the court, the work is complete only when every hour ordered has been credited."""
    work = must_be_unpaid_work(case, requirement)
    credited = worked(case, requirement).credited
    if how is CompletedBy.HOURS and credited < work.ordered_minutes:
        left = work.ordered_minutes - credited
        raise Refused(said("{minutes:,} minutes are still to be worked. Only the court can end the work before that.", minutes=left), "how")


def complete_upw(
    case: Case, *, now: datetime, by: str, requirement: int, how: CompletedBy, note: str = "", completed_at: datetime | None = None
) -> list[Event]:
    """Record that the unpaid work is done, or that the court has ended it."""
    work = must_still_be_worked(case, requirement)
    happened = completed_at or now
    must_have_happened(happened, now, "completed_at")
    must_follow_the_order(work, happened, "completed_at")
    must_not_be_before_credit(case, requirement, happened, "completed_at")
    must_be_worked_off(case, requirement, how)
    return [UpwCompleted(occurred_at=happened, by=by, requirement=requirement, how=how, note=note)]
