"""The calendar feed: a secret address for one officer's appointments, stable and numbered as RFC 5545 asks, without names, and bounded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event

from domain.appointment import AskedBy, arrange_appointment, cancel_appointment, rearrange_appointment
from domain.case import case_id
from domain.limited_access import exclude
from domain.practitioner import Practitioner, leave_team, practitioner_id
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from web import feed

Enter = Callable[..., Browser]


def given(browser: Browser) -> str:
    """The path of a new address."""
    address = soup(browser.post("/calendar", {})).select_one("#address")["value"]
    assert address.startswith("http://localhost/calendar/")
    return address.removeprefix("http://localhost")


def events(app: Flask, path: str) -> list[Event]:
    app.extensions["throughline"].read_side.catch_up()
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return list(Calendar.from_ical(answer.data).events)


@pytest.fixture
def path(enter: Enter) -> str:
    return given(enter())


def test_an_appointment_says_its_crn_and_kind_in_utc_and_no_name(app: Flask, scenario: Scenario, path: str) -> None:
    number = scenario.appointment(in_hours=30)
    (event,) = events(app, path)
    arranged = scenario.record.history(case_id("X000001"))[-1]
    assert event["summary"] == "Planned office visit, X000001"
    assert event.decoded("dtstart") == arranged.event.starts_at.replace(microsecond=0)
    assert event["dtstart"].to_ical().endswith(b"Z")
    assert event.decoded("duration") == timedelta(minutes=30)
    assert event["uid"] == f"{case_id('X000001')}.{number}@throughline"
    assert (event["status"], event["sequence"], event["class"]) == ("CONFIRMED", number, "PRIVATE")
    assert b"Example" not in app.test_client().get(path).data


def test_one_that_is_moved_and_then_cancelled_keeps_its_uid_and_its_number_rises(app: Flask, scenario: Scenario, path: str) -> None:
    number = scenario.appointment(in_hours=30)
    (before,) = events(app, path)
    later = scenario.now.replace(microsecond=0) + timedelta(hours=50)
    scenario.do("X000001", rearrange_appointment, appointment=number, starts_at=later, asked_by=AskedBy.PERSON)
    (moved,) = events(app, path)
    scenario.do("X000001", cancel_appointment, appointment=number, asked_by=AskedBy.SERVICE, reason="The office is closed.")
    (off,) = events(app, path)
    assert before["uid"] == moved["uid"] == off["uid"]
    assert before["sequence"] < moved["sequence"] < off["sequence"]
    assert moved.decoded("dtstart") == off.decoded("dtstart") == later
    assert (moved["status"], off["status"]) == ("CONFIRMED", "CANCELLED")


def test_a_group_session_is_one_event_with_the_number_of_people(app: Flask, scenario: Scenario, path: str) -> None:
    scenario.case("X000002", "Billie Quick")
    starts = scenario.now.replace(microsecond=0) + timedelta(days=3)
    for crn in ("X000001", "X000002"):
        scenario.do(crn, arrange_appointment, starts_at=starts, practitioner="SIAN", kind="APAT", minutes=90, group="CF1 workshop")
    (event,) = events(app, path)
    assert event["summary"].endswith(", 2 people")
    assert "X00000" not in event["summary"]


def test_only_ones_own_appointments_stand_in_it_and_none_of_a_case_that_one_may_not_see(
    app: Flask, record: Record, scenario: Scenario, path: str
) -> None:
    scenario.appointment(in_hours=30)
    scenario.appointment(in_hours=31, practitioner="OWEN")
    scenario.case("X000002", "Billie Quick", practitioner="OWEN")
    scenario.appointment("X000002", in_hours=32)
    assert [event["summary"][-7:] for event in events(app, path)] == ["X000001", "X000002"]
    scenario.do("X000002", exclude, by="MEERA", practitioner="SIAN", reason="Knows the family.")
    assert [event["summary"][-7:] for event in events(app, path)] == ["X000001"]


def test_a_new_address_ends_the_old_one_and_stopping_ends_both(app: Flask, enter: Enter) -> None:
    browser = enter()
    assert "Make an address" in browser.get("/calendar").text
    first = given(browser)
    second = given(browser)
    assert first != second
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    said = browser.get("/calendar").text
    assert "You have had an address since" in said
    assert "A calendar asked for it last on" in said
    assert second.split("/")[-1].removesuffix(".ics") not in said
    assert browser.post("/calendar/stop", {}).headers["Location"] == "/calendar"
    assert app.test_client().get(second).status_code == 404


def test_only_a_digest_of_the_secret_is_kept(record: Record, path: str) -> None:
    with record.pool.connection() as conn:
        ((kept,),) = conn.execute("select secret from app.calendar").fetchall()
    secret = path.split("/")[-1].removesuffix(".ics")
    assert len(secret) == 43
    assert secret.encode() not in bytes(kept)
    assert len(kept) == 32


def test_who_leaves_the_service_takes_the_address_out_of_it(app: Flask, record: Record, scenario: Scenario, path: str) -> None:
    record.change(Practitioner, practitioner_id("SIAN"), leave_team, None, now=scenario.now, by="admin")
    app.extensions["throughline"].read_side.catch_up()
    assert app.test_client().get(path).status_code == 404


def test_an_address_answers_so_often_an_hour_and_then_says_when_again(app: Flask, record: Record, path: str) -> None:
    client = app.test_client()
    assert client.get(path).status_code == 200
    with record.pool.connection() as conn:
        conn.execute("update app.calendar set asked = %s", (feed.MOST_AN_HOUR,))
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    with record.pool.connection() as conn:
        conn.execute("update app.calendar set hour = hour - interval '1 hour'")
    assert client.get(path).status_code == 200


def test_a_calendar_that_has_the_file_already_is_told_so(app: Flask, scenario: Scenario, path: str) -> None:
    scenario.appointment(in_hours=30)
    app.extensions["throughline"].read_side.catch_up()
    client = app.test_client()
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get("/calendar/guessed.ics").status_code == 404


@pytest.mark.parametrize("staff", ["MEERA", "HMI0002", "ADM0001"])
def test_it_is_for_officers_only(enter: Enter, staff: str) -> None:
    browser = enter(staff)
    assert browser.get("/calendar").status_code == 403
    assert browser.post("/calendar", {}).status_code == 403


def test_a_file_holds_the_earliest_of_very_many(monkeypatch: pytest.MonkeyPatch, app: Flask, scenario: Scenario, path: str) -> None:
    monkeypatch.setattr(feed, "MOST", 2)
    numbers = [scenario.appointment(in_hours=hours) for hours in (90, 30, 60)]
    assert [event["uid"].partition(".")[2] for event in events(app, path)] == [f"{numbers[1]}@throughline", f"{numbers[2]}@throughline"]
    assert all(event.decoded("dtstamp") <= datetime.now(UTC) for event in events(app, path))
