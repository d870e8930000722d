"""Unpaid work (UPW) as the court ordered it: its hours, assessment and induction, reviews, and more time from the court."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.policies import in_force
from domain.remembered import UnpaidWork
from domain.words import said
from domain.working_days import add_months, local_day


class Intensive(StrEnum):
    """Whether the person works intensively (28 hours a week), as NDelius records it at the start [V: contact types UPW1-3, C404]."""

    YES = said("eligible and works intensively")
    NOT_NOW = said("eligible but does not work intensively")
    NOT_SUITABLE = said("eligible but not suitable")
    NOT_ELIGIBLE = said("not eligible")


class Ordered(StrEnum):
    """How a court comes to order unpaid work; the lawful hours depend on it."""

    SENTENCED = said("as a sentence")
    BREACH = said("when it deals with a breach")
    DEFAULT = said("as a supervision default order")


class UpwReview(StrEnum):
    SIX_MONTHS = said("six-month review")
    NINE_MONTHS = said("nine-month review")
    SUSPENSION = said("review of the suspension")
    TERMINATION = said("termination review")


class UpwAssessed(Event, frozen=True, tag="upw-assessed"):
    """What work suits the person: health, skills, risk, and whether they work intensively."""

    requirement: int
    intensive: Intensive
    note: Personal = ""


class UpwInducted(Event, frozen=True, tag="upw-inducted"):
    requirement: int
    in_group: bool = False
    note: Personal = ""


class UpwReviewed(Event, frozen=True, tag="upw-reviewed"):
    requirement: int
    kind: UpwReview
    note: Personal = ""


class UpwExtended(Event, frozen=True, tag="upw-extended"):
    """A court gives more time: the work may be done until `until`."""

    requirement: int
    until: date
    court: str


@remembers(UpwReviewed)
def _reviewed(case: Case, number: int, event: UpwReviewed) -> None:
    if work := case.unpaid_work.get(event.requirement):
        work.reviews.add(event.kind)


@remembers(UpwExtended)
def _extended(case: Case, number: int, event: UpwExtended) -> None:
    if work := case.unpaid_work.get(event.requirement):
        work.extended_until = event.until


def must_be_lawful_hours(hours: Sequence[int], field: str, ordered: Ordered = Ordered.SENTENCED) -> None:
    """A court orders between so many and so many hours, all requirements of one occasion together."""
    limits = in_force().unpaid_work
    least, most = {
        Ordered.SENTENCED: (limits.hours_least, limits.hours_most),
        Ordered.BREACH: (limits.hours_least_after_breach, limits.hours_most),
        Ordered.DEFAULT: (limits.default_order_hours_least, limits.default_order_hours_most),
    }[ordered]
    if any(amount < least for amount in hours) or sum(hours) > most:
        raise Refused(said("Hours of unpaid work must be between {least} and {most} in all.", least=least, most=most), field)


def must_be_unpaid_work(case: Case, requirement: int) -> UnpaidWork:
    if requirement not in case.unpaid_work:
        raise Refused(said("Select the unpaid work requirement."), "requirement")
    return case.unpaid_work[requirement]


def must_still_be_worked(case: Case, requirement: int) -> UnpaidWork:
    """The requirement, which is neither completed nor part of a sentence that has ended."""
    must_be_open(case)
    work = must_be_unpaid_work(case, requirement)
    if work.completed_at is not None:
        raise Refused(said("This unpaid work ended on {day}.", day=local_day(work.completed_at)), "requirement")
    if work.requirement.ended is not None:
        raise Refused(said("This unpaid work ended on {day}.", day=work.requirement.ended), "requirement")
    if case.sentences.get(work.requirement.sentence) is not None:
        raise Refused(said("The sentence that this unpaid work belongs to has ended."), "requirement")
    return work


def must_follow_the_order(work: UnpaidWork, at: datetime, field: str) -> None:
    """Nothing is done about unpaid work before the day on which it was ordered."""
    if local_day(at) < local_day(work.ordered_at):
        raise Refused(said("The work was ordered on {day}. Enter a day from then on.", day=local_day(work.ordered_at)), field)


def twelve_month_day(ordered_at: datetime) -> date:
    """The day by which the hours are to be worked unless a court gives more time."""
    return add_months(local_day(ordered_at), in_force().unpaid_work.months_to_work)


def ete_minutes_most(ordered_minutes: int, ordered_at: datetime) -> int:
    """How many of the minutes ordered may be credited for education, training and employment (ETE)."""
    limits = in_force().unpaid_work
    share = limits.ete_share if local_day(ordered_at) >= limits.ete_share_from else limits.ete_share_before
    return int(ordered_minutes * share + 0.5)


def assess_upw(
    case: Case, *, now: datetime, by: str, requirement: int, intensive: Intensive, note: str = "", assessed_at: datetime | None = None
) -> list[Event]:
    """Record what work suits the person; a later assessment stands beside an earlier one."""
    happened = when_done(case, requirement, now, assessed_at, "assessed_at")
    return [UpwAssessed(occurred_at=happened, by=by, requirement=requirement, intensive=intensive, note=note)]


def induct_upw(
    case: Case, *, now: datetime, by: str, requirement: int, in_group: bool = False, note: str = "", inducted_at: datetime | None = None
) -> list[Event]:
    """Record that the person was told how unpaid work goes and what its rules are."""
    happened = when_done(case, requirement, now, inducted_at, "inducted_at")
    return [UpwInducted(occurred_at=happened, by=by, requirement=requirement, in_group=in_group, note=note)]


def review_upw(
    case: Case, *, now: datetime, by: str, requirement: int, kind: UpwReview, note: str, reviewed_at: datetime | None = None
) -> list[Event]:
    """Record a review and what it found. The six- and nine-month reviews are held once; a suspension is reviewed while it lasts."""
    happened = when_done(case, requirement, now, reviewed_at, "reviewed_at")
    work = case.unpaid_work[requirement]
    if kind in work.reviews and kind in (UpwReview.SIX_MONTHS, UpwReview.NINE_MONTHS):
        raise Refused(said("The {review} has been recorded already.", review=kind), "kind")
    if kind is UpwReview.SUSPENSION and not work.is_suspended:
        raise Refused(said("The work is not suspended, so there is no suspension to review."), "kind")
    if not note.strip():
        raise Refused(said("Enter what the review found."), "note")
    return [UpwReviewed(occurred_at=happened, by=by, requirement=requirement, kind=kind, note=note)]


def extend_upw(
    case: Case, *, now: datetime, by: str, requirement: int, until: date, court: str, extended_at: datetime | None = None
) -> list[Event]:
    """Record that a court gave more time; the latest extension holds."""
    happened = when_done(case, requirement, now, extended_at, "extended_at")
    work = case.unpaid_work[requirement]
    twelve_months = twelve_month_day(work.ordered_at)
    no_sooner = max(twelve_months, local_day(happened))
    if until <= no_sooner:
        raise Refused(said("The new day must be after {day}.", day=no_sooner), "until")
    if until == work.extended_until:
        raise Refused(said("The work may be done until that day already."), "until")
    if not court.strip():
        raise Refused(said("Enter the court that gave more time."), "court")
    return [UpwExtended(occurred_at=happened, by=by, requirement=requirement, until=until, court=court.strip())]


def when_done(case: Case, requirement: int, now: datetime, at: datetime | None, field: str) -> datetime:
    """When something was done: now unless told. It is about work still to be done, is past, and follows the order."""
    work = must_still_be_worked(case, requirement)
    must_have_happened(at or now, now, field)
    must_follow_the_order(work, at or now, field)
    return at or now
