"""The calendar: days in London, months later, and working days in England and Wales.

These are Monday to Friday, without bank holidays, and day 0 is not counted.
"""

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_day(at: datetime) -> date:
    """The day it is in England and Wales at that instant."""
    if at.tzinfo is UTC and at.hour < 23:
        return at.date()  # their clock shows UTC or one hour more, so before 23:00 it is the same day; a rebuild asks this very often
    return at.astimezone(LONDON).date()


def is_working_day(day: date, bank_holidays: Set[date]) -> bool:
    return day.weekday() < 5 and day not in bank_holidays


@lru_cache(maxsize=65_536)
def add_working_days(start: date, days: int, bank_holidays: frozenset[date]) -> date:
    """The `days`-th working day after `start`; `start` itself is day 0 and does not count.

    Kept in memory, as is how many there were, because a rebuild asks for the same few thousand days millions of times.
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, bank_holidays)
    return day


@lru_cache(maxsize=65_536)
def working_days_after(start: date, end: date, bank_holidays: frozenset[date]) -> int:
    """How many working days have come after `start`, up to and with `end`: 0 on the day itself."""
    return sum(is_working_day(start + timedelta(days=i), bank_holidays) for i in range(1, (end - start).days + 1))


def within_working_days(started: datetime, happened: datetime, days: int, bank_holidays: frozenset[date]) -> bool:
    """Whether something happened by the end of the `days`-th full working day, as the clock on the wall shows it."""
    return local_day(happened) <= add_working_days(local_day(started), days, bank_holidays)


@lru_cache(maxsize=65_536)
def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day. A rebuild asks for the same few months again
    and again, so the answers are kept."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
