"""A real browser on a real server: the service on a free port of this machine, driven with Chromium."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from bench.slow_line import QUIET
from tests.conftest import Browser as Visitor
from web import session

Open = Callable[..., Page]
REFUSAL = re.compile(r"status of 4|Status Error Code 4")
"""How the browser and htmx tell the console of an answer that is a refusal, which pages say in words."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "The journeys need Chromium: tests/browser.sh installs it or says how."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)  # how soon it hears that it is over
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_as(chromium: Browser, app: Flask, address: str) -> Iterator[Open]:
    """Opens the service signed in as somebody, in one of the ways there are; nothing may go wrong on the console."""
    contexts, complaints = [], list[str]()

    def open_page(staff: str, *, javascript: bool = True, width: int = 1280, language: str = "en") -> Page:
        context = chromium.new_context(
            base_url=address, java_script_enabled=javascript, viewport={"width": width, "height": 900}, locale="en-GB"
        )
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in signed_in(app, staff, language)])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and not REFUSAL.search(said.text) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def signed_in(app: Flask, staff: str, language: str) -> Iterator[tuple[str, str]]:
    """The cookies of somebody who has signed in. The page for it has a journey of its own; the others would begin with one page more."""
    client = Visitor(app).sign_in(staff).client
    for name in (session.COOKIE, app.config["SESSION_COOKIE_NAME"]):
        cookie = client.get_cookie(name)
        assert cookie is not None
        yield name, cookie.value
    yield "language", language
