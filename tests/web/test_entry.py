"""One entry: everything about it, and corrections and withdrawals that add and never erase."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace

from domain import appointment, contact, entry, risk, upw_session
from domain.case import case_id
from domain.contact import Purpose, Work
from domain.event import Event
from domain.upw_completion import CompletedBy, complete_upw
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import said, soup

CASE = "/cases/X000001"
STREAM = case_id("X000001")
Open = Callable[..., Browser]


def filled(page: BeautifulSoup) -> dict[str, object]:
    """What the browser would send if nothing were touched."""
    form = page.select_one("main form[method=post]")
    assert form is not None
    sent: dict[str, object] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            sent[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            sent[name] = chosen["value"] if chosen else ""
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                sent[name] = [*list(sent.get(name, [])), field["value"]]
        else:
            sent[name] = field.get("value", "")
    return sent


def errors(page: BeautifulSoup) -> dict[str, str]:
    """What the summary says, by the id it leads to; each id is on the page."""
    found = {str(a["href"]).removeprefix("#"): said(a) for a in page.select(".govuk-error-summary a")}
    assert all(page.find(id=name) for name in found), found
    return found


def attendance(scenario: Scenario) -> int:
    scenario.do(
        "X000001",
        upw_session.record_upw_attendance,
        requirement=3,
        worked_at=scenario.in_days(-2),
        outcome="ATTC",
        project="Riverside",
        supervisor="OWEN",
        minutes_offered=420,
        minutes_credited=390,
        note="Worked well.",
    )
    return scenario.version("X000001")


def outcome(scenario: Scenario) -> int:
    number = scenario.appointment(in_hours=-26)
    work = Work(purposes=(Purpose.NEEDS,), objectives=(4,), requirements=(3,))
    scenario.do("X000001", appointment.record_outcome, appointment=number, outcome="UAAB", minutes=20, work=work, note="Did not come.")
    return scenario.version("X000001")


def newest(scenario: Scenario) -> Event:
    return scenario.record.history(STREAM, texts=True)[-1].event


# ---- Reading ---------------------------------------------------------------------------------------------------------


def test_an_entry_shows_both_its_times_its_people_and_its_place_in_the_record(enter: Open, scenario: Scenario) -> None:
    scenario.do(
        "X000001",
        contact.record_contact,
        by="OWEN",
        occurred_at=scenario.in_days(-3),
        practitioner="SIAN",
        kind="CTOB",
        note="Line one.\nLine two.",
    )
    page = soup(enter().get(CASE + "/entries/7"))
    facts = {said(k): said(k.find_next("dd")) for k in page.select(".govuk-summary-list__key")}
    assert facts["Recorded"].endswith("(3 days later)")
    assert (facts["Done by"], facts["Recorded by"]) == ("Siân Rowlands", "Owen Bradley")
    assert facts["Position in the record"] == str(scenario.record.head())
    assert "Entry 7 of 7" in said(page.main)
    note = page.find(id="note-7")
    assert note is not None
    assert note.get_text() == "Line one.\nLine two."
    assert "do not prove that a contact took place" in said(page.main)


def test_a_corrected_entry_stays_and_says_how_it_reads_now(enter: Open, scenario: Scenario) -> None:
    number = outcome(scenario)
    was = newest(scenario)
    scenario.do("X000001", entry.correct_entry, entry=number, reads=replace(was, outcome="AAME"), reason="Sick note")
    page = soup(enter().get(f"{CASE}/entries/{number}"))
    assert said(page.select_one("main h2")).startswith("Unacceptable absence")
    assert "It now reads: Acceptable absence – medical" in said(page.main)


@pytest.mark.parametrize("path", ["0", "99", "99999999999999999999", "99/correct", "99/withdraw", "1/correct", "1/withdraw", "x"])
def test_an_entry_that_is_not_there_or_not_of_a_kind_to_correct_is_not_found(enter: Open, path: str) -> None:
    browser = enter()
    assert browser.get(f"{CASE}/entries/{path}").status_code == 404
    if "/" in path:
        assert browser.post(f"{CASE}/entries/{path}", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("staff", ["TOM", "HMI0002", "ADM0001"])
def test_people_outside_the_team_neither_read_nor_correct(enter: Open, scenario: Scenario, staff: str) -> None:
    number = scenario.visit()
    browser = enter(staff)
    for path in ("", "/correct", "/withdraw"):
        assert browser.get(f"{CASE}/entries/{number}{path}").status_code == 403
    for path in ("/correct", "/withdraw"):
        assert browser.post(f"{CASE}/entries/{number}{path}", {"reason": "x"}).status_code == 403
    assert scenario.version("X000001") == number


# ---- Correcting ------------------------------------------------------------------------------------------------------


def test_the_form_is_filled_with_how_a_contact_reads_and_only_what_is_touched_changes(enter: Open, scenario: Scenario) -> None:
    number = scenario.visit(days_ago=2, note="Seen\nat the office.")
    was = newest(scenario)
    assert isinstance(was, contact.ContactRecorded)
    browser = enter()
    sent = filled(soup(browser.get(f"{CASE}/entries/{number}/correct")))
    assert sent["note"] == "Seen\nat the office."
    assert (sent["minutes"], sent["purposes"], sent["objectives"]) == ("30", [Purpose.NEEDS.value], ["4"])
    answer = browser.post(f"{CASE}/entries/{number}/correct", {**sent, "minutes": "45", "reason": "Wrong length"})
    assert answer.headers["Location"] == f"{CASE}/entries/{number}"
    corrected = newest(scenario)
    assert isinstance(corrected, entry.EntryCorrected)
    assert corrected.reads == replace(was, minutes=45)
    assert (corrected.reason, corrected.by) == ("Wrong length", "SIAN")


def test_an_outcome_is_corrected_with_its_work_and_note(enter: Open, scenario: Scenario) -> None:
    number, browser = outcome(scenario), enter()
    sent = filled(soup(browser.get(f"{CASE}/entries/{number}/correct")))
    assert (sent["outcome"], sent["requirements"]) == ("UAAB", ["3"])
    changes = {
        "outcome": "AAME",
        "purposes": [Purpose.NEEDS.value, Purpose.RISK.value],
        "risk_action": "yes",
        "note": "Sick.",
        "minutes": "",
    }
    assert browser.post(f"{CASE}/entries/{number}/correct", {**sent, **changes, "reason": "Sick note"}).status_code == 303
    reads = newest(scenario).reads
    assert (reads.outcome, reads.note, reads.minutes) == ("AAME", "Sick.", None)
    assert reads.work == Work(purposes=(Purpose.NEEDS, Purpose.RISK), objectives=(4,), requirements=(3,), risk_action=True)


def test_an_assessment_is_corrected_by_level_and_reasons(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    sent = filled(soup(browser.get(CASE + "/entries/6/correct")))
    assert sent["rationale"] == "Previous violence."
    changes = {"level": "high", "rationale": "Recent violence.", "reason": "Wrong level"}
    assert browser.post(CASE + "/entries/6/correct", {**sent, **changes}).status_code == 303
    reads = newest(scenario).reads
    assert (reads.level, reads.rationale) == (risk.Rosh.HIGH, "Recent violence.")


def test_attendance_at_unpaid_work_is_corrected_within_what_was_offered(enter: Open, scenario: Scenario) -> None:
    number, browser = attendance(scenario), enter()
    address = f"{CASE}/entries/{number}/correct"
    sent = {**filled(soup(browser.get(address))), "reason": "Left early"}
    page = soup(browser.post(address, {**sent, "minutes_credited": "421"}), 422)
    assert errors(page) == {"minutes_credited": "Minutes credited must be between 0 and 420"}
    page = soup(browser.post(address, {**sent, "outcome": "UAAB"}), 422)
    assert errors(page) == {"minutes_credited": "No minutes can be credited to a person who did not attend"}
    assert browser.post(address, {**sent, "minutes_credited": "300"}).status_code == 303
    assert newest(scenario).reads.minutes_credited == 300
    sent = {**filled(soup(browser.get(address))), "reason": "Came by train", "travel_minutes": "45", "penalty_minutes": "30", "ete": "yes"}
    assert browser.post(address, {**sent, "minutes_credited": "435"}).status_code == 303
    reads = newest(scenario).reads
    assert (reads.minutes_credited, reads.travel_minutes, reads.penalty_minutes, reads.ete) == (435, 45, 30, True)


def test_how_unpaid_work_ended_is_corrected(enter: Open, scenario: Scenario) -> None:
    scenario.do("X000001", complete_upw, requirement=3, how=CompletedBy.COURT)
    browser, address = enter(), f"{CASE}/entries/{scenario.version('X000001')}/correct"
    sent = {**filled(soup(browser.get(address))), "how": "ended by the court", "reason": "Wrong words"}
    page = soup(browser.post(address, {**sent, "how": "all hours worked"}), 422)
    assert errors(page) == {"how": "4,800 minutes are still to be worked. Only the court can end the work before that."}
    assert browser.post(address, {**sent, "note": "At the review."}).status_code == 303
    assert newest(scenario).reads.note == "At the review."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason": ""}, {"reason": "Enter why the entry is corrected"}),
        ({}, {"entry": "Change what is wrong in the entry. Nothing in it was changed"}),
        ({"minutes": "many"}, {"minutes": "Minutes must be a whole number, like 45"}),
        ({"minutes": "0"}, {"minutes": "Minutes must be between 1 and 1,440"}),
        ({"occurred_at": "32 1 2026"}, {"occurred_at": "The date of the contact must be a real date, like 27 3 2026"}),
        ({"occurred_at": "1 1 2199"}, {"occurred_at": "The date and time must be in the past."}),
        ({"occurred_at-time": "noonish"}, {"occurred_at-time": "The time of the contact must be a time, like 9:30am or 14:45"}),
        ({"occurred_at": ""}, {"occurred_at": "Enter the date of the contact"}),
        ({"purposes": "being kind"}, {"purposes": "Select purposes from the list"}),
        ({"objectives": "3"}, {"objectives": "Select objectives of this case's plan"}),
        ({"requirements": "1' or 1"}, {"requirements": "Select requirements of this case's sentences"}),
        ({"note": "x" * 12_001}, {"note": "Must be 12,000 characters or fewer"}),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    enter: Open, scenario: Scenario, changes: dict[str, str], expected: dict[str, str]
) -> None:
    number, browser = scenario.visit(days_ago=2), enter()
    address = f"{CASE}/entries/{number}/correct"
    sent = {**filled(soup(browser.get(address))), "reason": "Because\nof this"}
    page = soup(browser.post(address, {**sent, **changes}), 422)
    assert errors(page) == expected
    assert page.title is not None
    assert str(page.title.string).startswith("Error: ")
    again = filled(page)
    kept = {name: value for name, value in (sent | changes).items() if name not in ("csrf_token", "purposes", "objectives", "requirements")}
    assert {name: again[name] for name in kept} == kept
    assert scenario.version("X000001") == number


def test_an_empty_form_is_a_mistake_and_not_a_fault(enter: Open, scenario: Scenario) -> None:
    browser = enter()
    for number in (scenario.visit(), outcome(scenario), attendance(scenario), 6):
        assert browser.post(f"{CASE}/entries/{number}/correct").status_code == 422
        assert browser.post(f"{CASE}/entries/{number}/withdraw").status_code == 422


def test_the_same_correction_sent_twice_is_one(enter: Open, scenario: Scenario) -> None:
    number, browser = scenario.visit(), enter()
    address = f"{CASE}/entries/{number}/correct"
    sent = {**filled(soup(browser.get(address))), "note": "Seen at home.", "reason": "Wrong place"}
    assert [browser.post(address, sent).status_code for _ in range(3)] == [303, 303, 303]
    assert scenario.version("X000001") == number + 1


def test_somebody_elses_newer_correction_is_never_written_over_unseen(enter: Open, scenario: Scenario) -> None:
    number, browser = scenario.visit(), enter()
    address = f"{CASE}/entries/{number}/correct"
    sent = {**filled(soup(browser.get(address))), "note": "My words.", "reason": "Mine"}
    was = scenario.record.history(STREAM, texts=True)[number - 1].event
    scenario.do("X000001", entry.correct_entry, by="OWEN", entry=number, reads=replace(was, note="Owen’s words."), reason="His")
    page = soup(browser.post(address, sent), 422)
    assert errors(page)["entry"].startswith("Owen Bradley corrected this entry while you were writing")
    assert filled(page)["note"] == "My words."
    assert browser.post(address, filled(page)).status_code == 303
    assert newest(scenario).reads.note == "My words."


def test_a_second_correction_begins_with_the_first(enter: Open, scenario: Scenario) -> None:
    number, browser = scenario.visit(), enter()
    address = f"{CASE}/entries/{number}/correct"
    browser.post(address, {**filled(soup(browser.get(address))), "note": "First.", "reason": "a"})
    second = filled(soup(browser.get(address)))
    assert second["note"] == "First."
    assert browser.post(address, {**second, "minutes": "50", "reason": "b"}).status_code == 303
    assert newest(scenario).reads.note == "First."


# ---- Withdrawing -----------------------------------------------------------------------------------------------------


def test_a_withdrawal_needs_a_reason_and_is_made_once(enter: Open, scenario: Scenario) -> None:
    number, browser = scenario.visit(), enter()
    address = f"{CASE}/entries/{number}/withdraw"
    assert errors(soup(browser.post(address, {"reason": " "}), 422)) == {"reason": "Enter why the entry is withdrawn"}
    sent = {"command_id": str(uuid4()), "reason": "Another person"}
    assert [browser.post(address, sent).status_code for _ in range(2)] == [303, 303]
    withdrawn = newest(scenario)
    assert isinstance(withdrawn, entry.EntryWithdrawn)
    assert (withdrawn.entry, withdrawn.reason) == (number, "Another person")
    assert scenario.version("X000001") == number + 1


def test_a_withdrawn_entry_cannot_be_changed_and_the_words_typed_are_kept(enter: Open, scenario: Scenario) -> None:
    number, browser = scenario.visit(), enter()
    sent = {**filled(soup(browser.get(f"{CASE}/entries/{number}/correct"))), "note": "New words.", "reason": "Mine"}
    scenario.do("X000001", entry.withdraw_entry, by="OWEN", entry=number, reason="His")
    page = soup(browser.post(f"{CASE}/entries/{number}/correct", sent), 422)
    assert filled(page)["note"] == "New words."
    assert "it was withdrawn" in errors(page)["entry"]
    assert errors(soup(browser.post(f"{CASE}/entries/{number}/withdraw", {"reason": "x"}), 422))["entry"]
    answer = browser.get(f"{CASE}/entries/{number}/correct", follow_redirects=True)
    assert "This entry was withdrawn, so it can no longer be changed" in answer.text
