"""One's own appointments in one's own calendar: the page that gives and renews the address, and the file that the address answers with."""

import hashlib

from flask import Blueprint, abort, flash, request, url_for
from flask import Response as Answer
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from projections import diary
from projections.limited_access import hidden_from
from web import feed, session
from web.gate import allow, anybody
from web.htmx import page, see_other
from web.language import gettext
from web.service import me, now, reading, service

blueprint = Blueprint("calendar", __name__)

WAIT_SECONDS = 3600


@blueprint.get("/calendar")
@allow(Action.SEE_DAY)
def index() -> Response:
    with reading() as conn:
        return page("calendar/index.html", kept=feed.address(conn, me().code), given=None, days=feed.AHEAD.days)


@blueprint.post("/calendar")
@allow(Action.SEE_DAY)
def renew() -> Response:
    """The new address, shown this once: only its digest is kept."""
    with reading() as conn:
        secret = feed.renew(conn, me().code)
        given = url_for("calendar.file", secret=secret, _external=True)
        return page("calendar/index.html", kept=feed.address(conn, me().code), given=given, days=feed.AHEAD.days)


@blueprint.post("/calendar/stop")
@allow(Action.SEE_DAY)
def stop() -> Response:
    with reading() as conn:
        feed.stop(conn, me().code)
    flash(gettext("The address answers no more. Remove it from your calendar too."))
    return see_other("calendar.index")


@blueprint.get("/calendar/<secret>.ics")
@anybody
def file(secret: str) -> Answer:
    """The appointments of whoever was given this secret, while they are an officer; a calendar cannot sign in."""
    with reading() as conn:
        asked = feed.ask(conn, secret)
        person = session.find_person(conn, asked.staff) if asked else None
        if asked is None or person is None or not decide(person.subject, Action.SEE_DAY).allowed:
            abort(404)
        if asked.asked > feed.MOST_AN_HOUR:
            raise TooManyRequests(retry_after=WAIT_SECONDS)
        since, until = now() - feed.PAST, now() + feed.AHEAD
        hidden = hidden_from(reading, practitioner=person.code, now=now(), rows=service().record.rows)
        rows = diary.calendar(conn, practitioner=person.code, now=now(), since=since, until=until, hidden=hidden)
    theirs = [row for row in rows if decide(person.subject, Action.WRITE_CASE, Resource(team=row.team)).allowed]
    made = feed.file_of(theirs)
    answer = Answer(made, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(made).hexdigest()[:32])
    answer.make_conditional(request)
    return answer
