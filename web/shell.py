"""Put the shell round every page: headers, form tokens, navigation, plain-word errors, and the words filters."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, Response, current_app, g, jsonify, request, url_for
from flask.templating import Environment
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import HTTPException

from domain.contact import LONGEST_NOTE
from domain.words import said
from web import assets, htmx, language, words

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: over HTTPS the form token check wants to see where a form came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# What each role sees in the service navigation: words and endpoint. An endpoint the app does not have is left out.
NAVIGATION: Mapping[str, tuple[tuple[str, str], ...]] = {
    "officer": (
        (said("My day"), "my_day.index"),
        (said("My cases"), "caseload.index"),
        (said("Log a contact"), "log.whose"),
        (said("Reminders"), "reminder.mine"),
        (said("Measures"), "measure.index"),
    ),
    "manager": (
        (said("My team"), "team.index"),
        (said("Transfers"), "transfer.index"),
        (said("Reminders"), "reminder.mine"),
        (said("Measures"), "measure.index"),
    ),
    "inspector": ((said("Inspections"), "inspection.index"), (said("Measures"), "measure.index")),
    "administrator": ((said("Health"), "health.index"), (said("Jobs"), "jobs.index"), (said("Question sets"), "question_set.index")),
}


class Problem(NamedTuple):
    """What a page says when it cannot do what was asked."""

    title: str
    advice: tuple[str, ...]


TOKEN_PROBLEM = Problem(
    said("Nothing was saved"),
    (
        said("This page was open when you were signed out, or your browser does not keep cookies for this service."),
        said("Go back, copy what you typed, open the page again and save it there."),
    ),
)
PROBLEMS: Mapping[int, Problem] = {
    400: Problem(said("The service could not read what was sent"), (said("Go back and try again."),)),
    401: Problem(said("You have been signed out"), (said("Sign in again to carry on."),)),
    403: Problem(
        said("You cannot do this"),
        (said("Your role does not include it. If your work needs it, ask your manager or an administrator."),),
    ),
    404: Problem(
        said("Page not found"),
        (
            said("If you typed the web address, check it is correct."),
            said("If you followed a link, what it led to may have moved, or it may not be open to you."),
        ),
    ),
    409: Problem(
        said("Someone else changed this record first"),
        (said("What you entered has not been saved. Look at what changed, then enter yours again."),),
    ),
    413: Problem(said("That is too much to save at once"), (said("Go back, make it shorter or send a smaller file."),)),
    422: Problem(said("There is a problem with what was sent"), (said("Go back, check what you entered and try again."),)),
    429: Problem(said("Too many tries"), (said("Wait a few minutes, then try again."),)),
    500: Problem(
        said("Sorry, there is a problem with the service"),
        (said("Try again in a few minutes. Before you enter anything again, check whether it was saved."),),
    ),
    503: Problem(
        said("Sorry, the service is not available"),
        (said("Nothing was saved. Try again in a few minutes."),),
    ),
}


class MaskedCSRF(CSRFProtect):  # type: ignore[misc]  # Flask-WTF carries no types
    """The form token check, for tokens that look different in every answer.

    The library's token is the same bytes for a whole session apart from its time, so a compressed page could give
    it away bit by bit. A one-time pad in front of it takes that away.
    """

    def _get_csrf_token(self) -> str | None:
        return unmask(super()._get_csrf_token() or "")


def masked_token() -> str:
    """The form token under a pad of its own for this answer, the same in every form of the answer."""
    if "masked_token" not in g:
        token = generate_csrf().encode()
        pad = secrets.token_bytes(len(token))
        g.masked_token = base64.urlsafe_b64encode(pad + exclusive_or(pad, token)).decode()
    return str(g.masked_token)


def unmask(masked: str) -> str | None:
    """The token under the pad, or None for anything that was not made here."""
    try:
        both = base64.urlsafe_b64decode(masked.encode())
        half = len(both) // 2
        return exclusive_or(both[:half], both[half:]).decode() or None
    except ValueError:  # not base64, not even, or not text
        return None


def exclusive_or(pad: bytes, text: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(pad, text, strict=True))


class Templates(Environment):
    """The library's templates with what all of them share in a plain dictionary. Each import and each part of a page compares the names of
    it, and through the library's chain of dictionaries that was a sixth of a form's time. What is added after a template was first used
    does not reach it."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def harden(app: Flask) -> None:
    """Give an app the shell. Call it first: what is registered here must see every answer last."""
    app.jinja_environment = Templates
    assets.install(app)
    app.after_request(add_headers)
    words.install(app)
    language.install(app)
    htmx.init(app)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # an hour would throw away a long note; the session limits it
    app.config["WTF_CSRF_HEADERS"] = ["X-CSRF-Token"]
    MaskedCSRF(app)
    app.register_error_handler(HTTPException, show_problem)
    app.jinja_loader = ChoiceLoader(
        [
            *([app.jinja_loader] if app.jinja_loader else []),
            FileSystemLoader(Path(__file__).resolve().parent / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    shared = {"csrf_token": masked_token, "here": here, "navigation": navigation, "new_command_id": new_command_id}
    app.jinja_env.globals.update(shared, longest_note=LONGEST_NOTE)
    app.context_processor(lambda: {"cspNonce": nonce(), "csrf_token": masked_token})


def nonce() -> str:
    """This request's nonce, made when first needed: a refusal before any other step still has one."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def add_headers(response: Response) -> Response:
    """Security headers on every answer; nothing that shows a case is kept by a browser or a proxy."""
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{nonce()}' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "manifest-src 'self'"
    )
    response.headers.update(SECURITY)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def show_problem(error: HTTPException) -> Response | HTTPException:
    """An error as a page in the same look; a part of one for htmx; a problem document for the interface."""
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    problem = TOKEN_PROBLEM if isinstance(error, CSRFError) else PROBLEMS.get(code) or other_problem(code)
    said = error.description if error.description != type(error).description else None
    detail = None if isinstance(error, CSRFError) or code >= 500 else said
    reference = secrets.token_hex(4) if code >= 500 else None
    if reference:
        current_app.logger.error("%s %s failed; the person was given reference %s", request.method, code, reference)
    if request.path.startswith("/api/"):
        document = jsonify(title=problem.title, status=code, detail=detail or " ".join(problem.advice))
        document.mimetype, document.status_code = "application/problem+json", code
        answer: Response = document
    else:
        answer = problem_page(problem, code, detail, reference)
    if isinstance(error, CSRFError):
        answer.headers["X-Problem"] = "token"
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer


def other_problem(code: int) -> Problem:
    return PROBLEMS[500] if code >= 500 else Problem(HTTPStatus(code).phrase.capitalize(), PROBLEMS[400].advice)


def problem_page(problem: Problem, code: int, detail: str | None = None, reference: str | None = None) -> Response:
    said: dict[str, Any] = {"problem": problem, "detail": detail, "reference": reference, "code": code}
    try:
        return htmx.page("error.html", "problem", status=code, **said)
    except Exception:
        # What broke the page (a database that is away) can break the page that says so; plain words still get out.
        current_app.logger.exception("the error page failed too")
        text = f"<!DOCTYPE html><html lang=en><title>{problem.title}</title><h1>{problem.title}</h1>"
        return Response(text + "".join(f"<p>{line}</p>" for line in problem.advice), code)


def navigation(person: object, current: str | None = None) -> list[dict[str, object]]:
    """The service navigation of a signed-in person: the items whose pages exist, with the current one marked."""
    at = current or request.endpoint or ""
    return [
        {"text": language.in_language(text), "href": url_for(endpoint), "current": at == endpoint, "active": area(at) == area(endpoint)}
        for text, endpoint in NAVIGATION.get(str(getattr(person, "role", "")), ())
        if endpoint in current_app.view_functions
    ]


def area(endpoint: str) -> str:
    """The part of the service that an endpoint belongs to: its blueprint."""
    return endpoint.rpartition(".")[0] or endpoint


def here(**changes: object) -> str:
    """The address of this page with some of its query changed; None takes a part out. Goes back to page 1."""
    query = {**request.args.to_dict(flat=False), "page": None, **changes}
    pairs = {key: value for key, value in query.items() if value is not None}
    return request.path + ("?" + urlencode(pairs, doseq=True) if pairs else "")


def new_command_id() -> UUID:
    """A UUIDv7 for a form about to be shown: sending the form twice then writes once."""
    instant = (time.time_ns() // 1_000_000) << 80
    return UUID(int=instant | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62))
