"""Saying back at once what a date or a time, as somebody typed it, is understood to mean."""

from flask import Blueprint, Response, abort, request

from web.forms import Form
from web.gate import anybody
from web.kinds import read_other_kind
from web.language import gettext

blueprint = Blueprint("understood", __name__)


@blueprint.get("/understood/<what>/<name>")
@anybody
def say(what: str, name: str) -> Response:
    """The words that stand beside the field `name`; nothing for a field that is empty. It tells nobody anything of a case."""
    form = Form(request.args)
    if what == "day":
        form.day(name, gettext("It"), optional=True, ahead=bool(form.raw("ahead")))
    elif what == "time":
        if form.raw(name):
            form.time(name, gettext("It"))
    elif what == "kind":
        if form.raw(name):
            read_other_kind(form, name, "")
    else:
        abort(404)
    return Response(form.understood.get(name) or form.errors.get(name, ""), mimetype="text/plain")
