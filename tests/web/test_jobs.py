"""The page of jobs: what ran, what runs next, what went wrong, and whether anybody keeps the timetable."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from scheduler import clock
from store import job_runs
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario


def words(browser: Browser) -> str:
    answer = browser.sign_in("ADM0001").get("/jobs")
    assert answer.status_code == 200, answer.text
    return " ".join(BeautifulSoup(answer.text, "html5lib").main.get_text(" ").split())


def test_before_anybody_keeps_the_timetable_the_page_says_what_to_do(browser: Browser) -> None:
    said = words(browser)
    assert "Nobody keeps the timetable" in said
    assert "throughline work" in said
    assert "No job has been looked at yet" in said


def test_every_job_stands_there_with_what_it_did_and_when_it_runs_next(app: Flask, browser: Browser, scenario: Scenario) -> None:
    read_side = app.extensions["throughline"].read_side
    for timed in clock.TIMETABLE:
        clock.look_at(read_side, timed, scenario.now)
    said = words(browser)
    assert "Timetable kept" in said
    assert "Verify ledger Read the whole log beside its ledger and its checkpoints." in said
    assert "Done The ledger is whole" in said
    assert "Every day at 02:05" in said
    assert said.count("Done") == len(clock.TIMETABLE)
    assert "What went wrong in the last 14 days Nothing." in said


def test_a_failure_is_told_in_words_with_its_try(record: Record, browser: Browser, scenario: Scenario) -> None:
    now = scenario.now
    with record.pool.connection() as conn:
        job_runs.keep(conn, "compare-rows", "Compare.", "Every day at 02:30", now + timedelta(hours=9), now - timedelta(minutes=6))
        assert job_runs.begin(conn, "compare-rows", now, now)
        job_runs.failed(conn, "compare-rows", now, "PoolTimeout: no connection")
    said = words(browser)
    assert "Nobody keeps the timetable" in said
    assert "Failed, tried again PoolTimeout: no connection" in said
    assert "Failed, tried again Try 1 of 6 PoolTimeout: no connection" in said


@pytest.mark.parametrize("staff", ["SIAN", "MEERA", "HMI0002"])
def test_only_an_administrator_sees_it(app: Flask, browser: Browser, scenario: Scenario, staff: str) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in(staff).get("/jobs").status_code == 403
