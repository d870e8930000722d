"""Unpaid work is instructed ahead, each instruction after the first with its reason, and acknowledged once."""

from datetime import timedelta
from typing import Any

import pytest

from domain.requirement import RequirementKind
from domain.sentence import end_sentence, start_sentence
from domain.upw_completion import complete_upw
from domain.upw_instruction import (
    AcknowledgedBy,
    InstructedAgain,
    InstructionAcknowledged,
    InstructionKind,
    InstructionMethod,
    LetterLanguage,
    UpwInstructed,
    acknowledge_instruction,
    instruct_upw,
    standing_instruction,
)
from domain.upw_suspension import resume_upw, suspend_upw
from tests.rules import A_SECOND, BEGAN, NEXT, NOW, TOMORROW, UNPAID_WORK, YESTERDAY, did, supervised

INSTRUCTED = did(instruct_upw)


def test_a_person_is_instructed_where_and_when_to_work() -> None:
    event = supervised().when(instruct_upw, project=" Bute Park ", batch="CF1 12 March").event
    assert isinstance(event, UpwInstructed)
    assert (event.requirement, event.kind, event.project) == (UNPAID_WORK, InstructionKind.FIRST, "Bute Park")
    assert (event.work_at, event.method, event.batch) == (TOMORROW, InstructionMethod.HAND, "CF1 12 March")
    assert (event.why, event.supersedes, event.ends_at, event.language) == (None, 0, None, None)


def test_an_instruction_says_what_work_how_to_get_there_and_what_to_wear() -> None:
    details = {
        "work_type": " Clearing paths ",
        "transport": "Meet the van.",
        "clothing": "Boots are lent.",
        "language": LetterLanguage.WELSH,
    }
    event = supervised().when(instruct_upw, ends_at=TOMORROW + timedelta(hours=7), **details).event
    assert (event.work_type, event.transport, event.clothing) == ("Clearing paths", "Meet the van.", "Boots are lent.")
    assert (event.language, event.ends_at) == (LetterLanguage.WELSH, TOMORROW + timedelta(hours=7))


@pytest.mark.parametrize("why", InstructedAgain)
def test_a_second_instruction_is_a_re_instruction_with_its_reason(why: InstructedAgain) -> None:
    event = supervised(INSTRUCTED).when(instruct_upw, why=why, reason="The project has ended.").event
    assert (event.kind, event.why, event.reason) == (InstructionKind.AGAIN, why, "The project has ended.")


@pytest.mark.parametrize("reason", ["", "  "], ids=["empty", "blank"])
def test_another_reason_for_a_second_instruction_is_given_in_words(reason: str) -> None:
    supervised(INSTRUCTED).when(instruct_upw, reason=reason).refused("Enter why the person is instructed again.", "reason")


@pytest.mark.parametrize("why", sorted(set(InstructedAgain) - {InstructedAgain.OTHER}))
def test_a_reason_from_the_list_needs_no_words(why: InstructedAgain) -> None:
    assert supervised(INSTRUCTED).when(instruct_upw, why=why).events


def test_a_first_instruction_has_no_reason_to_be_another_one() -> None:
    assert supervised().when(instruct_upw, why=InstructedAgain.ABSENCE).event.why is None


def test_each_requirement_has_a_first_instruction_of_its_own() -> None:
    second = did(start_sentence, requirements=((RequirementKind.UNPAID_WORK, 40),))
    assert supervised(INSTRUCTED, second).when(instruct_upw, requirement=NEXT + 2).event.kind is InstructionKind.FIRST


@pytest.mark.parametrize("work_at", [YESTERDAY, NOW], ids=["yesterday", "this moment"])
def test_a_person_is_instructed_to_work_at_a_time_to_come(work_at: Any) -> None:
    supervised().when(instruct_upw, work_at=work_at).refused("The work must be in the future.", "work_at")


def test_an_instruction_given_earlier_can_be_recorded_after_the_work_it_was_for() -> None:
    event = supervised().when(instruct_upw, issued_at=YESTERDAY - timedelta(days=3), work_at=YESTERDAY).event
    assert event.occurred_at == YESTERDAY - timedelta(days=3)
    supervised().when(instruct_upw, issued_at=YESTERDAY, work_at=YESTERDAY).refused(
        "The work must be after the instruction was given.", "work_at"
    )


def test_no_instruction_is_given_before_the_work_was_ordered() -> None:
    supervised().when(instruct_upw, issued_at=BEGAN - timedelta(days=1)).refused(
        "The work was ordered on 12 January 2026. Enter a day from then on.", "issued_at"
    )


