"""What the person prefers and needs is recorded whole, and stands until it is recorded again."""

import pytest

from domain.person import PersonDetailsRecorded, record_details
from tests.rules import NOW, YESTERDAY, closed, opened, supervised


def test_language_interpreter_and_needs_are_recorded() -> None:
    event = supervised().when(record_details, said_at=YESTERDAY).event
    assert isinstance(event, PersonDetailsRecorded)
    assert (event.language, event.interpreter, event.needs, event.pronouns) == ("Welsh", "Polish", "Large print.", "they, them")
    assert event.occurred_at == YESTERDAY


def test_most_people_need_no_interpreter_and_nothing_else() -> None:
    event = opened().when(record_details, language="English", interpreter=" ", needs="", pronouns="").event
    assert (event.language, event.interpreter, event.needs, event.pronouns) == ("English", "", "", "")


def test_they_can_be_recorded_after_supervision_has_ended() -> None:
    assert closed().when(record_details).events


@pytest.mark.parametrize("language", ["", "  "], ids=["empty", "blank"])
def test_a_language_is_needed(language: str) -> None:
    supervised().when(record_details, language=language).refused("Select the language that the person prefers.", "language")


@pytest.mark.parametrize("language", ["English", "english "])
def test_nobody_interprets_from_english(language: str) -> None:
    supervised().when(record_details, interpreter=language).refused("An interpreter is for a language other than English.", "interpreter")


def test_recording_again_is_another_entry() -> None:
    case = supervised()
    case.then(record_details, at=YESTERDAY)
    assert case.when(record_details, now=NOW, language="English").event.language == "English"
