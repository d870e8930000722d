"""Unpaid work of a team: who waits for an instruction, who is behind, instructing many at once, and the provider's projects."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask import Response as AnyResponse
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from domain.case import Case, case_id
from domain.event import Event, Refused
from domain.organisation import PROJECT_TYPES, Provider, end_upw_project, provider_id, register_upw_project
from domain.unpaid_work import must_be_unpaid_work
from domain.upw_instruction import InstructedAgain, InstructionMethod, instruct_upw, standing_instruction
from domain.words import said
from domain.working_days import local_day
from projections import organisations
from projections.caseload_row import sort_name
from projections.unpaid_work import ListedWork, backlog, instructions_per_day, to_do
from projections.upw_projects import of_provider
from store.record import step
from web.exports import Cell, Table, download
from web.forms import Form, options
from web.gate import allow
from web.htmx import go_to, page, see_other
from web.language import gettext, in_language
from web.service import carry_out_all, hidden, me, names, now, reading
from web.upw import INSTRUCTION_FIELDS, key_of, language_of, projects, read_instruction
from web.words import plural

blueprint = Blueprint("upw_team", __name__)

ORDERS: dict[str, Callable[[ListedWork], Any]] = {
    "name": lambda work: (sort_name(work.name), work.crn),
    "officer": lambda work: (names()(work.practitioner), work.ordered_on),
    "waiting": lambda work: (-work.ordered_on.toordinal(), work.crn),
    "hours": lambda work: (work.ordered, work.ordered_on),
}
"""By what the list of those never instructed can be sorted."""
BURST_DAYS = 28
"""How far back the instructions of each day are shown."""


def _found(team: str) -> organisations.TeamRow:
    with reading() as conn:
        return organisations.team(conn, team) or abort(404)


def _may(action: Action, team: str) -> bool:
    return decide(me().subject, action, Resource(team=team)).allowed


@blueprint.get("/teams/<team>/unpaid-work")
@allow(Action.SEE_TEAM)
def show(team: str) -> Response:
    """Who has not been instructed, how the others stand, and how many were instructed on each of the last days."""
    shown, today = _found(team), local_day(now())
    with reading() as conn:
        everybody = to_do(conn, team=team, hidden=hidden())
        days = instructions_per_day(conn, team=team, hidden=hidden(), since=today - timedelta(days=BURST_DAYS), until=today)
    under_way = [work for work in everybody if work.first_instructed_on is not None]
    return page(
        "unpaid_work/team.html",
        team=shown,
        waiting=_sorted(backlog(everybody)),
        under_way=under_way,
        sheets=_sheets(under_way),
        behind=sum(1 for work in everybody if work.behind(today)),
        suspended=sum(1 for work in everybody if work.suspended_on),
        days=days,
        burst_days=BURST_DAYS,
        today=today,
        key_of=key_of,
        writes=_may(Action.WRITE_CASE, team),
    )


def _sorted(waiting: Sequence[ListedWork]) -> Sequence[ListedWork]:
    """In the order asked for; those who wait longest first, unless it is said."""
    key = ORDERS.get(request.args.get("sort", ""))
    return sorted(waiting, key=key, reverse=request.args.get("dir") == "desc") if key else waiting


@blueprint.get("/teams/<team>/unpaid-work/waiting.<any(csv, ods):kind>")
@allow(Action.SEE_TEAM)
def export(team: str, kind: str) -> AnyResponse:
    """Those never instructed, as a file in the order of the page."""
    shown, today = _found(team), local_day(now())
    with reading() as conn:
        waiting = _sorted(backlog(to_do(conn, team=team, hidden=hidden())))
    named = names()
    head = ("crn", "name", "officer", "officer name", "sentenced on", "days waiting", "hours", "suspended on")
    rows = (
        (
            work.crn,
            work.name,
            work.practitioner,
            named(work.practitioner),
            work.ordered_on,
            (today - work.ordered_on).days,
            work.ordered // 60,
            work.suspended_on,
        )
        for work in waiting
    )
    about: dict[str, Cell] = {
        "list": "unpaid work not instructed yet",
        "team": team,
        "team name": shown.name,
        "counted on": today,
        "exported by": me().code,
    }
    return download(Table("people", about, head, rows), kind, f"not-instructed-{team}-{today}")


def _sheets(under_way: Sequence[ListedWork]) -> list[tuple[str, int]]:
    """Projects with how many people are instructed to come, by name."""
    named = [work.project for work in under_way if work.project and not work.suspended_on]
    return sorted({name: named.count(name) for name in named}.items())


# ---- Instructing many at once -------------------------------------------------------------------------------------------


def _chosen(team: str, keys: Sequence[str]) -> list[ListedWork]:
    """Those of the team's people that were ticked; others are none of the team's business."""
    with reading() as conn:
        return [work for work in to_do(conn, team=team, hidden=hidden()) if key_of(work) in set(keys)]


def _ask(team: str, people: list[ListedWork], form: Form, status: int = 200) -> Response:
    shown = _found(team)
    again = any(work.first_instructed_on for work in people)
    known = [(project.name, project.name) for project in projects(shown.provider)]
    return page(
        "unpaid_work/batch.html",
        status=status,
        form=form,
        team=shown,
        people=people,
        projects=known,
        methods=options(InstructionMethod),
        why=options(InstructedAgain) if again else [],
        key_of=key_of,
    )


@blueprint.get("/teams/<team>/unpaid-work/instruct")
@allow(Action.WRITE_CASE)
def batch(team: str) -> Response:
    people = _chosen(team, request.args.getlist("who"))
    if not people:
        flash(gettext("Select at least one person to instruct."), "important")
        return go_to(url_for("upw_team.show", team=team))
    return _ask(team, people, Form(supersedes="yes"))


@blueprint.post("/teams/<team>/unpaid-work/instruct")
@allow(Action.WRITE_CASE)
def save_batch(team: str) -> Response:
    """Instruct everybody chosen, or nobody when a rule says no for one of them."""
    form = Form(request.form)
    people = _chosen(team, request.form.getlist("who"))
    if len(people) < len(set(request.form.getlist("who"))) or not people:
        form.wrong("who", gettext("Somebody you selected is not in this team’s list any more. Go back and select again"))
    details = read_instruction(form)
    reference = f"{team} {local_day(now()):%Y-%m-%d} {str(form.command_id() or '')[-12:]}".strip()
    if form.ok:
        steps = [
            step(
                Case,
                case_id(work.crn),
                _instruct_one,
                now=now(),
                by=me().code,
                who=work.name or work.crn,
                requirement=work.requirement,
                replaces=bool(form.raw("supersedes")),
                batch=reference,
                language=language_of(work.language),
                **details,
            )
            for work in people
        ]
        if carry_out_all(form, steps, "who"):
            told = plural(len(people), "person", "people")
            flash(gettext("Instruction saved for %(people)s. Their letters are ready to print.", people=told))
            return see_other("upw_letters.of_team", team=team, day=local_day(now()), batch=reference)
    return _ask(team, people, form, 422)


def _instruct_one(case: Case, /, *, now: datetime, by: str, who: str, requirement: int, replaces: bool, **details: Any) -> Sequence[Event]:
    """One of a batch, in place of the instruction that stands; a refusal says whose it is."""
    try:
        standing = standing_instruction(must_be_unpaid_work(case, requirement)) if replaces else 0
        return instruct_upw(case, now=now, by=by, requirement=requirement, supersedes=standing, **details)
    except Refused as refusal:
        raise Refused(
            said("{who}: {words}", who=who, words=refusal.message), refusal.field if refusal.field in INSTRUCTION_FIELDS else "who"
        ) from refusal


# ---- Projects -----------------------------------------------------------------------------------------------------------


def _projects(team: str, form: Form, status: int = 200) -> Response:
    shown = _found(team)
    with reading() as conn:
        found = of_provider(conn, shown.provider)
    kinds = [(code, f"{in_language(kind.label)} ({code})") for code, kind in PROJECT_TYPES.items()]
    return page(
        "unpaid_work/projects.html", status=status, form=form, team=shown, projects=found, kinds=kinds, manages=_may(Action.ALLOCATE, team)
    )


@blueprint.get("/teams/<team>/unpaid-work/projects")
@allow(Action.SEE_TEAM)
def list_projects(team: str) -> Response:
    """The provider's projects; a manager adds to them and ends them."""
    return _projects(team, Form())


