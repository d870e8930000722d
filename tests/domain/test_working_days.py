"""Working days: Monday to Friday without bank holidays, day 0 not counted, and a day is the day it is in England and Wales."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.working_days import (
    LONDON,
    add_working_days,
    is_working_day,
    local_day,
    within_working_days,
    working_days_after,
)
from tests.rules import BANK_HOLIDAYS

DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2027, 10, 1))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param(date(2026, 3, 9), 0, date(2026, 3, 9), id="no days"),
        pytest.param(date(2026, 3, 9), 1, date(2026, 3, 10), id="day 0 is not counted"),
        pytest.param(date(2026, 3, 9), 5, date(2026, 3, 16), id="over a weekend"),
        pytest.param(date(2026, 3, 13), 1, date(2026, 3, 16), id="from a Friday"),
        pytest.param(date(2026, 3, 14), 1, date(2026, 3, 16), id="from a Saturday"),
        pytest.param(date(2026, 3, 15), 1, date(2026, 3, 16), id="from a Sunday"),
        pytest.param(date(2026, 3, 14), 0, date(2026, 3, 14), id="no days from a Saturday"),
        pytest.param(date(2025, 12, 24), 1, date(2025, 12, 29), id="Christmas and Boxing Day before a weekend"),
        pytest.param(date(2025, 12, 24), 5, date(2026, 1, 5), id="Christmas and New Year"),
        pytest.param(date(2026, 12, 24), 1, date(2026, 12, 29), id="Boxing Day on a Saturday is kept on Monday"),
        pytest.param(date(2027, 12, 24), 1, date(2027, 12, 29), id="Christmas at a weekend is kept on Monday and Tuesday"),
        pytest.param(date(2025, 12, 31), 1, date(2026, 1, 2), id="New Year"),
        pytest.param(date(2026, 4, 2), 1, date(2026, 4, 7), id="Easter"),
        pytest.param(date(2026, 4, 3), 1, date(2026, 4, 7), id="from Good Friday"),
        pytest.param(date(2026, 5, 1), 1, date(2026, 5, 5), id="early May"),
        pytest.param(date(2026, 5, 22), 1, date(2026, 5, 26), id="spring"),
        pytest.param(date(2026, 8, 28), 1, date(2026, 9, 1), id="August"),
        pytest.param(date(2026, 3, 16), 1, date(2026, 3, 17), id="Saint Patrick's Day is worked"),
        pytest.param(date(2026, 3, 27), 1, date(2026, 3, 30), id="the clocks go forward"),
        pytest.param(date(2026, 10, 23), 1, date(2026, 10, 26), id="the clocks go back"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days, BANK_HOLIDAYS) == end


@settings(deadline=None, derandomize=True, database=None)
@given(start=DAYS, days=st.integers(min_value=1, max_value=60))
def test_there_are_that_many_working_days_after_the_start_and_the_last_is_one_of_them(start: date, days: int) -> None:
    end = add_working_days(start, days, BANK_HOLIDAYS)
    after = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, BANK_HOLIDAYS) for day in after) == days
    assert is_working_day(end, BANK_HOLIDAYS)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param(datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30), id="summer, a minute to midnight"),
        pytest.param(datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1), id="summer, midnight"),
        pytest.param(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1), id="summer, half past midnight"),
        pytest.param(datetime(2026, 1, 31, 23, 30, tzinfo=UTC), date(2026, 1, 31), id="winter, half past eleven"),
        pytest.param(datetime(2026, 2, 1, 0, 0, tzinfo=UTC), date(2026, 2, 1), id="winter, midnight"),
        pytest.param(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28), id="the night the clocks go forward"),
        pytest.param(datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30), id="the night after"),
        pytest.param(datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25), id="the night the clocks go back"),
        pytest.param(datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25), id="the night after that"),
        pytest.param(datetime(2026, 7, 1, 0, 30, tzinfo=LONDON), date(2026, 7, 1), id="a time that is told in local time"),
    ],
)
def test_a_day_is_the_day_it_is_in_england_and_wales(at: datetime, day: date) -> None:
    assert local_day(at) == day


def test_the_hour_that_the_clock_shows_twice_is_one_day() -> None:
    first, second = (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold) for fold in (0, 1))
    assert first.astimezone(UTC) != second.astimezone(UTC)
    assert local_day(first) == local_day(second) == date(2026, 10, 25)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - see timezones
def test_the_day_is_the_day_on_a_clock_in_london(at: datetime) -> None:
    assert local_day(at) == at.astimezone(LONDON).date()


def clock(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment as the clock on the wall shows it in England and Wales."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(date(2026, 3, 12), date(2026, 3, 16), id="a Thursday: Friday and Monday"),
        pytest.param(date(2026, 3, 13), date(2026, 3, 17), id="a Friday: Monday and Tuesday"),
        pytest.param(date(2026, 3, 14), date(2026, 3, 17), id="a Saturday: Monday and Tuesday"),
        pytest.param(date(2026, 3, 15), date(2026, 3, 17), id="a Sunday: Monday and Tuesday"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 8), id="before Good Friday: Tuesday and Wednesday"),
        pytest.param(date(2026, 4, 6), date(2026, 4, 8), id="on Easter Monday: Tuesday and Wednesday"),
        pytest.param(date(2025, 12, 23), date(2025, 12, 29), id="before Christmas Eve: the Eve and the Monday after"),
        pytest.param(date(2025, 12, 24), date(2025, 12, 30), id="on Christmas Eve: Monday and Tuesday"),
        pytest.param(date(2026, 12, 24), date(2026, 12, 30), id="a Christmas with a substitute day"),
        pytest.param(date(2027, 12, 24), date(2027, 12, 30), id="a Christmas with two substitute days"),
    ],
)
def test_the_second_full_working_day_is_the_second_after_the_day_itself(start: date, end: date) -> None:
    assert add_working_days(start, 2, BANK_HOLIDAYS) == end


@pytest.mark.parametrize(
    ("started", "happened", "in_time"),
    [
        pytest.param(clock(2026, 3, 12, 9), clock(2026, 3, 16, 23, 59), True, id="the last minute of the second day"),
        pytest.param(clock(2026, 3, 12, 9), clock(2026, 3, 17, 0), False, id="midnight after it"),
        pytest.param(clock(2026, 3, 12, 23, 30), clock(2026, 3, 16, 23, 59), True, id="late at night is still that day"),
        pytest.param(clock(2026, 3, 13, 0), clock(2026, 3, 16, 23, 59), True, id="from the first minute of a day"),
        pytest.param(clock(2026, 4, 2, 23, 30), clock(2026, 4, 8, 23, 59), True, id="half past eleven on the eve of Good Friday"),
        pytest.param(clock(2026, 4, 2, 23, 30), clock(2026, 4, 9, 0), False, id="and no later"),
        pytest.param(clock(2026, 8, 28, 23, 30), clock(2026, 9, 2, 23, 59), True, id="half past eleven before the August weekend"),
        pytest.param(clock(2026, 3, 27, 12), clock(2026, 3, 31, 23, 59), True, id="the clocks go forward in between"),
        pytest.param(clock(2026, 3, 27, 12), clock(2026, 4, 1, 0), False, id="and the day after is late in local time"),
        pytest.param(clock(2026, 10, 23, 12), clock(2026, 10, 27, 23, 59), True, id="the clocks go back in between"),
        pytest.param(clock(2026, 10, 23, 12), clock(2026, 10, 28, 0), False, id="and one minute later is late"),
        pytest.param(clock(2026, 3, 12, 15), clock(2026, 3, 12, 9), True, id="before it began"),
    ],
)
def test_a_limit_of_two_days_ends_with_the_second_full_working_day(started: datetime, happened: datetime, in_time: bool) -> None:
    assert within_working_days(started, happened, 2, BANK_HOLIDAYS) is in_time


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param(date(2026, 3, 12), date(2026, 3, 12), 0, id="the day itself"),
        pytest.param(date(2026, 3, 13), date(2026, 3, 15), 0, id="a weekend"),
        pytest.param(date(2026, 3, 13), date(2026, 3, 16), 1, id="Monday"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 6), 0, id="Easter"),
        pytest.param(date(2025, 12, 24), date(2026, 1, 5), 5, id="Christmas and New Year"),
        pytest.param(date(2026, 3, 12), date(2026, 3, 10), 0, id="backwards"),
    ],
)
def test_the_working_days_that_have_come_since_are_counted(start: date, end: date, days: int) -> None:
    assert working_days_after(start, end, BANK_HOLIDAYS) == days


@settings(deadline=None, derandomize=True, database=None)
@given(start=DAYS, days=st.integers(min_value=1, max_value=60))
def test_counting_undoes_adding(start: date, days: int) -> None:
    assert working_days_after(start, add_working_days(start, days, BANK_HOLIDAYS), BANK_HOLIDAYS) == days
