"""The course of a transfer as pages show it: how far it is, what the teams said, and what it waits for."""

import pytest

from domain.remembered import TransferState
from domain.transfer import (
    accept_transfer,
    assess_address,
    complete_transfer,
    hold_handover,
    inform_transfer,
    query_transfer,
    reject_transfer,
    request_transfer,
    withdraw_transfer,
)
from projections import transfers
from projections.story import Story
from projections.transfers import Course, course
from tests.rules import NEXT, NOW, POLICY, Command, did, in_words, supervised

ASKED = did(request_transfer, note="Has moved to Newport.")


def after(*commands: Command) -> Course | None:
    return course(Story(supervised(ASKED, *(did(command, at=NOW) for command in commands)).history))


def test_a_case_of_which_no_transfer_was_asked_has_none() -> None:
    assert course(Story(supervised().history)) is None


@pytest.mark.parametrize(
    ("commands", "state"),
    [
        ((), TransferState.REQUESTED),
        ((query_transfer,), TransferState.QUERIED),
        ((query_transfer, inform_transfer), TransferState.REQUESTED),
        ((query_transfer, accept_transfer), TransferState.ACCEPTED),
        ((assess_address,), TransferState.REQUESTED),
        ((accept_transfer, hold_handover), TransferState.ACCEPTED),
    ],
)
def test_it_says_how_far_the_transfer_is_and_agrees_with_the_rules(commands: tuple[Command, ...], state: TransferState) -> None:
    found = after(*commands)
    assert found is not None
    assert found.state is state
    case = supervised(ASKED, *(did(command, at=NOW) for command in commands)).state
    assert case.transfer is not None
    assert (case.transfer.state, case.transfer.number, case.transfer.from_team) == (state, found.number, found.from_team)


@pytest.mark.parametrize("end", [reject_transfer, withdraw_transfer], ids=in_words)
def test_a_transfer_that_came_to_nothing_is_none(end: Command) -> None:
    assert after(end) is None
    assert after(query_transfer, end) is None


def test_a_completed_transfer_is_over_and_another_may_follow() -> None:
    done = (accept_transfer, hold_handover, complete_transfer)
    assert after(*done) is None
    again = supervised(ASKED, *(did(command, at=NOW) for command in done))
    number = again.then(request_transfer, to_team="CF1")
    found = course(Story(again.history))
    assert found is not None
    assert (found.number, found.from_team, found.said, found.handover_number) == (number, "NP1", (), 0)


def test_what_the_teams_said_stands_in_order_with_the_address_and_the_meeting() -> None:
    found = after(query_transfer, inform_transfer, query_transfer, assess_address, hold_handover)
    assert found is not None
    assert [(said.number, said.is_question) for said in found.said] == [(NEXT + 1, True), (NEXT + 2, False), (NEXT + 3, True)]
    assert found.said[1].text == "With a sister in Newport."
    assert found.address is not None
    assert (found.address.suitable, found.address_number, found.handover_number) == (True, NEXT + 4, NEXT + 5)


def test_a_row_says_which_teams_and_what_is_done() -> None:
    history = supervised(ASKED, did(accept_transfer, at=NOW), did(hold_handover, at=NOW)).history
    (row,) = transfers.rows(Story(history), POLICY)
    asked_at = history[NEXT - 1].recorded_at
    assert row == (NEXT, "accepted, to be completed", "CF1", "NP1", asked_at, False, True)
    assert len(row) == len(transfers.COLUMNS) - 1
