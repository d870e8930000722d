"""Enforcement actions: what the service did about a failure, by NDelius's own codes, and whether a response is awaited.

Codes and descriptions are NDelius reference data [V: hmpps-manage-supervisions appointment types, community payback]. Which of them
is a warning on the ladder, and which answers a failure so that nothing more is to be done about it, is ours [D].
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from domain.breach import breaches, since_the_court
from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.evidence import Entries, Failure, Stand, failures, must_be_failures, standing_entries
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_months, local_day


class Action(msgspec.Struct, frozen=True):
    """`outstanding` when it leaves something to be done, `answered` when the person is given days to respond."""

    code: str
    description: str
    outstanding: bool | None = False
    answered: bool = False
    does: Literal["", "warns", "settles", "takes back"] = ""


def _rows() -> tuple[Action, ...]:
    return (
        Action("ROM", said("Refer to offender manager"), True),
        Action("EA02", said("First warning letter sent"), answered=True, does="warns"),
        Action("EA03", said("Second warning letter sent"), answered=True, does="warns"),
        Action("EA04", said("Final warning letter sent"), answered=True, does="warns"),
        Action("EA05", said("Other enforcement letter sent"), answered=True, does="settles"),
        Action("EA06", said("Withdraw warning letter"), True, does="takes back"),
        Action("EA07", said("Withdrawal of warning"), does="takes back"),
        Action("EA08", said("Breach letter sent"), answered=True, does="settles"),
        Action("EA09", said("Send confirmation of breach"), True),
        Action("EA10", said("Breach confirmation sent")),
        Action("EA11", said("Recall requested"), does="settles"),
        Action("EA12", said("Decision pending response from the person"), True, answered=True),
        Action("EA13", said("Youth offending team offender manager notified"), does="settles"),
        Action("IBR", said("Breach or recall initiated"), does="settles"),
        Action("IMB", said("Immediate breach or recall"), True, does="settles"),
        Action("BIP", said("Breach in progress"), does="settles"),
        Action("REC", said("Person recalled"), does="settles"),
        Action("BRE01", said("Breach requested"), True),
        Action("BRE02", said("Breach request actioned"), does="settles"),
        Action("WLS", said("Enforcement letter requested"), True),
        Action("NFA", said("No further action"), does="settles"),
        Action("LCL", said("Licence compliance letter sent"), None, does="settles"),
    )


ACTIONS: dict[str, Action] = {row.code: row for row in _rows()}
USUAL = ("EA02", "EA03", "EA04", "EA05", "WLS", "NFA", "EA07")
"""The actions an officer is offered first; the rest stand below them."""


class EnforcementActionTaken(Event, frozen=True, tag="enforcement-action-taken"):
    """`failures` are the entries it is about; `respond_by` is the day until which the person may answer."""

    action: str
    failures: tuple[int, ...] = ()
    respond_by: date | None = None
    reason: Personal = ""


@remembers(EnforcementActionTaken)
def _taken(case: Case, number: int, event: EnforcementActionTaken) -> None:
    case.entries[number] = event


class WarningGiven(msgspec.Struct, frozen=True, gc=False):
    """A warning that stands, by its entry number."""

    number: int
    occurred_at: datetime
    action: str
    failures: tuple[int, ...]
    respond_by: date | None


def warnings(entries: Entries) -> Sequence[WarningGiven]:
    """The warnings that stand, the oldest first; one taken back about the same failure stands no more."""
    found: list[WarningGiven] = []
    for number, event in entries:
        if not isinstance(event, EnforcementActionTaken) or event.action not in ACTIONS:
            continue
        does = ACTIONS[event.action].does
        if does == "warns":
            found.append(WarningGiven(number, event.occurred_at, event.action, event.failures, event.respond_by))
        elif does == "takes back":
            found = [warning for warning in found if not set(warning.failures) & set(event.failures)]
    return sorted(found, key=lambda warning: (warning.occurred_at, warning.number))


def warned_before(failure: Failure, others: Iterable[Failure], stand: Iterable[WarningGiven], policy: Policy) -> WarningGiven | None:
    """The last warning that a failure goes against: given in the 12 months before it, about another failure that still counts."""
    since = add_months(failure.on, -policy.enforcement.window_months)
    counting = {other.number for other in others if other.stand is Stand.COUNTS} - {failure.number}
    against = [w for w in stand if since < local_day(w.occurred_at) and w.occurred_at < failure.occurred_at and counting & set(w.failures)]
    return against[-1] if against else None


def must_be_an_action(case: Case, action: str, about: Sequence[int]) -> None:
    """The action is one there is, about failures that stand; a warning is about at least one."""
    if action not in ACTIONS:
        raise Refused(said("Select the enforcement action."), "action")
    must_be_failures(case, about)
    if ACTIONS[action].does in ("warns", "takes back") and not about:
        raise Refused(said("Select the failure that the warning is about."), "failures")


def take_enforcement_action(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    action: str,
    failures: tuple[int, ...] = (),
    taken_at: datetime | None = None,
    respond_by: date | None = None,
    reason: str = "",
) -> list[Event]:
    """Record what was done about failures. The choice is the officer's; one that the ladder does not lead to says why."""
    must_be_open(case)
    must_be_an_action(case, action, failures)
    happened = taken_at or now
    must_have_happened(happened, now, "taken_at")
    about = _about(case, failures, policy)
    if any(happened < failure.occurred_at for failure in about):
        raise Refused(said("The action cannot be before the failure that it is about."), "taken_at")
    _must_make_sense(case, action, about)
    if not reason.strip() and not _is_next(case, action, about, policy):
        raise Refused(said("Enter why this step is taken."), "reason")
    answer_by = local_day(happened) + timedelta(days=policy.enforcement.response_days) if ACTIONS[action].answered else None
    due = respond_by or answer_by
    if respond_by is not None and respond_by < local_day(happened):
        raise Refused(said("The day to respond by cannot be before the action."), "respond_by")
    return [EnforcementActionTaken(occurred_at=happened, by=by, action=action, failures=failures, respond_by=due, reason=reason)]


def _about(case: Case, numbers: tuple[int, ...], policy: Policy) -> list[Failure]:
    return [failure for failure in failures(standing_entries(case), policy) if failure.number in numbers]


def _must_make_sense(case: Case, action: str, about: Sequence[Failure]) -> None:
    """Nobody is warned about what was accepted, and only a warning that stands is taken back."""
    numbers = {failure.number for failure in about}
    if ACTIONS[action].does == "warns" and any(failure.stand is Stand.ACCEPTED for failure in about):
        raise Refused(said("The reason for that failure was accepted, so there is nothing to warn about."), "failures")
    if ACTIONS[action].does == "takes back" and not any(numbers & set(w.failures) for w in warnings(standing_entries(case))):
        raise Refused(said("No warning about that failure stands."), "failures")


def _is_next(case: Case, action: str, about: Sequence[Failure], policy: Policy) -> bool:
    """Whether the step needs no words: a letter asked for, or a warning about failures none of which follows another warning."""
    if ACTIONS[action].does != "warns":
        return ACTIONS[action].does == "" and bool(about)
    entries = standing_entries(case)
    counting, stand = since_the_court(failures(entries, policy), breaches(entries)), warnings(entries)
    return all(f.stand is Stand.COUNTS and warned_before(f, counting, stand, policy) is None for f in about)
