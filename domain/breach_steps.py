"""The steps of a breach: who may take which, when, and what must be said with it."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from domain.breach import (
    MOVES,
    Breach,
    BreachConcluded,
    BreachOutcome,
    BreachPresented,
    BreachReferred,
    BreachReturned,
    BreachWithdrawn,
    Route,
    State,
    open_breach,
)
from domain.case import Case, must_be_open, must_exist, must_have_happened
from domain.event import Event, Refused
from domain.evidence import Stand, failures, must_be_failures, standing_entries
from domain.policy import Policy
from domain.remembered import Phase
from domain.words import said
from domain.working_days import local_day

IN_COURT = frozenset({Phase.COMMUNITY, Phase.PSS})
"""The phases in which a breach goes to court; from a licence the person is recalled."""

_NOT_NOW: Mapping[State, str] = MappingProxyType(
    {
        State.NONE: said("No breach is under way in this case."),
        State.REFERRED: said("The breach has been referred and awaits the NPS."),
        State.RETURNED: said("The referral was returned. Mend it and refer it again, or withdraw it."),
        State.PRESENTED: said("The breach has been presented to court and awaits its outcome."),
    }
)


def _must_allow(case: Case, move: type[Event]) -> Breach | None:
    """The breach that the move is about, None for a new one, when the table allows the move."""
    breach = open_breach(standing_entries(case))
    state = breach.state if breach else State.NONE
    if (state, move) not in MOVES:
        raise Refused(_NOT_NOW[state])
    return breach


def _under_way(case: Case, move: type[Event], happened: datetime, now: datetime, field: str) -> Breach:
    must_exist(case)
    breach = _must_allow(case, move)
    assert breach is not None
    must_have_happened(happened, now, field)
    if happened < (breach.presented_at or breach.referred_at):
        raise Refused(said("That cannot be before the step that it follows."), field)
    return breach


def refer_breach(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    route: Route,
    sentences: tuple[int, ...],
    failures: tuple[int, ...],
    became_aware_on: date,
    reason: str,
    referred_at: datetime | None = None,
) -> list[Event]:
    """Start a breach of sentences that run, or mend one that was returned, saying what it rests on and why."""
    must_be_open(case)
    breach = _must_allow(case, BreachReferred)
    happened = referred_at or now
    must_have_happened(happened, now, "referred_at")
    if not sentences or any(case.sentences.get(sentence, now.date()) is not None for sentence in sentences):
        raise Refused(said("Select sentences that are running."), "sentences")
    if any(case.stages[sentence].phase not in IN_COURT for sentence in sentences):
        raise Refused(
            said("A court deals with breaches of orders and of post-sentence supervision only. Request recall instead."), "sentences"
        )
    _must_rest_on(case, failures, became_aware_on, policy)
    if became_aware_on > local_day(happened):
        raise Refused(said("The service must have become aware of the breach before it refers it."), "became_aware_on")
    if not reason.strip():
        raise Refused(said("Enter what the breach rests on and why it is started."), "reason")
    return [
        BreachReferred(
            occurred_at=happened,
            by=by,
            sentences=sentences,
            failures=failures,
            became_aware_on=became_aware_on,
            route=route,
            again=breach.number if breach else 0,
            reason=reason,
        )
    ]


def _must_rest_on(case: Case, relied_on: tuple[int, ...], became_aware_on: date, policy: Policy) -> None:
    """A breach rests on unacceptable failures, and nobody is aware of it before the last of them."""
    if not relied_on:
        raise Refused(said("Select the failures that the breach rests on."), "failures")
    must_be_failures(case, relied_on)
    found = [failure for failure in failures(standing_entries(case), policy) if failure.number in relied_on]
    if any(failure.stand is not Stand.COUNTS for failure in found):
        raise Refused(said("A breach cannot rest on a failure whose reason was accepted or is still awaited."), "failures")
    if became_aware_on < max(failure.on for failure in found):
        raise Refused(said("The service cannot have become aware before the last failure that the breach rests on."), "became_aware_on")


def return_breach(case: Case, *, now: datetime, by: str, reason: str, returned_at: datetime | None = None) -> list[Event]:
    """Send a referral back to be mended, saying what is wrong with it."""
    happened = returned_at or now
    breach = _under_way(case, BreachReturned, happened, now, "returned_at")
    if not reason.strip():
        raise Refused(said("Enter why the referral is returned."), "reason")
    return [BreachReturned(occurred_at=happened, by=by, breach=breach.number, reason=reason)]


def present_breach(
    case: Case, *, now: datetime, by: str, court: str, presented_at: datetime | None = None, hearing_on: date | None = None
) -> list[Event]:
    """Present a breach to court."""
    happened = presented_at or now
    breach = _under_way(case, BreachPresented, happened, now, "presented_at")
    if not court.strip():
        raise Refused(said("Enter the court."), "court")
    if hearing_on is not None and hearing_on < local_day(happened):
        raise Refused(said("The hearing cannot be before the breach was presented."), "hearing_on")
    return [BreachPresented(occurred_at=happened, by=by, breach=breach.number, court=court.strip(), hearing_on=hearing_on)]


def withdraw_breach(case: Case, *, now: datetime, by: str, reason: str, withdrawn_at: datetime | None = None) -> list[Event]:
    """Take a breach back, saying why; what it rested on stays in the record."""
    happened = withdrawn_at or now
    breach = _under_way(case, BreachWithdrawn, happened, now, "withdrawn_at")
    if not reason.strip():
        raise Refused(said("Enter why the breach is withdrawn."), "reason")
    return [BreachWithdrawn(occurred_at=happened, by=by, breach=breach.number, reason=reason)]


def conclude_breach(
    case: Case, *, now: datetime, by: str, outcome: BreachOutcome, concluded_at: datetime | None = None, note: str = ""
) -> list[Event]:
    """Record how the court dealt with a breach."""
    happened = concluded_at or now
    breach = _under_way(case, BreachConcluded, happened, now, "concluded_at")
    return [BreachConcluded(occurred_at=happened, by=by, breach=breach.number, outcome=outcome, note=note)]
