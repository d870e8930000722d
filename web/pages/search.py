"""Search: the cases that somebody may see, found from any page by name, CRN or date of birth while they type."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import search
from projections.search import Found
from web import seeking
from web.gate import allow
from web.htmx import page
from web.seeking import Sought
from web.service import hidden, me, now, reading

blueprint = Blueprint("search", __name__)

MOST = 50
FIRST = 7
"""How many stand under the box of every page."""


@blueprint.get("/search")
@allow(Action.SEE_CASE)
def index() -> Response:
    """Everything found, and how the words were taken; htmx asks for that part alone."""
    sought = _sought()
    return page("search/index.html", "found", sought=sought, found=_found(sought, MOST), most=MOST)


@blueprint.get("/search/first")
@allow(Action.SEE_CASE)
def first() -> Response:
    """The first few, for the box that stands on every page."""
    sought = _sought()
    return page("search/first.html", sought=sought, found=_found(sought, FIRST))


def _sought() -> Sought:
    return seeking.read(request.args.get("q", ""), local_day(now()))


def _found(sought: Sought, most: int) -> list[Found]:
    with reading() as conn:
        return [*search.find(conn, subject=me().subject, terms=sought.terms, now=now(), hidden=hidden(), limit=most)]
