"""Service levels: the clocks of one case with what met each, and what they come to in a team month by month."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from domain.access import Action, Resource, Role, decide
from domain.policies import versions
from domain.policy import Policy, Sourced
from domain.working_days import local_day
from projections import inspections, organisations
from projections import service_levels as levels
from projections.finding import Verdict
from projections.measures import Figure
from projections.service_levels import LEVELS, MEANING, CaseOfLevel, Counted, Judged, Level
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.pages.measure import MARKS
from web.past import months_to_choose, period, sight
from web.service import hidden, me, now, reading, service, story, this_case
from web.words import plural

blueprint = Blueprint("service_levels", __name__)

READS = frozenset({"caseload", "holder", "service_clock", "exposed"})
"""The read models that the page of a team looks at."""
WORDS = {Verdict.YES: "in time", Verdict.NO: "late or not done", Verdict.NOT_EVIDENCED: "not evidenced", Verdict.LEFT_OUT: "not counted"}
COLOURS = {Verdict.YES: "green", Verdict.NO: "red", Verdict.NOT_EVIDENCED: "purple", Verdict.LEFT_OUT: "grey"}


def _limits(policy: Policy) -> dict[str, tuple[str, Sourced]]:
    """The limit of each level, in words and with its source."""
    sources = policy.sources
    return {level.name: (plural(int(sources[level.rule].value), "working day"), sources[level.rule]) for level in LEVELS.values()}


# ---- One case --------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/service-levels")
@allow(Action.SEE_CASE)
def of_case(crn: str) -> Response:
    judged = levels.of_case(story(this_case().stream_id), service().policy, local_day(now()))
    groups = [(level, [j for j in judged if j.clock.level == level.name]) for level in LEVELS.values()]
    return page(
        "service_levels/case.html",
        groups=[(level, _newest_first(of)) for level, of in groups if of],
        not_begun=[level for level, of in groups if not of],
        limits=_limits(service().policy),
        meaning=MEANING,
        words=WORDS,
        colours=COLOURS,
        marks=MARKS,
    )


def _newest_first(judged: Sequence[Judged]) -> list[Judged]:
    return list(reversed(judged))


# ---- A team ----------------------------------------------------------------------------------------------------------


class Line(msgspec.Struct, frozen=True):
    """What a level comes to over the months asked for."""

    level: Level
    figure: Figure


def _figure(counted: Iterable[Counted | CaseOfLevel]) -> Figure:
    rows = list(counted)
    return Figure(sum(r.yes for r in rows), sum(r.no for r in rows), sum(r.not_evidenced for r in rows), sum(r.left_out for r in rows))


@blueprint.get("/teams/<team>/service-levels")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    """Every level over the months asked for; one of them month by month, with the cases that it was counted from."""
    form = Form(request.args)
    chosen = LEVELS.get(form.raw("level") or next(iter(LEVELS)))
    with reading() as conn:
        known = organisations.team(conn, team)
    if known is None or chosen is None:
        abort(404)
    seen = sight(form, READS, team)
    asked = period(form, seen.today)
    months: dict[str, Any] = {"team": team, "since": asked.since, "until": asked.until, "today": seen.today, "hidden": hidden()}
    with seen.reading() as conn:
        counted = levels.by_month(conn, **months)
        behind = levels.behind(conn, chosen.name, **months)
    return page(
        "service_levels/team.html",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        seen=seen,
        as_known=seen.day,
        period=asked,
        choices=months_to_choose(asked, seen.today),
        lines=[Line(level, _figure(c for c in counted if c.level == level.name)) for level in LEVELS.values()],
        chosen=chosen,
        by_month=_by_month([c for c in counted if c.level == chosen.name]),
        behind=[(case, _may_open(case)) for case in behind],
        limits=_limits(seen.policy),
        meaning=MEANING,
        words=WORDS,
        marks=MARKS,
        versions=versions(),
        enough=service().policy.share_from_contacts,
    )


def _by_month(counted: Sequence[Counted]) -> list[tuple[date, Figure]]:
    return [(c.month, _figure([c])) for c in counted]


def _may_open(case: CaseOfLevel) -> bool:
    sampled = False
    if me().role is Role.INSPECTOR:
        with reading() as conn:
            sampled = inspections.is_sampled_for(conn, case.crn, me().code)
    resource = Resource(case.team, case.provider, case.practitioner, sampled, case.offered_to_team)
    return decide(me().subject, Action.SEE_CASE, resource).allowed
