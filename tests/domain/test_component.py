"""A requirement can be delivered by another team than the one that holds the case; the case does not move with it."""

import pytest

from domain.component import ComponentMoved, move_component
from domain.remembered import Allocation
from domain.transfer import accept_transfer, request_transfer
from tests.rules import A_SECOND, BEGAN, NOW, RAR, SENTENCE, UNPAID_WORK, YESTERDAY, did, opened, supervised

ALREADY = "That team delivers the requirement already."


def test_a_requirement_moves_and_the_case_stays() -> None:
    case = supervised(did(move_component, at=NOW, moved_at=YESTERDAY))
    event = case.history[-1].event
    assert isinstance(event, ComponentMoved)
    assert (event.requirement, event.team, event.provider, event.occurred_at) == (UNPAID_WORK, "NP1", "C10", YESTERDAY)
    assert case.state.allocation == Allocation("SIAN", "CF1", "C10", BEGAN)


def test_a_requirement_that_stayed_behind_follows_the_person_later() -> None:
    moved = supervised(did(request_transfer))
    moved.then(accept_transfer)
    moved.when(move_component).refused(ALREADY, "team")
    assert moved.when(move_component, team="CF1").events
    moved.then(move_component, team="CF1")
    assert moved.when(move_component, team="NP1").events


def test_one_requirement_moves_without_the_others() -> None:
    case = supervised(did(move_component, at=NOW))
    case.when(move_component).refused(ALREADY, "team")
    assert case.when(move_component, requirement=RAR).events


def test_a_requirement_does_not_move_to_where_it_is() -> None:
    supervised().when(move_component, team="CF1").refused(ALREADY, "team")


def test_a_case_with_no_team_may_have_its_requirements_delivered() -> None:
    assert opened().when(move_component).events


@pytest.mark.parametrize("number", [SENTENCE, 999])
def test_only_a_requirement_of_this_case_moves(number: int) -> None:
    supervised().when(move_component, requirement=number).refused("Select the requirement that moves.", "requirement")


@pytest.mark.parametrize("place", [{"team": ""}, {"provider": ""}])
def test_the_team_must_be_named(place: dict[str, str]) -> None:
    supervised().when(move_component, **place).refused("Select the team that delivers it from now on.", "team")


def test_a_requirement_does_not_move_before_it_moved_last() -> None:
    case = supervised(did(move_component, at=NOW, moved_at=YESTERDAY))
    case.when(move_component, team="CF1", moved_at=YESTERDAY - A_SECOND).refused("The move cannot be before the last one.", "moved_at")
    assert case.when(move_component, team="CF1", moved_at=YESTERDAY).events
