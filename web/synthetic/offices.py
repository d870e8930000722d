"""What is recorded beside the cases: providers, teams, projects and staff from the first day, who joins and leaves, an inspection."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from random import Random

from domain.event import Event
from domain.inspection import Inspection, announce_inspection, inspection_id
from domain.organisation import Provider, provider_id, register_provider, register_team, register_upw_project
from domain.practitioner import Practitioner, leave_team, practitioner_id, record_languages, register_practitioner
from web.synthetic.diary import Diary
from web.synthetic.life import Lived, decided
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import ADMINISTRATOR, FOUNDED, INSPECTOR, PROJECTS, Officer, Organisation, Team
from web.synthetic.staff import Provider as Known


def offices(of: Organisation, diary: Diary) -> Iterator[Lived]:
    """Providers, teams and staff on the first day; later whoever joined and left, and the announcement of an inspection."""
    founded = diary.office_hour(Random(0), diary.today - timedelta(days=FOUNDED))
    for provider in of.providers:
        yield from _provider(provider, of.teams, founded)
    home = {team.code: team.provider for team in of.teams}
    managers = [Officer(t.manager, t.manager_name, "SPO", t.code) for t in of.teams]
    welsh = {provider.code for provider in of.providers if provider.welsh}
    careers = [
        list(_career(officer, home[officer.team], home[officer.team] in welsh, diary, founded)) for officer in (*managers, *of.officers)
    ]
    inspections = [list(_inspection(diary, number, inspected)) for number, inspected in enumerate(of.inspected, 1)]
    yield from merge(*careers, *inspections, key=lambda lived: lived.recorded_at)


def _provider(known: Known, teams: Sequence[Team], founded: datetime) -> Iterator[Lived]:
    code, state = known.code, Provider(provider_id(known.code))
    registered = register_provider(state, now=founded, by=ADMINISTRATOR, code=code, name=known.name, kind=known.kind)
    yield from _lived(state, registered, founded)
    for team in teams:
        if team.provider == code:
            added = register_team(state, now=founded, by=ADMINISTRATOR, code=team.code, name=team.name)
            yield from _lived(state, added, founded)
    for project in PROJECTS:
        offered = register_upw_project(state, now=founded, by=ADMINISTRATOR, code=project.code, name=project.name, kind=project.kind)
        yield from _lived(state, offered, founded)


def _career(officer: Officer, provider: str, in_wales: bool, diary: Diary, founded: datetime) -> Iterator[Lived]:
    state = Practitioner(practitioner_id(officer.code))
    rng = Random(officer.code)
    first_day = diary.today - timedelta(days=officer.joined)
    joined = max(founded, diary.office_hour(rng, first_day)) if officer.joined < FOUNDED else founded
    registered = register_practitioner(
        state,
        now=joined,
        by=ADMINISTRATOR,
        code=officer.code,
        name=officer.name,
        grade=officer.grade,
        team=officer.team,
        provider=provider,
    )
    yield from _lived(state, registered, joined)
    # A draw of its own, so that languages change nothing else in a career.
    if officer.grade != "SPO" and Random(f"{officer.code}:languages").random() < POPULATION.oversight.welsh_officers and in_wales:
        yield from _lived(state, record_languages(state, now=joined, by=ADMINISTRATOR, languages=("Welsh",)), joined)
    if officer.left is not None:
        at = diary.office_hour(rng, diary.today - timedelta(days=officer.left))
        yield from _lived(state, leave_team(state, now=at, by=ADMINISTRATOR), at)


def _inspection(diary: Diary, number: int, inspected: Known) -> Iterator[Lived]:
    """One is announced a few weeks before the last day; its frame is still to be fixed."""
    at = diary.office_hour(Random(1), diary.today - timedelta(days=POPULATION.inspection.announced_days))
    reference = f"INS-{at.year}-{number:03}"
    state = Inspection(inspection_id(reference))
    title = f"{inspected.name}, {at:%B %Y}"
    announced = announce_inspection(state, now=at, by=INSPECTOR, reference=reference, provider=inspected.code, title=title)
    yield from _lived(state, announced, at)


def _lived(state: Provider | Practitioner | Inspection, events: Sequence[Event], now: datetime) -> Iterator[Lived]:
    yield from (Lived(now, pending) for pending in decided(state, state.id, events, now))
