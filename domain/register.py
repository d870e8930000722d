"""Registers: why a case is flagged (MAPPA, child protection, domestic abuse and others), and when each flag is looked at again.

Codes and names are NDelius reference data [V: community-api register types of 2017; manage-supervisions risk flags of 2022], and so
are the groups' names; which register stands in which group is this service's own [D]. The registers for the RoSH levels are left
out: the level is an assessment (`risk`), and a second place for it would one day say something else.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from domain.case import Case, must_be_open, must_exist, must_have_been_open, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.policy import Policy
from domain.remembered import Registration
from domain.words import said
from domain.working_days import add_months, local_day


class RegisterGroup(StrEnum):
    ALERTS = said("alerts")
    SAFEGUARDING = said("safeguarding")
    PUBLIC_PROTECTION = said("public protection")
    INFORMATION = said("information")


class Register(msgspec.Struct, frozen=True):
    code: str
    name: str
    group: RegisterGroup


def _rows() -> tuple[Register, ...]:
    alerts, safeguarding = RegisterGroup.ALERTS, RegisterGroup.SAFEGUARDING
    public, information = RegisterGroup.PUBLIC_PROTECTION, RegisterGroup.INFORMATION
    return (
        Register("MAPP", "MAPPA", public),
        Register("ARSO", said("Registered sex offender"), public),
        Register("ANSO", said("Sex offender, not registered"), public),
        Register("RTAO", said("Terrorism"), public),
        Register("STRG", said("Street gangs"), public),
        Register("CSEP", said("Child sexual exploitation perpetrator"), public),
        Register("IIOM", said("Integrated offender management"), public),
        Register("APPO", said("Prolific offender"), public),
        Register("INLL", said("Lifer"), public),
        Register("RCPR", said("Child protection"), safeguarding),
        Register("RCCO", said("Child concerns"), safeguarding),
        Register("RCHD", said("Risk to children"), safeguarding),
        Register("ADVP", said("Domestic abuse perpetrator"), safeguarding),
        Register("ADVV", said("Domestic abuse victim"), safeguarding),
        Register("REG30", said("Domestic abuse history"), safeguarding),
        Register("IMAR", "MARAC", safeguarding),
        Register("RVAD", said("Adult at risk"), safeguarding),
        Register("REG22", said("Risk to adult at risk"), safeguarding),
        Register("RVLN", said("Vulnerable"), safeguarding),
        Register("ALSH", said("Suicide or self-harm"), alerts),
        Register("REG15", said("Risk to known adult"), alerts),
        Register("REG16", said("Risk to prisoners"), alerts),
        Register("REG17", said("Risk to public"), alerts),
        Register("AV2S", said("Risk to staff"), alerts),
        Register("WEAP", said("Weapons"), alerts),
        Register("RRR", said("Required risk review"), alerts),
        Register("WRSM", said("Warrant or summons"), alerts),
        Register("ASFO", said("Serious further offence"), alerts),
        Register("INVI", said("Victim contact"), information),
        Register("UPWS", said("Unpaid work suspended"), information),
        Register("IKMF", said("Record to be retained"), information),
        Register("IKII", said("Keep for the child sexual abuse inquiry"), information),
    )


REGISTERS: dict[str, Register] = {row.code: row for row in _rows()}

MAPPA = "MAPP"


class MappaLevel(StrEnum):
    """Who manages the case [V: MAPPA area reports]: 1 one agency in the ordinary way, 2 agencies meeting, 3 with senior staff."""

    ONE = said("level 1")
    TWO = said("level 2")
    THREE = said("level 3")


class MappaCategory(StrEnum):
    """Why the case is MAPPA [V: MAPPA area reports]: 1 registered sexual offender, 2 violent or other sexual offender, 3 other
    dangerous offender; 4 terrorism, which came later."""

    ONE = said("category 1")
    TWO = said("category 2")
    THREE = said("category 3")
    FOUR = said("category 4")


class Registered(Event, frozen=True, tag="registered"):
    """The case was put on a register; level and category are MAPPA's."""

    register: str
    review_due_on: date
    level: MappaLevel | None = None
    category: MappaCategory | None = None
    note: Personal = ""


class RegistrationReviewed(Event, frozen=True, tag="registration-reviewed"):
    """The registration was looked at and stands; level and category are as they are now."""

    registration: int
    review_due_on: date
    level: MappaLevel | None = None
    category: MappaCategory | None = None
    note: Personal = ""


