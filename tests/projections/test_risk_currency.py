"""Currency of risk: each review, referral and registration is looked at in time, late, or not yet, and what nobody can tell is neither."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.allocation import AllocationReason
from domain.case import Case
from domain.entry import withdraw_entry
from domain.interruption import begin_interruption
from domain.organisation import ProviderKind
from domain.register import deregister, register, review_registration
from domain.risk import Rosh, assess_rosh, note_significant_event
from domain.risk_review import ReviewStep, initiate_risk_review, move_risk_review
from domain.sentence import end_sentence
from domain.transfer import accept_transfer, request_transfer
from projections.finding import Finding, Verdict
from projections.measures import MEASURES
from projections.story import Story
from tests.rules import NEXT, POLICY, Given, Step, did, supervised

TODAY = date(2026, 12, 1)
YES, NO, LEFT_OUT, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.LEFT_OUT, Verdict.NOT_EVIDENCED


def on(day: int, month: int = 3, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def found(case: Given[Case], measure: str, today: date = TODAY) -> list[Finding]:
    return MEASURES[measure].findings(Story(case.history), POLICY, today)


def said(case: Given[Case], measure: str, today: date = TODAY) -> list[tuple[Verdict, str]]:
    return [(f.verdict, f.why) for f in found(case, measure, today)]


def assessed(at: datetime, level: Rosh = Rosh.MEDIUM, **details: Any) -> Step:
    return did(assess_rosh, at=at, level=level, **details)


def ended(at: datetime) -> Step:
    return did(end_sentence, at=at, ended_at=at)


# RoSH reviewed in time -------------------------------------------------------------------------------------------------

FIRST = assessed(on(2))
"""Due again on 2 September, six months later."""


@pytest.mark.parametrize(
    ("again", "verdict", "why"),
    [
        (on(1, 9), YES, "Assessed again on 1 September 2026"),
        (on(2, 9, 20), YES, "Assessed again on 2 September 2026"),
        (on(4, 9), NO, "Assessed again on 4 September 2026, 2 working days after the limit"),
    ],
)
def test_an_assessment_is_due_again_after_the_policy_s_months(again: datetime, verdict: Verdict, why: str) -> None:
    first = found(supervised(FIRST, assessed(again)), "rosh-reviewed", date(2026, 9, 30))[0]
    assert (first.verdict, first.why) == (verdict, why)
    assert (first.number, first.on, first.month) == (NEXT + 1, date(2026, 3, 2), date(2026, 9, 1))


def test_the_last_assessment_waits_for_its_day_and_is_late_after_it() -> None:
    case = supervised(FIRST)
    assert said(case, "rosh-reviewed", date(2026, 9, 2)) == [(LEFT_OUT, "The limit has not run out: 2 September 2026")]
    assert said(case, "rosh-reviewed", date(2026, 9, 3)) == [(NO, "Not done; the limit ran out on 2 September 2026")]


def test_a_sooner_day_that_was_set_is_the_limit() -> None:
    case = supervised(assessed(on(2), review_due_on=date(2026, 4, 2)), assessed(on(3, 4)))
    assert said(case, "rosh-reviewed")[0] == (NO, "Assessed again on 3 April 2026, after the limit and before the next working day")


def test_under_a_policy_with_a_shorter_period_that_period_is_the_limit() -> None:
    shorter = replace(POLICY, rosh_review_months=3, version="shorter")
    (first, _) = MEASURES["rosh-reviewed"].findings(Story(supervised(FIRST, assessed(on(2, 7))).history), shorter, TODAY)
    assert first.verdict is NO


def test_once_supervision_has_ended_no_review_is_due_and_a_later_one_does_not_make_it_late() -> None:
    assert said(supervised(FIRST, ended(on(2, 9))), "rosh-reviewed") == [(LEFT_OUT, "Supervision ended before the limit")]
    assert said(supervised(FIRST, ended(on(3, 9))), "rosh-reviewed") == [(NO, "Not done; the limit ran out on 2 September 2026")]
    assert said(supervised(FIRST, assessed(on(1, 6)), ended(on(9, 6))), "rosh-reviewed")[0][0] is YES


def test_a_review_is_due_though_the_person_is_in_custody() -> None:
    assert said(supervised(FIRST, did(begin_interruption, at=on(3))), "rosh-reviewed")[0][0] is NO


def test_a_withdrawn_assessment_neither_reviews_nor_is_reviewed() -> None:
    case = supervised(FIRST, assessed(on(1, 4)), did(withdraw_entry, at=on(2, 4), entry=NEXT + 1))
    assert said(case, "rosh-reviewed") == [(NO, "Not done; the limit ran out on 2 September 2026")]


# After a significant event ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("again", "verdict", "why"),
    [
        (on(2, hour=12), YES, "Assessed on 2 March 2026"),
        (on(9), YES, "Assessed on 9 March 2026"),
        (on(10), NO, "Assessed on 10 March 2026, 1 working day after the limit"),
    ],
)
def test_after_an_event_the_risk_is_assessed_within_five_working_days(again: datetime, verdict: Verdict, why: str) -> None:
    case = supervised(did(note_significant_event, at=on(2)), assessed(again))
    assert said(case, "rosh-after-event") == [(verdict, why)]


def test_an_event_without_an_assessment_waits_then_is_late_unless_supervision_ended() -> None:
    case = supervised(assessed(on(1)), did(note_significant_event, at=on(2)))
    assert said(case, "rosh-after-event", date(2026, 3, 9)) == [(LEFT_OUT, "The limit has not run out: 9 March 2026")]
    assert said(case, "rosh-after-event", date(2026, 3, 10)) == [(NO, "Not done; the limit ran out on 9 March 2026")]
    gone = supervised(did(note_significant_event, at=on(2)), ended(on(5)))
    assert said(gone, "rosh-after-event") == [(LEFT_OUT, "Supervision ended before the limit")]


# Registrations ---------------------------------------------------------------------------------------------------------

CHILD = did(register, at=on(2), register="RCPR")
"""Child protection, looked at again every three months: by 2 June."""


def looked(at: datetime) -> Step:
    return did(review_registration, at=at)


@pytest.mark.parametrize(
    ("then", "verdict", "why"),
    [
        ([looked(on(2, 6))], YES, "Child protection: reviewed on 2 June 2026"),
        ([looked(on(3, 6))], NO, "Child protection: reviewed on 3 June 2026, 1 working day after the limit"),
        ([], NO, "Not done; the limit ran out on 2 June 2026"),
        ([did(deregister, at=on(2, 6))], LEFT_OUT, "Child protection: it ended before the review was due"),
        ([did(deregister, at=on(4, 6))], NO, "Child protection: ended on 4 June 2026, 2 working days after the limit"),
        ([ended(on(2, 6))], LEFT_OUT, "Supervision ended before the limit"),
    ],
    ids=["in time", "late", "never", "ended in time", "ended late", "supervision ended"],
)
def test_a_registration_is_reviewed_or_ended_by_the_day_that_was_set(then: list[Step], verdict: Verdict, why: str) -> None:
    assert said(supervised(CHILD, *then), "registrations-reviewed", date(2026, 6, 30))[0] == (verdict, why)


def test_each_review_sets_the_day_of_the_next() -> None:
    case = supervised(CHILD, looked(on(1, 6)))
    assert [f.month for f in found(case, "registrations-reviewed")] == [date(2026, 6, 1), date(2026, 9, 1)]
    assert said(case, "registrations-reviewed", date(2026, 9, 1))[1] == (LEFT_OUT, "The limit has not run out: 1 September 2026")


def test_a_sooner_day_that_was_set_for_a_registration_is_its_limit() -> None:
    case = supervised(did(register, at=on(2), register="RCPR", review_due_on=date(2026, 4, 1)), looked(on(9, 4)))
    assert said(case, "registrations-reviewed")[0][0] is NO


# Referrals -------------------------------------------------------------------------------------------------------------

BEGUN = did(initiate_risk_review, at=on(2))
"""A Monday."""


def moved(at: datetime, step: ReviewStep, number: int = NEXT) -> Step:
    return did(move_risk_review, at=at, review=number, step=step, note="Said why.")


def sent(at: datetime, number: int = NEXT) -> Step:
    return moved(at, ReviewStep.FORM_COMPLETED, number)


@pytest.mark.parametrize(
    ("then", "verdict", "why"),
    [
        ([sent(on(3))], YES, "Referral sent on 3 March 2026"),
        ([sent(on(4))], NO, "Referral sent on 4 March 2026, 1 working day after the limit"),
        ([], NO, "Not done; the limit ran out on 3 March 2026"),
        ([moved(on(3), ReviewStep.WITHDRAWN)], LEFT_OUT, "It was withdrawn before it was sent"),
        ([sent(on(5)), moved(on(6), ReviewStep.WITHDRAWN)], NO, "Referral sent on 5 March 2026, 2 working days after the limit"),
        ([ended(on(3))], LEFT_OUT, "Supervision ended before the limit"),
    ],
    ids=["the next working day", "a day late", "never", "withdrawn unsent", "withdrawn afterwards", "supervision ended"],
)
def test_a_referral_is_sent_within_a_working_day(then: list[Step], verdict: Verdict, why: str) -> None:
    assert said(supervised(BEGUN, *then), "risk-referral-sent") == [(verdict, why)]


def test_an_urgent_referral_is_sent_on_the_day() -> None:
    case = supervised(did(initiate_risk_review, at=on(2), urgent=True), sent(on(3)))
    assert said(case, "risk-referral-sent")[0][0] is NO


WITH_NPS = [BEGUN, sent(on(2)), moved(on(4), ReviewStep.RECEIVED)]
"""Received on Wednesday 4 March: a decision is due by Wednesday 11 March."""


@pytest.mark.parametrize(
    ("then", "verdict", "why"),
    [
        ([moved(on(11), ReviewStep.DECIDED_HIGH)], YES, "Decided on 11 March 2026"),
        ([moved(on(12), ReviewStep.DECIDED_NOT_HIGH)], NO, "Decided on 12 March 2026, 1 working day after the limit"),
        ([], NO, "Not done; the limit ran out on 11 March 2026"),
        ([moved(on(9), ReviewStep.WITHDRAWN)], LEFT_OUT, "It was withdrawn before the decision"),
        (
            [moved(on(5), ReviewStep.INFORMATION_REQUESTED), moved(on(12), ReviewStep.INFORMATION_GIVEN)],
            NO,
            "Not done; the limit ran out on 11 March 2026",
        ),
        (
            [moved(on(9), ReviewStep.WITHDRAWN), moved(on(16), ReviewStep.RESUMED), moved(on(23), ReviewStep.DECIDED_HIGH)],
            YES,
            "Decided on 23 March 2026",
        ),
        ([ended(on(11))], LEFT_OUT, "Supervision ended before the limit"),
    ],
    ids=["in time", "late", "never", "withdrawn", "a question stops no clock", "resumed", "supervision ended"],
)
def test_the_nps_answers_within_five_working_days_of_receipt(then: list[Step], verdict: Verdict, why: str) -> None:
    assert said(supervised(*WITH_NPS, *then), "risk-review-answered") == [(verdict, why)]


def test_what_the_nps_has_not_received_waits_for_no_answer() -> None:
    assert said(supervised(BEGUN, sent(on(3))), "risk-review-answered") == []


# High risk in a CRC ----------------------------------------------------------------------------------------------------

CRC, NPS = ProviderKind.CRC, ProviderKind.NPS
HIGH = assessed(on(2), Rosh.HIGH, held_by=CRC)


def accepted(at: datetime, to: ProviderKind = NPS) -> list[Step]:
    asked = did(request_transfer, at=at, to_provider="N03", reason=AllocationReason.RISK, from_kind=CRC, to_kind=to)
    return [asked, did(accept_transfer, at=at)]


@pytest.mark.parametrize(
    ("then", "verdict", "why"),
    [
        ([did(initiate_risk_review, at=on(2)), sent(on(3), NEXT + 1)], YES, "Referred to the NPS on 3 March 2026"),
        (
            [did(initiate_risk_review, at=on(2)), sent(on(4), NEXT + 1)],
            NO,
            "Referred to the NPS on 4 March 2026, 1 working day after the limit",
        ),
        ([did(initiate_risk_review, at=on(2))], NO, "Not done; the limit ran out on 3 March 2026"),
        (accepted(on(3)), YES, "Referred to the NPS on 3 March 2026"),
        (accepted(on(3), CRC), NO, "Not done; the limit ran out on 3 March 2026"),
        ([assessed(on(3))], LEFT_OUT, "The level was assessed as lower before the limit"),
        ([assessed(on(4))], NO, "Not done; the limit ran out on 3 March 2026"),
        ([ended(on(3))], LEFT_OUT, "Supervision ended before the limit"),
    ],
    ids=["sent", "sent late", "only begun", "taken by the NPS", "to another CRC", "lower in time", "lower too late", "supervision ended"],
)
def test_a_case_found_high_in_a_crc_is_referred_within_a_working_day(then: list[Step], verdict: Verdict, why: str) -> None:
    case = supervised(HIGH, *then)
    assert said(case, "high-in-crc") == [(verdict, why)]
    (finding,) = found(case, "high-in-crc")
    assert finding.holder is not None
    assert (finding.holder.provider, finding.on) == ("C10", date(2026, 3, 2))


def test_until_the_limit_runs_out_a_case_found_high_is_left_out() -> None:
    assert said(supervised(HIGH), "high-in-crc", date(2026, 3, 3)) == [(LEFT_OUT, "The limit has not run out: 3 March 2026")]


@pytest.mark.parametrize(
    ("before", "verdict"),
    [
        ([BEGUN, sent(on(2, hour=11))], YES),
        ([BEGUN, sent(on(2, hour=11)), moved(on(3), ReviewStep.RECEIVED), moved(on(9), ReviewStep.DECIDED_HIGH)], YES),
        ([BEGUN, sent(on(2, hour=11)), moved(on(3), ReviewStep.RECEIVED), moved(on(9), ReviewStep.DECIDED_NOT_HIGH)], NO),
        (
            [BEGUN, sent(on(2)), moved(on(3), ReviewStep.RECEIVED), moved(on(4), ReviewStep.DECIDED_HIGH), assessed(on(5), held_by=CRC)],
            NO,
        ),
        ([BEGUN], NO),
    ],
    ids=["under way", "just found high", "found not high", "found high before a lower level", "begun and not sent"],
)
def test_a_referral_sent_before_the_assessment_counts_if_it_is_about_this_level(before: list[Step], verdict: Verdict) -> None:
    case = supervised(*before, assessed(on(10), Rosh.HIGH, held_by=CRC))
    assert [v for v, _ in said(case, "high-in-crc")] == [verdict]


def test_the_clock_starts_once_for_as_long_as_the_level_stays_high() -> None:
    case = supervised(HIGH, assessed(on(4), Rosh.VERY_HIGH, held_by=CRC), assessed(on(9)), assessed(on(16), Rosh.HIGH, held_by=CRC))
    assert [f.on for f in found(case, "high-in-crc")] == [date(2026, 3, 2), date(2026, 3, 16)]


def test_cases_of_the_nps_and_lower_levels_are_not_asked_about() -> None:
    assert said(supervised(assessed(on(2), Rosh.VERY_HIGH, held_by=NPS)), "high-in-crc") == []
    assert said(supervised(assessed(on(2), held_by=CRC)), "high-in-crc") == []


def test_a_case_that_comes_from_the_nps_to_a_crc_at_a_high_level_starts_the_clock_with_the_crc_s_assessment() -> None:
    case = supervised(assessed(on(2), Rosh.HIGH, held_by=NPS), assessed(on(9), Rosh.HIGH, held_by=CRC))
    assert [f.on for f in found(case, "high-in-crc")] == [date(2026, 3, 9)]


def test_where_the_kind_of_provider_was_not_recorded_it_is_not_evidenced() -> None:
    assert said(supervised(assessed(on(2), Rosh.HIGH)), "high-in-crc") == [(UNKNOWN, "It was not recorded whether a CRC held the case")]
    lowered = supervised(assessed(on(2), Rosh.HIGH), assessed(on(3)))
    assert said(lowered, "high-in-crc") == [(LEFT_OUT, "The level was assessed as lower before the limit")]
