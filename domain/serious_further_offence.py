"""Serious further offence (SFO): notification and review when a person is charged with a qualifying offence under supervision.

The stages are NDelius contact types [V: make-recall-decision contact types SFO1 to SFO9]; which may follow which is read from their
names. A review is due when the person is charged, and the provider has three months [V: PQ 236514].
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_exist, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.policy import Policy
from domain.remembered import FurtherOffence
from domain.words import said
from domain.working_days import add_months, add_working_days, local_day


class SfoStage(StrEnum):
    INITIATED = said("initiated")
    NOTIFIED = said("notification stages 1 and 2")
    STAGE_3 = said("notification stage 3")
    SUBMITTED = said("review submitted")
    RESPONDED = said("review response")
    OUTCOME = said("outcome")
    PROGRESS = said("progress report")
    TERMINATED = said("terminated")


S = SfoStage
NEXT: Mapping[SfoStage, tuple[SfoStage, ...]] = {
    S.INITIATED: (S.NOTIFIED, S.TERMINATED),
    S.NOTIFIED: (S.STAGE_3, S.SUBMITTED, S.TERMINATED),
    S.STAGE_3: (S.SUBMITTED, S.TERMINATED),
    S.SUBMITTED: (S.RESPONDED, S.OUTCOME, S.TERMINATED),
    S.RESPONDED: (S.SUBMITTED, S.OUTCOME, S.TERMINATED),
    S.OUTCOME: (S.PROGRESS, S.TERMINATED),
    S.PROGRESS: (S.PROGRESS, S.TERMINATED),
    S.TERMINATED: (),
}
"""Which stages can follow each. A review that was answered may be submitted again, and progress is reported more than once."""

BEFORE_NOTIFICATION = frozenset({S.INITIATED})
BEFORE_REVIEW = frozenset({S.INITIATED, S.NOTIFIED, S.STAGE_3})
NEEDS_NOTE = frozenset({S.OUTCOME, S.TERMINATED})


class SfoInitiated(Event, frozen=True, tag="sfo-initiated"):
    """A person was charged with a serious offence alleged to have been committed under supervision or soon after it."""

    offence_on: date
    charged_on: date
    in_court_on: date | None = None
    note: Personal = ""


class SfoMoved(Event, frozen=True, tag="sfo-moved"):
    sfo: int
    stage: SfoStage
    note: Personal = ""


@remembers(SfoInitiated)
def _initiated(case: Case, number: int, event: SfoInitiated) -> None:
    case.further_offences[number] = FurtherOffence(S.INITIATED.value, event.occurred_at)


@remembers(SfoMoved)
def _moved(case: Case, number: int, event: SfoMoved) -> None:
    if (sfo := case.further_offences.get(event.sfo)) is not None:
        sfo.stage, sfo.last_at = event.stage.value, event.occurred_at


def last_day_in_scope(case: Case, policy: Policy) -> date | None:
    """The last day on which an offence is still one under supervision; None while supervision lasts."""
    if case.is_open:
        return None
    ended = max(day for day in case.sentences.values() if day is not None)
    return add_working_days(ended, policy.serious_further_offence.after_end_working_days, policy.bank_holidays)


def initiate_sfo(
    case: Case,
    *,
    now: datetime,
    by: str,
    policy: Policy,
    offence_on: date,
    charged_on: date,
    in_court_on: date | None = None,
    note: str = "",
) -> list[Event]:
    """Begin notification and review; supervision may have ended by then, if the offence was under it or soon after."""
    must_exist(case)
    today = local_day(now)
    if offence_on > today:
        raise Refused(said("The date of the offence must be today or in the past."), "offence_on")
    if not offence_on <= charged_on <= today:
        raise Refused(said("The date of the charge must be from the offence to today."), "charged_on")
    if in_court_on is not None and in_court_on < charged_on:
        raise Refused(said("The court appearance cannot be before the charge."), "in_court_on")
    if case.began and offence_on < min(local_day(began) for began in case.began.values()):
        raise Refused(said("The offence was before supervision began, so it is no further offence."), "offence_on")
    last = last_day_in_scope(case, policy)
    if last is not None and offence_on > last:
        raise Refused(said("The offence was after {day}, too long after supervision to be a further offence.", day=last), "offence_on")
    return [SfoInitiated(occurred_at=now, by=by, offence_on=offence_on, charged_on=charged_on, in_court_on=in_court_on, note=note)]


def move_sfo(
    case: Case, *, now: datetime, by: str, sfo: int, stage: SfoStage, note: str = "", moved_at: datetime | None = None
) -> list[Event]:
    """Record the next stage, one that can follow where the notification stands."""
    must_exist(case)
    stands = case.further_offences.get(sfo)
    if stands is None:
        raise Refused(said("There is no such serious further offence in this case."))
    happened = moved_at or now
    must_have_happened(happened, now, "moved_at")
    if stage not in NEXT[S(stands.stage)]:
        raise Refused(said("That cannot follow now. It stands at: {stage}.", stage=stands.stage), "stage")
    if local_day(happened) < local_day(stands.last_at):
        raise Refused(said("A stage cannot be before the one that it follows."), "moved_at")
    if stage in NEEDS_NOTE and not note.strip():
        raise Refused(said("Enter what the outcome is.") if stage is S.OUTCOME else said("Enter why it is terminated."), "note")
    return [SfoMoved(occurred_at=happened, by=by, sfo=sfo, stage=stage, note=note)]


def notification_due(policy: Policy, in_court_on: date) -> date:
    """The day by which a notification is sent after the court appearance."""
    return add_working_days(in_court_on, policy.serious_further_offence.notify_working_days, policy.bank_holidays)


def review_due(policy: Policy, initiated_on: date) -> date:
    """The day by which the provider submits its review."""
    return add_months(initiated_on, policy.serious_further_offence.review_months)
