"""The pace of a case: days on which the person could be seen, how often there was purposeful contact, and the gaps between."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.allocation import AllocationReason, allocate
from domain.case import Case, open_case
from domain.contact import Purpose, Work, record_contact
from domain.interruption import begin_interruption, end_interruption
from domain.sentence import end_sentence, start_sentence
from projections.pace import Pace, case_rows, pace
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, OBJECTIVE, POLICY, SENTENCE, Given, Step, did, given, supervised

GOOD = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def seen(day: float = 30, **details: Any) -> Step:
    """A visit at the office that is purposeful, unless something else is said."""
    return did(record_contact, at=after(day), occurred_at=after(day), **{"work": GOOD, **details})


# A case's row --------------------------------------------------------------------------------------------------------


def rows(case: Given[Case]) -> list[tuple[object, ...]]:
    """The rows of a case, without who holds it."""
    return [row[3:] for row in case_rows(Story(case.history), POLICY)]


def test_a_case_s_row_says_who_holds_it_now() -> None:
    case = supervised(did(allocate, at=after(5), practitioner="OWEN", reason=AllocationReason.STAFF))
    assert [row[:3] for row in case_rows(Story(case.history), POLICY)] == [("OWEN", "CF1", "C10")]


def test_without_a_sentence_nobody_is_under_supervision_and_there_is_no_row() -> None:
    assert rows(given(did(open_case))) == []


def test_a_case_without_a_purposeful_contact_has_none_and_no_gap_that_has_closed() -> None:
    assert rows(supervised(seen(5, work=Work()))) == [(BEGAN.date(), None, 0, BEGAN.date(), 0, None, None, 0)]


def test_the_first_gap_runs_from_the_start_of_supervision() -> None:
    assert rows(supervised(seen(30), seen(40))) == [(BEGAN.date(), None, 0, BEGAN.date(), 2, date(2026, 2, 21), 30, 0)]


def test_the_longest_gap_is_the_longest_between_two_purposeful_contacts() -> None:
    assert rows(supervised(seen(5), seen(20, work=Work()), seen(45), seen(50))) == [
        (BEGAN.date(), None, 0, BEGAN.date(), 3, date(2026, 3, 3), 40, 0)
    ]


def test_two_contacts_on_one_day_leave_no_gap_between_them() -> None:
    assert rows(supervised(seen(0), seen(0.1))) == [(BEGAN.date(), None, 0, BEGAN.date(), 2, BEGAN.date(), 0, 0)]


def test_supervision_runs_from_the_first_sentence_to_the_end_of_the_last() -> None:
    both = supervised(
        seen(10),
        did(start_sentence, started_at=after(20), at=after(20), requirements=()),
        did(end_sentence, sentence=SENTENCE, ended_at=after(30), at=NOW),
        did(end_sentence, sentence=NEXT + 1, ended_at=after(50), at=NOW),
    )
    assert rows(both) == [(BEGAN.date(), date(2026, 3, 3), 50, None, 1, date(2026, 1, 22), 10, 40)]


# Days of exposure -----------------------------------------------------------------------------------------------------


def remanded(since: float, until: float | None = None) -> tuple[Step, ...]:
    """Remanded from one day after the beginning to another; the interruption is the usual case's next entry."""
    began = did(begin_interruption, began_at=after(since), at=NOW)
    return (began, did(end_interruption, ended_at=after(until), at=NOW)) if until is not None else (began,)


def test_days_on_remand_do_not_count_towards_a_gap_nor_as_days_supervised() -> None:
    ((_, _, passed, running, met, _, gap, idle),) = rows(supervised(*remanded(10, 30), seen(5), seen(40)))
    assert (passed, running, met, gap, idle) == (10, after(30).date(), 2, 15, 0)


def test_while_a_person_is_on_remand_no_days_pass() -> None:
    case = supervised(*remanded(20), seen(5))
    ((_, _, passed, running, _, _, _, idle),) = rows(case)
    assert (passed, running, idle) == (20, None, 15)
    assert pace(Story(case.history), POLICY, NOW.date()) == Pace(
        purposeful=1, exposed_days=20, idle_days=15, longest_gap=15, open=True, flagged=False
    )


def test_the_pace_is_purposeful_contacts_for_each_30_days_of_exposure() -> None:
    story = Story(supervised(*remanded(10, 30), seen(5), seen(35)).history)
    found = pace(story, POLICY, after(50).date())
    assert found is not None
    assert (found.purposeful, found.exposed_days, found.per_30_days) == (2, 30, 2.0)


def test_no_pace_is_known_before_a_sentence_and_none_on_its_first_day() -> None:
    assert pace(Story(given(did(open_case)).history), POLICY, NOW.date()) is None
    found = pace(Story(supervised().history), POLICY, BEGAN.date())
    assert found is not None
    assert found.per_30_days is None


def test_after_the_policys_days_without_a_purposeful_contact_a_case_is_flagged() -> None:
    limit = POLICY.purposeful.zero_activity_days
    story = Story(supervised(*remanded(10, 30), seen(5)).history)
    flags = [found.flagged for days in (24 + limit, 25 + limit) if (found := pace(story, POLICY, after(days).date()))]
    assert flags == [False, True]


@pytest.mark.parametrize(
    ("days_later", "longest", "is_open"),
    [
        pytest.param(45, 30, False, id="the closed one is longer"),
        pytest.param(69, 30, False, id="a day short of it"),
        pytest.param(70, 30, True, id="as long: it may yet be longer"),
        pytest.param(71, 31, True, id="the one that runs is longer"),
    ],
)
def test_a_gap_that_still_runs_counts_as_at_least_so_long(days_later: int, longest: int, is_open: bool) -> None:
    """Gaps of 10 and 30 days have closed; the last purposeful contact was on the 40th day."""
    story = Story(supervised(seen(10), seen(40)).history)
    found = pace(story, POLICY, after(days_later).date())
    assert found is not None
    assert (found.longest_gap, found.open) == (longest, is_open)


def test_while_nobody_was_met_the_whole_time_is_the_gap() -> None:
    found = pace(Story(supervised(seen(5, work=Work())).history), POLICY, after(50).date())
    assert found is not None
    assert (found.purposeful, found.longest_gap, found.open) == (0, 50, True)
