"""A team's cases: those that it holds, found and put in order, and those that somebody has yet to be found for; now or on a past day."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from psycopg import Connection
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.allocation import allocation_due
from domain.risk import Rosh
from projections import caseload as cases
from projections import organisations
from web.gate import allow
from web.pages.measure import figure_page
from web.past import Sight
from web.service import hidden, me, service
from web.whose import NOBODY, Asked, asked, may

blueprint = Blueprint("team", __name__)

READS = frozenset({"caseload", "diary"})
"""The read models that these pages look at."""
PAGE = 50


@blueprint.get("/team")
@allow(Action.SEE_TEAM)
def index() -> AnyResponse:
    return redirect(url_for("officers.of_team", team=me().team), 303)


@blueprint.get("/teams/<team>/cases")
@allow(Action.SEE_TEAM)
def caseload(team: str) -> Response:
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    with of.seen.reading() as conn:
        found = _caseload(conn, of)
    # Filtering as one types brings only the list.
    return figure_page("team/caseload.html", of, "caseload", today=of.seen.today, **found)


def _caseload(conn: Connection[Any], of: Asked) -> dict[str, Any]:
    """The list under the filters asked for; a filter that is unknown does not narrow."""
    form, seen, team = of.form, of.seen, of.whose.code
    loads = organisations.loads(conn, team, hidden())
    officer = form.raw("officer") if form.raw("officer") in {NOBODY, *(load.code for load in loads)} else ""
    narrowed: dict[str, Any] = {
        "team": team,
        "practitioner": "" if officer == NOBODY else officer or None,
        "search": form.raw("search")[:100],
        "rosh": form.raw("rosh") if form.raw("rosh") in set(Rosh) else "",
        "hidden": hidden(),
        "nothing_after": seen.at if form.raw("without_next") else None,
    }
    count = cases.count_cases(conn, **narrowed)
    pages = max(1, -(-count // PAGE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    order: dict[str, Any] = {"sort": form.raw("sort") or "name", "descending": form.raw("dir") == "desc"}
    rows = cases.cases(conn, now=seen.at, **narrowed, **order, limit=PAGE, offset=(number - 1) * PAGE)
    is_narrowed = any((officer, narrowed["search"], narrowed["rosh"], narrowed["nothing_after"]))
    return {"cases": rows, "count": count, "pages": pages, "page": number, "loads": loads, "narrowed": is_narrowed, "levels": tuple(Rosh)}


@blueprint.get("/teams/<team>/to-allocate")
@allow(Action.SEE_TEAM)
def to_allocate(team: str) -> Response:
    """The team's cases that nobody holds, and those that no team has had yet."""
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    seen = of.seen
    may_allocate = not seen.day and may(Action.ALLOCATE, of.whose)
    with seen.reading() as conn:
        unheld = cases.cases(conn, now=seen.at, team=team, practitioner="", hidden=hidden())
        count = cases.count_cases(conn, team=team, practitioner="", hidden=hidden())
        unplaced = _unplaced(conn, seen) if may_allocate else []
    source = service().policy.sources["allocation.decided_within_working_days"]
    context: dict[str, Any] = {"unheld": unheld, "unheld_count": count, "unplaced": unplaced, "decided_within": source}
    return figure_page("team/to_allocate.html", of, today=seen.today, may_allocate=may_allocate, **context)


def _unplaced(conn: Connection[Any], seen: Sight) -> list[tuple[cases.ListedCase, date | None]]:
    """Cases that no team has had yet, each with the day by which it must be decided who takes it."""
    policy = service().policy
    found = cases.unplaced(conn, now=seen.at, hidden=hidden())
    return [(case, allocation_due(case.sentence_started_on, policy) if case.sentence_started_on else None) for case in found]
