"""Answer htmx with the part of a page it asked for, and everybody else with the whole page."""

from __future__ import annotations

import json
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, get_flashed_messages, redirect, render_template, url_for
from htmx_flask import Htmx, make_response, request


def init(app: Flask) -> None:
    """Teach the request object about htmx; call before anything touches a request."""
    Htmx(app)


def wants_fragment() -> bool:
    """True when a part of the page is wanted: not for boosted forms and links, nor when history is restored."""
    asked = request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def see_other(endpoint: str, **values: object) -> Response:
    """After a good POST: go and see the result.

    A browser follows a 303 before htmx sees it and the next page would land inside the old one, so htmx is told.
    """
    return go_to(url_for(endpoint, **values))  # type: ignore[arg-type]  # the names are the address's own


def go_to(address: str) -> Response:
    """Send the browser to another address, whoever asked."""
    answer: Response = make_response("", 204, redirect=address) if request.htmx else make_response(redirect(address, 303))
    return answer


def back_to(address: str) -> Response:
    """To the page that a form was opened in: brought up to date where it stands if the person is still on it, with what is said there."""
    asked = request.htmx
    if not asked or asked.boosted or urlsplit(asked.current_url or "").path != address:
        return go_to(address)
    answer: Response = make_response("", 204)
    # Asked for as by a boosted link, so that the whole page comes, out of which the two are taken.
    answer.headers["HX-Location"] = json.dumps(
        {
            "path": address,
            "headers": {"HX-Boosted": "true"},
            "target": "#main-content",
            "select": "#main-content",
            "selectOOB": "#notices",
            "swap": "outerHTML show:window:top",
            "push": "false",
        }
    )
    return answer


def own_address(address: str) -> str:
    """An address that somebody handed in, if it is one of this service; nothing otherwise, so that no link leads people elsewhere."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else ""


def look_again() -> Response:
    """Have the browser load the page anew that a part was asked for."""
    answer: Response = make_response("", 204, refresh=True)
    return answer


def reswap(response: Response, how: str, target: str | None = None) -> Response:
    """Have htmx place this answer differently from what the page said, for example "outerHTML show:top"."""
    response.headers["HX-Reswap"] = how
    if target:
        response.headers["HX-Retarget"] = target
    return response


def page(template: str, block: str | None = None, *, status: int = 200, **context: object) -> Response:
    """The whole template, or only the named block when htmx asked for a part.

    Messages flashed for a part travel in a header, because the part has no place for them.
    """
    if block is None or not wants_fragment():
        whole: Response = make_response(render_template(template, **context), status)
        return whole
    said = [{"kind": kind, "text": text} for kind, text in flashed()]
    trigger = {"notice": {"messages": said}} if said else None
    part: Response = make_response(render_block(template, block, context), status, trigger=trigger)
    return part


def flashed() -> list[tuple[str, str]]:
    """Kind and words of each message waiting for the person; reading them uses them up."""
    return cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))


def render_block(name: str, block: str, context: dict[str, object]) -> str:
    """One block of a template, after its title, so that the window's title stays true."""
    template = current_app.jinja_env.get_template(name)
    current_app.update_template_context(context)
    page_context = template.new_context(context)
    # The page is begun so that its imports and settings, which the block may need, are run; its first words end that.
    for text in template.root_render_func(page_context):
        if text.strip():
            break
    title = page_context.blocks.get("pageTitle")
    head = ["<title>", *title[0](page_context), "</title>"] if title else []
    return "".join([*head, *page_context.blocks[block][0](page_context)])
