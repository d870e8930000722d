"""A leaver's whole caseload: shared out, looked at, and moved in one command, all or nothing, with a note in every history."""

from uuid import uuid4

import pytest
from flask import Flask

from domain import allocation, limited_access
from domain.allocation import AllocationReason, CaseAllocated
from domain.case import Case, case_id
from domain.practitioner import Practitioner, practitioner_id
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text_of as text

START = "/teams/CF1/leaver/SIAN"
DONE = f"{START}/done"
CRNS = ("X000001", "X000002", "X000003")


def told_once(told: Scenario) -> None:
    """Siân holds three cases and Owen one."""
    for crn, name in zip(CRNS, ("Alex Example", "Billie Example", "Chris Example"), strict=True):
        told.case(crn, name)
    told.case("X000009", "Dana Example", practitioner="OWEN")


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def chosen(*takers: str, **changes: object) -> dict[str, object]:
    return {"takers": list(takers), "reason": "officer left or absent", "note": "Ask for the blue file.", "leaving": "leaves", **changes}


def confirmed(answer) -> dict[str, object]:
    """What the form of the second page sends."""
    page = soup(answer)
    single = {field["name"]: field["value"] for field in page.select("main form input[name]") if field["name"] not in ("takers", "rules")}
    several = {name: [field["value"] for field in page.select(f"input[name={name}]")] for name in ("takers", "rules")}
    return {**single, **several, "share": [field["value"] for field in page.select("select[name=share] option[selected]")]}


def holders(record: Record) -> list[str]:
    allocations = [record.state(Case, case_id(crn)).allocation for crn in CRNS]
    return [held.practitioner for held in allocations if held is not None]


def test_the_team_page_leads_to_it_for_each_officer(meera: Browser) -> None:
    assert soup(meera.get("/teams/CF1")).select_one(f"a[href='{START}']") is not None


def test_the_cases_are_shared_out_by_what_each_can_carry_and_shown_before_anything_is_saved(meera: Browser, record: Record) -> None:
    before = record.head()
    assert "Siân Rowlands holds 3 open cases." in text(meera.get(START))
    answer = meera.post(START, chosen("OWEN", "MEERA"))

    assert answer.status_code == 200
    assert confirmed(answer)["share"] == ["X000001:MEERA", "X000002:MEERA", "X000003:OWEN"]
    # Each case weighs 63 points: Meera (no number of her own) and Owen are level with two each.
    assert "Meera Anand 0 2 2 0 126 No number" in text(answer)
    assert "Owen Bradley 1 1 2 63 126 2,176 5.8%" in text(answer)
    assert record.head() == before


def test_everybody_who_carries_cases_is_proposed_by_every_rule(meera: Browser) -> None:
    page = soup(meera.get(START))
    assert [box["value"] for box in page.select("input[name=takers][checked]")] == ["OWEN"]
    assert [box["value"] for box in page.select("input[name=rules][checked]")] == ["known", "groups", "language"]
    assert "Holds 1 case: 63 points, 2.9% of what they can carry" in text(meera.get(START))


def test_whoever_held_a_case_before_takes_it_back_unless_that_rule_is_left_out(scenario: Scenario, meera: Browser, app: Flask) -> None:
    for practitioner, days_ago in (("OWEN", 30), ("SIAN", 9)):
        at = scenario.in_days(-days_ago)
        change = {"team": "CF1", "provider": "C10", "reason": AllocationReason.WORKLOAD, "occurred_at": at}
        scenario.do("X000002", allocation.allocate, practitioner=practitioner, **change)
    app.extensions["throughline"].read_side.catch_up()
    answer = meera.post(START, chosen("OWEN", "MEERA", rules=["known"]))
    assert "X000002:OWEN" in confirmed(answer)["share"]
    assert "Owen Bradley was this person’s officer for 21 days" in text(answer)
    # Without the rule Meera takes the first two, as the shares then stand.
    assert "X000002:MEERA" in confirmed(meera.post(START, chosen("OWEN", "MEERA", rules=[])))["share"]


def test_a_taker_can_be_changed_and_the_effect_looked_at_again_before_it_is_saved(meera: Browser, record: Record) -> None:
    sent = confirmed(meera.post(START, chosen("OWEN", "MEERA")))
    changed = {**sent, "share": ["X000001:OWEN", "X000002:MEERA", "X000003:OWEN"]}
    before = record.head()
    again = meera.post(START, changed)
    assert confirmed(again)["share"] == changed["share"]
    assert "You chose Owen Bradley" in text(again)
    assert "Owen Bradley 1 2 3 63 189 2,176 8.7%" in text(again)
    assert record.head() == before
    assert meera.post(DONE, confirmed(again)).status_code == 303
    assert holders(record) == ["OWEN", "MEERA", "OWEN"]


