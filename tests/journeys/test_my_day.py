"""An officer's day in a browser: what each job costs, by keyboard alone, without JavaScript, and at the width of a telephone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.appointment import OutcomeRecorded, record_outcome
from domain.case import case_id
from domain.enforcement import EnforcementActionTaken
from domain.event import Event
from domain.snooze import Item, ItemSnoozed, snooze
from domain.upw_completion import CompletedBy, complete_upw
from domain.working_days import local_day
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost, Counted
from tests.journeys.looking import faults
from tests.scenario import Scenario

ALEX, BO, CY = "X000001", "X000002", "X000003"


@pytest.fixture
def scenario(record: Record, app) -> Scenario:
    """Alex missed one meeting and Bo kept one, both still to be logged; Cy has no next appointment, and somebody's is put off."""
    scenario = Scenario(record).staff()
    scenario.case(ALEX, "Alex Example", began_days_ago=20)
    scenario.case(BO, "Bo Kept")
    scenario.case(CY, "Cy Without", began_days_ago=20)
    scenario.case("X000004", "Di Later", began_days_ago=20)
    for crn in (ALEX, CY, "X000004"):
        scenario.do(crn, complete_upw, requirement=3, how=CompletedBy.COURT)
    scenario.visit(BO, days_ago=9, note="Talked about the new flat.")
    earlier = scenario.appointment(ALEX, in_hours=-24 * 12)
    scenario.do(ALEX, record_outcome, appointment=earlier, outcome="AAME")
    scenario.appointment(ALEX, in_hours=-50)
    scenario.appointment(BO, in_hours=-49)
    until = local_day(scenario.in_days(3))
    scenario.do("X000004", snooze, policy=scenario.policy, item=Item.NEXT_APPOINTMENT, until=until, reason="Waits for the shift plan.")
    app.extensions["throughline"].read_side.catch_up()
    return scenario


def last(record: Record, crn: str) -> Event:
    return record.history(case_id(crn), texts=True)[-1].event


def line(page: Page, crn: str) -> Locator:
    return page.locator(f"#line-{crn}")


def counted(page: Page) -> Counted:
    """My day is open; what is done from here on counts."""
    page.goto("/my-day")
    page.wait_for_function("window.htmx !== undefined")
    return Counted(page)


# ---- What the jobs cost -----------------------------------------------------------------------------------------------


def test_what_can_wait_is_snoozed_with_two_clicks_and_a_reason(open_as: Open, scenario: Scenario, record: Record) -> None:
    job = counted(open_as("SIAN"))
    job.click(line(job.page, CY).get_by_role("link", name="Last note and more"))
    line(job.page, CY).get_by_label("Why can it wait?").focus()
    job.type("Rings on Monday")
    job.click(line(job.page, CY).get_by_role("button", name="Snooze: next appointment"))
    expect(line(job.page, CY)).to_contain_text("Siân Rowlands: Rings on Monday")
    assert job.cost == Cost(clicks=2, keys=len("Rings on Monday"), loads=0)
    assert isinstance(last(record, CY), ItemSnoozed)
    line(job.page, CY).get_by_role("button", name="Bring back").click()
    expect(line(job.page, CY)).to_contain_text("No next appointment")


def test_what_was_logged_by_mistake_is_taken_back_where_it_stands(open_as: Open, scenario: Scenario) -> None:
    job = counted(open_as("SIAN"))
    row = line(job.page, BO)
    row.get_by_role("button", name="Log outcome").click()
    row.get_by_role("button", name="Attended – complied").click()
    job.click(row.get_by_role("button", name="Undo"))
    expect(row.get_by_role("button", name="Log outcome")).to_be_visible()
    expect(job.page.locator("#to-log-count")).to_have_text("2")
    assert job.cost == Cost(clicks=1, keys=0, loads=0)


# ---- For everybody ----------------------------------------------------------------------------------------------------


def test_the_day_is_worked_by_keyboard_alone(open_as: Open, scenario: Scenario, record: Record) -> None:
    page = open_as("SIAN")
    page.goto("/my-day")
    line(page, BO).get_by_role("button", name="Log outcome").focus()
    page.keyboard.press("Enter")
    expect(line(page, BO).get_by_role("heading", name="How did it go?")).to_be_focused()
    line(page, BO).get_by_role("button", name="Attended – complied").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".app-row[id^=appointment-X000002]")).to_be_focused()
    assert isinstance(last(record, BO), OutcomeRecorded)
    line(page, CY).get_by_role("link", name="Last note and more").focus()
    page.keyboard.press("Enter")
    expect(line(page, CY).locator("summary")).to_be_focused()
    page.keyboard.press("Space")
    expect(line(page, CY).get_by_label("Why can it wait?")).to_be_hidden()


def test_without_javascript_the_same_jobs_are_done_on_pages(open_as: Open, scenario: Scenario, record: Record) -> None:
    page = open_as("SIAN", javascript=False)
    job = Counted(page)
    job.click(line(page, ALEX).locator("a.govuk-button"))
    job.click(page.get_by_label("Unacceptable absence"))
    job.click(page.get_by_role("button", name="Save outcome"))
    job.click(page.get_by_label("First warning letter sent"))
    job.click(page.get_by_role("button", name="Save action"))
    assert isinstance(last(record, ALEX), EnforcementActionTaken)
    assert job.cost == Cost(clicks=5, keys=0, loads=3)

    page.goto("/my-day")
    line(page, CY).get_by_role("link", name="Last note and more").click()
    page.get_by_label("Why can it wait?").fill("Rings on Monday.")
    page.get_by_role("button", name="Snooze: next appointment").click()
    expect(page.locator("section[aria-labelledby=snoozed]")).to_contain_text("Rings on Monday.")
    page.get_by_role("button", name="Bring back for Cy Without: next appointment").click()
    expect(line(page, CY)).to_contain_text("No next appointment")


def test_every_state_of_the_day_is_free_of_faults_and_fits(open_as: Open, scenario: Scenario) -> None:
    page = open_as("SIAN")
    page.goto("/my-day")
    for summary in page.locator("main details:not([open]) > summary").all():
        summary.click()
    line(page, ALEX).get_by_role("button", name="Log outcome").click()
    expect(line(page, ALEX)).to_contain_text("How did it go?")
    line(page, CY).get_by_role("link", name="Last note and more").click()
    expect(line(page, CY)).to_contain_text("Why can it wait?")
    assert faults(page) == []
    line(page, ALEX).get_by_role("button", name="Unacceptable absence").click()
    expect(line(page, ALEX)).to_contain_text("What follows?")
    line(page, CY).get_by_role("button", name="Snooze: next appointment").click()
    expect(line(page, CY)).to_contain_text("Enter why this can wait")
    assert faults(page) == []
    page.goto(f"/cases/{CY}/in-brief")
    assert faults(page) == []
