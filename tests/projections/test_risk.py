"""The risk in a case: the level through time, what the case is registered for, and what is due of each, from its history alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.case import Case
from domain.entry import correct_entry, withdraw_entry
from domain.register import MAPPA, MappaCategory, MappaLevel, deregister, register, review_registration
from domain.risk import Rosh, assess_rosh, note_significant_event
from domain.risk_review import ReviewState, ReviewStep, initiate_risk_review, move_risk_review
from domain.safeguarding import Agency, CheckResult, receive_response, request_checks
from domain.serious_further_offence import SfoStage, initiate_sfo, move_sfo
from projections.risk import Picture, picture
from projections.risk_due import Due, dues
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, YESTERDAY, Given, Step, did, supervised


def seen(case: Given[Case]) -> Picture:
    return picture(Story(case.history), POLICY)


def due(case: Given[Case], *, ended: bool = False) -> list[Due]:
    return dues(seen(case), POLICY, ended=ended)


def words(case: Given[Case], *, ended: bool = False) -> list[tuple[date, str]]:
    return [(item.due_on, item.what) for item in due(case, ended=ended)]


def on(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def assessed(level: Rosh, at: datetime) -> Step:
    return did(assess_rosh, at=at, level=level)


def test_a_case_of_which_no_risk_is_recorded_has_none_of_it() -> None:
    nothing = seen(supervised())
    assert nothing == Picture((), None, (), (), (), (), ())
    assert nothing.standing == dues(nothing, POLICY, ended=False) == []


# The level through time ------------------------------------------------------------------------------------------------


def test_the_line_of_levels_is_in_the_order_in_which_they_were_judged() -> None:
    late = did(assess_rosh, at=NOW, assessed_at=on(2), level=Rosh.LOW)
    line = seen(supervised(assessed(Rosh.MEDIUM, on(9)), late)).assessments
    assert [(point.number, point.on, point.level) for point in line] == [
        (NEXT + 1, date(2026, 3, 2), Rosh.LOW),
        (NEXT, date(2026, 3, 9), Rosh.MEDIUM),
    ]


@pytest.mark.parametrize(
    ("levels", "since"),
    [
        pytest.param((), None, id="never assessed"),
        pytest.param((Rosh.MEDIUM,), None, id="medium"),
        pytest.param((Rosh.HIGH,), date(2026, 3, 2), id="high"),
        pytest.param((Rosh.HIGH, Rosh.HIGH), date(2026, 3, 2), id="high again"),
        pytest.param((Rosh.HIGH, Rosh.VERY_HIGH), date(2026, 3, 2), id="higher still"),
        pytest.param((Rosh.HIGH, Rosh.LOW), None, id="no longer"),
        pytest.param((Rosh.HIGH, Rosh.MEDIUM, Rosh.VERY_HIGH), date(2026, 3, 4), id="high once more"),
    ],
)
def test_a_high_level_ages_from_the_day_it_was_assessed_until_it_falls(levels: tuple[Rosh, ...], since: date | None) -> None:
    assert seen(supervised(*(assessed(level, on(2 + i)) for i, level in enumerate(levels)))).high_since == since


def test_a_withdrawn_assessment_makes_nothing_high() -> None:
    case = supervised(assessed(Rosh.HIGH, on(2)))
    case.then(withdraw_entry)
    assert (seen(case).high_since, seen(case).assessments) == (None, ())


# Registers -------------------------------------------------------------------------------------------------------------


def test_a_registration_stands_as_it_was_last_reviewed() -> None:
    mappa = did(register, at=on(2), register=MAPPA, level=MappaLevel.TWO, category=MappaCategory.ONE)
    case = supervised(mappa)
    case.then(review_registration, at=on(9), level=MappaLevel.ONE, category=MappaCategory.ONE)
    (stands,) = seen(case).standing
    assert (stands.number, stands.last_number, stands.words) == (NEXT, NEXT + 1, "MAPPA level 1, category 1")
    assert (stands.since, stands.looked_at, stands.review_due_on) == (date(2026, 3, 2), date(2026, 3, 9), date(2026, 6, 9))
    assert words(case) == [(date(2026, 6, 9), "Review of a registration: MAPPA")]


def test_a_registration_that_ended_stands_no_more_and_nothing_of_it_is_due() -> None:
    case = supervised(did(register, at=on(2)), did(deregister, at=on(9)))
    (was,) = seen(case).registrations
    assert (was.ended_on, was.ended_by, was.words) == (date(2026, 3, 9), NEXT + 1, "Child protection")
    assert seen(case).standing == due(case) == []


def test_what_is_kept_for_information_is_no_alert() -> None:
    case = supervised(did(register, at=on(2)), did(register, at=on(2), register="IKMF"))
    assert [r.words for r in seen(case).standing if r.alerts] == ["Child protection"]


# Significant events ----------------------------------------------------------------------------------------------------

HAPPENED = did(note_significant_event, at=on(2))


def test_a_significant_event_wants_an_assessment() -> None:
    case = supervised(assessed(Rosh.MEDIUM, on(1)), HAPPENED)
    assert due(case) == [
        Due(
            date(2026, 3, 9),
            "RoSH after a significant event: arrest or charge",
            NEXT + 1,
            "risk.review_after_event_working_days",
            "5 working days after the event",
        )
    ]


def test_an_assessment_at_or_after_the_event_answers_it() -> None:
    assert seen(supervised(HAPPENED, assessed(Rosh.MEDIUM, on(2)))).events[0].assessed_by == NEXT + 1
    assert due(supervised(HAPPENED, assessed(Rosh.MEDIUM, on(5)))) == []


def test_an_event_that_was_withdrawn_wants_nothing_and_a_corrected_one_reads_as_corrected() -> None:
    case = supervised(HAPPENED)
    event = case.history[-1].event
    case.then(correct_entry, reads=type(event)(**{f: getattr(event, f) for f in event.__struct_fields__} | {"note": "For theft."}))
    assert seen(case).events[0].note == "For theft."
    case.then(withdraw_entry)
    assert seen(case).events == ()


# The referral to the NPS -----------------------------------------------------------------------------------------------


def referred(*steps: tuple[ReviewStep, int], urgent: bool = False) -> Given[Case]:
    moves = (did(move_risk_review, at=on(day), step=step, note="Because.") for step, day in steps)
    return supervised(did(initiate_risk_review, at=on(2), urgent=urgent), *moves)


FORM, RECEIVED = (ReviewStep.FORM_COMPLETED, 3), (ReviewStep.RECEIVED, 4)


@pytest.mark.parametrize(
    ("steps", "state", "waits_for"),
    [
        pytest.param((), ReviewState.BEGUN, [(date(2026, 3, 3), "Risk review: the referral form")], id="begun"),
        pytest.param((FORM,), ReviewState.SENT, [(date(2026, 3, 3), "Risk review: receipt of the referral by the NPS")], id="sent"),
        pytest.param((FORM, RECEIVED), ReviewState.WITH_NPS, [(date(2026, 3, 11), "Risk review: the decision of the NPS")], id="received"),
        pytest.param(
            (FORM, RECEIVED, (ReviewStep.INFORMATION_REQUESTED, 5)),
            ReviewState.AWAITING_INFORMATION,
            [(date(2026, 3, 11), "Risk review: further information for the NPS and its decision")],
            id="a question stops no clock",
        ),
        pytest.param(
            (FORM, RECEIVED, (ReviewStep.INFORMATION_REQUESTED, 5), (ReviewStep.INFORMATION_GIVEN, 6), (ReviewStep.DISCUSSED, 6)),
            ReviewState.WITH_NPS,
            [(date(2026, 3, 11), "Risk review: the decision of the NPS")],
            id="answered and discussed",
        ),
        pytest.param((FORM, RECEIVED, (ReviewStep.DECIDED_HIGH, 6)), ReviewState.HIGH, [], id="high"),
        pytest.param((FORM, RECEIVED, (ReviewStep.DECIDED_NOT_HIGH, 6)), ReviewState.NOT_HIGH, [], id="not high"),
        pytest.param((FORM, RECEIVED, (ReviewStep.WITHDRAWN, 6)), ReviewState.WITHDRAWN, [], id="withdrawn"),
        pytest.param(
            (FORM, RECEIVED, (ReviewStep.WITHDRAWN, 6), (ReviewStep.RESUMED, 9)),
            ReviewState.WITH_NPS,
            [(date(2026, 3, 16), "Risk review: the decision of the NPS")],
            id="resumed",
        ),
    ],
)
def test_a_referral_waits_for_its_next_step(steps: tuple[tuple[ReviewStep, int], ...], state: ReviewState, waits_for: object) -> None:
    case = referred(*steps)
    (review,) = seen(case).reviews
    assert (review.state, [step.words for step in review.steps]) == (state, [step.value for step, _ in steps])
    assert words(case) == waits_for


@pytest.mark.parametrize(
    ("steps", "urgent", "rule", "limit"),
    [
        ((), False, "refer_working_days", "1 working day after the referral was begun"),
        ((FORM,), False, "refer_working_days", "1 working day after the referral was begun"),
        ((FORM, RECEIVED), False, "decision_working_days", "5 working days after the NPS received it"),
        ((), True, "urgent_working_days", "An urgent referral: the same day"),
        ((FORM, RECEIVED), True, "urgent_working_days", "An urgent referral: the same day"),
    ],
)
def test_what_is_due_says_by_which_rule(steps: tuple[tuple[ReviewStep, int], ...], urgent: bool, rule: str, limit: str) -> None:
    (item,) = due(referred(*steps, urgent=urgent))
    assert (item.rule, item.limit) == (f"risk_review.{rule}", limit)
    assert item.rule in POLICY.sources


# Checks and further offences -------------------------------------------------------------------------------------------


def test_a_check_waits_for_its_answer_even_after_supervision() -> None:
    case = supervised(did(request_checks, at=on(2), agencies=(Agency.CHILDREN,)))
    waited_for = [(date(2026, 3, 16), "Answer to a safeguarding check: children’s services")]
    assert words(case) == words(case, ended=True) == waited_for
    case.then(receive_response, at=on(9), result=CheckResult.INFORMATION, note="A plan since January.")
    (check,) = seen(case).checks
    assert (check.result, check.answered_on, check.answered_by, check.answer) == (
        CheckResult.INFORMATION,
        date(2026, 3, 9),
        NEXT + 1,
        "A plan since January.",
    )
    assert due(case) == []


def test_a_further_offence_waits_for_its_notification_and_its_review() -> None:
    charged = did(initiate_sfo, at=YESTERDAY, in_court_on=date(2026, 3, 12))
    notify = (date(2026, 3, 26), "Serious further offence: notification")
    submit = (date(2026, 6, 11), "Serious further offence: review")
    case = supervised(charged)
    assert words(case) == words(case, ended=True) == [notify, submit]
    case.then(move_sfo)
    assert words(case) == [submit]
    case.then(move_sfo, stage=SfoStage.SUBMITTED)
    (offence,) = seen(case).offences
    assert (offence.stage, [step.words for step in offence.steps], due(case)) == (
        SfoStage.SUBMITTED,
        ["notification stages 1 and 2", "review submitted"],
        [],
    )


def test_without_a_day_in_court_no_notification_is_due_and_a_terminated_review_wants_nothing() -> None:
    case = supervised(did(initiate_sfo, at=YESTERDAY))
    assert words(case) == [(date(2026, 6, 11), "Serious further offence: review")]
    case.then(move_sfo, stage=SfoStage.TERMINATED, note="Acquitted.")
    assert due(case) == []


def test_after_supervision_registers_events_and_referrals_are_no_longer_due() -> None:
    case = supervised(did(register, at=on(2)), HAPPENED, did(initiate_risk_review, at=on(2)))
    assert [item.number for item in due(case)] == [NEXT + 2, NEXT + 1, NEXT]
    assert due(case, ended=True) == []


def test_every_rule_that_something_is_due_by_stands_in_the_policy() -> None:
    case = supervised(did(register, at=on(2)), HAPPENED, did(request_checks, at=on(2)), did(initiate_sfo, at=YESTERDAY))
    assert {item.rule for item in due(case)} <= set(POLICY.sources)
    assert sorted(due(case), key=lambda item: item.due_on) == due(case)
    assert all(item.due_on > (NOW - timedelta(days=9)).date() for item in due(case))
