"""Failures to attend or comply, and the evidence for a reason: awaited until a day, shown, and accepted or not.

A failure stays a failure in the record whatever is decided about it. Accepting its reason, even late, only takes it off the
ladder of warnings and breach.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from domain.appointment import OutcomeRecorded
from domain.case import Case, must_be_open, must_exist, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.outcome import OUTCOMES
from domain.policy import Policy
from domain.upw_session import UpwAttendanceRecorded
from domain.words import said
from domain.working_days import add_months, local_day

Entries: TypeAlias = Iterable[tuple[int, Event]]
"""Entries by number as they stand, in the order of recording: corrections laid over them, withdrawn ones left out."""

UNDECIDED = "AFTA"
"""Failed to attend, reason not yet decided: the outcome itself says that a reason is awaited."""

ENFORCEABLE = frozenset(code for code, outcome in OUTCOMES.items() if outcome.enforceable)
"""The outcomes that can be enforced: NDelius's own flag says so, and nothing else does."""

NEVER: Mapping[int, date] = MappingProxyType({})


class Evidence(StrEnum):
    MEDICAL = said("medical note")
    EMPLOYER = said("letter from an employer")
    COURT = said("court or legal paper")
    FAMILY = said("word of family or carer")
    AGENCY = said("word of another agency")
    ACCOUNT = said("the person's own account")
    OTHER = said("other")
    NOTHING = said("nothing was shown")


class EvidenceAwaited(Event, frozen=True, tag="evidence-awaited"):
    """The person has until `due_on` to show a reason for the failure of entry `failure`."""

    failure: int
    due_on: date


class EvidenceDecided(Event, frozen=True, tag="evidence-decided"):
    """What was shown for a failure, and whether the reason is accepted. A later decision takes the place of an earlier one."""

    failure: int
    evidence: Evidence
    accepted: bool
    reason: Personal = ""


@remembers(EvidenceAwaited)
def _awaited(case: Case, number: int, event: EvidenceAwaited) -> None:
    case.enforcement[number] = event


@remembers(EvidenceDecided)
def _decided(case: Case, number: int, event: EvidenceDecided) -> None:
    case.enforcement[number] = event


class Stand(StrEnum):
    """How a failure stands."""

    COUNTS = said("unacceptable")
    AWAITED = said("reason awaited")
    ACCEPTED = said("reason accepted")


class Failure(msgspec.Struct, frozen=True, gc=False):
    """A failure to attend or comply, by its entry number, with what was decided about its reason.

    `aware_on` is the day from which the service knows that it is unacceptable, and from which clocks run: the day of the failure,
    or of the decision where a reason was awaited.
    """

    number: int
    occurred_at: datetime
    outcome: str
    stand: Stand
    aware_on: date
    awaited_until: date | None = None
    decided: int = 0

    @property
    def on(self) -> date:
        return local_day(self.occurred_at)


def is_failure(outcome: str) -> bool:
    """Whether an outcome is one that can be enforced."""
    return outcome in ENFORCEABLE


def outcome_of(event: Event | None) -> str:
    return event.outcome if isinstance(event, OutcomeRecorded | UpwAttendanceRecorded) else ""


def failures(entries: Entries, policy: Policy, corrected_on: Mapping[int, date] = NEVER) -> Sequence[Failure]:
    """Every failure that stands, the oldest first.

    `corrected_on` has the day on which an outcome that left the reason open was corrected to one that does not: that decides it too.
    """
    missed: list[tuple[int, Event]] = []
    awaited: dict[int, EvidenceAwaited] = {}
    decided: dict[int, tuple[int, EvidenceDecided]] = {}
    for number, event in entries:
        if is_failure(outcome_of(event)):
            missed.append((number, event))
        elif isinstance(event, EvidenceAwaited):
            awaited[event.failure] = event
        elif isinstance(event, EvidenceDecided):
            decided[event.failure] = number, event
    found = [_failure(number, event, awaited.get(number), decided.get(number), policy) for number, event in missed]
    found = [replace(f, aware_on=corrected_on[f.number]) if f.number in corrected_on and not f.decided else f for f in found]
    return sorted(found, key=lambda failure: (failure.occurred_at, failure.number))


