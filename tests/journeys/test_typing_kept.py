"""Nothing typed is lost, in a browser: the service is killed while somebody saves, sign-in runs out, Save is pressed twice."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from domain.case import case_id
from domain.contact import ContactRecorded
from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.test_faults import Service, service
from tests.scenario import Scenario

__all__ = ["service"]

CASE = "/cases/X000001"


def notes(record: Record) -> list[str]:
    return [r.event.note for r in record.history(case_id("X000001"), texts=True) if isinstance(r.event, ContactRecorded)]


def typed(page: Page, note: str) -> None:
    page.goto(f"{CASE}/contacts/new")
    page.get_by_label("Phone call to the person").check()
    page.get_by_label("Note (optional)").fill(note)


@pytest.fixture
def page_of_service(chromium: Browser, service: Service) -> Page:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{service.port}")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto("/sign-in")
    page.locator('button[name="staff"][value="SIAN"]').dispatch_event("click")
    page.wait_for_url("**/my-day")
    return page


def test_given_the_service_is_away_when_somebody_saves_then_it_is_saved_once_when_it_is_back(
    service: Service, page_of_service: Page, record: Record
) -> None:
    page = page_of_service
    typed(page, "Before the answer.")
    service.kill()
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Not saved: trying again").wait_for()
    page.get_by_text("What you entered is still here.").wait_for()
    assert page.get_by_label("Note (optional)").input_value() == "Before the answer."
    service.start()
    page.get_by_text("Contact recorded: Phone call to the person").wait_for()
    assert notes(record) == ["Before the answer."]


def test_given_the_service_dies_after_it_saved_and_before_it_answered_then_it_is_still_saved_once(
    service: Service, page_of_service: Page, record: Record
) -> None:
    page = page_of_service
    typed(page, "After the commit.")
    killed = []

    def die_before_the_answer(route: Route) -> None:
        if route.request.method != "POST" or killed:
            route.continue_()
            return
        before = page.context.cookies()
        killed.append(route.fetch().status)
        service.kill()
        # An answer that never came set no cookie either.
        page.context.clear_cookies()
        page.context.add_cookies(before)
        route.abort("connectionreset")

    page.route("**/contacts/new", die_before_the_answer)
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("Not saved: trying again").wait_for()
    assert notes(record) == ["After the commit."]
    service.start()
    page.get_by_text("Contact recorded: Phone call to the person").wait_for()
    assert killed == [204]
    assert notes(record) == ["After the commit."]


@pytest.fixture
def scenario(app: Flask, record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case()
    app.extensions["throughline"].read_side.catch_up()
    return scenario


def sign_in_runs_out(record: Record) -> None:
    with record.pool.connection() as conn:
        conn.execute("update app.session set seen_at = seen_at - interval '3 hours'")


def test_given_sign_in_ran_out_without_scripts_then_signing_in_goes_on_with_the_same_form(
    open_as: Open, scenario: Scenario, record: Record
) -> None:
    page = open_as("SIAN", javascript=False)
    typed(page, "Typed before lunch,\nand kept.")
    sign_in_runs_out(record)
    page.get_by_role("button", name="Save contact").click()
    assert "What you entered is kept on this page" in page.locator("main").inner_text()
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    page.locator('button[name="staff"][value="SIAN"]').click()
    assert "Typed before lunch" in page.locator("main").inner_text()
    assert notes(record) == []
    page.get_by_role("button", name="Save it now").click()
    assert "Contact recorded" in page.locator("#notices").inner_text()
    assert notes(record) == ["Typed before lunch,\nand kept."]


def test_given_sign_in_ran_out_with_scripts_then_the_page_waits_and_saves_after_signing_in_elsewhere(
    open_as: Open, scenario: Scenario, record: Record
) -> None:
    page = open_as("SIAN")
    typed(page, "Typed before lunch.")
    sign_in_runs_out(record)
    page.get_by_role("button", name="Save contact").click()
    page.get_by_text("You have been signed out.").wait_for()
    other = page.context.new_page()
    other.goto("/sign-in")
    other.locator('button[name="staff"][value="SIAN"]').dispatch_event("click")
    other.wait_for_url("**/my-day")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Contact recorded").wait_for()
    assert notes(record) == ["Typed before lunch."]


@pytest.mark.parametrize("javascript", [True, False])
def test_pressing_twice_saves_once(open_as: Open, scenario: Scenario, record: Record, javascript: bool) -> None:
    page = open_as("SIAN", javascript=javascript)
    typed(page, "Twice.")
    page.get_by_role("button", name="Save contact").dblclick()
    page.get_by_text("Contact recorded").wait_for()
    assert notes(record) == ["Twice."]
