"""An inspection from its announcement to a sample that three inspectors share, and one case that two of them hand over."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from domain.inspection import Inspection, inspection_id
from tests.inspecting import LEAD, OTHER, THIRD
from tests.journeys.conftest import Open
from tests.journeys.looking import faults
from tests.scenario import Scenario


@pytest.fixture
def told(app: Flask) -> Scenario:
    """Seven cases in the window of commencement, and two that are left out."""
    told = Scenario(app.extensions["throughline"].record).staff()
    for n in range(1, 8):
        told.case(f"X00000{n}", f"Alex Example {n}", began_days_ago=200)
    told.case("X000008", began_days_ago=20)
    told.case("X000009", began_days_ago=600)
    app.extensions["throughline"].read_side.catch_up()
    return told


def _press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def _good(page: Page) -> None:
    assert faults(page) == [], page.url


def test_an_inspection_goes_from_its_announcement_to_a_shared_sample(told: Scenario, open_as: Open) -> None:
    # given an inspection that was announced
    lead = open_as(LEAD)
    lead.goto("/inspections/new")
    lead.get_by_label("Wales CRC").check()
    lead.get_by_label("Title").fill("Wales CRC, autumn")
    _press(lead, "Announce the inspection")
    expect(lead.get_by_role("heading", level=1)).to_have_text("Wales CRC, autumn")
    reference = lead.locator(".govuk-caption-l").inner_text()
    here = f"/inspections/{reference}"

    # and two more inspectors, and a nonce that only its maker knows
    lead.goto(f"{here}/inspectors")
    for name in ("Idris Pemberton", "Gwenllian Ashby"):
        lead.get_by_label(name, exact=True).check()
        _press(lead, "Name this inspector")
        expect(lead.get_by_role("row", name=re.compile(name))).to_be_visible()
    lead.goto(here)
    lead.get_by_role("button", name="Next: commit to a nonce").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("Nonce")
    nonce = lead.locator("input[name=nonce]").input_value()
    _good(lead)
    _press(lead, "Commit to this nonce")
    expect(lead.get_by_text("The nonce is committed to.")).to_be_visible()

    # when the frame is fixed: everybody in this office has unpaid work alone, so that is no reason here
    lead.get_by_role("button", name="Next: fix the frame").click()
    lead.get_by_label("Unpaid work is the only requirement").uncheck()
    _press(lead, "Count the frame")
    expect(lead.get_by_text("9 cases of Wales CRC, now or before: 7 eligible and 2 left out.")).to_be_visible()
    expect(lead).to_have_url(re.compile("began_from="))
    _good(lead)
    _press(lead, "Fix this frame")
    expect(lead.get_by_text("have 9 cases that Wales CRC was ever given")).to_be_visible()
    _good(lead)

    # and the sample is drawn with the nonce
    lead.goto(here)
    lead.get_by_role("button", name="Next: draw the sample").click()
    lead.get_by_label("Nonce").fill(nonce)
    _press(lead, "Draw the sample")
    expect(lead.get_by_text("found the same cases")).to_be_visible()
    _good(lead)

    # and the cases are shared
    lead.goto(here)
    lead.get_by_role("button", name="Next: share the cases").click()
    _press(lead, "Share the cases evenly")
    expect(lead.get_by_text("Every case has an inspector who reads it.")).to_be_visible()
    state = told.record.state(Inspection, inspection_id(reference))
    assert sorted(map(list(state.readers.values()).count, (LEAD, OTHER, THIRD))) == [2, 2, 3]

    # then another inspector hands a case over with one press, and reads it on
    other = open_as(OTHER)
    other.goto(f"{here}/inspectors")
    case = next(crn for crn, reader in state.readers.items() if reader == OTHER)
    other.get_by_role("button", name=f"Gwenllian Ashby ({case})").click()
    expect(other.get_by_text(f"Gwenllian Ashby reads {case} from now on.")).to_be_visible()
    _good(other)
    other.goto(here)
    other.get_by_role("link", name=f"Replay case {case}").press("Enter")
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    for page in (here, f"{here}/sample/replace?case={case}", f"{here}/widen"):
        other.goto(page)
        _good(other)

    # and the end is the lead's to say
    lead.goto(f"{here}/end")
    _good(lead)
    _press(lead, "Record the publication")
    expect(lead.get_by_text("The inspection is published.")).to_be_visible()
    lead.goto(f"{here}/end")
    _press(lead, "Close the inspection")
    expect(lead.get_by_text("This inspection was closed on")).to_be_visible()
    assert other.goto(f"/cases/{case}").status == 403
