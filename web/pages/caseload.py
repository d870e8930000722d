"""The cases that an officer holds: found by name or CRN, in the order asked for."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import caseload
from web.gate import allow
from web.htmx import page
from web.service import hidden, me, now, reading

blueprint = Blueprint("caseload", __name__)

PER_PAGE = 50


@blueprint.get("/cases")
@allow(Action.SEE_DAY)
def index() -> Response:
    search = request.args.get("q", "").replace("\0", "").strip()[:100]
    closed = request.args.get("show") == "ended"
    with reading() as conn:
        count = caseload.count_cases(conn, practitioner=me().code, search=search, closed=closed, hidden=hidden())
        pages = max(1, -(-count // PER_PAGE))
        number = min(max(request.args.get("page", 1, type=int), 1), pages)
        found = caseload.cases(
            conn,
            now=now(),
            practitioner=me().code,
            search=search,
            closed=closed,
            hidden=hidden(),
            sort=request.args.get("sort", "name"),
            descending=request.args.get("dir") == "desc",
            limit=PER_PAGE,
            offset=(number - 1) * PER_PAGE,
        )
    today = local_day(now())
    return page(
        "caseload/index.html", "cases", cases=found, count=count, pages=pages, number=number, search=search, closed=closed, today=today
    )
