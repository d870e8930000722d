"""Times as sources write them: with a zone or without, in many formats, and twice a year on a clock that changes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

EARLIEST = 1900
"""A year before this one is a slip or a filler ("01/01/0001"), not a time of supervision."""


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
    return _on_the_clock(moment.replace(tzinfo=zone), text)


def _on_the_clock(first: datetime, text: str) -> Instant:
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    if before < after:
        raise NotATime(f"“{text[:40]}” never existed: the clocks went forward over it")
    try:
        return Instant(first.astimezone(UTC), before > after)
    except OverflowError as e:
        raise NotATime(f"“{text[:40]}” cannot be read as a date and time") from e


def _parsed(text: str, formats: Sequence[str]) -> datetime:
    if not formats:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    for each in formats:
        try:
            return datetime.strptime(text, each)  # noqa: DTZ007 - a zone is put on where the format has none
        except ValueError:
            continue
    raise NotATime(f"“{text[:40]}” cannot be read as a date and time")
