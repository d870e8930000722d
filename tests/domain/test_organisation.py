"""A provider is registered once, and so is each of its teams."""

import pytest

from domain.organisation import Provider, ProviderKind, ProviderRegistered, TeamRegistered, provider_id, register_provider, register_team
from tests.rules import did, given

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
