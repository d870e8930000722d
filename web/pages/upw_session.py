"""Sessions of unpaid work: one person's, and a whole group's on one sheet with its exceptions, all saved or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case, case_id
from domain.event import Event, Refused
from domain.outcome import COMPLIED, OUTCOMES
from domain.upw_session import record_upw_attendance, worked
from domain.words import said
from domain.working_days import LONDON, local_day
from projections import organisations
from projections.unpaid_work import ListedWork, to_do
from projections.upw_state import UpwState
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import carry_out_all, hidden, me, now, reading, service, this_case
from web.upw import choices, chosen, give, key_of, projects, read_project, running, states
from web.words import plural

blueprint = Blueprint("upw_session", __name__)

LONGEST = 24 * 60
USUAL = (COMPLIED, "AFTC", "ATSH", "ATSS", "AASD", "UAAB", "AFTA", "AAME", "AAEM", "AAFC", "AAAA")
"""The outcomes offered first; the rest stand below them."""


def _outcomes() -> list[tuple[str, str]]:
    return [(code, in_language(OUTCOMES[code].description)) for code in (*USUAL, *(c for c in OUTCOMES if c not in USUAL))]


def _session(form: Form) -> dict[str, Any]:
    """What all of a session share: when, where, with whom and for how long."""
    return {
        "worked_at": form.moment("worked_at", gettext("the session")),
        "project": read_project(form),
        "supervisor": form.text("supervisor", gettext("Enter who supervised the session"), longest=100),
        "minutes_offered": form.whole("minutes_offered", gettext("Minutes offered"), 1, LONGEST),
        "ete": bool(form.raw("ete")),
    }


def _usual(provider: str, project: str, starts: datetime | None) -> Form:
    """The form as it most often is: today, at the hour of the instruction, for a day's work."""
    weekly = service().policy.unpaid_work.weekly_minutes
    found = next((p for p in projects(provider) if p.name == project), None)
    hour = f"{starts.astimezone(LONDON):%H:%M}" if starts else "09:00"
    known: dict[str, Any] = {"project" if found or not projects(provider) else "other_project": project, "worked_at-time": hour}
    known |= {"worked_at": local_day(now()), "minutes_offered": str(weekly), "supervisor": me().name}
    return Form(**known, ete="yes" if found and found.ete else "")


# ---- One person ---------------------------------------------------------------------------------------------------------


def _ask(found: list[UpwState], form: Form, status: int = 200) -> Response:
    known = [(project.name, project.name) for project in projects(this_case().provider)]
    return page(
        "unpaid_work/session.html",
        status=status,
        form=form,
        requirements=choices(found),
        state=found[-1],
        projects=known,
        outcomes=_outcomes(),
        most=service().policy.unpaid_work.travel_minutes_most,
    )


@blueprint.get("/cases/<crn>/unpaid-work/session")
@allow(Action.WRITE_CASE)
def session(crn: str) -> Response:
    found = running(states()) or abort(404)
    standing = found[-1].standing
    told = standing.told if standing else None
    return _ask(found, _usual(this_case().provider, told.project if told else "", told.work_at if told else None))


@blueprint.post("/cases/<crn>/unpaid-work/session")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    found = running(states()) or abort(404)
    form = Form(request.form)
    state = chosen(form, found)
    most = service().policy.unpaid_work.travel_minutes_most
    details = _session(form) | {
        "outcome": form.one_of("outcome", OUTCOMES, gettext("Select the outcome")),
        "minutes_credited": form.whole("minutes_credited", gettext("Minutes credited"), 0, LONGEST),
        "penalty_minutes": form.whole("penalty_minutes", gettext("Penalty minutes"), 0, LONGEST, optional=True) or 0,
        "travel_minutes": form.whole("travel_minutes", gettext("Travel minutes"), 0, most, optional=True) or 0,
        "note": form.text("note"),
    }
    if form.ok and state and give(form, "outcome", record_upw_attendance, requirement=state.number, **details):
        flash(gettext("Session saved."))
        return see_other("unpaid_work.show", crn=crn)
    return _ask(found, form, 422)


# ---- A whole group ------------------------------------------------------------------------------------------------------


