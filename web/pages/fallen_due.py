"""What fell due in a team day by day and was not done on its day: the look back beside the look ahead."""

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import fallen_due, organisations
from web.gate import allow
from web.htmx import page
from web.service import now, reading

blueprint = Blueprint("fallen_due", __name__)

DAYS = 28


@blueprint.get("/teams/<team>/fallen-due")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> Response:
    since = local_day(now()) - timedelta(days=DAYS)
    with reading() as conn:
        shown = organisations.team(conn, team) or abort(404)
        found = fallen_due.of_team(conn, team=team, since=since)
        counted = fallen_due.last_counted(conn)
    days = [(day, list(rows)) for day, rows in groupby(found, key=lambda row: row.day)]
    return page("fallen_due/team.html", team=shown, days=days, since=since, counted=counted)
