"""New cases: each with what it needs and a suggestion, allocated by one press or all at once."""

from uuid import uuid4, uuid5

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import allocation, limited_access, person, sentence
from domain.allocation import UNALLOCATED, AllocationReason, CaseAllocated
from domain.case import Case, case_id, open_case
from domain.event import NAMESPACE
from domain.practitioner import Practitioner, practitioner_id, record_languages
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup

PAGE = "/teams/CF1/allocation"


def said(page: BeautifulSoup, crn: str) -> str:
    return " ".join(page.select_one(f"section[aria-labelledby=case-{crn}]").get_text(" ", strip=True).split())


def told_once(told: Scenario) -> None:
    """Siân holds one case; nobody holds two: one that Owen held before, and one that no team has had."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    away = {"team": "CF1", "provider": "C10", "reason": AllocationReason.STAFF}
    told.do("X000002", allocation.allocate, practitioner=UNALLOCATED, **away)
    began = told.in_days(-1)
    told.do("X000003", open_case, crn="X000003", person_id=uuid5(NAMESPACE, "X000003"), name="Chris Example", occurred_at=began)
    ends = local_day(told.in_days(300))
    told.do("X000003", sentence.start_sentence, kind=sentence.SentenceKind.COMMUNITY_ORDER, started_at=began, expected_end_on=ends)


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def holder(record: Record, crn: str) -> str:
    held = record.state(Case, case_id(crn)).allocation
    return held.practitioner if held else ""


def test_the_team_page_leads_to_it_while_there_is_a_case_without_an_officer(meera: Browser) -> None:
    assert soup(meera.get("/teams/CF1")).select_one(f"a[href='{PAGE}']") is not None
    assert soup(meera.get("/teams/CF1/to-allocate")).select_one(f"a[href='{PAGE}']") is not None


def test_each_case_stands_with_what_it_needs_and_who_is_suggested_and_why(meera: Browser) -> None:
    page = soup(meera.get(PAGE))
    assert "Owen Bradley was this person’s officer for 60 days" in said(page, "X000002")
    assert "0 points now, 63 then of 2,176: 2.9%" in said(page, "X000002")
    assert "Unpaid work (80 hours)" in said(page, "X000002")
    # Owen has 63 points by then, and so has Siân: of equals the first by code.
    assert "Owen Bradley has the most room of those who can take it. 63 points now, 126 then" in said(page, "X000003")
    assert "With no team yet. To be decided by" in said(page, "X000003")
    assert not page.select("input[checked]")


def test_one_press_allocates_as_suggested_for_the_reason_for_which_nobody_held_it(meera: Browser, record: Record) -> None:
    sent = {"command_id": str(uuid4()), "share": "X000002:OWEN"}
    first, before = meera.post(PAGE, sent), record.head()
    second = meera.post(PAGE, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert record.head() == before
    event = record.history(case_id("X000002"), texts=True)[-1].event
    assert isinstance(event, CaseAllocated)
    assert (event.practitioner, event.reason) == ("OWEN", AllocationReason.STAFF)
    page = soup(meera.get(PAGE))
    assert "Billie Example is now with Owen Bradley." in page.get_text()
    assert page.select_one("section[aria-labelledby=case-X000002]") is None


def test_given_javascript_only_the_list_comes_back_with_what_is_left(meera: Browser) -> None:
    answer = meera.post(PAGE, {"share": "X000002:OWEN"}, headers={"HX-Request": "true"})
    page = soup(answer)
    assert answer.status_code == 200
    assert page.select_one("#new-cases") is not None
    assert page.select_one("header") is None
    assert "Billie Example is now with Owen Bradley." in answer.headers["HX-Trigger"]


def test_all_are_allocated_as_suggested_in_one_command(meera: Browser, record: Record) -> None:
    page = soup(meera.get(PAGE))
    shares = [field["value"] for field in page.select("input[type=hidden][name=share]")]
    assert sorted(shares) == ["X000002:OWEN", "X000003:OWEN"]
    assert meera.post(PAGE, {"command_id": str(uuid4()), "share": shares}).status_code == 303
    assert (holder(record, "X000002"), holder(record, "X000003")) == ("OWEN", "OWEN")
    assert "Every open case of this team has an officer" in meera.get(PAGE).text


def test_somebody_who_speaks_the_person_s_language_is_suggested(scenario: Scenario, meera: Browser, record: Record, app: Flask) -> None:
    scenario.do("X000003", person.record_details, language="Welsh")
    record.change(Practitioner, practitioner_id("SIAN"), record_languages, uuid4(), now=scenario.now, by="MEERA", languages=["Welsh"])
    app.extensions["throughline"].read_side.catch_up()
    shown = said(soup(meera.get(PAGE)), "X000003")
    assert "Prefers Welsh" in shown
    assert "Siân Rowlands speaks this person’s language" in shown


def test_a_case_that_somebody_else_allocated_first_is_not_moved_again(
    scenario: Scenario, meera: Browser, app: Flask, record: Record
) -> None:
    scenario.do("X000002", allocation.allocate, practitioner="SIAN", team="CF1", provider="C10", reason=AllocationReason.STAFF)
    app.extensions["throughline"].read_side.catch_up()
    before = record.head()
    answer = meera.post(PAGE, {"command_id": str(uuid4()), "share": ["X000002:OWEN", "X000003:OWEN"]})
    assert answer.status_code == 422
    assert "Billie Example is with Siân Rowlands by now. Look again" in answer.text
    assert record.head() == before


@pytest.mark.parametrize("share", ["", "NONE:OWEN", "X000002:TOM", "X000002", ":", "X000009:OWEN"])
def test_what_cannot_be_allocated_like_this_is_said_and_nothing_is_stored(
    scenario: Scenario, meera: Browser, record: Record, share: str
) -> None:
    before = record.head()
    answer = meera.post(PAGE, {"command_id": str(uuid4()), "share": share})
    assert answer.status_code == 422
    assert "one of them can no longer be allocated like this" in answer.text
    assert record.head() == before


def test_a_case_hidden_from_an_officer_is_not_suggested_to_them(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do("X000002", limited_access.exclude, practitioner="OWEN", reason="A cousin.")
    app.extensions["throughline"].read_side.catch_up()
    assert "Allocate to Siân Rowlands" in said(soup(meera.get(PAGE)), "X000002")


def test_only_the_manager_of_the_team_may(meera: Browser, app: Flask) -> None:
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert other.get(PAGE).status_code == 403
        assert other.post(PAGE, {"share": "X000002:OWEN"}).status_code == 403


# ---- Languages of officers -------------------------------------------------------------------------------------------

LANGUAGES = "/teams/CF1/workload/SIAN/languages"


def test_languages_are_typed_with_commas_and_shown_with_the_workload(meera: Browser) -> None:
    assert meera.post(LANGUAGES, {"command_id": str(uuid4()), "languages": "welsh, Polish"}).status_code == 303
    assert "Welsh; Polish" in meera.get("/teams/CF1/workload").text
    assert soup(meera.get(LANGUAGES)).select_one("#languages")["value"] == "Welsh, Polish"
    assert meera.post(LANGUAGES, {"command_id": str(uuid4()), "languages": "x" * 41}).status_code == 422


def test_only_the_manager_says_which_languages_somebody_of_the_team_has(meera: Browser, app: Flask) -> None:
    assert meera.get("/teams/CF1/workload/TOM/languages").status_code == 404
    assert Browser(app).sign_in("SIAN").post(LANGUAGES, {"languages": "Welsh"}).status_code == 403
