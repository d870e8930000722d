"""Appointments: logging how they went in a list and on a page, arranging, moving and cancelling them, and every way to get it wrong."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import sentence
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.case import case_id
from domain.contact import Purpose
from domain.enforcement import EnforcementActionTaken
from domain.entry import EntryWithdrawn
from domain.event import Event
from domain.outcome import OUTCOMES
from domain.working_days import LONDON
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.test_compliance import fails, warns
from web.words import clock

CASE = "/cases/X000001"
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def sian(app, scenario: Scenario, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("SIAN")


@pytest.fixture
def past(scenario: Scenario) -> str:
    """The address of an appointment an hour ago."""
    return f"{CASE}/appointments/{scenario.appointment(in_hours=-1)}"


@pytest.fixture
def ahead(scenario: Scenario) -> str:
    return f"{CASE}/appointments/{scenario.appointment(in_hours=50)}"


def last(record: Record) -> Event:
    return record.history(case_id("X000001"), texts=True)[-1].event


def on(moment: datetime) -> dict[str, str]:
    """The fields of a date and time."""
    local = moment.astimezone(LONDON)
    return {
        "starts_at": f"{local.day} {local.month} {local.year}",
        "starts_at-time": f"{local:%H:%M}",
    }


def said(page: BeautifulSoup) -> dict[str, str]:
    """The messages of a page's error summary by the field that each leads to; every field must be there."""
    links = page.select(".govuk-error-summary a")
    assert all(page.select_one(link["href"]) for link in links), "a message leads to no field"
    return {link["href"][1:]: link.text for link in links}


# ---- How it went ------------------------------------------------------------------------------------------------------


def test_the_form_opens_in_the_row_and_says_how_often_the_person_failed_before(sian, scenario, past) -> None:
    earlier = scenario.appointment(in_hours=-300)
    sian.post(f"{CASE}/appointments/{earlier}/outcome", {"outcome": "UAAB"})
    part = soup(sian.get(f"{past}/outcome", headers=IN_PLACE))
    assert not part.select("header, h1")
    assert "1 failure to attend or comply in the last 12 months" in part.text
    assert "unacceptable absence" in part.text
    row = part.select_one(".app-row")
    assert row["id"] == part.form["hx-target"][1:]
    assert part.select_one("button[name=outcome]").text == "Attended – complied"
    assert part.select("button[disabled][hidden]"), "Enter in a field must not log an outcome"


def test_an_old_failure_is_not_held_against_anybody_and_none_is_said_to_be_none(sian, scenario, past) -> None:
    page = soup(sian.get(f"{past}/outcome"))
    assert "No failures to attend or comply in the last 12 months" in page.text


def test_attended_is_logged_in_place_with_what_was_planned(sian, record, past) -> None:
    part = soup(sian.get(f"{past}/outcome", headers=IN_PLACE))
    sent = {field["name"]: field["value"] for field in part.select("input[name][value]:not([type=checkbox])")}
    sent.pop("csrf_token")
    answer = sian.post(f"{past}/outcome", {**sent, "outcome": "ATTC", "purposes": [Purpose.RISK.value]}, headers=IN_PLACE)
    assert answer.status_code == 200
    row = soup(answer)
    assert "Attended – complied" in row.select_one(".app-row").text
    assert row.select_one("#to-log-count")["hx-swap-oob"] == "true"
    assert row.select_one("#to-log-count").text == "0"
    event = last(record)
    assert isinstance(event, OutcomeRecorded)
    assert (event.outcome, event.minutes, event.practitioner, event.work.purposes) == ("ATTC", 30, "SIAN", (Purpose.RISK,))
    assert row.select_one(f"a[href='{CASE}/entries/8/correct']")


def actions(row: BeautifulSoup) -> list[str]:
    return [button.text for button in row.select("button[name=action]")]


