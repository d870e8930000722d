"""Unpaid work is instructed ahead, each instruction after the first with its reason, and credited to those who were there."""

from datetime import timedelta
from typing import Any

import pytest

from domain.outcome import OUTCOMES
from domain.requirement import RequirementKind
from domain.sentence import start_sentence
from domain.unpaid_work import InstructionKind, InstructionMethod, UpwAttendanceRecorded, UpwInstructed, instruct_upw, record_upw_attendance
from tests.rules import NEXT, NOW, RAR, TOMORROW, UNPAID_WORK, YESTERDAY, Command, did, in_words, supervised

INSTRUCTED = did(instruct_upw)
SELECT = "Select the unpaid work requirement."


def test_a_person_is_instructed_where_and_when_to_work() -> None:
    event = supervised().when(instruct_upw, project=" Bute Park ", batch="CF1 12 March").event
    assert isinstance(event, UpwInstructed)
    assert (event.requirement, event.kind, event.project) == (UNPAID_WORK, InstructionKind.FIRST, "Bute Park")
    assert (event.work_at, event.method, event.batch) == (TOMORROW, InstructionMethod.HAND, "CF1 12 March")


def test_a_second_instruction_is_a_re_instruction_with_its_reason() -> None:
    event = supervised(INSTRUCTED).when(instruct_upw, reason="The project has ended.").event
    assert (event.kind, event.reason) == (InstructionKind.AGAIN, "The project has ended.")


@pytest.mark.parametrize("reason", ["", "  "], ids=["empty", "blank"])
def test_a_second_instruction_says_why(reason: str) -> None:
    supervised(INSTRUCTED).when(instruct_upw, reason=reason).refused("Enter why the person is instructed again.", "reason")


def test_each_requirement_has_a_first_instruction_of_its_own() -> None:
    second = did(start_sentence, requirements=((RequirementKind.UNPAID_WORK, 40),))
    assert supervised(INSTRUCTED, second).when(instruct_upw, requirement=NEXT + 2).event.kind is InstructionKind.FIRST


@pytest.mark.parametrize("work_at", [YESTERDAY, NOW], ids=["yesterday", "this moment"])
def test_a_person_is_instructed_to_work_at_a_time_to_come(work_at: Any) -> None:
    supervised().when(instruct_upw, work_at=work_at).refused("The work must be in the future.", "work_at")


@pytest.mark.parametrize("project", ["", "  "], ids=["empty", "blank"])
def test_an_instruction_names_the_project(project: str) -> None:
    supervised().when(instruct_upw, project=project).refused("Enter the project.", "project")


@pytest.mark.parametrize("requirement", [RAR, 99], ids=["rehabilitation activity", "no requirement"])
@pytest.mark.parametrize("command", [instruct_upw, record_upw_attendance], ids=in_words)
def test_unpaid_work_is_done_for_an_unpaid_work_requirement(command: Command, requirement: int) -> None:
    supervised().when(command, requirement=requirement).refused(SELECT, "requirement")


def test_a_session_is_recorded_with_the_minutes_offered_and_credited() -> None:
    event = supervised().when(record_upw_attendance, note="Worked well.").event
    assert isinstance(event, UpwAttendanceRecorded)
    assert (event.requirement, event.outcome, event.project, event.supervisor) == (UNPAID_WORK, "ATTC", "Bute Park", "GWYN")
    assert (event.minutes_offered, event.minutes_credited, event.note) == (420, 390, "Worked well.")
    assert event.occurred_at == YESTERDAY


def test_a_session_needs_no_instruction_to_be_recorded() -> None:
    assert supervised().when(record_upw_attendance).events


def test_the_outcome_of_a_session_must_be_one_there_is() -> None:
    supervised().when(record_upw_attendance, outcome="XXXX").refused("Select the outcome.", "outcome")


@pytest.mark.parametrize("offered", [0, -60, 1441])
def test_between_a_minute_and_a_day_is_offered(offered: int) -> None:
    supervised().when(record_upw_attendance, minutes_offered=offered).refused(
        "Minutes offered must be between 1 and 1,440.", "minutes_offered"
    )


@pytest.mark.parametrize("credited", [-1, 421])
def test_no_more_minutes_are_credited_than_were_offered(credited: int) -> None:
    supervised().when(record_upw_attendance, minutes_credited=credited).refused(
        "Minutes credited must be between 0 and the minutes offered.", "minutes_credited"
    )


@pytest.mark.parametrize("credited", [0, 420], ids=["none", "all"])
def test_none_or_all_of_the_minutes_may_be_credited(credited: int) -> None:
    assert supervised().when(record_upw_attendance, minutes_credited=credited).event.minutes_credited == credited


@pytest.mark.parametrize("outcome", [code for code, outcome in OUTCOMES.items() if not outcome.attended])
def test_nothing_is_credited_to_a_person_who_was_not_there(outcome: str) -> None:
    supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=1).refused(
        "No minutes can be credited to a person who did not attend.", "minutes_credited"
    )
    assert supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=0).events


@pytest.mark.parametrize("outcome", [code for code, outcome in OUTCOMES.items() if outcome.attended])
def test_minutes_may_be_credited_to_a_person_who_was_there(outcome: str) -> None:
    assert supervised().when(record_upw_attendance, outcome=outcome, worked_at=NOW - timedelta(hours=1)).events
