"""My day: what waits for an officer, in place and in order, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain import contact, interruption, sentence, transfer
from domain.allocation import AllocationReason
from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case, case_id
from domain.contact import Mode
from domain.upw_completion import CompletedBy, complete_upw
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from web.forms import day_bounds
from web.pages.my_day import SHOWN
from web.session import OUTSIDERS


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
    """today, late, next, later or snoozed; nothing where there is no such part."""
    found = page.select_one(f"section[aria-labelledby={name}]")
    return " ".join(found.text.split()) if found else ""


def lines(page: BeautifulSoup, name: str) -> list[str]:
    """The people of a part, in their order."""
    return [line["id"].removeprefix("line-") for line in page.select(f"section[aria-labelledby={name}] .app-person[id]")]


def test_an_appointment_whose_time_has_passed_waits_for_its_outcome_and_one_person_is_one_line(see, scenario) -> None:
    newer, older = scenario.appointment(in_hours=-2), scenario.appointment(in_hours=-50, kind="CHVS")
    page = see()
    assert [row["id"] for row in page.select(".app-row[id]")] == [f"appointment-X000001-{older}", f"appointment-X000001-{newer}"]
    assert lines(page, "today") == ["X000001"], "one appointment was today, so that is where the person stands"
    assert page.select_one("#to-log-count").text == "2"
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
    assert "home visit" in section(page, "next")
    assert "office" not in section(page, "next")


def test_a_line_says_why_it_stands_there_and_the_parts_come_in_time(see, scenario) -> None:
    scenario.appointment(in_hours=2)
    scenario.case("X000002", "Bo Late")
    scenario.appointment("X000002", in_hours=-50)
    scenario.case("X000003", "Cy Next", began_days_ago=2)
    page = see()
    assert lines(page, "today") == ["X000001"]
    assert lines(page, "late") == ["X000002"]
    assert lines(page, "next") == ["X000003"]
    assert [section["aria-labelledby"] for section in page.select("main section")] == ["today", "late", "next"]
    assert [link["href"] for link in page.select(".app-inline a[href^='#']")] == ["#late", "#next"]


def test_enforcement_and_risk_stand_before_an_outcome_to_log_and_that_before_the_rest(see, scenario) -> None:
    scenario.appointment(in_hours=-30 * 24)
    scenario.case("X000002", "Bo Unseen", began_days_ago=90)
    scenario.visit("X000002", days_ago=50)
    scenario.case("X000003", "Cy Awaited")
    failed = scenario.appointment("X000003", in_hours=-20 * 24)
    scenario.do("X000003", record_outcome, appointment=failed, outcome="AFTA")
    assert lines(see(), "late") == ["X000003", "X000001", "X000002"]


def test_a_busy_part_shows_the_most_pressing_and_keeps_the_rest_one_click_away(see, scenario) -> None:
    for i in range(2, 13):
        scenario.case(f"X{i:06}", f"Person {i:02}")
        scenario.appointment(f"X{i:06}", in_hours=-24 * i)
    page = see()
    assert len(page.select("section[aria-labelledby=late] > ul > .app-person")) == SHOWN
    folded = page.select_one("section[aria-labelledby=late] details")
    assert folded.summary.text.strip() == "Show 2 more"
    assert len(folded.select(".app-person")) == 2


def test_an_outcome_logged_today_is_shown_with_a_way_to_correct_it(see, scenario, browser) -> None:
    number = scenario.appointment(in_hours=-2)
    see()
    browser.post(f"/cases/X000001/appointments/{number}/outcome", {"outcome": "ATTC", "minutes": "30"})
    page = see()
    assert "Attended – complied" in section(page, "today")
    assert page.select_one("#to-log-count").text == "0"
    assert page.select_one(f"a[href='/cases/X000001/entries/{number + 1}/correct']")


def test_empty_parts_say_why_and_what_to_do_next(see, scenario) -> None:
    page = see("OWEN")
    assert "My cases" in section(page, "today")
    assert "every appointment has its outcome" in section(page, "late")
    assert "Nothing else is to be done" in section(page, "next")
    assert not page.select("#later, #snoozed")


def test_a_case_without_a_next_appointment_says_so_until_one_is_arranged(see, scenario) -> None:
    scenario.case("X000002", "Bo Settled", began_days_ago=20)
    scenario.do("X000002", complete_upw, requirement=3, how=CompletedBy.COURT)
    page = see()
    assert "No next appointment" in section(page, "next")
    assert page.select_one("#line-X000002 a[href='/cases/X000002/appointments/new']")
    scenario.appointment("X000002", in_hours=48)
    assert see().select_one("#line-X000002") is None


def test_unpaid_work_that_nobody_was_instructed_to_do_is_late(see, scenario) -> None:
    scenario.visit(days_ago=3)
    scenario.appointment(in_hours=48)
    page = see()
    assert "Unpaid work: first instruction was due" in section(page, "late")
    assert page.select_one("a[href='/cases/X000001/unpaid-work']")
    scenario.do("X000001", complete_upw, requirement=3, how=CompletedBy.COURT)
    assert lines(see(), "late") == []


def test_a_new_case_stands_there_until_the_person_has_been_seen(see, scenario) -> None:
    scenario.case("X000002", "Bo Newcomer", began_days_ago=2)
    assert "not seen by you yet" in section(see(), "next")
    scenario.do(
        "X000002",
        contact.record_contact,
        occurred_at=scenario.now - timedelta(hours=1),
        practitioner="SIAN",
        kind="COUP",
        mode=Mode.OFFICE,
    )
    assert "not seen by you yet" not in section(see(), "next")


def test_supervision_about_to_end_stands_there_and_a_case_that_ended_does_not(see, scenario, record) -> None:
    scenario.case("X000002", "Zed Ending")
    scenario.do("X000002", sentence.end_sentence, sentence=2, ended_at=scenario.in_days(-1), how="completed")
    scenario.case("X000003", "Ada Ending", began_days_ago=20)
    scenario.do(
        "X000003",
        sentence.start_sentence,
        kind=sentence.SentenceKind.LICENCE,
        started_at=scenario.in_days(-5),
        expected_end_on=local_day(scenario.in_days(10)),
    )
    page = see()
    assert "Zed" not in page.text
    assert "upervision ends" in page.select_one("#line-X000003").text


def test_an_overdue_review_is_said_in_words(see, scenario, record, monkeypatch) -> None:
    later = scenario.in_days(200)
    monkeypatch.setattr(record, "clock", lambda: later)
    assert "RoSH review was due" in section(see(), "late")


def test_a_case_accepted_from_another_team_wants_its_handover_meeting(see, scenario, record, browser) -> None:
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    record.change(Case, case_id("X000001"), transfer.accept_transfer, uuid4(), now=scenario.now, by="NIA", team="NP1", practitioner="TOM")
    see("TOM")
    assert "Handover meeting to hold" in browser.get("/cases/X000001/in-brief").text
    held = {"held_at": scenario.now, "from_practitioner": "SIAN", "to_practitioner": "TOM", "three_way": False}
    scenario.do("X000001", transfer.hold_handover, **held)
    see("TOM")
    assert "Handover meeting to hold" not in browser.get("/cases/X000001/in-brief").text


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
    assert section(page, "today").count("for Siân Rowlands") == 2
    assert page.select_one(f"a[href='/cases/X000001/appointments/{ahead}/rearrange']")


def test_an_appointment_with_a_colleague_of_the_same_team_stays_in_the_colleague_s_day(see, scenario) -> None:
    scenario.appointment(in_hours=-2, practitioner="OWEN")
    assert see().select_one("#to-log-count").text == "0"
    assert see("OWEN").select_one("#to-log-count").text == "1"


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
    assert "Remanded in custody" in section(see(), "late")


def test_somebody_not_seen_face_to_face_for_six_weeks_is_due_whatever_calls_there_were(see, scenario) -> None:
    scenario.case("X000002", "Bo Byphone", began_days_ago=90)
    scenario.visit("X000002", days_ago=50)
    scenario.do("X000002", contact.record_contact, occurred_at=scenario.in_days(-2), practitioner="SIAN", kind="COPT")
    assert "not seen face to face since" in see().select_one("#line-X000002").text
    assert "X000002" in lines(see(), "late")
    scenario.visit("X000002", days_ago=1)
    assert "not seen face to face since" not in see().select_one("#line-X000002").text
