"""While a day of the past, or figures under another policy, are being put together: how far it is, and then the page asked for."""

from typing import Any

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from domain.access import Action
from web.gate import allow
from web.htmx import look_again, page
from web.past import BeingBuilt
from web.service import service

blueprint = Blueprint("as_known", __name__)


@blueprint.app_errorhandler(BeingBuilt)
def wait(asked: BeingBuilt) -> Response:
    """In place of the page asked for, which comes by itself as soon as it can; a program is told to ask again."""
    if request.path.startswith("/api/"):
        said = jsonify(title="Being put together", status=202, done=asked.snapshot.done, of_all=asked.snapshot.of_all)
        said.status_code, said.headers["Retry-After"] = 202, "5"
        return said
    context: dict[str, Any] = {"snapshot": asked.snapshot, "policy": asked.policy, "in_force": service().policy.version, "day": asked.day}
    return page("as_known/wait.html", status=202, **context)


@blueprint.get("/being-put-together/<name>")
@allow(Action.SEE_CASE)
def progress(name: str) -> Response:
    """How far it is, for a page that waits; when it is there the page is loaded anew."""
    snapshot = service().read_side.snapshot(name)
    if snapshot is None:
        abort(404)
    return look_again() if snapshot.built else page("as_known/_progress.html", snapshot=snapshot)
