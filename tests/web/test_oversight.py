"""Oversight pages: signed, sent back and checked by the team's manager, dealt with by the officer, told in the history."""

from uuid import uuid4

import pytest
from flask import Flask

from domain import oversight, risk
from domain.case import Case, case_id
from domain.practitioner import Practitioner, practitioner_id, register_practitioner
from store import reads
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text_of as text

LIST = "/teams/CF1/oversight"
CRN = "X000001"
ASSESSED = 7
"""The entry that assesses RoSH as high: the usual case ends with entry 6."""


def entry(number: int, what: str = "") -> str:
    return f"/cases/{CRN}/entries/{number}{what}"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """Siân assessed RoSH as high, which the policy has countersigned; the medium level before did not ask for it."""
    told = Scenario(record).staff()
    told.case()
    told.do(CRN, risk.assess_rosh, policy=told.policy, level=risk.Rosh.HIGH, rationale="Threats to a neighbour.")
    assert told.version(CRN) == ASSESSED
    return told


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def fold(app: Flask) -> None:
    app.extensions["throughline"].read_side.catch_up()


def test_the_list_shows_what_waits_with_its_text_and_by_when(meera: Browser) -> None:
    assert soup(meera.get("/teams/CF1")).select_one(f"a[href='{LIST}']") is not None
    page = meera.get(LIST)
    assert "To countersign (1)" in text(page)
    assert "Threats to a neighbour." in text(page)
    assert "To be signed by" in text(page)


