"""The invented providers, teams and staff of the demonstration, who is in post when, and who to sign in as."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import ceil
from random import Random
from typing import NamedTuple

from domain.access import Role
from domain.case import Sex
from domain.organisation import ProviderKind
from web.synthetic.people import full_name

CASES_AN_OFFICER = 45
CRC_SHARE = 0.65


class Provider(NamedTuple):
    code: str
    name: str
    kind: ProviderKind


class Team(NamedTuple):
    code: str
    name: str
    provider: str
    manager: str
    manager_name: str
    moved_about: bool = False
    """Whether its cases are moved between officers by the dozen, for administrative reasons."""

    @property
    def is_crc(self) -> bool:
        return self.provider == CRC.code


class Officer(NamedTuple):
    """`joined` and `left` in days before the end of the simulation; `weight` is the share of cases among colleagues."""

    code: str
    name: str
    grade: str
    team: str
    joined: int = 440
    left: int | None = None
    weight: float = 1.0


class DemoStaff(NamedTuple):
    role: Role
    code: str
    name: str
    team: str
    provider: str


CRC = Provider("C10", "Wales CRC", ProviderKind.CRC)
NPS = Provider("N03", "NPS Wales", ProviderKind.NPS)
PROVIDERS = (CRC, NPS)
TEAMS = (
    Team("C10CDF", "Cardiff and the Vale", "C10", "C10M001", "Rhian Maddocks"),
    Team("C10NPT", "Newport and Gwent", "C10", "C10M002", "Colin Thorogood", moved_about=True),
    Team("C10SWA", "Swansea Bay", "C10", "C10M003", "Delyth Prothero"),
    Team("N03CDF", "Cardiff public protection", "N03", "N03M001", "Marcus Hinchliffe"),
)
MASS_MOVES = (290, 120)
"""The days, counted back from the end, on which the moved-about team was reorganised."""

_NAMED = (
    Officer("C10A001", "Eleri Beynon", "PO", "C10CDF", weight=3.4),
    Officer("C10A002", "Tom Fairclough", "PSO", "C10CDF"),
    Officer("C10A003", "Siân Llewelyn", "PSO", "C10CDF", joined=230),
    Officer("C10A004", "Gary Underhill", "PO", "C10CDF", left=250),
    Officer("C10B001", "Amina Farooqi", "PO", "C10NPT", weight=1.3),
    Officer("C10B002", "Dewi Gwilliam", "PSO", "C10NPT"),
    Officer("C10B003", "Joanne Lockyer", "PSO", "C10NPT", joined=150),
    Officer("C10B004", "Piotr Sikora", "PSO", "C10NPT", left=160),
    Officer("C10D001", "Heledd Treharne", "PO", "C10SWA"),
    Officer("C10D002", "Kwame Mensah", "PSO", "C10SWA"),
    Officer("C10D003", "Lowri Parfitt", "PSO", "C10SWA", joined=90),
    Officer("C10D004", "Neil Garside", "PO", "C10SWA", left=95),
    Officer("N03A001", "Owain Meredith", "PO", "N03CDF", weight=1.2),
    Officer("N03A002", "Zoë Rafferty", "PO", "N03CDF"),
    Officer("N03A003", "Idris Yorath", "PO", "N03CDF", joined=195),
    Officer("N03A004", "Frances Semple", "PO", "N03CDF", left=200),
)
ADMINISTRATOR = "ADM0001"
DEMO_OFFICERS = ("C10A001", "C10B001", "N03A001")

DEMO_STAFF: list[DemoStaff] = [
    *(DemoStaff(Role.OFFICER, o.code, o.name, o.team, o.team[:3]) for o in _NAMED if o.code in DEMO_OFFICERS),
    DemoStaff(Role.MANAGER, TEAMS[0].manager, TEAMS[0].manager_name, TEAMS[0].code, CRC.code),
    DemoStaff(Role.MANAGER, TEAMS[3].manager, TEAMS[3].manager_name, TEAMS[3].code, NPS.code),
    DemoStaff(Role.INSPECTOR, "HMI0001", "Judith Carew", "", ""),
    DemoStaff(Role.ADMINISTRATOR, ADMINISTRATOR, "Pat Skyrme", "", ""),
]
"""Who to sign in as. The inspector and the administrator are not practitioners, so no event names them as such."""


class Staff:
    """Everybody in post over the simulated months, for a number of cases."""

    def __init__(self, cases: int, rng: Random, until: date) -> None:
        self._until = until
        self.teams = {team.code: team for team in TEAMS}
        self.officers = {officer.code: officer for officer in (*_NAMED, *_more(cases, rng))}
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


def _more(cases: int, rng: Random) -> Iterator[Officer]:
    """Further officers where three to a team would each hold far too many cases."""
    for team in TEAMS:
        cases_of_team = cases * (CRC_SHARE / 3 if team.is_crc else 1 - CRC_SHARE)
        prefix = next(o.code for o in _NAMED if o.team == team.code)[:4]
        for i in range(5, 2 + ceil(cases_of_team / CASES_AN_OFFICER)):
            name = full_name(rng, rng.choice((Sex.FEMALE, Sex.MALE)))
            yield Officer(f"{prefix}{i:03}", name, rng.choice(("PO", "PSO", "PSO", "TPO")), team.code)
