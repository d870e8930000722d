"""A provider is registered once, and so is each of its teams and of its unpaid work projects."""

import pytest

from domain.organisation import (
    PROJECT_TYPES,
    Provider,
    ProviderKind,
    ProviderRegistered,
    TeamRegistered,
    end_upw_project,
    provider_id,
    register_provider,
    register_team,
    register_upw_project,
)
from tests.rules import Command, Given, did, given, in_words

REGISTERED = did(register_provider)


@pytest.mark.parametrize("kind", ProviderKind)
def test_a_provider_is_registered_with_its_code_name_and_kind(kind: ProviderKind) -> None:
    event = given(of=Provider).when(register_provider, kind=kind).event
    assert isinstance(event, ProviderRegistered)
    assert (event.code, event.name, event.kind) == ("C10", "Wales CRC", kind)


def test_a_provider_is_registered_once() -> None:
    given(REGISTERED, of=Provider).when(register_provider).refused("Provider C10 is registered already.", "code")


def test_a_team_is_registered_with_its_provider() -> None:
    event = given(REGISTERED, of=Provider).when(register_team).event
    assert isinstance(event, TeamRegistered)
    assert (event.provider, event.code, event.name) == ("C10", "CF1", "Cardiff")


def test_a_team_is_registered_once() -> None:
    given(REGISTERED, did(register_team), of=Provider).when(register_team).refused("Team CF1 is registered already.", "code")


def test_a_provider_has_several_teams() -> None:
    two = given(REGISTERED, did(register_team), did(register_team, code="NP1", name="Newport"), of=Provider)
    assert two.state.teams == {"CF1", "NP1"}


def test_a_team_needs_a_provider() -> None:
    given(of=Provider).when(register_team).refused("There is no such provider.", "provider")


def test_a_provider_s_code_always_finds_its_stream() -> None:
    assert provider_id("C10") == provider_id("C10") != provider_id("N03")


def test_a_provider_is_nobody_s_personal_record() -> None:
    assert given(REGISTERED, of=Provider).state.person_id is None


# Unpaid work projects --------------------------------------------------------------------------------------------------


def with_a_project() -> Given[Provider]:
    return given(did(register_provider), did(register_upw_project), of=Provider)


def test_a_provider_registers_a_project_under_a_code_and_a_name() -> None:
    event = given(did(register_provider), of=Provider).when(register_upw_project, code=" bute ", name=" Bute Park ").event
    assert (event.provider, event.code, event.name, event.kind, event.place) == ("C10", "BUTE", "Bute Park", "NP1", "North Gate")


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"code": " "}, "Enter the code and the name of the project.", "code"),
        ({"name": " "}, "Enter the code and the name of the project.", "name"),
        ({"kind": "XX"}, "Select the kind of project.", "kind"),
        ({"name": "Taff Trail", "code": "bute"}, "Project BUTE is registered already.", "code"),
        ({"code": "TAFF", "name": "BUTE PARK"}, "There is a project called BUTE PARK already.", "name"),
    ],
)
def test_a_project_has_a_code_a_name_and_a_kind_of_its_own(changes: dict[str, str], words: str, field: str) -> None:
    with_a_project().when(register_upw_project, **changes).refused(words, field)


def test_a_project_ends_once() -> None:
    provider = with_a_project()
    assert provider.when(end_upw_project).event.code == "BUTE"
    provider.then(end_upw_project)
    provider.when(end_upw_project).refused("There is no such project, or it has ended.", "code")


@pytest.mark.parametrize("command", [register_upw_project, end_upw_project], ids=in_words)
def test_a_project_belongs_to_a_provider(command: Command) -> None:
    given(of=Provider).when(command).refused("There is no such provider.", "provider")


@pytest.mark.parametrize("code", PROJECT_TYPES)
def test_only_projects_of_education_training_and_employment_have_a_share(code: str) -> None:
    assert PROJECT_TYPES[code].ete is (code in ("ET1", "ET3", "ET5", "UP06"))
