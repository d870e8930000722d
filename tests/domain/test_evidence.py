"""Failures and their reasons: awaited until a day, shown, accepted or not, early or late; a failure stays one in the record."""

from datetime import date, timedelta

import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case
from domain.entry import correct_entry, withdraw_entry
from domain.evidence import (
    Evidence,
    EvidenceAwaited,
    EvidenceDecided,
    Failure,
    Stand,
    await_evidence,
    decide_evidence,
    failures,
    in_window,
    is_failure,
    standing_entries,
)
from domain.outcome import OUTCOMES
from domain.upw_session import record_upw_attendance
from tests.rules import NEXT, NOW, POLICY, TOMORROW, UNPAID_WORK, YESTERDAY, Given, Step, did, supervised

FAILED = NEXT + 1
FAILURES = {"AFTC", "ATSH", "ATFI", "AFTA", "UAAB"}
DAY = timedelta(days=1)


def missed(outcome: str = "UAAB", *steps: Step) -> Given[Case]:
    """An appointment of yesterday with this outcome, then these steps."""
    return supervised(did(arrange_appointment, starts_at=YESTERDAY), did(record_outcome, at=NOW, outcome=outcome), *steps)


def found(case: Given[Case]) -> list[Failure]:
    return list(failures(standing_entries(case.state), POLICY))


def only(case: Given[Case]) -> Failure:
    [failure] = found(case)
    return failure


def decided(accepted: bool, **details: object) -> Step:
    return did(decide_evidence, at=NOW, accepted=accepted, **details)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_which_of_all_outcomes_is_a_failure_and_which_leaves_the_reason_open(outcome: str) -> None:
    assert is_failure(outcome) == (outcome in FAILURES)
    stands = [failure.stand for failure in found(missed(outcome))]
    assert stands == ([] if outcome not in FAILURES else [Stand.AWAITED if outcome == "AFTA" else Stand.COUNTS])


@pytest.mark.parametrize("outcome", sorted(FAILURES))
@pytest.mark.parametrize("awaited", [False, True], ids=["nothing asked", "evidence asked for"])
@pytest.mark.parametrize("answer", [None, True, False], ids=["undecided", "accepted", "not accepted"])
def test_how_a_failure_stands_follows_from_its_outcome_what_was_asked_and_what_was_decided(
    outcome: str, awaited: bool, answer: bool | None
) -> None:
    steps = [did(await_evidence, at=NOW)] * awaited + ([] if answer is None else [decided(answer)])
    waiting = Stand.AWAITED if awaited or outcome == "AFTA" else Stand.COUNTS
    expected = {None: waiting, True: Stand.ACCEPTED, False: Stand.COUNTS}[answer]
    assert only(missed(outcome, *steps)).stand is expected


def test_a_failure_of_unpaid_work_is_a_failure_like_any_other() -> None:
    worked = did(record_upw_attendance, at=NOW, requirement=UNPAID_WORK, outcome="UAAB", minutes_credited=0)
    assert only(supervised(worked)).number == NEXT


def test_a_reason_not_yet_decided_is_awaited_for_the_policys_days_from_the_failure() -> None:
    assert only(missed("AFTA")).awaited_until == date(2026, 3, 18)


def test_a_reason_asked_for_is_awaited_until_the_day_given() -> None:
    event = missed().when(await_evidence).event
    assert isinstance(event, EvidenceAwaited)
    assert event.due_on == date(2026, 3, 19)
    assert only(missed("AFTA", did(await_evidence, at=NOW, due_on=date(2026, 3, 14)))).awaited_until == date(2026, 3, 14)


@pytest.mark.parametrize("due_on", [date(2026, 3, 11), date(2026, 3, 20)], ids=["yesterday", "eight days on"])
def test_a_reason_is_asked_for_within_the_policys_days(due_on: date) -> None:
    missed().when(await_evidence, due_on=due_on).refused("The reason must be shown between today and 19 March 2026.", "due_on")


