"""Assessing the risk of serious harm: a judgement is never filled in, needs its reasons, and is due again in time."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from domain.case import case_id
from domain.risk import Rosh, RoshAssessed
from domain.working_days import add_months, local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from web.words import day

ADDRESS = "/cases/X000001/rosh"
Open = Callable[..., Browser]


def parts(name: str, day: date | None) -> dict[str, str]:
    return {name: f"{day.day} {day.month} {day.year}"} if day else {}


def typed(scenario: Scenario, **changes: str) -> dict[str, str]:
    return {
        "command_id": str(uuid4()),
        "level": "high",
        "rationale": "New threats.",
        **parts("assessed_at", local_day(scenario.now)),
        **changes,
    }


def latest(scenario: Scenario) -> RoshAssessed:
    event = scenario.record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, RoshAssessed)
    return event


def test_the_form_shows_the_last_assessment_and_chooses_no_level(enter: Open, scenario: Scenario) -> None:
    page = BeautifulSoup(enter().get(ADDRESS).text, "html5lib")
    assert "Last assessed as medium" in page.main.get_text()
    assert len(page.select("input[name=level]")) == 4
    assert not page.select("input[name=level][checked]")
    assert page.select_one("input[name=assessed_at]")["value"] == day(scenario.now)


def test_an_assessment_made_today_is_due_again_after_the_policys_period(enter: Open, scenario: Scenario) -> None:
    answer = enter().post(ADDRESS, typed(scenario))
    assert answer.headers["Location"] == "/cases/X000001"
    made = latest(scenario)
    assert (made.level, made.rationale, made.by) == (Rosh.HIGH, "New threats.", "SIAN")
    assert made.review_due_on == add_months(local_day(scenario.now), scenario.policy.rosh_review_months)


def test_the_next_page_shows_the_new_level(enter: Open, scenario: Scenario) -> None:
    answer = enter().post(ADDRESS, typed(scenario), follow_redirects=True)
    assert "High RoSH" in BeautifulSoup(answer.text, "html5lib").h1.get_text()


def test_an_earlier_day_and_a_sooner_review_are_kept(enter: Open, scenario: Scenario) -> None:
    today = local_day(scenario.now)
    dates = parts("assessed_at", today - timedelta(days=3)) | parts("review_due_on", today + timedelta(days=28))
    assert enter().post(ADDRESS, typed(scenario, **dates)).status_code == 303
    made = latest(scenario)
    assert (local_day(made.occurred_at), made.review_due_on) == (today - timedelta(days=3), today + timedelta(days=28))


def test_the_same_form_sent_twice_is_one_assessment(enter: Open, scenario: Scenario) -> None:
    browser, before, form = enter(), scenario.version("X000001"), typed(scenario)
    assert [browser.post(ADDRESS, form).status_code for _ in range(2)] == [303, 303]
    assert scenario.version("X000001") == before + 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"level": ""}, "level", "Select the level of risk"),
        ({"level": "extreme"}, "level", "Select the level of risk"),
        ({"rationale": "  "}, "rationale", "Enter the reasons for the level"),
        ({"rationale": "x" * 12_001}, "rationale", "Must be 12,000 characters or fewer"),
        ({"assessed_at": "1 1 2199"}, "assessed_at", "The date of the assessment must be today or in the past"),
        ({"assessed_at": "13 13 2026"}, "assessed_at", "The date of the assessment must be a real date, like 27 3 2026"),
        ({"assessed_at": ""}, "assessed_at", "Enter the date of the assessment"),
        ({"review_due_on": "1"}, "review_due_on", "The date of the review must include a day and a month, like 27 3 2026"),
        (parts("review_due_on", date(2199, 1, 1)), "review_due_on", "The review must be due by"),
        (parts("review_due_on", date(2001, 1, 1)), "review_due_on", "The review must be due by"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    enter: Open, scenario: Scenario, changes: dict[str, str], field: str, message: str
) -> None:
    before = scenario.version("X000001")
    form = typed(scenario, **changes)
    answer = enter().post(ADDRESS, form)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html5lib")
    link = page.select_one(f'.govuk-error-summary a[href="#{field}"]')
    assert link is not None
    assert link.get_text().strip().startswith(message)
    assert page.find(id=field)
    assert page.select_one("textarea[name=rationale]").get_text().removeprefix("\n") == form["rationale"]
    assert page.select_one("input[name=command_id]")["value"] == form["command_id"]
    assert scenario.version("X000001") == before


def test_an_empty_form_is_a_mistake_and_not_a_fault(enter: Open) -> None:
    assert enter().post(ADDRESS).status_code == 422


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_nobody_outside_the_team_assesses(enter: Open, scenario: Scenario, staff: str) -> None:
    browser = enter(staff)
    assert browser.get(ADDRESS).status_code == 403
    assert browser.post(ADDRESS, typed(scenario)).status_code == 403


def test_an_unknown_case_is_not_found(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    assert browser.get("/cases/X999999/rosh").status_code == 404
    assert browser.post("/cases/X999999/rosh", typed(scenario)).status_code == 404
