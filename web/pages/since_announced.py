"""Since the announcement of an inspection: what was put into the record about the days before it, against what is usual."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import msgspec
from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import organisations, since_announced, unusual_weeks
from projections.inspections import InspectionRow
from projections.lateness import WEEK
from projections.recorded import KINDS
from projections.revised import ACTS, ENTERED, OTHER
from projections.since_announced import Choice, Inspected, Line, Put, lines
from projections.unusual_weeks import OfTeam
from web.exports import Cell, Table, download
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.pages.inspection import found
from web.reach import may_open
from web.service import hidden, now, reading, service
from web.typed import whole_day

blueprint = Blueprint("since_announced", __name__)

EVERYTHING = ""
"""The name of the line of everything together."""
PAGE = 50
NO_TEAM = "-"
"""In an address: in cases that no team held."""


class Told(msgspec.Struct, frozen=True):
    """What the page says. Lines stand by team code and by kind; weeks that stand out are of letters, instructions and late entries."""

    everything: Line
    teams: dict[str, Line]
    kinds: dict[str, Line]
    unusual: list[OfTeam]
    looked_at: int
    names: dict[str, str]

    @property
    def standing_out(self) -> list[str]:
        """The codes of the teams of which some days since the announcement stand out."""
        return [code for code, line in sorted(self.teams.items()) if line.standing_out()]


def _inspected(row: InspectionRow) -> Inspected:
    return Inspected(row.provider, row.announced_position, row.announced_at)


def _told(row: InspectionRow) -> Told:
    of, policy, today = _inspected(row), service().policy, local_day(now())
    with reading() as conn:
        everything = since_announced.put(conn, of, policy, hidden(row.provider))
    rule = policy.comparison

    def by(key: Callable[[Put], str]) -> dict[str, Line]:
        return lines(everything, key, of, today, rule)

    together = by(lambda one: EVERYTHING).get(EVERYTHING, Line({}))
    unusual, looked_at = unusual_weeks.of_teams(_work(everything), of.day - rule.burst_weeks_before * WEEK, _after(today), today, policy)
    return Told(together, by(lambda one: one.team), by(lambda one: one.kind), unusual, looked_at, _team_names(row))


def _work(everything: Sequence[Put]) -> dict[str, list[Put]]:
    """The entries that say that something was done, by team: whose weeks are looked at."""
    found: dict[str, list[Put]] = {}
    for one in everything:
        if one.act == ENTERED and one.kind != OTHER:
            found.setdefault(one.team, []).append(one)
    return found


def _after(day: date) -> date:
    return day + timedelta(days=1)


@blueprint.get("/inspections/<reference>/since")
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    today = local_day(now())

    def behind(**chosen: object) -> str:
        """The address of the entries that a number counts."""
        named = {name: str(value) for name, value in chosen.items() if value != ""}
        return url_for("since_announced.entries", reference=reference, **named)  # type: ignore[arg-type]  # the names are the address's own

    return page(
        "inspection/since.html",
        inspection=row,
        told=_told(row),
        acts=ACTS,
        announced_on=local_day(row.announced_at),
        days=(today - local_day(row.announced_at)).days + 1,
        behind=behind,
        no_team=NO_TEAM,
        counted_at=now(),
        policy=service().policy,
    )


@blueprint.get("/inspections/<reference>/since/entries")
@allow(Action.INSPECT)
def entries(reference: str) -> Response:
    """The entries that a number counts, those made last first; only cases that the reader may open have a name."""
    row = found(reference)
    chosen, of, unseen = _chosen(), _inspected(row), hidden(row.provider)
    with reading() as conn:
        count, cases = since_announced.counted(conn, of, chosen, unseen)
        pages = max(1, -(-count // PAGE))
        here = min(max(1, request.args.get("page", 1, int)), pages)
        shown = since_announced.entries(conn, of, chosen, unseen, limit=PAGE, offset=(here - 1) * PAGE)
    return page(
        "inspection/since_entries.html",
        inspection=row,
        chosen=chosen,
        last=chosen.until - timedelta(days=1) if chosen.until else None,
        names=_team_names(row),
        count=count,
        cases=cases,
        shown=shown,
        open={one.crn for one in shown if may_open(one)},
        pages=pages,
        page=here,
        as_file=url_for("since_announced.export_entries", reference=reference, ending="csv", **_narrowed()),  # type: ignore[arg-type]  # as above
    )


def _narrowed() -> dict[str, str]:
    return {name: request.args[name] for name in ("team", "kind", "act", "since", "until") if name in request.args}


def _team_names(row: InspectionRow) -> dict[str, str]:
    with reading() as conn:
        return {team.code: team.name for team in organisations.teams(conn, row.provider)}


def _chosen() -> Choice:
    """What the address narrows to; what there is not does not narrow."""
    asked = Form(request.args)
    team, kind, act = asked.raw("team"), asked.raw("kind"), asked.raw("act")
    return Choice(
        team=None if "team" not in request.args else "" if team == NO_TEAM else team,
        kind=kind if kind in {*KINDS.values(), OTHER} else "",
        act=act if act in ACTS else "",
        since=whole_day(asked.raw("since")),
        until=whole_day(asked.raw("until")),
    )


# ---- As files ------------------------------------------------------------------------------------------------------------


@blueprint.get("/inspections/<reference>/since.<any(csv, ods):ending>")
@blueprint.get("/api/inspections/<reference>/since", defaults={"ending": "json"})
@allow(Action.INSPECT)
def export(reference: str, ending: str) -> Response:
    """Every number of the page with what is usual, a row each."""
    row = found(reference)
    head = ("by", "code", "name", "act", "days from", "days to", "entries", "usual", "variation", "chance", "stands out")
    return download(Table("since_announced", _about(row), head, _rows(_told(row))), ending, f"{reference}-since-the-announcement")


@blueprint.get("/inspections/<reference>/since/entries.<any(csv, ods):ending>")
@allow(Action.INSPECT)
def export_entries(reference: str, ending: str) -> Response:
    """The entries that a number counts, without names of people."""
    row = found(reference)
    names = _team_names(row)
    with reading() as conn:
        listed = since_announced.entries(conn, _inspected(row), _chosen(), hidden(row.provider))
    head = ("case", "entry", "team", "kind", "act", "about", "recorded", "days")
    rows = ((e.crn, e.number, names.get(e.of_team, e.of_team), e.kind, e.act, e.happened_on, e.recorded_on, e.delay) for e in listed)
    return download(Table("entries", _about(row), head, rows), ending, f"{reference}-entries-since-the-announcement")


def _about(row: InspectionRow) -> dict[str, Cell]:
    return {
        "inspection": row.reference,
        "provider": row.provider,
        "announced at": row.announced_at,
        "announced by entry of the record": row.announced_position,
        "counted at": now(),
        "policy": service().policy.version,
    }


def _rows(told: Told) -> Iterator[Sequence[Cell]]:
    yield from _of_line("all", "", "", told.everything)
    for code, line in told.teams.items():
        yield from _of_line("team", code, told.names.get(code, code), line)
    for kind, line in told.kinds.items():
        yield from _of_line("kind", kind, kind, line)
    for team, one in told.unusual:
        burst = one.burst
        figures = (burst.entries, round(burst.usual, 1), round(burst.dispersion, 1), burst.p, "yes")
        yield ("week of a team", team, told.names.get(team, team), one.stream.words, one.week, one.until - timedelta(days=1), *figures)


def _of_line(by: str, code: str, name: str, line: Line) -> Iterator[Sequence[Cell]]:
    for act, stretches in line.acts.items():
        for one in stretches:
            figures: Sequence[Cell] = (None, None, None, None)
            if one.burst:
                figures = (round(one.burst.usual, 1), round(one.burst.dispersion, 1), one.burst.p, "yes" if one.burst.flagged else "no")
            yield (by, code, name, act, one.begins, one.until - timedelta(days=1), one.entries, *figures)
