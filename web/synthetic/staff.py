"""The invented providers, teams and staff of the demonstration, who is in post or away when, and who to sign in as."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil
from random import Random
from typing import NamedTuple

import msgspec

from domain.access import Role
from domain.case import Sex
from domain.organisation import ProviderKind
from web.synthetic.draws import some
from web.synthetic.parameters import POPULATION, stated
from web.synthetic.people import full_name

NUMBERS = POPULATION.allocation
FOUNDED = 440
"""Days before the end on which the providers, teams and staff were registered: before the first sentence of anybody."""


class Provider(msgspec.Struct, frozen=True):
    """`telephone` is the share of its cases that are supervised by telephone."""

    code: str
    name: str
    kind: ProviderKind
    telephone: float = 0.0
    kiosk: bool = False
    welsh: bool = True
    """Whether it is in Wales."""


class Team(msgspec.Struct, frozen=True):
    """`neglect` says how badly it is run, 1 is usual; `booths` how many of its office contacts are held in open booths."""

    code: str
    name: str
    provider: str
    manager: str
    manager_name: str
    office: str
    share: float
    neglect: float = 1.0
    booths: float = 0.0
    moved_about: bool = False
    """Whether its cases are moved between officers by the dozen, for administrative reasons."""
    instructs_monthly: bool = False
    """Whether it issues instructions for unpaid work on one day of the month; the others do every Wednesday."""
    piles_up: bool = False
    """Whether it lets entries pile up and then writes them all within one week."""

    @property
    def is_crc(self) -> bool:
        return self.runs_by.kind is ProviderKind.CRC

    @property
    def runs_by(self) -> Provider:
        return _BY_CODE[self.provider]


class Officer(msgspec.Struct, frozen=True):
    """`joined` and `left` in days before the end of the simulation; `weight` is the share of cases among colleagues."""

    code: str
    name: str
    grade: str
    team: str
    joined: int = FOUNDED
    left: int | None = None
    weight: float = 1.0
    signs_in: bool = False


class Project(msgspec.Struct, frozen=True):
    """A place of unpaid work; every provider has all of them."""

    code: str
    name: str
    kind: str


class Absence(NamedTuple):
    """An officer is away from one day to another, and colleagues stand in."""

    officer: str
    begins: date
    ends: date


class Organisation(NamedTuple):
    """Who there is beside the people on probation, and of which providers an inspection is announced."""

    providers: Sequence[Provider]
    teams: Sequence[Team]
    officers: Sequence[Officer]
    inspected: Sequence[Provider]


class DemoStaff(NamedTuple):
    role: Role
    code: str
    name: str
    team: str
    provider: str


_stated = stated()
PROVIDERS: Sequence[Provider] = msgspec.convert(_stated["provider"], list[Provider])
TEAMS: Sequence[Team] = msgspec.convert(_stated["team"], list[Team])
PROJECTS: Sequence[Project] = msgspec.convert(_stated["project"], list[Project])
NAMED: Sequence[Officer] = msgspec.convert(_stated["officer"], list[Officer])
_BY_CODE = {provider.code: provider for provider in PROVIDERS}
CRC_TEAMS = [team for team in TEAMS if team.is_crc]
NPS_TEAM = next(team for team in TEAMS if not team.is_crc)

ADMINISTRATOR = "ADM0001"
INSPECTOR = "HMI0001"
DEMO_OFFICERS = tuple(officer.code for officer in NAMED if officer.signs_in)

DEMO_STAFF: list[DemoStaff] = [
    *(DemoStaff(Role.OFFICER, o.code, o.name, o.team, o.team[:3]) for o in NAMED if o.signs_in),
    *(DemoStaff(Role.MANAGER, t.manager, t.manager_name, t.code, t.provider) for t in (TEAMS[0], NPS_TEAM)),
    DemoStaff(Role.INSPECTOR, INSPECTOR, "Judith Carew", "", ""),
    DemoStaff(Role.ADMINISTRATOR, ADMINISTRATOR, "Pat Skyrme", "", ""),
]
"""Who to sign in as. The inspector and the administrator are not practitioners, so no event names them as such."""


class Staff:
    """Everybody in post over the simulated months, for a number of cases."""

    def __init__(self, cases: int, rng: Random, until: date, *, teams: Sequence[Team] = TEAMS, named: Sequence[Officer] = NAMED) -> None:
        """`teams` and `named` may be run, joined and left in another way than is stated; their codes are the same."""
        self._until = until
        self._rng = rng
        self.teams = {team.code: team for team in teams}
        self.officers = {officer.code: officer for officer in (*named, *_more(cases, rng))}
        self._by_team = {team.code: [o for o in self.officers.values() if o.team == team.code] for team in TEAMS}

    def joined(self, officer: Officer) -> date:
        return self._until - timedelta(days=officer.joined)

    def left(self, officer: Officer) -> date | None:
        return None if officer.left is None else self._until - timedelta(days=officer.left)

    def in_post(self, team: str, day: date) -> list[Officer]:
        ago = (self._until - day).days
        return [o for o in self._by_team[team] if o.joined >= ago and (o.left is None or o.left < ago)]

    def pick(self, rng: Random, team: str, at: datetime | date, *, other_than: str = "") -> str:
        """An officer of the team who is in post that day."""
        day = at.date() if isinstance(at, datetime) else at
        found = [o for o in self.in_post(team, day) if o.code != other_than]
        return rng.choices(found, [o.weight for o in found])[0].code

    def organisation(self) -> Organisation:
        """Everybody, with an inspection of the first provider."""
        return Organisation(PROVIDERS, tuple(self.teams.values()), tuple(self.officers.values()), PROVIDERS[:1])

    @cached_property
    def absences(self) -> list[Absence]:
        """Weeks in which somebody is ill, for some of those who stay in post throughout; not of those one signs in as."""
        found = []
        for officer in self.officers.values():
            stays = officer.left is None and not officer.signs_in and len(self._by_team[officer.team]) > 1
            if self._rng.random() < NUMBERS.sick_officers and stays:
                begins = self._until - timedelta(days=self._rng.randint(0, min(officer.joined, 300) - 1))
                found.append(Absence(officer.code, begins, begins + timedelta(days=some(self._rng, NUMBERS.sick_days))))
        return found


def _more(cases: int, rng: Random) -> Iterator[Officer]:
    """Further officers where those named would each hold far too many cases."""
    of_crcs = sum(team.share for team in CRC_TEAMS)
    crc_share = POPULATION.sentences.crc_share
    for team in TEAMS:
        cases_of_team = cases * (crc_share * team.share / of_crcs if team.is_crc else 1 - crc_share)
        prefix = next(o.code for o in NAMED if o.team == team.code)[:4]
        for i in range(5, 2 + ceil(cases_of_team / NUMBERS.cases_an_officer)):
            name = full_name(rng, rng.choice((Sex.FEMALE, Sex.MALE)))
            yield Officer(f"{prefix}{i:03}", name, rng.choice(("PO", "PSO", "PSO", "TPO")), team.code)
