"""My day: what waits for an officer, in place and in order, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from domain import contact, interruption, sentence, transfer
from domain.allocation import AllocationReason
from domain.appointment import arrange_appointment
from domain.case import Case, case_id
from domain.contact import Mode
from domain.upw_completion import CompletedBy, complete_upw
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from web.forms import day_bounds
from web.session import OUTSIDERS


def soup(answer: TestResponse) -> BeautifulSoup:
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html5lib")


@pytest.fixture
def scenario(record: Record, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """The staff and one case, at noon of today: whether something is today must not depend on when the tests run."""
    noon = day_bounds(datetime.now(UTC).date())[0] + timedelta(hours=12)
    monkeypatch.setattr(record, "clock", lambda: noon)
    scenario = Scenario(record).staff()
    scenario.case()
    return scenario


@pytest.fixture
def see(app, browser: Browser, scenario: Scenario):
    def look(staff: str = "SIAN") -> BeautifulSoup:
        app.extensions["throughline"].read_side.catch_up()
        return soup(browser.sign_in(staff).get("/my-day"))

    return look


def section(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f"section[aria-labelledby={name}]")
    assert found is not None
    return " ".join(found.text.split())


def test_an_appointment_whose_time_has_passed_waits_for_its_outcome_with_the_oldest_first(see, scenario) -> None:
    newer, older = scenario.appointment(in_hours=-2), scenario.appointment(in_hours=-50, kind="CHVS")
    page = see()
    assert [row["id"] for row in page.select("#to-log, .app-row") if row.name == "li"] == [
        f"appointment-X000001-{older}",
        f"appointment-X000001-{newer}",
    ]
    assert "Outcomes to log (2)" in section(page, "to-log")
    link = page.select_one(f"#appointment-X000001-{older} a.govuk-button")
    assert link["href"] == link["hx-get"] == f"/cases/X000001/appointments/{older}/outcome"
    assert page.select_one(f"#appointment-X000001-{older} a")["href"] == "/cases/X000001"


def test_what_is_today_and_what_is_next_stand_apart(see, scenario) -> None:
    scenario.appointment(in_hours=2)
    scenario.appointment(in_hours=48, kind="CHVS")
    page = see()
    assert "2pm" in section(page, "today")
    assert "Planned office visit, 30 minutes" in section(page, "today")
    assert "Rearrange" in section(page, "today")
    assert "home visit" in section(page, "coming")
    assert "office" not in section(page, "coming")


def test_an_outcome_logged_today_is_shown_with_a_way_to_correct_it(see, scenario, browser) -> None:
    number = scenario.appointment(in_hours=-2)
    see()
    browser.post(f"/cases/X000001/appointments/{number}/outcome", {"outcome": "ATTC", "minutes": "30"})
    page = see()
    assert "Attended – complied" in section(page, "today")
    assert "Outcomes to log (0)" in section(page, "to-log")
    assert page.select_one(f"a[href='/cases/X000001/entries/{number + 1}/correct']")


def test_empty_sections_say_why_and_what_to_do_next(see, scenario) -> None:
    page = see("OWEN")
    assert "has an outcome" in section(page, "to-log")
    assert "My cases" in section(page, "today")
    assert "Nothing is due" in section(page, "due")
    assert "Nothing is arranged" in section(page, "coming")


def test_a_case_without_a_next_appointment_is_due_and_says_so(see, scenario) -> None:
    page = see()
    assert "Due (1)" in section(page, "due")
    assert "No next appointment" in section(page, "due")
    assert page.select_one("a[href='/cases/X000001/appointments/new']")
    scenario.appointment(in_hours=48)
    assert "No next appointment" not in section(see(), "due")


def test_unpaid_work_that_nobody_was_instructed_to_do_is_due(see, scenario) -> None:
    scenario.visit(days_ago=3)
    scenario.appointment(in_hours=48)
    page = see()
    assert "Unpaid work: first instruction was due" in section(page, "due")
    assert page.select_one("a[href='/cases/X000001/unpaid-work']")
    scenario.do("X000001", complete_upw, requirement=3, how=CompletedBy.COURT)
    assert "Nothing is due" in section(see(), "due")


def test_a_new_case_is_due_until_the_person_has_been_seen(see, scenario) -> None:
    scenario.case("X000002", "Bo Newcomer", began_days_ago=2)
    assert "not seen by you yet" in section(see(), "due")
    scenario.do(
        "X000002",
        contact.record_contact,
        occurred_at=scenario.now - timedelta(hours=1),
        practitioner="SIAN",
        kind="COUP",
        mode=Mode.OFFICE,
    )
    assert "not seen by you yet" not in section(see(), "due")


def test_supervision_about_to_end_and_a_missing_assessment_are_due_and_the_pressing_comes_first(see, scenario, record) -> None:
    scenario.case("X000002", "Zed Ending")
    scenario.do("X000002", sentence.end_sentence, sentence=2, ended_at=scenario.now - timedelta(days=1), how="completed")
    scenario.case("X000003", "Ada Ending")
    scenario.do(
        "X000003",
        sentence.start_sentence,
        kind=sentence.SentenceKind.LICENCE,
        started_at=scenario.now - timedelta(days=5),
        expected_end_on=(scenario.now + timedelta(days=10)).date(),
    )
    page = see()
    assert "Zed" not in page.text
    assert "Supervision ends" in section(page, "due")


def test_an_overdue_review_is_marked_in_words(see, scenario, record, monkeypatch) -> None:
    later = scenario.now + timedelta(days=200)
    monkeypatch.setattr(record, "clock", lambda: later)
    assert "RoSH review was due" in section(see(), "due")
    assert "Overdue" in section(see(), "due")


def test_appointments_of_a_case_that_went_to_another_team_are_not_shown(see, scenario, record) -> None:
    scenario.appointment(in_hours=-2)
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    record.change(
        Case,
        case_id("X000001"),
        transfer.accept_transfer,
        uuid4(),
        now=scenario.now,
        by="NIA",
        team="NP1",
        practitioner="TOM",
    )
    assert "Alex Example" not in see().text


def test_an_appointment_without_outcome_goes_to_the_new_officer_and_not_between_the_two(see, scenario, record) -> None:
    past, ahead = scenario.appointment(in_hours=-2), scenario.appointment(in_hours=2)
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    record.change(Case, case_id("X000001"), transfer.accept_transfer, uuid4(), now=scenario.now, by="NIA", practitioner="TOM", team="NP1")
    page = see("TOM")
    assert page.select_one(f"#appointment-X000001-{past}")
    assert "for Siân Rowlands" in section(page, "to-log")
    assert "for Siân Rowlands" in section(page, "today")
    assert page.select_one(f"a[href='/cases/X000001/appointments/{ahead}/rearrange']")


def test_an_appointment_with_a_colleague_of_the_same_team_stays_in_the_colleague_s_day(see, scenario) -> None:
    scenario.appointment(in_hours=-2, practitioner="OWEN")
    assert "Outcomes to log (0)" in section(see(), "to-log")
    assert "Outcomes to log (1)" in section(see("OWEN"), "to-log")


def test_a_three_way_meeting_stands_in_the_day_of_both_and_once_in_each(see, scenario) -> None:
    starts_at = scenario.now + timedelta(hours=2)
    details = {"starts_at": starts_at, "practitioner": "SIAN", "kind": "C084", "second_practitioner": "OWEN"}
    scenario.do("X000001", arrange_appointment, **details)
    assert section(see("OWEN"), "today").count("Three-way meeting") == 1
    assert section(see(), "today").count("Three-way meeting, together with Owen Bradley") == 1


def test_the_window_title_names_nobody(see) -> None:
    assert see().title.text.strip() == "My day - Throughline"


@pytest.mark.parametrize("staff", ["MEERA", *(person.code for person in OUTSIDERS)])
def test_only_officers_have_a_day(app, browser, scenario, staff) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in(staff).get("/my-day").status_code == 403


def test_a_case_that_is_not_served_in_the_community_says_where(see, scenario) -> None:
    scenario.do("X000001", interruption.begin_interruption, kind=interruption.InterruptionKind.REMAND)
    assert "Remanded in custody" in section(see(), "due")


def test_somebody_not_seen_face_to_face_for_six_weeks_is_due_whatever_calls_there_were(see, scenario) -> None:
    scenario.case("X000002", "Bo Byphone", began_days_ago=90)
    scenario.visit("X000002", days_ago=50)
    scenario.do("X000002", contact.record_contact, occurred_at=scenario.now - timedelta(days=2), practitioner="SIAN", kind="COPT")
    assert "Bo Byphone" in section(see(), "due")
    assert "Not seen face to face since" in section(see(), "due")
    scenario.visit("X000002", days_ago=1)
    assert "Not seen face to face since" not in section(see(), "due")
