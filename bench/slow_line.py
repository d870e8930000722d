"""My day on a slow line: Chromium with 400 kbit/s and 400 ms to every answer, from the first byte to a page that can be worked with."""

import shutil
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from bench.results import Line, skipped
from bench.stage import Stage

BITS_A_SECOND, ROUND_TRIP_MS = 400_000, 400
USABLE_MS, LOGGED_MS, FIRST_PAGE_BYTES = 4_000, 1_500, 100_000
TIMES = 5
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Without these the browser looks for its maker's servers at every start; root needs the first."""


class Sent(msgspec.Struct):
    """One answer: bytes on the line with its head, and bytes once unpacked."""

    address: str
    on_the_line: int = 0
    unpacked: int = 0


class KeptOpen(WSGIRequestHandler):
    """Connections stay open between requests, as with the server that the service runs on."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: a line a request would drown the figures."""


class Cold(msgspec.Struct, frozen=True):
    """One load of My day by a browser that has nothing yet: milliseconds from the click, and what was sent."""

    painted: float
    usable: float
    sent: list[Sent]


def run(stage: Stage) -> list[Line]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        return [skipped("slow_line", "My day", "there is no Chromium on this machine")]
    with _served(stage.live) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        officer = _busiest(stage)
        cold = [_cold(browser, address, officer) for _ in range(TIMES)]
        opened, logged = _outcomes(browser, address, officer)
        browser.close()
    return [
        _times("My day cold: its first words are painted", [load.painted for load in cold], None),
        _times("My day cold: painted, and its forms work", [load.usable for load in cold], USABLE_MS),
        _times("the form for an outcome opens in place", opened, None),
        _times("an outcome saved, until the list says so", logged, LOGGED_MS),
        *_weights(cold[-1].sent),
    ]


def _busiest(stage: Stage) -> str:
    """The officer with the most outcomes to log: the longest page, and enough to log."""
    with stage.loaded.read_side.reading() as conn:
        row = conn.execute(
            "select d.practitioner from diary d join caseload c using (stream_id) join practitioner p on p.code = d.practitioner"
            " where d.starts_at < now() and d.outcome = '' and not d.cancelled and c.practitioner = d.practitioner and p.grade <> 'SPO'"
            " group by 1 order by count(*) desc, 1 limit 1"
        ).fetchone()
    assert row is not None, "nobody of the record has anything to log"
    return str(row[0])


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=KeptOpen)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _enter(browser: Browser, address: str, officer: str) -> tuple[Page, CDPSession]:
    """A browser with an empty cache and the officer signed in; the sign-in is asked for without its page, so nothing is fetched yet."""
    context: BrowserContext = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    form = context.request.get("/sign-in").text()
    token = form.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    context.request.post("/sign-in", form={"csrf_token": token, "staff": officer}, headers={"Referer": address})
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speed = BITS_A_SECOND / 8
    slow = {"offline": False, "latency": ROUND_TRIP_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    line.send("Network.emulateNetworkConditions", slow)
    return page, line


def _cold(browser: Browser, address: str, officer: str) -> Cold:
    page, line = _enter(browser, address, officer)
    sent: dict[str, Sent] = {}
    line.on("Network.responseReceived", lambda e: sent.update({e["requestId"]: Sent(urlsplit(e["response"]["url"]).path)}))
    line.on("Network.dataReceived", lambda e: _unpacked(sent, e))
    line.on("Network.loadingFinished", lambda e: _finished(sent, e))
    page.goto("/my-day", wait_until="load")
    page.wait_for_function("window.htmx && performance.getEntriesByName('first-contentful-paint').length")
    expect(page.locator("h1")).to_have_text("My day")
    painted = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    # Scripts are deferred, so a document whose content is loaded has run them: its forms are sent in place from here on.
    ready = float(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
    page.context.close()
    return Cold(painted, max(painted, ready), list(sent.values()))


def _unpacked(sent: dict[str, Sent], event: dict[str, object]) -> None:
    if found := sent.get(str(event["requestId"])):
        found.unpacked += int(str(event["dataLength"]))


def _finished(sent: dict[str, Sent], event: dict[str, object]) -> None:
    if found := sent.get(str(event["requestId"])):
        found.on_the_line = int(float(str(event["encodedDataLength"])))


def _outcomes(browser: Browser, address: str, officer: str) -> tuple[list[float], list[float]]:
    """Outcomes logged one after the other: milliseconds until the form stands open, and from the second click until it is saved."""
    page, _ = _enter(browser, address, officer)
    page.goto("/my-day", wait_until="load")
    opened, logged = list[float](), list[float]()
    waiting = page.locator(".app-row[id]:visible").filter(has_text="Log outcome")
    rows = [f"#{row.get_attribute('id')}" for row in waiting.all()[:TIMES]]
    for row in rows:
        opened.append(_until(page, page.locator(f"{row} a.govuk-button").click, f"{row} form"))
        logged.append(_until(page, page.locator(f"{row} button[value=ATTC]").click, f"{row} .moj-badge--green"))
    page.context.close()
    return opened, logged


def _until(page: Page, press: Callable[[], None], seen: str) -> float:
    """Milliseconds, by the page's own clock, from pressing something until the browser shows something else."""
    page.evaluate(
        """seen => { window.shown = new Promise(done => {
             const look = () => document.querySelector(seen)?.checkVisibility() ? done(performance.now()) : requestAnimationFrame(look);
             addEventListener("click", () => { window.pressed = performance.now(); look(); }, { capture: true, once: true });
           }); }""",
        seen,
    )
    press()
    return float(page.evaluate("window.shown.then(at => at - window.pressed)"))


def _times(what: str, milliseconds: list[float], bar: int | None) -> Line:
    if not milliseconds:
        return skipped("slow_line", what, "nothing in the officer's day wants an outcome")
    worst, usual = max(milliseconds), statistics.median(milliseconds)
    return Line(
        bench="slow_line",
        what=what,
        bar=f"<= {bar / 1000:g} s" if bar else "",
        met=worst <= bar if bar else None,
        ours=f"{usual / 1000:.2f} s, at worst {worst / 1000:.2f} s",
        note=f"{len(milliseconds)} times; {BITS_A_SECOND // 1000} kbit/s, {ROUND_TRIP_MS} ms to every answer",
        figures={"median_ms": usual, "worst_ms": worst},
    )


def _weights(sent: list[Sent]) -> list[Line]:
    """What the first page weighs, and each of its files."""
    whole = sum(one.on_the_line for one in sent)
    total = Line(
        bench="slow_line",
        what="the first page, everything in it",
        bar=f"<= {FIRST_PAGE_BYTES // 1000} kB",
        met=whole <= FIRST_PAGE_BYTES,
        ours=f"{whole / 1000:.1f} kB sent",
        note=f"{len(sent)} answers, {sum(one.unpacked for one in sent) / 1000:.0f} kB unpacked",
        figures={"sent_bytes": whole},
    )
    files = [
        Line(
            bench="slow_line",
            what=one.address.rsplit("/", 1)[-1],
            ours=f"{one.on_the_line / 1000:.1f} kB sent",
            note=f"{one.unpacked / 1000:.1f} kB unpacked",
            figures={"sent_bytes": one.on_the_line, "unpacked_bytes": one.unpacked},
        )
        for one in sorted(sent, key=lambda one: -one.on_the_line)
    ]
    return [total, *files]
