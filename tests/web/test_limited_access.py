"""Limited access: a case that somebody may not see does not exist for them, on any page that lists or counts cases."""

from uuid import uuid4

import pytest
from flask import Flask, url_for

from domain import limited_access, transfer
from domain.allocation import AllocationReason
from domain.case import Case, case_id
from domain.limited_access import ExclusionEnded, ExclusionSet, RestrictionSet
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text_of as text

EXCLUDE, RESTRICT, END = (f"/cases/X000001/access/{change}" for change in ("exclude", "restrict", "end"))


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    return told


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def exclude(manager: Browser, **changes: object):
    return manager.post(EXCLUDE, {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "A cousin of the person.", **changes})


CASE_PAGES = (
    "",
    "/history",
    "/person",
    "/person/details",
    "/entries/1",
    "/measures/continuity",
    "/contacts/new",
    "/appointments/new",
    "/rosh",
    "/handover",
    "/replay",
)


def test_for_somebody_who_is_excluded_every_page_answers_as_for_a_case_that_there_is_not(meera: Browser, app: Flask) -> None:
    owen = Browser(app).sign_in("OWEN")
    assert owen.get("/cases/X000001").status_code == 200
    assert exclude(meera).status_code == 303

    for page in CASE_PAGES:
        hidden, none = owen.get(f"/cases/X000001{page}"), owen.get(f"/cases/X999999{page}")
        assert (hidden.status_code, none.status_code) == (404, 404), page
        assert text(hidden) == text(none)
    assert owen.post("/cases/X000001/contacts/new", {"note": "Hello"}).status_code == 404


