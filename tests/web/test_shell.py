"""The shell: what every answer carries, what is refused, and how words, parts of pages and files are sent."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort, flash
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.test import TestResponse

from web import assets, htmx, shell, words

ROOT = Path(__file__).resolve().parents[2]
NOTE = "\nfirst line\r\n   <b>second</b> & last"

PAGES = {
    "list.html": """
        {% extends "layout.html" %}
        {% from "macros.html" import badge, figure, pagination, sort_header %}
        {% set title = "Cases" %}
        {% block content %}<h1>Cases</h1>
        {% block rows %}<div id="rows">{{ badge(word) }}{{ sort_header("Due", "due", default="asc") }}</div>{% endblock %}
        {{ figure("Same officer", 0.5 | percent, 1, 2, "contacts", href="/why") }}{{ pagination(2, 9) }}{% endblock %}""",
    "form.html": """
        {% extends "layout.html" %}
        {% from "macros.html" import date_field, error_summary, radios, textarea, write_form %}
        {% set title = "Record a contact" %}
        {% block content %}{{ error_summary(form.errors if form) }}<h1>Record a contact</h1>
        {% call write_form("/contact", form) %}{{ date_field(form, "held_on", "When?") }}
        {{ radios(form, "outcome", "Outcome?", [("kept", "Kept"), ("missed", "Missed")],
                  conditional={"missed": textarea(form, "note", "Why?", most=4000)}) }}{% endcall %}{% endblock %}""",
}


def make_app() -> Flask:
    app = Flask("tiny", static_folder=None)
    app.config.update(SECRET_KEY="tests only", TESTING=False)
    app.jinja_loader = DictLoader(PAGES)
    shell.harden(app)
    add_pages(app)
    return app


def add_pages(app: Flask) -> None:
    values = {"held_on": "30", "outcome": "missed", "note": NOTE}
    errors = {"held_on": "The date must include a day and a month", "outcome": "Select the outcome"}

    @app.get("/cases")
    def cases() -> Any:
        flash("Saved ŵ")
        return htmx.page("list.html", "rows", word="Late")

    @app.get("/contact")
    def contact() -> Any:
        return htmx.page("form.html")

    @app.post("/contact")
    def save() -> Any:
        return htmx.page("form.html", status=422, form=SimpleNamespace(values=values, errors=errors))

    @app.post("/saved")
    def saved() -> Any:
        return htmx.see_other("cases")

    @app.get("/fault/<int:code>")
    def fault(code: int) -> Any:
        if code == 500:
            raise RuntimeError("a secret inside")
        abort(code, "Sian Rowlands saved it at 9am" if code == 409 else None)

    @app.get("/api/fault/<int:code>")
    def interface_fault(code: int) -> Any:
        abort(code)


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def soup(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html5lib")


def token(client: FlaskClient) -> str:
    return str(soup(client.get("/contact")).select_one("input[name=csrf_token]")["value"])


def test_every_page_is_hardened_and_its_scripts_carry_the_nonce_of_its_policy(client: FlaskClient) -> None:
    first, second = client.get("/contact"), client.get("/contact")
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    assert {script["nonce"] for script in soup(first).select("script")} == {nonce}
    assert nonce not in second.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert first.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "Accept-Encoding"} <= set(first.vary)
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in first.headers
    assert "Strict-Transport-Security" in client.get("/contact", base_url="https://localhost").headers


def test_no_page_has_inline_style_or_anything_that_belongs_to_gov_uk_alone(client: FlaskClient) -> None:
    text = client.get("/contact").text
    assert not soup(client.get("/contact")).select("[style], style")
    assert not re.search(r"GOV\.UK|Crown|crest|fonts/", text)


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "x"}, {"csrf_token": "YWJj"}, {"csrf_token": "ŵŷ" * 9}])
def test_a_form_without_a_good_token_is_refused_in_plain_words(client: FlaskClient, sent: Mapping[str, str]) -> None:
    client.get("/contact")
    refused = client.post("/contact", data=sent)
    assert refused.status_code == 400
    assert soup(refused).h1.text == "Nothing was saved"
    assert "CSRF" not in refused.text
    assert refused.headers["X-Problem"] == "token"


def test_a_token_looks_different_each_time_and_each_one_is_taken_from_form_or_header(client: FlaskClient) -> None:
    first, second = token(client), token(client)
    assert first[:60] != second[:60]
    assert client.post("/contact", data={"csrf_token": first}).status_code == 422
    assert client.post("/contact", headers={"X-CSRF-Token": second}).status_code == 422


def test_a_large_page_is_squeezed_for_those_who_can_read_it(client: FlaskClient) -> None:
    squeezed = client.get("/contact", headers={"Accept-Encoding": "gzip, br"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert b"Record a contact" in gzip.decompress(squeezed.data)
    assert int(squeezed.headers["Content-Length"]) == len(squeezed.data)
    assert "Content-Encoding" not in client.get("/contact").headers
    assert "Content-Encoding" not in client.get("/contact", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_a_page_that_another_site_asked_for_is_not_squeezed(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"}
    assert "Content-Encoding" not in client.get("/contact", headers=asked).headers


def test_the_first_page_is_under_100_kilobytes_and_its_files_are_kept_for_ever(client: FlaskClient) -> None:
    gzipped = {"Accept-Encoding": "gzip"}
    answer = client.get("/contact", headers=gzipped)
    page = BeautifulSoup(gzip.decompress(answer.data), "html5lib")
    addresses = [tag.get("src") or tag.get("href") for tag in page.select("script[src], link[href]")]
    imported = str(page.select_one("script[type=module]")["src"]).replace("app.js", "govuk-frontend.min.js")
    files = [client.get(str(address), headers=gzipped) for address in [*addresses, imported]]
    assert {file.status_code for file in files} == {200}
    assert all(file.headers["Cache-Control"] == "public, max-age=31536000, immutable" for file in files)
    assert len(answer.data) + sum(len(file.data) for file in files) < 100_000


def test_a_file_under_the_fingerprint_of_another_release_is_not_remembered(client: FlaskClient) -> None:
    old = client.get("/assets/00000000/app.css")
    assert old.headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/00000000/app.css", headers={"If-None-Match": old.headers["ETag"]}).status_code == 304
    assert client.get("/assets/00000000/VENDORED.toml").status_code == 404
    assert client.get("/assets/00000000/../shell.py").status_code == 404


@pytest.mark.parametrize("directory", [ROOT / "web" / "static", ROOT / "web" / "fonts", ROOT / "tests"], ids=["served", "fonts", "tests"])
def test_vendored_files_are_as_listed(directory: Path) -> None:
    listed = tomllib.loads((directory / "VENDORED.toml").read_text(encoding="utf-8"))["file"]
    assert listed
    for file in listed:
        assert hashlib.sha256((directory / file["name"]).read_bytes()).hexdigest() == file["served_sha256"], file["name"]


def test_style_sheets_ask_only_for_files_that_are_served() -> None:
    served = assets.load()
    for name, asset in served.items():
        text = asset.plain.decode()
        assert "GDS" not in text
        assert "sourceMappingURL" not in text
        if name.endswith(".css"):
            assert set(re.findall(r"url\(([^)]*)\)", text)) <= set(served)


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_a_problem_is_a_page_in_the_same_look(client: FlaskClient, code: int) -> None:
    answer = client.get(f"/fault/{code}")
    page = soup(answer)
    assert answer.status_code == code
    assert page.h1.text == shell.PROBLEMS[code].title
    assert page.select_one("main#main-content header, header .govuk-generic-header")
    assert "secret" not in answer.text
    assert ("Sian Rowlands saved it at 9am" in answer.text) == (code == 409)
    assert ("reference" in answer.text) == (code >= 500)


def test_a_missing_page_a_wrong_method_and_the_interface_have_their_problems_too(client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    wrong = client.get("/saved")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["Allow"]
    answer = client.get("/api/fault/404")
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json() == {"title": "Page not found", "status": 404, "detail": answer.get_json()["detail"]}


def test_htmx_is_given_the_problem_without_the_page_round_it(client: FlaskClient) -> None:
    part = client.get("/fault/409", headers={"HX-Request": "true"})
    assert part.status_code == 409
    assert "<html" not in part.text
    assert soup(part).select_one(".app-problem h1")


def test_the_words_for_a_problem_get_out_even_when_the_page_cannot_be_made() -> None:
    app = make_app()

    @app.context_processor
    def broken() -> dict[str, object]:
        raise OSError("no database")

    answer = app.test_client().get("/fault/503")
    assert answer.status_code == 503
    assert "Sorry, the service is not available" in answer.text


def test_htmx_gets_the_block_and_everybody_else_the_page(client: FlaskClient) -> None:
    part = client.get("/cases", headers={"HX-Request": "true"})
    assert part.text.startswith("<title>Cases - Throughline</title>")
    assert "<h1>" not in part.text
    assert "moj-badge" in part.text
    assert "Saved" in part.headers["HX-Trigger"]
    assert part.headers["HX-Trigger"].isascii()
    for flag in ({}, {"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
        asked = {"HX-Request": "true", **flag} if flag else {}
        whole = soup(client.get("/cases", headers=asked))
        assert whole.h1
        assert "Saved ŵ" in whole.select_one("#notices .govuk-notification-banner--success").text


def test_after_a_good_post_a_browser_is_redirected_and_htmx_is_told(client: FlaskClient) -> None:
    good = {"csrf_token": token(client)}
    plain = client.post("/saved", data=good)
    assert (plain.status_code, plain.location) == (303, "/cases")
    told = client.post("/saved", data=good, headers={"HX-Request": "true"})
    assert (told.status_code, told.headers["HX-Redirect"]) == (204, "/cases")


def test_a_form_with_mistakes_keeps_every_character_and_leads_to_the_faulty_box(client: FlaskClient) -> None:
    answer = client.post("/contact", data={"csrf_token": token(client)})
    page = soup(answer)
    assert page.title.text == "Error: Record a contact - Throughline"
    links = [str(link["href"]) for link in page.select(".govuk-error-summary a")]
    assert links == ["#held_on", "#outcome"]
    assert all(page.select_one(link).name == "input" for link in links)
    assert [box["id"] for box in page.select(".govuk-input--error")] == ["held_on"]
    # html5lib drops the line end after the tag, as browsers do.
    assert page.select_one("textarea").text == NOTE.replace("\r\n", "\n")


def test_what_a_date_was_taken_to_mean_stands_under_its_box_and_is_asked_for_when_the_box_is_left() -> None:
    app = make_app()
    form = SimpleNamespace(values={"held_on": "fri"}, errors={}, understood={"held_on": "Friday 20 November 2026"})
    with app.test_request_context():
        page = BeautifulSoup(app.jinja_env.get_template("form.html").render(form=form, cspNonce="x"), "html5lib")
    box = page.select_one("#held_on")
    assert (box["name"], box["value"], box["hx-get"]) == ("held_on", "fri", "/understood/day/held_on")
    said = page.select_one(box["hx-target"])
    assert (said.text, said["aria-live"]) == ("Friday 20 November 2026", "polite")


def test_headings_sort_and_pages_turn_by_address(client: FlaskClient) -> None:
    page = soup(client.get("/cases?team=north&page=2"))
    assert page.select_one("#rows a")["href"] == "/cases?team=north&sort=due&dir=desc"
    numbers = [link["href"] for link in page.select(".govuk-pagination__list a")]
    assert numbers == [f"/cases?team=north&page={n}" for n in (1, 2, 3, 9)]
    assert page.select_one(".govuk-pagination [aria-current]")["href"].endswith("page=2")


def test_the_navigation_shows_the_role_its_pages_and_where_the_person_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    monkeypatch.setattr(shell, "NAVIGATION", {"officer": (("My cases", "cases"), ("Not made yet", "nowhere.index"))})
    app.context_processor(lambda: {"signed_in": SimpleNamespace(name="Sian Rowlands", role="officer")})
    page = soup(app.test_client().get("/cases"))
    items = page.select(".govuk-service-navigation a")
    assert [item.text.strip() for item in items] == ["My cases", "Cymraeg"]
    assert items[0]["aria-current"] == "page"


def test_the_past_and_made_up_data_are_announced() -> None:
    app = make_app()
    known = {"deployment_is_synthetic": True, "as_known": date(2026, 11, 22)}
    app.context_processor(lambda: known)
    page = soup(app.test_client().get("/cases?as_known=2026-11-22&team=north"))
    banner = page.select_one(".app-as-known")
    assert banner
    assert "As known on 22 November 2026" in banner.text
    assert banner.a["href"] == "/cases?team=north"
    assert "Synthetic data" in page.header.text


def test_a_command_id_is_a_version_7_uuid_that_grows() -> None:
    first, second = shell.new_command_id(), shell.new_command_id()
    assert isinstance(first, UUID)
    assert first.version == 7
    assert first.int >> 80 <= second.int >> 80
    assert first != second


WINTER, SUMMER = datetime(2026, 11, 22, 15, 5, tzinfo=UTC), datetime(2026, 7, 1, 23, 30, tzinfo=UTC)


def test_days_and_times_are_british_and_on_a_london_clock() -> None:
    assert words.day(WINTER) == "22 November 2026"
    assert words.day(SUMMER) == "2 July 2026"
    assert words.day(date(2026, 3, 7)) == "7 March 2026"
    assert words.short_day(SUMMER) == "2 Jul 2026"
    assert words.moment(WINTER) == "22 November 2026 at 3:05pm"
    assert words.day(None) == words.short_day(None) == words.clock(None) == words.moment(None) == "not known"
    with pytest.raises(ValueError, match="zone"):
        words.day(datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "midnight"), (12, 0, "midday"), (9, 0, "9am"), (15, 5, "3:05pm"), (0, 30, "12:30am"), (12, 1, "12:01pm")],
)
def test_the_clock_speaks_plain_english(hour: int, minute: int, said: str) -> None:
    assert words.clock(datetime(2026, 11, 22, hour, minute, tzinfo=UTC)) == said


def test_numbers_are_grouped_counted_and_shared() -> None:
    assert words.number(4000) == "4,000"
    assert words.number(None) == "not known"
    assert [words.plural(n, "case") for n in (0, 1, 4000)] == ["0 cases", "1 case", "4,000 cases"]
    assert words.plural(2, "person", "people") == "2 people"
    assert [words.percent(s) for s in (0.625, 1, 0.0, None)] == ["62.5%", "100%", "0%", "not known"]
    assert words.percent(Fraction(1, 3)) == "33.3%"
    assert words.percent(Decimal("0.125"), 0) == "13%"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "about 1 second"),
        (6.4, "about 6 seconds"),
        (89, "about 89 seconds"),
        (90, "about 2 minutes"),
        (5399, "about 90 minutes"),
        (9000, "about 2 hours"),
        (None, "not known"),
    ],
)
def test_how_long_something_will_take_is_said_in_words(seconds: float | None, said: str) -> None:
    assert words.lasting(seconds) == said
