"""The health page: what an administrator sees of the record, and that it names nobody."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from projections import building, engine
from projections.read_models import MODELS
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario


def see(browser: Browser) -> tuple[BeautifulSoup, str]:
    answer = browser.sign_in("ADM0001").get("/health")
    assert answer.status_code == 200, answer.text
    page = BeautifulSoup(answer.text, "html5lib")
    return page, " ".join(page.main.get_text(" ").split())


def test_a_well_record_says_so_with_its_position(app: Flask, browser: Browser, scenario: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    page, text = see(browser)
    assert page.h1.get_text().split() == ["Health", "of", "the", "record", "Well"]
    assert f"Position of the record {scenario.record.head()} Events" in text
    assert "Follower behind by 0 events" in text
    assert "throughline check" in text


def test_it_names_no_person_on_probation(app: Flask, browser: Browser, scenario: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert "Example" not in see(browser)[1]


def test_what_has_not_been_folded_yet_is_told(app: Flask, browser: Browser, scenario: Scenario) -> None:
    scenario.case("X000002")
    page, text = see(browser)
    assert "Needs attention" in page.h1.get_text()
    of_the_case = scenario.version("X000002")
    assert f"Follower behind by {of_the_case} events" in text
    assert "no rows yet" in text


def test_rows_that_differ_from_the_record_are_named_by_stream(app: Flask, browser: Browser, record: Record, scenario: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    stream = scenario.case("X000002")
    app.extensions["throughline"].read_side.catch_up()
    with record.pool.connection() as conn:
        conn.execute("update caseload set rosh = 'low' where stream_id = %s", (stream,))
    page, text = see(browser)
    assert "Needs attention" in page.h1.get_text()
    assert str(stream) in text


@pytest.mark.parametrize("staff", ["SIAN", "MEERA", "HMI0002"])
def test_only_an_administrator_sees_it(app: Flask, browser: Browser, scenario: Scenario, staff: str) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in(staff).get("/health").status_code == 403


def test_ping_answers_anybody(browser: Browser) -> None:
    answer = browser.get("/ping")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_until_a_release_has_rows_its_pages_say_how_far_they_are(app: Flask, browser: Browser, record: Record, scenario: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in("SIAN")
    with record.pool.connection() as conn:
        conn.execute(f"drop schema {engine.live(MODELS)} cascade".encode())
    answer = browser.get("/my-day")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "The service is being prepared" in answer.text
    assert "only begun" in answer.text
    assert browser.get("/ping").status_code == 503
    app.extensions["throughline"].read_side.prepare()
    assert browser.get("/my-day").status_code == 200
    assert browser.get("/ping").status_code == 200


def test_a_rebuild_that_was_interrupted_is_told_with_how_far_it_came(
    app: Flask, browser: Browser, record: Record, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        pass

    def progress(done: int, of: int) -> None:
        if done:
            raise Died

    read_side = app.extensions["throughline"].read_side
    monkeypatch.setattr(building, "PART", 4)
    with pytest.raises(Died):
        read_side.rebuild(progress)
    underway = read_side.underway()
    assert underway is not None
    assert 0 < underway.done < underway.of
    _, text = see(browser)
    assert "A rebuild was interrupted" in text
    assert f"{underway.done} of {record.head()} events" in text
    read_side.rebuild()
    assert "rebuild" not in see(browser)[1].lower()


def test_rows_of_an_older_release_are_told_and_not_compared(
    app: Flask, browser: Browser, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.extensions["throughline"].read_side.catch_up()
    monkeypatch.setattr(engine, "CODE_VERSION", 999)
    page, text = see(browser)
    assert "Needs attention" in page.h1.get_text()
    assert "those of an older release or policy, and still shown" in text
    assert "Rows that differ 0 Of a sample of 0 streams" in text