def test_after_a_failure_the_row_asks_what_follows_and_says_what_the_rules_lead_to(sian, scenario, record, past) -> None:
    earlier = scenario.appointment(in_hours=-300)
    sian.post(f"{CASE}/appointments/{earlier}/outcome", {"outcome": "UAAB"})
    row = soup(sian.post(f"{past}/outcome", {"outcome": "UAAB", "minutes": "30"}, headers=IN_PLACE))
    failed = record.history(case_id("X000001"))[-1].originator_version
    assert "no warning in the 12 months before it: send a warning, or start breach" in row.text
    assert "1 other failure to attend or comply in the last 12 months" in row.text
    assert actions(row) == ["First warning letter sent", "Enforcement letter requested", "No further action"]
    sent = {"action": "EA02", "failure": str(failed)}
    saved = soup(sian.post(f"{past}/follows", sent, headers=IN_PLACE))
    assert "First warning letter sent" in saved.text
    event = last(record)
    assert isinstance(event, EnforcementActionTaken)
    assert (event.action, event.failures) == ("EA02", (failed,))


def test_a_second_failure_in_the_list_leads_to_breach_and_another_step_needs_a_reason_which_is_kept(sian, scenario, record, past) -> None:
    first = fails(scenario, 21)
    warns(scenario, first, 20)
    row = soup(sian.post(f"{past}/outcome", {"outcome": "UAAB"}, headers=IN_PLACE))
    assert row.select_one(f"a.govuk-button[href='{CASE}/breach/new']")
    sent = {"action": "NFA", "failure": str(record.history(case_id("X000001"))[-1].originator_version)}
    refused = sian.post(f"{past}/follows", {**sent, "reason": " "}, headers=IN_PLACE)
    assert refused.status_code == 422
    assert "Enter why this step is taken." in refused.text
    assert sian.post(f"{past}/follows", {**sent, "reason": "He was in hospital."}, headers=IN_PLACE).status_code == 200
    assert last(record).reason == "He was in hospital."


def test_a_failure_whose_reason_is_not_yet_decided_offers_a_letter_and_the_wait(sian, past) -> None:
    row = soup(sian.post(f"{past}/outcome", {"outcome": "AFTA", "minutes": "30"}, headers=IN_PLACE))
    assert "Then decide whether it is accepted" in row.text
    assert actions(row) == ["Enforcement letter requested", "Decision pending response from the person"]


def test_without_scripts_the_next_page_asks_what_follows_a_failure(sian, record, past) -> None:
    answer = sian.post(f"{past}/outcome", {"outcome": "UAAB"})
    failed = record.history(case_id("X000001"))[-1].originator_version
    assert (answer.status_code, answer.location) == (303, f"{CASE}/enforcement/new?failure={failed}")


def test_what_was_logged_a_moment_ago_is_taken_back_where_it_stands_and_the_history_shows_it(sian, record, past) -> None:
    row = soup(sian.post(f"{past}/outcome", {"outcome": "ATTC"}, headers=IN_PLACE))
    form = row.select_one(f"form[action='{past}/undo']")
    again = soup(sian.post(f"{past}/undo", {"entry": form.select_one("[name=entry]")["value"]}, headers=IN_PLACE))
    assert again.select_one(f"a[hx-get='{past}/outcome']")
    assert again.select_one("#to-log-count").text == "1"
    assert isinstance(last(record), EntryWithdrawn)
    assert last(record).reason


def test_an_undo_of_what_is_no_longer_there_changes_nothing(sian, record, past) -> None:
    sian.post(f"{past}/outcome", {"outcome": "ATTC"})
    before = record.head()
    answer = sian.post(f"{past}/undo", {"entry": "3"}, headers=IN_PLACE)
    assert "Attended – complied" in answer.text
    assert record.head() == before


def test_minutes_are_not_kept_of_somebody_who_did_not_come(sian, record, past) -> None:
    sian.post(f"{past}/outcome", {"outcome": "UAAB", "minutes": "30"})
    assert last(record).minutes is None


