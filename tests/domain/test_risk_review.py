"""The risk review: a CRC refers, the NPS answers, and each step can only follow where the table says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.case import Case
from domain.organisation import ProviderKind
from domain.risk_review import (
    NEEDS_REASON,
    NEXT,
    OPEN,
    ReviewState,
    ReviewStep,
    RiskReviewInitiated,
    RiskReviewMoved,
    decision_due,
    initiate_risk_review,
    move_risk_review,
    referral_due,
    state_after,
)
from tests.rules import NEXT as FIRST
from tests.rules import NOW, POLICY, YESTERDAY, Given, did, supervised

S, R = ReviewStep, ReviewState
REFERRED = did(initiate_risk_review, at=YESTERDAY)
WAYS: dict[ReviewState, tuple[ReviewStep, ...]] = {
    R.BEGUN: (),
    R.SENT: (S.FORM_COMPLETED,),
    R.WITH_NPS: (S.FORM_COMPLETED, S.RECEIVED),
    R.AWAITING_INFORMATION: (S.FORM_COMPLETED, S.RECEIVED, S.INFORMATION_REQUESTED),
    R.HIGH: (S.FORM_COMPLETED, S.RECEIVED, S.DECIDED_HIGH),
    R.NOT_HIGH: (S.FORM_COMPLETED, S.RECEIVED, S.DECIDED_NOT_HIGH),
    R.WITHDRAWN_UNREAD: (S.WITHDRAWN,),
    R.WITHDRAWN: (S.FORM_COMPLETED, S.RECEIVED, S.WITHDRAWN),
}
"""A way to each state."""
LAWFUL = {
    (R.BEGUN, S.FORM_COMPLETED): R.SENT,
    (R.BEGUN, S.WITHDRAWN): R.WITHDRAWN_UNREAD,
    (R.SENT, S.RECEIVED): R.WITH_NPS,
    (R.SENT, S.WITHDRAWN): R.WITHDRAWN_UNREAD,
    (R.WITH_NPS, S.INFORMATION_REQUESTED): R.AWAITING_INFORMATION,
    (R.WITH_NPS, S.DISCUSSED): R.WITH_NPS,
    (R.WITH_NPS, S.DECIDED_HIGH): R.HIGH,
    (R.WITH_NPS, S.DECIDED_NOT_HIGH): R.NOT_HIGH,
    (R.WITH_NPS, S.WITHDRAWN): R.WITHDRAWN,
    (R.AWAITING_INFORMATION, S.INFORMATION_GIVEN): R.WITH_NPS,
    (R.AWAITING_INFORMATION, S.DISCUSSED): R.AWAITING_INFORMATION,
    (R.AWAITING_INFORMATION, S.DECIDED_HIGH): R.HIGH,
    (R.AWAITING_INFORMATION, S.DECIDED_NOT_HIGH): R.NOT_HIGH,
    (R.AWAITING_INFORMATION, S.WITHDRAWN): R.WITHDRAWN,
    (R.WITHDRAWN, S.RESUMED): R.WITH_NPS,
}
EVERY = [(state, step) for state in R for step in S]


def review_at(state: ReviewState) -> Given[Case]:
    steps = (did(move_risk_review, at=YESTERDAY, step=step, note="Because.") for step in WAYS[state])
    case = supervised(REFERRED, *steps)
    assert case.state.risk_review is not None
    assert case.state.risk_review.state == state
    return case


def in_words(pair: object) -> str:
    return str(pair)


@pytest.mark.parametrize(("state", "step"), EVERY, ids=in_words)
def test_a_step_follows_where_the_table_says_and_nowhere_else(state: ReviewState, step: ReviewStep) -> None:
    case = review_at(state)
    answer = case.when(move_risk_review, step=step, note="Because.")
    if (state, step) not in LAWFUL:
        answer.refused(f"That cannot follow now. The review stands at: {state}.", "step")
        assert state_after(state, step) is state
        return
    assert isinstance(answer.event, RiskReviewMoved)
    assert (answer.event.review, answer.event.step, answer.event.note) == (FIRST, step, "Because.")
    case.record(*answer.events)
    assert case.state.risk_review is not None
    assert case.state.risk_review.state == LAWFUL[state, step]


def test_the_table_says_so_of_every_state() -> None:
    assert set(NEXT) == set(R)


@pytest.mark.parametrize("step", S)
def test_a_decision_a_question_and_a_withdrawal_give_reasons(step: ReviewStep) -> None:
    state = next(state for state, taken in LAWFUL if taken is step)
    answer = review_at(state).when(move_risk_review, step=step, note=" ")
    if step in NEEDS_REASON:
        answer.refused("Enter the reasons.", "note")
    else:
        assert answer.events


def test_a_referral_says_why_the_risk_may_have_become_high() -> None:
    event = supervised().when(initiate_risk_review, urgent=True).event
    assert isinstance(event, RiskReviewInitiated)
    assert (event.urgent, event.reason) == (True, "Threats against a former partner.")
    supervised().when(initiate_risk_review, reason="\n").refused("Enter why the risk may have become high.", "reason")


def test_only_a_case_that_a_crc_holds_is_referred() -> None:
    supervised().when(initiate_risk_review, held_by=ProviderKind.NPS).refused(
        "The National Probation Service has the case already, so there is nothing to refer."
    )
    supervised().when(initiate_risk_review, held_by=None).refused("The case has not been allocated to a provider, so nobody can refer it.")


@pytest.mark.parametrize("state", R)
def test_a_case_is_referred_again_only_after_the_review_has_ended(state: ReviewState) -> None:
    answer = review_at(state).when(initiate_risk_review)
    if state in OPEN:
        answer.refused("A risk review of this case is under way already.")
    else:
        assert answer.events


def test_a_step_belongs_to_the_last_review() -> None:
    none = "There is no such risk review, or a later one has been begun."
    supervised().when(move_risk_review).refused(none)
    again = review_at(R.WITHDRAWN_UNREAD)
    number = again.then(initiate_risk_review)
    again.when(move_risk_review).refused(none)
    assert again.when(move_risk_review, review=number).events


def test_a_step_is_not_before_the_one_that_it_follows() -> None:
    supervised(REFERRED).when(move_risk_review, moved_at=YESTERDAY - timedelta(days=1)).refused(
        "A step cannot be before the one that it follows.", "moved_at"
    )


@pytest.mark.parametrize(
    ("urgent", "due", "decided"), [(False, date(2026, 3, 13), date(2026, 3, 19)), (True, date(2026, 3, 12), date(2026, 3, 12))]
)
def test_the_clock_of_a_review_runs_in_working_days_and_an_urgent_one_is_answered_the_same_day(
    urgent: bool, due: date, decided: date
) -> None:
    assert (referral_due(POLICY, NOW, urgent), decision_due(POLICY, NOW, urgent)) == (due, decided)


def test_the_clock_stands_still_over_easter() -> None:
    assert decision_due(POLICY, datetime(2026, 4, 2, 9, tzinfo=UTC), False) == date(2026, 4, 13)