class Deregistered(Event, frozen=True, tag="deregistered"):
    registration: int
    reason: Personal = ""


@remembers(Registered)
def _registered(case: Case, number: int, event: Registered) -> None:
    case.registrations[number] = Registration(event.register, event.occurred_at)


@remembers(RegistrationReviewed)
def _reviewed(case: Case, number: int, event: RegistrationReviewed) -> None:
    if (stands := case.registrations.get(event.registration)) is not None:
        stands.looked_at = event.occurred_at


@remembers(Deregistered)
def _deregistered(case: Case, number: int, event: Deregistered) -> None:
    case.registrations.pop(event.registration, None)


def latest_review(policy: Policy, register: str, looked_at: date) -> date:
    """The last day on which the next review of a registration may be due."""
    return add_months(looked_at, policy.registers.review_months[register])


def _must_be_mappa(register: str, level: MappaLevel | None, category: MappaCategory | None) -> None:
    """MAPPA has a level and a category, and nothing else has."""
    if register != MAPPA and (level or category):
        raise Refused(said("Only MAPPA has a level and a category."), "level" if level else "category")
    if register == MAPPA and level is None:
        raise Refused(said("Select the MAPPA level."), "level")
    if register == MAPPA and category is None:
        raise Refused(said("Select the MAPPA category."), "category")


def _due(policy: Policy, register: str, looked_at: datetime, asked: date | None) -> date:
    day = local_day(looked_at)
    latest = latest_review(policy, register, day)
    due = asked or latest
    if not day < due <= latest:
        raise Refused(said("The review must be due by {day}.", day=latest), "review_due_on")
    return due


def register(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    register: str,
    level: MappaLevel | None = None,
    category: MappaCategory | None = None,
    note: str = "",
    registered_at: datetime | None = None,
    review_due_on: date | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Put the case on a register that it is not on; unless a sooner day is given, it is reviewed after the policy's period."""
    happened = registered_at or now
    must_have_been_open(case, happened)
    must_have_happened(happened, now, "registered_at")
    if register not in REGISTERS:
        raise Refused(said("Select the register."), "register")
    if any(stands.register == register for stands in case.registrations.values()):
        raise Refused(said("The case is on that register already. Review it instead."), "register")
    _must_be_mappa(register, level, category)
    due = _due(policy, register, happened, review_due_on)
    return [
        Registered(
            occurred_at=happened, by=by, imported=imported, register=register, review_due_on=due, level=level, category=category, note=note
        )
    ]


def _standing(case: Case, registration: int) -> Registration:
    must_exist(case)
    stands = case.registrations.get(registration)
    if stands is None:
        raise Refused(said("There is no such registration, or it has ended."))
    return stands


def review_registration(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    registration: int,
    level: MappaLevel | None = None,
    category: MappaCategory | None = None,
    note: str = "",
    reviewed_at: datetime | None = None,
    review_due_on: date | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Say that a registration was looked at and stands; it is due again after the policy's period or sooner."""
    must_be_open(case)
    stands = _standing(case, registration)
    happened = reviewed_at or now
    must_have_happened(happened, now, "reviewed_at")
    if local_day(happened) < local_day(stands.looked_at):
        raise Refused(said("The review cannot be before the registration or its last review."), "reviewed_at")
    if not note.strip():
        raise Refused(said("Enter why the registration stands."), "note")
    _must_be_mappa(stands.register, level, category)
    due = _due(policy, stands.register, happened, review_due_on)
    return [
        RegistrationReviewed(
            occurred_at=happened,
            by=by,
            imported=imported,
            registration=registration,
            review_due_on=due,
            level=level,
            category=category,
            note=note,
        )
    ]


def deregister(
    case: Case,
    *,
    now: datetime,
    by: str,
    registration: int,
    reason: str,
    ended_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Take the case off a register, saying why; it may be done after supervision has ended."""
    stands = _standing(case, registration)
    happened = ended_at or now
    must_have_happened(happened, now, "ended_at")
    if local_day(happened) < local_day(stands.looked_at):
        raise Refused(said("The registration cannot end before it was made or last reviewed."), "ended_at")
    if not reason.strip():
        raise Refused(said("Enter why the registration ends."), "reason")
    return [Deregistered(occurred_at=happened, by=by, imported=imported, registration=registration, reason=reason)]
