"""Inspections: announcing one, how far it has come and what is next, and its end."""

import re
from collections.abc import Set
from uuid import UUID

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action, Role, decide
from domain.fieldwork import ClosingReason, InspectionPublished, close, publish, takes_part
from domain.inspection import Inspection, announce_inspection, inspection_id
from domain.panel import Panel, panel_id
from domain.working_days import local_day
from projections import assessments, inspections, organisations
from projections.inspections import Course, InspectionRow
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out, carry_out_all, hidden, me, names, now, reading, service, story
from web.session import OUTSIDERS

blueprint = Blueprint("inspection", __name__)

REFERENCE = re.compile(r"INS-[0-9]{4}-[0-9]{3,6}")
INSPECTORS = {person.code: person.name for person in OUTSIDERS if person.role is Role.INSPECTOR}
"""Everybody who can take part in an inspection, by code; inspectors are on no team's list."""


def inspector(code: str) -> str:
    """The name of an inspector."""
    return INSPECTORS.get(code) or names()(code)


def found(reference: str) -> InspectionRow:
    """The inspection of an address; 404 when there is none."""
    row = None
    if REFERENCE.fullmatch(reference):
        with reading() as conn:
            row = inspections.inspection(conn, reference)
    if row is None:
        abort(404)
    return row


def course_of(row: InspectionRow) -> Course:
    return inspections.course(story(inspection_id(row.reference)))


def leads(row: InspectionRow) -> bool:
    return row.by == me().code


def inspects(course: Course) -> bool:
    """Whether the person signed in takes part today, and may so see the cases."""
    return takes_part(course.now, me().code, local_day(now()))


def only_lead(row: InspectionRow) -> None:
    if not leads(row):
        abort(403, gettext("Only the inspector who announced an inspection can change it."))


def only_inspectors(course: Course) -> None:
    if not inspects(course):
        abort(403, gettext("Only an inspector who takes part in this inspection can do that."))


def inspected(reference: str, crn: str) -> InspectionRow:
    """The inspection of an address, if the case is inspected in it and whoever asks takes part in this very inspection. An officer who
    holds the case may see it, and is not told here whether it is inspected."""
    if not decide(me().subject, Action.INSPECT).allowed:
        abort(403)
    row = found(reference)
    course = course_of(row)
    if crn not in course.now.cases:
        abort(404)
    only_inspectors(course)
    return row


@blueprint.get("/inspections")
@allow(Action.INSPECT)
def index() -> Response:
    with reading() as conn:
        rows = inspections.inspections(conn)
    return page("inspection/index.html", inspections=rows, inspector=inspector)


@blueprint.route("/inspections/new", methods=["GET", "POST"])
@allow(Action.INSPECT)
def announce() -> Response:
    with reading() as conn:
        providers = organisations.providers(conn)
        free = inspections.next_reference(conn, local_day(now()).year)
    form = Form(request.form if request.method == "POST" else None, reference=free)
    if request.method == "POST" and _announced(form, [provider.code for provider in providers], free):
        flash(gettext("The inspection is announced. Everything recorded from now on can be told apart."))
        return see_other("inspection.show", reference=form.raw("reference"))
    return page("inspection/announce.html", status=422 if form.errors else 200, form=form, providers=providers)


def _announced(form: Form, providers: list[str], free: str) -> bool:
    """The reference travels with the form, so that a form sent twice announces one inspection and not two."""
    provider = form.one_of("provider", providers, gettext("Select the provider to inspect"))
    title = form.text("title", gettext("Enter a title for the inspection"), longest=200)
    if not REFERENCE.fullmatch(form.raw("reference")):
        form.values["reference"] = free
    reference = form.raw("reference")
    if not form.ok:
        return False
    done = carry_out(
        form,
        Inspection,
        inspection_id(reference),
        announce_inspection,
        now=now(),
        by=me().code,
        reference=reference,
        provider=provider,
        title=title,
    )
    if "reference" in form.errors:
        form.values["reference"] = free
        taken = {"taken": reference, "free": free}
        form.errors["reference"] = gettext("Another inspection took %(taken)s first. This one is now %(free)s. Announce it again", **taken)
    return done


@blueprint.get("/inspections/<reference>")
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    with reading() as conn:
        cases = inspections.inspected(conn, reference, hidden())
        growth = inspections.growth(conn, reference)
        completed = {one.crn for one in assessments.assessments(conn, reference) if one.completed_at}
    course = course_of(row)
    return page(
        "inspection/show.html",
        inspection=row,
        inspector=inspector,
        cases=cases,
        growth=growth,
        course=course,
        leads=leads(row),
        mine=inspects(course),
        next=_next(course, completed),
        at={kind.__name__: moment for kind, moment in course.at.items()},
        inspectors=[inspector(code) for code in course.now.inspectors],
    )


def _next(course: Course, completed: Set[str]) -> str:
    """The endpoint of the step that comes next, for whoever announced the inspection. `completed` are the cases that somebody has
    assessed."""
    state = course.now
    panel = service().record.state(Panel, panel_id(state.reference))
    steps = {
        "frame.nonce": not state.commitment and state.frame is None,
        "frame.show": state.frame is None,
        "sample.show": not state.seed,
        "inspectors.show": len(state.readers) < len(state.cases),
        "question_set.choose": not state.published and not panel.sets,
        "assessment.cases": not state.published and not set(state.sample) <= completed,
        "inspection.end": True,
    }
    return next(endpoint for endpoint, is_next in steps.items() if is_next)


@blueprint.route("/inspections/<reference>/end", methods=["GET", "POST"])
@allow(Action.INSPECT)
def end(reference: str) -> Response:
    """Publish, and close."""
    row = found(reference)
    if request.method == "POST":
        only_lead(row)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST" and carry_out_all(form, [_ending(form, inspection_id(reference))], "end"):
        words = gettext("The inspection is published.") if form.raw("publish") else gettext("The inspection is closed.")
        flash(words)
        return see_other("inspection.show", reference=reference)
    course = course_of(row)
    return page(
        "inspection/end.html",
        status=422 if form.errors else 200,
        inspection=row,
        course=course,
        published_at=course.at.get(InspectionPublished),
        form=form,
        leads=leads(row),
        reasons=options(ClosingReason),
    )


def _ending(form: Form, stream: UUID) -> Step:
    """What was pressed: to publish, or to close, with a reason where nothing was published."""
    if form.raw("publish"):
        return step(Inspection, stream, publish, now=now(), by=me().code)
    reason = ClosingReason(form.raw("reason")) if form.raw("reason") in set(ClosingReason) else None
    return step(Inspection, stream, close, now=now(), by=me().code, reason=reason)
