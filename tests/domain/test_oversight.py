"""Oversight: who may sign, send back and check what, and how long something is back with its officer."""

from collections.abc import Callable

import pytest

from domain.contact import ContactRecorded, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.oversight import (
    EntryCountersigned,
    EntrySentBack,
    Improve,
    OversightNoted,
    Quality,
    QualityChecked,
    answer_return,
    check_quality,
    countersign,
    note_oversight,
    send_back,
)
from domain.plan import complete_plan
from domain.risk import RoshAssessed, assess_rosh
from domain.sentence import end_sentence
from tests.rules import NEXT, NOW, SENTENCE, did, supervised

BACK = NEXT + 1
"""The entry by which the one that a test added came back."""
ASSESSED = did(assess_rosh, by="SIAN")
SENT_BACK = did(send_back, by="MEERA")


def test_given_an_assessment_when_a_manager_signs_it_then_it_is_countersigned_once() -> None:
    case = supervised(ASSESSED)
    event = case.when(countersign, by="MEERA").event
    assert isinstance(event, EntryCountersigned)
    assert event.entry == NEXT
    signed = supervised(ASSESSED, did(countersign, by="MEERA"))
    signed.when(countersign, by="RUTH").refused("This entry is countersigned already.", "entry")


@pytest.mark.parametrize("wrote", [assess_rosh, complete_plan])
def test_given_somebody_wrote_an_entry_then_they_do_not_sign_it_nor_send_it_back(wrote: Callable[..., object]) -> None:
    case = supervised(did(wrote, by="MEERA"))
    case.when(countersign, by="MEERA").refused("Nobody countersigns what they wrote themselves.", "entry")
    case.when(send_back, by="MEERA").refused("Nobody countersigns what they wrote themselves.", "entry")
    assert case.when(countersign, by="RUTH").events


def test_given_a_manager_corrected_an_entry_then_they_have_written_it_and_it_wants_a_new_signature() -> None:
    case = supervised(ASSESSED, did(countersign, by="MEERA"))
    reads = case.state.entries[NEXT]
    assert isinstance(reads, RoshAssessed)
    case.then(correct_entry, by="MEERA", reads=reads)
    case.when(countersign, by="MEERA").refused("Nobody countersigns what they wrote themselves.", "entry")
    assert case.when(countersign, by="RUTH").events


def test_a_decision_not_to_enforce_and_an_early_end_can_be_signed_and_other_decisions_cannot() -> None:
    early = supervised(did(end_sentence, how="revoked early for good progress", at=NOW))
    assert early.when(countersign, by="MEERA").events
    expired = supervised(did(end_sentence, how="expired", at=NOW))
    expired.when(countersign, by="MEERA").refused("There is nothing in this entry to countersign, or it was withdrawn.", "entry")
    supervised(did(record_contact, at=NOW)).when(countersign, by="MEERA").refused(
        "There is nothing in this entry to countersign, or it was withdrawn.", "entry"
    )


def test_an_entry_that_was_withdrawn_is_not_signed() -> None:
    case = supervised(ASSESSED, did(withdraw_entry))
    case.when(countersign, by="MEERA").refused("There is nothing in this entry to countersign, or it was withdrawn.", "entry")


def test_given_an_entry_is_sent_back_then_it_says_why_and_is_not_sent_back_twice() -> None:
    event = supervised(ASSESSED).when(send_back, by="MEERA").event
    assert isinstance(event, EntrySentBack)
    assert (event.entry, event.reason) == (NEXT, "Say who is at risk.")
    supervised(ASSESSED).when(send_back, by="MEERA", reason=" ").refused("Enter what is missing.", "reason")
    supervised(ASSESSED, SENT_BACK).when(send_back, by="RUTH").refused("This entry is with its officer already.", "entry")


def test_given_an_entry_came_back_when_it_is_answered_then_that_is_once_and_it_can_be_sent_back_again() -> None:
    case = supervised(ASSESSED, SENT_BACK, did(answer_return))
    assert case.state.returned == {}
    case.when(answer_return).refused("This has been dealt with already.", "returned")
    assert case.when(send_back, by="MEERA").events


@pytest.mark.parametrize("mended", [correct_entry, withdraw_entry])
def test_given_an_entry_came_back_when_it_is_corrected_or_withdrawn_then_it_is_dealt_with(mended: Callable[..., object]) -> None:
    case = supervised(ASSESSED, SENT_BACK)
    assert list(case.state.returned) == [BACK]
    case.then(mended, **({"reads": case.state.entries[NEXT]} if mended is correct_entry else {}))
    assert case.state.returned == {}


def test_given_a_contact_when_it_is_checked_then_what_it_wants_stands_with_it() -> None:
    case = supervised(did(record_contact, at=NOW))
    event = case.when(check_quality, by="MEERA").event
    assert isinstance(event, QualityChecked)
    assert (event.entry, event.quality, event.improve) == (NEXT, Quality.IMPROVE, (Improve.NEXT,))
    good = case.when(check_quality, by="MEERA", quality=Quality.GOOD).event
    assert good.improve == ()
    case.when(check_quality, by="MEERA", improve=()).refused("Select or write what the entry wants.", "improve")
    assert case.when(check_quality, by="MEERA", improve=(), note="Shorter.").events


def test_nobody_checks_what_they_did_nor_what_is_not_there_nor_what_is_with_its_officer() -> None:
    case = supervised(did(record_contact, at=NOW, practitioner="MEERA"))
    for somebody in ("SIAN", "MEERA"):
        case.when(check_quality, by=somebody).refused("Nobody checks what they wrote or did themselves.", "entry")
    reads = case.state.entries[NEXT]
    assert isinstance(reads, ContactRecorded)
    case.then(correct_entry, by="OWEN", reads=reads)
    case.when(check_quality, by="OWEN").refused("Nobody checks what they wrote or did themselves.", "entry")
    case.when(check_quality, by="RUTH", entry=SENTENCE).refused("There is no such entry to check, or it was withdrawn.", "entry")
    case.then(check_quality, by="RUTH")
    case.when(check_quality, by="RUTH").refused("This entry is with its officer already.", "entry")


def test_a_check_that_finds_an_entry_good_enough_gives_nothing_back() -> None:
    case = supervised(did(record_contact, at=NOW), did(check_quality, at=NOW, by="MEERA", quality=Quality.GOOD))
    assert case.state.returned == {}


def test_a_manager_s_decision_or_advice_says_something() -> None:
    event = supervised().when(note_oversight, by="MEERA").event
    assert isinstance(event, OversightNoted)
    assert event.note == "See her at home once a month."
    supervised().when(note_oversight, by="MEERA", note=" ").refused("Enter the decision or the advice.", "note")


def test_a_text_that_is_too_long_is_refused_beside_its_field() -> None:
    long = "x" * 12_001
    supervised(ASSESSED).when(send_back, by="MEERA", reason=long).refused("The reason must be 12,000 characters or fewer.", "reason")
    supervised().when(note_oversight, by="MEERA", note=long).refused("The note must be 12,000 characters or fewer.", "note")
