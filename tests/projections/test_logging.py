"""What a form of a contact asks of the past: the kinds somebody uses most, and entries that may be the same contact."""

from datetime import datetime, timedelta
from typing import Any

from domain.appointment import arrange_appointment, record_outcome
from domain.contact import record_contact
from domain.entry import withdraw_entry
from projections.alike import alike
from projections.kinds_used import rows
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, YESTERDAY, Step, did, supervised


def called(at: datetime, kind: str = "CTOB", **details: Any) -> Step:
    return did(record_contact, at=at, occurred_at=at, kind=kind, **details)


def story(*steps: Step) -> Story:
    return Story(supervised(*steps).history)


def test_kinds_are_counted_by_whoever_recorded_them_and_withdrawn_ones_are_not() -> None:
    told = story(
        called(YESTERDAY),
        called(NOW),
        called(NOW, practitioner="OWEN"),
        called(NOW, "CLOB"),
        did(withdraw_entry, at=NOW, entry=NEXT + 3, reason="Not this person."),
    )
    assert sorted(rows(told, POLICY)) == [("OWEN", "CTOB", 1), ("SIAN", "CTOB", 2)]


def test_a_contact_of_the_same_kind_within_the_hour_is_alike_whoever_recorded_it() -> None:
    told = story(called(NOW, practitioner="OWEN"))
    for minutes, found in ((0, 1), (59, 1), (60, 1), (61, 0), (-60, 1), (-61, 0)):
        assert len(alike(told, "CTOB", NOW + timedelta(minutes=minutes), 60)) == found, minutes
    assert alike(told, "CTOA", NOW, 60) == []


def test_the_nearest_comes_first() -> None:
    told = story(called(NOW - timedelta(minutes=50)), called(NOW - timedelta(minutes=10)))
    near, far = alike(told, "CTOB", NOW, 60)
    assert (NOW - near.occurred_at, NOW - far.occurred_at) == (timedelta(minutes=10), timedelta(minutes=50))


def test_an_appointment_that_was_kept_is_alike_in_its_mode_and_one_that_was_not_never_is() -> None:
    def after(outcome: str) -> Story:
        arranged = did(arrange_appointment, at=YESTERDAY, starts_at=NOW, kind="COAP")
        return story(arranged, did(record_outcome, at=NOW, appointment=NEXT, outcome=outcome))

    assert len(alike(after("ATTC"), "COUP", NOW, 60)) == 1
    assert alike(after("ATTC"), "CTOB", NOW, 60) == []
    assert alike(after("UAAB"), "COUP", NOW, 60) == []


def test_a_withdrawn_contact_is_not_alike() -> None:
    told = story(called(NOW), did(withdraw_entry, at=NOW, entry=NEXT, reason="Not this person."))
    assert alike(told, "CTOB", NOW, 60) == []
