"""The health of the record, for the administrator: how far it goes, how true the pages are, and what is stuck."""

from flask import Blueprint
from werkzeug.wrappers import Response

from domain.access import Action
from store import checkpoints
from web.gate import allow, anybody
from web.htmx import page
from web.preparing import must_be_ready
from web.service import now, reading, service

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@allow(Action.SEE_HEALTH)
def index() -> Response:
    """Compares a sample of the rows that pages show with the record itself. Names nobody."""
    at = service()
    with reading() as conn:
        waits = checkpoints.waits(conn, now())
    return page(
        "health/index.html",
        health=at.read_side.health(),
        waits=waits,
        late=waits.too_long(now()),
        synthetic=at.record.is_synthetic(),
        at=now(),
        policy=at.policy,
    )


@blueprint.get("/ping")
@anybody
def ping() -> Response:
    """For whoever watches over the service: it answers, and there are rows to show pages from."""
    must_be_ready()
    return Response("ok", mimetype="text/plain")
