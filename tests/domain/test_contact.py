"""A contact has happened already; what is not said of it follows from its kind, and it is linked to what is the case's own."""

from typing import Any

import pytest

from domain.contact import KINDS, LONGEST_NOTE, ContactRecorded, Direction, Mode, Purpose, WithWhom, Work, record_contact
from domain.event import Imported
from tests.rules import OBJECTIVE, RAR, UNPAID_WORK, YESTERDAY, supervised


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_said_follows_from_the_kind(kind: str) -> None:
    event = supervised().when(record_contact, kind=kind).event
    usual = KINDS[kind]
    assert isinstance(event, ContactRecorded)
    assert (event.mode, event.direction, event.with_whom, event.one_to_one) == (
        usual.mode,
        usual.direction,
        usual.with_whom,
        usual.one_to_one,
    )


def test_what_is_said_is_recorded_as_it_is_said() -> None:
    said: dict[str, Any] = {
        "occurred_at": YESTERDAY,
        "practitioner": "OWEN",
        "kind": "CTOB",
        "mode": Mode.VIDEO,
        "direction": Direction.ABOUT_PERSON,
        "with_whom": WithWhom.FAMILY,
        "minutes": 1,
        "work": Work(purposes=(Purpose.RISK,), objectives=(OBJECTIVE,), requirements=(RAR, UNPAID_WORK), risk_action=True),
        "team": "CF1",
        "sensitive": True,
        "note": "Her mother called.",
        "imported": Imported(source="delius", row=1),
    }
    event = supervised().when(record_contact, **said).event
    assert {field: getattr(event, field) for field in said} == said


def test_a_fact_that_is_not_given_is_not_made_up() -> None:
    event = supervised().when(record_contact).event
    assert (event.minutes, event.work, event.note) == (None, Work(), "")


def test_a_kind_that_says_nothing_leaves_direction_and_person_unknown() -> None:
    event = supervised().when(record_contact, kind="OTHR").event
    assert (event.direction, event.with_whom) == (Direction.NOT_KNOWN, WithWhom.NOT_KNOWN)


def test_a_contact_must_be_of_a_kind_that_is_offered() -> None:
    supervised().when(record_contact, kind="C999").refused("Select the kind of contact.", "kind")


@pytest.mark.parametrize("minutes", [0, -10, 1441])
def test_a_contact_lasts_between_a_minute_and_a_day(minutes: int) -> None:
    supervised().when(record_contact, minutes=minutes).refused("Minutes must be between 1 and 1,440.", "minutes")


@pytest.mark.parametrize("minutes", [1, 1440])
def test_a_contact_may_last_as_little_as_a_minute_and_as_long_as_a_day(minutes: int) -> None:
    assert supervised().when(record_contact, minutes=minutes).event.minutes == minutes


def test_a_note_has_room_for_twelve_thousand_characters() -> None:
    assert supervised().when(record_contact, note="n" * LONGEST_NOTE).events
    supervised().when(record_contact, note="n" * (LONGEST_NOTE + 1)).refused("The note must be 12,000 characters or fewer.", "note")


@pytest.mark.parametrize(
    ("work", "words", "field"),
    [
        pytest.param(Work(objectives=(OBJECTIVE, 99)), "Select objectives of this case's plan.", "objectives", id="an unknown one"),
        pytest.param(Work(objectives=(RAR,)), "Select objectives of this case's plan.", "objectives", id="a requirement"),
        pytest.param(
            Work(requirements=(OBJECTIVE,)),
            "Select requirements of this case's sentences.",
            "requirements",
            id="no requirement",
        ),
    ],
)
def test_a_contact_is_linked_to_what_is_the_case_s_own(work: Work, words: str, field: str) -> None:
    supervised().when(record_contact, work=work).refused(words, field)


def test_no_kind_of_message_letter_or_kiosk_report_is_face_to_face_by_default() -> None:
    one_way = {kind for kind, usual in KINDS.items() if usual.mode in (Mode.TEXT, Mode.LETTER, Mode.KIOSK)}
    assert one_way == {"CMOA", "CMOB", "CLOA", "CLOB", "C334"}


def test_what_is_about_the_person_is_with_somebody_else() -> None:
    about = {kind: usual.with_whom for kind, usual in KINDS.items() if usual.direction is Direction.ABOUT_PERSON}
    assert about == {"CT3B": WithWhom.AGENCY, "CIEA": WithWhom.AGENCY}


def test_group_sessions_and_unpaid_work_are_never_one_to_one_by_default() -> None:
    assert {kind for kind, usual in KINDS.items() if not usual.one_to_one} == {"APAT", "RARP", "CUPA"}
