"""The words in which entries are told: who registers how an event is told, and what several of them say in the same way."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from domain.appointment import OutcomeRecorded
from domain.contact import ContactRecorded
from domain.event import Event
from domain.words import begun, listed, plural, said
from domain.working_days import LONDON

Told = tuple[str, str, tuple[str, ...], str]
"""Category, title, facts, text."""

F = TypeVar("F", bound=Callable[..., Told])
_tell: dict[type[Event], Callable[..., Told]] = {}


def tells(kind: type[Event]) -> Callable[[F], F]:
    """Registers how one kind of event is told, given the event and the names of people and teams."""

    def register(tell: F) -> F:
        _tell[kind] = tell
        return tell

    return register


Names = Callable[[str], str]
"""The name of a practitioner or a team by its code."""


def moment(at: datetime) -> str:
    """22 November 2026 at 3:05pm, in England and Wales."""
    return said("{day} at {time}", day=at.astimezone(LONDON).date(), time=clock(at))


def clock(at: datetime) -> str:
    """3:05pm, in England and Wales."""
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minute}{'am' if local.hour < 12 else 'pm'}"


def minutes(minutes: int | None) -> tuple[str, ...]:
    return (plural(minutes, "minute"),) if minutes else ()


def purposes(event: ContactRecorded | OutcomeRecorded) -> tuple[str, ...]:
    return (begun(listed(event.work.purposes)),) if event.work.purposes else ()


def told(event: Event, names: Names) -> Told:
    """One event in the service's words."""
    return _tell[type(event)](event, names)
