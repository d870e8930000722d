"""What lies ahead of a team, by week and by officer: first appointments, reviews, unpaid work, releases and ends, down to the cases."""

from datetime import date, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from domain.access import Action
from projections import deadlines, organisations, timetable
from projections.deadline_kinds import AHEAD, Kind, coming
from projections.timetable import Scope, summed
from web.gate import allow
from web.pages.measure import figure_page
from web.service import hidden
from web.whose import NOBODY, asked

blueprint = Blueprint("ahead", __name__)

READS = frozenset({"caseload", deadlines.TABLE})
"""The read models that this page looks at."""
PAGE = 50
ALL: tuple[Kind, ...] = tuple(kind for kinds in AHEAD.values() for kind in kinds)


class Chosen(msgspec.Struct, frozen=True):
    """What the list is narrowed to: what comes, the week that it comes in (its Monday), and an officer; empty does not narrow."""

    what: str = ""
    week: date | None = None
    officer: str = ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return AHEAD.get(self.what, ALL)

    @property
    def code(self) -> str:
        return "" if self.officer == NOBODY else self.officer


@blueprint.get("/teams/<team>/ahead")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> Response:
    of = asked(Action.SEE_TEAM, {"team": team}, reads=READS)
    scope = timetable.ahead(of.seen.today, ALL, of.seen.policy.slipping.ahead_weeks, team=team, hidden=hidden(team=team))
    weeks = [scope.before - timedelta(weeks=n) for n in range(of.seen.policy.slipping.ahead_weeks, 0, -1)]
    with of.seen.reading() as conn:
        found = timetable.counts(conn, scope, "practitioner", "week")
        officers = [*organisations.by_name(conn, team, {key[0] for key in found}), (NOBODY, "")]
        chosen = _chosen(weeks, {code for code, _ in officers})
        narrowed = _narrowed(scope, chosen)
        of_officer = timetable.Counts({key: n for key, n in found.items() if not chosen.officer or key[0] == chosen.code})
        count = sum(n for key, n in of_officer.items() if key[-1] in chosen.kinds and chosen.week in (None, key[1]))
        pages = max(1, -(-count // PAGE))
        number = min(max(1, request.args.get("page", 1, int)), pages)
        items = timetable.listed(conn, narrowed, descending=True, limit=PAGE, offset=(number - 1) * PAGE)
    by_what = {what: summed(of_officer, 1, kinds=kinds) for what, kinds in AHEAD.items()}
    context: dict[str, Any] = {
        "weeks": weeks,
        "by_what": by_what,
        "by_officer": summed(found, 0, 1, kinds=chosen.kinds),
        "officers": officers,
    }
    context |= {"chosen": chosen, "coming": coming, "items": items, "count": count, "pages": pages, "page": number}
    return figure_page("ahead/team.html", of, **context)


def _chosen(weeks: list[date], officers: set[str]) -> Chosen:
    """What the address narrows to; what it says that there is not does not narrow."""
    what, officer, typed = (request.args.get(name, "") for name in ("what", "officer", "week"))
    week = next((week for week in weeks if week.isoformat() == typed), None)
    return Chosen(what.replace("-", " ") if what.replace("-", " ") in AHEAD else "", week, officer if officer in officers else "")


def _narrowed(scope: Scope, chosen: Chosen) -> Scope:
    changes: dict[str, Any] = {"kinds": chosen.kinds}
    if chosen.officer:
        changes["practitioner"] = chosen.code
    if chosen.week is not None:
        changes |= {"since": max(chosen.week, scope.today), "before": chosen.week + timedelta(weeks=1)}
    return msgspec.structs.replace(scope, **changes)
