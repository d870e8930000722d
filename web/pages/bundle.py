"""The bundle of an inspection, to be checked by anybody without this service: asked for, made while it is sent, and what it proves."""

from flask import Blueprint, Response, abort, flash, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.bundle import Reached, state_heads
from domain.case import case_id
from domain.inspection import Inspection, inspection_id
from projections import assessments, inspections
from store import bundles, log_key
from store.record import Step, step
from web import bundling
from web.bundling import Stated
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, inspects
from web.service import carry_out_all, me, now, reading
from web.zipping import zipped

blueprint = Blueprint("bundle", __name__)


@blueprint.route("/inspections/<reference>/bundle", methods=["GET", "POST"])
@allow(Action.INSPECT)
def index(reference: str) -> AnyResponse:
    """Where a bundle is asked for and, once a checkpoint covers what was stated, taken away."""
    row = found(reference)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        if not inspects(course_of(row)):
            abort(403, gettext("Only an inspector of this inspection can ask for its bundle."))
        if carry_out_all(form, [stating(reference)], "stated"):
            flash(gettext("It is stated in the record how far each case has come."))
            return see_other("bundle.index", reference=reference)
    past, under = bundling.statement(reference)
    with reading() as conn:
        keys = log_key.known_keys(conn)
    return page(
        "bundle/index.html",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        mine=inspects(course_of(row)),
        stated=past[-1] if past else None,
        under=under,
        command=bundling.command(reference, keys[-1].vkey if keys else "…"),
    )


def stating(reference: str) -> Step:
    """The command that states how far the cases have come, as they stand now."""
    with reading() as conn:
        cases = {case_id(case.crn): case.crn for case in inspections.inspected(conn, reference)}
        others = assessments.streams(conn, reference)
        reached = bundles.reached(conn, [*cases, *others])
    come = {stream: Reached(version, chained.hex()) for stream, (version, chained) in reached.items()}
    heads, streams = ({names[stream]: came for stream, came in come.items() if stream in names} for names in (cases, others))
    return step(Inspection, inspection_id(reference), state_heads, heads, streams, now=now(), by=me().code)


@blueprint.get("/inspections/<reference>/bundle.zip")
@allow(Action.INSPECT)
def download(reference: str) -> Response:
    """The bundle, made while it is sent; 404 while there is nothing that could be proved."""
    found(reference)
    past, under = bundling.statement(reference)
    if under is None:
        abort(404)
    files = bundling.files(Stated(reference, past, under), texts="texts" in request.args)
    answer = Response(stream_with_context(zipped(files)), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{reference}-{past[-1].version}.zip"'
    return answer
