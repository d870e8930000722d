"""What is snoozed as rows tell it: the last word on each item, until somebody or something brings it back."""

from datetime import date, timedelta
from uuid import UUID

from domain.allocation import AllocationReason, allocate
from domain.appointment import arrange_appointment
from domain.snooze import Item, end_snooze, snooze
from projections import snoozed
from projections.snoozed import Snoozed
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, TOMORROW, did, supervised

PLAN = did(snooze, at=NOW)
NO_APPOINTMENT = did(snooze, at=NOW, item=Item.NEXT_APPOINTMENT, rests_on=None, reason="Will ring.")


def of(*steps: object) -> list[tuple[object, ...]]:
    return list(snoozed.rows(Story(supervised(*steps).history), POLICY))


def test_a_snooze_stands_with_its_officer_and_team() -> None:
    told = (NEXT, "SIAN", "CF1", "plan", date(2026, 3, 19), date(2026, 3, 16), "SIAN")
    assert of(PLAN) == [told]


def test_of_one_item_the_last_snooze_stands_and_each_item_has_its_own() -> None:
    again = did(snooze, at=NOW + timedelta(days=7), until=date(2026, 3, 26))
    assert [row[0] for row in of(PLAN, again)] == [NEXT + 1]
    assert [row[3] for row in of(PLAN, NO_APPOINTMENT)] == ["plan", "next appointment"]


def test_it_stands_no_more_once_it_was_brought_back() -> None:
    assert of(PLAN, did(end_snooze, at=NOW)) == []


def test_a_new_officer_is_told_what_the_last_one_put_off() -> None:
    assert of(PLAN, did(allocate, at=TOMORROW, practitioner="MEERA", reason=AllocationReason.STAFF)) == []


def test_that_there_is_no_next_appointment_comes_back_when_one_was_arranged_since() -> None:
    arranged = did(arrange_appointment, at=NOW)
    assert of(NO_APPOINTMENT, arranged) == []
    assert [row[3] for row in of(PLAN, arranged)] == ["plan"], "a plan does not come back for that"


def test_it_holds_back_only_what_rests_on_the_same_day() -> None:
    row = Snoozed(UUID(int=1), 7, "SIAN", "CF1", "plan", date(2026, 3, 19), date(2026, 3, 16), "SIAN", "X000001", "Alex", "low")
    assert row.holds_back("plan", date(2026, 3, 16))
    assert not row.holds_back("plan", date(2026, 4, 16)), "a later due date brings it back"
    assert not row.holds_back("RoSH review", date(2026, 3, 16))
