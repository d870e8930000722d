"""Checkpoints, for anybody: the last one to take away, how long entries waited for theirs, and what it proves and does not."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from store import checkpoints, log_key, notes, witnesses
from store.checkpoints import Checkpoint
from store.notes import Verifier
from web.gate import anybody
from web.htmx import page
from web.service import now, reading

blueprint = Blueprint("checkpoint", __name__)

LOOKED_BACK = timedelta(days=30)


@blueprint.get("/checkpoints")
@anybody
def index() -> Response:
    """Names nobody: a checkpoint is a number of entries and a hash of them."""
    with reading() as conn:
        newest, waits, keys = checkpoints.last(conn), checkpoints.waits(conn, now() - LOOKED_BACK), log_key.known_keys(conn)
        seen = witnesses.cosigned(conn)
    return page(
        "checkpoint/index.html",
        newest=newest,
        waits=waits,
        late=waits.too_long(now()),
        days=LOOKED_BACK.days,
        holds=newest is not None and _holds(newest, keys),
        vkey=keys[-1].vkey if keys else "",
        witnesses=seen,
    )


def _holds(newest: Checkpoint, keys: Sequence[Verifier]) -> bool:
    try:
        head = notes.read_head(notes.opened(newest.note, keys)[0])
    except ValueError:
        return False
    return (head.size, head.root) == (newest.size, newest.root)


@blueprint.get("/checkpoint")
@anybody
def newest() -> Response:
    """The last checkpoint as a signed note with what witnesses signed of it, at the address at which a tiled log has it."""
    with reading() as conn:
        found, seen = checkpoints.last(conn), witnesses.cosigned(conn)
    if found is None:
        abort(404)
    return Response(found.note + "".join(one.line for one in seen if one.number == found.number), mimetype="text/plain")
