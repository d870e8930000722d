"""Recording a contact: what the form knows already, what is kept when something is wrong, and who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import sentence
from domain.appointment import AppointmentArranged
from domain.case import case_id
from domain.contact import KINDS, ContactRecorded, Mode, Purpose, record_contact
from domain.plan import set_pattern
from domain.working_days import LONDON, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from web.kinds import USUAL

NEW = "/cases/X000001/contacts/new"


@pytest.fixture
def sian(scenario: Scenario, browser: Browser) -> Browser:
    return browser.sign_in("SIAN")


def as_shown(page: BeautifulSoup) -> dict[str, str]:
    """What a person sends who presses the button at once."""
    sent = {field["name"]: field.get("value", "") for field in page.select("form.app-form input:not([type=checkbox], [type=radio])")}
    sent |= {field["name"]: field["value"] for field in page.select("input[checked]")}
    sent |= {option.find_parent("select")["name"]: option["value"] for option in page.select("form.app-form option[selected]")}
    sent.pop("csrf_token")
    return sent


def test_a_phone_call_from_the_link_needs_only_the_button(sian, record) -> None:
    page = soup(sian.get(f"{NEW}?kind=CTOB"))
    answer = sian.post(NEW, as_shown(page))
    assert (answer.status_code, answer.location) == (303, "/cases/X000001")
    event = record.history(case_id("X000001"))[-1].event
    assert isinstance(event, ContactRecorded)
    assert (event.kind, event.practitioner, event.by, event.team) == ("CTOB", "SIAN", "SIAN", "CF1")


@pytest.mark.parametrize(
    ("opened_in", "header"),
    [("http://localhost/cases/X000001", "HX-Location"), (f"http://localhost{NEW}", "HX-Redirect"), ("nowhere", "HX-Redirect")],
)
def test_the_page_that_the_form_was_opened_in_is_brought_up_to_date_and_any_other_is_loaded(sian, opened_in, header) -> None:
    sent = as_shown(soup(sian.get(f"{NEW}?kind=CTOB")))
    answer = sian.post(NEW, sent, headers={"HX-Request": "true", "HX-Current-URL": opened_in})
    assert answer.status_code == 204
    assert "/cases/X000001" in answer.headers[header]
    assert ("HX-Location" in answer.headers) != ("HX-Redirect" in answer.headers)


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
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.in_days(-1), how="completed")
    app.extensions["throughline"].read_side.catch_up()
    assert "Supervision in this case ended" in sian.get(NEW).text
    answer = sian.post(NEW, sent(scenario))
    assert answer.status_code == 422
    assert soup(answer).select_one(".govuk-error-summary a")["href"] == "#kind"


# ---- Kinds ------------------------------------------------------------------------------------------------------------


def test_the_kinds_somebody_uses_most_come_first_over_the_usual_ones(app, sian, scenario) -> None:
    assert [box["value"] for box in soup(sian.get(NEW)).select("input[name=kind]")] == [*USUAL, "other"]
    for kind in ("CT3B", "CT3B", "CLOB"):
        scenario.do("X000001", record_contact, occurred_at=scenario.in_days(-3), practitioner="SIAN", kind=kind)
    scenario.do("X000001", record_contact, occurred_at=scenario.in_days(-3), practitioner="OWEN", kind="OTHR")
    app.extensions["throughline"].read_side.catch_up()
    offered = [box["value"] for box in soup(sian.get(NEW)).select("input[name=kind]")]
    assert offered == ["CT3B", "CLOB", "CTOB", "CTOA", "COUP", "CHVS", "CMOB", "other"]


@pytest.mark.parametrize(
    ("typed", "code"), [("kiosk", "C334"), ("Information from ANOTHER agency", "CIEA"), ("pv", "CPVS"), ("video", "COVC"), ("CIEA", "CIEA")]
)
def test_a_rare_kind_is_found_by_a_word_of_it(sian, scenario, record, typed, code) -> None:
    assert sian.post(NEW, sent(scenario, kind="other", other_kind=typed)).status_code == 303
    assert record.history(case_id("X000001"))[-1].event.kind == code


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("agen visit", "No kind of contact is called “agen visit”. Type another word of it, or choose from the list"),
        ("letter from t", ""),
        ("session", "“session” could be Programme session or Unpaid work session. Type more of it"),
    ],
)
def test_words_that_mean_no_kind_or_several_are_said_back(sian, scenario, typed, message) -> None:
    page = soup(sian.post(NEW, sent(scenario, kind="other", other_kind=typed)))
    errors = [link.text for link in page.select('.govuk-error-summary a[href="#other_kind"]')]
    assert errors == ([message] if message else [])


# ---- The same contact entered twice -----------------------------------------------------------------------------------


def test_a_contact_that_may_be_there_already_is_shown_before_it_is_saved_and_saved_all_the_same(app, sian, scenario, record) -> None:
    form = sent(scenario, command_id=str(uuid4()), kind="CTOB", note="Second.")
    at = (scenario.now - timedelta(hours=3)).replace(second=0, microsecond=0)
    scenario.do(
        "X000001", record_contact, by="OWEN", occurred_at=at + timedelta(minutes=20), practitioner="OWEN", kind="CTOB", note="First."
    )
    other, before = scenario.version("X000001"), record.head()
    answer = sian.post(NEW, form)
    page = soup(answer)
    assert (answer.status_code, record.head()) == (422, before)
    assert page.select_one(".govuk-error-summary a")["href"] == "#alike"
    shown = page.select_one("#alike")
    assert "Owen Bradley" in shown.text
    assert "First." in shown.text
    assert shown.select_one("a")["href"] == f"/cases/X000001/entries/{other}"
    assert page.select_one("#note").text.strip() == "Second."
    button = shown.select_one("button")
    assert sian.post(NEW, {**form, button["name"]: button["value"]}).status_code == 303
    assert scenario.version("X000001") == other + 1
    # The same form again is the same command, and is not asked about.
    assert sian.post(NEW, form).status_code == 303
    assert scenario.version("X000001") == other + 1


def test_a_sensitive_note_is_not_shown_beside_the_new_one(sian, scenario) -> None:
    at = scenario.now - timedelta(hours=3)
    scenario.do("X000001", record_contact, occurred_at=at, practitioner="SIAN", kind="COUP", note="Between us.", sensitive=True)
    page = soup(sian.post(NEW, sent(scenario)))
    assert page.select_one("#alike")
    assert "Between us." not in page.text


def test_another_kind_or_another_hour_is_another_contact(sian, scenario) -> None:
    at = scenario.now - timedelta(hours=3)
    scenario.do("X000001", record_contact, occurred_at=at, practitioner="SIAN", kind="CTOB")
    scenario.do("X000001", record_contact, occurred_at=at - timedelta(minutes=62), practitioner="SIAN", kind="COUP")
    assert sian.post(NEW, sent(scenario)).status_code == 303


# ---- The next appointment ---------------------------------------------------------------------------------------------


def test_the_next_appointment_is_proposed_from_the_pattern_and_arranged_with_one_tick(app, sian, scenario, record) -> None:
    scenario.appointment(in_hours=-24 * 7)
    scenario.do("X000001", set_pattern, every_days=14, mode=Mode.HOME, from_on=local_day(scenario.now), why="Agreed.")
    page = soup(sian.get(f"{NEW}?kind=CTOB"))
    assert "The plan: home visit every 14 days" in page.main.text
    form = {**as_shown(page), "next": "yes"}
    assert form["next_kind"] == "CHVS"
    before = scenario.version("X000001")
    assert sian.post(NEW, form).status_code == 303
    logged, arranged = (recorded.event for recorded in record.history(case_id("X000001"))[before:])
    assert isinstance(logged, ContactRecorded)
    assert isinstance(arranged, AppointmentArranged)
    last = scenario.in_days(-7)
    assert abs((arranged.starts_at - scenario.now).days - 14) <= 5
    assert arranged.starts_at.astimezone(LONDON).strftime("%H:%M") == last.astimezone(LONDON).strftime("%H:%M")
    assert (arranged.kind, arranged.mode, arranged.practitioner, arranged.minutes) == ("CHVS", Mode.HOME, "SIAN", 30)
    assert sian.post(NEW, form).status_code == 303
    assert scenario.version("X000001") == before + 2
    assert "next_at" not in sian.get(NEW).text
    assert "Rearrange it" in soup(sian.get(NEW)).main.text


def test_without_the_tick_nothing_is_arranged_whatever_the_fields_say(sian, scenario) -> None:
    before = scenario.version("X000001")
    assert sian.post(NEW, sent(scenario, next_at="never", next_kind="zzz")).status_code == 303
    assert scenario.version("X000001") == before + 1


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"next_at": "1 1 2020"}, "next_at", "The appointment must be in the future. Record what has happened already as a contact."),
        ({"next_at": ""}, "next_at", "Enter the date of the next appointment"),
        ({"next_at-time": "late"}, "next_at-time", "The time of the next appointment must be a time, like 9:30am or 14:45"),
        ({"next_kind": "zzz"}, "next_kind", "Select the kind of appointment"),
        ({"next_minutes": "0"}, "next_minutes", "Minutes must be between 1 and 1,440"),
    ],
)
def test_both_are_saved_or_neither(sian, scenario, record, changed, field, message) -> None:
    before = record.head()
    likely = {"next": "yes", "next_at": "1 2 2190", "next_at-time": "10am", "next_kind": "COAP", "next_minutes": "30"}
    answer = sian.post(NEW, sent(scenario, **likely | changed))
    assert answer.status_code == 422
    assert {link["href"]: link.text for link in soup(answer).select(".govuk-error-summary a")} == {f"#{field}": message}
    assert soup(answer).select_one("input[name=next]").has_attr("checked")
    assert record.head() == before


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
