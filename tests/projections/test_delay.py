"""Delay between happening and recording: the figures in days, weeks that cannot be judged yet, and shifts."""

from datetime import date
from fractions import Fraction

import pytest

from projections.statistics.delay import back_filled, delays, settled, share_over, shift, week_of, within
from tests.rules import POLICY
from tests.vectors import document

RULE = POLICY.comparison
DAYS = {0: 5, 1: 3, 7: 1, 8: 1}
WORKING_DAYS = {0: 5, 1: 3, 5: 1, 6: 1}


def test_the_figures_of_ten_entries_are_those_worked_out_by_hand() -> None:
    """Five on the day; nine within a week; two after more than a working day; one after more than a week."""
    found = delays(DAYS, WORKING_DAYS)
    assert found is not None
    assert (found.entries, found.median, found.ninth_tenth) == (10, 0, 7)
    assert (found.over_a_working_day, found.over_a_week) == (0.2, 0.1)


def test_without_entries_there_are_no_figures() -> None:
    assert delays({}, {}) is None
    with pytest.raises(ValueError, match="no entries"):
        within({3: 0}, Fraction(1, 2))


def test_an_entry_cannot_be_recorded_before_it_happened() -> None:
    with pytest.raises(ValueError, match="before it happened"):
        delays({-1: 1, 0: 1}, {0: 2})


def test_days_and_working_days_are_of_the_same_entries() -> None:
    with pytest.raises(ValueError, match="same entries"):
        delays({0: 2}, {0: 1})


@pytest.mark.parametrize(("entries", "days"), [(110, 98), (100, 89), (10, 8), (1, 0)])
def test_nine_in_ten_are_counted_exactly(entries: int, days: int) -> None:
    """One entry for each delay of 0, 1, 2 ... days: 99 of 110 were recorded within 98 days, not within 99."""
    assert within(dict.fromkeys(range(entries), 1), Fraction(9, 10)) == days


def test_a_limit_itself_is_in_time() -> None:
    assert share_over({7: 1, 8: 1}, 7) == 0.5


@pytest.mark.parametrize(("today", "judged"), [(date(2026, 12, 5), False), (date(2026, 12, 6), True)])
def test_a_week_can_be_judged_four_weeks_after_its_last_day(today: date, judged: bool) -> None:
    assert settled(date(2026, 11, 2), today, RULE) is judged


def test_a_week_begins_on_monday() -> None:
    assert [week_of(date(2026, 11, day)) for day in (1, 2, 8, 9)] == [date(2026, 10, 26), *[date(2026, 11, 2)] * 2, date(2026, 11, 9)]


def test_back_filled_is_what_was_entered_in_the_window_about_days_before_it() -> None:
    entered = {date(2026, 10, 30): 3, date(2026, 11, 1): 1, date(2026, 11, 2): 4}
    assert back_filled(entered, date(2026, 11, 2)) == 0.5
    assert back_filled({}, date(2026, 11, 2)) is None


def test_a_shift_between_two_sets_of_delays_is_the_published_one() -> None:
    case = document("burst_and_delay.json").get("mann_whitney") or {
        "x": [19, 22, 16, 29, 24],
        "y": [20, 11, 17, 12],
        "U": 17,
        "p_exact_two_sided": 0.1111111111111111,
    }
    found = shift(dict.fromkeys(case["x"], 1), dict.fromkeys(case["y"], 1))
    assert (found.u, found.p) == (case["U"], pytest.approx(case["p_exact_two_sided"]))


def test_entries_of_the_same_delay_count_each() -> None:
    same = {0: 10, 1: 10}
    assert shift(same, same).p == pytest.approx(1)
    assert shift({0: 20}, {5: 20}).p < 0.001