def _record_on_sheet(
    case: Case, /, *, now: datetime, by: str, who: str, key: str, requirement: int, minutes_credited: int | None, **details: Any
) -> Sequence[Event]:
    """One person's line of the sheet. Who came and complied is credited in full unless the sheet says less; a refusal says whose it is."""
    credited = minutes_credited
    if credited is None:
        work = case.unpaid_work.get(requirement)
        left = max(work.ordered_minutes - worked(case, requirement).credited, 0) if work and work.ordered_minutes else LONGEST
        credited = min(details["minutes_offered"], left) if details["outcome"] == COMPLIED else 0
    try:
        return record_upw_attendance(case, now=now, by=by, requirement=requirement, minutes_credited=credited, **details)
    except Refused as refusal:
        fields = {"minutes_credited": f"minutes-{key}", "outcome": f"outcome-{key}", "worked_at": "worked_at"}
        raise Refused(said("{who}: {words}", who=who, words=refusal.message), fields.get(refusal.field, f"outcome-{key}")) from refusal


def _team(team: str) -> tuple[organisations.TeamRow, Sequence[ListedWork]]:
    """The team that the address names, and the unpaid work of its people; 404 when there is no such team."""
    with reading() as conn:
        return organisations.team(conn, team) or abort(404), to_do(conn, team=team, hidden=hidden())


def _sheet(shown: organisations.TeamRow, people: Sequence[ListedWork], form: Form, status: int = 200) -> Response:
    known = [(project.name, project.name) for project in projects(shown.provider)]
    first = [work for work in people if form.raw(f"on-{key_of(work)}")]
    return page(
        "unpaid_work/sheet.html",
        status=status,
        form=form,
        team=shown,
        first=first,
        others=[work for work in people if work not in first],
        projects=known,
        outcomes=_outcomes(),
        complied=COMPLIED,
        key_of=key_of,
    )


@blueprint.get("/teams/<team>/unpaid-work/session")
@allow(Action.WRITE_CASE)
def sheet(team: str) -> Response:
    """Those who were instructed to come to the project stand on the sheet, all present; the exceptions are for the person who was there."""
    shown, people = _team(team)
    project = request.args.get("project", "")
    expected = [work for work in people if project and work.project == project and not work.suspended_on]
    form = _usual(shown.provider, project, expected[0].work_at if expected else None)
    for work in people:
        form.values[f"outcome-{key_of(work)}"] = COMPLIED
    for work in expected:
        form.values[f"on-{key_of(work)}"] = "yes"
    return _sheet(shown, people, form)


@blueprint.post("/teams/<team>/unpaid-work/session")
@allow(Action.WRITE_CASE)
def save_sheet(team: str) -> Response:
    shown, people = _team(team)
    form = Form(request.form)
    details = _session(form)
    came = [work for work in people if form.raw(f"on-{key_of(work)}")]
    if not came:
        form.wrong("people", gettext("Select at least one person"))
    lines = [(work, _line(form, work)) for work in came]
    reference = f"{team} {details['worked_at']:%Y-%m-%d %H:%M} {details['project']}" if details["worked_at"] else ""
    if form.ok:
        steps = [
            step(
                Case,
                case_id(work.crn),
                _record_on_sheet,
                now=now(),
                by=me().code,
                who=work.name or work.crn,
                key=key_of(work),
                requirement=work.requirement,
                session=reference,
                **details,
                **line,
            )
            for work, line in lines
        ]
        if carry_out_all(form, steps, "people"):
            flash(gettext("Session saved for %(people)s.", people=plural(len(came), "person", "people")))
            return see_other("upw_team.show", team=team)
    return _sheet(shown, people, form, 422)


def _line(form: Form, work: ListedWork) -> dict[str, Any]:
    """One person's exceptions: what came of it and how much is credited, empty for the usual."""
    key = key_of(work)
    person = work.name or work.crn
    outcome = form.one_of(f"outcome-{key}", OUTCOMES, gettext("Select the outcome for %(name)s", name=person))
    minutes = form.whole(f"minutes-{key}", gettext("Minutes for %(name)s", name=person), 0, LONGEST, optional=True)
    return {"outcome": outcome, "minutes_credited": minutes}