def test_the_page_does_the_same_without_scripts_and_goes_back_to_the_day(sian, record, past) -> None:
    page = soup(sian.get(f"{past}/outcome"))
    assert page.title.text.startswith("Log the outcome of an appointment - ")
    assert {radio["value"] for radio in page.select("input[name=outcome]")} == set(OUTCOMES)
    assert "Settled accommodation" in page.text
    assert "Unpaid work, 80 hours" in page.text
    sent = {"outcome": "CO22", "minutes": "45", "objectives": "4", "requirements": "3", "risk_action": "yes", "sensitive": "yes"}
    answer = sian.post(f"{past}/outcome", {**sent, "note": " Rang twice.\r\nNo answer. ", "practitioner": "OWEN"})
    assert (answer.status_code, answer.location) == (303, "/my-day")
    event = last(record)
    assert isinstance(event, OutcomeRecorded)
    assert (event.practitioner, event.minutes, event.sensitive, event.note) == ("OWEN", 45, True, "Rang twice.\nNo answer.")
    assert (event.work.objectives, event.work.requirements, event.work.risk_action) == ((4,), (3,), True)


def test_a_manager_logs_an_outcome_and_stays_with_the_case(app, sian, past, browser) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in("MEERA").post(f"{past}/outcome", {"outcome": "ATTC"}).location == CASE
    assert browser.get(f"{past}/outcome", headers=IN_PLACE).status_code == 200


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({}, "outcome", "Select the outcome"),
        ({"outcome": "nonsense"}, "outcome", "Select the outcome"),
        ({"outcome": "ATTC", "minutes": "half an hour"}, "minutes", "Minutes must be a whole number, like 45"),
        ({"outcome": "ATTC", "minutes": "0"}, "minutes", "Minutes must be between 1 and 1,440"),
        ({"outcome": "ATTC", "minutes": "٤٥"}, "minutes", "Minutes must be a whole number, like 45"),
        ({"outcome": "ATTC", "purposes": "gossip"}, "purposes", "Select what it was for from the list"),
        ({"outcome": "ATTC", "objectives": "3"}, "objectives", "Select objectives of this case's plan"),
        ({"outcome": "ATTC", "objectives": "x"}, "objectives", "Select objectives of this case's plan"),
        ({"outcome": "ATTC", "requirements": ["4", "99"]}, "requirements", "Select requirements that are still running"),
        ({"outcome": "ATTC", "practitioner": "TOM"}, "practitioner", "Select who saw the person"),
        ({"outcome": "ATTC", "note": "x" * 12_001}, "note", "The note must be 12,000 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(sian, record, past, sent, field, message) -> None:
    before = record.head()
    for headers in ({}, IN_PLACE):
        answer = sian.post(f"{past}/outcome", {"note": "Keep <me>", **sent}, headers=headers)
        assert answer.status_code == 422
        page = soup(answer)
        assert message in page.text
        assert page.select_one("textarea").text.strip() == sent.get("note", "Keep <me>")
        if not headers:
            assert said(page) == {field: message}
            assert page.title.text.startswith("Error: ")
    assert record.head() == before


def test_the_same_form_sent_twice_writes_once(sian, record, past) -> None:
    sent = {"outcome": "ATTC", "minutes": "30", "command_id": str(uuid4())}
    assert sian.post(f"{past}/outcome", sent, headers=IN_PLACE).status_code == 200
    before = record.head()
    assert sian.post(f"{past}/outcome", sent, headers=IN_PLACE).status_code == 200
    assert sian.post(f"{past}/outcome", sent).status_code == 303
    assert record.head() == before


def test_a_second_outcome_from_another_tab_is_refused_and_its_note_kept(sian, record, past) -> None:
    sian.post(f"{past}/outcome", {"outcome": "ATTC"})
    before = record.head()
    answer = sian.post(f"{past}/outcome", {"outcome": "UAAB", "note": "Mine"})
    assert answer.status_code == 422
    assert "recorded for this appointment already" in answer.text
    assert soup(answer).textarea.text.strip() == "Mine"
    assert record.head() == before
    assert "has been logged" in sian.get(f"{past}/outcome").text


def test_an_appointment_still_to_come_has_no_outcome_yet(sian, ahead) -> None:
    page = soup(sian.get(f"{ahead}/outcome"))
    assert "still to come" in page.text
    assert page.select_one(f"a[href='{ahead}/rearrange']")
    refused = sian.post(f"{ahead}/outcome", {"outcome": "ATTC"})
    assert refused.status_code == 422
    assert "in the past" in refused.text


def test_an_old_appointment_is_answered_in_place_though_the_diary_no_longer_keeps_it(sian, scenario) -> None:
    number = scenario.appointment(in_hours=-24 * 50)
    answer = sian.post(f"{CASE}/appointments/{number}/outcome", {"outcome": "ATTC"}, headers=IN_PLACE)
    assert answer.status_code == 200
    assert soup(answer).select_one(".app-row")["id"] == f"appointment-X000001-{number}"


def test_nothing_more_can_be_logged_once_supervision_has_ended_and_the_page_says_so(app, sian, scenario, past) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.in_days(-1), how="completed")
    app.extensions["throughline"].read_side.catch_up()
    assert "Supervision in this case ended" in sian.get(f"{past}/outcome").text
    answer = sian.post(f"{past}/outcome", {"outcome": "ATTC", "note": "Kept"})
    assert answer.status_code == 422
    assert list(said(soup(answer))) == ["outcome"]


