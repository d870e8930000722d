"""What is recorded beside the cases: providers, teams, projects and staff from the first day, who joins and leaves, an inspection."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from random import Random

from domain.event import Event
from domain.inspection import Inspection, announce_inspection, inspection_id
from domain.organisation import Provider, provider_id, register_provider, register_team, register_upw_project
from domain.practitioner import Practitioner, leave_team, practitioner_id, register_practitioner
from web.synthetic.diary import Diary
from web.synthetic.life import Lived, decided
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import ADMINISTRATOR, FOUNDED, INSPECTOR, PROJECTS, PROVIDERS, TEAMS, Officer, Staff


def organisation(staff: Staff, diary: Diary) -> Iterator[Lived]:
    """Providers, teams and staff on the first day; later whoever joined and left, and the announcement of an inspection."""
    founded = diary.office_hour(Random(0), diary.today - timedelta(days=FOUNDED))
    for provider in PROVIDERS:
        yield from _provider(provider.code, founded)
    managers = [Officer(t.manager, t.manager_name, "SPO", t.code) for t in TEAMS]
    careers = [list(_career(staff, officer, diary, founded)) for officer in (*managers, *staff.officers.values())]
    yield from merge(*careers, _inspection(diary), key=lambda lived: lived.recorded_at)


def _provider(code: str, founded: datetime) -> Iterator[Lived]:
    state = Provider(provider_id(code))
    known = next(provider for provider in PROVIDERS if provider.code == code)
    registered = register_provider(state, now=founded, by=ADMINISTRATOR, code=code, name=known.name, kind=known.kind)
    yield from _lived(state, registered, founded)
    for team in TEAMS:
        if team.provider == code:
            added = register_team(state, now=founded, by=ADMINISTRATOR, code=team.code, name=team.name)
            yield from _lived(state, added, founded)
    for project in PROJECTS:
        offered = register_upw_project(state, now=founded, by=ADMINISTRATOR, code=project.code, name=project.name, kind=project.kind)
        yield from _lived(state, offered, founded)


def _career(staff: Staff, officer: Officer, diary: Diary, founded: datetime) -> Iterator[Lived]:
    state = Practitioner(practitioner_id(officer.code))
    rng = Random(officer.code)
    joined = max(founded, diary.office_hour(rng, staff.joined(officer))) if officer.joined < FOUNDED else founded
    registered = register_practitioner(
        state,
        now=joined,
        by=ADMINISTRATOR,
        code=officer.code,
        name=officer.name,
        grade=officer.grade,
        team=officer.team,
        provider=staff.teams[officer.team].provider,
    )
    yield from _lived(state, registered, joined)
    if left := staff.left(officer):
        at = diary.office_hour(rng, left)
        yield from _lived(state, leave_team(state, now=at, by=ADMINISTRATOR), at)


def _inspection(diary: Diary) -> Iterator[Lived]:
    """One is announced a few weeks before the last day; its frame is still to be fixed."""
    at = diary.office_hour(Random(1), diary.today - timedelta(days=POPULATION.inspection.announced_days))
    reference = f"INS-{at.year}-001"
    state = Inspection(inspection_id(reference))
    inspected = PROVIDERS[0]
    title = f"{inspected.name}, {at:%B %Y}"
    announced = announce_inspection(state, now=at, by=INSPECTOR, reference=reference, provider=inspected.code, title=title)
    yield from _lived(state, announced, at)


def _lived(state: Provider | Practitioner | Inspection, events: Sequence[Event], now: datetime) -> Iterator[Lived]:
    yield from (Lived(now, pending) for pending in decided(state, state.id, events, now))
