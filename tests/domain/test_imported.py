"""What an import brings is marked with its source and row, and may come without the reasons that an officer must give."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.allocation import allocate_to_team
from domain.appointment import arrange_appointment, record_outcome
from domain.contact import record_contact
from domain.event import Event, Imported
from domain.evidence import EvidenceDecided, decide_evidence
from domain.person import record_details
from domain.register import deregister, register, review_registration
from domain.requirement import amend_requirement, impose_requirement
from domain.risk import RoshAssessed, assess_rosh
from domain.sentence import amend_sentence, start_sentence
from tests.rules import BEGAN, YESTERDAY, did, in_words, opened, supervised

MARK = Imported(source="old system", row=12)
MISSED = (
    did(arrange_appointment, at=BEGAN, starts_at=YESTERDAY),
    did(record_outcome, at=YESTERDAY, outcome="UAAB"),
)


@pytest.mark.parametrize(
    "command",
    [
        start_sentence,
        amend_sentence,
        impose_requirement,
        amend_requirement,
        assess_rosh,
        register,
        record_details,
        record_contact,
        arrange_appointment,
    ],
    ids=in_words,
)
def test_every_entry_that_an_import_brings_is_marked(command: Callable[..., list[Event]]) -> None:
    events = supervised().when(command, imported=MARK).events
    assert events
    assert [event.imported for event in events] == [MARK] * len(events)


@pytest.mark.parametrize("command", [review_registration, deregister], ids=in_words)
def test_so_is_what_becomes_of_a_registration(command: Any) -> None:
    assert supervised(did(register)).when(command, imported=MARK).event.imported == MARK


def test_so_is_the_team_that_has_a_case() -> None:
    assert opened().when(allocate_to_team, imported=MARK).event.imported == MARK


def test_a_level_of_risk_is_imported_without_reasons_and_never_recorded_without_them() -> None:
    event = supervised().when(assess_rosh, rationale="", imported=MARK).event
    assert isinstance(event, RoshAssessed)
    assert event.rationale == ""
    supervised().when(assess_rosh, rationale="").refused("Enter the reasons for the level.", "rationale")


def test_a_decision_about_evidence_is_imported_without_its_reason_and_never_recorded_without_one() -> None:
    event = supervised(*MISSED).when(decide_evidence, reason="", imported=MARK).event
    assert isinstance(event, EvidenceDecided)
    assert (event.imported, event.reason) == (MARK, "")
    supervised(*MISSED).when(decide_evidence, reason="").refused("Enter what was said or shown and why it is accepted or not.", "reason")
