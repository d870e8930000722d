"""Times as sources write them: with a zone or without, in many formats, and twice a year on a clock that changes."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

EARLIEST = 1900
"""A year before this one is a slip or a filler ("01/01/0001"), not a time of supervision."""
_PARTS = "YmdHMS"
"""The parts of a time that are written in digits, in the order in which a time is made of them."""
_IN_DIGITS = re.compile(rf"(?:%[{_PARTS}]|[^%\s]| )*")


class NotATime(Exception):
    """The text gives no instant, in words for the person who imports."""


class Instant(NamedTuple):
    at: datetime
    ambiguous: bool
    """The clock showed this time twice that night (in autumn); `at` is the first of the two."""


def read_time(text: str, zone: ZoneInfo, formats: Sequence[str] = ()) -> Instant:
    """The instant in UTC that `text` gives, in the first of `formats` that fits, else in ISO 8601. Raises NotATime."""
    moment = _parsed(text, formats)
    if moment.year < EARLIEST:
        raise NotATime(f"“{text[:40]}” is before {EARLIEST}")
    if moment.tzinfo is not None:
        try:
            return Instant(moment.astimezone(UTC), False)
        except (OverflowError, ValueError) as e:
            raise NotATime(f"“{text[:40]}” cannot be read as a date and time") from e
    return _on_the_clock(moment, zone, text)


def _on_the_clock(clock: datetime, zone: ZoneInfo, text: str) -> Instant:
    """The instant at which a clock in the zone showed this."""
    try:
        steady = _steady_offset(zone, clock.date())
        if steady is not None:
            return Instant((clock - steady).replace(tzinfo=UTC), False)
        before, after = zone.utcoffset(clock), zone.utcoffset(clock.replace(fold=1))
        assert before is not None
        assert after is not None
        if before < after:
            raise NotATime(f"“{text[:40]}” never existed: the clocks went forward over it")
        return Instant((clock - before).replace(tzinfo=UTC), before > after)
    except OverflowError as e:
        raise NotATime(f"“{text[:40]}” cannot be read as a date and time") from e


@lru_cache(4096)
def _steady_offset(zone: ZoneInfo, day: date) -> timedelta | None:
    """The zone's offset all through a day, None if the clock may change on it. Kept, because a source repeats its days."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - what a clock on the wall shows
    before, after = zone.utcoffset(midnight - timedelta(days=1)), zone.utcoffset(midnight + timedelta(days=2))
    return before if before == after == zone.utcoffset(midnight) else None


def _parsed(text: str, formats: Sequence[str]) -> datetime:
    if not formats:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    for each in formats:
        try:
            return read_by(each)(text)
        except ValueError:
            continue
    raise NotATime(f"“{text[:40]}” cannot be read as a date and time")


@lru_cache(64)
def read_by(form: str) -> Callable[[str], datetime]:
    """What reads texts of one format as `strptime` does, many times as fast where they are written out in digits. It raises ValueError.

    `strptime` also takes digits left out, other kinds of space and letters in either case: it is asked whenever the quick look fails.
    """

    def slowly(text: str) -> datetime:
        return datetime.strptime(text, form)  # noqa: DTZ007 - a zone is put on where the format has none

    parts = re.findall("%(.)", form)
    ordered = "".join(part for part in _PARTS if part in parts)
    if not _IN_DIGITS.fullmatch(form) or not _PARTS.startswith(ordered) or not len("Ymd") <= len(ordered) == len(parts):
        return slowly
    order = [parts.index(part) + 1 for part in ordered]
    match = re.compile(re.sub("%(.)", lambda part: "([0-9]{4})" if part[1] == "Y" else "([0-9]{2})", re.escape(form))).fullmatch

    def quickly(text: str) -> datetime:
        found = match(text)
        if found is None:
            return slowly(text)
        try:
            return datetime(*map(int, found.group(*order)))  # type: ignore[arg-type]  # noqa: DTZ001 - as above
        except ValueError:
            return slowly(text)

    return quickly