def test_what_was_decided_is_not_asked_for_again() -> None:
    missed("UAAB", decided(False)).when(await_evidence).refused(
        "It has been decided already whether the reason for this failure is accepted.", "failure"
    )


@pytest.mark.parametrize("command", [await_evidence, decide_evidence])
@pytest.mark.parametrize("outcome", ["ATTC", "AAME"])
def test_only_a_failure_that_stands_needs_a_reason(command: object, outcome: str) -> None:
    words = "Select failures to attend or comply that stand in this case."
    missed(outcome).when(command).refused(words, "failure")
    missed("UAAB", did(withdraw_entry, entry=FAILED, at=NOW)).when(command).refused(words, "failure")


def test_a_decision_says_what_was_shown_and_why() -> None:
    event = missed("AFTA").when(decide_evidence).event
    assert isinstance(event, EvidenceDecided)
    assert (event.failure, event.evidence, event.accepted, event.reason) == (
        FAILED,
        Evidence.MEDICAL,
        True,
        "Was in hospital that day.",
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_either_way_says_why(accepted: bool) -> None:
    missed().when(decide_evidence, accepted=accepted, reason=" ").refused(
        "Enter what was said or shown and why it is accepted or not.", "reason"
    )


def test_a_decision_lies_between_the_failure_and_now() -> None:
    missed().when(decide_evidence, decided_at=TOMORROW).refused("The date and time must be in the past.", "decided_at")
    missed().when(decide_evidence, decided_at=YESTERDAY - DAY).refused("The decision cannot be before the failure.", "decided_at")


def test_an_acceptable_reason_given_late_keeps_the_failure_and_takes_it_off_the_ladder() -> None:
    late = missed("UAAB", decided(False), did(decide_evidence, at=NOW + 30 * DAY))
    assert only(late).stand is Stand.ACCEPTED


def test_a_later_decision_must_be_another_one() -> None:
    missed("UAAB", decided(True)).when(decide_evidence).refused("That is how it has been decided already.", "accepted")
    assert missed("UAAB", decided(True)).when(decide_evidence, accepted=False).events


def test_the_service_is_aware_on_the_day_of_the_failure_or_when_an_awaited_reason_was_not_accepted() -> None:
    later = did(decide_evidence, at=NOW + 3 * DAY, accepted=False)
    assert only(missed("UAAB")).aware_on == YESTERDAY.date()
    assert only(missed("UAAB", later)).aware_on == YESTERDAY.date()
    assert only(missed("AFTA", later)).aware_on == (NOW + 3 * DAY).date()


def test_a_correction_and_a_withdrawal_of_the_outcome_decide_whether_there_is_a_failure() -> None:
    excused = missed("AAME").history[-1].event
    assert found(missed("UAAB", did(correct_entry, entry=FAILED, reads=excused, at=NOW))) == []
    assert found(missed("UAAB", did(withdraw_entry, entry=FAILED, at=NOW))) == []
    blamed = missed("UAAB").history[-1].event
    assert only(missed("AAME", did(correct_entry, entry=FAILED, reads=blamed, at=NOW))).stand is Stand.COUNTS


def test_the_window_is_the_last_twelve_months_to_the_day_the_newest_first() -> None:
    case = missed()
    case.then(arrange_appointment, at=NOW, starts_at=TOMORROW)
    case.then(record_outcome, at=TOMORROW, appointment=NEXT + 2, outcome="ATSH")
    everything = found(case)
    assert [f.outcome for f in in_window(everything, date(2027, 3, 10), POLICY)] == ["ATSH", "UAAB"]
    assert [f.outcome for f in in_window(everything, date(2027, 3, 11), POLICY)] == ["ATSH"]
    assert in_window(everything, date(2027, 3, 13), POLICY) == []


def test_old_history_about_what_is_no_failure_is_read_as_it_is() -> None:
    case = supervised()
    case.record(EvidenceDecided(occurred_at=NOW, by="SIAN", failure=99, evidence=Evidence.OTHER, accepted=True))
    assert found(case) == []
