"""Allocation makes one practitioner responsible, within the case's own team, and never before the present allocation began."""

from datetime import date

import pytest

from domain.allocation import (
    REASON_CLASSES,
    UNALLOCATED,
    AllocationReason,
    CaseAllocated,
    ProviderAllocated,
    ReasonClass,
    allocate,
    allocate_to_team,
    allocation_due,
    open_in_team,
)
from domain.limited_access import exclude
from domain.remembered import Allocation
from domain.transfer import accept_transfer, request_transfer
from tests.rules import A_SECOND, BEGAN, NOW, POLICY, YESTERDAY, did, given, opened, supervised

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


# A case that no team has had yet -------------------------------------------------------------------------------------


def test_a_new_case_is_given_to_a_team_and_nobody_holds_it_yet() -> None:
    event = opened().when(allocate_to_team, note="Lives in Cardiff.").event
    assert isinstance(event, ProviderAllocated)
    assert (event.team, event.provider, event.note, event.practitioner) == ("CF1", "C10", "Lives in Cardiff.", UNALLOCATED)
    given = opened(did(allocate_to_team, decided_at=YESTERDAY, at=NOW))
    assert given.state.allocation == Allocation(UNALLOCATED, "CF1", "C10", YESTERDAY)


def test_the_team_that_was_given_a_case_allocates_it_and_no_other_team_does() -> None:
    case = opened(did(allocate_to_team))
    assert case.when(allocate).event.practitioner == "SIAN"
    case.when(allocate, practitioner="TOM", team="NP1").refused(ANOTHER_TEAM, "practitioner")


@pytest.mark.parametrize("place", [{"team": ""}, {"provider": ""}])
def test_a_team_must_be_named(place: dict[str, str]) -> None:
    opened().when(allocate_to_team, **place).refused("Select the team that takes the case.", "team")


def test_a_case_that_is_with_a_team_is_not_given_to_one() -> None:
    there = "The case is with a team already. Request a transfer to move it."
    supervised().when(allocate_to_team).refused(there, "team")
    opened(did(allocate_to_team)).when(allocate_to_team, team="NP1").refused(there, "team")


@pytest.mark.parametrize(
    ("sentenced", "due"),
    [
        pytest.param(date(2026, 3, 11), date(2026, 3, 13), id="midweek"),
        pytest.param(date(2026, 3, 12), date(2026, 3, 16), id="over a weekend"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 8), id="over Easter"),
        pytest.param(date(2026, 3, 14), date(2026, 3, 17), id="on a Saturday"),
    ],
)
def test_it_is_decided_by_the_end_of_the_second_working_day_after_sentence(sentenced: date, due: date) -> None:
    assert allocation_due(sentenced, POLICY) == due


# Why officers change, and who takes over -----------------------------------------------------------------------------


def test_every_reason_has_one_class_and_every_class_a_reason() -> None:
    assert set(REASON_CLASSES) == set(AllocationReason)
    assert set(REASON_CLASSES.values()) == set(ReasonClass)


@pytest.mark.parametrize("reason", AllocationReason)
def test_only_risk_a_move_and_release_are_for_a_reason_in_the_person_s_case(reason: AllocationReason) -> None:
    theirs = reason in (AllocationReason.RISK, AllocationReason.MOVE, AllocationReason.RELEASE)
    assert (REASON_CLASSES[reason] is ReasonClass.THE_PERSON) is theirs


def test_a_handover_note_stands_with_the_change() -> None:
    event = supervised().when(allocate, practitioner="OWEN", note="Sees her children on Fridays.").event
    assert event.note == "Sees her children on Fridays."


def test_a_case_is_not_allocated_to_somebody_who_may_not_see_it() -> None:
    case = supervised(did(exclude))
    case.when(allocate, practitioner="OWEN").refused("Access to the case is limited, and this practitioner may not see it.", "practitioner")
    assert case.when(allocate, practitioner=UNALLOCATED, reason=AllocationReason.STAFF).events


def test_whom_the_service_suggested_stands_with_the_allocation_only_when_somebody_else_was_chosen() -> None:
    other = (
        supervised()
        .when(allocate, practitioner="OWEN", reason=AllocationReason.WORKLOAD, suggested="MEERA", because="Owen knows her.")
        .event
    )
    assert isinstance(other, CaseAllocated)
    assert (other.suggested, other.because) == ("MEERA", "Owen knows her.")
    same = supervised().when(allocate, practitioner="OWEN", reason=AllocationReason.WORKLOAD, suggested="OWEN", because="Never sent.").event
    assert isinstance(same, CaseAllocated)
    assert (same.suggested, same.because) == ("", "")


def test_a_case_that_is_opened_in_a_team_is_with_that_team_and_held_by_nobody() -> None:
    case = given(did(open_in_team))
    assert case.state.allocation == Allocation(UNALLOCATED, "CF1", "C10", BEGAN)


def test_a_case_is_opened_in_some_team() -> None:
    given().when(open_in_team, team="").refused("Select the team that takes the case.", "team")


def test_a_crn_has_one_case() -> None:
    opened().when(open_in_team).refused("There is already a case for X000001.", "crn")
