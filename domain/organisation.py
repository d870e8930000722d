"""Providers and their teams: who is answerable for supervision in a place."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.event import Event, Recorded, Refused, stream_id


class ProviderKind(StrEnum):
    CRC = "Community Rehabilitation Company"
    NPS = "National Probation Service"


class ProviderRegistered(Event, frozen=True, tag="provider-registered"):
    code: str
    name: str
    kind: ProviderKind


class TeamRegistered(Event, frozen=True, tag="team-registered"):
    provider: str
    code: str
    name: str


@dataclass(slots=True)
class Provider:
    id: UUID
    version: int = 0
    code: str = ""
    teams: set[str] = field(default_factory=set)
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        match recorded.event:
            case ProviderRegistered(code=code):
                self.code = code
            case TeamRegistered(code=code):
                self.teams.add(code)
        self.version = recorded.originator_version


def provider_id(code: str) -> UUID:
    return stream_id("provider", code)


def register_provider(provider: Provider, *, now: datetime, by: str, code: str, name: str, kind: ProviderKind) -> list[Event]:
    if provider.version:
        raise Refused(f"Provider {code} is registered already.", "code")
    return [ProviderRegistered(occurred_at=now, by=by, code=code, name=name, kind=kind)]


def register_team(provider: Provider, *, now: datetime, by: str, code: str, name: str) -> list[Event]:
    if not provider.version:
        raise Refused("There is no such provider.", "provider")
    if code in provider.teams:
        raise Refused(f"Team {code} is registered already.", "code")
    return [TeamRegistered(occurred_at=now, by=by, provider=provider.code, code=code, name=name)]
