"""The risk review by which a case goes from a CRC to the National Probation Service (NPS), when the risk may have become high.

The steps are NDelius contact types [V: make-recall-decision contact types, RRCI to RRR1]; that a CRC refers without delay, that the
NPS reviews, and that it takes a case found high is [V: PI 57/2014, PI 07/2014]. Which step may follow which is read from those names
and stands in one table; its time limits were not found and stand in the policy file as recalled.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.organisation import ProviderKind
from domain.policy import Policy
from domain.remembered import RiskReview
from domain.words import said
from domain.working_days import add_working_days, local_day


class ReviewStep(StrEnum):
    """What can happen in a risk review after the CRC has begun it."""

    FORM_COMPLETED = said("referral form completed")
    RECEIVED = said("referral received")
    INFORMATION_REQUESTED = said("further information requested")
    INFORMATION_GIVEN = said("further information given")
    DISCUSSED = said("discussed")
    DECIDED_HIGH = said("decided: high")
    DECIDED_NOT_HIGH = said("decided: not high")
    WITHDRAWN = said("withdrawn")
    RESUMED = said("resumed")


class ReviewState(StrEnum):
    """Where a risk review stands."""

    BEGUN = said("referral begun")
    SENT = said("referral sent to the NPS")
    WITH_NPS = said("with the NPS")
    AWAITING_INFORMATION = said("the NPS awaits further information")
    HIGH = said("found to be high risk")
    NOT_HIGH = said("found not to be high risk")
    WITHDRAWN_UNREAD = said("withdrawn before the NPS received it")
    WITHDRAWN = said("withdrawn")


S, R = ReviewStep, ReviewState
NEXT: Mapping[ReviewState, Mapping[ReviewStep, ReviewState]] = {
    R.BEGUN: {S.FORM_COMPLETED: R.SENT, S.WITHDRAWN: R.WITHDRAWN_UNREAD},
    R.SENT: {S.RECEIVED: R.WITH_NPS, S.WITHDRAWN: R.WITHDRAWN_UNREAD},
    R.WITH_NPS: {
        S.INFORMATION_REQUESTED: R.AWAITING_INFORMATION,
        S.DISCUSSED: R.WITH_NPS,
        S.DECIDED_HIGH: R.HIGH,
        S.DECIDED_NOT_HIGH: R.NOT_HIGH,
        S.WITHDRAWN: R.WITHDRAWN,
    },
    R.AWAITING_INFORMATION: {
        S.INFORMATION_GIVEN: R.WITH_NPS,
        S.DISCUSSED: R.AWAITING_INFORMATION,
        S.DECIDED_HIGH: R.HIGH,
        S.DECIDED_NOT_HIGH: R.NOT_HIGH,
        S.WITHDRAWN: R.WITHDRAWN,
    },
    R.WITHDRAWN: {S.RESUMED: R.WITH_NPS},
    R.HIGH: {},
    R.NOT_HIGH: {},
    R.WITHDRAWN_UNREAD: {},
}
"""Where each step leads from each state. A step that is not here cannot be taken; the NPS may decide without what it asked for."""

OPEN = frozenset({R.BEGUN, R.SENT, R.WITH_NPS, R.AWAITING_INFORMATION})
"""In these states an answer is still to come, and no second review is begun."""
NEEDS_REASON = frozenset({S.INFORMATION_REQUESTED, S.DECIDED_HIGH, S.DECIDED_NOT_HIGH, S.WITHDRAWN, S.RESUMED})


class RiskReviewInitiated(Event, frozen=True, tag="risk-review-initiated"):
    """The CRC began to refer the case to the NPS; urgent when the harm may be imminent."""

    urgent: bool = False
    reason: Personal = ""


class RiskReviewMoved(Event, frozen=True, tag="risk-review-moved"):
    review: int
    step: ReviewStep
    note: Personal = ""


@remembers(RiskReviewInitiated)
def _initiated(case: Case, number: int, event: RiskReviewInitiated) -> None:
    case.risk_review = RiskReview(number, R.BEGUN.value, event.occurred_at)


@remembers(RiskReviewMoved)
def _moved(case: Case, number: int, event: RiskReviewMoved) -> None:
    review = case.risk_review
    if review is not None and review.number == event.review:
        review.state, review.last_at = state_after(R(review.state), event.step).value, event.occurred_at


def state_after(state: ReviewState, step: ReviewStep) -> ReviewState:
    """The state that a recorded step left; one that no rule allows now changes nothing, because old history always loads."""
    return NEXT[state].get(step, state)


def initiate_risk_review(
    case: Case,
    *,
    now: datetime,
    by: str,
    held_by: ProviderKind | None,
    reason: str,
    urgent: bool = False,
    initiated_at: datetime | None = None,
) -> list[Event]:
    """Begin to refer a case to the NPS; `held_by` is the kind of provider that holds it, None when nobody does yet."""
    must_be_open(case)
    happened = initiated_at or now
    must_have_happened(happened, now, "initiated_at")
    if held_by is None:
        raise Refused(said("The case has not been allocated to a provider, so nobody can refer it."))
    if held_by is not ProviderKind.CRC:
        raise Refused(said("The National Probation Service has the case already, so there is nothing to refer."))
    if case.risk_review is not None and case.risk_review.state in OPEN:
        raise Refused(said("A risk review of this case is under way already."))
    if not reason.strip():
        raise Refused(said("Enter why the risk may have become high."), "reason")
    return [RiskReviewInitiated(occurred_at=happened, by=by, urgent=urgent, reason=reason)]


def move_risk_review(
    case: Case, *, now: datetime, by: str, review: int, step: ReviewStep, note: str = "", moved_at: datetime | None = None
) -> list[Event]:
    """Take the next step of the risk review, one that can follow where it stands."""
    must_be_open(case)
    stands = case.risk_review
    if stands is None or stands.number != review:
        raise Refused(said("There is no such risk review, or a later one has been begun."))
    happened = moved_at or now
    must_have_happened(happened, now, "moved_at")
    if step not in NEXT[R(stands.state)]:
        raise Refused(said("That cannot follow now. The review stands at: {state}.", state=stands.state), "step")
    if local_day(happened) < local_day(stands.last_at):
        raise Refused(said("A step cannot be before the one that it follows."), "moved_at")
    if step in NEEDS_REASON and not note.strip():
        raise Refused(said("Enter the reasons."), "note")
    return [RiskReviewMoved(occurred_at=happened, by=by, review=review, step=step, note=note)]


def referral_due(policy: Policy, initiated_at: datetime, urgent: bool) -> date:
    """The day by which the referral that was begun should be with the NPS."""
    days = policy.risk_review.urgent_working_days if urgent else policy.risk_review.refer_working_days
    return add_working_days(local_day(initiated_at), days, policy.bank_holidays)


def decision_due(policy: Policy, received_at: datetime, urgent: bool) -> date:
    """The day by which the NPS should decide on a referral that it received."""
    days = policy.risk_review.urgent_working_days if urgent else policy.risk_review.decision_working_days
    return add_working_days(local_day(received_at), days, policy.bank_holidays)
