"""The frame of an inspection: the nonce that is committed to before it, which cases are eligible, and the frame as it was fixed."""

import secrets

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain import redrawing
from domain.access import Action
from domain.inspection import FrameFixed, Inspection, commit_nonce, commitment_to, inspection_id
from domain.specifications import Ready, ready_made
from projections import frame, organisations
from projections.inspections import Course, InspectionRow
from store.record import step
from web import framing
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, leads, only_lead
from web.service import carry_out_all, me, now, reading

blueprint = Blueprint("frame", __name__)


@blueprint.route("/inspections/<reference>/nonce", methods=["GET", "POST"])
@allow(Action.INSPECT)
def nonce(reference: str) -> Response:
    """The nonce is shown and never kept: what is recorded is its SHA-256. It travels with the form only to be shown again."""
    row = found(reference)
    if request.method == "POST":
        only_lead(row)
        form = Form(request.form)
    else:
        made = secrets.token_hex(32)
        form = Form(None, nonce=made, commitment=commitment_to(bytes.fromhex(made)))
    if request.method == "POST" and _committed(form, reference):
        flash(gettext("The nonce is committed to. Keep it: the sample cannot be drawn without it."))
        return see_other("inspection.show", reference=reference)
    status = 422 if form.errors else 200
    return page("inspection/nonce.html", status=status, inspection=row, course=course_of(row), form=form, leads=leads(row))


def _committed(form: Form, reference: str) -> bool:
    commitment = "".join(form.text("commitment", gettext("Enter the SHA-256 of the nonce"), longest=200).split()).lower()
    if not form.ok:
        return False
    command = step(Inspection, inspection_id(reference), commit_nonce, now=now(), by=me().code, commitment=commitment)
    return carry_out_all(form, [command], "commitment")


@blueprint.route("/inspections/<reference>/frame", methods=["GET", "POST"])
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    course = course_of(row)
    if course.frame is not None and request.method == "GET":
        return _fixed(row, course)
    with reading() as conn:
        ready = framing.ready_for(organisations.kinds(conn).get(row.provider, ""))
    if request.method == "POST":
        return _fix(row, course, ready)
    return _preview(row, course, ready, framing.usual(row, framing.chosen(ready)))


def _fixed(row: InspectionRow, course: Course) -> Response:
    assert course.frame is not None
    asked = course.frame.specification
    made_from = next((one.title for one in ready_made() if one.name == asked.ready), "")
    return page("inspection/frame_fixed.html", inspection=row, fixed=course.frame, fixed_at=course.at.get(FrameFixed), made_from=made_from)


def _preview(row: InspectionRow, course: Course, ready: tuple[Ready, ...], form: Form) -> Response:
    """The choice of cases, with what it comes to if it can be counted."""
    counted, chosen = None, framing.chosen(ready)
    if (asked := framing.specification(form, row.provider, chosen)) is not None:
        with reading() as conn:
            counted = frame.frame(conn, asked)
    return page(
        "inspection/frame.html",
        "choice",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        ready=ready,
        chosen=chosen,
        choices=framing.choices(),
        asked=asked,
        counted=counted,
        leads=leads(row),
        committed=bool(course.now.commitment),
    )


def _fix(row: InspectionRow, course: Course, ready: tuple[Ready, ...]) -> Response:
    only_lead(row)
    form = Form(request.form)
    asked = framing.specification(form, row.provider, framing.chosen(ready))
    taken = framing.taken(asked) if asked else None
    if asked and taken is None:
        form.wrong("began_from", gettext("Other people are writing in the record just now. Nothing was fixed. Try again"))
    if asked and taken:
        stream = inspection_id(row.reference)
        command = step(Inspection, stream, framing.fix_taken, *taken, now=now(), by=me().code, specification=asked)
        if carry_out_all(form, [command], "began_from"):
            flash(gettext("The frame is fixed. No case can be added to it or taken out of it."))
            return see_other("frame.show", reference=row.reference)
    return _preview(row, course, ready, form)


@blueprint.get("/inspections/<reference>/frame.json")
@allow(Action.INSPECT)
def download(reference: str) -> Response:
    """The frame as it was fixed, for anyone to draw from."""
    row = found(reference)
    course = course_of(row)
    if course.frame is None:
        return see_other("frame.show", reference=reference)
    return given(redrawing.frame_file(reference, course.frame, course.now.commitment), f"frame-{reference}")


def given(file: redrawing.FrameFile | redrawing.DrawFile, name: str) -> Response:
    answer = Response(redrawing.written(file), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
