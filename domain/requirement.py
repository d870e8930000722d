"""Requirements of orders and conditions of licences: what was ordered, how much of it is done, and how it ended."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from domain.case import Case, must_be_open, must_have_been_open, must_have_happened, remembers
from domain.contact import must_be_a_length, must_fit
from domain.event import Event, Imported, Personal, Refused
from domain.remembered import Phase, Requirement, UnpaidWork
from domain.unpaid_work import Ordered, must_be_lawful_hours
from domain.upw_completion import CompletedBy, must_be_worked_off
from domain.upw_session import must_be_no_less_than_worked
from domain.words import said
from domain.working_days import local_day


class RequirementKind(StrEnum):
    UNPAID_WORK = said("unpaid work")
    RAR = said("rehabilitation activity")
    PROGRAMME = said("accredited programme")
    CURFEW = said("curfew")
    RESIDENCE = said("residence")
    TREATMENT = said("treatment")
    SUPERVISION = said("supervision")
    OTHER = said("other")
    ELECTRONIC_MONITORING = said("electronic monitoring")
    EXCLUSION = said("exclusion")
    PROHIBITED_ACTIVITY = said("prohibited activity")
    MENTAL_HEALTH = said("mental health treatment")
    DRUG = said("drug rehabilitation")
    ALCOHOL = said("alcohol treatment")
    ABSTINENCE = said("alcohol abstinence and monitoring")
    ATTENDANCE_CENTRE = said("attendance centre")
    DRUG_TESTING = said("drug testing")
    NO_CONTACT = said("no contact with a named person")


class Unit(StrEnum):
    HOUR = said("hour")
    DAY = said("day")
    MONTH = said("month")


class Nature(NamedTuple):
    """What is true of every requirement of one kind: its main category in NDelius, what its amount counts, where it may stand."""

    code: str
    unit: Unit = Unit.MONTH
    of_order: bool = True
    of_licence: bool = True


NATURES: dict[RequirementKind, Nature] = {
    RequirementKind.UNPAID_WORK: Nature("W", Unit.HOUR, of_licence=False),
    RequirementKind.RAR: Nature("F", Unit.DAY, of_licence=False),
    RequirementKind.PROGRAMME: Nature("RM38"),
    RequirementKind.CURFEW: Nature("M"),
    RequirementKind.RESIDENCE: Nature("3"),
    RequirementKind.TREATMENT: Nature(""),
    RequirementKind.SUPERVISION: Nature(""),
    RequirementKind.OTHER: Nature(""),
    RequirementKind.ELECTRONIC_MONITORING: Nature("RM49"),
    RequirementKind.EXCLUSION: Nature("X"),
    RequirementKind.PROHIBITED_ACTIVITY: Nature("R"),
    RequirementKind.MENTAL_HEALTH: Nature("P"),
    RequirementKind.DRUG: Nature(""),
    RequirementKind.ALCOHOL: Nature("H"),
    RequirementKind.ABSTINENCE: Nature("T"),
    RequirementKind.ATTENDANCE_CENTRE: Nature("N", Unit.HOUR, of_licence=False),
    RequirementKind.DRUG_TESTING: Nature("", of_order=False),
    RequirementKind.NO_CONTACT: Nature("", of_order=False),
}
"""Main categories: [V] the requirement codes that manage-supervisions reads from NDelius; "" where none was found. Units and where
a kind may stand: [R], from the Sentencing Code and the licence conditions policy as people recall them."""


class RequirementEnd(StrEnum):
    COMPLETED = said("completed")
    EXPIRED = said("expired")
    REVOKED = said("revoked by the court")
    REPLACED = said("replaced by the court")


class RequirementImposed(Event, frozen=True, tag="requirement-imposed"):
    """`amount` counts hours, days or months as its kind's nature says (0: not stated)."""

    sentence: int
    kind: RequirementKind
    amount: int = 0


class RequirementAmended(Event, frozen=True, tag="requirement-amended"):
    """A court changed how much is ordered; `amount` is what holds from now on."""

    requirement: int
    amount: int
    court: str = ""


class RequirementEnded(Event, frozen=True, tag="requirement-ended"):
    requirement: int
    how: RequirementEnd


class RarDayCredited(Event, frozen=True, tag="rar-day-credited"):
    """One day of rehabilitation activity was done, on the day of `occurred_at`."""

    requirement: int
    activity: str
    minutes: int
    note: Personal = ""


Requirements = tuple[tuple[RequirementKind, int], ...]
"""Kinds with their amounts, as a court orders them together."""


@remembers(RequirementImposed)
def _imposed(case: Case, number: int, event: RequirementImposed) -> None:
    case.requirements[number] = Requirement(event.sentence, event.kind, event.amount, event.occurred_at)
    if event.kind is RequirementKind.UNPAID_WORK:
        case.unpaid_work[number] = UnpaidWork(case.requirements[number])


@remembers(RequirementAmended)
def _amended(case: Case, number: int, event: RequirementAmended) -> None:
    if requirement := case.requirements.get(event.requirement):
        requirement.amount = event.amount


@remembers(RequirementEnded)
def _ended(case: Case, number: int, event: RequirementEnded) -> None:
    if requirement := case.requirements.get(event.requirement):
        requirement.ended = local_day(event.occurred_at)


@remembers(RarDayCredited)
def _credited(case: Case, number: int, event: RarDayCredited) -> None:
    case.entries[number] = event


