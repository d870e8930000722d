"""Nothing typed is lost: sign-in that ran out, somebody who was first, and the same form from two tabs."""

from collections.abc import Callable
from uuid import uuid4

import msgspec
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.appointment import record_outcome
from domain.case import case_id
from domain.contact import ContactRecorded
from domain.entry import correct_entry
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup

NEW = "/cases/X000001/contacts/new"
NOTE = "Line one\n\n  kept “as typed” <b>\nand the end"


def sent(form: BeautifulSoup) -> dict[str, object]:
    """What a browser sends of a form that is not touched; a text area begins after its first line end."""
    fields: dict[str, object] = {}
    for field in form.select("input[type=hidden], textarea"):
        value = field.text if field.name == "textarea" else field.get("value", "")
        fields[field["name"]] = [*fields.get(field["name"], []), value]
    fields.pop("csrf_token")
    return fields


@pytest.fixture
def typed() -> dict[str, object]:
    return {
        "command_id": str(uuid4()),
        "kind": "CTOB",
        "occurred_at": "yesterday",
        "occurred_at-time": "10:15",
        "purposes": ["review with the person", "filling in forms"],
        "note": NOTE,
    }


def nobody_does_anything_for(app: Flask, minutes: int) -> None:
    with app.extensions["throughline"].record.pool.connection() as conn:
        conn.execute("update app.session set seen_at = seen_at - make_interval(mins => %s)", (minutes,))


def sign_in_has_run_out(app: Flask) -> None:
    nobody_does_anything_for(app, 180)


def test_who_opens_pages_now_and_then_stays_signed_in(app: Flask, enter: Callable[..., Browser]) -> None:
    browser = enter()
    for _ in range(3):
        nobody_does_anything_for(app, 119)
        assert browser.get("/my-day").status_code == 200
    nobody_does_anything_for(app, 121)
    assert browser.get("/my-day").status_code == 303


def test_pages_one_after_another_write_nothing_down_about_who_was_here(app: Flask, enter: Callable[..., Browser]) -> None:
    def written() -> list[tuple[str, ...]]:
        with app.extensions["throughline"].record.pool.connection() as conn:
            return conn.execute("select id::text, xmin::text from app.session").fetchall()

    browser = enter()
    browser.get("/my-day")
    before = written()
    browser.get("/my-day")
    assert written() == before
    nobody_does_anything_for(app, 2)
    before = written()
    browser.get("/my-day")
    assert written() != before


def test_given_sign_in_ran_out_when_a_form_is_sent_then_signing_in_again_offers_it_and_it_is_saved_once(
    app: Flask, enter: Callable[..., Browser], scenario: Scenario, record: Record, typed: dict[str, object]
) -> None:
    browser, before = enter(), scenario.version("X000001")
    sign_in_has_run_out(app)
    asked = browser.post(NEW, typed)
    assert asked.status_code == 401
    assert "nothing was saved yet" in soup(asked).main.text
    form = next(form for form in soup(asked).select("form.app-people") if form.select_one("button[value=SIAN]"))
    again = browser.post("/sign-in", {**sent(form), "staff": "SIAN"})
    page = soup(again)
    assert "It has not been saved yet" in page.main.text
    assert NOTE in page.select_one(".app-note").text
    assert scenario.version("X000001") == before
    offered = page.select_one("form.app-form")
    assert offered["action"] == NEW
    for _ in range(2):
        assert browser.post(NEW, sent(offered)).status_code == 303
    (saved,) = [recorded.event for recorded in record.history(case_id("X000001"), texts=True)[before:]]
    assert isinstance(saved, ContactRecorded)
    assert saved.note == NOTE
    assert saved.work.purposes == ("review with the person", "filling in forms")


def test_somebody_else_who_signs_in_is_not_given_it(app: Flask, enter: Callable[..., Browser], typed: dict[str, object]) -> None:
    browser = enter()
    sign_in_has_run_out(app)
    form = soup(browser.post(NEW, typed)).select_one("form.app-people")
    answer = browser.post("/sign-in", {**sent(form), "staff": "OWEN"})
    assert (answer.status_code, answer.location) == (303, "/my-day")
    assert "kept" not in answer.text


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_a_form_is_only_ever_offered_to_this_service(enter: Callable[..., Browser], next_: str) -> None:
    answer = enter().post("/sign-in", {"staff": "SIAN", "next": next_, "kept:note": "x" * 30})
    assert (answer.status_code, answer.location) == (303, "/my-day")


def test_given_somebody_was_first_when_an_outcome_is_logged_then_both_versions_are_shown(
    enter: Callable[..., Browser], scenario: Scenario
) -> None:
    number = scenario.appointment(in_hours=-3)
    scenario.do("X000001", record_outcome, by="OWEN", appointment=number, outcome="AFTC", note="He was ill.")
    before, address = scenario.version("X000001"), f"/cases/X000001/appointments/{number}/outcome"
    browser = enter()
    mine = {"outcome": "ATTC", "note": NOTE, "command_id": str(uuid4())}
    for headers in ({}, {"HX-Request": "true"}):
        answer = browser.post(address, mine, headers=headers)
        page = soup(answer)
        assert (answer.status_code, scenario.version("X000001")) == (422, before)
        theirs = page.select_one("#theirs")
        assert "Owen Bradley saved this first" in theirs.text
        assert "He was ill." in theirs.text
        assert theirs.select("a")[-1]["href"] == f"/cases/X000001/entries/{before}/correct"
        assert page.select_one("textarea[name=note]").text == NOTE


def test_given_somebody_corrected_an_entry_first_when_i_do_then_their_words_stand_beside_mine(
    enter: Callable[..., Browser], scenario: Scenario, record: Record
) -> None:
    number = scenario.visit()
    browser = enter()
    address = f"/cases/X000001/entries/{number}/correct"
    opened = soup(browser.get(address))
    reads = record.history(case_id("X000001"), texts=True)[-1].event
    scenario.do("X000001", correct_entry, by="OWEN", entry=number, reads=msgspec.structs.replace(reads, note="His words."), reason="Names.")
    before = scenario.version("X000001")
    fields = {field["name"]: field.get("value", "") for field in opened.select("form.app-form input:not([type=checkbox], [type=radio])")}
    fields.pop("csrf_token")
    answer = browser.post(address, {**fields, "note": "My words.", "reason": "Mine."})
    page = soup(answer)
    assert (answer.status_code, scenario.version("X000001")) == (422, before)
    assert "Owen Bradley corrected this entry while you were writing" in page.select_one("#entry").text
    assert "His words." in page.select_one("#entry").text
    assert page.select_one("#note").text.strip() == "My words."


def test_given_two_tabs_of_one_form_when_the_second_says_something_else_then_it_is_kept_and_asked_about(
    enter: Callable[..., Browser], scenario: Scenario, typed: dict[str, object]
) -> None:
    browser, before = enter(), scenario.version("X000001")
    assert browser.post(NEW, typed).status_code == 303
    # A tab that was duplicated has the same id; one that was opened anew has its own.
    twin = browser.post(NEW, {**typed, "note": "Of the other tab."})
    anew = browser.post(NEW, {**typed, "note": "Of the other tab.", "command_id": str(uuid4())})
    for answer, words in ((twin, "was saved once already"), (anew, "may be in the record already")):
        assert answer.status_code == 422
        assert words in soup(answer).select_one(".govuk-error-summary").text
        assert soup(answer).select_one("#note").text.strip() == "Of the other tab."
    assert scenario.version("X000001") == before + 1
