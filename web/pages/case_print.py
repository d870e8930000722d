"""A case on paper: the parts that somebody chose, marked, with who printed them and when, and written down as a read."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.words import said
from domain.working_days import add_months, local_day
from projections.overview import overview
from projections.person import details
from projections.timeline import Entry
from store.reads import PRINT, PRINT_ALL
from web import history
from web.gate import allow
from web.htmx import page
from web.service import names, noted, now, service, story, this_case

blueprint = Blueprint("case_print", __name__)

PARTS = {
    "person": said("Person, language and needs"),
    "officers": said("Officers through time"),
    "due": said("Appointments, and outcomes to record"),
    "sentence": said("Sentences and requirements"),
    "plan": said("Plan"),
    "risk": said("Risk of serious harm"),
    "recent": said("History of the last 12 months"),
    "history": said("The whole history"),
}
SENSITIVE = "sensitive"
"""Ticked beside the parts: the texts of sensitive entries are printed too."""


@blueprint.get("/cases/<crn>/print")
@allow(Action.SEE_CASE, past=True)
def choose(crn: str) -> Response:
    """The parts to choose from and, once some are chosen, the case as it is printed."""
    ticked = request.args.getlist("part")
    parts = [part for part in PARTS if part in ticked]
    told = story(this_case().stream_id)
    sensitive = SENSITIVE in ticked
    if parts:
        noted(PRINT_ALL if sensitive else PRINT)
    return page(
        "case/print.html",
        offered=PARTS,
        parts=parts,
        sensitive=sensitive,
        about=overview(told, now()),
        person=details(told),
        holders=[*reversed(told.holders)],
        entries=_entries(parts),
        printed_at=service().record.clock(),
    )


def _entries(parts: list[str]) -> list[Entry]:
    """The entries to print, newest first; the whole history holds that of the last 12 months."""
    if not {"recent", "history"} & set(parts):
        return []
    told = history.entries(story(this_case().stream_id), service().policy, names())
    found = history.chosen(told, history.Choice(), now())
    if "history" in parts:
        return found
    since = add_months(local_day(now()), -12)
    return [e for e in found if local_day(e.occurred_at) >= since]
