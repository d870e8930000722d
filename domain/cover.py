"""Cover: somebody of the team stands in for an absent officer for a time; the officer stays responsible."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Refused
from domain.limited_access import must_be_able_to_see
from domain.policy import Policy
from domain.remembered import Cover
from domain.words import said
from domain.working_days import local_day


class CoverReason(StrEnum):
    LEAVE = said("leave")
    SICKNESS = said("sickness")
    TRAINING = said("training")
    SECONDMENT = said("work elsewhere")
    OTHER = said("other")


class CoverStarted(Event, frozen=True, tag="cover-started"):
    """`practitioner` stands in until the end of the day `until`, or sooner."""

    practitioner: str
    reason: CoverReason
    until: date


class CoverEnded(Event, frozen=True, tag="cover-ended"):
    """The officer is back, or somebody else stands in, before the last day that was planned."""

    cover: int


@remembers(CoverStarted)
def _started(case: Case, number: int, event: CoverStarted) -> None:
    case.cover = Cover(number, event.practitioner, event.occurred_at, event.until)


@remembers(CoverEnded)
def _ended(case: Case, number: int, event: CoverEnded) -> None:
    if case.cover is not None and case.cover.number == event.cover:
        case.cover = None


def start_cover(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    practitioner: str,
    team: str,
    until: date,
    reason: CoverReason,
    started_at: datetime | None = None,
) -> list[Event]:
    """Have a practitioner of the case's own team stand in for its officer. `team` is the one they work in."""
    must_be_open(case)
    begins = started_at or now
    must_have_happened(begins, now, "started_at")
    held = case.allocation
    if held is None or not held.practitioner:
        raise Refused(said("Nobody holds the case, so there is nobody to stand in for. Allocate it instead."), "practitioner")
    if not practitioner:
        raise Refused(said("Select who covers the case."), "practitioner")
    if practitioner == held.practitioner:
        raise Refused(said("This practitioner holds the case."), "practitioner")
    if team != held.team:
        raise Refused(said("Only a practitioner of the team that has the case can cover it."), "practitioner")
    must_be_able_to_see(case, practitioner, now)
    if begins < held.since:
        raise Refused(said("The cover cannot begin before the officer had the case."), "started_at")
    if case.covered_at(now) is not None:
        raise Refused(said("Somebody covers this case already. End that cover first."), "practitioner")
    _must_be_a_while(begins, until, now, policy.cover.longest_days)
    return [CoverStarted(occurred_at=begins, by=by, practitioner=practitioner, reason=reason, until=until)]


def end_cover(case: Case, *, now: datetime, by: str, ended_at: datetime | None = None) -> list[Event]:
    """End the cover before its last day."""
    must_be_open(case)
    running = case.covered_at(now)
    if running is None:
        raise Refused(said("Nobody covers this case."))
    ends = ended_at or now
    must_have_happened(ends, now, "ended_at")
    if ends < running.since:
        raise Refused(said("The cover cannot end before it began."), "ended_at")
    return [CoverEnded(occurred_at=ends, by=by, cover=running.number)]


def _must_be_a_while(begins: datetime, until: date, now: datetime, longest: int) -> None:
    if until < local_day(now):
        raise Refused(said("The last day of cover must be today or later."), "until")
    if until > local_day(begins) + timedelta(days=longest):
        raise Refused(said("Cover lasts {days} days at most. For longer, allocate the case to another officer.", days=longest), "until")
