"""Signing in and out. Demonstration people are offered by name, on this machine only."""

from flask import Blueprint, abort, current_app, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.access import Role
from projections import organisations
from web import kept, session
from web.gate import HOMES, anybody
from web.htmx import own_address, page
from web.language import gettext
from web.service import reading

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/")
@anybody
def home() -> Response:
    """To the home page of whoever is signed in."""
    if g.person is None:
        return redirect(url_for("sign_in.index"), 303)
    return redirect(url_for(HOMES[g.person.role]), 303)


def _people() -> list[tuple[str, list[session.Person]]]:
    """Whom one may sign in as, under what they do."""
    with reading() as conn:
        rows = [row for team in organisations.teams(conn) for row in organisations.of_team(conn, team.code)]
        teams = {team.code: team.name for team in organisations.teams(conn)}
    staff = sorted([*map(session.as_person, rows), *session.OUTSIDERS], key=lambda p: p.code not in session.SUGGESTED)
    g.team_names = teams
    return [(role.value, [p for p in staff if p.role is role]) for role in Role]


@blueprint.get("/sign-in")
@anybody
def index() -> Response:
    """Who somebody is. Asked in answer to a form that was sent after sign-in had run out, the page takes the form along."""
    sent = request.method == "POST"
    fields = kept.sent(request) if sent else ()
    back = request.full_path.rstrip("?") if sent else request.args.get("next", "")
    return page("sign_in.html", groups=_people(), next=back, team_names=g.team_names, fields=fields, status=401 if fields else 200)


@blueprint.post("/sign-in")
@anybody
def enter() -> Response:
    """Start a session, then back to where the person was going; only ever to an address of this service."""
    if not current_app.config.get("DEMO_PEOPLE"):
        abort(403)
    with reading() as conn:
        person = session.find_person(conn, request.form.get("staff", ""))
        if person is None:
            abort(422, gettext("Select who you are."))
        back = own_address(request.form.get("next", ""))
        fields = kept.brought_back(request) if back else ()
        home = url_for(HOMES[person.role])
        if fields and kept.is_of(person.code):
            answer = page("signed_in_again.html", action=back, fields=fields, texts=kept.to_read(fields), home=home)
        else:
            answer = make_response(redirect(home if fields else back or home, 303))
        session.end(conn, answer, request)
        session.begin(conn, answer, request, person.code)
        kept.belongs_to(person.code)
    return answer


@blueprint.get("/sign-out")
@anybody
def leave() -> Response:
    answer = make_response(redirect(url_for("sign_in.index"), 303))
    with reading() as conn:
        session.end(conn, answer, request)
    return answer
