"""Interruptions of supervision: remand, custody for something else, an outstanding warrant; while one lasts nobody can be seen."""

from datetime import datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.remembered import Interruption
from domain.words import said
from domain.working_days import local_day


class InterruptionKind(StrEnum):
    REMAND = said("remanded in custody")
    CUSTODY = said("in custody for another matter")
    WARRANT = said("unlawfully at large, warrant outstanding")


class InterruptionBegan(Event, frozen=True, tag="interruption-began"):
    """`place` is the prison or the court, as people name it."""

    kind: InterruptionKind
    place: str = ""
    note: Personal = ""


class InterruptionEnded(Event, frozen=True, tag="interruption-ended"):
    interruption: int
    note: Personal = ""


@remembers(InterruptionBegan)
def _began(case: Case, number: int, event: InterruptionBegan) -> None:
    case.interruptions[number] = Interruption(event.kind, event.occurred_at)


@remembers(InterruptionEnded)
def _ended(case: Case, number: int, event: InterruptionEnded) -> None:
    if found := case.interruptions.get(event.interruption):
        found.over = True


def begin_interruption(
    case: Case,
    *,
    now: datetime,
    by: str,
    kind: InterruptionKind,
    began_at: datetime | None = None,
    place: str = "",
    note: str = "",
) -> list[Event]:
    """Record that supervision cannot go on for a time; days of it do not count as days supervised."""
    must_be_open(case)
    at = began_at or now
    must_have_happened(at, now, "began_at")
    if any(running.kind == kind and not running.over for running in case.interruptions.values()):
        raise Refused(said("That is recorded as going on already. End it before another begins."), "kind")
    if not case.began or local_day(at) < min(local_day(began) for began in case.began.values()):
        raise Refused(said("The date cannot be before supervision began."), "began_at")
    return [InterruptionBegan(occurred_at=at, by=by, kind=kind, place=place, note=note)]


def end_interruption(
    case: Case, *, now: datetime, by: str, interruption: int, ended_at: datetime | None = None, note: str = ""
) -> list[Event]:
    """Record that an interruption is over; it ends once, after it began."""
    must_be_open(case)
    at = ended_at or now
    must_have_happened(at, now, "ended_at")
    found = case.interruptions.get(interruption)
    if found is None or found.over:
        raise Refused(said("That interruption is not going on."), "interruption")
    if local_day(at) < local_day(found.since):
        raise Refused(said("The date cannot be before the interruption began."), "ended_at")
    return [InterruptionEnded(occurred_at=at, by=by, interruption=interruption, note=note)]
