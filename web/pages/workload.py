"""Workload: what each officer of a team and each team of a provider carries, in cases and points, down to each case and its rule."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, request
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.practitioner import Practitioner, practitioner_id, set_working_hours
from domain.words import said
from projections import organisations, workload
from projections.workload import CaseLoad, OfficerLoad, TeamLoad, share
from web.exports import Cell, Table, download
from web.figure_files import about
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.measure import MARKS, figure_page, words_of_value
from web.reach import may_open
from web.service import carry_out, hidden, me, now, reading, service
from web.whose import NOBODY, Asked, asked, may

blueprint = Blueprint("workload", __name__)

READS = frozenset({"caseload", "cover"})
"""The read models that these pages look at."""
RULES = {
    "community": said("Points in the community"),
    "licence": said("Points on licence"),
    "custody": said("Points in custody"),
    "unassessed_as": said("Level where RoSH was never assessed"),
    "phases": said("Which points go with which phase"),
    "capacity": said("Points that a grade can carry full time"),
    "full_time_hours": said("Full time, hours a week"),
    "hours_most": said("Most hours a week"),
    "excessive_share": said("Excessive, as a share of what can be carried"),
    "intake_days": said("Days of recent intake on the page of a team"),
    "recent_days": said("Days in which a case was taken on lately"),
    "ending_days": said("Days in which a case is about to end"),
}
SERVED = (said("community"), said("licence"), said("custody"))
"""Where a case is served, as the policy names it in which points go with which phase."""
COUNTS = ("cases", "low", "medium", "high", "very_high", "unassessed", "points")


def _rules(of: Asked) -> list[tuple[str, str, str, str]]:
    """What points and capacity rest on: in words, the value, its mark and its source."""
    rules = [(words, of.seen.policy.sources[f"workload.{name}"]) for name, words in RULES.items()]
    return [(words, words_of_value(rule.value), MARKS[rule.mark], rule.source) for words, rule in rules]


@blueprint.get("/teams/<team>/workload")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    of = asked(Action.SEE_MEASURES, {"team": team}, reads=READS)
    context: dict[str, Any] = {"loads": _officers(of), "rule": of.seen.policy.workload, "share": share, "rules": _rules(of)}
    return figure_page("workload/team.html", of, may_set=not of.seen.day and may(Action.ALLOCATE, of.whose), **context)


def _officers(of: Asked) -> Sequence[OfficerLoad]:
    with of.seen.reading() as conn:
        seen = of.seen
        return workload.of_team(conn, of.whose.code, rule=seen.policy.workload, now=seen.at, today=seen.today, hidden=hidden())


@blueprint.get("/providers/<provider>/workload")
@allow(Action.SEE_MEASURES)
def of_provider(provider: str) -> Response:
    of = asked(Action.SEE_MEASURES, {"provider": provider}, reads=READS)
    context: dict[str, Any] = {"loads": _teams(of), "rule": of.seen.policy.workload, "share": share, "rules": _rules(of)}
    return figure_page("workload/provider.html", of, mine=me().team, **context)


def _teams(of: Asked) -> Sequence[TeamLoad]:
    with of.seen.reading() as conn:
        seen = of.seen
        return workload.of_provider(conn, of.whose.code, rule=seen.policy.workload, now=seen.at, today=seen.today, hidden=hidden())


@blueprint.get("/teams/<team>/workload/<code>")
@allow(Action.SEE_FINDINGS)
def of_officer(team: str, code: str) -> Response:
    """Each case of an officer, or of nobody, with its points and the rule; 404 for somebody who has nothing to do with the team."""
    of = asked(Action.SEE_FINDINGS, {"team": team}, reads=READS)
    load = next((one for one in _officers(of) if one.code == ("" if code == NOBODY else code)), None)
    if load is None:
        abort(404)
    found = _cases(of, load)
    opened = {case.crn for case in found if may_open(case)}
    return figure_page("workload/officer.html", of, load=load, cases=found, opened=opened, rule=of.seen.policy.workload, share=share)


def _cases(of: Asked, load: OfficerLoad) -> Sequence[CaseLoad]:
    """Of somebody who does not work here, and of nobody, only the team's own cases count."""
    team = "" if load.here else of.whose.code
    with of.seen.reading() as conn:
        return workload.cases(conn, practitioner=load.code, team=team, hidden=hidden())


