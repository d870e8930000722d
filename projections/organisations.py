"""Providers, teams and practitioners, as lists and choices need them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import ProviderKind, ProviderRegistered, TeamRegistered
from domain.policy import Policy
from domain.practitioner import LanguagesRecorded, PractitionerJoined, PractitionerLeft, PractitionerRegistered, WorkingHoursSet
from projections.hidden import asking, spared
from projections.story import Story

PROVIDER_COLUMNS = {"stream_id": "uuid", "code": "text", "name": "text", "kind": "text"}
TEAM_COLUMNS = {"stream_id": "uuid", "code": "text", "name": "text", "provider": "text"}
PRACTITIONER_COLUMNS = {
    "stream_id": "uuid",
    "code": "text",
    "name": "text",
    "grade": "text",
    "team": "text",
    "provider": "text",
    "minutes_a_week": "int4",
    "languages": "text",
}
"""`languages` are those beside English, with a semicolon between."""


class ProviderRow(msgspec.Struct, frozen=True):
    code: str
    name: str
    kind: str


class TeamRow(msgspec.Struct, frozen=True):
    code: str
    name: str
    provider: str


class PractitionerRow(msgspec.Struct, frozen=True):
    code: str
    name: str
    grade: str
    team: str
    provider: str
    languages: str


class Load(msgspec.Struct, frozen=True):
    """A practitioner of a team with how many cases they hold."""

    code: str
    name: str
    grade: str
    cases: int


def provider_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for recorded in story.history:
        if isinstance(event := recorded.event, ProviderRegistered):
            yield event.code, event.name, event.kind.value


def team_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for recorded in story.history:
        if isinstance(event := recorded.event, TeamRegistered):
            yield event.code, event.name, event.provider


def practitioner_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    code = name = grade = team = provider = languages = ""
    minutes_a_week: int | None = None
    for recorded in story.history:
        match recorded.event:
            case PractitionerRegistered() as registered:
                code, name, grade = registered.code, registered.name, registered.grade
            case PractitionerJoined() as joined:
                team, provider = joined.team, joined.provider
            case PractitionerLeft():
                team = provider = ""
            case WorkingHoursSet() as hours:
                minutes_a_week = hours.minutes_a_week
            case LanguagesRecorded() as spoken:
                languages = "; ".join(spoken.languages)
    yield code, name, grade, team, provider, minutes_a_week, languages


def providers(conn: Connection[Any]) -> Sequence[ProviderRow]:
    with conn.cursor(row_factory=class_row(ProviderRow)) as cursor:
        return cursor.execute("select code, name, kind from provider order by name").fetchall()


def kinds(conn: Connection[Any]) -> dict[str, ProviderKind]:
    """Whether each provider, by code, is a CRC or a division of the NPS."""
    return {code: ProviderKind(kind) for code, kind in conn.execute("select code, kind from provider").fetchall()}


def teams(conn: Connection[Any], provider: str = "") -> Sequence[TeamRow]:
    """Teams of a provider, or all, by name."""
    query = "select code, name, provider from team where %(provider)s in ('', provider) order by name"
    with conn.cursor(row_factory=class_row(TeamRow)) as cursor:
        return cursor.execute(query, {"provider": provider}).fetchall()


def teams_by_provider(conn: Connection[Any], but: str = "") -> list[tuple[str, list[TeamRow]]]:
    """Every team under its provider's name, one left out."""
    others = [team for team in teams(conn) if team.code != but]
    return [(one.name, mine) for one in providers(conn) if (mine := [team for team in others if team.provider == one.code])]


def team(conn: Connection[Any], code: str) -> TeamRow | None:
    with conn.cursor(row_factory=class_row(TeamRow)) as cursor:
        return cursor.execute("select code, name, provider from team where code = %s", (code,)).fetchone()


def practitioner(conn: Connection[Any], code: str) -> PractitionerRow | None:
    query = "select code, name, grade, team, provider, languages from practitioner where code = %s"
    with conn.cursor(row_factory=class_row(PractitionerRow)) as cursor:
        return cursor.execute(query, (code,)).fetchone()


def loads(conn: Connection[Any], team: str, hidden: Sequence[UUID] = ()) -> Sequence[Load]:
    """The practitioners of a team by name, each with the open cases they hold; hidden cases are not counted."""
    query = (
        "select p.code, p.name, p.grade, count(c.stream_id)::int as cases from practitioner p"
        f" left join caseload c on c.practitioner = p.code and c.ended_on is null and {spared(hidden, 'c.stream_id')}"
        " where p.team = %(team)s group by p.code, p.name, p.grade order by p.name"
    )
    with conn.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(query.encode(), {"team": team, **asking(hidden)}).fetchall()


def names(conn: Connection[Any], codes: Iterable[str], teams: Iterable[str] = ()) -> dict[str, str]:
    """The names by code of practitioners and teams, and of everybody in some teams; of a code that nobody has there is none."""
    query = """
        select code, name from practitioner where code = any(%(codes)s) or team = any(%(teams)s)
        union all select code, name from team where code = any(%(codes)s) or code = any(%(teams)s)"""
    return dict(conn.execute(query, {"codes": list(codes), "teams": list(teams)}).fetchall())


def by_name(conn: Connection[Any], team: str, others: Iterable[str]) -> list[tuple[str, str]]:
    """Who works in a team, and these besides, by code and name in the order of names; a code that nobody has stands for itself."""
    codes = {person.code for person in of_team(conn, team)} | {code for code in others if code}
    found = names(conn, codes)
    return sorted(((code, found.get(code, code)) for code in codes), key=lambda officer: (officer[1], officer[0]))


def named(reading: Callable[[], AbstractContextManager[Connection[Any]]], teams: Iterable[str] = ()) -> Callable[[str], str]:
    """Says the name of a practitioner or team by code, an unknown code as it is. They are looked up when they are first wanted, all of
    these `teams` at once: a page names a few of a nation's thousands, and most of them are of one team."""
    known = {"": ""}

    def name(code: str) -> str:
        if code not in known:
            with reading() as conn:
                known.update({code: code} | names(conn, [code], teams if len(known) == 1 else ()))
        return known[code]

    return name


def of_team(conn: Connection[Any], team: str) -> Sequence[PractitionerRow]:
    """The practitioners of a team, by name."""
    query = "select code, name, grade, team, provider, languages from practitioner where team = %s order by name"
    with conn.cursor(row_factory=class_row(PractitionerRow)) as cursor:
        return cursor.execute(query, (team,)).fetchall()


def of_provider(conn: Connection[Any], provider: str) -> Sequence[PractitionerRow]:
    """The practitioners of a provider, by name."""
    query = "select code, name, grade, team, provider, languages from practitioner where provider = %s order by name, code"
    with conn.cursor(row_factory=class_row(PractitionerRow)) as cursor:
        return cursor.execute(query, (provider,)).fetchall()
