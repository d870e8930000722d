"""Opening a case: the team has it at once, nothing typed is lost, and a CRN has one case."""

from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain.case import CaseOpened, case_id
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario

NEW = "/teams/CF1/cases/new"
PERSON = {
    "crn": "x 123456",
    "name": "Beti Example",
    "born": "27 3 1990",
    "sex": "female",
    "language": "Welsh",
    "needs": "Large print",
}


@pytest.fixture
def manager(record: Record, app, browser: Browser) -> Browser:
    Scenario(record).staff().case()
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html5lib")


def test_a_case_is_opened_and_the_sentence_comes_next(manager: Browser, record: Record) -> None:
    answer = manager.post(NEW, PERSON)
    assert (answer.status_code, answer.location) == (303, "/cases/X123456/sentence/start")
    event = record.history(case_id("X123456"), texts=True)[0].event
    assert isinstance(event, CaseOpened)
    assert (event.name, event.born, event.sex, event.language, event.needs) == (
        "Beti Example",
        "1990-03-27",
        "female",
        "Welsh",
        "Large print",
    )
    assert manager.get(answer.location).status_code == 200


def test_the_new_case_stands_among_those_that_nobody_holds(manager: Browser) -> None:
    manager.post(NEW, PERSON)
    page = soup(manager.get("/teams/CF1/to-allocate").text)
    assert page.select_one("a[href='/cases/X123456/allocate']")
    assert page.select_one(f"a[href='{NEW}']")


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"crn": ""}, "crn", "Enter the case reference number (CRN)"),
        ({"crn": "12345"}, "crn", "The CRN must be a letter and six digits, like X123456"),
        ({"crn": "X000001"}, "crn", "There is already a case for X000001."),
        ({"name": " "}, "name", "Enter the person’s name"),
        ({"born": "31 2 1990"}, "born", "The date of birth must be a real date, like 27 3 2026"),
        ({"born": "1 1 2099"}, "born", "The date of birth must be in the past"),
        ({"sex": "x"}, "sex", "Select the person’s sex"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    manager: Browser, record: Record, changed: dict[str, str], field: str, message: str
) -> None:
    before = record.head()
    answer = manager.post(NEW, {**PERSON, **changed})
    page = soup(answer.text)
    assert answer.status_code == 422
    link = page.select_one(".govuk-error-summary a")
    assert link.text.strip() == message
    assert page.select_one(link["href"]) is not None
    assert link["href"].startswith(f"#{field.split('-')[0]}")
    assert page.select_one("#needs").text.strip() == "Large print"
    assert record.head() == before


def test_the_same_form_sent_twice_opens_one_case(manager: Browser, record: Record) -> None:
    form = {**PERSON, "command_id": str(uuid4())}
    assert manager.post(NEW, form).status_code == 303
    before = record.head()
    assert manager.post(NEW, form).status_code == 303
    assert record.head() == before


@pytest.mark.parametrize(("staff", "team"), [("SIAN", "CF1"), ("HMI0002", "CF1"), ("NIA", "CF1"), ("MEERA", "NP1")])
def test_only_the_teams_own_manager_opens_a_case_in_it(manager: Browser, staff: str, team: str) -> None:
    manager.sign_in(staff)
    assert manager.get(f"/teams/{team}/cases/new").status_code == 403
    assert manager.post(f"/teams/{team}/cases/new", PERSON).status_code == 403
