"""Recording a contact: what the form knows already, what is kept when something is wrong, and who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from domain import sentence
from domain.case import case_id
from domain.contact import KINDS, ContactRecorded, Purpose
from domain.working_days import LONDON
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario

NEW = "/cases/X000001/contacts/new"


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html5lib")


@pytest.fixture
def scenario(record: Record, app) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case()
    app.extensions["throughline"].read_side.catch_up()
    return scenario


@pytest.fixture
def sian(scenario: Scenario, browser: Browser) -> Browser:
    return browser.sign_in("SIAN")


def as_shown(page: BeautifulSoup) -> dict[str, str]:
    """What a person sends who presses the button at once."""
    sent = {field["name"]: field.get("value", "") for field in page.select("form.app-form input:not([type=checkbox], [type=radio])")}
    sent |= {field["name"]: field["value"] for field in page.select("input[checked]")}
    sent.pop("csrf_token")
    return sent


def test_a_phone_call_from_the_link_needs_only_the_button(sian, record) -> None:
    page = soup(sian.get(f"{NEW}?kind=CTOB"))
    answer = sian.post(NEW, as_shown(page))
    assert (answer.status_code, answer.location) == (303, "/cases/X000001")
    event = record.history(case_id("X000001"))[-1].event
    assert isinstance(event, ContactRecorded)
    assert (event.kind, event.practitioner, event.by, event.team) == ("CTOB", "SIAN", "SIAN", "CF1")


def test_every_kind_can_be_chosen_and_a_link_can_name_any_of_them(sian) -> None:
    page = soup(sian.get(NEW))
    one_click = [field["value"] for field in page.select("input[name=kind]")]
    in_words = [option["value"] for option in page.select("#every-kind option")]
    assert sorted([*(KINDS[code].label for code in one_click if code in KINDS), *in_words]) == sorted(kind.label for kind in KINDS.values())
    assert one_click[-1] == "other"
    assert not page.select("input[name=kind][checked]")
    rare = soup(sian.get(f"{NEW}?kind=CIEA"))
    assert rare.select_one("input[name=kind][checked]")["value"] == "other"
    assert rare.select_one("#other_kind")["value"] == "Information from another agency"


@pytest.mark.parametrize("query", ["kind=zzz", "kind=%00", "kind=other", "kind=CTOB&kind=x"])
def test_a_link_with_a_kind_that_is_not_known_is_no_fault(sian, query) -> None:
    assert sian.get(f"{NEW}?{query}").status_code == 200


def sent(scenario: Scenario, **changed: object) -> dict[str, object]:
    at = (scenario.now - timedelta(hours=3)).astimezone(LONDON)
    day = {"occurred_at": f"{at.day} {at.month} {at.year}", "occurred_at-time": f"{at:%H:%M}"}
    return {"kind": "COUP", **day, "note": "Keep <me>", **changed}


def test_everything_that_was_said_is_recorded(sian, scenario, record) -> None:
    full = {
        "minutes": "45",
        "purposes": [Purpose.RISK.value, Purpose.NEEDS.value],
        "objectives": "4",
        "requirements": "3",
        "risk_action": "yes",
        "sensitive": "yes",
    }
    assert sian.post(NEW, sent(scenario, **full)).status_code == 303
    event = record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, ContactRecorded)
    assert (event.minutes, event.sensitive, event.note) == (45, True, "Keep <me>")
    assert (event.work.purposes, event.work.objectives) == ((Purpose.RISK, Purpose.NEEDS), (4,))
    assert (event.work.requirements, event.work.risk_action) == ((3,), True)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"kind": ""}, "kind", "Select the kind of contact"),
        ({"kind": "zzz"}, "kind", "Select the kind of contact"),
        ({"kind": "other"}, "other_kind", "Select the kind of contact"),
        ({"occurred_at": ""}, "occurred_at", "Enter the date of the contact"),
        ({"occurred_at": "1 Smarch 2026"}, "occurred_at", "The date of the contact must be a real date, like 27 3 2026"),
        ({"occurred_at": "1 1 " + "9" * 30}, "occurred_at", "The date of the contact must include a year of 4 numbers, like 2026"),
        ({"occurred_at": "1 1 2190"}, "occurred_at", "The date and time must be in the past."),
        ({"occurred_at-time": ""}, "occurred_at-time", "Enter the time of the contact"),
        ({"occurred_at-time": "25:00"}, "occurred_at-time", "The time of the contact must be a time, like 9:30am or 14:45"),
        ({"minutes": "-5"}, "minutes", "Minutes must be a whole number, like 45"),
        ({"purposes": ["gossip", "x"]}, "purposes", "Select what it was for from the list"),
        ({"objectives": "99"}, "objectives", "Select objectives of this case's plan"),
        ({"requirements": "4"}, "requirements", "Select requirements that are still running"),
        ({"note": "x" * 12_001}, "note", "The note must be 12,000 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(sian, scenario, record, changed, field, message) -> None:
    before = record.head()
    form = sent(scenario, **changed)
    answer = sian.post(NEW, form)
    assert answer.status_code == 422
    page = soup(answer)
    assert {link["href"]: link.text for link in page.select(".govuk-error-summary a")} == {f"#{field}": message}
    assert page.select_one(f"#{field}")
    assert message in page.select_one("form.app-form").text
    assert page.select_one("#note").text.strip() == form["note"]
    assert page.title.text.startswith("Error: ")
    assert record.head() == before


@pytest.mark.parametrize("body", [{}, {"note": "\0\ud83d"}, {"kind": ["CTOB", "CTOA"], "occurred_at": ["1", "2"]}])
def test_an_odd_form_is_no_fault(sian, body) -> None:
    body = {name: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value for name, value in body.items()}
    assert sian.post(NEW, body).status_code == 422


def test_the_same_form_sent_twice_writes_once_and_another_under_its_id_is_refused(sian, scenario, record) -> None:
    form = sent(scenario, command_id=str(uuid4()))
    assert sian.post(NEW, form).status_code == 303
    before = record.head()
    assert sian.post(NEW, form).status_code == 303
    other = sian.post(NEW, {**form, "note": "Something else"})
    assert other.status_code == 422
    assert soup(other).select_one("#note").text.strip() == "Something else"
    assert record.head() == before


def test_a_case_whose_supervision_ended_takes_no_contact_and_the_page_says_so(app, sian, scenario) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.now - timedelta(days=1), how="completed")
    app.extensions["throughline"].read_side.catch_up()
    assert "Supervision in this case ended" in sian.get(NEW).text
    answer = sian.post(NEW, sent(scenario))
    assert answer.status_code == 422
    assert soup(answer).select_one(".govuk-error-summary a")["href"] == "#kind"


def test_help_with_the_note_is_there_without_scripts(sian) -> None:
    assert "anything new about risk" in soup(sian.get(NEW)).select_one("details").text


def test_an_unknown_case_is_not_found_and_another_teams_is_refused(sian, browser) -> None:
    assert sian.get("/cases/NOBODY/contacts/new").status_code == 404
    for staff in ("TOM", "HMI0002"):
        browser.sign_in(staff)
        assert browser.get(NEW).status_code == 403
        assert browser.post(NEW, {"kind": "CTOB"}).status_code == 403


def test_the_title_names_nobody_and_the_page_does(sian) -> None:
    page = soup(sian.get(NEW))
    assert page.title.text.strip() == "Log a contact - Throughline"
    assert "Alex Example" in page.main.text
