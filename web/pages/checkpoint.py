"""Checkpoints, for anybody: the last one to take away, how long entries waited for theirs, and what it proves and does not."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from store import checkpoints, log_key, witnesses
from web.gate import anybody
from web.htmx import page
from web.service import now, reading

blueprint = Blueprint("checkpoint", __name__)


@blueprint.get("/checkpoints")
@anybody
def index() -> Response:
    """Names nobody: a checkpoint is a number of entries and a hash of them."""
    with reading() as conn:
        newest, waits, keys = checkpoints.last(conn), checkpoints.waits(conn, now() - checkpoints.LOOKED_BACK), log_key.known_keys(conn)
        seen = witnesses.cosigned(conn)
    return page(
        "checkpoint/index.html",
        newest=newest,
        waits=waits,
        late=waits.too_long(now()),
        days=checkpoints.LOOKED_BACK.days,
        holds=newest is not None and not any(checkpoints.faults_of(newest, keys)),
        vkey=keys[-1].vkey if keys else "",
        witnesses=seen,
    )


@blueprint.get("/checkpoint")
@anybody
def newest() -> Response:
    """The last checkpoint as a signed note with what witnesses signed of it, at the address at which a tiled log has it."""
    with reading() as conn:
        found = checkpoints.last(conn)
        said = witnesses.noted(conn, found) if found else abort(404)
    return Response(said, mimetype="text/plain")
