"""Looking back: as known on which day a page is asked for, and over which months it counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from domain.policy import add_months
from domain.working_days import local_day
from projections.engine import LIVE
from web.forms import Form, day_bounds
from web.service import now, service

MONTHS_OFFERED = 36
MONTHS_BACK = 12
"""Without being asked for others, a figure is about this month and the twelve whole months before it."""


class Sight(msgspec.Struct, frozen=True):
    """What a page looks at: all that is known now, or (with a day) all that was known at the end of that day."""

    at: datetime
    position: int
    schema: str
    day: date | None = None

    @property
    def today(self) -> date:
        return self.day or local_day(self.at)

    @property
    def up_to(self) -> int | None:
        """Where a case's history ends for this page; None for its present end."""
        return self.position if self.day else None

    @contextmanager
    def reading(self) -> Iterator[Connection[Any]]:
        with service().read_side.reading(self.schema) as conn:
            yield conn


class Period(msgspec.Struct, frozen=True):
    """Whole months: the first day of the first one, and the first day after the last one."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """The first day of the last month."""
        return add_months(self.until, -1)

    def months(self) -> Iterator[date]:
        """The first day of each month."""
        month = self.since
        while month < self.until:
            yield month
            month = add_months(month, 1)


def sight(form: Form) -> Sight:
    """The day asked for in `as_known`. A day that is none or has not ended is answered with a message and the present."""
    record = service().record
    typed = form.raw("as_known")
    day = _read_day(typed)
    if typed and (day is None or day >= local_day(now())):
        form.wrong("as_known", f"The day must be a date before today, like {local_day(now()) - timedelta(days=1):%Y-%m-%d}")
    if not form.ok or day is None:
        return Sight(now(), record.head(), LIVE)
    # The first instant of the next day belongs to the next day.
    instant = day_bounds(day)[1] - timedelta(microseconds=1)
    position = record.position_at(instant)
    return Sight(instant, position, service().read_side.as_known_at(position), day)


def period(form: Form, today: date) -> Period:
    """The months asked for in `from` and `to`; a message and the usual months when they make no sense."""
    this_month = today.replace(day=1)
    since = _month(form, "from", add_months(this_month, -MONTHS_BACK), "Select the first month")
    last = _month(form, "to", this_month, "Select the last month")
    if form.ok and last < since:
        form.wrong("to", "The last month must be the same as or later than the first month")
    if not form.ok:
        return Period(add_months(this_month, -MONTHS_BACK), add_months(this_month, 1))
    return Period(since, add_months(last, 1))


def months_to_choose(chosen: Period, today: date) -> list[tuple[str, str]]:
    """The months a period may begin or end with, the newest first, and those chosen already."""
    offered = {add_months(today.replace(day=1), -n) for n in range(MONTHS_OFFERED)} | {chosen.since, chosen.last}
    return [(f"{month:%Y-%m}", f"{month:%B} {month.year}") for month in sorted(offered, reverse=True)]


def _month(form: Form, name: str, usual: date, message: str) -> date:
    typed = form.raw(name)
    found = _read_day(f"{typed}-01") if typed else usual
    if found is None or not 1900 <= found.year < 2200:
        form.wrong(name, message)
        return usual
    return found


def _read_day(typed: str) -> date | None:
    """A day written like 2026-11-22; no other way of writing one is read, lest it be read wrongly."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.isoformat() == typed else None
