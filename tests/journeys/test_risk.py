"""Risk in a browser: it rises, the case is referred and the NPS decides; every page is free of faults and fits a telephone."""

import pytest
from flask import Flask

from domain.organisation import ProviderKind
from domain.register import MAPPA, MappaCategory, MappaLevel, deregister, register
from domain.risk import Rosh, SignificantEvent, assess_rosh, note_significant_event
from domain.risk_review import ReviewStep, initiate_risk_review, move_risk_review
from domain.safeguarding import Agency, CheckResult, receive_response, request_checks
from domain.serious_further_offence import initiate_sfo
from domain.working_days import local_day
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario

CASE = "/cases/X000001"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case(began_days_ago=120)
    return scenario


def everything(scenario: Scenario) -> dict[str, int]:
    """A case in which all there can be about risk is under way; the numbers of what its forms are about."""
    policy, found = scenario.policy, dict[str, int]()

    def do(command, name: str = "", **details) -> None:
        scenario.do("X000001", command, **details)
        found[name] = scenario.version("X000001")

    def ago(days: int):
        return scenario.in_days(-days)

    do(assess_rosh, policy=policy, level=Rosh.HIGH, rationale="Threats.")
    mappa = {"register": MAPPA, "level": MappaLevel.TWO, "category": MappaCategory.ONE}
    do(register, "mappa", policy=policy, registered_at=ago(40), review_due_on=local_day(ago(5)), **mappa)
    do(register, "ended", policy=policy, register="ADVP", registered_at=ago(30))
    do(deregister, registration=found["ended"], reason="It was another person.")
    do(note_significant_event, kind=SignificantEvent.HARM, note="Threatened a neighbour.", happened_at=ago(9))
    do(request_checks, "check", agencies=(Agency.POLICE, Agency.CHILDREN), requested_at=ago(21))
    do(receive_response, check=found["check"] - 1, result=CheckResult.INFORMATION, note="A call-out in January.")
    do(initiate_risk_review, "review", held_by=ProviderKind.CRC, reason="Threats.", initiated_at=ago(10))
    do(move_risk_review, review=found["review"], step=ReviewStep.FORM_COMPLETED, moved_at=ago(9))
    days = {"offence_on": local_day(ago(5)), "charged_on": local_day(ago(2)), "in_court_on": local_day(ago(1))}
    do(initiate_sfo, "offence", policy=policy, note="Charged with wounding.", **days)
    return found


def test_every_page_about_risk_is_free_of_faults_and_fits_a_telephone(app: Flask, open_as: Open, scenario: Scenario) -> None:
    numbers = everything(scenario)
    scenario.appointment(in_hours=-24 * 20)
    app.extensions["throughline"].read_side.catch_up()
    pages = (
        "/my-day",
        CASE,
        f"{CASE}/risk",
        f"{CASE}/risk/events/new",
        f"{CASE}/risk/registers/new",
        f"{CASE}/risk/registers/{numbers['mappa']}/review",
        f"{CASE}/risk/registers/{numbers['mappa']}/end",
        f"{CASE}/risk/review/new",
        f"{CASE}/risk/review/{numbers['review']}",
        f"{CASE}/risk/checks/new",
        f"{CASE}/risk/checks/{numbers['check']}",
        f"{CASE}/risk/offences/new",
        f"{CASE}/risk/offences/{numbers['offence']}",
        f"{CASE}/service-levels",
    )
    of_the_team = ("/measures", "/teams/CF1/measures", "/teams/CF1/measures/monthly-contact", "/teams/CF1/slipping?about=risk")
    officer, manager = open_as("SIAN"), open_as("MEERA")
    for page, addresses in ((officer, pages), (manager, of_the_team)):
        for address in addresses:
            page.goto(address)
            assert page.locator("h1").count() == 1, address
            assert faults(page) == [], address


def test_risk_rises_and_the_case_is_referred_to_the_nps(app: Flask, open_as: Open, scenario: Scenario) -> None:
    """Without JavaScript, by the words on the page alone."""
    app.extensions["throughline"].read_side.catch_up()
    page = open_as("SIAN", javascript=False)
    page.goto(f"{CASE}/risk")
    page.get_by_role("link", name="Note a significant event").click()
    page.get_by_label("Harm or threat of harm to somebody").check()
    page.get_by_label("What is known about it?").fill("Threatened a neighbour with a bottle.")
    page.get_by_role("button", name="Save the event").click()
    assert "RoSH after a significant event" in page.locator("main").inner_text()

    page.get_by_role("link", name="Assess RoSH").first.click()
    page.get_by_label("High", exact=True).check()
    page.get_by_label("Reasons for the level").fill("Threats with a weapon, and drinking again.")
    page.get_by_role("button", name="Save assessment").click()
    page.goto(f"{CASE}/risk")
    assert "High RoSH with a CRC" in page.locator("main").inner_text()
    assert "RoSH after a significant event" not in page.locator("main").inner_text()

    page.get_by_role("link", name="Begin a risk review").first.click()
    page.get_by_label("Why may the risk have become high?").fill("Threats with a weapon.")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Begin the risk review").click()
    for step in ("Referral form completed", "Referral received", "Decided: high"):
        page.get_by_role("link", name="Record the next step").click()
        page.get_by_label(step).check()
        page.get_by_label("Reasons").fill("As the NPS wrote.")
        page.get_by_role("button", name="Save the step").click()
    assert "it awaits its transfer" in page.locator("main").inner_text()
    assert "Found to be high risk".casefold() in page.locator("main").inner_text().casefold()
