"""Choosing English or Welsh, and coming back to the page where it was chosen."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from web.gate import anybody
from web.htmx import own_address
from web.language import COOKIE, LANGUAGES

blueprint = Blueprint("language", __name__)
A_YEAR = 365 * 24 * 60 * 60


@blueprint.get("/language/<code>")
@anybody
def choose(code: str) -> Response:
    """Remember the language on this device for a year."""
    if code not in LANGUAGES:
        abort(404)
    answer = make_response(redirect(own_address(request.args.get("next", "")) or url_for("sign_in.home"), 303))
    answer.set_cookie(COOKIE, code, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
