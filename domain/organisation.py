"""Providers, their teams and their unpaid work projects: who is answerable for supervision in a place."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.event import Event, Recorded, Refused, stream_id
from domain.words import said


class ProviderKind(StrEnum):
    CRC = said("Community Rehabilitation Company")
    NPS = said("National Probation Service")


class ProviderRegistered(Event, frozen=True, tag="provider-registered"):
    code: str
    name: str
    kind: ProviderKind


class TeamRegistered(Event, frozen=True, tag="team-registered"):
    provider: str
    code: str
    name: str


class ProjectType(NamedTuple):
    label: str
    ete: bool = False
    """Education, training or employment, of which only a share of the hours may be credited."""


PROJECT_TYPES = {
    "ES": ProjectType(said("Externally supervised")),
    "ICP": ProjectType(said("Individual placement")),
    "NP1": ProjectType(said("Group, regional")),
    "NP2": ProjectType(said("Group, national")),
    "PL": ProjectType(said("Rapid deployment")),
    "PI": ProjectType(said("Induction")),
    "PS": ProjectType(said("PSAI or PPWS")),
    "WH1": ProjectType(said("Independent working")),
    "ET1": ProjectType(said("Education, training and employment 1"), ete=True),
    "ET3": ProjectType(said("Education, training and employment 3"), ete=True),
    "ET5": ProjectType(said("Education, training and employment 5"), ete=True),
    "UP06": ProjectType(said("Education, training and employment"), ete=True),
}
"""Kinds of unpaid work project by NDelius code [V: community payback service, project types, 2025]; the words are ours."""


class UpwProjectRegistered(Event, frozen=True, tag="upw-project-registered"):
    """A place where unpaid work is done. Instructions and sessions name it by its name, which is the provider's only one."""

    provider: str
    code: str
    name: str
    kind: str
    place: str = ""


class UpwProjectEnded(Event, frozen=True, tag="upw-project-ended"):
    """No more work is offered there; what was done there stays."""

    code: str


@dataclass(slots=True)
class Provider:
    id: UUID
    version: int = 0
    code: str = ""
    teams: set[str] = field(default_factory=set)
    projects: dict[str, str] = field(default_factory=dict)
    """Names of the unpaid work projects by code."""
    running_projects: set[str] = field(default_factory=set)
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        match recorded.event:
            case ProviderRegistered(code=code):
                self.code = code
            case TeamRegistered(code=code):
                self.teams.add(code)
            case UpwProjectRegistered(code=code, name=name):
                self.projects[code] = name
                self.running_projects.add(code)
            case UpwProjectEnded(code=code):
                self.running_projects.discard(code)
        self.version = recorded.originator_version


def provider_id(code: str) -> UUID:
    return stream_id("provider", code)


def register_provider(provider: Provider, *, now: datetime, by: str, code: str, name: str, kind: ProviderKind) -> list[Event]:
    if provider.version:
        raise Refused(said("Provider {code} is registered already.", code=code), "code")
    return [ProviderRegistered(occurred_at=now, by=by, code=code, name=name, kind=kind)]


def register_team(provider: Provider, *, now: datetime, by: str, code: str, name: str) -> list[Event]:
    if not provider.version:
        raise Refused(said("There is no such provider."), "provider")
    if code in provider.teams:
        raise Refused(said("Team {code} is registered already.", code=code), "code")
    return [TeamRegistered(occurred_at=now, by=by, provider=provider.code, code=code, name=name)]


def register_upw_project(provider: Provider, *, now: datetime, by: str, code: str, name: str, kind: str, place: str = "") -> list[Event]:
    """Add a project under a code and a name that the provider has not used yet."""
    if not provider.version:
        raise Refused(said("There is no such provider."), "provider")
    code, name = code.strip().upper(), name.strip()
    if not code or not name:
        raise Refused(said("Enter the code and the name of the project."), "name" if code else "code")
    if kind not in PROJECT_TYPES:
        raise Refused(said("Select the kind of project."), "kind")
    if code in provider.projects:
        raise Refused(said("Project {code} is registered already.", code=code), "code")
    if name.casefold() in {known.casefold() for known in provider.projects.values()}:
        raise Refused(said("There is a project called {name} already.", name=name), "name")
    return [UpwProjectRegistered(occurred_at=now, by=by, provider=provider.code, code=code, name=name, kind=kind, place=place.strip())]


def end_upw_project(provider: Provider, *, now: datetime, by: str, code: str) -> list[Event]:
    """Offer no more work at a project."""
    if not provider.version:
        raise Refused(said("There is no such provider."), "provider")
    if code not in provider.running_projects:
        raise Refused(said("There is no such project, or it has ended."), "code")
    return [UpwProjectEnded(occurred_at=now, by=by, code=code)]
