"""Cover: arranged for a case or a whole caseload, in the day of whoever stands in, and ended."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from domain import allocation, cover, practitioner
from domain.case import Case, case_id
from domain.practitioner import Practitioner, practitioner_id
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text_of as text

COVER, AWAY = "/cases/X000001/cover", "/teams/CF1/away/SIAN"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example")
    return told


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def asked(scenario: Scenario, days: int = 7, **changes: object) -> dict[str, object]:
    day = local_day(scenario.in_days(days))
    until = {"until": f"{day.day} {day.month} {day.year}"}
    return {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "sickness", **until, **changes}


def covering(record: Record, crn: str) -> str:
    found = record.state(Case, case_id(crn)).cover
    return found.practitioner if found else ""


def test_a_manager_arranges_cover_and_ends_it_and_the_officer_stays(scenario: Scenario, meera: Browser, record: Record) -> None:
    assert [radio["value"] for radio in soup(meera.get(COVER)).select("input[name=practitioner]")] == ["MEERA", "OWEN"]
    assert "covers until" not in text(meera.get("/cases/X000001"))
    sent = asked(scenario)
    assert (meera.post(COVER, sent).status_code, meera.post(COVER, sent).status_code) == (303, 303)
    assert covering(record, "X000001") == "OWEN"
    held = record.state(Case, case_id("X000001")).allocation
    assert held is not None
    assert held.practitioner == "SIAN"
    assert "Owen Bradley covers this case until" in text(meera.get(COVER))

    assert meera.post(COVER, {"command_id": str(uuid4()), "end": "yes"}).status_code == 303
    assert covering(record, "X000001") == ""
    answer = meera.post(COVER, {"command_id": str(uuid4()), "end": "yes"})
    assert answer.status_code == 422
    assert "Nobody covers this case." in text(answer)


def test_cover_that_cannot_be_is_said_beside_its_field(scenario: Scenario, meera: Browser, record: Record) -> None:
    before = record.head()
    for address in (COVER, AWAY):
        for changes, field, message in (
            ({"practitioner": ""}, "practitioner", "Select who covers the case"),
            ({"practitioner": "TOM"}, "practitioner", "Select who covers the case"),
            ({"reason": "football"}, "reason", "Select why cover is needed"),
            ({"until": "32 1 2026"}, "until", "must be a real date"),
            ({"until": "1 1 2020"}, "until", "The last day of cover must be today or later."),
            ({"until": "1 1 2190"}, "until", "Cover lasts 90 days at most."),
        ):
            answer = meera.post(address, asked(scenario, **changes))
            assert answer.status_code == 422, changes
            assert message in soup(answer).select_one(f"#{field}-error").get_text()
    assert record.head() == before


def test_a_case_that_nobody_holds_is_not_covered(scenario: Scenario, meera: Browser, app: Flask) -> None:
    reason = allocation.AllocationReason.STAFF
    scenario.do("X000001", allocation.allocate, practitioner="", team="CF1", provider="C10", reason=reason)
    app.extensions["throughline"].read_side.catch_up()

    assert "Nobody holds this case" in text(meera.get(COVER))
    assert meera.post(COVER, asked(scenario)).status_code == 422


def test_a_whole_caseload_is_covered_or_none_of_it(scenario: Scenario, meera: Browser, record: Record, app: Flask) -> None:
    assert "holds 2 open cases" in text(meera.get(AWAY))
    scenario.do("X000002", cover.start_cover, policy=scenario.policy, practitioner="MEERA", team="CF1", until=local_day(scenario.now),
                reason=cover.CoverReason.LEAVE)  # fmt: skip
    app.extensions["throughline"].read_side.catch_up()
    refused = meera.post(AWAY, asked(scenario))
    assert refused.status_code == 422
    assert "Somebody covers this case already." in text(refused)
    assert covering(record, "X000001") == ""

    scenario.do("X000002", cover.end_cover)
    assert meera.post(AWAY, asked(scenario)).status_code == 303
    assert (covering(record, "X000001"), covering(record, "X000002")) == ("OWEN", "OWEN")
    assert "holds no open case" in text(meera.get("/teams/CF1/away/OWEN"))


def test_the_day_of_whoever_covers_has_the_officers_appointments(scenario: Scenario, meera: Browser, app: Flask, record: Record) -> None:
    number = scenario.appointment("X000001", in_hours=-1)
    scenario.appointment("X000002", in_hours=-1)
    meera.post(COVER, asked(scenario))
    app.extensions["throughline"].read_side.catch_up()
    owen = Browser(app).sign_in("OWEN")

    said = text(owen.get("/my-day"))
    assert "Alex Example" in said
    assert ", for Siân Rowlands" in said
    assert "You cover for Siân Rowlands" in said
    assert "Cases you cover (1) Alex Example , for Siân Rowlands (sickness), until" in said
    assert "Owen Bradley covers until" in text(owen.get("/cases/X000001"))
    assert "Billie Example" not in said
    address = f"/cases/X000001/appointments/{number}/outcome"
    assert owen.post(address, {"command_id": str(uuid4()), "outcome": "ATTC", "practitioner": "OWEN"}).status_code in (204, 303)
    assert "Alex Example" in text(Browser(app).sign_in("SIAN").get("/cases"))


def test_the_form_for_an_outcome_names_whoever_covered_then(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do(
        "X000001",
        cover.start_cover,
        policy=scenario.policy,
        practitioner="OWEN",
        team="CF1",
        until=local_day(scenario.now),
        reason=cover.CoverReason.LEAVE,
        started_at=scenario.now - timedelta(hours=3),
    )
    number = scenario.appointment("X000001", in_hours=-1)
    app.extensions["throughline"].read_side.catch_up()
    address = f"/cases/X000001/appointments/{number}/outcome"

    for staff in ("OWEN", "SIAN"):
        page = soup(Browser(app).sign_in(staff).get(address))
        assert page.select_one("[name=practitioner] option[selected], [name=practitioner][value]")["value"] == staff


def test_appointments_of_somebody_who_has_left_are_in_the_day_of_the_officer(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.appointment("X000001", in_hours=-1)
    reason = allocation.AllocationReason.STAFF
    scenario.do("X000001", allocation.allocate, practitioner="OWEN", team="CF1", provider="C10", reason=reason)
    scenario.record.change(Practitioner, practitioner_id("SIAN"), practitioner.leave_team, uuid4(), now=scenario.now, by="MEERA")
    app.extensions["throughline"].read_side.catch_up()

    assert "Alex Example" in text(Browser(app).sign_in("OWEN").get("/my-day"))


def test_only_the_manager_of_the_team_arranges_cover(meera: Browser, app: Flask) -> None:
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert {other.get(COVER).status_code, other.get(AWAY).status_code} == {403}
    assert meera.get("/teams/CF1/away/TOM").status_code == 404