def test_it_is_in_no_list_and_in_no_count_of_theirs(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.appointment("X000001", in_hours=-1, practitioner="OWEN")
    app.extensions["throughline"].read_side.catch_up()
    owen = Browser(app).sign_in("OWEN")
    assert "Alex Example" in owen.get("/my-day").text
    exclude(meera)

    for address in (
        "/my-day",
        "/cases",
        "/cases?q=Alex",
        "/teams/CF1",
        "/teams/CF1/cases",
        "/teams/CF1/cases?search=alex",
        "/teams/CF1/slipping",
        "/teams/CF1/ahead",
    ):
        answer = owen.get(address)
        assert "Alex Example" not in answer.text, address
        assert "X000001" not in answer.text
    assert "1 case" in soup(owen.get("/teams/CF1/cases")).select_one("#caseload [role=status]").get_text()
    loads = soup(owen.get("/teams/CF1")).select_one("table.app-officers")
    assert "Siân Rowlands" in loads.get_text()
    assert [row.select("td")[0].get_text() for row in loads.select("tbody tr")] == ["0", "1", "0"]
    assert "Alex Example" in meera.get("/teams/CF1/cases").text


def test_a_restriction_names_who_alone_may_see_the_case(meera: Browser, app: Flask, record: Record) -> None:
    ticked = {box["value"] for box in soup(meera.get(RESTRICT)).select("input[name=practitioners][checked]")}
    assert ticked == {"SIAN", "MEERA"}
    sent = {"command_id": str(uuid4()), "practitioners": ["SIAN", "MEERA"], "reason": "A former colleague."}
    assert (meera.post(RESTRICT, sent).status_code, meera.post(RESTRICT, sent).status_code) == (303, 303)

    last = [recorded.event for recorded in record.history(case_id("X000001"))][-2:]
    assert [type(event) for event in last] == [RestrictionSet, RestrictionSet]
    assert Browser(app).sign_in("OWEN").get("/cases/X000001").status_code == 404
    assert Browser(app).sign_in("SIAN").get("/cases/X000001").status_code == 200
    assert Browser(app).sign_in("NIA").get("/cases/X000001").status_code == 404


def test_somebody_outside_the_team_is_told_the_same_whether_limited_or_not_there(meera: Browser, app: Flask) -> None:
    nia = Browser(app).sign_in("NIA")
    assert nia.get("/cases/X000001").status_code == 403
    exclude(meera, practitioner="NIA")
    assert nia.get("/cases/X000001").status_code == 404


def test_a_hidden_case_is_not_among_the_transfers_of_a_team(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    app.extensions["throughline"].read_side.catch_up()
    nia = Browser(app).sign_in("NIA")
    assert "Asked of your team (1)" in text(nia.get("/transfers"))
    exclude(meera, practitioner="NIA")
    assert "Asked of your team (0)" in text(nia.get("/transfers"))


def test_the_figures_of_a_team_leave_it_out_for_a_manager_from_whom_it_is_hidden(scenario: Scenario, app: Flask, meera: Browser) -> None:
    scenario.visit("X000001", days_ago=1)
    scenario.visit("X000002", days_ago=1, worker="OWEN")
    app.extensions["throughline"].read_side.catch_up()
    figures = "/teams/CF1/measures/continuity/entries"
    assert "X000001" in meera.get(figures).text
    scenario.do("X000001", limited_access.exclude, practitioner="MEERA", reason="A cousin.")
    app.extensions["throughline"].read_side.catch_up()

    answer = meera.get(figures)
    assert "X000001" not in answer.text
    sums = meera.get("/api/teams/CF1/officers").json["officers"]
    assert sum(row["continuity yes"] for row in sums) == 1
    assert [row["case"] for row in meera.get(f"/api{figures}").json["findings"]] == ["X000002"]
    assert meera.get("/api/providers/C10/measures/continuity").json["figures"][0]["counted in all"] == 1


def test_limits_are_shown_and_ended_with_a_reason(meera: Browser, app: Flask, record: Record) -> None:
    exclude(meera, message="Ask the head of the office.")
    number = record.state(Case, case_id("X000001")).version
    said = text(meera.get("/cases/X000001/person"))
    for words in ("May not see it", "Owen Bradley", "Holds now", "A cousin of the person.", "Ask the head of the office."):
        assert words in said
    page = soup(meera.get(f"{END}?limit={number}"))
    assert page.select_one("input[name=limit][checked]")["value"] == str(number)
    sent = {"command_id": str(uuid4()), "limit": str(number), "reason": "Works elsewhere now."}
    assert (meera.post(END, sent).status_code, meera.post(END, sent).status_code) == (303, 303)
    assert isinstance(record.history(case_id("X000001"))[-1].event, ExclusionEnded)
    assert Browser(app).sign_in("OWEN").get("/cases/X000001").status_code == 200


def test_an_end_can_be_given_and_is_the_end_of_that_day(meera: Browser, record: Record) -> None:
    exclude(meera, **{"until": "1 7 2190"})
    event = record.history(case_id("X000001"))[-1].event
    assert isinstance(event, ExclusionSet)
    assert event.until is not None
    assert event.until.isoformat() == "2190-07-01T23:00:00+00:00"


def test_a_limit_that_cannot_be_is_said_beside_its_field(meera: Browser, record: Record) -> None:
    before = record.head()
    past = {"until": "1 7 2020"}
    for address, sent, field, message in (
        (EXCLUDE, {"reason": "A cousin."}, "practitioner", "Select who may not see the case"),
        (EXCLUDE, {"practitioner": "OWEN"}, "reason", "Enter the reason"),
        (EXCLUDE, {"practitioner": "SIAN", "reason": "A cousin."}, "practitioner", "This practitioner holds the case."),
        (EXCLUDE, {"practitioner": "OWEN", "reason": "A cousin.", **past}, "until", "The end must be after the start."),
        (EXCLUDE, {"practitioner": "ALED", "reason": "A cousin."}, "practitioner", "Select who may not see the case"),
        (RESTRICT, {"reason": "A cousin."}, "practitioners", "Select who alone may see the case."),
        (RESTRICT, {"reason": "A cousin.", "practitioners": "MEERA"}, "practitioners", "The officer who holds the case must be able"),
        (RESTRICT, {"reason": "A cousin.", "practitioners": "SIAN"}, "practitioners", "Name yourself too."),
        (END, {"reason": "Over."}, "limit", "Select which limits end"),
    ):
        answer = meera.post(address, {"command_id": str(uuid4()), **sent})
        assert answer.status_code == 422, sent
        if address == END:
            assert message in text(answer)
        else:
            assert message in soup(answer).select_one(f"#{field}-error").get_text()
    assert record.head() == before


def test_only_the_manager_of_the_team_limits_access(meera: Browser, app: Flask) -> None:
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert {other.get(address).status_code for address in (EXCLUDE, RESTRICT, END)} == {403}
    assert meera.get("/cases/X000001/access/forget").status_code == 404


def test_no_page_of_any_case_forgets_to_ask_who_may_see_it(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do("X000001", limited_access.exclude, practitioner="MEERA", reason="A cousin.")
    app.extensions["throughline"].read_side.catch_up()
    of_a_case = [rule for rule in app.url_map.iter_rules() if "crn" in rule.arguments and "GET" in (rule.methods or ())]
    addresses = []
    with app.test_request_context():
        for rule in of_a_case:
            given = {name: 1 if "int" in type(rule._converters[name]).__name__.lower() else "x" for name in rule.arguments}
            addresses.append(url_for(rule.endpoint, **{**given, "crn": "X000001"}))
    answers = {address: meera.get(address).status_code for address in addresses}
    assert len(answers) > 20
    assert {address: status for address, status in answers.items() if status not in (403, 404)} == {}
    assert {address for address, status in answers.items() if status == 403} == {
        address for address in addresses if meera.get(address.replace("X000001", "X999999")).status_code == 403
    }
