"""Hours of a team's unpaid work: what was ordered, offered and credited, what remains, and by whose doing weeks were lost."""

from typing import Any

from flask import Blueprint, Response, abort, request

from domain.access import Action
from projections import upw_facts
from projections.upw_facts import FACTS, Stands
from web.gate import allow
from web.pages.measure import figure_page
from web.reach import may_open
from web.service import hidden
from web.whose import Asked, asked

blueprint = Blueprint("upw_facts", __name__)

READS = frozenset({"caseload", "unpaid_work"})
"""The read models that these pages look at."""
PAGE = 50


def _found(team: str) -> tuple[Asked, list[Stands]]:
    of = asked(Action.SEE_MEASURES, {"team": team}, reads=READS)
    with of.seen.reading() as conn:
        return of, upw_facts.of_team(conn, of.whose.code, of.seen.today, hidden())


@blueprint.get("/teams/<team>/unpaid-work-hours")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    of, found = _found(team)
    facts = [(fact, sum(map(fact.adds, found)), sum(fact.adds(one) > 0 for one in found)) for fact in FACTS]
    return figure_page("upw_facts/team.html", of, facts=facts, policy=of.seen.policy)


@blueprint.get("/teams/<team>/unpaid-work-hours/cases")
@allow(Action.SEE_MEASURES)
def cases(team: str) -> Response:
    """The requirements behind a figure, by name, with what each adds to it and to the others."""
    fact = next((fact for fact in FACTS if fact.key == request.args.get("which", FACTS[0].key)), None) or abort(404)
    of, every = _found(team)
    found = [one for one in every if fact.adds(one)]
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    shown = [(one, fact.adds(one), may_open(one.hours)) for one in found[(number - 1) * PAGE : number * PAGE]]
    context: dict[str, Any] = {"fact": fact, "count": len(found), "pages": pages, "page": number}
    return figure_page("upw_facts/cases.html", of, shown=shown, total=sum(map(fact.adds, found)), **context)
