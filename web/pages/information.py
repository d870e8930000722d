"""What anybody may read about the service: what its record proves and what not, privacy, and accessibility."""

from datetime import timedelta

from flask import Blueprint
from werkzeug.wrappers import Response

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
    """What is kept, who can see it, and which cookies there are."""
    hour = timedelta(hours=1)
    return page("information/privacy.html", longest=LONGEST // hour, idle=IDLE // hour)


@blueprint.get("/accessibility")
@anybody
def accessibility() -> Response:
    return page("information/accessibility.html")