# ---- Files --------------------------------------------------------------------------------------------------------------


@blueprint.get("/teams/<team>/workload.<any(csv, ods):kind>")
@blueprint.get("/api/teams/<team>/workload", defaults={"kind": "json"})
@allow(Action.SEE_MEASURES)
def export_team(team: str, kind: str) -> Response:
    of = asked(Action.SEE_MEASURES, {"team": team}, reads=READS)
    head = ("code", "name", "grade", "hours a week", *COUNTS, "capacity", "share", "taken on", "ending", "covered", "covering")
    return download(Table("officers", about(of), head, _officer_rows(of)), kind, "workload")


def _officer_rows(of: Asked) -> Iterator[Sequence[Cell]]:
    for one in _officers(of):
        hours = None if one.minutes_a_week is None else one.minutes_a_week / 60
        carries = one.capacity(of.seen.policy.workload)
        yield (one.code, one.name, one.grade, hours, *_counts(one, carries), one.taken, one.ending, one.covered, one.covering)


@blueprint.get("/providers/<provider>/workload.<any(csv, ods):kind>")
@blueprint.get("/api/providers/<provider>/workload", defaults={"kind": "json"})
@allow(Action.SEE_MEASURES)
def export_provider(provider: str, kind: str) -> Response:
    of = asked(Action.SEE_MEASURES, {"provider": provider}, reads=READS)
    head = ("code", "name", *COUNTS, "capacity", "share", "taken on", "ending")
    rows = ((one.code, one.name, *_counts(one, one.capacity), one.taken, one.ending) for one in _teams(of))
    return download(Table("teams", about(of), head, rows), kind, "workload")


def _counts(one: OfficerLoad | TeamLoad, carries: int | None) -> tuple[Cell, ...]:
    part = share(one.points, carries)
    return (*(getattr(one, name) for name in COUNTS), carries, None if part is None else round(part, 4))


# ---- Hours --------------------------------------------------------------------------------------------------------------


@blueprint.get("/teams/<team>/workload/<code>/hours")
@allow(Action.ALLOCATE)
def hours(team: str, code: str) -> Response:
    return _hours(Form(), team, code)


@blueprint.post("/teams/<team>/workload/<code>/hours")
@allow(Action.ALLOCATE)
def save_hours(team: str, code: str) -> AnyResponse:
    """How much somebody of the team works."""
    form, typed = Form(request.form), request.form.get("hours", "").strip()
    _of_team(team, code)
    minutes = _minutes(typed)
    if minutes is None:
        form.wrong("hours", gettext("Hours a week must be a number, like 37 or 18.5"))
    rule = service().policy.workload
    if minutes is not None and carry_out(
        form, Practitioner, practitioner_id(code), set_working_hours, now=now(), by=me().code, rule=rule, minutes_a_week=minutes
    ):
        flash(gettext("Hours saved."))
        return see_other("workload.of_team", team=team)
    return _hours(form, team, code, 422)


def _minutes(typed: str) -> int | None:
    whole, _, part = typed.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(whole) > 3 or (part and not (part.isascii() and part.isdigit() and len(part) < 3)):
        return None
    return round(float(typed) * 60)


def _of_team(team: str, code: str) -> organisations.PractitionerRow:
    with reading() as conn:
        found = organisations.practitioner(conn, code)
    return found if found and found.team == team else abort(404)


def _hours(form: Form, team: str, code: str, status: int = 200) -> Response:
    officer = _of_team(team, code)
    return page("workload/hours.html", status=status, form=form, team=team, officer=officer, full=service().policy.workload.full_time_hours)
