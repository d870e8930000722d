"""A transfer is asked for once, answered once, and moves responsibility only when it is accepted."""

from datetime import date
from itertools import product

import pytest

from domain.allocation import AllocationReason
from domain.case import Case
from domain.limited_access import exclude
from domain.organisation import ProviderKind
from domain.remembered import Allocation, TransferState
from domain.transfer import (
    FileItem,
    HandoverHeld,
    TransferAccepted,
    TransferRejected,
    TransferRequested,
    TransferWithdrawn,
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
from domain.transfer_course import LEADS_TO, OF_THE_ASKING_TEAM, Move, MoveKind, address_check_due, completion_due, kind_of_move
from tests.rules import A_SECOND, BEGAN, NEXT, NOW, POLICY, Command, Given, did, in_words, opened, supervised

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


# The course of a transfer, whole -------------------------------------------------------------------------------------

COMMANDS: dict[Move, Command] = {
    Move.REQUEST: request_transfer,
    Move.QUERY: query_transfer,
    Move.INFORM: inform_transfer,
    Move.ASSESS: assess_address,
    Move.ACCEPT: accept_transfer,
    Move.REJECT: reject_transfer,
    Move.WITHDRAW: withdraw_transfer,
    Move.COMPLETE: complete_transfer,
}
MET = did(hold_handover, at=NOW)


def in_state(state: TransferState) -> Given[Case]:
    steps = {
        TransferState.NONE: (),
        TransferState.REQUESTED: (ASKED, MET),
        TransferState.QUERIED: (ASKED, did(query_transfer), MET),
        TransferState.ACCEPTED: (ASKED, did(accept_transfer, at=NOW), MET),
    }
    return supervised(*steps[state])


def state(case: Given[Case]) -> TransferState:
    return case.state.transfer.state if case.state.transfer else TransferState.NONE


def to_another_team(move: Move) -> dict[str, str]:
    """Once the case is with Newport, a request is one to a third team."""
    return {"to_team": "NC1", "to_provider": "N03"} if move is Move.REQUEST else {}


@pytest.mark.parametrize("start", TransferState)
def test_a_transfer_comes_to_each_of_its_states(start: TransferState) -> None:
    assert state(in_state(start)) is start


@pytest.mark.parametrize(("start", "move"), list(product(TransferState, Move)))
def test_only_the_steps_of_the_table_can_be_taken_and_lead_where_it_says(start: TransferState, move: Move) -> None:
    case = in_state(start)
    answer = case.when(COMMANDS[move], **to_another_team(move))
    if (start, move) not in LEADS_TO:
        assert answer.refusal is not None
        assert answer.refusal.message.startswith(("No transfer of this case", "A transfer of this case", "No more information"))
        return
    case.record(*answer.events)
    assert state(case) is LEADS_TO[start, move]


@pytest.mark.parametrize(("start", "move"), [pair for pair in LEADS_TO if pair[1] is not Move.REQUEST])
@pytest.mark.parametrize("team", ["", "CF1", "NP1", "NC1"])
def test_a_step_is_taken_by_the_team_whose_step_it_is(start: TransferState, move: Move, team: str) -> None:
    answer = in_state(start).when(COMMANDS[move], team=team)
    if move in OF_THE_ASKING_TEAM and team != "CF1":
        answer.refused("Only the team that asked for the transfer can do this.")
    elif move not in OF_THE_ASKING_TEAM and team != "NP1":
        answer.refused("Only the team that is asked to take the case can do this.")
    else:
        assert answer.event.transfer == NEXT


def test_a_question_and_its_answer_are_kept_and_move_nothing() -> None:
    case = asked()
    assert case.when(query_transfer).event.question == "Where will they live?"
    case.then(query_transfer)
    assert case.when(inform_transfer).event.answer == "With a sister in Newport."
    case.then(inform_transfer)
    assert case.state.allocation == SIANS


@pytest.mark.parametrize("nothing", ["", " \n "], ids=["empty", "blank"])
def test_what_is_asked_answered_and_found_is_said(nothing: str) -> None:
    asked().when(query_transfer, question=nothing).refused("Enter what your team needs to know.", "question")
    asked(query_transfer).when(inform_transfer, answer=nothing).refused("Enter what the other team asked for.", "information")
    asked().when(assess_address, note=nothing).refused("Enter what was found at the address.", "note")


def test_an_address_is_found_suitable_or_not() -> None:
    event = asked().when(assess_address, suitable=False, assessed_at=BEGAN).event
    assert (event.suitable, event.note, event.occurred_at) == (False, "The sister agrees.", BEGAN)
    asked().when(assess_address, assessed_at=NOW + A_SECOND).refused("The date and time must be in the past.", "assessed_at")


def test_a_transfer_is_completed_after_a_handover_meeting() -> None:
    taken = asked(accept_transfer)
    taken.when(complete_transfer).refused(
        "No handover meeting has been recorded since the transfer was requested. Record it first.", "file"
    )
    taken.then(hold_handover)
    assert taken.when(complete_transfer, note="In two parts.").event.note == "In two parts."


def test_a_handover_before_the_request_is_not_of_this_transfer() -> None:
    earlier = supervised(did(hold_handover, at=NOW), did(request_transfer, at=NOW), did(accept_transfer, at=NOW))
    assert earlier.when(complete_transfer).refusal is not None


@pytest.mark.parametrize("missing", FileItem)
def test_a_transfer_is_completed_with_a_whole_file(missing: FileItem) -> None:
    case = asked(accept_transfer, hold_handover)
    rest = tuple(item for item in FileItem if item is not missing)
    case.when(complete_transfer, file=rest).refused(f"The file must also hold {missing}.", "file")
    assert case.when(complete_transfer, file=(*rest, missing)).event.file == tuple(FileItem)


def test_everything_that_the_file_lacks_is_named_at_once() -> None:
    answer = asked(accept_transfer, hold_handover).when(complete_transfer, file=(FileItem.PLAN,))
    assert answer.refusal is not None
    assert answer.refusal.message.count(";") == len(FileItem) - 2


def test_a_case_is_not_accepted_for_somebody_who_may_not_see_it() -> None:
    case = supervised(ASKED, did(exclude, at=NOW, practitioner="TOM"))
    case.when(accept_transfer).refused("Access to the case is limited, and this practitioner may not see it.", "practitioner")


CRC, NPS = ProviderKind.CRC, ProviderKind.NPS


@pytest.mark.parametrize(
    ("before", "after", "reason", "kind"),
    [
        ("C10 CRC", "C10 CRC", AllocationReason.MOVE, MoveKind.TEAM),
        ("N03 NPS", "N03 NPS", AllocationReason.RISK, MoveKind.TEAM),
        ("C10 CRC", "C15 CRC", AllocationReason.MOVE, MoveKind.CRC_TO_CRC),
        ("N03 NPS", "N05 NPS", AllocationReason.MOVE, MoveKind.NPS_TO_NPS),
        ("C10 CRC", "N03 NPS", AllocationReason.RISK, MoveKind.RISK),
        ("C10 CRC", "N03 NPS", AllocationReason.OTHER, MoveKind.CRC_TO_NPS),
        ("N03 NPS", "C10 CRC", AllocationReason.RISK, MoveKind.NPS_TO_CRC),
        ("C10 CRC", "N03 NPS", AllocationReason.RELEASE, MoveKind.RELEASE),
        ("C10 CRC", "C10 CRC", AllocationReason.RELEASE, MoveKind.RELEASE),
        ("C10 ", "C10 ", AllocationReason.MOVE, MoveKind.TEAM),
        ("C10 ", "N03 NPS", AllocationReason.RISK, MoveKind.NOT_SAID),
        ("C10 CRC", "N03 ", AllocationReason.RISK, MoveKind.NOT_SAID),
    ],
)
def test_the_kind_of_move_follows_from_who_is_involved(before: str, after: str, reason: AllocationReason, kind: MoveKind) -> None:
    kinds = {"CRC": CRC, "NPS": NPS, "": None}
    (one, its), (other, others) = before.split(" "), after.split(" ")
    assert kind_of_move(one, other, kinds[its], kinds[others], reason) is kind


def test_a_request_says_what_kind_of_move_it_is() -> None:
    assert supervised().when(request_transfer).event.kind is MoveKind.TEAM
    to_nps = {"to_team": "NC1", "to_provider": "N03", "reason": AllocationReason.RISK}
    assert supervised().when(request_transfer, **to_nps, from_kind=CRC, to_kind=NPS).event.kind is MoveKind.RISK


@pytest.mark.parametrize(
    ("requested", "address", "whole"),
    [
        pytest.param(date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 30), id="no holidays"),
        pytest.param(date(2026, 3, 20), date(2026, 4, 7), date(2026, 4, 21), id="over Easter"),
        pytest.param(date(2026, 3, 7), date(2026, 3, 20), date(2026, 4, 7), id="asked on a Saturday"),
        pytest.param(date(2026, 12, 11), date(2026, 12, 29), date(2027, 1, 13), id="over Christmas"),
    ],
)
def test_a_transfer_has_20_working_days_and_the_address_check_10(requested: date, address: date, whole: date) -> None:
    assert (address_check_due(requested, POLICY), completion_due(requested, POLICY)) == (address, whole)