def test_one_press_signs_it_and_the_history_says_so(meera: Browser, record: Record) -> None:
    sent = {"command_id": str(uuid4()), "from": "list"}
    first, before = meera.post(entry(ASSESSED, "/countersign"), sent), record.head()
    second = meera.post(entry(ASSESSED, "/countersign"), sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == LIST
    assert record.head() == before
    assert "Nothing waits for your signature" in text(meera.get(LIST))
    assert "Entry 7 countersigned" in text(meera.get(f"/cases/{CRN}/history?category=oversight"))
    assert "Countersigned by entry 8" in text(meera.get(entry(ASSESSED)))


def test_given_javascript_only_the_list_comes_back(meera: Browser) -> None:
    answer = meera.post(entry(ASSESSED, "/countersign"), {"from": "list"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert soup(answer).select_one("#waiting") is not None
    assert soup(answer).select_one("header") is None
    assert "Countersigned" in answer.headers["HX-Trigger"]


def test_what_is_sent_back_stands_in_the_officer_s_day_until_it_is_dealt_with_and_then_waits_again(meera: Browser, app: Flask) -> None:
    assert soup(meera.get(entry(ASSESSED))).select_one(f"a[href='{entry(ASSESSED, '/send-back')}']") is not None
    missing = meera.post(entry(ASSESSED, "/send-back"), {"command_id": str(uuid4()), "from": "list", "reason": " "})
    assert missing.status_code == 422
    assert "Enter what is missing" in soup(missing).select_one("#reason-error").get_text()
    sent = {"command_id": str(uuid4()), "from": "list", "reason": "Which neighbour?"}
    assert meera.post(entry(ASSESSED, "/send-back"), sent).headers["Location"] == LIST
    assert "Nothing waits for your signature" in text(meera.get(LIST))

    sian = Browser(app).sign_in("SIAN")
    day = text(sian.get("/my-day"))
    assert "Came back to you (1)" in day
    assert "Which neighbour?" in day
    assert "Correct entry 7" in text(sian.get(entry(8, "/answer")))
    assert "Came back to you" not in text(Browser(app).sign_in("OWEN").get("/my-day"))
    answered = sian.post(entry(8, "/answer"), {"command_id": str(uuid4()), "note": "The one at number 9; added to the plan."})
    assert answered.headers["Location"] == "/my-day"
    assert "Came back to you" not in text(sian.get("/my-day"))
    assert sian.post(entry(8, "/answer"), {"command_id": str(uuid4())}).status_code == 422
    assert "To countersign (1)" in text(meera.get(LIST))


def test_the_officer_who_gets_a_case_deals_with_what_a_leaver_left(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do(CRN, oversight.send_back, by="MEERA", entry=ASSESSED, reason="Which neighbour?")
    fold(app)
    share = {"reason": "officer left or absent", "leaving": "leaves", "share": f"{CRN}:OWEN", "command_id": str(uuid4())}
    assert meera.post("/teams/CF1/leaver/SIAN/done", share).status_code == 303
    assert "Came back to you (1)" in text(Browser(app).sign_in("OWEN").get("/my-day"))


def test_a_trainee_s_assessment_is_signed_at_any_level(scenario: Scenario, meera: Browser, record: Record, app: Flask) -> None:
    details = {"code": "TARA", "name": "Tara Lewis", "grade": "TPO", "team": "CF1", "provider": "C10"}
    record.change(Practitioner, practitioner_id("TARA"), register_practitioner, uuid4(), now=scenario.now, by="admin", **details)
    scenario.case("X000002", "Billie Example")
    scenario.do("X000002", risk.assess_rosh, by="TARA", policy=scenario.policy, level=risk.Rosh.LOW, rationale="Nothing new.")
    fold(app)
    assert "To countersign (2)" in text(meera.get(LIST))


def test_nobody_signs_their_own_and_only_managers_of_the_team_sign(scenario: Scenario, meera: Browser, app: Flask, record: Record) -> None:
    scenario.do(CRN, risk.assess_rosh, by="MEERA", policy=scenario.policy, level=risk.Rosh.HIGH, rationale="Seen by the manager.")
    fold(app)
    before = record.head()
    assert "another manager of the team signs it" in text(meera.get(LIST))
    refused = meera.post(entry(8, "/countersign"), {"command_id": str(uuid4()), "from": "list"})
    assert refused.status_code == 422
    assert "Nobody countersigns what they wrote themselves" in text(refused)
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert other.get(LIST).status_code == 403
        for what in ("/countersign", "/send-back", "/check"):
            assert other.post(entry(ASSESSED, what), {"command_id": str(uuid4())}).status_code == 403
        assert other.get(f"/cases/{CRN}/oversight").status_code == 403
    assert record.head() == before


def test_a_drawn_contact_is_checked_and_the_officer_sees_what_it_wants(scenario: Scenario, meera: Browser, app: Flask) -> None:
    number = scenario.visit(note="Came in. OK.")
    fold(app)
    assert "Siân Rowlands 0 of 2" in text(meera.get(LIST))
    drawn = meera.get(f"{LIST}/check/SIAN")
    assert drawn.headers["Location"].startswith(entry(number, "/check"))
    assert "Came in. OK." in text(meera.get(drawn.headers["Location"]))
    nothing = meera.post(entry(number, "/check"), {"command_id": str(uuid4()), "quality": "to improve"})
    assert nothing.status_code == 422
    assert "Select or write what the entry wants" in soup(nothing).select_one("#improve-error").get_text()
    sent = {"command_id": str(uuid4()), "quality": "to improve", "improve": ["say what happens next"], "note": "What did you agree?"}
    assert meera.post(entry(number, "/check"), sent).headers["Location"] == LIST
    assert "Siân Rowlands 1 of 2" in text(meera.get(LIST))
    day = text(Browser(app).sign_in("SIAN").get("/my-day"))
    assert "Say what happens next" in day
    assert "What did you agree?" in day
    # One contact of a case a time: nothing is left to draw.
    assert meera.get(f"{LIST}/check/SIAN").headers["Location"] == LIST
    assert meera.get(f"{LIST}/check/TOM").status_code == 404


def test_who_checks_a_sensitive_entry_is_written_down_as_having_read_it(scenario: Scenario, meera: Browser, app: Flask) -> None:
    plain, sensitive = scenario.visit(days_ago=3, note="Came in."), scenario.visit(note="Told of her sister.", sensitive=True)
    fold(app)
    assert "Told of her sister." in text(meera.get(entry(sensitive, "/check")))
    assert "Came in." in text(meera.get(entry(plain, "/check")))
    with scenario.record.pool.connection() as conn:
        assert [(read.staff, read.what, read.entry) for read in reads.of_case(conn, case_id(CRN))] == [
            ("MEERA", reads.SENSITIVE, sensitive)
        ]


def test_good_enough_is_one_press_and_gives_nothing_back(scenario: Scenario, meera: Browser, app: Flask) -> None:
    number = scenario.visit()
    fold(app)
    assert meera.post(entry(number, "/check"), {"command_id": str(uuid4()), "quality": "good enough"}).status_code == 303
    assert "Came back to you" not in text(Browser(app).sign_in("SIAN").get("/my-day"))
    assert meera.post(entry(number, "/check"), {"command_id": str(uuid4()), "quality": "superb"}).status_code == 422
    assert meera.get(entry(99, "/check")).status_code == 404


def test_a_decision_is_recorded_sealed_and_told(meera: Browser, record: Record) -> None:
    address = f"/cases/{CRN}/oversight"
    for sent, field in (({"note": "See her at home."}, "kind"), ({"kind": "advice"}, "note")):
        answer = meera.post(address, {"command_id": str(uuid4()), **sent})
        assert answer.status_code == 422
        assert soup(answer).select_one(f"#{field}-error") is not None
    assert meera.post(address, {"command_id": str(uuid4()), "kind": "decision", "note": "See her at home."}).status_code == 303
    assert record.state(Case, case_id(CRN)).version == ASSESSED + 1
    told = text(meera.get(f"/cases/{CRN}/history?category=oversight"))
    assert "Management oversight: decision" in told
    assert "See her at home." in told
