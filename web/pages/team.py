"""A team: who works in it, which cases it holds and which of them nobody holds, and its figures, now or as known on a day."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from psycopg import Connection
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from domain.allocation import allocation_due
from domain.risk import Rosh
from projections import caseload as cases
from projections import counted, figures, organisations
from projections.measures import MEASURES
from web.forms import Form
from web.gate import allow
from web.htmx import page, wants_fragment
from web.past import Sight, period, sight
from web.service import hidden, me, service

blueprint = Blueprint("team", __name__)

READS = frozenset({"caseload", "diary", counted.CONTACT_TABLE})
"""The read models that this page looks at."""
PAGE = 50
NOBODY = "-"
"""Chosen as the officer: the cases that nobody holds. No staff code looks like it."""


@blueprint.get("/team")
@allow(Action.SEE_TEAM)
def index() -> Response:
    return redirect(url_for("team.caseload", team=me().team), 303)


@blueprint.get("/teams/<team>")
@allow(Action.SEE_TEAM)
def caseload(team: str) -> Response:
    form = Form(request.args)
    seen = sight(form, READS, team)
    with seen.reading() as conn:
        shown = organisations.team(conn, team)
        if shown is None and not seen.day:
            abort(404)
        found = _caseload(conn, form, seen, team)
        # Filtering as one types brings only the list, and asks only for the list.
        rest = {} if wants_fragment() else _rest(conn, seen, team)
    context = {**rest, **found, "team": team, "team_name": shown.name if shown else team, "seen": seen, "as_known": seen.day}
    return page("team/caseload.html", "caseload", status=200 if form.ok else 422, form=form, today=seen.today, **context)


def _caseload(conn: Connection[Any], form: Form, seen: Sight, team: str) -> dict[str, object]:
    """The list under the filters asked for; a filter that is unknown does not narrow."""
    loads = organisations.loads(conn, team, hidden())
    officer = form.raw("officer") if form.raw("officer") in {NOBODY, *(load.code for load in loads)} else ""
    asked: dict[str, Any] = {
        "team": team,
        "practitioner": "" if officer == NOBODY else officer or None,
        "search": form.raw("search")[:100],
        "rosh": form.raw("rosh") if form.raw("rosh") in set(Rosh) else "",
        "hidden": hidden(),
        "nothing_after": seen.at if form.raw("without_next") else None,
    }
    count = cases.count_cases(conn, **asked)
    pages = max(1, -(-count // PAGE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    order: dict[str, Any] = {"sort": form.raw("sort") or "name", "descending": form.raw("dir") == "desc"}
    rows = cases.cases(conn, now=seen.at, **asked, **order, limit=PAGE, offset=(number - 1) * PAGE)
    narrowed = any((officer, asked["search"], asked["rosh"], asked["nothing_after"]))
    return {"cases": rows, "count": count, "pages": pages, "page": number, "loads": loads, "narrowed": narrowed, "levels": tuple(Rosh)}


def _rest(conn: Connection[Any], seen: Sight, team: str) -> dict[str, object]:
    """What stands above the list: cases that nobody holds, and the figures for those who may see them."""
    months = period(Form(), seen.today)
    scope = figures.Scope(seen.today, team=team, since=months.since, until=months.until, hidden=hidden(team=team))
    may_see = decide(me().subject, Action.SEE_MEASURES, Resource(team=team)).allowed
    found = figures.every_of_contacts(conn, scope) if may_see else {}
    return {
        "unheld": cases.cases(conn, now=seen.at, team=team, practitioner="", hidden=hidden()),
        "unheld_count": cases.count_cases(conn, team=team, practitioner="", hidden=hidden()),
        "unplaced": _unplaced(conn, seen) if _may_allocate(seen) else [],
        "figures": [(MEASURES[name], figure) for name, figure in found.items()],
        "period": months,
        "may_allocate": _may_allocate(seen),
        "decided_within": service().policy.sources["allocation.decided_within_working_days"],
    }


def _may_allocate(seen: Sight) -> bool:
    return not seen.day and decide(me().subject, Action.ALLOCATE).allowed


def _unplaced(conn: Connection[Any], seen: Sight) -> list[tuple[cases.ListedCase, date | None]]:
    """Cases that no team has had yet, each with the day by which it must be decided who takes it."""
    policy = service().policy
    found = cases.unplaced(conn, now=seen.at, hidden=hidden())
    return [(case, allocation_due(case.sentence_started_on, policy) if case.sentence_started_on else None) for case in found]
