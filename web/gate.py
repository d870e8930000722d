"""The gate: every page says which action it is, and nobody passes unless `decide()` lets them. No action, no entry."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import HIDDEN, Action, Resource, Role, decide
from projections import caseload, inspectors, limited_access, organisations
from projections.caseload import CaseRow
from web import session
from web.case_past import look_back
from web.htmx import go_to
from web.service import now, reading

View = TypeVar("View", bound=Callable[..., Any])

HOMES = {
    Role.OFFICER: "my_day.index",
    Role.MANAGER: "team.index",
    Role.INSPECTOR: "inspection.index",
    Role.ADMINISTRATOR: "health.index",
}


def allow(action: Action, *, past: bool = False) -> Callable[[View], View]:
    """Marks a page with the action that it is; the gate asks `decide()` about it and the case or team in the address.

    `past` marks a page of a case that can speak of a past day.
    """

    def mark(view: View) -> View:
        view.action = action  # type: ignore[attr-defined]  # the mark that the gate reads
        view.past = past  # type: ignore[attr-defined]  # as above
        return view

    return mark


def anybody(view: View) -> View:
    """Marks a page that needs no sign-in."""
    view.anybody = True  # type: ignore[attr-defined]  # as above
    return view


def action_of(endpoint: str) -> Action | None:
    return getattr(current_app.view_functions.get(endpoint), "action", None)


def install(app: Flask) -> None:
    app.before_request(let_in)


def let_in() -> AnyResponse | None:
    """Who asks, what for, and of which case or team: deny unless a rule allows it."""
    endpoint = request.endpoint
    view = current_app.view_functions.get(endpoint or "")
    g.person = None
    if endpoint is None or endpoint in ("static", "asset"):
        return None
    if "\0" in request.path:
        # No text of ours holds a NUL, and the database refuses to be asked about one.
        abort(404)
    with reading() as conn:
        g.person = session.current(conn, request)
    if getattr(view, "anybody", False):
        return None
    if g.person is None:
        return _ask_to_sign_in()
    action = action_of(endpoint)
    if action is None or not decide(g.person.subject, action).allowed:
        abort(403)
    resource = _resource(request.view_args or {})
    answer = decide(g.person.subject, action, resource) if resource is not None else None
    if answer is not None and not answer.allowed:
        abort(404 if answer == HIDDEN else 403)
    g.because = answer.because if answer is not None else ""
    if getattr(view, "past", False):
        look_back()
    return None


def _ask_to_sign_in() -> AnyResponse:
    """To the sign-in page, and back here afterwards. htmx would pour the page into the old one, so it is told to go there."""
    if request.path.startswith("/api/"):
        # A program is told that it is not signed in; a page for people would tell it nothing.
        abort(401)
    if request.headers.get("HX-Request") and request.method != "GET":
        # The page keeps what was typed, asks the person to sign in in another tab, and sends the same form again.
        abort(401)
    if request.method == "POST" and request.form:
        # Without JavaScript the page is gone: what was typed goes through signing in with the person.
        return cast(AnyResponse, current_app.view_functions["sign_in.index"]())
    return go_to(url_for("sign_in.index", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def _resource(named: dict[str, Any]) -> Resource | None:
    """What the address names: a case with who holds it, an officer, a team or a provider. An unknown case or officer is not found,
    whoever asks."""
    if crn := named.get("crn"):
        with reading() as conn:
            found = caseload.case(conn, crn)
            if found is None:
                abort(404)
            g.case, g.limits = found, limited_access.of_case(conn, stream_id=found.stream_id, now=now())
            sampled = g.person.role is Role.INSPECTOR and inspectors.may_see(conn, crn, g.person.code, now())
        return resource_of(found, sampled)
    if team := named.get("team"):
        return Resource(team=team)
    if code := named.get("practitioner"):
        with reading() as conn:
            officer = organisations.practitioner(conn, code)
        if officer is None:
            abort(404)
        return Resource(officer.team, officer.provider, officer.code)
    if provider := named.get("provider"):
        return Resource(provider=provider)
    return None


def resource_of(case: CaseRow, sampled: bool = False) -> Resource:
    """The case of the address as what is asked for: who holds it, whether anybody does, and who may not see it."""
    return Resource(case.team, case.provider, case.practitioner, sampled, case.offered_to_team, unplaced=not case.team, limits=g.limits)
