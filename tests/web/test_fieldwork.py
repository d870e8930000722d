"""Inspectors work on one sample: named and dated, cases shared and handed over, replaced and added, published and closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from domain import redrawing
from domain.case import case_id
from domain.fieldwork import hand_over
from domain.inspection import Inspection, inspection_id
from domain.limited_access import restrict
from domain.working_days import local_day
from projections.inspections import sampled
from store.record import Record
from tests.conftest import Browser
from tests.inspecting import LEAD, OTHER, THIRD
from tests.projections.test_engine import POISON
from tests.scenario import Scenario
from tests.web.reading import said, soup

HERE = "/inspections/INS-2026-001"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Nine cases of the provider that is inspected, one of them too old for the frame, and one of another provider."""
    scenario = Scenario(record).staff()
    for n in range(1, 9):
        scenario.case(f"X00000{n}", f"Alex Example {n}", began_days_ago=100)
    scenario.case("X000009", "Old Example", began_days_ago=500)
    scenario.case("X000010", "Elsewhere Example", practitioner="ALED", team="NC1", provider="N03", began_days_ago=100)
    return scenario


@pytest.fixture
def fieldwork(app: Flask, browser: Browser, scenario: Scenario) -> Callable[..., Browser]:
    """A browser of an inspector, once all eight cases are drawn and shared among two."""
    scenario.inspect(app.extensions["throughline"].read_side, others=(OTHER,))
    return browser.sign_in


def state(record: Record) -> Inspection:
    return record.state(Inspection, inspection_id("INS-2026-001"))


def post(browser: Browser, page: str, status: int = 303, **sent: object):
    answer = browser.post(f"{HERE}/{page}", {"command_id": str(uuid4()), **sent})
    assert answer.status_code == status, answer.text
    return answer


def refused(browser: Browser, page: str, **sent: object) -> str:
    return said(soup(post(browser, page, 422, **sent), 422).select_one(".govuk-error-summary"))


def test_an_inspector_who_takes_part_reads_every_inspected_case_and_no_other(fieldwork: Callable[..., Browser]) -> None:
    for code, status in ((LEAD, 200), (OTHER, 200), (THIRD, 403)):
        browser = fieldwork(code)
        assert browser.get("/cases/X000001").status_code == status, code
        assert browser.get("/cases/X000009").status_code == 403, code
        assert browser.get("/cases/X000010").status_code == 403, code
        assert ("Alex Example 1" in browser.get(f"{HERE}").text) is (status == 200)
        assert ("Alex Example 1" in browser.get("/search?q=example").text) is (status == 200)
    assert fieldwork(OTHER).post("/cases/X000001/contacts/new", {"kind": "COUP"}).status_code == 403


def test_access_ends_with_the_last_day_with_a_release_and_with_the_close(
    app: Flask, fieldwork: Callable[..., Browser], scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opens(code: str) -> bool:
        return fieldwork(code).get("/cases/X000001").status_code == 200

    lead = fieldwork(LEAD)
    today = local_day(scenario.now)
    post(lead, "inspectors", inspector=THIRD, last_day=f"{today.day} {today.month} {today.year}")
    assert opens(THIRD)
    record = app.extensions["throughline"].record
    tomorrow = scenario.in_days(1)
    with monkeypatch.context() as later:
        later.setattr(type(record), "clock", lambda self: tomorrow)
        assert not opens(THIRD)
        assert opens(OTHER)
    post(fieldwork(LEAD), "inspectors/release", release=OTHER)
    assert not opens(OTHER)
    post(fieldwork(LEAD), "end", reason="the inspection was called off")
    assert not opens(LEAD)
    page = soup(fieldwork(LEAD).get(HERE))
    assert "This inspection was closed on" in said(page.main)
    assert "Alex Example" not in said(page.main)


def test_a_new_inspector_gets_the_cases_of_one_who_was_released(fieldwork: Callable[..., Browser], record: Record) -> None:
    lead = fieldwork(LEAD)
    post(lead, "inspectors", inspector=THIRD)
    post(lead, "inspectors/release", release=OTHER)
    assert "Nobody reads 4 cases yet." in said(soup(lead.get(f"{HERE}/inspectors")).main)
    post(lead, "inspectors/share")
    assert sorted(state(record).readers.values()) == [LEAD] * 4 + [THIRD] * 4
    assert "Every case is shared already." in refused(lead, "inspectors/share")


def test_what_is_wrong_with_a_name_is_said_beside_the_field(fieldwork: Callable[..., Browser]) -> None:
    lead = fieldwork(LEAD)
    assert "Select an inspector" in refused(lead, "inspectors", inspector="SIAN")
    assert "takes part already" in refused(lead, "inspectors", inspector=OTHER)
    page = soup(post(lead, "inspectors", 422, inspector=THIRD, last_day="1 1 2020"), 422)
    assert page.select_one("#last_day-error")
    assert page.find(id="last_day")["value"] == "1 1 2020"


def test_a_case_is_handed_over_with_one_press(fieldwork: Callable[..., Browser], record: Record) -> None:
    mine = next(crn for crn, reader in state(record).readers.items() if reader == OTHER)
    theirs = next(crn for crn, reader in state(record).readers.items() if reader == LEAD)
    browser = fieldwork(OTHER)
    page = soup(browser.get(f"{HERE}/inspectors"))
    offered = {button["value"] for button in page.select("button[name=give]")}
    assert f"{mine}:{LEAD}" in offered
    assert not any(value.startswith(theirs) for value in offered)
    post(browser, "inspectors/hand-over", give=f"{mine}:{LEAD}")
    assert state(record).readers[mine] == LEAD
    assert "Only whoever reads a case" in refused(browser, "inspectors/hand-over", give=f"{theirs}:{OTHER}")


def test_two_inspectors_at_the_same_time_do_not_refuse_each_other(fieldwork: Callable[..., Browser], record: Record) -> None:
    readers = state(record).readers
    swap = [(crn, reader, LEAD if reader == OTHER else OTHER) for crn, reader in readers.items()]

    def give(one: tuple[str, str, str]) -> None:
        crn, by, to = one
        record.change(Inspection, inspection_id("INS-2026-001"), hand_over, uuid4(), now=record.clock(), by=by, crn=crn, to=to)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, swap))
    assert state(record).readers == {crn: to for crn, _, to in swap}


