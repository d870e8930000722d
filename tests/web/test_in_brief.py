"""A case in brief in My day: the last note, what is to be done, and what is put off, in place and without JavaScript."""

import pytest
from bs4 import BeautifulSoup

from domain.appointment import arrange_appointment, record_outcome
from domain.case import case_id
from domain.snooze import Item, ItemSnoozed, SnoozeEnded, snooze
from domain.upw_completion import CompletedBy, complete_upw
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario

CASE = "/cases/X000001"
IN_PLACE = {"HX-Request": "true"}


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html5lib")


def words(text: str) -> str:
    return " ".join(soup(text).get_text(" ").split())


@pytest.fixture
def scenario(record: Record, app) -> Scenario:
    """A case that nothing is arranged for, and nothing else is to be done in."""
    scenario = Scenario(record).staff()
    scenario.case(began_days_ago=20)
    scenario.do("X000001", complete_upw, requirement=3, how=CompletedBy.COURT)
    return scenario


@pytest.fixture
def sian(app, scenario: Scenario, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("SIAN")


def form(**changed: str) -> dict[str, str]:
    return {"item": "next appointment", "until": "7", "reason": "He will ring on Monday.", **changed}


def test_the_last_note_is_read_in_one_request_in_place_and_as_a_page(sian, scenario) -> None:
    scenario.visit(days_ago=3, note="Seen at the office.")
    scenario.visit(days_ago=9, note="Written later, happened earlier.")
    part = sian.get(f"{CASE}/in-brief", headers=IN_PLACE)
    assert not soup(part.text).select("header, h1")
    assert "Seen at the office." in part.text
    assert "happened earlier" not in part.text
    page = sian.get(f"{CASE}/in-brief")
    assert soup(page.text).h1.text == "Alex Example"
    assert "Seen at the office." in page.text


def test_a_sensitive_note_is_not_opened_by_the_way(sian, scenario) -> None:
    number = scenario.appointment(in_hours=-2)
    sian.post(f"{CASE}/appointments/{number}/outcome", {"outcome": "ATTC", "note": "Told me in confidence.", "sensitive": "yes"})
    text = sian.get(f"{CASE}/in-brief").text
    assert "Told me in confidence" not in text
    assert "The note is sensitive" in text


def test_everything_to_be_done_stands_there_with_its_link(app, sian, scenario) -> None:
    scenario.case("X000002", "Bo Busy")
    app.extensions["throughline"].read_side.catch_up()
    page = soup(sian.get("/cases/X000002/in-brief").text)
    listed = [" ".join(item.text.split()) for item in page.select("main .govuk-list--bullet li")]
    assert any(item.startswith("Unpaid work: first instruction was due") for item in listed)
    assert "No next appointment: Arrange an appointment" in listed


def test_what_can_wait_is_put_off_and_leaves_my_day_with_its_reason_in_sight(sian, record) -> None:
    assert "No next appointment" in words(sian.get("/my-day").text)
    answer = sian.post(f"{CASE}/snooze", form())
    assert (answer.status_code, answer.location) == (303, "/my-day")
    event = record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, ItemSnoozed)
    assert (event.item, event.rests_on, event.reason) == (Item.NEXT_APPOINTMENT, None, "He will ring on Monday.")
    day = soup(sian.get("/my-day").text)
    listed = " ".join(day.select_one("section[aria-labelledby=snoozed]").get_text(" ").split())
    assert "No next appointment. Back on" in listed
    assert "Siân Rowlands: He will ring on Monday." in listed
    assert not day.select_one("section[aria-labelledby=next] .app-person[id]")


def test_in_place_the_answer_says_what_was_put_off_and_offers_it_back(sian, record) -> None:
    part = soup(sian.post(f"{CASE}/snooze", form(), headers=IN_PLACE).text)
    back = part.select_one("form.app-put-off")
    assert "He will ring on Monday." in back.text
    again = sian.post(back["action"], headers=IN_PLACE)
    assert again.status_code == 200
    assert isinstance(record.history(case_id("X000001"))[-1].event, SnoozeEnded)
    assert "No next appointment" in words(sian.get("/my-day").text)
    assert sian.post(back["action"], headers=IN_PLACE).status_code == 422


def test_it_comes_back_by_itself_when_the_facts_change(app, sian, scenario) -> None:
    sian.post(f"{CASE}/snooze", form())
    scenario.do("X000001", arrange_appointment, starts_at=scenario.in_days(40), practitioner="SIAN", kind="COAP")
    app.extensions["throughline"].read_side.catch_up()
    assert not soup(sian.get("/my-day").text).select("#snoozed")


def test_it_comes_back_by_itself_on_its_day(app, sian, scenario, record, monkeypatch) -> None:
    sian.post(f"{CASE}/snooze", form(until="1"))
    assert soup(sian.get("/my-day").text).select("#snoozed")
    tomorrow = scenario.in_days(1)
    monkeypatch.setattr(record, "clock", lambda: tomorrow)
    browser = Browser(app).sign_in("SIAN")
    assert not soup(browser.get("/my-day").text).select("#snoozed")
    assert "No next appointment" in words(browser.get("/my-day").text)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"reason": " "}, "reason", "Enter why this can wait"),
        ({"until": "90"}, "until", "Select until when it can wait"),
        ({"item": "enforcement"}, "item", "Select what can wait"),
        ({"item": "plan"}, "item", "This is not due any more, so there is nothing to snooze"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(sian, record, changed, field, message) -> None:
    before = record.head()
    answer = sian.post(f"{CASE}/snooze", form(**changed))
    assert answer.status_code == 422
    assert message in answer.text
    assert soup(answer.text).select_one("[name=reason]")["value"] == changed.get("reason", "He will ring on Monday.")
    assert record.head() == before


def test_steps_of_enforcement_risk_and_unpaid_work_cannot_be_put_off(app, sian, scenario) -> None:
    scenario.case("X000002", "Bo Busy")
    failed = scenario.appointment("X000002", in_hours=-24 * 20)
    scenario.do("X000002", record_outcome, appointment=failed, outcome="AFTA")
    app.extensions["throughline"].read_side.catch_up()
    page = soup(sian.get("/cases/X000002/in-brief").text)
    assert "Reason for a failure awaited" in page.text
    assert "Unpaid work: first instruction" in page.text
    assert {field["value"] for field in page.select("[name=item]")} == {"next appointment", "not seen face to face"}


def test_a_manager_sees_what_is_put_off_and_why_and_can_bring_it_back(app, sian, scenario, browser) -> None:
    until = local_day(scenario.in_days(7))
    scenario.do("X000001", snooze, policy=scenario.policy, item=Item.NEXT_APPOINTMENT, until=until, reason="He will ring.")
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in("MEERA")
    assert "He will ring." in browser.get(f"{CASE}/history").text
    page = soup(browser.get(f"{CASE}/in-brief").text)
    assert "He will ring." in page.select_one("form.app-put-off").text
    assert not page.select("[name=reason]"), "whether something can wait is for the officer to say"
    assert browser.post(page.select_one("form.app-put-off")["action"]).location == f"{CASE}/in-brief"


@pytest.mark.parametrize("staff", ["TOM", "ADM0001"])
def test_nobody_outside_the_team_reads_or_puts_off(app, scenario, browser, staff) -> None:
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(staff)
    assert browser.get(f"{CASE}/in-brief").status_code == 403
    assert browser.post(f"{CASE}/snooze", form()).status_code == 403
    assert browser.post(f"{CASE}/snoozes/7/end").status_code == 403
    assert browser.get("/cases/NOBODY/in-brief").status_code == (403 if staff == "ADM0001" else 404)