@pytest.mark.parametrize("what", ["outcome", "rearrange", "cancel"])
@pytest.mark.parametrize("number", ["1", "999", "99999999999999999999"])
def test_an_appointment_that_is_not_there_is_not_found(sian, what, number) -> None:
    assert sian.get(f"{CASE}/appointments/{number}/{what}").status_code == 404
    assert sian.post(f"{CASE}/appointments/{number}/{what}", {"outcome": "ATTC"}).status_code == 404
    assert sian.get(f"/cases/NOBODY/appointments/{number}/{what}").status_code == 404


@pytest.mark.parametrize("staff", ["TOM", "HMI0002"])
@pytest.mark.parametrize("what", ["outcome", "rearrange", "cancel"])
def test_who_may_not_write_in_the_case_is_refused(app, sian, browser, past, what, staff) -> None:
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(staff)
    for address in (f"{past}/{what}", f"{CASE}/appointments/new"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"outcome": "ATTC"}).status_code == 403


# ---- Arranging --------------------------------------------------------------------------------------------------------


def details(moment: datetime) -> dict[str, str]:
    return {**on(moment), "kind": "COAP", "minutes": "45", "place": "Cardiff office", "practitioner": "SIAN"}


def test_an_appointment_is_arranged(sian, scenario, record) -> None:
    when = scenario.in_days(9).replace(second=0, microsecond=0)
    answer = sian.post(f"{CASE}/appointments/new", {**details(when), "requirements": "3"})
    assert (answer.status_code, answer.location) == (303, CASE)
    event = last(record)
    assert isinstance(event, AppointmentArranged)
    assert (event.starts_at, event.kind, event.minutes, event.place) == (when, "COAP", 45, "Cardiff office")
    assert (event.practitioner, event.requirements) == ("SIAN", (3,))


def test_a_kind_that_is_rare_comes_from_the_list(sian, scenario, record) -> None:
    sent = details(scenario.in_days(9)) | {"kind": "other", "other_kind": "prison"}
    assert sian.post(f"{CASE}/appointments/new", sent).status_code == 303
    assert last(record).kind == "CPVS"
    assert soup(sian.get(f"{CASE}/appointments/new")).select_one("#other_kind")["value"] == "Prison visit"


def test_the_form_is_filled_in_like_the_last_appointment(sian, scenario, ahead) -> None:
    page = soup(sian.get(f"{CASE}/appointments/new"))
    assert "There is one already" in page.text
    assert page.select_one("input[name=kind][checked]")["value"] == "COAP"
    assert page.select_one("#minutes")["value"] == "30"
    assert page.select_one("#practitioner option[selected]")["value"] == "SIAN"
    assert not page.select_one("#starts_at").get("value")


