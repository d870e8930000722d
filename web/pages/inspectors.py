"""Who inspects: naming inspectors, sharing the cases among them, and handing a case over."""

from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.fieldwork import hand_over, name_inspector, release_inspector, share_cases, takes_part
from domain.inspection import Inspection, inspection_id
from domain.working_days import local_day
from projections import inspections
from projections.inspections import InspectionRow
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import INSPECTORS, course_of, found, inspector, inspects, leads, only_inspectors, only_lead
from web.service import carry_out_all, hidden, me, now, reading

blueprint = Blueprint("inspectors", __name__)

FIELDS = ("inspector", "last_day")


@blueprint.get("/inspections/<reference>/inspectors")
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    return _page(found(reference), Form())


def _page(row: InspectionRow, form: Form) -> Response:
    with reading() as conn:
        cases = inspections.inspected(conn, row.reference, hidden())
    course, today = course_of(row), local_day(now())
    return page(
        "inspection/inspectors.html",
        status=422 if form.errors else 200,
        inspection=row,
        inspector=inspector,
        course=course,
        cases=cases,
        taking_part=[code for code in course.now.inspectors if takes_part(course.now, code, today)],
        others=[(code, name) for code, name in INSPECTORS.items() if code != row.by],
        leads=leads(row),
        mine=inspects(course),
        form=form,
    )


def _done(row: InspectionRow, form: Form, command: Any, words: str, field: str, **details: Any) -> Response:
    """Give the command and show who inspects what."""
    given = step(Inspection, inspection_id(row.reference), command, now=now(), by=me().code, **details)
    if form.ok and carry_out_all(form, [given], field):
        flash(words)
        return see_other("inspectors.show", reference=row.reference)
    # A message about what a button says stands by the buttons.
    form.errors = {name if name in FIELDS else field: message for name, message in form.errors.items()}
    return _page(row, form)


@blueprint.post("/inspections/<reference>/inspectors")
@allow(Action.INSPECT)
def name(reference: str) -> Response:
    row = found(reference)
    only_lead(row)
    form = Form(request.form)
    code = form.one_of("inspector", INSPECTORS, gettext("Select an inspector"))
    last_day = form.day("last_day", gettext("The last day"), optional=True, ahead=True)
    words = gettext("%(name)s takes part in this inspection.", name=inspector(code))
    return _done(row, form, name_inspector, words, "inspector", inspector=code, last_day=last_day)


@blueprint.post("/inspections/<reference>/inspectors/release")
@allow(Action.INSPECT)
def release(reference: str) -> Response:
    row = found(reference)
    only_lead(row)
    form = Form(request.form)
    code = form.raw("release")
    words = gettext("%(name)s takes part no longer.", name=inspector(code))
    return _done(row, form, release_inspector, words, "inspector", inspector=code)


@blueprint.post("/inspections/<reference>/inspectors/share")
@allow(Action.INSPECT)
def share(reference: str) -> Response:
    row = found(reference)
    only_lead(row)
    return _done(row, Form(request.form), share_cases, gettext("The cases are shared."), "share")


@blueprint.post("/inspections/<reference>/inspectors/hand-over")
@allow(Action.INSPECT)
def give(reference: str) -> Response:
    """One press: the button says which case and to whom."""
    row = found(reference)
    only_inspectors(course_of(row))
    form = Form(request.form)
    crn, _, to = form.raw("give").partition(":")
    if not to:
        abort(400)
    words = gettext("%(name)s reads %(crn)s from now on.", name=inspector(to), crn=crn)
    return _done(row, form, hand_over, words, "cases", crn=crn, to=to)
