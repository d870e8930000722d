"""Group sessions: several people are invited at once and their outcomes recorded at once, with the exceptions, all or nothing."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.appointment import AppointmentArranged, OutcomeRecorded, arrange_appointment, cancel_appointment, record_outcome
from domain.case import Case, case_id
from domain.contact import Mode
from domain.limited_access import exclude
from domain.sentence import RequirementKind, SentenceKind, start_sentence
from domain.working_days import LONDON, local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup

PEOPLE = ("X000001", "X000002", "X000003")
Open = Callable[..., Browser]


@pytest.fixture
def scenario(record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    for crn, name, officer in zip(PEOPLE, ("Alex Example", "Bo Second", "Cy Third"), ("SIAN", "SIAN", "OWEN"), strict=True):
        scenario.case(crn, name, practitioner=officer)
    return scenario


def last(scenario: Scenario, crn: str) -> Any:
    return scenario.record.history(case_id(crn), texts=True)[-1].event


def invited(scenario: Scenario, **changes: Any) -> dict[str, Any]:
    day = local_day(scenario.now) + timedelta(days=3)
    when = {"starts_at": f"{day.day} {day.month} {day.year}", "starts_at-time": "10am"}
    people = {"kind": "RARP", "practitioner": "SIAN", "minutes": "120", "place": "Group room", "people": list(PEOPLE)}
    return {"command_id": str(uuid4()), **when, **people, **changes}


def held(scenario: Scenario, hours_ago: float = 3) -> str:
    """A session of some hours ago to which all three were invited; returns its address."""
    starts_at = scenario.now - timedelta(hours=hours_ago)
    for crn in PEOPLE:
        details: dict[str, Any] = {"practitioner": "SIAN", "kind": "RARP", "minutes": 120, "group": "GTEST"}
        at = starts_at - timedelta(days=1)
        scenario.record.change(Case, case_id(crn), arrange_appointment, uuid4(), now=at, by="SIAN", starts_at=starts_at, **details)
    return "/sessions/GTEST"


def went(**changes: Any) -> dict[str, Any]:
    everybody = {f"outcome-{crn}": "ATTC" for crn in PEOPLE}
    return {"command_id": str(uuid4()), "people": list(PEOPLE), "minutes": "110", **everybody, **changes}


def test_people_of_my_cases_come_first_and_those_of_the_team_after_them(enter: Open) -> None:
    labels = [label.get_text().strip() for label in soup(enter().get("/sessions/new")).select("label[for^=people]")]
    assert labels == ["Alex Example, X000001", "Bo Second, X000002", "Cy Third, X000003 (Owen Bradley)"]


def test_a_session_is_one_command_that_puts_an_appointment_in_each_record(enter: Open, scenario: Scenario) -> None:
    browser, form = enter(), invited(scenario)
    answers = [browser.post("/sessions/new", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    arranged = [last(scenario, crn) for crn in PEOPLE]
    assert all(isinstance(event, AppointmentArranged) for event in arranged)
    assert len({event.group for event in arranged}) == 1
    assert {event.starts_at for event in arranged} == {datetime.combine(local_day(scenario.now) + timedelta(days=3), time(10), LONDON)}
    assert {(event.mode, event.one_to_one, event.minutes, event.place) for event in arranged} == {(Mode.GROUP, False, 120, "Group room")}
    page = soup(browser.get(answers[0].headers["Location"]))
    assert "still to come" in page.main.get_text()
    assert [row.get_text().strip() for row in page.select("tbody th")] == [
        "Alex Example, X000001",
        "Bo Second, X000002",
        "Cy Third, X000003",
    ]


def test_a_session_serves_the_running_requirement_of_each_person_who_has_one(enter: Open, scenario: Scenario) -> None:
    ends = local_day(scenario.in_days(200))
    rar = ((RequirementKind.RAR, 20),)
    kind = SentenceKind.COMMUNITY_ORDER
    scenario.do("X000002", start_sentence, kind=kind, started_at=scenario.now, expected_end_on=ends, requirements=rar)
    number = scenario.version("X000002")
    enter().post("/sessions/new", invited(scenario))
    assert [last(scenario, crn).requirements for crn in PEOPLE] == [(), (number,), ()]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"people": []}, "people", "Select who is invited"),
        ({"people": ["X000001", "X999999"]}, "people", "Select people from the list"),
        ({"kind": "COAP"}, "kind", "Select the kind of session"),
        ({"practitioner": "TOM"}, "practitioner", "Select who leads the session"),
        ({"starts_at": "1 1 2001"}, "people", "The appointment must be in the future."),
        ({"starts_at-time": "late"}, "starts_at-time", "The time of the session must be a time"),
    ],
)
def test_a_mistake_invites_nobody_and_is_told_beside_its_field(
    enter: Open, scenario: Scenario, changes: dict[str, Any], field: str, message: str
) -> None:
    before = [scenario.version(crn) for crn in PEOPLE]
    page = soup(enter().post("/sessions/new", invited(scenario, **changes)), 422)
    links = {link["href"]: link.get_text().strip() for link in page.select(".govuk-error-summary a")}
    field = "starts_at" if changes.get("starts_at") == "1 1 2001" else field
    assert links[f"#{field}"].startswith(message)
    assert page.find(id=field)
    assert page.select_one("#place")["value"] == "Group room"
    assert [scenario.version(crn) for crn in PEOPLE] == before


def test_everybody_attended_unless_somebody_says_otherwise(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    browser = enter()
    page = soup(browser.get(address))
    assert [option["value"] for option in page.select("select option:first-child")] == ["ATTC"] * 3
    assert page.select_one("input[name=minutes]")["value"] == "120"
    form = went(**{"outcome-X000002": "UAAB", "purposes": "programme or rehabilitation activity", "note": "Session 4 of 10."})
    answers = [browser.post(address, form) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [address, address]
    kept = [last(scenario, crn) for crn in PEOPLE]
    assert all(isinstance(event, OutcomeRecorded) for event in kept)
    assert [(e.outcome, e.minutes, e.note, len(e.work.purposes), e.group) for e in kept] == [
        ("ATTC", 110, "Session 4 of 10.", 1, "GTEST"),
        ("UAAB", None, "", 0, "GTEST"),
        ("ATTC", 110, "Session 4 of 10.", 1, "GTEST"),
    ]
    page = soup(browser.get(address))
    assert "Every outcome has been recorded" in page.main.get_text()
    assert page.select_one(f"a[href='/cases/X000002/entries/{scenario.version('X000002')}']").get_text().startswith("Unacceptable absence")


def test_one_refusal_records_nobody_s_outcome(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    browser = enter()
    number = scenario.version("X000003")
    scenario.do("X000003", record_outcome, appointment=number, outcome="AAME")
    before = [scenario.version(crn) for crn in PEOPLE]
    page = soup(browser.post(address, went()), 422)
    assert "An outcome has been recorded for this appointment already" in page.select_one(".govuk-error-summary").get_text()
    assert [scenario.version(crn) for crn in PEOPLE] == before


def test_a_mistyped_outcome_is_told_beside_the_person(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    page = soup(enter().post(address, went(**{"outcome-X000002": "ZZZZ"})), 422)
    assert page.select_one('.govuk-error-summary a[href="#outcome-X000002"]').get_text() == "Select the outcome for Bo Second"
    assert page.find(id="outcome-X000002-error")
    empty = soup(enter().post("/sessions/GTEST", {}), 422)
    assert empty.select_one('.govuk-error-summary a[href="#people"]').get_text() == "Nobody's outcome is missing"


def test_who_cancelled_or_came_another_day_is_not_asked_about(enter: Open, scenario: Scenario) -> None:
    starts_at = scenario.now + timedelta(hours=3)
    for crn in PEOPLE:
        scenario.do(crn, arrange_appointment, starts_at=starts_at, practitioner="SIAN", kind="APAT", group="GTEST")
    scenario.do("X000001", cancel_appointment, appointment=scenario.version("X000001"), asked_by="the person", reason="In hospital.")
    page = soup(enter().get("/sessions/GTEST"))
    assert "Cancelled" in page.select_one("tbody").get_text()
    assert not page.select("select")


def test_a_session_is_reached_from_my_day(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    page = soup(enter().get("/my-day"))
    assert page.select_one("a[href='/sessions/new']")
    assert len(page.select(f".app-person a[href='{address}']")) == 3


def test_only_those_who_may_write_see_a_session_and_an_unknown_one_is_not_found(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    assert enter("TOM").get(address).status_code == 404
    assert enter("TOM").post(address, went()).status_code == 404
    assert enter("HMI0002").get(address).status_code == 403
    assert enter("SIAN").get("/sessions/GNONE").status_code == 404
    assert enter("MEERA").get(address).status_code == 200
    assert enter("MEERA").get("/sessions/new").status_code == 200


def test_a_case_that_is_hidden_from_somebody_is_not_in_their_sessions(enter: Open, scenario: Scenario) -> None:
    address = held(scenario)
    scenario.do("X000001", exclude, practitioner="OWEN", reason="A relation.")
    browser = enter("OWEN")
    assert "Alex Example" not in browser.get(address).text
    assert "Alex Example" not in browser.get("/sessions/new").text
    assert "Alex Example" in enter("SIAN").get(address).text
