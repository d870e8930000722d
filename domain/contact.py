"""Contacts: what has happened with, for or about the person, how, with whom and to what purpose."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from domain.case import Case, must_have_been_open, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.words import said

LONGEST_NOTE = 12_000
"""Characters; officers write long notes, and the national tool had to raise its limit to this [V: its What's new, April 2026]."""


class Mode(StrEnum):
    """How a contact took place. Kiosk reporting is a mode of its own because it is never face to face."""

    OFFICE = said("office")
    HOME = said("home visit")
    DOORSTEP = said("doorstep")
    PRISON = said("prison visit")
    PLACE = said("other place")
    VIDEO = said("video")
    TELEPHONE = said("telephone")
    TEXT = said("text or email")
    LETTER = said("letter")
    KIOSK = said("kiosk")
    GROUP = said("group session")
    WORK = said("unpaid work")
    OTHER = said("other")


class Direction(StrEnum):
    TWO_WAY = said("two-way")
    FROM_PERSON = said("from the person")
    TO_PERSON = said("to the person")
    ABOUT_PERSON = said("about the person")
    NOT_KNOWN = said("not known")


class WithWhom(StrEnum):
    PERSON = said("the person")
    FAMILY = said("family or carer")
    AGENCY = said("another agency")
    STAFF = said("other staff")
    NOBODY = said("nobody")
    NOT_KNOWN = said("not known")


class Purpose(StrEnum):
    """What a contact was for. Which of these make a contact purposeful is the policy's to say."""

    OFFENCE = said("offence-focused work")
    NEEDS = said("work on needs and strengths")
    RISK = said("risk or safeguarding")
    COMPLIANCE = said("compliance and motivation")
    REVIEW = said("review with the person")
    PRACTICAL = said("practical help")
    PROGRAMME = said("programme or rehabilitation activity")
    REPORTING = said("reporting only")
    BOOKING = said("booking an appointment")
    FORMS = said("filling in forms")


class Privacy(StrEnum):
    """Where people could talk: inspectors found supervision in open booths, where nobody speaks of what matters."""

    PRIVATE = said("private room")
    BOOTH = said("open booth")
    HOME = said("home")
    OTHER = said("other")
    NOT_KNOWN = said("not known")


class Kind(NamedTuple):
    label: str
    mode: Mode
    direction: Direction = Direction.TWO_WAY
    with_whom: WithWhom = WithWhom.PERSON
    one_to_one: bool = True


KINDS: dict[str, Kind] = {
    "COAI": Kind(said("Initial appointment"), Mode.OFFICE),
    "COHV": Kind(said("Initial appointment – home visit"), Mode.HOME),
    "COAP": Kind(said("Planned office visit"), Mode.OFFICE),
    "CHVS": Kind(said("Home visit"), Mode.HOME),
    "COPT": Kind(said("Planned telephone contact"), Mode.TELEPHONE),
    "COVC": Kind(said("Planned video contact"), Mode.VIDEO),
    "CODC": Kind(said("Planned doorstep contact"), Mode.DOORSTEP),
    "C084": Kind(said("Three-way meeting"), Mode.OFFICE),
    "CPVS": Kind(said("Prison visit"), Mode.PRISON),
    "COUP": Kind(said("Unplanned contact from the person"), Mode.OFFICE),
    "CTOA": Kind(said("Phone call from the person"), Mode.TELEPHONE),
    "CTOB": Kind(said("Phone call to the person"), Mode.TELEPHONE),
    "CMOA": Kind(said("Email or text from the person"), Mode.TEXT, Direction.FROM_PERSON),
    "CMOB": Kind(said("Email or text to the person"), Mode.TEXT, Direction.TO_PERSON),
    "CLOA": Kind(said("Letter from the person"), Mode.LETTER, Direction.FROM_PERSON),
    "CLOB": Kind(said("Letter to the person"), Mode.LETTER, Direction.TO_PERSON),
    "CT3B": Kind(said("Phone call to somebody else"), Mode.TELEPHONE, Direction.ABOUT_PERSON, WithWhom.AGENCY),
    "CIEA": Kind(said("Information from another agency"), Mode.OTHER, Direction.ABOUT_PERSON, WithWhom.AGENCY),
    "C334": Kind(said("Kiosk (biometric) reporting"), Mode.KIOSK),
    "APAT": Kind(said("Programme session"), Mode.GROUP, one_to_one=False),
    "RARP": Kind(said("Rehabilitation activity day"), Mode.GROUP, one_to_one=False),
    "CUPA": Kind(said("Unpaid work session"), Mode.WORK, one_to_one=False),
    "OTHR": Kind(said("Other"), Mode.OTHER, Direction.NOT_KNOWN, WithWhom.NOT_KNOWN),
}
"""The contact kinds offered, by NDelius code [V: make-recall-decision contact types]; mode and direction are each kind's default."""


class Work(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What was done in a contact and what it served: purposes, and the entry numbers of objectives and requirements."""

    purposes: tuple[Purpose, ...] = ()
    objectives: tuple[int, ...] = ()
    requirements: tuple[int, ...] = ()
    risk_action: bool = False


NO_WORK = Work()


class ContactRecorded(Event, frozen=True, tag="contact-recorded"):
    """Something that has happened without having been arranged as an appointment. `practitioner` is who did it."""

    practitioner: str
    kind: str
    mode: Mode
    direction: Direction
    with_whom: WithWhom
    minutes: int | None = None
    one_to_one: bool = True
    work: Work = Work()
    team: str = ""
    sensitive: bool = False
    note: Personal = ""
    privacy: Privacy = Privacy.NOT_KNOWN


@remembers(ContactRecorded)
def _recorded(case: Case, number: int, event: ContactRecorded) -> None:
    case.entries[number] = event


def must_be_links_of(case: Case, work: Work) -> None:
    """Objectives and requirements that a contact serves are the case's own."""
    if not set(work.objectives) <= case.objectives:
        raise Refused(said("Select objectives of this case's plan."), "objectives")
    if not set(work.requirements) <= case.requirements.keys():
        raise Refused(said("Select requirements of this case's sentences."), "requirements")


def must_be_a_length(minutes: int | None) -> None:
    if minutes is not None and not 0 < minutes <= 24 * 60:
        raise Refused(said("Minutes must be between 1 and 1,440."), "minutes")


_TOO_LONG = {
    "note": said("The note must be {most:,} characters or fewer."),
    "reason": said("The reason must be {most:,} characters or fewer."),
    "review": said("The review must be {most:,} characters or fewer."),
}
"""By the field of the form."""


def must_fit(note: str, field: str = "note") -> None:
    if len(note) > LONGEST_NOTE:
        raise Refused(said(_TOO_LONG[field], most=LONGEST_NOTE), field)


def must_say_why(reason: str) -> None:
    if not reason.strip():
        raise Refused(said("Enter the reason."), "reason")


def record_contact(
    case: Case,
    *,
    now: datetime,
    by: str,
    occurred_at: datetime,
    practitioner: str,
    kind: str,
    mode: Mode | None = None,
    direction: Direction | None = None,
    with_whom: WithWhom | None = None,
    minutes: int | None = None,
    work: Work = NO_WORK,
    team: str = "",
    sensitive: bool = False,
    note: str = "",
    privacy: Privacy = Privacy.NOT_KNOWN,
    imported: Imported | None = None,
) -> list[Event]:
    """Record a contact, which has happened already. What is not said follows from its kind."""
    must_have_been_open(case, occurred_at)
    must_have_happened(occurred_at, now)
    if kind not in KINDS:
        raise Refused(said("Select the kind of contact."), "kind")
    must_be_a_length(minutes)
    must_fit(note)
    must_be_links_of(case, work)
    usual = KINDS[kind]
    return [
        ContactRecorded(
            occurred_at=occurred_at,
            by=by,
            imported=imported,
            practitioner=practitioner,
            kind=kind,
            mode=mode or usual.mode,
            direction=direction or usual.direction,
            with_whom=with_whom or usual.with_whom,
            one_to_one=usual.one_to_one,
            minutes=minutes,
            work=work,
            team=team,
            sensitive=sensitive,
            note=note,
            privacy=privacy,
        )
    ]
