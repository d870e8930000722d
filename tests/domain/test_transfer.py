"""A transfer is asked for once, answered once, and moves responsibility only when it is accepted."""

import pytest

from domain.allocation import AllocationReason
from domain.case import Allocation, Case
from domain.transfer import (
    HandoverHeld,
    TransferAccepted,
    TransferRejected,
    TransferRequested,
    TransferWithdrawn,
    accept_transfer,
    hold_handover,
    reject_transfer,
    request_transfer,
    withdraw_transfer,
)
from tests.rules import BEGAN, NEXT, NOW, Command, Given, did, in_words, opened, supervised

ANSWERS = (accept_transfer, reject_transfer, withdraw_transfer)
SIANS = Allocation("SIAN", "CF1", "C10", BEGAN)
ASKED = did(request_transfer, note="Has moved to Newport.")


def asked(*answers: Command) -> Given[Case]:
    return supervised(ASKED, *(did(answer, at=NOW) for answer in answers))


def test_a_transfer_is_asked_of_a_team_with_a_reason() -> None:
    event = supervised().when(request_transfer, note="Has moved to Newport.").event
    assert isinstance(event, TransferRequested)
    assert (event.to_team, event.to_provider, event.reason, event.note) == ("NP1", "C10", AllocationReason.MOVE, "Has moved to Newport.")


def test_asking_moves_nothing() -> None:
    assert asked().state.allocation == SIANS


def test_acceptance_moves_responsibility_to_the_practitioner_who_takes_the_case() -> None:
    assert asked(accept_transfer).state.allocation == Allocation("TOM", "NP1", "C10", NOW)


def test_an_acceptance_carries_what_was_asked_for() -> None:
    event = asked().when(accept_transfer).event
    assert isinstance(event, TransferAccepted)
    assert (event.transfer, event.team, event.provider, event.reason) == (NEXT, "NP1", "C10", AllocationReason.MOVE)


@pytest.mark.parametrize("answer", [reject_transfer, withdraw_transfer], ids=in_words)
def test_a_transfer_that_comes_to_nothing_leaves_the_case_where_it_is(answer: Command) -> None:
    assert asked(answer).state.allocation == SIANS


def test_a_rejection_and_a_withdrawal_say_why_and_of_which_request() -> None:
    rejected, withdrawn = asked().when(reject_transfer).event, asked().when(withdraw_transfer).event
    assert isinstance(rejected, TransferRejected)
    assert isinstance(withdrawn, TransferWithdrawn)
    assert (rejected.transfer, rejected.reason) == (NEXT, "Nobody has room for another case.")
    assert (withdrawn.transfer, withdrawn.reason) == (NEXT, "The person stays after all.")


def test_one_transfer_is_asked_for_at_a_time() -> None:
    asked().when(request_transfer, to_team="NC1", to_provider="N03").refused(
        "A transfer of this case has been requested already and awaits an answer."
    )


@pytest.mark.parametrize("answer", [reject_transfer, withdraw_transfer], ids=in_words)
def test_after_an_answer_a_transfer_can_be_asked_for_again(answer: Command) -> None:
    assert asked(answer).when(request_transfer).events


def test_the_receiving_team_can_ask_another_in_its_turn() -> None:
    assert asked(accept_transfer).when(request_transfer, to_team="CF1").events


def test_a_case_that_was_never_allocated_is_not_transferred() -> None:
    opened().when(request_transfer).refused("The case has not been allocated, so there is nothing to transfer. Allocate it instead.")


def test_a_case_is_not_transferred_to_the_team_that_has_it() -> None:
    supervised().when(request_transfer, to_team="CF1").refused("The case is with that team already.", "to_team")


@pytest.mark.parametrize("answer", ANSWERS, ids=in_words)
def test_what_was_not_asked_is_not_answered(answer: Command) -> None:
    supervised().when(answer).refused("No transfer of this case awaits an answer.")


@pytest.mark.parametrize("second", ANSWERS, ids=in_words)
@pytest.mark.parametrize("first", ANSWERS, ids=in_words)
def test_a_transfer_is_answered_once(first: Command, second: Command) -> None:
    asked(first).when(second).refused("No transfer of this case awaits an answer.")


def test_whoever_accepts_says_which_practitioner_takes_the_case() -> None:
    asked().when(accept_transfer, practitioner="").refused("Select the practitioner who takes the case.", "practitioner")


@pytest.mark.parametrize("reason", ["", " \n "], ids=["empty", "blank"])
def test_a_rejection_and_a_withdrawal_need_a_reason(reason: str) -> None:
    asked().when(reject_transfer, reason=reason).refused("Enter why the transfer is rejected.", "reason")
    asked().when(withdraw_transfer, reason=reason).refused("Enter why the request is withdrawn.", "reason")


def test_a_handover_meeting_is_recorded_with_who_met() -> None:
    event = supervised().when(hold_handover, note="Went well.").event
    assert isinstance(event, HandoverHeld)
    assert (event.from_practitioner, event.to_practitioner, event.three_way, event.note) == ("SIAN", "TOM", True, "Went well.")


def test_a_handover_is_between_two_practitioners() -> None:
    supervised().when(hold_handover, to_practitioner="SIAN").refused("A handover is between two practitioners.", "to_practitioner")


def test_a_handover_moves_nothing() -> None:
    assert supervised(did(hold_handover, at=NOW)).state.allocation == SIANS
