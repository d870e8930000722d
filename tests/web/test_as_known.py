"""A day of the past and another policy: the page says that they are being put together, then shows the page asked for."""

from datetime import timedelta

import msgspec
import pytest
from flask import Flask

from domain.working_days import local_day
from store.policy import current_policy
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from web import past

CONTINUITY = "/teams/CF1/measures/continuity"
PAGES = (
    "/teams/CF1",
    "/teams/CF1/cases",
    "/teams/CF1/slipping",
    "/teams/CF1/ahead",
    CONTINUITY,
    f"{CONTINUITY}/entries",
    f"{CONTINUITY}.csv",
    "/teams/CF1/measures",
)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any record is too large to be counted while somebody waits."""
    monkeypatch.setattr(past, "AT_ONCE", -1)


@pytest.fixture
def visited(scenario: Scenario) -> Scenario:
    scenario.visit(days_ago=1)
    scenario.visit(days_ago=2)
    return scenario


@pytest.fixture
def manager(visited: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def text(answer) -> str:
    return " ".join(soup(answer).get_text(" ", strip=True).split())


@pytest.mark.parametrize("address", PAGES)
def test_a_large_record_says_that_the_day_is_being_put_together_and_then_shows_it(
    manager: Browser, visited: Scenario, app: Flask, large: None, address: str
) -> None:
    day = local_day(visited.now) - timedelta(days=1)
    asked = f"{address}?as_known={day}"

    waiting = manager.get(asked)
    assert waiting.status_code == 202
    assert f"The record as known at the end of {day.day} {day:%B} {day.year} is being put together" in text(waiting)
    assert "waiting for its turn" in text(waiting)
    assert "http-equiv" in soup(waiting).select_one("noscript").decode()
    progress = soup(waiting).select_one("#progress")["hx-get"]
    assert manager.get(progress).status_code == 200

    assert app.extensions["throughline"].read_side.build_next()
    there = manager.get(progress, headers={"HX-Request": "true"})
    assert (there.status_code, there.headers["HX-Refresh"]) == (204, "true")
    assert manager.get(asked).status_code == 200


def test_the_progress_is_told_with_the_time_left(manager: Browser, app: Flask, large: None, record) -> None:
    asked = f"{CONTINUITY}?policy=2026-11-1"
    manager.get(asked)
    with record.pool.connection() as conn:
        conn.execute("update app.snapshot set begun_at = clock_timestamp() - interval '4 seconds', done = 40, of_all = 100")
    waiting = manager.get(asked)
    assert "The figures under policy version 2026-11-1 are being put together" in text(waiting)
    assert "40%, about" in text(waiting)
    assert "seconds left" in text(waiting)
    assert soup(waiting).progress["value"] == "40"


def test_one_that_failed_says_so_and_is_not_asked_for_over_and_over(manager: Browser, large: None, record) -> None:
    asked = f"{CONTINUITY}?policy=2026-11-1"
    manager.get(asked)
    with record.pool.connection() as conn:
        conn.execute("update app.snapshot set failed_at = clock_timestamp()")
    failed = manager.get(asked)
    assert "could not be put together" in text(failed)
    assert not soup(failed).select("[hx-get]#progress")
    assert "http-equiv" not in failed.text


def test_progress_of_something_that_nobody_asked_for_is_not_found(manager: Browser) -> None:
    assert manager.get("/being-put-together/live").status_code == 404


@pytest.mark.parametrize("address", PAGES[:1] + PAGES[2:])
def test_a_version_that_there_is_not_is_refused_with_a_message(manager: Browser, address: str) -> None:
    answer = manager.get(f"{address}?policy=1999-1")
    assert answer.status_code == (400 if address.endswith(".csv") else 422)
    assert "Select a version of the policy" in text(answer)


def test_a_page_says_under_which_version_it_counts_and_offers_the_others(manager: Browser) -> None:
    shown = manager.get(f"{CONTINUITY}?policy=2026-11-1")
    assert shown.status_code == 200
    assert "Counted under policy version 2026-11-1. That is not the version in force." in text(shown)
    assert "Policy version 2026-11-1, not the one in force." in text(shown)
    offered = [(o["value"], "selected" in o.attrs) for o in soup(shown).select("#policy option")]
    assert ("2026-11-1", True) in offered
    assert offered[0] == (current_policy().version, False)
    assert "not the one in force" not in text(manager.get(CONTINUITY))


def test_a_value_that_the_version_did_not_have_says_from_which_it_is_taken(manager: Browser) -> None:
    shown = manager.get("/teams/CF1/measures/recording?policy=2026-11-1")
    assert "Version 2026-11-1 does not say: taken from 2026-11-2" in text(shown)


def test_figure_entries_and_file_keep_to_the_version_asked_for(manager: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = current_policy()
    by_phone = msgspec.structs.replace(
        rule, version="2026-11-1", continuity=msgspec.structs.replace(rule.continuity, modes=frozenset({"telephone"}))
    )
    monkeypatch.setattr(past, "policy_of", {"2026-11-1": by_phone}.__getitem__)
    asked = "policy=2026-11-1"

    page = soup(manager.get(f"{CONTINUITY}?{asked}"))
    assert [box.find(string=True, recursive=False).strip() for box in page.select(".app-figure__value a")[1:]] == ["0", "0", "0", "2"]
    link = next(a["href"] for a in page.select(".app-figure a") if "left+out" in a["href"] or "left%20out" in a["href"])
    assert asked in link
    behind = soup(manager.get(link))
    assert [row.select_one(".moj-badge").get_text() for row in behind.select("section tbody tr")] == ["Left out", "Left out"]
    export = manager.get(next(a["href"] for a in page.select("a[download]"))).text.splitlines()
    assert all(",2026-11-1," in line for line in export[1:])


def test_a_day_and_a_version_are_asked_for_together(manager: Browser, visited: Scenario) -> None:
    day = local_day(visited.now) - timedelta(days=1)
    shown = manager.get(f"{CONTINUITY}?policy=2026-11-1&as_known={day}")
    assert shown.status_code == 200
    assert "Counted under policy version 2026-11-1." in text(shown)
    assert "Anything recorded later is left out." in text(shown)
    kept = soup(shown).select_one("form:has(#policy) input[name=as_known]")
    assert kept["value"] == day.isoformat()


def test_figures_of_the_present_under_another_version_are_not_counted_anew_at_each_look(
    manager: Browser, visited: Scenario, app: Flask, large: None
) -> None:
    asked = f"{CONTINUITY}?policy=2026-11-1"
    assert manager.get(asked).status_code == 202
    visited.visit(days_ago=3)
    app.extensions["throughline"].read_side.build_next()
    shown = manager.get(asked)
    assert shown.status_code == 200
    assert "= 2 contacts that count" in text(shown)
