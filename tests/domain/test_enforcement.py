"""Enforcement actions: one of NDelius's own, about failures that stand; a step off the ladder says why."""

from datetime import date, timedelta

import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case
from domain.enforcement import ACTIONS, USUAL, EnforcementActionTaken, take_enforcement_action, warnings
from domain.entry import correct_entry, withdraw_entry
from domain.evidence import decide_evidence, standing_entries
from domain.outcome import OUTCOMES
from tests.rules import NEXT, NOW, TOMORROW, YESTERDAY, Given, Step, did, supervised

DAY = timedelta(days=1)
FIRST, WARNED, SECOND = NEXT + 1, NEXT + 2, NEXT + 4
REASON = "Enter why this step is taken."


def missed(*steps: Step, outcome: str = "UAAB") -> Given[Case]:
    return supervised(did(arrange_appointment, starts_at=YESTERDAY), did(record_outcome, at=NOW, outcome=outcome), *steps)


def again(*steps: Step) -> Given[Case]:
    """A failure of yesterday that was warned about today, and another failure tomorrow."""
    return missed(
        did(take_enforcement_action, at=NOW),
        did(arrange_appointment, at=NOW),
        did(record_outcome, at=TOMORROW, appointment=NEXT + 3, outcome="UAAB"),
        *steps,
    )


def test_each_action_is_found_by_its_own_code_and_no_two_read_alike() -> None:
    assert len(ACTIONS) == 22
    assert all(code == action.code for code, action in ACTIONS.items())
    assert len({action.description for action in ACTIONS.values()}) == len(ACTIONS)
    assert set(USUAL) <= set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_words_of_an_action_agree_with_what_it_does(action: str) -> None:
    row = ACTIONS[action]
    assert (row.does == "warns") == ("warning letter sent" in row.description)
    assert row.answered == (action in {"EA02", "EA03", "EA04", "EA05", "EA08", "EA12"})
    assert (row.outstanding is True) == (action in {"ROM", "EA06", "EA09", "EA12", "IMB", "BRE01", "WLS"})


def test_a_warning_about_a_failure_is_answered_within_the_policys_days() -> None:
    event = missed().when(take_enforcement_action).event
    assert isinstance(event, EnforcementActionTaken)
    assert (event.action, event.failures, event.respond_by, event.reason) == ("EA02", (FIRST,), date(2026, 3, 19), "")


@pytest.mark.parametrize("action", ACTIONS)
def test_any_action_there_is_can_be_taken_with_a_reason(action: str) -> None:
    case = missed(did(take_enforcement_action, at=NOW))
    event = case.when(take_enforcement_action, action=action, reason="As agreed with the manager.").event
    assert (event.respond_by is not None) == ACTIONS[action].answered


def test_an_action_must_be_one_there_is() -> None:
    missed().when(take_enforcement_action, action="EA99").refused("Select the enforcement action.", "action")


@pytest.mark.parametrize("outcome", [code for code, row in OUTCOMES.items() if not row.enforceable])
def test_nobody_is_warned_about_what_is_no_failure(outcome: str) -> None:
    missed(outcome=outcome).when(take_enforcement_action).refused(
        "Select failures to attend or comply that stand in this case.", "failures"
    )


@pytest.mark.parametrize("action", ["EA02", "EA03", "EA04", "EA06", "EA07"])
def test_a_warning_is_about_a_failure(action: str) -> None:
    missed().when(take_enforcement_action, action=action, failures=()).refused("Select the failure that the warning is about.", "failures")


def test_nobody_is_warned_about_a_failure_whose_reason_was_accepted() -> None:
    missed(did(decide_evidence, at=NOW)).when(take_enforcement_action).refused(
        "The reason for that failure was accepted, so there is nothing to warn about.", "failures"
    )


def test_an_action_lies_between_the_failure_and_now() -> None:
    missed().when(take_enforcement_action, taken_at=TOMORROW).refused("The date and time must be in the past.", "taken_at")
    missed().when(take_enforcement_action, taken_at=YESTERDAY - DAY).refused(
        "The action cannot be before the failure that it is about.", "taken_at"
    )


def test_a_response_is_not_due_before_the_action() -> None:
    missed().when(take_enforcement_action, respond_by=YESTERDAY.date()).refused(
        "The day to respond by cannot be before the action.", "respond_by"
    )
    assert missed().when(take_enforcement_action, respond_by=NOW.date()).event.respond_by == NOW.date()


@pytest.mark.parametrize("action", ["NFA", "EA05", "EA11", "BIP", "LCL"])
def test_letting_a_failure_pass_or_taking_another_step_needs_a_reason(action: str) -> None:
    missed().when(take_enforcement_action, action=action).refused(REASON, "reason")


def test_a_warning_where_the_ladder_leads_to_breach_needs_a_reason() -> None:
    again().when(take_enforcement_action, now=TOMORROW, action="EA03", failures=(SECOND,)).refused(REASON, "reason")
    assert again().when(take_enforcement_action, now=TOMORROW, action="EA03", failures=(SECOND,), reason="He rang at once.").events


def test_a_warning_about_a_failure_still_awaiting_its_reason_needs_a_reason() -> None:
    missed(outcome="AFTA").when(take_enforcement_action).refused(REASON, "reason")


def test_asking_for_a_letter_needs_none() -> None:
    assert missed().when(take_enforcement_action, action="WLS").events


def stands(case: Given[Case]) -> list[int]:
    return [warning.number for warning in warnings(standing_entries(case.state))]


def test_a_warning_stands_until_it_is_taken_back_or_withdrawn_as_an_entry() -> None:
    warned = did(take_enforcement_action, at=NOW)
    taken_back = did(take_enforcement_action, at=NOW, action="EA07", reason="A medical note came.")
    assert stands(missed(warned)) == [WARNED]
    assert stands(missed(warned, taken_back)) == []
    assert stands(missed(warned, did(withdraw_entry, entry=WARNED, at=NOW))) == []


def test_a_warning_that_does_not_stand_is_not_taken_back() -> None:
    missed().when(take_enforcement_action, action="EA07", reason="Sent in error.").refused(
        "No warning about that failure stands.", "failures"
    )


def test_a_mistyped_action_is_corrected_under_the_same_rules() -> None:
    case = missed(did(take_enforcement_action, at=NOW))
    wrong = case.history[-1].event
    assert isinstance(wrong, EnforcementActionTaken)

    def reads(**changes: object) -> EnforcementActionTaken:
        told = {"action": wrong.action, "failures": wrong.failures, **changes}
        return EnforcementActionTaken(occurred_at=wrong.occurred_at, by=wrong.by, **told)

    assert case.when(correct_entry, entry=WARNED, reads=reads(action="EA04")).events
    case.when(correct_entry, entry=WARNED, reads=reads(action="XX")).refused("Select the enforcement action.", "action")
    case.when(correct_entry, entry=WARNED, reads=reads(failures=(2,))).refused(
        "Select failures to attend or comply that stand in this case.", "failures"
    )