def test_a_quick_choice_is_a_link_that_fills_in_the_weekday_and_hour_of_the_last_appointment(
    app, sian, scenario, record, monkeypatch
) -> None:
    number = scenario.appointment(in_hours=2)
    starts = scenario.now + timedelta(hours=2)
    friday = datetime(2027, 3, 5, 12, tzinfo=UTC)
    monkeypatch.setattr(record, "clock", lambda: friday)
    page = soup(sian.get(f"{CASE}/appointments/new"))
    links = [link["href"] for link in page.select("a[hx-target='#starts_at-fields']")]
    assert links == [f"{CASE}/appointments/new?weeks={weeks}" for weeks in (1, 2, 4)]
    filled = soup(sian.get(links[1]))
    day = datetime.strptime(filled.select_one("#starts_at")["value"], "%d %B %Y").replace(tzinfo=UTC)
    assert 14 - 4 <= (day.date() - friday.date()).days <= 14 + 5
    assert day.weekday() == starts.astimezone(LONDON).weekday() or starts.astimezone(LONDON).weekday() >= 5
    assert filled.select_one("#starts_at-time")["value"] == clock(starts)
    assert number


@pytest.mark.parametrize("query", ["weeks=3", "weeks=-1", "weeks=x", "weeks=1e9", "kind=zzz", "kind=%00"])
def test_a_quick_choice_that_is_not_offered_fills_in_nothing(sian, query) -> None:
    answer = sian.get(f"{CASE}/appointments/new?{query}")
    assert answer.status_code == 200
    assert not soup(answer).select_one("#starts_at").get("value")


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"starts_at": ""}, "starts_at", "Enter the date of the appointment"),
        ({"starts_at": "30 2 2026"}, "starts_at", "The date of the appointment must be a real date, like 27 3 2026"),
        ({"starts_at-time": "soon"}, "starts_at-time", "The time of the appointment must be a time, like 9:30am or 14:45"),
        ({"starts_at": "1 1 2020"}, "starts_at", "The appointment must be in the future."),
        ({"kind": ""}, "kind", "Select the kind of appointment"),
        ({"kind": "other"}, "other_kind", "Select the kind of appointment"),
        ({"minutes": "1441"}, "minutes", "Minutes must be between 1 and 1,440"),
        ({"practitioner": ""}, "practitioner", "Select who the appointment is with"),
        ({"practitioner": "ALED"}, "practitioner", "Select who the appointment is with"),
        ({"place": "x" * 201}, "place", "Must be 200 characters or fewer"),
        ({"requirements": "4"}, "requirements", "Select requirements that are still running"),
    ],
)
def test_an_appointment_that_cannot_be_arranged_says_why_and_keeps_what_was_typed(sian, scenario, record, changed, field, message) -> None:
    sent = details(scenario.in_days(9)) | {"place": "Newport"} | changed
    before = record.head()
    answer = sian.post(f"{CASE}/appointments/new", sent)
    assert answer.status_code == 422
    page = soup(answer)
    messages = said(page)
    assert list(messages) == [field]
    assert messages[field].startswith(message)
    assert page.select_one("#place")["value"] == sent["place"]
    assert record.head() == before


def test_arranging_twice_with_one_form_writes_once(sian, scenario, record) -> None:
    sent = details(scenario.in_days(9)) | {"command_id": str(uuid4())}
    sian.post(f"{CASE}/appointments/new", sent)
    before = record.head()
    assert sian.post(f"{CASE}/appointments/new", sent).status_code == 303
    assert record.head() == before


# ---- Moving and cancelling --------------------------------------------------------------------------------------------


def test_an_appointment_is_moved(sian, scenario, record, ahead) -> None:
    assert soup(sian.get(f"{ahead}/rearrange")).select_one("#starts_at")["value"]
    when = scenario.in_days(3).replace(second=0, microsecond=0)
    answer = sian.post(f"{ahead}/rearrange", {**on(when), "asked_by": "the person", "reason": "At work"})
    assert (answer.status_code, answer.location) == (303, CASE)
    event = last(record)
    assert isinstance(event, AppointmentRearranged)
    assert (event.starts_at, event.reason) == (when, "At work")