def must_fit_the_phase(kind: RequirementKind, phase: Phase, amount: int) -> None:
    """A kind stands in orders, in licences or in both."""
    nature = NATURES[kind]
    if phase is Phase.COMMUNITY and not nature.of_order:
        raise Refused(said("{kind} is a condition of a licence and not a requirement of an order.", kind=kind.capitalize()), "kind")
    if phase is not Phase.COMMUNITY and not nature.of_licence:
        raise Refused(said("{kind} is a requirement of an order and not a condition of a licence.", kind=kind.capitalize()), "kind")
    if amount < 0:
        raise Refused(said("The amount cannot be less than nothing."), "amount")


def imposed(
    phase: Phase,
    requirements: Requirements,
    *,
    sentence: int,
    by: str,
    at: datetime,
    imported: Imported | None = None,
) -> list[Event]:
    """The requirements that come with a sentence or with a licence, as entries of their own."""
    for kind, amount in requirements:
        must_fit_the_phase(kind, phase, amount)
    return [
        RequirementImposed(occurred_at=at, by=by, imported=imported, sentence=sentence, kind=kind, amount=amount)
        for kind, amount in requirements
    ]


def _running(case: Case, number: int) -> Requirement:
    found = case.requirements.get(number)
    if found is None or found.ended is not None or case.sentences.get(found.sentence) is not None:
        raise Refused(said("That requirement is not running."), "requirement")
    return found


def impose_requirement(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    kind: RequirementKind,
    amount: int = 0,
    imposed_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Add a requirement or a licence condition to a sentence that runs."""
    must_be_open(case)
    at = imposed_at or now
    must_have_happened(at, now, "imposed_at")
    if sentence not in case.sentences or case.sentences[sentence] is not None:
        raise Refused(said("That sentence is not running."), "sentence")
    if local_day(at) < local_day(case.began[sentence]):
        raise Refused(said("The requirement cannot begin before its sentence."), "imposed_at")
    must_fit_the_phase(kind, case.stages[sentence].phase, amount)
    if kind is RequirementKind.UNPAID_WORK:  # a court adds it to an order that runs when it deals with a breach
        must_be_lawful_hours([amount], "amount", Ordered.BREACH)
    return [RequirementImposed(occurred_at=at, by=by, imported=imported, sentence=sentence, kind=kind, amount=amount)]


def amend_requirement(
    case: Case,
    *,
    now: datetime,
    by: str,
    requirement: int,
    amount: int,
    court: str = "",
    amended_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Record that a court changed how much is ordered; never to less than has been done."""
    must_be_open(case)
    at, found = amended_at or now, _running(case, requirement)
    must_have_happened(at, now, "amended_at")
    _must_follow(at, found, "amended_at")
    if amount <= 0:
        raise Refused(said("Enter how much is ordered now."), "amount")
    if amount == found.amount:
        raise Refused(said("That is what is ordered already."), "amount")
    if requirement in case.unpaid_work:
        must_be_no_less_than_worked(case, requirement, amount)
    if amount < (done := len(_days(case, requirement))):
        raise Refused(said("{days} days have been credited already, so no fewer can be ordered.", days=done), "amount")
    return [RequirementAmended(occurred_at=at, by=by, imported=imported, requirement=requirement, amount=amount, court=court)]


def end_requirement(
    case: Case, *, now: datetime, by: str, requirement: int, how: RequirementEnd, ended_at: datetime | None = None
) -> list[Event]:
    """Record that a requirement is over while its sentence goes on."""
    must_be_open(case)
    at, found = ended_at or now, _running(case, requirement)
    must_have_happened(at, now, "ended_at")
    _must_follow(at, found, "ended_at")
    if requirement in case.unpaid_work and how is RequirementEnd.COMPLETED:
        must_be_worked_off(case, requirement, CompletedBy.HOURS)
    return [RequirementEnded(occurred_at=at, by=by, requirement=requirement, how=how)]


def _must_follow(at: datetime, found: Requirement, field: str) -> None:
    if local_day(at) < local_day(found.since):
        raise Refused(said("The date cannot be before the requirement was imposed."), field)


def credit_rar_day(
    case: Case,
    *,
    now: datetime,
    by: str,
    requirement: int,
    activity: str,
    minutes: int,
    done_at: datetime | None = None,
    note: str = "",
) -> list[Event]:
    """Credit a day of rehabilitation activity: one for any date, and never more than were ordered."""
    at = done_at or now
    must_have_been_open(case, at)
    must_have_happened(at, now, "done_at")
    event = RarDayCredited(occurred_at=at, by=by, requirement=requirement, activity=activity.strip(), minutes=minutes, note=note)
    must_be_a_rar_day(case, event)
    return [event]


def must_be_a_rar_day(case: Case, event: RarDayCredited, entry: int = 0) -> None:
    """The rules of a credited day; `entry` is the one that it corrects, which does not count against it."""
    found = case.requirements.get(event.requirement)
    if found is None or found.kind != RequirementKind.RAR:
        raise Refused(said("Select the rehabilitation activity requirement."), "requirement")
    if not event.activity:
        raise Refused(said("Enter what was done."), "activity")
    must_be_a_length(event.minutes)
    must_fit(event.note)
    day = local_day(event.occurred_at)
    _must_follow(event.occurred_at, found, "done_at")
    if found.ended is not None and day > found.ended:
        raise Refused(said("The requirement had ended by that date."), "done_at")
    others = _days(case, event.requirement, but=entry)
    if any(local_day(other.occurred_at) == day for other in others):
        raise Refused(said("A day has been credited for that date already."), "done_at")
    if found.amount and len(others) >= found.amount:
        raise Refused(said("All {days} days that were ordered have been credited.", days=found.amount), "requirement")


def _days(case: Case, requirement: int, but: int = 0) -> list[RarDayCredited]:
    return [e for n, e in case.entries.items() if n != but and isinstance(e, RarDayCredited) and e.requirement == requirement]
