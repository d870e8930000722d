"""The page of a team: each officer with cases and points, recent intake, what slips, and the headline measures; now or on a past day."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from projections import caseload, deadlines, figures
from projections.caseload import SORTS as CASE_SORTS
from projections.counted import CONTACT_TABLE, LASTING_TABLE
from projections.deadline_kinds import About
from web.deadlines import slug
from web.exports import Cell, Table, download
from web.figure_files import about
from web.gate import allow
from web.language import gettext, in_language
from web.officer_lines import HEADLINES, MONTHS, ORDERS, OfficerLine, OfficerLines, officer_lines
from web.pages.measure import figure_page
from web.service import hidden
from web.whose import Asked, asked, may

blueprint = Blueprint("officers", __name__)

READS = frozenset({"caseload", "cover", "diary", deadlines.TABLE, CONTACT_TABLE, LASTING_TABLE})
"""The read models that this page looks at."""
_OF_CASES = frozenset({"officer", "search", "rosh", "without_next", "page"})
"""What narrowed the list of cases when it stood at this address."""


@blueprint.get("/teams/<team>")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> AnyResponse:
    if _OF_CASES & request.args.keys() or request.args.get("sort", "name") in CASE_SORTS.keys() - {"name", *ORDERS}:
        return redirect(f"{url_for('team.caseload', team=team)}?{request.query_string.decode()}", 303)
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    found, may_allocate = _lines(of), not of.seen.day and may(Action.ALLOCATE, of.whose)
    with of.seen.reading() as conn:
        unheld = caseload.count_cases(conn, team=team, practitioner="", hidden=hidden(team=team))
        unplaced = caseload.count_unplaced(conn, hidden=hidden()) if may_allocate else 0
    context: dict[str, Any] = {
        "lines": found.lines,
        "whole": found.team,
        "unheld": unheld,
        "unplaced": unplaced,
        "measures": HEADLINES,
        "months": MONTHS,
    }
    context |= {"late": _late(), "rule": of.seen.policy.workload, "may_see": _may_see(of)}
    return figure_page("team/officers.html", of, may_allocate=may_allocate, **context)


def _late() -> list[tuple[About | None, str, str]]:
    """What the columns of late things count, their names in addresses, and their words: all of them, then each kind."""
    late = gettext("late")
    return [(None, "", late), *((about, slug(about), f"{late}, {in_language(about.value)}") for about in About)]


def _may_see(of: Asked) -> bool:
    """Whether the reader is told what officers carry and how their measures go; officers are told of their own only."""
    return may(Action.SEE_MEASURES, of.whose)


def _lines(of: Asked) -> OfficerLines:
    sort, descending = request.args.get("sort", ""), request.args.get("dir") == "desc"
    with of.seen.reading() as conn:
        return officer_lines(conn, of, with_measures=_may_see(of), sort=sort, descending=descending)


@blueprint.get("/teams/<team>/officers.<any(csv, ods):kind>")
@blueprint.get("/api/teams/<team>/officers", defaults={"kind": "json"})
@allow(Action.SEE_MEASURES)
def export(team: str, kind: str) -> Response:
    """The page as a file, in its order."""
    of = asked(Action.SEE_MEASURES, {"team": team}, reads=READS)
    week, weeks = of.seen.policy.workload.intake_days
    work = ("code", "name", "grade", "cases", "points", "capacity", "share", f"new in {week} days", f"new in {weeks} days")
    late = ("late in all", *(f"late: {what.value}" for what in About))
    counts = (f"{measure.name} {part}" for measure in HEADLINES for part in ("yes", "no", "not evidenced", "left out", "share"))
    return download(Table("officers", about(of), (*work, *late, *counts), _rows(_lines(of).lines)), kind, "officers")


def _rows(lines: Sequence[OfficerLine]) -> Iterator[Sequence[Cell]]:
    for line in lines:
        load, share = line.load, None if line.share is None else round(line.share, 4)
        work = (load.code, load.name, load.grade, load.cases, load.points, line.carries, share, load.taken_in_week, load.taken_in_weeks)
        yield (*work, line.late_in_all, *(line.late.get(what, 0) for what in About), *_counts(line))


def _counts(line: OfficerLine) -> Iterator[Cell]:
    for course in line.courses:
        of: figures.Figure = course.figure
        yield from (of.yes, of.no, of.not_evidenced, of.left_out, None if course.share is None else round(course.share, 4))
