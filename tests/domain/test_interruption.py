"""An interruption of supervision is of one kind at a time, begins during supervision and ends once."""

from datetime import timedelta

import pytest

from domain.case import Case, open_case
from domain.interruption import InterruptionBegan, InterruptionEnded, InterruptionKind, begin_interruption, end_interruption
from tests.rules import BEGAN, NEXT, NOW, YESTERDAY, Given, did, given, supervised

BEGUN = did(begin_interruption, began_at=YESTERDAY, at=NOW)


def interrupted() -> Given[Case]:
    return supervised(BEGUN)


@pytest.mark.parametrize("kind", InterruptionKind)
def test_an_interruption_begins_with_its_kind_and_place(kind: InterruptionKind) -> None:
    event = supervised().when(begin_interruption, kind=kind, began_at=YESTERDAY, place="HMP Cardiff", note="A new charge.").event
    assert isinstance(event, InterruptionBegan)
    assert (event.kind, event.occurred_at, event.place, event.note) == (kind, YESTERDAY, "HMP Cardiff", "A new charge.")


def test_one_that_is_told_no_day_begins_and_ends_now() -> None:
    assert supervised().when(begin_interruption).event.occurred_at == NOW
    assert interrupted().when(end_interruption).event.occurred_at == NOW


def test_two_of_one_kind_do_not_go_on_at_once() -> None:
    interrupted().when(begin_interruption).refused("That is recorded as going on already. End it before another begins.", "kind")


def test_two_of_different_kinds_may_go_on_at_once() -> None:
    assert interrupted().when(begin_interruption, kind=InterruptionKind.WARRANT).events


def test_another_of_the_kind_may_begin_when_the_first_is_over() -> None:
    assert supervised(BEGUN, did(end_interruption, at=NOW)).when(begin_interruption).events


def test_it_does_not_begin_before_supervision_did() -> None:
    supervised().when(begin_interruption, began_at=BEGAN - timedelta(days=1)).refused(
        "The date cannot be before supervision began.", "began_at"
    )
    given(did(open_case)).when(begin_interruption).refused("The date cannot be before supervision began.", "began_at")
    assert supervised().when(begin_interruption, began_at=BEGAN).events


def test_an_end_says_which_interruption_is_over() -> None:
    event = interrupted().when(end_interruption, note="Bailed.").event
    assert isinstance(event, InterruptionEnded)
    assert (event.interruption, event.note) == (NEXT, "Bailed.")


def test_an_interruption_ends_once_and_only_if_it_began() -> None:
    supervised(BEGUN, did(end_interruption, at=NOW)).when(end_interruption).refused("That interruption is not going on.", "interruption")
    supervised().when(end_interruption).refused("That interruption is not going on.", "interruption")


def test_it_does_not_end_before_it_began() -> None:
    interrupted().when(end_interruption, ended_at=YESTERDAY - timedelta(days=1)).refused(
        "The date cannot be before the interruption began.", "ended_at"
    )
    assert interrupted().when(end_interruption, ended_at=YESTERDAY).events
