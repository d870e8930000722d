"""Files for analysts from an inspection: histories as event logs and findings as tables, of its sample or of the whole provider."""

from flask import Blueprint, Response, abort, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action
from domain.words import said
from web import analysts
from web.analysts import KINDS
from web.gate import allow
from web.htmx import page
from web.pages.inspection import found

blueprint = Blueprint("analysts", __name__)

WORDS = {
    "ocel": (said("Histories as OCEL 2.0"), said("JSON, for object-centric process mining: cases, officers, teams and providers")),
    "xes": (said("Histories as XES"), said("XML, for process mining: a trace for each case")),
    "findings-parquet": (said("Findings as Parquet"), said("A row for each finding of every measure")),
    "findings-csv": (said("Findings as CSV"), said("The same, for spreadsheets")),
    "handovers-csv": (said("Handovers of work as CSV"), said("How often one officer did the next thing in a case after another")),
}


@blueprint.get("/inspections/<reference>/analysts")
@allow(Action.INSPECT)
def index(reference: str) -> AnyResponse:
    """Names nobody: which files there are."""
    return page("analysts/index.html", inspection=found(reference), kinds=WORDS)


@blueprint.get("/inspections/<reference>/analysts/<whose>/<kind>")
@allow(Action.INSPECT)
def download(reference: str, whose: str, kind: str) -> Response:
    """A file, written while it is sent; with `names`, cases that the reader may open stand under their own references."""
    row = found(reference)
    if kind not in KINDS or whose not in ("sample", "provider"):
        abort(404)
    names = "names" in request.args
    chosen = analysts.of_sample(row.reference, names=names) if whose == "sample" else analysts.of_provider(row.provider)
    file = KINDS[kind]
    answer = Response(stream_with_context(file.write(chosen)), mimetype=file.type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{chosen.name}.{file.ending}"'
    return answer
