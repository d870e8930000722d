"""Slipping: what a team has let pass, case by case with the rule, its age and the way on; and what a provider's teams have, in numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from flask import Blueprint, Response, request
from psycopg import Connection

from domain.access import Action
from projections import deadlines, organisations, snoozed, timetable
from projections.deadline_kinds import RULES, SLIPPING, About, Kind, of_about
from projections.statistics.suppression import withhold
from projections.timetable import Listed, Scope, summed
from web.deadlines import kinds_asked, put_off, slug, way_on
from web.exports import Cell, Table, download
from web.figure_files import about
from web.gate import allow
from web.pages.measure import MARKS, figure_page
from web.pages.my_day import reasons
from web.service import hidden
from web.whose import NOBODY, Asked, asked, may

blueprint = Blueprint("slipping", __name__)

READS = frozenset({"caseload", "snoozed", deadlines.TABLE})
"""The read models that these pages look at."""
PAGE = 50


class Chosen(msgspec.Struct, frozen=True):
    """What the list is narrowed to: one kind or what kinds are about, by its name in the address, and an officer."""

    about: str
    officer: str
    kinds: tuple[Kind, ...]

    @property
    def kind(self) -> Kind | None:
        return self.kinds[0] if len(self.kinds) == 1 else None


def _chosen(officers: Sequence[tuple[str, str]]) -> Chosen:
    typed, officer = request.args.get("about", ""), request.args.get("officer", "")
    kinds = kinds_asked(typed)
    return Chosen(typed if kinds != SLIPPING else "", officer if officer in {code for code, _ in officers} else "", kinds)


def _scope(of: Asked, chosen: Chosen | None = None) -> Scope:
    """Everything late in a team; narrowed, if it is, to an officer and to kinds."""
    whole = timetable.late(of.seen.today, SLIPPING, team=of.whose.code, hidden=hidden(team=of.whose.code))
    if chosen is None:
        return whole
    officer = {"practitioner": "" if chosen.officer == NOBODY else chosen.officer} if chosen.officer else {}
    return msgspec.structs.replace(whole, kinds=chosen.kinds, **officer)


@blueprint.get("/teams/<team>/slipping")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> Response:
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    with of.seen.reading() as conn:
        found = timetable.counts(conn, _scope(of), "practitioner")
        officers = [*organisations.by_name(conn, team, {key[0] for key in found}), (NOBODY, "")]
        chosen = _chosen(officers)
        by_kind, by_officer = _seen_under(found, chosen)
        context = _page(conn, of, chosen, sum(by_kind[(kind,)] for kind in chosen.kinds))
    context |= {"groups": _groups(by_kind), "by_officer": by_officer, "officers": officers, "chosen": chosen}
    context |= {"everything": sum(found.values()), "way_on": None if of.seen.day else way_on, "rules": _rules(of), "slug": slug}
    return figure_page("slipping/team.html", of, "slips", **context)


def _page(conn: Connection[Any], of: Asked, chosen: Chosen, count: int) -> dict[str, Any]:
    """One page of the list, with what of it is snoozed in My day and why: that holds nothing back here."""
    pages = max(1, -(-count // PAGE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    order: dict[str, Any] = {"sort": request.args.get("sort", "age"), "descending": request.args.get("dir", "desc") == "desc"}
    items = timetable.listed(conn, _scope(of, chosen), **order, limit=PAGE, offset=(number - 1) * PAGE)
    snoozes = snoozed.of_team(conn, team=of.whose.code, today=of.seen.today, hidden=hidden(team=of.whose.code))
    held = {(item.stream_id, item.kind): snooze for item in items if (snooze := put_off(item, snoozes, of.seen.policy))}
    return {"items": items, "count": count, "pages": pages, "page": number, "snoozes": held, "reasons": reasons(held.values())}


def _seen_under(found: timetable.Counts, chosen: Chosen) -> tuple[timetable.Counts, timetable.Counts]:
    """Counts by kind under the officer chosen, and by officer under the kinds chosen: each filter says what it would bring."""
    code = "" if chosen.officer == NOBODY else chosen.officer
    of_officer = timetable.Counts({key: n for key, n in found.items() if not chosen.officer or key[0] == code})
    return summed(of_officer, -1), summed(found, 0, kinds=chosen.kinds)


def _groups(by_kind: timetable.Counts) -> list[tuple[About, int, list[tuple[Kind, int]]]]:
    """What kinds are about, with how many are late of each; kinds of which none is late are left out."""
    groups = []
    for what in About:
        some = [(kind, by_kind[(kind,)]) for kind in of_about(what) if by_kind[(kind,)]]
        if some:
            groups.append((what, sum(n for _, n in some), some))
    return groups


def _rules(of: Asked) -> list[tuple[Kind, str, list[tuple[str, str]]]]:
    """Each kind with the rule's words, and the source of each value of the policy in it with its standing."""
    policy = of.seen.policy
    return [(kind, RULES[kind].said(policy), [(one.source, MARKS[one.mark]) for one in RULES[kind].sources(policy)]) for kind in SLIPPING]