@blueprint.post("/teams/<team>/unpaid-work/projects")
@allow(Action.ALLOCATE)
def save_project(team: str) -> Response:
    provider, form = _found(team).provider, Form(request.form)
    details = {
        "code": form.text("code", gettext("Enter a short code"), longest=10),
        "name": form.text("name", gettext("Enter the name of the project"), longest=100),
        "kind": form.one_of("kind", PROJECT_TYPES, gettext("Select the kind of project")),
        "place": form.text("place", longest=200),
    }
    if form.ok and carry_out_all(
        form, [step(Provider, provider_id(provider), register_upw_project, now=now(), by=me().code, **details)], "name"
    ):
        flash(gettext("Project added."))
        return see_other("upw_team.list_projects", team=team)
    return _projects(team, form, 422)


@blueprint.post("/teams/<team>/unpaid-work/projects/<code>/end")
@allow(Action.ALLOCATE)
def end_project(team: str, code: str) -> Response:
    provider, form = _found(team).provider, Form(request.form)
    if carry_out_all(form, [step(Provider, provider_id(provider), end_upw_project, now=now(), by=me().code, code=code)], "code"):
        flash(gettext("Project ended. It is offered no more."))
        return see_other("upw_team.list_projects", team=team)
    return _projects(team, form, 422)