def test_an_appointment_is_moved_only_into_the_future_and_by_somebody(sian, scenario, record, ahead) -> None:
    page = soup(sian.post(f"{ahead}/rearrange", {"reason": "Why"}))
    assert list(said(page)) == ["starts_at", "starts_at-time", "asked_by"]
    past = scenario.in_days(-1)
    answer = sian.post(f"{ahead}/rearrange", {**on(past), "asked_by": "the person", "reason": "Why"})
    assert answer.status_code == 422
    assert said(soup(answer)) == {"starts_at": "The new time must be in the future."}
    assert soup(answer).textarea.text.strip() == "Why"


def test_an_appointment_is_cancelled_with_a_reason(sian, record, ahead) -> None:
    refused = sian.post(f"{ahead}/cancel", {})
    assert refused.status_code == 422
    assert list(said(soup(refused))) == ["asked_by", "reason"]
    answer = sian.post(f"{ahead}/cancel", {"asked_by": "the service", "reason": "Office closed"})
    assert (answer.status_code, answer.location) == (303, CASE)
    assert isinstance(last(record), AppointmentCancelled)
    for what in ("outcome", "rearrange", "cancel"):
        assert "was cancelled" in sian.get(f"{ahead}/{what}").text


def test_an_appointment_whose_time_has_passed_is_not_cancelled(sian, record, past) -> None:
    page = soup(sian.get(f"{past}/cancel"))
    assert "can no longer be moved or cancelled" in page.text
    answer = sian.post(f"{past}/cancel", {"asked_by": "the service", "reason": "Late"})
    assert answer.status_code == 422
    assert "time has passed" in answer.text
    assert soup(answer).textarea.text.strip() == "Late"


def test_an_appointment_whose_time_has_passed_is_not_moved_away_from_its_outcome(sian, record, past) -> None:
    assert "can no longer be moved or cancelled" in sian.get(f"{past}/rearrange").text
    when = datetime.now(UTC) + timedelta(days=3)
    answer = sian.post(f"{past}/rearrange", {**on(when), "asked_by": "the person", "reason": "Late"})
    assert answer.status_code == 422
    assert "time has passed" in answer.text


def test_a_three_way_meeting_names_the_other_practitioner_and_its_outcome_where_they_could_talk(sian, record) -> None:
    when = datetime.now(UTC) + timedelta(days=3)
    form = {**on(when), "kind": "C084", "minutes": "30", "practitioner": "SIAN", "second_practitioner": "TOM"}
    assert sian.post(f"{CASE}/appointments/new", form).status_code == 303
    assert last(record).second_practitioner == "TOM"
    assert sian.post(f"{CASE}/appointments/new", {**form, "second_practitioner": "SIAN"}).status_code == 422
    assert sian.post(f"{CASE}/appointments/new", {**form, "kind": "COAP"}).status_code == 303
    assert last(record).second_practitioner == ""


def test_an_outcome_says_where_people_could_talk(sian, record, past) -> None:
    assert soup(sian.get(f"{past}/outcome")).select_one("select[name=privacy] option")["value"] == ""
    assert sian.post(f"{past}/outcome", {"outcome": "ATTC", "privacy": "a pub"}).status_code == 422
    assert sian.post(f"{past}/outcome", {"outcome": "ATTC", "privacy": "open booth"}).status_code == 303
    assert last(record).privacy == "open booth"


def test_no_title_names_the_person(sian, past, ahead) -> None:
    for address in (f"{past}/outcome", f"{ahead}/rearrange", f"{ahead}/cancel", f"{ahead}/outcome", f"{CASE}/appointments/new"):
        page = soup(sian.get(address))
        assert "Alex" not in page.title.text
        assert "Alex Example" in page.main.text
