"""Suspension of unpaid work: stopped for a time and for a reason, and lifted again; the twelve months run on."""

from datetime import datetime
from enum import StrEnum

from domain.case import Case, remembers
from domain.event import Event, Personal, Refused
from domain.unpaid_work import when_done
from domain.upw_session import must_not_be_before_credit
from domain.words import said
from domain.working_days import local_day


class SuspendedBecause(StrEnum):
    HEALTH = said("health")
    FAMILY = said("family or caring")
    EMPLOYMENT = said("employment")
    CUSTODY = said("in custody")
    COURT = said("application to court")
    PROVIDER = said("the provider cannot offer work")
    OTHER = said("another reason")


class UpwSuspended(Event, frozen=True, tag="upw-suspended"):
    requirement: int
    because: SuspendedBecause
    note: Personal = ""


class UpwResumed(Event, frozen=True, tag="upw-resumed"):
    """The suspension is lifted."""

    requirement: int
    note: Personal = ""


@remembers(UpwSuspended)
def _suspended(case: Case, number: int, event: UpwSuspended) -> None:
    if work := case.unpaid_work.get(event.requirement):
        work.suspensions.append((event.occurred_at, None))


@remembers(UpwResumed)
def _resumed(case: Case, number: int, event: UpwResumed) -> None:
    if (work := case.unpaid_work.get(event.requirement)) and work.is_suspended:
        work.suspensions[-1] = (work.suspensions[-1][0], event.occurred_at)


def suspend_upw(
    case: Case, *, now: datetime, by: str, requirement: int, because: SuspendedBecause, note: str = "", suspended_at: datetime | None = None
) -> list[Event]:
    """Stop the work for a time; the twelve months run on."""
    happened = when_done(case, requirement, now, suspended_at, "suspended_at")
    if case.unpaid_work[requirement].is_suspended:
        raise Refused(said("The work is suspended already."), "requirement")
    must_not_be_before_credit(case, requirement, happened, "suspended_at")
    if because is SuspendedBecause.OTHER and not note.strip():
        raise Refused(said("Enter why the work is suspended."), "note")
    return [UpwSuspended(occurred_at=happened, by=by, requirement=requirement, because=because, note=note)]


def resume_upw(case: Case, *, now: datetime, by: str, requirement: int, note: str = "", resumed_at: datetime | None = None) -> list[Event]:
    """Lift a suspension, not before it began."""
    happened = when_done(case, requirement, now, resumed_at, "resumed_at")
    work = case.unpaid_work[requirement]
    if not work.is_suspended:
        raise Refused(said("The work is not suspended."), "requirement")
    if happened < work.suspensions[-1][0]:
        raise Refused(said("The work was suspended on {day}. Enter a later time.", day=local_day(work.suspensions[-1][0])), "resumed_at")
    return [UpwResumed(occurred_at=happened, by=by, requirement=requirement, note=note)]