def test_everything_moves_in_one_command_and_the_note_stands_in_every_history(meera: Browser, record: Record) -> None:
    sent = confirmed(meera.post(START, chosen("OWEN")))
    first, before = meera.post(DONE, sent), record.head()
    second = meera.post(DONE, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert record.head() == before
    assert holders(record) == ["OWEN"] * 3
    for crn in CRNS:
        event = record.history(case_id(crn), texts=True)[-1].event
        assert isinstance(event, CaseAllocated)
        assert (event.note, event.reason) == ("Ask for the blue file.", AllocationReason.STAFF)
    assert record.state(Practitioner, practitioner_id("SIAN")).team == ""
    assert "Siân Rowlands" not in soup(meera.get("/teams/CF1")).select_one("table.app-officers").get_text()


def test_an_officer_who_stays_hands_over_and_is_still_there(meera: Browser, record: Record) -> None:
    sent = confirmed(meera.post(START, chosen("OWEN", leaving="stays")))
    assert meera.post(DONE, sent).status_code == 303
    assert record.state(Practitioner, practitioner_id("SIAN")).team == "CF1"
    assert holders(record) == ["OWEN"] * 3


def test_when_one_case_cannot_move_none_does(scenario: Scenario, meera: Browser, record: Record) -> None:
    sent = confirmed(meera.post(START, chosen("OWEN")))
    scenario.do("X000002", limited_access.exclude, practitioner="OWEN", reason="A cousin.")
    before = record.head()
    answer = meera.post(DONE, sent)

    assert answer.status_code == 422
    assert "this practitioner may not see it" in text(answer)
    assert record.head() == before


def test_a_case_is_not_shared_out_to_somebody_from_whom_it_is_hidden(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do("X000002", limited_access.exclude, practitioner="OWEN", reason="A cousin.")
    app.extensions["throughline"].read_side.catch_up()

    assert "X000002:MEERA" in confirmed(meera.post(START, chosen("OWEN", "MEERA")))["share"]
    alone = meera.post(START, chosen("OWEN"))
    assert alone.status_code == 422
    assert "Select somebody else too" in soup(alone).select_one("#takers-error").get_text()


def test_a_case_that_came_in_between_is_not_left_behind(scenario: Scenario, meera: Browser, app: Flask, record: Record) -> None:
    sent = confirmed(meera.post(START, chosen("OWEN")))
    scenario.do("X000009", allocation.allocate, practitioner="SIAN", team="CF1", provider="C10", reason=AllocationReason.WORKLOAD)
    app.extensions["throughline"].read_side.catch_up()
    before = record.head()
    answer = meera.post(DONE, sent)

    assert answer.status_code == 422
    assert "have changed since this page was opened" in text(answer)
    assert record.head() == before


def test_what_is_missing_is_said_beside_its_field(meera: Browser, record: Record) -> None:
    before = record.head()
    for changes, field, message in (
        ({"takers": []}, "takers", "Select who takes the cases over"),
        ({"takers": ["TOM"]}, "takers", "Select who takes the cases over"),
        ({"takers": ["SIAN"]}, "takers", "Select who takes the cases over"),
        ({"reason": ""}, "reason", "Select why the cases move"),
        ({"leaving": ""}, "leaving", "Select whether the officer leaves the team"),
        ({"note": "x" * 12_001}, "note", "Must be 12,000 characters or fewer"),
    ):
        answer = meera.post(START, {**chosen("OWEN"), **changes})
        assert answer.status_code == 422, changes
        assert message in soup(answer).select_one(f"#{field}-error").get_text()
    for share in ("NONE:OWEN", "X000001:TOM", "X000001", ":"):
        answer = meera.post(DONE, {**chosen(), "share": share, "command_id": str(uuid4())})
        assert answer.status_code == 422
        assert "one of them can no longer be moved like this" in text(answer)
    assert record.head() == before


def test_somebody_who_holds_nothing_just_leaves(meera: Browser, record: Record) -> None:
    address = "/teams/CF1/leaver/MEERA"
    sent = confirmed(meera.post(address, chosen(leaving="stays")))
    answer = meera.post(f"{address}/done", sent)
    assert answer.status_code == 422
    assert "There is nothing to do" in text(answer)


def test_only_the_manager_of_the_team_may(meera: Browser, app: Flask) -> None:
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert other.get(START).status_code == 403
        assert other.post(DONE, {"share": "X000001:OWEN"}).status_code == 403
    assert meera.get("/teams/CF1/leaver/TOM").status_code == 404
    assert meera.post("/teams/CF1/leaver/TOM/done", {}).status_code == 404
