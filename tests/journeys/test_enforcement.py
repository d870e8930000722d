"""Enforcement in a browser: every page is free of faults for everybody, at the width of a telephone too, and a session is three clicks."""

from uuid import uuid4

import pytest

from domain.appointment import arrange_appointment
from domain.case import Case, case_id
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario
from tests.web.test_compliance import fails, on_licence, referred


@pytest.fixture
def scenario(record: Record, app) -> Scenario:
    """A case in breach, one on licence with failures, and a group session of this morning."""
    scenario = Scenario(record).staff()
    scenario.case()
    scenario.case("X000002", "Bo Licence")
    referred(scenario)
    fails(scenario, 9, "AFTA")
    fails(scenario, 4, crn="X000002")
    on_licence(scenario, "X000002")
    for crn in ("X000001", "X000002"):
        at = scenario.now.replace(microsecond=0)
        details = {"starts_at": at, "practitioner": "SIAN", "kind": "RARP", "minutes": 120, "group": "GTEST"}
        record.change(Case, case_id(crn), arrange_appointment, uuid4(), now=at.replace(year=at.year - 1), by="SIAN", **details)
    app.extensions["throughline"].read_side.catch_up()
    return scenario


def test_every_page_of_enforcement_is_free_of_faults_and_fits_a_telephone(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    failed = fails(scenario, 2, crn="X000002")
    case, other = "/cases/X000001", "/cases/X000002"
    for address in (
        f"{case}/compliance",
        f"{other}/compliance",
        f"{other}/enforcement/new?failure={failed}",
        f"{other}/failures/{failed}/evidence",
        f"{other}/failures/{failed}/decision",
        f"{other}/breach/new",
        f"{case}/breach/return",
        f"{case}/breach/present",
        f"{case}/breach/withdraw",
        f"{other}/recall/new",
        "/my-day",
        "/sessions/new",
        "/sessions/GTEST",
    ):
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert faults(page) == [], address


def test_a_whole_session_is_three_clicks_and_the_exceptions(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN", javascript=False)
    page.goto("/my-day")
    page.get_by_role("link", name="group session of Alex Example").click()
    page.get_by_label("Bo Licence").select_option("Unacceptable absence")
    page.get_by_label("Programme or rehabilitation activity").click()
    page.get_by_role("button", name="Save outcomes for 2 people").click()
    assert "Outcomes recorded for 2 people" in page.locator("main").inner_text() + page.locator("body").inner_text()
    assert "Every outcome has been recorded" in page.locator("main").inner_text()
