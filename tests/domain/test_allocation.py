"""Allocation makes one practitioner responsible, within the case's own team, and never before the present allocation began."""

import pytest

from domain.allocation import UNALLOCATED, AllocationReason, CaseAllocated, allocate
from domain.transfer import accept_transfer, request_transfer
from tests.rules import A_SECOND, BEGAN, NOW, YESTERDAY, did, opened, supervised

ANOTHER_TEAM = "The case is with another team. Request a transfer to move it."


def test_a_case_that_nobody_holds_is_allocated_to_any_practitioner() -> None:
    event = opened().when(allocate, practitioner="ALED", team="NC1", provider="N03").event
    assert isinstance(event, CaseAllocated)
    assert (event.practitioner, event.team, event.provider, event.reason) == ("ALED", "NC1", "N03", AllocationReason.INITIAL)


def test_responsibility_begins_when_the_allocation_did_and_not_when_it_was_recorded() -> None:
    case = opened(did(allocate, occurred_at=YESTERDAY, at=NOW)).state
    assert case.allocation is not None
    assert case.allocation.since == YESTERDAY


def test_a_case_moves_to_another_practitioner_of_its_team_with_a_reason() -> None:
    event = supervised().when(allocate, practitioner="OWEN", reason=AllocationReason.STAFF).event
    assert (event.practitioner, event.reason) == ("OWEN", AllocationReason.STAFF)


def test_a_practitioner_who_holds_the_case_is_not_given_it_again() -> None:
    supervised().when(allocate).refused("This practitioner already holds the case.", "practitioner")


@pytest.mark.parametrize(
    ("team", "provider"),
    [
        pytest.param("NP1", "C10", id="another team of the same provider"),
        pytest.param("NC1", "N03", id="a team of another provider"),
        pytest.param("CF1", "N03", id="the same team code at another provider"),
    ],
)
def test_another_team_takes_a_case_only_by_transfer(team: str, provider: str) -> None:
    supervised().when(allocate, practitioner="TOM", team=team, provider=provider).refused(ANOTHER_TEAM, "practitioner")


def test_the_practitioner_who_moved_team_does_not_take_the_case_along_by_allocation() -> None:
    supervised().when(allocate, practitioner="SIAN", team="NP1").refused(ANOTHER_TEAM, "practitioner")


def test_a_change_is_not_before_the_present_allocation_began() -> None:
    supervised().when(allocate, practitioner="OWEN", occurred_at=BEGAN - A_SECOND).refused(
        "The change cannot be before the present allocation began.", "occurred_at"
    )
    assert supervised().when(allocate, practitioner="OWEN", occurred_at=BEGAN).events


def test_a_case_can_be_left_with_nobody_and_then_be_allocated_again() -> None:
    left = supervised(did(allocate, practitioner=UNALLOCATED, reason=AllocationReason.STAFF))
    assert left.when(allocate, practitioner="SIAN").event.practitioner == "SIAN"


def test_once_a_transfer_is_accepted_the_receiving_team_allocates() -> None:
    moved = supervised(did(request_transfer), did(accept_transfer))
    moved.when(allocate, practitioner="OWEN").refused(ANOTHER_TEAM, "practitioner")
    assert moved.when(allocate, practitioner="NIA", team="NP1").event.practitioner == "NIA"
