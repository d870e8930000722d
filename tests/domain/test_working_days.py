"""Working days: Monday to Friday without bank holidays, day 0 not counted, and a day is the day it is in England and Wales."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.working_days import LONDON, add_working_days, is_working_day, latest_in_time, local_day
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


@settings(deadline=None, derandomize=True, database=None)
@given(start=DAYS, days=st.integers(min_value=0, max_value=30))
def test_the_last_day_in_time_is_that_working_day(start: date, days: int) -> None:
    assert latest_in_time(start, days, BANK_HOLIDAYS) == add_working_days(start, days, BANK_HOLIDAYS)


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