def _failure(
    number: int, event: Event, awaited: EvidenceAwaited | None, decided: tuple[int, EvidenceDecided] | None, policy: Policy
) -> Failure:
    happened, outcome = local_day(event.occurred_at), outcome_of(event)
    until = awaited.due_on if awaited else happened + timedelta(days=policy.enforcement.evidence_days)
    was_awaited = awaited is not None or outcome == UNDECIDED
    if decided is not None:
        stand = Stand.ACCEPTED if decided[1].accepted else Stand.COUNTS
        aware = local_day(decided[1].occurred_at) if was_awaited else happened
        return Failure(number, event.occurred_at, outcome, stand, aware, decided=decided[0])
    if was_awaited:
        return Failure(number, event.occurred_at, outcome, Stand.AWAITED, happened, until)
    return Failure(number, event.occurred_at, outcome, Stand.COUNTS, happened)


def in_window(failures: Iterable[Failure], today: date, policy: Policy) -> Sequence[Failure]:
    """Those of the last 12 months, the newest first: what a decision about the next one rests on."""
    since = add_months(today, -policy.enforcement.window_months)
    return [failure for failure in reversed(list(failures)) if failure.on > since]


def standing_entries(case: Case) -> Sequence[tuple[int, Event]]:
    """What the rules of enforcement ask of a case: outcomes as they now read, and what was decided about them."""
    return sorted((case.entries | case.enforcement).items())


def must_be_failures(case: Case, numbers: Iterable[int], field: str = "failures") -> None:
    if not all(is_failure(outcome_of(case.entries.get(number))) for number in numbers):
        raise Refused(said("Select failures to attend or comply that stand in this case."), field)


def _standing(case: Case, failure: int, policy: Policy) -> Failure:
    must_exist(case)
    must_be_failures(case, (failure,), "failure")
    return next(found for found in failures(standing_entries(case), policy) if found.number == failure)


def await_evidence(case: Case, *, now: datetime, by: str, policy: Policy, failure: int, due_on: date | None = None) -> list[Event]:
    """Give the person until a day to show a reason; unless a sooner one is given, the policy's days from now."""
    must_be_open(case)
    found = _standing(case, failure, policy)
    if found.decided:
        raise Refused(said("It has been decided already whether the reason for this failure is accepted."), "failure")
    today = local_day(now)
    latest = today + timedelta(days=policy.enforcement.evidence_days)
    due = due_on or latest
    if not today <= due <= latest:
        raise Refused(said("The reason must be shown between today and {day}.", day=latest), "due_on")
    return [EvidenceAwaited(occurred_at=now, by=by, failure=failure, due_on=due)]


def decide_evidence(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    failure: int,
    evidence: Evidence,
    accepted: bool,
    reason: str,
    decided_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Decide whether the reason for a failure is accepted, in time or late; another decision later must be a different one.

    Only an import may bring a decision without its reason.
    """
    found = _standing(case, failure, policy)
    happened = decided_at or now
    must_have_happened(happened, now, "decided_at")
    if happened < found.occurred_at:
        raise Refused(said("The decision cannot be before the failure."), "decided_at")
    if found.decided and accepted == (found.stand is Stand.ACCEPTED):
        raise Refused(said("That is how it has been decided already."), "accepted")
    if imported is None and not reason.strip():
        raise Refused(said("Enter what was said or shown and why it is accepted or not."), "reason")
    return [
        EvidenceDecided(
            occurred_at=happened, by=by, imported=imported, failure=failure, evidence=evidence, accepted=accepted, reason=reason
        )
    ]
