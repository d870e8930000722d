"""Risk of serious harm (RoSH): a judgement on a day, with its reason and the day it is due again; and events that call for one."""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_been_open, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.organisation import ProviderKind
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_working_days, local_day


class Rosh(StrEnum):
    LOW = said("low")
    MEDIUM = said("medium")
    HIGH = said("high")
    VERY_HIGH = said("very high")


HIGH_LEVELS = frozenset({Rosh.HIGH, Rosh.VERY_HIGH})
"""The NPS keeps these [V: PI 05/2014]; with a CRC they are a state that passes."""


class SignificantEvent(StrEnum):
    """What happened that may change the risk; the kinds are this service's own [D]."""

    ARREST = said("arrest or charge")
    HARM = said("harm or threat of harm to somebody")
    DOMESTIC_ABUSE = said("domestic abuse incident")
    CHILD = said("concern for a child")
    SELF_HARM = said("self-harm or suicide attempt")
    HOME = said("loss or change of home")
    RELATIONSHIP = said("new or ended relationship")
    SUBSTANCES = said("relapse into drugs or alcohol")
    OTHER = said("other")


class SignificantEventNoted(Event, frozen=True, tag="significant-event-noted"):
    """Something happened that calls for a review of the risk."""

    kind: SignificantEvent
    note: Personal = ""


class RoshAssessed(Event, frozen=True, tag="rosh-assessed"):
    """The level on a day. `held_by` is the kind of provider that held the case, if that is known: a high level in a CRC starts a clock."""

    level: Rosh
    review_due_on: date
    rationale: Personal = ""
    held_by: ProviderKind | None = None


@remembers(RoshAssessed)
def _assessed(case: Case, number: int, event: RoshAssessed) -> None:
    case.entries[number] = event


@remembers(SignificantEventNoted)
def _noted(case: Case, number: int, event: SignificantEventNoted) -> None:
    case.entries[number] = event


def must_give_reasons(rationale: str) -> None:
    if not rationale.strip():
        raise Refused(said("Enter the reasons for the level."), "rationale")


def assess_rosh(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    level: Rosh,
    rationale: str,
    assessed_at: datetime | None = None,
    review_due_on: date | None = None,
    held_by: ProviderKind | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Record a RoSH assessment; unless a sooner day is given, it is due again after the policy's review period.

    `held_by` is the kind of provider that holds the case. Only an import may bring a level without the reasons for it.
    """
    must_be_open(case)
    happened = assessed_at or now
    must_have_happened(happened, now, "assessed_at")
    if imported is None:
        must_give_reasons(rationale)
    latest = policy.rosh_review_due(local_day(happened))
    due = review_due_on or latest
    if not local_day(happened) < due <= latest:
        raise Refused(said("The review must be due by {day}.", day=latest), "review_due_on")
    return [
        RoshAssessed(occurred_at=happened, by=by, imported=imported, level=level, review_due_on=due, rationale=rationale, held_by=held_by)
    ]


def must_say_what_happened(note: str) -> None:
    if not note.strip():
        raise Refused(said("Enter what happened."), "note")


def note_significant_event(
    case: Case, *, now: datetime, by: str, kind: SignificantEvent, note: str, happened_at: datetime | None = None
) -> list[Event]:
    """Note what happened; from then on a review of the risk is due."""
    happened = happened_at or now
    must_have_been_open(case, happened)
    must_have_happened(happened, now, "happened_at")
    must_say_what_happened(note)
    return [SignificantEventNoted(occurred_at=happened, by=by, kind=kind, note=note)]


def review_due_after(policy: Policy, happened_at: datetime) -> date:
    """The day by which the risk is assessed again after a significant event."""
    return add_working_days(local_day(happened_at), policy.risk.review_after_event_working_days, policy.bank_holidays)
