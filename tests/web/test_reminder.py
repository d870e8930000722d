"""Reminders: prepared once for an appointment and a time, withdrawn when it changes, sent only by somebody who says so."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader

from domain.appointment import AskedBy, cancel_appointment, rearrange_appointment
from domain.case import case_id
from domain.limited_access import exclude
from domain.person import record_details
from domain.sentence import end_sentence
from scheduler.jobs import prepare_reminders
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from web import outbox

Enter = Callable[..., Browser]
MINE, TEAM = "/teams/CF1/reminders?whose=mine", "/teams/CF1/reminders"
ALEX, BILLIE = "X000001", "X000002"


def words(page: BeautifulSoup) -> str:
    return " ".join(page.main.get_text(" ").split())


@pytest.fixture
def prepared(app: Flask, scenario: Scenario) -> Callable[[], str]:
    """The job, once the rows are true; returns what it says."""

    def run() -> str:
        read_side = app.extensions["throughline"].read_side
        read_side.catch_up()
        return prepare_reminders(read_side, scenario.now)

    return run


def keys(browser: Browser, address: str = TEAM) -> list[str]:
    return [box["value"] for box in soup(browser.get(address)).select("input[name=who]")]


def states(record: Record) -> list[tuple[int, str, str, str]]:
    with record.pool.connection() as conn:
        return conn.execute("select appointment, state, sent_by, settled_by from app.reminder order by appointment, starts_at").fetchall()


# Preparing -----------------------------------------------------------------------------------------------------------------


def test_each_appointment_of_the_next_five_days_gets_one_reminder_however_often_the_job_runs(
    record: Record, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    near, last, far = (scenario.appointment(in_hours=hours) for hours in (2, 5 * 24 - 1, 5 * 24 + 1))
    assert prepared() == "2 reminders prepared, 0 withdrawn, 0 forgotten"
    assert prepared() == "0 reminders prepared, 0 withdrawn, 0 forgotten"
    assert states(record) == [(near, "draft", "", ""), (last, "draft", "", "")]
    assert far > last


@pytest.mark.parametrize(("kind", "prepares"), [("CUPA", 0), ("COPT", 1)])
def test_a_phone_call_is_reminded_of_and_a_day_of_work_has_its_own_letter(
    record: Record, scenario: Scenario, prepared: Callable[[], str], kind: str, prepares: int
) -> None:
    scenario.appointment(in_hours=30, kind=kind)
    assert prepared().startswith(f"{prepares} reminders prepared")


def test_an_appointment_that_moves_withdraws_its_draft_and_gets_another_for_its_new_time(
    record: Record, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    number = scenario.appointment(in_hours=30)
    prepared()
    first = scenario.record.history(case_id(ALEX))[-1].event.starts_at
    scenario.do(ALEX, rearrange_appointment, appointment=number, starts_at=first + timedelta(hours=4), asked_by=AskedBy.PERSON)
    assert prepared() == "1 reminders prepared, 1 withdrawn, 0 forgotten"
    assert states(record) == [(number, "withdrawn", "", ""), (number, "draft", "", "")]
    scenario.do(ALEX, rearrange_appointment, appointment=number, starts_at=first, asked_by=AskedBy.PERSON)
    prepared()
    assert states(record) == [(number, "draft", "", ""), (number, "withdrawn", "", "")]


def test_a_cancelled_appointment_is_off_the_page_at_once_and_withdrawn_by_the_next_run(
    app: Flask, record: Record, enter: Enter, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    number = scenario.appointment(in_hours=30)
    prepared()
    assert len(keys(enter())) == 1
    scenario.do(ALEX, cancel_appointment, appointment=number, asked_by=AskedBy.SERVICE, reason="The office is closed.")
    assert keys(enter()) == []
    assert prepared() == "0 reminders prepared, 1 withdrawn, 0 forgotten"


def test_nobody_whose_supervision_has_ended_is_reminded(scenario: Scenario, prepared: Callable[[], str]) -> None:
    scenario.appointment(in_hours=30)
    prepared()
    scenario.do(ALEX, end_sentence, sentence=2, how="completed")
    assert prepared() == "0 reminders prepared, 1 withdrawn, 0 forgotten"


def test_what_was_long_ago_is_forgotten(app: Flask, record: Record, scenario: Scenario, prepared: Callable[[], str]) -> None:
    scenario.appointment(in_hours=30)
    prepared()
    later = scenario.in_days(92)
    assert prepare_reminders(app.extensions["throughline"].read_side, later) == "0 reminders prepared, 1 withdrawn, 1 forgotten"
    assert states(record) == []


# Looking and sending -------------------------------------------------------------------------------------------------------


def test_a_draft_stands_with_its_text_and_its_letter_in_the_language_of_the_person(
    enter: Enter, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    scenario.do(ALEX, record_details, language="Welsh")
    number = scenario.appointment(in_hours=30)
    prepared()
    browser = enter()
    page = soup(browser.get(MINE))
    text = page.select_one('td[lang="cy"]').get_text()
    assert text.startswith("Nodyn atgoffa: mae gennych apwyntiad ar ddydd")
    assert text.endswith("gyda Siân Rowlands. Os na allwch ddod, ffoniwch cyn hynny. Peidiwch ag ateb y neges hon.")
    letter = soup(browser.get(f"/cases/{ALEX}/reminders/{number}"))
    assert letter.select_one("article")["lang"] == "cy"
    assert "Annwyl Alex Example" in words(letter)
    for address in (f"/cases/{ALEX}/reminders/{number}/letter.pdf", "/teams/CF1/reminders/letters.pdf?whose=mine"):
        (one,) = PdfReader(BytesIO(browser.get(address).data)).pages
        assert "Annwyl Alex Example" in one.extract_text()


def test_the_way_to_it_leads_an_officer_to_their_own_and_a_manager_to_the_team_s(
    enter: Enter, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    scenario.case(BILLIE, "Billie Quick", practitioner="OWEN")
    scenario.appointment(in_hours=30)
    scenario.appointment(BILLIE, in_hours=31, practitioner="OWEN")
    prepared()
    assert enter().get("/reminders").headers["Location"] == MINE
    assert len(keys(enter(), MINE)) == 1
    assert len(keys(enter(), TEAM)) == 2
    assert enter("MEERA").get("/reminders").headers["Location"] == TEAM


def test_those_sent_are_marked_with_how_by_whom_and_when(
    enter: Enter, record: Record, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    first, second = scenario.appointment(in_hours=30), scenario.appointment(in_hours=31)
    prepared()
    browser = enter()
    key, other = keys(browser)
    assert browser.post(TEAM, {"who": key, "sent_by": "by text", "do": "sent"}).headers["Location"] == TEAM
    assert browser.post(TEAM, {"who": other, "do": "discard"}).headers["Location"] == TEAM
    assert states(record) == [(first, "sent", "by text", "SIAN"), (second, "discarded", "", "SIAN")]
    page = soup(browser.get(TEAM))
    said = words(page)
    assert "There is no reminder to send" in said
    assert "Sent By text Siân Rowlands" in said
    assert "Discarded Siân Rowlands" in said
    prepared()
    assert keys(browser) == []


def test_pressing_without_choosing_says_what_is_missing_and_keeps_the_ticks(
    enter: Enter, record: Record, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    scenario.appointment(in_hours=30)
    prepared()
    browser = enter()
    (key,) = keys(browser)
    assert "Select at least one reminder" in words(soup(browser.post(TEAM, {"do": "sent", "sent_by": "by text"}), 422))
    page = soup(browser.post(TEAM, {"who": key, "do": "sent"}), 422)
    assert "Select how they were sent" in words(page)
    assert page.select_one("input[name=who]").has_attr("checked")
    assert states(record)[0][1] == "draft"


def test_one_that_was_settled_meanwhile_is_not_settled_twice(
    enter: Enter, record: Record, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    scenario.appointment(in_hours=30)
    prepared()
    browser = enter()
    (key,) = keys(browser)
    browser.post(TEAM, {"who": key, "do": "discard"})
    page = soup(browser.post(TEAM, {"who": key, "sent_by": "by post", "do": "sent"}), 422)
    assert "changed or was settled meanwhile" in words(page)
    assert states(record)[0][1] == "discarded"


def test_a_reminder_of_a_case_that_does_not_exist_for_the_reader_is_not_there(
    enter: Enter, scenario: Scenario, prepared: Callable[[], str]
) -> None:
    scenario.case(BILLIE, "Billie Quick", practitioner="OWEN")
    number = scenario.appointment(BILLIE, in_hours=31, practitioner="OWEN")
    prepared()
    scenario.do(BILLIE, exclude, by="MEERA", practitioner="SIAN", reason="Knows the family.")
    browser = enter()
    assert keys(browser) == []
    assert browser.get(f"/cases/{BILLIE}/reminders/{number}").status_code == 404
    assert len(keys(enter("OWEN"))) == 1


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_of_another_team_reads_or_settles_them(enter: Enter, scenario: Scenario, prepared: Callable[[], str], staff: str) -> None:
    number = scenario.appointment(in_hours=30)
    prepared()
    browser = enter(staff)
    for address in (TEAM, "/teams/CF1/reminders/letters.pdf", f"/cases/{ALEX}/reminders/{number}"):
        assert browser.get(address).status_code in (403, 404), address
    assert browser.post(TEAM, {"do": "discard"}).status_code == 403


# A carrier ---------------------------------------------------------------------------------------------------------------------

carried: list[outbox.Message] = []


def carry(message: outbox.Message) -> None:
    carried.append(message)


def refuse(message: outbox.Message) -> None:
    raise outbox.NotSent("The line is down.")


def test_a_carrier_that_the_deployment_names_is_given_the_words_when_somebody_presses_send_and_not_before(
    enter: Enter, record: Record, scenario: Scenario, prepared: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    carried.clear()
    monkeypatch.setattr(outbox, "resolve_name", {"ours:carry": carry}.__getitem__)
    monkeypatch.setenv(outbox.SETTING, "ours:carry")
    scenario.appointment(in_hours=30)
    prepared()
    browser = enter()
    (key,) = keys(browser)
    assert carried == []
    browser.post(TEAM, {"who": key, "sent_by": "by text", "do": "sent"})
    (message,) = carried
    assert (message.crn, message.sent_by, message.code) == (ALEX, "by text", "en")
    assert message.text.startswith("Reminder: you have an appointment on ")
    assert message.pdf.startswith(b"%PDF-1.7")
    assert states(record)[0][1] == "sent"


def test_what_the_carrier_does_not_take_stays_a_draft_and_the_page_says_why(
    enter: Enter, record: Record, scenario: Scenario, prepared: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "resolve_name", {"ours:refuse": refuse}.__getitem__)
    monkeypatch.setenv(outbox.SETTING, "ours:refuse")
    scenario.appointment(in_hours=30)
    prepared()
    browser = enter()
    (key,) = keys(browser)
    page = soup(browser.post(TEAM, {"who": key, "sent_by": "by text", "do": "sent"}), 422)
    assert "Alex Example: The line is down." in words(page)
    assert states(record)[0][1] == "draft"


def test_without_a_carrier_nothing_is_sent() -> None:
    assert outbox.carrier() is outbox.by_hand
