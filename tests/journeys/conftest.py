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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_as(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens the service signed in as somebody, in one of the ways there are; nothing may go wrong on the console."""
    contexts, complaints = [], list[str]()

    def open_page(staff: str, *, javascript: bool = True, width: int = 1280, language: str = "en") -> Page:
        context = chromium.new_context(
            base_url=address, java_script_enabled=javascript, viewport={"width": width, "height": 900}, locale="en-GB"
        )
        contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": address}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and not REFUSAL.search(said.text) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in")
        # Those further down stand in a closed list; a person opens it, a test may press the button all the same.
        page.locator(f'button[name="staff"][value="{staff}"]').dispatch_event("click") if javascript else _press(page, staff)
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _press(page: Page, staff: str) -> None:
    while (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    page.locator(f'button[name="staff"][value="{staff}"]').click()