@pytest.mark.parametrize(("hours", "lawful"), [(-1, False), (0, False), (7, True), (23.9, True), (24, False)])
def test_work_finishes_after_it_starts_within_a_day(hours: float, lawful: bool) -> None:
    answer = supervised().when(instruct_upw, ends_at=TOMORROW + timedelta(hours=hours))
    if lawful:
        assert answer.events
    else:
        answer.refused("The finish must be after the start, on the same day.", "ends_at")


@pytest.mark.parametrize("project", ["", "  "], ids=["empty", "blank"])
def test_an_instruction_names_the_project(project: str) -> None:
    supervised().when(instruct_upw, project=project).refused("Enter the project.", "project")


def test_nobody_is_instructed_while_the_work_is_suspended() -> None:
    case = supervised(did(suspend_upw))
    case.when(instruct_upw).refused("The work is suspended. Lift the suspension before you instruct the person.", "requirement")
    case.then(resume_upw, at=NOW)
    assert case.when(instruct_upw).events


def test_nobody_is_instructed_once_the_work_has_ended() -> None:
    supervised(did(complete_upw, at=NOW)).when(instruct_upw).refused("This unpaid work ended on 12 March 2026.", "requirement")


def test_nobody_is_instructed_to_work_for_a_sentence_that_has_ended() -> None:
    second = did(start_sentence, at=NOW, started_at=YESTERDAY, requirements=())
    supervised(second, did(end_sentence, at=NOW)).when(instruct_upw).refused(
        "The sentence that this unpaid work belongs to has ended.", "requirement"
    )


# One in place of another ----------------------------------------------------------------------------------------------


def test_an_instruction_may_take_the_place_of_an_earlier_one() -> None:
    case = supervised(INSTRUCTED)
    assert standing_instruction(case.state.unpaid_work[UNPAID_WORK]) == NEXT
    later = case.then(instruct_upw, why=InstructedAgain.PROJECT, supersedes=NEXT)
    assert case.history[-1].event.supersedes == NEXT
    assert standing_instruction(case.state.unpaid_work[UNPAID_WORK]) == later


@pytest.mark.parametrize("earlier", [UNPAID_WORK, 99], ids=["no instruction", "no entry"])
def test_only_an_instruction_can_be_superseded(earlier: int) -> None:
    supervised(INSTRUCTED).when(instruct_upw, why=InstructedAgain.PROJECT, supersedes=earlier).refused(
        "Select an instruction that still stands.", "supersedes"
    )


def test_an_instruction_is_superseded_once() -> None:
    case = supervised(INSTRUCTED, did(instruct_upw, why=InstructedAgain.PROJECT, supersedes=NEXT))
    case.when(instruct_upw, why=InstructedAgain.PROJECT, supersedes=NEXT).refused("Select an instruction that still stands.", "supersedes")


def test_a_case_that_was_never_instructed_has_no_instruction_that_stands() -> None:
    assert standing_instruction(supervised().state.unpaid_work[UNPAID_WORK]) == 0


# Acknowledged ---------------------------------------------------------------------------------------------------------


def test_a_person_acknowledges_an_instruction() -> None:
    event = supervised(INSTRUCTED).when(acknowledge_instruction, how=AcknowledgedBy.PHONE).event
    assert isinstance(event, InstructionAcknowledged)
    assert (event.instruction, event.how, event.occurred_at) == (NEXT, AcknowledgedBy.PHONE, NOW)


def test_an_instruction_is_acknowledged_once() -> None:
    supervised(INSTRUCTED, did(acknowledge_instruction)).when(acknowledge_instruction).refused(
        "This instruction has been acknowledged already.", "instruction"
    )


def test_only_an_instruction_is_acknowledged() -> None:
    supervised().when(acknowledge_instruction, instruction=UNPAID_WORK).refused("There is no such instruction in this case.", "instruction")


def test_an_instruction_is_not_acknowledged_before_it_was_issued() -> None:
    case = supervised(did(instruct_upw, at=YESTERDAY, method=InstructionMethod.POST))
    case.when(acknowledge_instruction, acknowledged_at=YESTERDAY - A_SECOND).refused(
        "The instruction was issued on 11 March 2026. Enter a later time.", "acknowledged_at"
    )
    assert case.when(acknowledge_instruction, acknowledged_at=YESTERDAY).events
