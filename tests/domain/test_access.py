"""Who may do what: every role, every action and every kind of thing asked for, answered here in full; no is the answer to all else."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.access import HIDDEN, NO, Action, Limit, LimitKind, Resource, Role, Subject, decide, is_hidden_from

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
    (Role.OFFICER, Action.LIMIT_ACCESS): N,
    (Role.OFFICER, Action.OVERSEE): N,
    (Role.OFFICER, Action.SEE_MEASURES): (False, False, True, False),
    (Role.OFFICER, Action.SEE_FINDINGS): (False, False, True, False),
    (Role.OFFICER, Action.INSPECT): N,
    (Role.OFFICER, Action.SEE_HEALTH): N,
    (Role.OFFICER, Action.KEEP_QUESTIONS): N,
    (Role.MANAGER, Action.SEE_DAY): N,
    (Role.MANAGER, Action.SEE_CASE): (True, False, True, False),
    (Role.MANAGER, Action.WRITE_CASE): (True, False, True, False),
    (Role.MANAGER, Action.SEE_TEAM): (True, False, True, False),
    (Role.MANAGER, Action.ALLOCATE): (True, False, True, False),
    (Role.MANAGER, Action.LIMIT_ACCESS): (True, False, True, False),
    (Role.MANAGER, Action.OVERSEE): (True, False, True, False),
    (Role.MANAGER, Action.SEE_MEASURES): (True, False, True, False),
    (Role.MANAGER, Action.SEE_FINDINGS): (True, False, True, False),
    (Role.MANAGER, Action.INSPECT): N,
    (Role.MANAGER, Action.SEE_HEALTH): N,
    (Role.MANAGER, Action.KEEP_QUESTIONS): N,
    (Role.INSPECTOR, Action.SEE_DAY): N,
    (Role.INSPECTOR, Action.SEE_CASE): (False, False, True, True),
    (Role.INSPECTOR, Action.WRITE_CASE): N,
    (Role.INSPECTOR, Action.SEE_TEAM): N,
    (Role.INSPECTOR, Action.ALLOCATE): N,
    (Role.INSPECTOR, Action.LIMIT_ACCESS): N,
    (Role.INSPECTOR, Action.OVERSEE): N,
    (Role.INSPECTOR, Action.SEE_MEASURES): (True, True, True, True),
    (Role.INSPECTOR, Action.SEE_FINDINGS): (True, True, True, True),
    (Role.INSPECTOR, Action.INSPECT): (True, True, True, True),
    (Role.INSPECTOR, Action.SEE_HEALTH): N,
    (Role.INSPECTOR, Action.KEEP_QUESTIONS): (True, True, True, True),
    (Role.ADMINISTRATOR, Action.SEE_DAY): N,
    (Role.ADMINISTRATOR, Action.SEE_CASE): N,
    (Role.ADMINISTRATOR, Action.WRITE_CASE): N,
    (Role.ADMINISTRATOR, Action.SEE_TEAM): N,
    (Role.ADMINISTRATOR, Action.ALLOCATE): N,
    (Role.ADMINISTRATOR, Action.LIMIT_ACCESS): N,
    (Role.ADMINISTRATOR, Action.OVERSEE): N,
    (Role.ADMINISTRATOR, Action.SEE_MEASURES): N,
    (Role.ADMINISTRATOR, Action.SEE_FINDINGS): N,
    (Role.ADMINISTRATOR, Action.INSPECT): N,
    (Role.ADMINISTRATOR, Action.SEE_HEALTH): (True, True, True, True),
    (Role.ADMINISTRATOR, Action.KEEP_QUESTIONS): (True, True, True, True),
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


def test_a_manager_who_holds_a_case_of_another_team_does_not_oversee_it() -> None:
    held = Resource(team="NP1", provider="C10", practitioner="SIAN")
    assert decide(subject(Role.MANAGER), Action.WRITE_CASE, held).allowed
    assert decide(subject(Role.MANAGER), Action.OVERSEE, held) == NO


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


OF_FIGURES = {
    "their own": (Resource(team="CF1", provider="C10", practitioner="ME"), (True, True), (True, True)),
    "an officer of their team": (Resource(team="CF1", provider="C10", practitioner="OWEN"), (False, False), (True, True)),
    "an officer of another team": (Resource(team="NP1", provider="C10", practitioner="TOM"), (False, False), (False, False)),
    "an officer of the provider who is in no team": (Resource(provider="C10", practitioner="TOM"), (False, False), (False, False)),
    "their team": (Resource(team="CF1", provider="C10"), (False, False), (True, True)),
    "another team": (Resource(team="NP1", provider="C10"), (False, False), (False, False)),
    "their provider": (Resource(provider="C10"), (False, False), (True, False)),
    "another provider": (Resource(provider="N03"), (False, False), (False, False)),
    "the nation": (Resource(), (False, False), (False, False)),
}
"""Whose figures; may an officer see them, and what is behind them; may a manager."""


@pytest.mark.parametrize("whose", OF_FIGURES)
def test_figures_are_seen_by_whom_they_are_about_and_by_who_answers_for_them(whose: str) -> None:
    resource, *of_roles = OF_FIGURES[whose]
    for role, answers in zip((Role.OFFICER, Role.MANAGER), of_roles, strict=True):
        me = Subject("ME", role, "CF1", "C10")
        assert tuple(decide(me, action, resource).allowed for action in (Action.SEE_MEASURES, Action.SEE_FINDINGS)) == answers
    for action in (Action.SEE_MEASURES, Action.SEE_FINDINGS):
        assert decide(Subject("HMI", Role.INSPECTOR), action, resource).allowed
        assert not decide(Subject("ADM", Role.ADMINISTRATOR), action, resource).allowed


def test_who_is_in_no_team_and_no_provider_sees_no_figures() -> None:
    for resource in (Resource(), Resource(team=""), Resource(provider="")):
        assert decide(Subject("ME", Role.MANAGER), Action.SEE_MEASURES, resource) == NO


def test_the_same_provider_is_not_enough() -> None:
    assert decide(subject(Role.MANAGER), Action.SEE_CASE, Resource(team="NP1", provider="C10")) == NO


def test_an_administrator_sees_the_content_of_no_case_whatever_is_said_of_it() -> None:
    everything = Resource(team="CF1", provider="C10", practitioner="SIAN", sampled=True, offered_to_team="CF1")
    assert decide(subject(Role.ADMINISTRATOR), Action.SEE_CASE, everything) == NO


# Limits on who may see a case ---------------------------------------------------------------------------------------

SINCE = datetime(2026, 3, 1, 9, tzinfo=UTC)


def limit(kind: LimitKind, *practitioners: str) -> tuple[Limit, ...]:
    return tuple(Limit(kind, code, SINCE) for code in practitioners)


NOT_SIAN, NOT_OWEN = limit(LimitKind.EXCLUSION, "SIAN"), limit(LimitKind.EXCLUSION, "OWEN")
ONLY_SIAN, ONLY_OWEN = limit(LimitKind.RESTRICTION, "SIAN"), limit(LimitKind.RESTRICTION, "OWEN")
ONLY_BOTH = limit(LimitKind.RESTRICTION, "OWEN", "SIAN")


@pytest.mark.parametrize(
    ("limits", "hidden"),
    [
        pytest.param((), False, id="no limit"),
        pytest.param(NOT_SIAN, True, id="excluded"),
        pytest.param(NOT_OWEN, False, id="another is excluded"),
        pytest.param(ONLY_SIAN, False, id="the only one named"),
        pytest.param(ONLY_OWEN, True, id="only another is named"),
        pytest.param(ONLY_BOTH, False, id="one of those named"),
        pytest.param(ONLY_SIAN + NOT_SIAN, True, id="named and excluded"),
        pytest.param(ONLY_SIAN + NOT_OWEN, False, id="named, another excluded"),
        pytest.param(ONLY_OWEN + NOT_OWEN, True, id="another named and excluded"),
    ],
)
def test_a_case_is_hidden_from_whoever_is_excluded_and_from_whoever_is_not_among_those_named(
    limits: tuple[Limit, ...], hidden: bool
) -> None:
    assert is_hidden_from("SIAN", limits) is hidden


EVERYTHING = {"team": "CF1", "provider": "C10", "practitioner": "SIAN", "sampled": True, "offered_to_team": "CF1"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("limits", [NOT_SIAN, ONLY_OWEN], ids=["excluded", "not named"])
def test_no_role_and_no_rule_opens_a_case_that_is_hidden(role: Role, limits: tuple[Limit, ...]) -> None:
    hidden = Resource(**EVERYTHING, limits=limits)
    for action in (Action.SEE_CASE, Action.WRITE_CASE, Action.ALLOCATE, Action.LIMIT_ACCESS):
        assert decide(subject(role), action, hidden) in (HIDDEN, NO)
        assert not decide(subject(role), action, hidden).allowed


def test_a_hidden_case_is_told_apart_from_one_that_no_rule_opens_so_that_the_same_can_be_said_as_of_no_case() -> None:
    assert decide(subject(Role.OFFICER), Action.SEE_CASE, Resource(team="CF1", limits=NOT_SIAN)) == HIDDEN
    assert decide(subject(Role.OFFICER), Action.SEE_CASE, Resource(team="NP1", limits=NOT_OWEN)) == NO


def test_a_limit_holds_from_its_first_moment_and_not_at_its_last() -> None:
    ending = Limit(LimitKind.EXCLUSION, "SIAN", SINCE, SINCE + timedelta(days=1))
    second = timedelta(seconds=1)
    held = [ending.holds_at(at) for at in (SINCE - second, SINCE, SINCE + timedelta(days=1) - second, SINCE + timedelta(days=1))]
    assert held == [False, True, True, False]
    assert Limit(LimitKind.EXCLUSION, "SIAN", SINCE).holds_at(SINCE + timedelta(days=9999))


# Cases that no team has had yet -------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", Action)
def test_a_case_with_no_team_yet_can_be_read_and_placed_by_any_manager(action: Action) -> None:
    of_no_team = Resource(unplaced=True)
    may = action in (Action.SEE_CASE, Action.ALLOCATE)
    assert decide(subject(Role.MANAGER), action, of_no_team).allowed is may
    if action is not Action.SEE_DAY:
        assert not decide(subject(Role.OFFICER), action, of_no_team).allowed
    assert not decide(Subject("MEERA", Role.MANAGER), action, of_no_team).allowed