# ---- A provider ---------------------------------------------------------------------------------------------------------


@blueprint.get("/providers/<provider>/slipping")
@allow(Action.SEE_MEASURES)
def of_provider(provider: str) -> Response:
    """How much is late in each team, by what it is about."""
    of = asked(Action.SEE_MEASURES, {"provider": provider}, reads=READS)
    return figure_page("slipping/provider.html", of, found=_teams(of), abouts=list(About), rules=_rules(of), slug=slug)


class TeamLine(msgspec.Struct, frozen=True):
    """What is late in a team by what it is about, None for what is not told; `in_all` only to whoever is told of every team."""

    team: organisations.TeamRow
    opened: bool
    parts: Sequence[int | None]
    in_all: int | None


class TeamLines(msgspec.Struct, frozen=True):
    lines: Sequence[TeamLine]
    totals: Sequence[int | None]
    in_all: int | None


def _teams(of: Asked) -> TeamLines:
    """Each team by name. To whoever may not open a team a number that is too small is not told, nor another from which it could be
    worked out: the next smallest, or the total; and no sum over what they are about, which would tell it too."""
    with of.seen.reading() as conn:
        teams = organisations.teams(conn, of.whose.code)
        found = timetable.counts(
            conn, timetable.late(of.seen.today, SLIPPING, provider=of.whose.code, hidden=hidden(of.whose.code)), "team"
        )
    opened = {team.code for team in teams if may(Action.SEE_TEAM, of.whose.part(team.code))}
    closed = [] if may(Action.SEE_FINDINGS, of.whose) else [team.code for team in teams if team.code not in opened]
    columns = [_told(summed(found, 0, kinds=of_about(what)), closed, of.seen.policy.comparison.smallest_group) for what in About]
    whole = summed(found, 0)
    lines = [
        TeamLine(
            team,
            team.code in opened,
            [counts.get(team.code, 0) for counts, _ in columns],
            None if closed else whole[(team.code,)],
        )
        for team in teams
    ]
    return TeamLines(lines, [total for _, total in columns], None if closed else sum(whole.values()))


def _told(column: timetable.Counts, closed: Sequence[str], smallest: int) -> tuple[Mapping[str, int | None], int | None]:
    """One column of counts by team, and its total, without what is not told to whoever may not open the closed ones."""
    held = withhold({code: column[(code,)] for code in closed}, smallest=smallest)
    kept = {code: column[(code,)] for code in closed if code in held}
    is_safe = not kept or (len(kept) > 1 and sum(kept.values()) >= smallest)
    told: dict[str, int | None] = {code: count for (code,), count in column.items()}
    return told | dict.fromkeys(kept), sum(column.values()) if is_safe else None


# ---- Files --------------------------------------------------------------------------------------------------------------


@blueprint.get("/teams/<team>/slipping.<any(csv, ods):kind>")
@blueprint.get("/api/teams/<team>/slipping", defaults={"kind": "json"})
@allow(Action.SEE_TEAM)
def export_team(team: str, kind: str) -> Response:
    """What the page lists, narrowed as the page is."""
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    told = about(of)
    with of.seen.reading() as conn:
        chosen = _chosen([(code, code) for code in (NOBODY, *organisations.names(conn, [request.args.get("officer", "")]))])
        items = timetable.listed(conn, _scope(of, chosen))
    head = ("case", "person", "officer", "officer name", "about", "late", "what", "due on", "days late", "rule")
    return download(Table("slipping", told, head, _rows(of, items)), kind, "slipping")


def _rows(of: Asked, items: Sequence[Listed]) -> Iterator[Sequence[Cell]]:
    for item in items:
        rule = RULES[item.kind]
        named = (item.crn, item.name, item.practitioner, item.officer, rule.about.value, item.kind.value, item.what)
        yield (*named, item.due_on, item.days_late(of.seen.today), rule.said(of.seen.policy))


@blueprint.get("/providers/<provider>/slipping.<any(csv, ods):kind>")
@blueprint.get("/api/providers/<provider>/slipping", defaults={"kind": "json"})
@allow(Action.SEE_MEASURES)
def export_provider(provider: str, kind: str) -> Response:
    of = asked(Action.SEE_MEASURES, {"provider": provider}, reads=READS)
    told = about(of)
    head = ("code", "name", *(what.value for what in About), "late in all")
    rows = ((line.team.code, line.team.name, *line.parts, line.in_all) for line in _teams(of).lines)
    return download(Table("teams", told, head, rows), kind, "slipping")
