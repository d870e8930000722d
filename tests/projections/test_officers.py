"""Officers one after another: whole months with somebody, few officers in a year, and whether a new officer is met soon."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.allocation import UNALLOCATED, AllocationReason, allocate
from domain.case import Case
from domain.contact import record_contact
from domain.cover import start_cover
from domain.interruption import begin_interruption, end_interruption
from domain.sentence import end_sentence
from domain.transfer import accept_transfer, hold_handover, request_transfer
from projections.finding import Finding, Verdict
from projections.measures import MEASURES
from projections.officers import turns
from projections.story import Story
from tests.rules import NEXT, POLICY, Given, Step, did, opened, supervised

TODAY = date(2026, 8, 3)


def on(day: int, month: int = 1, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def held_from(at: datetime, practitioner: str, reason: AllocationReason = AllocationReason.STAFF) -> Step:
    return did(allocate, at=at, practitioner=practitioner, reason=reason)


def seen(at: datetime, by: str, **details: Any) -> Step:
    return did(record_contact, at=at + timedelta(hours=1), occurred_at=at, practitioner=by, **details)


def found(case: Given[Case], measure: str, today: date = TODAY) -> list[Finding]:
    return MEASURES[measure].findings(Story(case.history), POLICY, today)


def by_month(case: Given[Case], measure: str, today: date = TODAY) -> dict[str, tuple[Verdict, str]]:
    return {f"{f.month:%B}": (f.verdict, f.why) for f in found(case, measure, today)}


# Turns -----------------------------------------------------------------------------------------------------------------


def line(case: Given[Case]) -> list[tuple[str, str, str]]:
    return [(turn.practitioner, turn.before, turn.counts_as) for turn in turns(Story(case.history))]


def test_one_officer_after_another_with_who_came_before() -> None:
    assert line(supervised(held_from(on(1, 2), "OWEN"), held_from(on(1, 3), "SIAN"))) == [
        ("SIAN", "", "SIAN"),
        ("OWEN", "SIAN", "OWEN"),
        ("SIAN", "OWEN", "SIAN"),
    ]


def test_a_time_with_nobody_is_no_officer_and_ends_a_turn() -> None:
    gone = supervised(held_from(on(1, 2), UNALLOCATED), held_from(on(9, 2), "SIAN"))
    assert [(t.practitioner, t.is_change) for t in turns(Story(gone.history))] == [("SIAN", False), ("SIAN", False)]


def test_after_an_administrative_move_the_new_officer_counts_as_the_one_before() -> None:
    moved = supervised(
        held_from(on(1, 2), "OWEN", AllocationReason.ADMINISTRATIVE),
        held_from(on(1, 3), "SIAN", AllocationReason.ADMINISTRATIVE),
        held_from(on(1, 4), "MEERA"),
    )
    assert line(moved) == [("SIAN", "", "SIAN"), ("OWEN", "SIAN", "SIAN"), ("SIAN", "OWEN", "SIAN"), ("MEERA", "SIAN", "MEERA")]
    assert [t.administrative for t in turns(Story(moved.history))] == [False, True, True, False]


def test_a_move_from_nobody_to_somebody_is_a_change_whatever_it_is_called() -> None:
    case = supervised(held_from(on(1, 2), UNALLOCATED), held_from(on(9, 2), "OWEN", AllocationReason.ADMINISTRATIVE))
    assert line(case)[1] == ("OWEN", "SIAN", "OWEN")


def test_an_officer_who_keeps_the_case_in_another_team_has_one_turn() -> None:
    stays = supervised(did(request_transfer, at=on(1, 2)), did(accept_transfer, at=on(3, 2), practitioner="SIAN"))
    assert line(stays) == [("SIAN", "", "SIAN")]


# With an officer -------------------------------------------------------------------------------------------------------

THROUGHOUT = (Verdict.YES, "Somebody held the case on every day")


def test_a_month_counts_when_somebody_held_the_case_on_each_of_its_days() -> None:
    case = supervised(held_from(on(20, 3), UNALLOCATED), held_from(on(2, 4), "OWEN"))
    assert by_month(case, "with-an-officer", date(2026, 6, 15)) == {
        "February": THROUGHOUT,
        "March": (Verdict.NO, "Nobody held the case on 12 days"),
        "April": (Verdict.NO, "Nobody held the case on 1 day"),
        "May": THROUGHOUT,
    }


def test_a_change_of_officer_within_a_day_leaves_no_day_without_one() -> None:
    case = supervised(held_from(on(20, 3, 9), UNALLOCATED), held_from(on(20, 3, 16), "OWEN"))
    assert by_month(case, "with-an-officer", date(2026, 4, 1))["March"] == THROUGHOUT


def test_before_the_first_allocation_nobody_holds_the_case_and_the_month_is_in_no_team() -> None:
    (february,) = found(opened(), "with-an-officer", date(2026, 3, 1))
    assert (february.verdict, february.why, february.holder) == (Verdict.NO, "Nobody held the case on 28 days", None)


def test_a_month_stands_with_whoever_held_the_case_at_its_end_and_on_that_entry() -> None:
    case = supervised(held_from(on(20, 2), "OWEN"))
    (february,) = found(case, "with-an-officer", date(2026, 3, 1))
    assert february.holder is not None
    assert (february.holder.practitioner, february.number) == ("OWEN", NEXT)


def test_only_months_in_which_the_person_could_be_seen_on_every_day_count() -> None:
    case = supervised(
        did(begin_interruption, at=on(10, 3)),
        did(end_interruption, at=on(20, 4)),
        did(end_sentence, at=on(10, 7), ended_at=on(10, 7)),
    )
    assert list(by_month(case, "with-an-officer")) == ["February", "May", "June"]


# Few officers ----------------------------------------------------------------------------------------------------------


def test_up_to_two_officers_in_the_year_before_are_few_and_three_are_not() -> None:
    case = supervised(held_from(on(10, 3), "OWEN"), held_from(on(10, 5), "MEERA"))
    assert by_month(case, "few-officers", date(2026, 7, 1)) == {
        "February": (Verdict.YES, "1 officer"),
        "March": (Verdict.YES, "2 officers"),
        "April": (Verdict.YES, "2 officers"),
        "May": (Verdict.NO, "3 officers"),
        "June": (Verdict.NO, "3 officers"),
    }


def test_an_officer_leaves_the_count_a_year_after_they_let_the_case_go() -> None:
    """Sian let it go on 10 March 2026: the 365 days up to the end of February 2027 begin on 1 March 2026, and the next later."""
    case = supervised(held_from(on(10, 3), "OWEN"), held_from(on(10, 5), "MEERA"))
    told = {f.month: f.why for f in found(case, "few-officers", date(2027, 7, 1))}
    assert [told[date(2027, month, 1)] for month in (2, 3, 4, 5)] == ["3 officers", "2 officers", "2 officers", "1 officer"]


def test_the_same_officer_again_is_one_officer() -> None:
    case = supervised(held_from(on(10, 3), "OWEN"), held_from(on(10, 4), "SIAN"), held_from(on(10, 5), "OWEN"))
    assert by_month(case, "few-officers")["May"] == (Verdict.YES, "2 officers")


def test_administrative_moves_are_named_and_not_counted() -> None:
    case = supervised(*(held_from(on(10, month), who, AllocationReason.ADMINISTRATIVE) for month, who in ((3, "OWEN"), (5, "MEERA"))))
    told = by_month(case, "few-officers")
    assert told["March"] == (Verdict.YES, "1 officer; 1 administrative move not counted")
    assert told["May"] == (Verdict.YES, "1 officer; 2 administrative moves not counted")


def test_somebody_who_stands_in_is_no_further_officer() -> None:
    covered = supervised(did(start_cover, at=on(10, 3), until=date(2026, 3, 20)))
    assert by_month(covered, "few-officers")["March"] == (Verdict.YES, "1 officer")


def test_a_month_before_anybody_has_held_the_case_is_left_out() -> None:
    assert by_month(opened(), "few-officers", date(2026, 3, 1)) == {
        "February": (Verdict.LEFT_OUT, "Nobody had held the case in the time before")
    }


# Handover --------------------------------------------------------------------------------------------------------------

CHANGED = held_from(on(2, 3), "OWEN")
"""A Monday; the tenth working day after it is 16 March."""


def said(case: Given[Case], today: date = TODAY) -> list[tuple[Verdict, str]]:
    return [(f.verdict, f.why) for f in found(case, "handover", today)]


@pytest.mark.parametrize(
    ("met_at", "verdict", "why"),
    [
        (on(2, 3, 10), Verdict.YES, "They met on 2 March 2026"),
        (on(16, 3, 23), Verdict.YES, "They met on 16 March 2026"),
        (on(17, 3, 0), Verdict.NO, "They met on 17 March 2026, 1 working day after the limit"),
        (on(23, 3), Verdict.NO, "They met on 23 March 2026, 5 working days after the limit"),
    ],
)
def test_a_new_officer_is_met_by_the_end_of_the_tenth_working_day(met_at: datetime, verdict: Verdict, why: str) -> None:
    case = supervised(CHANGED, seen(met_at, "OWEN"))
    assert said(case) == [(verdict, why)]
    (finding,) = found(case, "handover")
    assert (finding.number, finding.month, finding.on) == (NEXT + 1, date(2026, 3, 1), date(2026, 3, 2))
    assert finding.holder is not None
    assert finding.holder.practitioner == "OWEN"


def test_until_the_limit_runs_out_a_change_is_left_out_and_then_it_is_late() -> None:
    case = supervised(CHANGED)
    assert said(case, date(2026, 3, 16)) == [(Verdict.LEFT_OUT, "The limit has not run out: 16 March 2026")]
    assert said(case, date(2026, 3, 17)) == [(Verdict.NO, "Not done; the limit ran out on 16 March 2026")]


def test_the_first_officer_of_a_case_is_no_change_and_nor_is_the_same_one_again() -> None:
    assert said(supervised(held_from(on(2, 2), UNALLOCATED), held_from(on(2, 3), "SIAN"))) == []


@pytest.mark.parametrize(
    "contact",
    [
        seen(on(5, 3), "SIAN"),
        seen(on(5, 3), "OWEN", kind="APAT"),
        seen(on(5, 3), "OWEN", kind="CLOB"),
        seen(on(1, 3), "OWEN"),
    ],
    ids=["with the officer before", "in a group", "a letter", "before the change"],
)
def test_only_a_one_to_one_contact_with_the_new_officer_after_the_change_counts(contact: Step) -> None:
    assert said(supervised(*([contact, CHANGED] if contact.at < on(2, 3) else [CHANGED, contact]))) == [
        (Verdict.NO, "Not done; the limit ran out on 16 March 2026")
    ]


def test_a_contact_in_time_with_nobody_recorded_leaves_it_not_evidenced_once_the_limit_has_run_out() -> None:
    case = supervised(CHANGED, seen(on(5, 3), ""))
    assert said(case) == [(Verdict.NOT_EVIDENCED, "Who held the contact of 5 March 2026 was not recorded")]
    assert said(case, date(2026, 3, 16)) == [(Verdict.LEFT_OUT, "The limit has not run out: 16 March 2026")]
    later = supervised(CHANGED, seen(on(5, 3), ""), seen(on(20, 3), "OWEN"))
    assert said(later)[0][0] is Verdict.NOT_EVIDENCED
    in_time = supervised(CHANGED, seen(on(5, 3), ""), seen(on(9, 3), "OWEN"))
    assert said(in_time)[0][0] is Verdict.YES


LEFT_OUT: dict[str, tuple[list[Step], str]] = {
    "administrative": ([held_from(on(2, 3), "OWEN", AllocationReason.ADMINISTRATIVE)], "An administrative move"),
    "gone on": ([CHANGED, held_from(on(16, 3), UNALLOCATED)], "The case went on from this officer before the limit"),
    "ended": ([CHANGED, did(end_sentence, at=on(16, 3), ended_at=on(16, 3))], "Supervision ended before the limit"),
    "away": ([CHANGED, did(begin_interruption, at=on(16, 3))], "The person could not be seen on every day of the limit"),
}


@pytest.mark.parametrize(("steps", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_change_after_which_nobody_could_have_met_in_time_is_left_out(steps: list[Step], why: str) -> None:
    assert said(supervised(*steps)) == [(Verdict.LEFT_OUT, why)]


def test_who_met_in_time_counts_though_the_case_went_on_before_the_limit() -> None:
    case = supervised(CHANGED, seen(on(4, 3), "OWEN"), held_from(on(9, 3), UNALLOCATED))
    assert said(case) == [(Verdict.YES, "They met on 4 March 2026")]


def test_one_day_later_the_case_going_on_changes_nothing() -> None:
    assert said(supervised(CHANGED, held_from(on(17, 3), UNALLOCATED)))[0][0] is Verdict.NO


@pytest.mark.parametrize(
    ("details", "named"),
    [({}, "; the person met both officers together on 6 March 2026"), ({"three_way": False}, ""), ({"to_practitioner": "TOM"}, "")],
    ids=["both officers", "without the person", "another officer"],
)
def test_a_meeting_with_both_officers_is_named_and_does_not_stand_for_the_contact(details: dict[str, Any], named: str) -> None:
    joint = did(hold_handover, at=on(6, 3), held_at=on(6, 3), **{"from_practitioner": "SIAN", "to_practitioner": "OWEN", **details})
    case = supervised(CHANGED, joint)
    assert said(case) == [(Verdict.NO, f"Not done; the limit ran out on 16 March 2026{named}")]
    assert said(case, date(2026, 3, 10)) == [(Verdict.LEFT_OUT, f"The limit has not run out: 16 March 2026{named}")]
