"""Breach: referred, returned or presented to court, withdrawn or concluded, by one table of what may follow what.

Here are the events, the table and how far a breach has come; the commands that take each step stand in `breach_steps`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from domain.case import Case, remembers
from domain.event import Event, Personal
from domain.evidence import Entries, Failure
from domain.words import said


class Route(StrEnum):
    """Who takes a breach to court. A CRC refers it to the NPS; the NPS presents its own."""

    CRC = said("referred by the CRC to the NPS")
    NPS = said("presented by the NPS itself")


class BreachOutcome(StrEnum):
    """How a court deals with a breach [R]; ending or replacing the sentence is an entry of its own."""

    CONTINUES = said("order continues")
    FINED = said("order continues with a fine")
    AMENDED = said("order continues with more demanding requirements")
    RESENTENCED = said("order revoked and resentenced")
    ACTIVATED = said("suspended sentence activated")
    DEFAULT_ORDER = said("supervision default order made")
    REVOKED = said("order revoked")
    NOT_PROVEN = said("not proven")
    OTHER = said("other")


class BreachReferred(Event, frozen=True, tag="breach-referred"):
    """A breach of `sentences` is alleged, resting on `failures`. `again` is the entry of the referral that it mends, 0 for a new one."""

    sentences: tuple[int, ...]
    failures: tuple[int, ...]
    became_aware_on: date
    route: Route
    again: int = 0
    reason: Personal = ""


class BreachReturned(Event, frozen=True, tag="breach-returned"):
    """The NPS sends a referral back to be mended."""

    breach: int
    reason: Personal = ""


class BreachPresented(Event, frozen=True, tag="breach-presented"):
    breach: int
    court: str = ""
    hearing_on: date | None = None


class BreachWithdrawn(Event, frozen=True, tag="breach-withdrawn"):
    breach: int
    reason: Personal = ""


class BreachConcluded(Event, frozen=True, tag="breach-concluded"):
    breach: int
    outcome: BreachOutcome
    note: Personal = ""


class State(StrEnum):
    NONE = said("none")
    REFERRED = said("referred")
    RETURNED = said("returned")
    PRESENTED = said("presented")
    WITHDRAWN = said("withdrawn")
    CONCLUDED = said("concluded")


MOVES: Mapping[tuple[State, type[Event]], State] = MappingProxyType(
    {
        (State.NONE, BreachReferred): State.REFERRED,
        (State.RETURNED, BreachReferred): State.REFERRED,
        (State.REFERRED, BreachReturned): State.RETURNED,
        (State.REFERRED, BreachPresented): State.PRESENTED,
        (State.REFERRED, BreachWithdrawn): State.WITHDRAWN,
        (State.RETURNED, BreachWithdrawn): State.WITHDRAWN,
        (State.PRESENTED, BreachWithdrawn): State.WITHDRAWN,
        (State.PRESENTED, BreachConcluded): State.CONCLUDED,
    }
)
"""What may follow what. A breach that was withdrawn or concluded is over: the next one is new."""
OVER = frozenset({State.WITHDRAWN, State.CONCLUDED})


class Breach(msgspec.Struct):
    """One breach from its first referral on, as far as it has come. Numbers are entry numbers."""

    number: int
    state: State
    sentences: tuple[int, ...]
    failures: tuple[int, ...]
    became_aware_on: date
    route: Route
    referred_at: datetime
    entries: list[int]
    presented_at: datetime | None = None
    court: str = ""
    hearing_on: date | None = None
    outcome: str = ""
    over_at: datetime | None = None


def breaches(entries: Entries) -> Sequence[Breach]:
    """Every breach there was, the oldest first; at most the last is still under way. Old history is read as it is."""
    found: list[Breach] = []
    for number, event in entries:
        if isinstance(event, BreachReferred):
            _refer(found, number, event)
        elif found and isinstance(event, BreachReturned | BreachPresented | BreachWithdrawn | BreachConcluded):
            _move(found[-1], number, event)
    return found


def _refer(found: list[Breach], number: int, event: BreachReferred) -> None:
    last = found[-1] if found else None
    if last is not None and last.state not in OVER:
        last.state, last.referred_at, last.failures = State.REFERRED, event.occurred_at, event.failures
        last.sentences, last.became_aware_on, last.route = event.sentences, event.became_aware_on, event.route
        last.entries.append(number)
        return
    aware, route = event.became_aware_on, event.route
    found.append(Breach(number, State.REFERRED, event.sentences, event.failures, aware, route, event.occurred_at, [number]))


def _move(breach: Breach, number: int, event: BreachReturned | BreachPresented | BreachWithdrawn | BreachConcluded) -> None:
    breach.entries.append(number)
    breach.state = MOVES.get((breach.state, type(event)), breach.state)
    if isinstance(event, BreachPresented):
        breach.presented_at, breach.court, breach.hearing_on = event.occurred_at, event.court, event.hearing_on
    elif isinstance(event, BreachConcluded):
        breach.outcome = event.outcome.value
    if breach.state in OVER:
        breach.over_at = event.occurred_at


def open_breach(entries: Entries) -> Breach | None:
    """The breach that is under way."""
    found = breaches(entries)
    return found[-1] if found and found[-1].state not in OVER else None


def since_the_court(found: Iterable[Failure], taken: Iterable[Breach]) -> list[Failure]:
    """The failures since a court last dealt with a breach: what lies before it counts no more, and the ladder begins again."""
    concluded = [breach.over_at for breach in taken if breach.state is State.CONCLUDED and breach.over_at is not None]
    return [failure for failure in found if not concluded or failure.occurred_at > max(concluded)]


@remembers(BreachReferred)
def _referred(case: Case, number: int, event: BreachReferred) -> None:
    case.enforcement[number] = event


@remembers(BreachReturned)
def _returned(case: Case, number: int, event: BreachReturned) -> None:
    case.enforcement[number] = event


@remembers(BreachPresented)
def _presented(case: Case, number: int, event: BreachPresented) -> None:
    case.enforcement[number] = event


@remembers(BreachWithdrawn)
def _withdrawn(case: Case, number: int, event: BreachWithdrawn) -> None:
    case.enforcement[number] = event


@remembers(BreachConcluded)
def _concluded(case: Case, number: int, event: BreachConcluded) -> None:
    case.enforcement[number] = event
