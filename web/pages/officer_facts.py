"""Officers of a team's cases: how many each person has had, how long the present one has held the case, and why they changed."""

from typing import Any

from flask import Blueprint, Response, abort, request

from domain.access import Action
from domain.allocation import ReasonClass
from projections import officer_facts
from projections.officer_facts import BANDS, BY_OFFICERS, BY_REASON, BY_TENURE, EVERY, WITH_COC, WITHOUT, Band, Officers
from web.gate import allow
from web.pages.measure import figure_page
from web.reach import may_open
from web.service import hidden
from web.whose import Asked, asked

blueprint = Blueprint("officer_facts", __name__)

READS = frozenset({"caseload", "holder", "continuity_case"})
"""The read models that these pages look at."""
PAGE = 50


def _found(team: str) -> tuple[Asked, list[Officers]]:
    of = asked(Action.SEE_MEASURES, {"team": team}, reads=READS)
    with of.seen.reading() as conn:
        return of, officer_facts.of_team(conn, of.whose.code, of.seen.at, of.seen.policy.continuity, hidden())


@blueprint.get("/teams/<team>/officers-of-cases")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    of, found = _found(team)
    changed = officer_facts.changes(found)

    def counted(bands: tuple[Band, ...]) -> list[tuple[Band, int]]:
        return [(band, sum(map(band.holds, found))) for band in bands]

    context: dict[str, Any] = {"by_officers": counted(BY_OFFICERS), "by_tenure": counted(BY_TENURE)}
    context["by_reason"] = [(band, many, changed[why]) for (band, many), why in zip(counted(BY_REASON), ReasonClass, strict=True)]
    return figure_page(
        "officer_facts/team.html",
        of,
        cases=len(found),
        every=EVERY,
        longest=officer_facts.mean(one.longest_share for one in found),
        coc=officer_facts.mean(one.case.coc for one in found),
        with_coc=WITH_COC,
        without=WITHOUT,
        without_cases=sum(map(WITHOUT.holds, found)),
        without_days=sum(one.without_days for one in found),
        rule=of.seen.policy.continuity,
        **context,
    )


@blueprint.get("/teams/<team>/officers-of-cases/cases")
@allow(Action.SEE_MEASURES)
def cases(team: str) -> Response:
    """The cases behind a figure, by name, with what the figures are made of."""
    band = BANDS.get(request.args.get("which", EVERY.key)) or abort(404)
    of, every = _found(team)
    found = [one for one in every if band.holds(one)]
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, request.args.get("page", 1, int)), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    context: dict[str, Any] = {"band": band, "count": len(found), "pages": pages, "page": number}
    return figure_page("officer_facts/cases.html", of, shown=[(one, may_open(one.case)) for one in shown], **context)
