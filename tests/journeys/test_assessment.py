"""Two inspectors assess the same case, each for themselves; one moderates where they differ, and the standard gets its band."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from domain.panel import Panel, choose_questions, panel_id
from tests.assessing import DELIVERY, SUPERVISION
from tests.inspecting import LEAD, OTHER
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario

INSPECTION = "/inspections/INS-2026-001"


@pytest.fixture
def told(app: Flask) -> Scenario:
    """One case, drawn for an inspection by two inspectors, whose questions are chosen."""
    record, read_side = app.extensions["throughline"].record, app.extensions["throughline"].read_side
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example", began_days_ago=100)
    told.visit("X000001", days_ago=40)
    told.inspect(read_side, lead=LEAD, others=[OTHER])
    details = {"inspection": "INS-2026-001", "sets": [DELIVERY, SUPERVISION]}
    record.change(Panel, panel_id("INS-2026-001"), choose_questions, uuid4(), now=told.now, by=LEAD, **details)
    read_side.catch_up()
    return told


def assess(page: Page, verdicts: dict[str, str], look: bool) -> None:
    """From the list of cases to the completed assessment, one key question after another."""
    page.goto(f"{INSPECTION}/assessments")
    seen = [faults(page)] if look else []
    page.get_by_role("link", name=re.compile("^X000001.*assess the case$")).click()
    seen += [faults(page)] if look else []
    page.get_by_role("button", name="Begin your assessment").click()
    page.get_by_role("link", name="Go on with the next key question").click()
    for number, (question, verdict) in enumerate(verdicts.items()):
        expect(page.get_by_role("heading", level=1, name=question)).to_be_visible()
        if look and not number:
            seen.append(faults(page))
        for prompt in page.locator(".app-item", has=page.get_by_label("Entries that it rests on")).all():
            prompt.get_by_label("Yes", exact=True).check()
            prompt.get_by_label("Entries that it rests on").fill("2, 4-6")
        page.get_by_role("group", name="Is the work sufficient?").get_by_label(verdict, exact=True).check()
        page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1, name="Alex Example")).to_be_visible()
    seen += [faults(page)] if look else []
    page.get_by_role("button", name="Complete the assessment").click()
    expect(page.get_by_text("The assessment is completed.")).to_be_visible()
    assert [found for found in seen if found] == []


def test_a_case_is_read_twice_moderated_and_rated(told: Scenario, open_as: Open) -> None:
    # given two readers who differ on one key question; the second works without JavaScript
    lead, other = open_as(LEAD), open_as(OTHER, javascript=False)
    questions = ("Is engagement sufficient?", "Is safety sufficient?", "Is safe sufficient?")
    assess(lead, dict.fromkeys(questions, "Sufficient"), look=True)
    assess(other, {questions[0]: "Not sufficient", questions[1]: "Sufficient", questions[2]: "Sufficient"}, look=False)

    # when the lead moderates it
    lead.goto(f"{INSPECTION}/agreement")
    assert faults(lead) == []
    lead.get_by_role("link", name="Moderate X000001, 2.1.engagement").click()
    assert faults(lead) == []
    lead.get_by_role("group", name="What counts?").get_by_label("Sufficient", exact=True).check()
    lead.get_by_label("Why?").fill("Entry 2 shows it.")
    lead.get_by_role("button", name="Save").click()
    expect(lead.get_by_text("The judgement is moderated.")).to_be_visible()

    # then the key question counts, and the standard is rated
    lead.goto(f"{INSPECTION}/ratings")
    expect(lead.get_by_role("heading", name="2.1 Assessment: outstanding")).to_be_visible()
    assert faults(lead) == []
    lead.get_by_role("link", name=re.compile("^Rate it.*1.1 Leadership$")).click()
    assert faults(lead) == []
    lead.get_by_label("Good", exact=True).check()
    lead.get_by_label("Reason").fill("Leaders know their cases.")
    lead.get_by_role("button", name="Save").click()
    expect(lead.get_by_role("heading", name="1.1 Leadership: good")).to_be_visible()
    for address in (f"{INSPECTION}/sample-and-measures", f"{INSPECTION}/questions", "/question-sets"):
        lead.goto(address)
        assert faults(lead) == [], address
