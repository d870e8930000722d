"""Referrals of a case from a CRC to the NPS because the risk may have become high: their steps, and the two clocks that run in them."""

from datetime import date

import msgspec

from domain.entry import Standing
from domain.policy import Policy
from domain.risk_review import OPEN, ReviewState, ReviewStep, RiskReviewInitiated, RiskReviewMoved, decision_due, referral_due, state_after
from domain.words import said
from domain.working_days import local_day
from projections.lasting import Done
from projections.story import Story


class Step(msgspec.Struct, frozen=True):
    number: int
    words: str
    on: date
    note: str


class Review(msgspec.Struct):
    """A referral to the NPS with its steps; `due_on` is when the next step is due, None when none is.

    `refer_by` and `decide_by` are the ends of its two clocks, and stay when they were met: the referral was `sent`, and the NPS, which
    `received_on` a day, `decided` on it.
    """

    number: int
    urgent: bool
    reason: str
    begun_on: date
    state: ReviewState
    steps: list[Step]
    due_on: date | None
    refer_by: date
    due_what: str = ""
    sent: Done | None = None
    received_on: date | None = None
    decide_by: date | None = None
    decided: Done | None = None

    @property
    def open(self) -> bool:
        return self.state in OPEN


def reviews(story: Story, policy: Policy) -> tuple[Review, ...]:
    """Every referral of a case, in the order in which they were begun."""
    found: dict[int, Review] = {}
    for s in story.of(RiskReviewInitiated):
        begun, due = s.reads, referral_due(policy, s.reads.occurred_at, s.reads.urgent)
        on = local_day(begun.occurred_at)
        found[s.number] = Review(s.number, begun.urgent, begun.reason, on, ReviewState.BEGUN, [], due, due, said("The referral form"))
    for moved in story.of(RiskReviewMoved):
        if (review := found.get(moved.reads.review)) is not None:
            _move(review, moved, policy)
    return tuple(found.values())


def _move(review: Review, moved: Standing[RiskReviewMoved], policy: Policy) -> None:
    """What a step leaves due: before it arrives, its receipt; then the decision, whose clock no question stops."""
    step, at = moved.reads.step, moved.reads.occurred_at
    review.steps.append(Step(moved.number, step.value, local_day(at), moved.reads.note))
    review.state = state_after(review.state, step)
    if not review.open:
        review.due_on, review.due_what = None, ""
        review.decided = Done(local_day(at), moved.number) if review.state in (ReviewState.HIGH, ReviewState.NOT_HIGH) else None
    elif step is ReviewStep.FORM_COMPLETED:
        review.due_what = said("Receipt of the referral by the NPS")
        review.sent = Done(local_day(at), moved.number)
    elif step in (ReviewStep.RECEIVED, ReviewStep.RESUMED):
        review.received_on, review.decide_by = local_day(at), decision_due(policy, at, review.urgent)
        review.due_on, review.due_what = review.decide_by, said("The decision of the NPS")
    elif step is ReviewStep.INFORMATION_REQUESTED:
        review.due_what = said("Further information for the NPS and its decision")
    elif step is ReviewStep.INFORMATION_GIVEN:
        review.due_what = said("The decision of the NPS")
