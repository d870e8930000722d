"""Risk of serious harm (RoSH): a judgement on a day, with its reason and the day it is due again."""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.policy import Policy
from domain.working_days import local_day


class Rosh(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very high"


class RoshAssessed(Event, frozen=True, tag="rosh-assessed"):
    level: Rosh
    review_due_on: date
    rationale: Personal = ""


@remembers(RoshAssessed)
def _assessed(case: Case, number: int, event: RoshAssessed) -> None:
    case.entries[number] = event


def must_give_reasons(rationale: str) -> None:
    if not rationale.strip():
        raise Refused("Enter the reasons for the level.", "rationale")


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
) -> list[Event]:
    """Record a RoSH assessment; unless a sooner day is given, it is due again after the policy's review period."""
    must_be_open(case)
    happened = assessed_at or now
    must_have_happened(happened, now, "assessed_at")
    must_give_reasons(rationale)
    latest = policy.rosh_review_due(local_day(happened))
    due = review_due_on or latest
    if not local_day(happened) < due <= latest:
        raise Refused(f"The review must be due by {latest:%-d %B %Y}.", "review_due_on")
    return [RoshAssessed(occurred_at=happened, by=by, level=level, review_due_on=due, rationale=rationale)]
