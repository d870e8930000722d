"""A serious further offence: under supervision or soon after it, notified and reviewed stage by stage, each on its clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.case import Case
from domain.sentence import end_sentence
from domain.serious_further_offence import (
    BEFORE_NOTIFICATION,
    BEFORE_REVIEW,
    NEEDS_NOTE,
    NEXT,
    SfoInitiated,
    SfoMoved,
    SfoStage,
    initiate_sfo,
    move_sfo,
    notification_due,
    review_due,
)
from tests.rules import NEXT as FIRST
from tests.rules import POLICY, YESTERDAY, Given, did, supervised

S = SfoStage
WAYS: dict[SfoStage, tuple[SfoStage, ...]] = {
    S.INITIATED: (),
    S.NOTIFIED: (S.NOTIFIED,),
    S.STAGE_3: (S.NOTIFIED, S.STAGE_3),
    S.SUBMITTED: (S.NOTIFIED, S.SUBMITTED),
    S.RESPONDED: (S.NOTIFIED, S.SUBMITTED, S.RESPONDED),
    S.OUTCOME: (S.NOTIFIED, S.SUBMITTED, S.OUTCOME),
    S.PROGRESS: (S.NOTIFIED, S.SUBMITTED, S.OUTCOME, S.PROGRESS),
    S.TERMINATED: (S.TERMINATED,),
}
"""A way to each stage."""
LAWFUL = {
    (S.INITIATED, S.NOTIFIED),
    (S.NOTIFIED, S.STAGE_3),
    (S.NOTIFIED, S.SUBMITTED),
    (S.STAGE_3, S.SUBMITTED),
    (S.SUBMITTED, S.RESPONDED),
    (S.SUBMITTED, S.OUTCOME),
    (S.RESPONDED, S.SUBMITTED),
    (S.RESPONDED, S.OUTCOME),
    (S.OUTCOME, S.PROGRESS),
    (S.PROGRESS, S.PROGRESS),
    *((stage, S.TERMINATED) for stage in S if stage is not S.TERMINATED),
}


def at(stage: SfoStage) -> Given[Case]:
    steps = (did(move_sfo, at=YESTERDAY, stage=step, note="Because.") for step in WAYS[stage])
    case = supervised(did(initiate_sfo, at=YESTERDAY), *steps)
    assert case.state.further_offences[FIRST].stage == stage
    return case


@pytest.mark.parametrize(("stage", "then"), [(stage, then) for stage in S for then in S], ids=str)
def test_a_stage_follows_where_the_table_says_and_nowhere_else(stage: SfoStage, then: SfoStage) -> None:
    answer = at(stage).when(move_sfo, stage=then, note="Because.")
    if (stage, then) in LAWFUL:
        assert isinstance(answer.event, SfoMoved)
        assert (answer.event.sfo, answer.event.stage, answer.event.note) == (FIRST, then, "Because.")
    else:
        answer.refused(f"That cannot follow now. It stands at: {stage}.", "stage")


def test_the_table_says_so_of_every_stage() -> None:
    assert {(stage, then) for stage, thens in NEXT.items() for then in thens} == LAWFUL
    assert set(NEXT) == set(S)
    assert BEFORE_NOTIFICATION < BEFORE_REVIEW < set(S)


@pytest.mark.parametrize(("stage", "message"), [(S.OUTCOME, "Enter what the outcome is."), (S.TERMINATED, "Enter why it is terminated.")])
def test_an_outcome_and_a_termination_are_put_in_words(stage: SfoStage, message: str) -> None:
    assert stage in NEEDS_NOTE
    at(S.SUBMITTED).when(move_sfo, stage=stage, note=" ").refused(message, "note")


def test_a_charge_is_recorded_with_its_days() -> None:
    event = supervised().when(initiate_sfo, in_court_on=date(2026, 3, 13), note="Charged with wounding.").event
    assert isinstance(event, SfoInitiated)
    assert (event.offence_on, event.charged_on, event.in_court_on, event.note) == (
        date(2026, 3, 9),
        date(2026, 3, 11),
        date(2026, 3, 13),
        "Charged with wounding.",
    )


@pytest.mark.parametrize(
    ("details", "message", "field"),
    [
        ({"offence_on": date(2026, 3, 13)}, "The date of the offence must be today or in the past.", "offence_on"),
        ({"charged_on": date(2026, 3, 13)}, "The date of the charge must be from the offence to today.", "charged_on"),
        ({"charged_on": date(2026, 3, 8)}, "The date of the charge must be from the offence to today.", "charged_on"),
        ({"in_court_on": date(2026, 3, 10)}, "The court appearance cannot be before the charge.", "in_court_on"),
        ({"offence_on": date(2026, 1, 11)}, "The offence was before supervision began, so it is no further offence.", "offence_on"),
    ],
    ids=["in the future", "charged in the future", "charged before the offence", "in court before the charge", "before supervision"],
)
def test_days_that_cannot_be_are_refused(details: dict[str, Any], message: str, field: str) -> None:
    supervised().when(initiate_sfo, **details).refused(message, field)


ENDED = did(end_sentence, at=datetime(2026, 2, 2, 12, tzinfo=UTC), ended_at=datetime(2026, 2, 2, 9, tzinfo=UTC))


def test_an_offence_soon_after_supervision_counts_to_the_last_working_day_of_the_policy() -> None:
    case = supervised(ENDED)
    assert case.when(initiate_sfo, offence_on=date(2026, 3, 2)).events
    case.when(initiate_sfo, offence_on=date(2026, 3, 3)).refused(
        "The offence was after 2 March 2026, too long after supervision to be a further offence.", "offence_on"
    )


def test_a_stage_is_not_before_the_one_that_it_follows_and_belongs_to_an_offence() -> None:
    at(S.INITIATED).when(move_sfo, moved_at=YESTERDAY - timedelta(days=1)).refused(
        "A stage cannot be before the one that it follows.", "moved_at"
    )
    supervised().when(move_sfo).refused("There is no such serious further offence in this case.")


def test_the_clocks_run_from_the_court_appearance_and_from_the_start_of_the_review() -> None:
    assert notification_due(POLICY, date(2026, 3, 12)) == date(2026, 3, 26)
    assert notification_due(POLICY, date(2026, 4, 2)) == date(2026, 4, 20)
    assert review_due(POLICY, date(2026, 11, 30)) == date(2027, 2, 28)
