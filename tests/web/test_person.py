"""The page of the person: language and needs, officers, cover, requirements elsewhere, and who may see the case."""

from uuid import uuid4

import pytest
from flask import Flask

from domain import component, cover, person
from domain.allocation import AllocationReason, allocate
from domain.case import case_id
from domain.component import ComponentMoved
from domain.person import PersonDetailsRecorded
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text_of as text

PAGE, FORM, COMPONENTS = "/cases/X000001/person", "/cases/X000001/person/details", "/cases/X000001/components"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case()
    return told


@pytest.fixture
def sian(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("SIAN")


def last(record: Record):
    return record.history(case_id("X000001"), texts=True)[-1].event


def test_the_page_of_a_new_case_says_what_there_is_not_yet(sian: Browser) -> None:
    said = text(sian.get(PAGE))
    for words in ("Preferred language English", "Interpreter Not needed", "Nobody has covered this case.", "No limits."):
        assert words in said
    assert soup(sian.get(PAGE)).select_one("nav a[aria-current=page]").get_text() == "Person"
    assert "Allocate" not in said
    assert "Exclude somebody" not in said


def test_the_page_tells_everything_that_stands(scenario: Scenario, app: Flask) -> None:
    scenario.do("X000001", person.record_details, language="Welsh", interpreter="Polish", needs="Large print.", pronouns="they, them")
    scenario.do("X000001", allocate, practitioner="", team="CF1", provider="C10", reason=AllocationReason.STAFF)
    scenario.do("X000001", allocate, practitioner="OWEN", team="CF1", provider="C10", reason=AllocationReason.STAFF)
    until = local_day(scenario.now)
    reason, policy = cover.CoverReason.LEAVE, scenario.policy
    scenario.do("X000001", cover.start_cover, policy=policy, practitioner="SIAN", team="CF1", until=until, reason=reason)
    scenario.do("X000001", component.move_component, requirement=3, team="NP1", provider="C10")
    app.extensions["throughline"].read_side.catch_up()
    meera = Browser(app).sign_in("MEERA")

    said = text(meera.get(PAGE))
    for words in (
        "Preferred language Welsh",
        "Interpreter Polish",
        "Large print.",
        "they, them",
        "Nobody Gap",
        "Siân Rowlands for Owen Bradley",
        "Covers now",
        "Unpaid work : Newport since",
        "Arrange or end cover",
        "Exclude somebody",
    ):
        assert words in said
    assert "Prefers Welsh. Interpreter needed: Polish" in text(meera.get("/cases/X000001/history"))


def test_an_officer_records_language_and_needs_once(sian: Browser, record: Record) -> None:
    assert soup(sian.get(FORM)).select_one("input[name=language][checked]")["value"] == "English"
    sent = {
        "command_id": str(uuid4()),
        "language": "other",
        "other_language": "Somali",
        "interpreter": "Somali",
        "needs": "A quiet room.",
        "pronouns": "she, her",
    }
    first, second = sian.post(FORM, sent), sian.post(FORM, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    event = last(record)
    assert isinstance(event, PersonDetailsRecorded)
    assert (event.language, event.interpreter, event.needs, event.pronouns) == ("Somali", "Somali", "A quiet room.", "she, her")
    again = soup(sian.get(FORM))
    assert again.select_one("input[name=language][checked]")["value"] == "other"
    assert again.select_one("#other_language")["value"] == "Somali"
    assert again.select_one("#needs").get_text().strip() == "A quiet room."


def test_details_that_cannot_be_are_refused_beside_their_field(sian: Browser, record: Record) -> None:
    before = record.head()
    refused = [
        ({}, "language", "Select the language that the person prefers"),
        ({"language": "Klingon"}, "language", "Select the language that the person prefers"),
        ({"language": "other"}, "other_language", "Enter the language that the person prefers"),
        ({"language": "Welsh", "interpreter": "English"}, "interpreter", "An interpreter is for a language other than English."),
        ({"language": "Welsh", "pronouns": "x" * 61}, "pronouns", "Must be 60 characters or fewer"),
        ({"language": "Welsh", "needs": "x" * 12_001}, "needs", "Must be 12,000 characters or fewer"),
    ]
    for sent, field, message in refused:
        answer = sian.post(FORM, {"command_id": str(uuid4()), "needs": "A quiet room.", **sent})
        page = soup(answer)
        assert answer.status_code == 422
        assert message in page.select_one(f"#{field}-error").get_text()
        assert page.select_one("#needs").get_text().strip() == sent.get("needs", "A quiet room.")
    assert record.head() == before


def test_a_manager_moves_a_requirement_to_another_team(scenario: Scenario, sian: Browser, app: Flask, record: Record) -> None:
    meera = Browser(app).sign_in("MEERA")
    day = local_day(scenario.now)
    moved = {"moved_at": f"{day.day} {day.month} {day.year}"}
    assert [radio["value"] for radio in soup(meera.get(COMPONENTS)).select("input[name=requirement]")] == ["3"]
    before = record.head()
    for sent, field, message in (
        ({"team": "NP1"}, "requirement", "Select the requirement that moves"),
        ({"requirement": "3"}, "team", "Select the team that delivers it from now on"),
        ({"requirement": "3", "team": "CF1"}, "team", "That team delivers the requirement already."),
        ({"requirement": "3", "team": "NP1", "moved_at": "1 1 2190"}, "moved_at", "today or in the past"),
    ):
        answer = meera.post(COMPONENTS, {"command_id": str(uuid4()), **moved, **sent})
        assert answer.status_code == 422
        assert message in soup(answer).select_one(f"#{field}-error").get_text()
    assert record.head() == before

    assert meera.post(COMPONENTS, {"command_id": str(uuid4()), **moved, "requirement": "3", "team": "NP1"}).status_code == 303
    assert isinstance(last(record), ComponentMoved)


def test_who_may_see_the_case_sees_the_page_and_only_the_team_writes(sian: Browser, app: Flask) -> None:
    nia = Browser(app).sign_in("NIA")
    assert {nia.get(address).status_code for address in (PAGE, FORM, COMPONENTS)} == {403}
    assert sian.get(COMPONENTS).status_code == 403
    assert {sian.get(f"/cases/NONE/{part}").status_code for part in ("person", "person/details")} == {404}
