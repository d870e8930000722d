"""Who may do what: every role, every action and every kind of thing asked for, answered here in full; no is the answer to all else."""

from itertools import product

import pytest

from domain.access import NO, Action, Resource, Role, Subject, decide

ASKED_FOR = {
    "own": Resource(team="CF1", provider="C10"),
    "other": Resource(team="NP1", provider="C10"),
    "none": None,
    "sampled": Resource(team="NP1", provider="C10", sampled=True),
}
"""Of their own team; of another team; nothing in particular; of another team and in a sample drawn for them."""

N = (False, False, False, False)
TABLE: dict[tuple[Role, Action], tuple[bool, bool, bool, bool]] = {
    (Role.OFFICER, Action.SEE_DAY): (True, True, True, True),
    (Role.OFFICER, Action.SEE_CASE): (True, False, True, False),
    (Role.OFFICER, Action.WRITE_CASE): (True, False, True, False),
    (Role.OFFICER, Action.SEE_TEAM): (True, False, True, False),
    (Role.OFFICER, Action.ALLOCATE): N,
    (Role.OFFICER, Action.SEE_MEASURES): N,
    (Role.OFFICER, Action.INSPECT): N,
    (Role.OFFICER, Action.SEE_HEALTH): N,
    (Role.MANAGER, Action.SEE_DAY): N,
    (Role.MANAGER, Action.SEE_CASE): (True, False, True, False),
    (Role.MANAGER, Action.WRITE_CASE): (True, False, True, False),
    (Role.MANAGER, Action.SEE_TEAM): (True, False, True, False),
    (Role.MANAGER, Action.ALLOCATE): (True, False, True, False),
    (Role.MANAGER, Action.SEE_MEASURES): (True, False, True, False),
    (Role.MANAGER, Action.INSPECT): N,
    (Role.MANAGER, Action.SEE_HEALTH): N,
    (Role.INSPECTOR, Action.SEE_DAY): N,
    (Role.INSPECTOR, Action.SEE_CASE): (False, False, True, True),
    (Role.INSPECTOR, Action.WRITE_CASE): N,
    (Role.INSPECTOR, Action.SEE_TEAM): N,
    (Role.INSPECTOR, Action.ALLOCATE): N,
    (Role.INSPECTOR, Action.SEE_MEASURES): (True, True, True, True),
    (Role.INSPECTOR, Action.INSPECT): (True, True, True, True),
    (Role.INSPECTOR, Action.SEE_HEALTH): N,
    (Role.ADMINISTRATOR, Action.SEE_DAY): N,
    (Role.ADMINISTRATOR, Action.SEE_CASE): N,
    (Role.ADMINISTRATOR, Action.WRITE_CASE): N,
    (Role.ADMINISTRATOR, Action.SEE_TEAM): N,
    (Role.ADMINISTRATOR, Action.ALLOCATE): N,
    (Role.ADMINISTRATOR, Action.SEE_MEASURES): N,
    (Role.ADMINISTRATOR, Action.INSPECT): N,
    (Role.ADMINISTRATOR, Action.SEE_HEALTH): (True, True, True, True),
}
"""Allowed for what is their own team's, another team's, nothing in particular, and sampled."""

CELLS = [
    pytest.param(role, action, what, allowed, id=f"{role} to {action}, {what}")
    for (role, action), row in TABLE.items()
    for what, allowed in zip(ASKED_FOR, row, strict=True)
]


def subject(role: Role, team: str = "CF1") -> Subject:
    return Subject("SIAN", role, team=team, provider="C10")


def test_the_table_answers_for_every_role_and_every_action() -> None:
    assert set(TABLE) == set(product(Role, Action))


@pytest.mark.parametrize(("role", "action", "what", "allowed"), CELLS)
def test_only_what_the_table_allows_is_allowed_and_the_answer_says_why(role: Role, action: Action, what: str, allowed: bool) -> None:
    answer = decide(subject(role), action, ASKED_FOR[what])
    assert answer.allowed is allowed
    assert answer.because
    assert (answer == NO) is not allowed


def test_an_officer_keeps_a_case_they_hold_in_another_team() -> None:
    held = Resource(team="NP1", provider="C10", practitioner="SIAN")
    assert decide(subject(Role.OFFICER), Action.WRITE_CASE, held).because == "they hold the case"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
def test_a_team_may_read_a_case_it_is_asked_to_take_but_not_write_in_it(role: Role) -> None:
    offered = Resource(team="NP1", provider="C10", offered_to_team="CF1")
    assert decide(subject(role), Action.SEE_CASE, offered).because == "their team is asked to take the case"
    assert decide(subject(role), Action.WRITE_CASE, offered) == NO


def test_the_manager_of_a_team_that_is_asked_to_take_a_case_may_answer() -> None:
    offered = Resource(team="NP1", provider="C10", offered_to_team="CF1")
    assert decide(subject(Role.MANAGER), Action.ALLOCATE, offered).allowed
    assert not decide(subject(Role.OFFICER), Action.ALLOCATE, offered).allowed


def test_a_case_offered_to_another_team_is_not_for_this_one() -> None:
    offered = Resource(team="NP1", provider="C10", offered_to_team="NC1")
    assert decide(subject(Role.MANAGER), Action.SEE_CASE, offered) == NO


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.WRITE_CASE, Action.SEE_TEAM, Action.ALLOCATE, Action.SEE_MEASURES])
def test_being_in_no_team_opens_no_case_that_is_with_no_team(role: Role, action: Action) -> None:
    assert decide(Subject("", role), action, Resource()) == NO


def test_the_same_provider_is_not_enough() -> None:
    assert decide(subject(Role.MANAGER), Action.SEE_CASE, Resource(team="NP1", provider="C10")) == NO


def test_an_administrator_sees_the_content_of_no_case_whatever_is_said_of_it() -> None:
    everything = Resource(team="CF1", provider="C10", practitioner="SIAN", sampled=True, offered_to_team="CF1")
    assert decide(subject(Role.ADMINISTRATOR), Action.SEE_CASE, everything) == NO
