"""A correction or a withdrawal is an entry of its own: it keeps the kind and the appointment, says why, and changes nothing before it."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from domain.allocation import CaseAllocated
from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case
from domain.contact import LONGEST_NOTE, Mode, Work, record_contact
from domain.entry import EntryCorrected, EntryWithdrawn, as_it_stands, correct_entry, withdraw_entry
from domain.event import Event
from domain.plan import complete_plan, review_plan
from domain.requirement import credit_rar_day
from domain.risk import Rosh, SignificantEvent, assess_rosh, note_significant_event
from domain.upw_completion import complete_upw
from domain.upw_session import record_upw_attendance
from tests.rules import (
    A_SECOND,
    ALLOCATION,
    NEXT,
    NOW,
    OBJECTIVE,
    RAR,
    TOMORROW,
    YESTERDAY,
    Command,
    Given,
    Step,
    closed,
    did,
    supervised,
)

NONE_SUCH = "There is no such entry to correct, or it was withdrawn."
APPOINTMENT = did(arrange_appointment, starts_at=YESTERDAY)
ENTRIES: dict[str, tuple[tuple[Step, ...], dict[str, Any]]] = {
    "a contact": ((did(record_contact, at=NOW, note="Seen."),), {"mode": Mode.HOME}),
    "an outcome": ((APPOINTMENT, did(record_outcome, at=NOW)), {"outcome": "UAAB"}),
    "a risk assessment": ((did(assess_rosh, at=NOW),), {"level": Rosh.HIGH}),
    "a significant event": ((did(note_significant_event, at=NOW),), {"kind": SignificantEvent.HARM}),
    "a rehabilitation activity day": ((did(credit_rar_day, at=NOW),), {"minutes": 60}),
    "a review of the plan": ((did(complete_plan), did(review_plan, at=NOW)), {"with_person": True}),
    "a session of unpaid work": ((did(record_upw_attendance, at=NOW),), {"minutes_credited": 60}),
    "the end of unpaid work": ((did(complete_upw, at=NOW),), {"note": "By the Crown Court."}),
}
"""How each kind of entry that can be corrected comes about, and something about it that was wrong."""


def made(what: str) -> tuple[Given[Case], int, Any, dict[str, Any]]:
    """A case with such an entry, its number, how it reads, and what was wrong."""
    steps, wrong = ENTRIES[what]
    case = supervised(*steps)
    return case, case.state.version, case.history[-1].event, wrong


def entry_of(command: Command, at: Any = NOW, **details: Any) -> tuple[Given[Case], Any]:
    case = supervised(did(command, at=at, **details))
    return case, case.history[-1].event


@pytest.mark.parametrize("what", ENTRIES)
def test_an_entry_is_corrected_with_a_reason(what: str) -> None:
    case, number, reads, wrong = made(what)
    event = case.when(correct_entry, entry=number, reads=replace(reads, **wrong), reason="I mixed two people up.").event
    assert isinstance(event, EntryCorrected)
    assert (event.entry, event.reads, event.reason) == (number, replace(reads, **wrong), "I mixed two people up.")


@pytest.mark.parametrize("what", ENTRIES)
def test_an_entry_is_withdrawn_with_a_reason(what: str) -> None:
    case, number, _, _ = made(what)
    event = case.when(withdraw_entry, entry=number, reason="Another person's.").event
    assert isinstance(event, EntryWithdrawn)
    assert (event.entry, event.reason) == (number, "Another person's.")


@pytest.mark.parametrize("to", ENTRIES)
@pytest.mark.parametrize("what", ENTRIES)
def test_a_correction_keeps_the_kind_of_entry(what: str, to: str) -> None:
    case, number, _, _ = made(what)
    _, _, other, wrong = made(to)
    answer = case.when(correct_entry, entry=number, reads=replace(other, **wrong))
    if to == what:
        assert answer.events
    else:
        answer.refused("A correction keeps the kind of entry. Withdraw it and record another.", "entry")


def test_a_correction_keeps_the_appointment() -> None:
    case = supervised(APPOINTMENT, APPOINTMENT, did(record_outcome, at=NOW))
    reads = replace(case.history[-1].event, appointment=NEXT + 1)
    case.when(correct_entry, entry=NEXT + 2, reads=reads).refused("A correction stays with its appointment.", "entry")


@pytest.mark.parametrize("reason", ["", " \n "], ids=["empty", "blank"])
def test_a_correction_and_a_withdrawal_say_why(reason: str) -> None:
    case, number, reads, wrong = made("a contact")
    case.when(correct_entry, entry=number, reads=replace(reads, **wrong), reason=reason).refused("Enter the reason.", "reason")
    case.when(withdraw_entry, entry=number, reason=reason).refused("Enter the reason.", "reason")


@pytest.mark.parametrize("number", [0, ALLOCATION, NEXT + 1, -1], ids=["none", "an allocation", "one to come", "below none"])
def test_what_is_no_contact_outcome_assessment_or_session_is_neither_corrected_nor_withdrawn(number: int) -> None:
    case, _, reads, _ = made("a contact")
    case.when(correct_entry, entry=number, reads=reads).refused(NONE_SUCH, "entry")
    case.when(withdraw_entry, entry=number).refused(NONE_SUCH, "entry")


@pytest.mark.parametrize("what", ENTRIES)
def test_a_withdrawn_entry_is_neither_corrected_nor_withdrawn_again(what: str) -> None:
    case, number, reads, wrong = made(what)
    case.then(withdraw_entry, entry=number)
    case.when(correct_entry, entry=number, reads=replace(reads, **wrong)).refused(NONE_SUCH, "entry")
    case.when(withdraw_entry, entry=number).refused(NONE_SUCH, "entry")


@pytest.mark.parametrize("what", ENTRIES)
def test_a_rule_cannot_say_that_nothing_changed_because_it_never_sees_the_texts(what: str) -> None:
    """Only the text may differ, and texts are sealed: the page that shows them compares."""
    case, number, reads, _ = made(what)
    assert case.when(correct_entry, entry=number, reads=reads).events


@pytest.mark.parametrize("what", ENTRIES)
def test_a_correction_is_not_to_a_time_in_the_future(what: str) -> None:
    case, number, reads, _ = made(what)
    case.when(correct_entry, entry=number, reads=replace(reads, occurred_at=NOW + A_SECOND)).refused(
        "The date and time must be in the past.", "occurred_at"
    )
    assert case.when(correct_entry, now=TOMORROW, entry=number, reads=replace(reads, occurred_at=NOW - A_SECOND)).events


@pytest.mark.parametrize(
    ("what", "change", "words", "field"),
    [
        pytest.param("an outcome", {"outcome": "XXXX"}, "Select the outcome.", "outcome", id="an outcome there is none of"),
        pytest.param("a contact", {"kind": "C999"}, "Select the kind of contact.", "kind", id="a kind that is not offered"),
        pytest.param("a contact", {"minutes": 0}, "Minutes must be between 1 and 1,440.", "minutes", id="a contact of no length"),
        pytest.param("an outcome", {"minutes": 1441}, "Minutes must be between 1 and 1,440.", "minutes", id="an outcome of over a day"),
        pytest.param(
            "a contact",
            {"note": "n" * (LONGEST_NOTE + 1)},
            "The note must be 12,000 characters or fewer.",
            "note",
            id="too long a note",
        ),
        pytest.param(
            "a contact", {"work": Work(objectives=(RAR,))}, "Select objectives of this case's plan.", "objectives", id="no objective of it"
        ),
        pytest.param(
            "an outcome",
            {"work": Work(requirements=(OBJECTIVE,))},
            "Select requirements of this case's sentences.",
            "requirements",
            id="no requirement of it",
        ),
        pytest.param(
            "a risk assessment", {"rationale": " "}, "Enter the reasons for the level.", "rationale", id="an assessment without reasons"
        ),
        pytest.param(
            "a session of unpaid work",
            {"minutes_credited": 421},
            "Minutes credited must be between 0 and the minutes offered.",
            "minutes_credited",
            id="more credited than offered",
        ),
        pytest.param(
            "a session of unpaid work",
            {"outcome": "UAAB"},
            "No minutes can be credited to a person who did not attend.",
            "minutes_credited",
            id="credit to somebody absent",
        ),
        pytest.param(
            "a session of unpaid work",
            {"requirement": RAR},
            "Select the unpaid work requirement.",
            "requirement",
            id="another kind of requirement",
        ),
    ],
)
def test_an_entry_is_corrected_only_to_what_could_have_been_recorded(what: str, change: dict[str, Any], words: str, field: str) -> None:
    case, number, reads, _ = made(what)
    case.when(correct_entry, entry=number, reads=replace(reads, **change)).refused(words, field)


def test_an_entry_of_a_closed_case_can_still_be_put_right() -> None:
    case = closed(did(record_contact, at=NOW))
    reads = replace(case.history[NEXT - 1].event, minutes=20)
    assert case.when(correct_entry, reads=reads).events
    assert case.when(withdraw_entry).events


def test_nothing_before_a_correction_is_changed_by_it() -> None:
    case, number, reads, wrong = made("a contact")
    before = list(case.history)
    case.then(correct_entry, entry=number, reads=replace(reads, **wrong))
    case.then(withdraw_entry, entry=number)
    assert case.history[: len(before)] == before


def test_an_entry_stands_as_its_last_correction_reads_beside_what_was_recorded() -> None:
    case, original = entry_of(record_contact)
    case.then(correct_entry, reads=replace(original, minutes=20))
    last = case.then(correct_entry, reads=replace(original, minutes=30))
    standing = as_it_stands(case.history)[NEXT - 1]
    assert standing.recorded.event == original
    assert standing.reads == replace(original, minutes=30)
    assert (standing.number, standing.corrected_by, standing.withdrawn_by) == (NEXT, last, 0)


def test_a_withdrawn_entry_says_which_entry_withdrew_it() -> None:
    case, _ = entry_of(record_contact)
    withdrawal = case.then(withdraw_entry)
    assert as_it_stands(case.history)[NEXT - 1].withdrawn_by == withdrawal


def test_every_entry_of_a_history_stands_in_the_order_of_recording() -> None:
    case, original = entry_of(record_contact)
    case.then(correct_entry, reads=replace(original, minutes=20))
    case.then(withdraw_entry)
    assert [standing.number for standing in as_it_stands(case.history)] == list(range(1, case.state.version + 1))


def test_what_was_never_corrected_reads_as_it_was_recorded() -> None:
    standing = as_it_stands(supervised().history)
    events: list[Event] = [s.reads for s in standing]
    assert isinstance(events[ALLOCATION - 1], CaseAllocated)
    assert not any(s.corrected_by or s.withdrawn_by for s in standing)


def test_a_review_day_can_be_put_right() -> None:
    case, reads = entry_of(assess_rosh)
    assert case.when(correct_entry, reads=replace(reads, review_due_on=date(2026, 6, 1))).events
