"""The sample of an inspection: its draw, the cases in it, what is replaced, and what is inspected beside it."""

from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain import redrawing
from domain.access import Action
from domain.inspection import Inspection, SampleDrawn, draw_sample, inspection_id
from domain.redrawing import Differs, DrawFile, FrameFile
from domain.resampling import ReplacementReason, WideningReason, replace_case, widen
from domain.sampling import largest_remainder, sample_size
from projections import caseload, inspections
from projections.inspections import Course, InspectionRow
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.frame import given
from web.pages.inspection import course_of, found, inspector, inspects, leads, only_inspectors, only_lead
from web.service import carry_out_all, hidden, me, now, reading, service

blueprint = Blueprint("sample", __name__)


@blueprint.route("/inspections/<reference>/sample", methods=["GET", "POST"])
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    if request.method == "POST":
        only_lead(row)
    policy = service().policy.sampling
    form = Form(
        request.form if request.method == "POST" else None,
        confidence=f"{policy.confidence * 100:.0f}",
        margin=f"{policy.margin * 100:.0f}",
    )
    confidence = form.whole("confidence", gettext("Confidence"), 50, 99)
    margin = form.whole("margin", gettext("Margin"), 1, 25)
    if request.method == "POST" and not form.raw("work_out") and _drawn(row, form, confidence, margin):
        flash(gettext("The sample is drawn."))
        return see_other("sample.show", reference=reference)
    course = course_of(row)
    if course.sample is not None and request.method == "GET":
        return _drawn_page(row, course)
    return page(
        "inspection/sample.html",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        course=course,
        plan=_plan(course, confidence, margin),
        leads=leads(row),
        sources=service().policy.sources,
    )


def _drawn(row: InspectionRow, form: Form, confidence: int | None, margin: int | None) -> bool:
    nonce = "".join(form.text("nonce", gettext("Enter the nonce"), longest=200).split()).lower()
    if confidence is None or margin is None or not form.ok:
        return False
    command = step(
        Inspection,
        inspection_id(row.reference),
        draw_sample,
        now=now(),
        by=me().code,
        nonce=nonce,
        confidence=confidence / 100,
        margin=margin / 100,
    )
    return carry_out_all(form, [command], "nonce")


def _plan(course: Course, confidence: int | None, margin: int | None) -> list[tuple[str, int, int]] | None:
    """Each stratum with its size and how many cases of it would be drawn."""
    if course.frame is None or not confidence or not margin:
        return None
    strata = sorted(course.frame.strata.items())
    sizes = [len(references) for _, references in strata]
    n = sample_size(sum(sizes), confidence=confidence / 100, margin=margin / 100)
    return [(name, size, share) for (name, _), size, share in zip(strata, sizes, largest_remainder(sizes, n), strict=True)]


def _files(course: Course, reference: str) -> tuple[FrameFile, DrawFile]:
    assert course.frame is not None
    assert course.sample is not None
    frame = redrawing.frame_file(reference, course.frame, course.now.commitment)
    return frame, redrawing.draw_file(reference, course.frame, course.sample, course.replaced)


def _differs(course: Course, reference: str) -> str:
    """What does not agree when the sample is drawn again from the files that anyone may have; empty when all does."""
    try:
        again = redrawing.redraw(*_files(course, reference))
    except Differs as differs:
        return str(differs)
    same = {ref for refs in again.values() for ref in refs} == set(course.now.sample)
    return "" if same else gettext("Drawing again gives other cases.")


def _drawn_page(row: InspectionRow, course: Course) -> Response:
    """The sample, and whether drawing it again from the frame, the root and the nonce gives the same cases."""
    with reading() as conn:
        cases = inspections.inspected(conn, row.reference, hidden())
    return page(
        "inspection/sample_drawn.html",
        inspection=row,
        inspector=inspector,
        course=course,
        fixed=course.frame,
        drawn=course.sample,
        drawn_at=course.at.get(SampleDrawn),
        cases=[case for case in cases if not case.widened],
        beside={case.crn: case for case in cases if case.widened},
        differs=_differs(course, row.reference),
        mine=inspects(course),
    )


@blueprint.get("/inspections/<reference>/draw.json")
@allow(Action.INSPECT)
def download(reference: str) -> Response:
    """The draw and the replacements after it; with the frame's file it is all that drawing again needs."""
    row = found(reference)
    course = course_of(row)
    if course.sample is None:
        return see_other("sample.show", reference=reference)
    return given(_files(course, reference)[1], f"draw-{reference}")


@blueprint.route("/inspections/<reference>/sample/replace", methods=["GET", "POST"])
@allow(Action.INSPECT)
def replace(reference: str) -> Response:
    """Replace a case that cannot be inspected; which one comes in its place nobody chooses."""
    row = found(reference)
    course = course_of(row)
    only_inspectors(course)
    form = Form(request.form if request.method == "POST" else request.args)
    crn = form.raw("case")
    if crn not in course.now.sample and request.method == "GET":
        return see_other("sample.show", reference=reference)
    if request.method == "POST" and _replaced(form, reference, crn):
        replacement = course_of(row).now.replaced[crn]
        flash(gettext("%(replacement)s takes the place of %(crn)s.", replacement=replacement, crn=crn))
        return see_other("sample.show", reference=reference)
    status = 422 if form.errors else 200
    reasons = options(ReplacementReason)
    return page("inspection/replace.html", status=status, inspection=row, form=form, crn=crn, reasons=reasons)


def _replaced(form: Form, reference: str, crn: str) -> bool:
    reason = form.choice("reason", ReplacementReason, gettext("Select why the case cannot be inspected"))
    if reason is None:
        return False
    return _changed(form, reference, replace_case, crn=crn, reason=reason)


def _changed(form: Form, reference: str, command: Any, **details: Any) -> bool:
    given_command = step(Inspection, inspection_id(reference), command, now=now(), by=me().code, **details)
    return carry_out_all(form, [given_command], "reason")


@blueprint.route("/inspections/<reference>/widen", methods=["GET", "POST"])
@allow(Action.INSPECT)
def beside(reference: str) -> Response:
    """Inspect one more case, which is no part of the sample."""
    row = found(reference)
    course = course_of(row)
    only_inspectors(course)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST" and _widened(form, reference):
        flash(gettext("The case is inspected too. It is no part of the sample."))
        return see_other("inspection.show", reference=reference)
    status = 422 if form.errors else 200
    return page("inspection/widen.html", status=status, inspection=row, form=form, reasons=options(WideningReason))


def _widened(form: Form, reference: str) -> bool:
    crn = form.text("crn", gettext("Enter the reference of the case"), longest=20).upper()
    reason = form.choice("reason", WideningReason, gettext("Select why this case is inspected too"))
    if reason is None or not form.ok:
        return False
    with reading() as conn:
        case = caseload.case(conn, crn)
    # A case that is hidden from whoever asks is answered for like one that there is not.
    provider = case.provider if case is not None and case.stream_id not in hidden() else ""
    return _changed(form, reference, widen, crn=crn, provider=provider, reason=reason)
