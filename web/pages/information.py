"""What anybody may read about the service: what its record proves and what not, privacy, cookies, accessibility, and what is new."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint
from werkzeug.wrappers import Response

from web.changes import changes
from web.gate import anybody
from web.htmx import page
from web.service import service
from web.session import IDLE, LONGEST

blueprint = Blueprint("information", __name__)


@blueprint.get("/about")
@anybody
def about() -> Response:
    """What the record proves, and that it does not prove that a contact took place."""
    return page("information/about.html", policy=service().policy)


@blueprint.get("/privacy")
@anybody
def privacy() -> Response:
    """What is kept and who can see it."""
    return page("information/privacy.html")


@blueprint.get("/cookies")
@anybody
def cookies() -> Response:
    """Which cookies there are, what each is for, and how long it stays."""
    hour = timedelta(hours=1)
    return page("information/cookies.html", longest=LONGEST // hour, idle=IDLE // hour)


@blueprint.get("/whats-new")
@anybody
def whats_new() -> Response:
    """What has changed, by day, the newest first."""
    return page("information/whats_new.html", days=[(on, [*of]) for on, of in groupby(changes(), key=lambda change: change.on)])


@blueprint.get("/accessibility")
@anybody
def accessibility() -> Response:
    return page("information/accessibility.html")