def test_a_case_that_is_hidden_is_replaced_without_being_shown(
    app: Flask, fieldwork: Callable[..., Browser], scenario: Scenario, record: Record
) -> None:
    read_side = app.extensions["throughline"].read_side
    gone = next(iter(state(record).sample))
    scenario.do(gone, restrict, practitioners=("SIAN",), reason="A former colleague.")
    read_side.catch_up()
    browser = fieldwork(OTHER)
    page = soup(browser.get(f"{HERE}/sample/replace?case={gone}"))
    assert "Alex" not in said(page.main)
    # All eight are in the sample, so there is none to take its place.
    assert "No case of this stratum is left" in refused(browser, "sample/replace", case=gone, reason="access to the case is limited")
    assert "Select why the case cannot be inspected" in refused(browser, "sample/replace", case=gone)


def test_a_case_beside_the_sample_is_seen_with_its_reason_and_a_hidden_one_is_answered_for_like_none(
    app: Flask, fieldwork: Callable[..., Browser], scenario: Scenario, record: Record
) -> None:
    browser = fieldwork(OTHER)
    reason = "it was named in an interview"
    assert "Enter the reference of the case" in refused(browser, "widen", reason=reason)
    nothing = "The inspected provider has no case with this reference."
    assert nothing in refused(browser, "widen", crn="X999999", reason=reason)
    assert nothing in refused(browser, "widen", crn="X000010", reason=reason)
    scenario.do("X000009", restrict, practitioners=("SIAN",), reason="A former colleague.")
    app.extensions["throughline"].read_side.catch_up()
    assert nothing in refused(browser, "widen", crn="X000009", reason=reason)


def test_a_widened_case_is_no_part_of_the_sample(app: Flask, fieldwork: Callable[..., Browser], record: Record) -> None:
    browser = fieldwork(OTHER)
    post(browser, "widen", crn="x000009", reason="it was named in an interview")
    assert browser.get("/cases/X000009").status_code == 200
    assert browser.get(f"{HERE}/cases/X000009/replay").status_code == 200
    with app.extensions["throughline"].read_side.reading() as conn:
        assert len(sampled(conn, "INS-2026-001")) == 8
    page = soup(browser.get(f"{HERE}/sample"))
    assert "It was named in an interview" in said(page.main)
    assert "found the same cases" in said(page.main)


def test_what_is_downloaded_is_all_that_drawing_again_needs(fieldwork: Callable[..., Browser], record: Record) -> None:
    browser = fieldwork(THIRD)
    frame, draw = (browser.get(f"{HERE}/{file}.json") for file in ("frame", "draw"))
    assert frame.mimetype == draw.mimetype == "application/json"
    assert "attachment" in frame.headers["Content-Disposition"]
    again = redrawing.redraw(*redrawing.read_files(frame.data, draw.data))
    assert {crn for refs in again.values() for crn in refs} == set(state(record).sample)
    with pytest.raises(redrawing.Differs):
        redrawing.redraw(*redrawing.read_files(frame.data.replace(b"X000003", b"X000033"), draw.data))


def test_what_is_published_stands_and_only_the_lead_ends_an_inspection(fieldwork: Callable[..., Browser], record: Record) -> None:
    for page in ("end", "inspectors", "inspectors/release", "inspectors/share", "nonce"):
        post(fieldwork(OTHER), page, 403)
    for page in ("sample/replace", "widen", "inspectors/hand-over"):
        post(fieldwork(THIRD), page, 403)
    lead = fieldwork(LEAD)
    assert "Select why the inspection ends" in refused(lead, "end")
    post(lead, "end", publish="yes")
    assert "its sample stands" in refused(lead, "widen", crn="X000009", reason="it was named in an interview")
    post(lead, "end")
    assert state(record).stage == "closed"


def test_a_case_that_cannot_be_read_says_so_and_the_page_of_the_inspection_stands(
    app: Flask, fieldwork: Callable[..., Browser], scenario: Scenario, database: str
) -> None:
    browser, read_side = fieldwork(LEAD), app.extensions["throughline"].read_side
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(POISON, {"id": case_id("X000001"), "v": scenario.version("X000001") + 1})
    read_side.rebuild()
    cells = {said(row.th): said(row) for row in soup(browser.get(HERE)).select("#inspected tbody tr")}
    assert len(cells) == 8
    assert [crn for crn, row in cells.items() if "Cannot be read" in row] == ["X000001"]
