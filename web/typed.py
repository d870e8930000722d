"""Days and times as people type them, in English or Welsh: yesterday, fri, 27 3 26, 27 Mawrth, 10.15, 3pm, canol dydd."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from domain.words import said

YEARS = range(1900, 2200)
"""Those that a day can be of; a day of another is a slip of the hand."""
REAL = said("must be a real date, like 27 3 2026")
_DAYS = (said("Monday"), said("Tuesday"), said("Wednesday"), said("Thursday"), said("Friday"), said("Saturday"), said("Sunday"))
_MONTHS = (
    "january february march april may june july august september october november december",
    "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    # As they begin after "o": 27 o Fawrth.
    "ionawr chwefror fawrth ebrill fai fehefin orffennaf awst fedi hydref dachwedd ragfyr",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "llun mawrth mercher iau gwener sadwrn sul",
)
_NEAR = {
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "day before yesterday": -2,
    "day after tomorrow": 2,
    "heddiw": 0,
    "ddoe": -1,
    "yfory": 1,
    "echdoe": -2,
    "drennydd": 2,
}
_LAST, _NEXT, _THIS = {"last", "diwethaf", "dwethaf"}, {"next", "nesaf"}, {"this", "yma"}
_FILLING = {"the", "of", "on", "o", "ar"}
_TIMES_OF_DAY = {
    "midday": time(12),
    "noon": time(12),
    "12noon": time(12),
    "12midday": time(12),
    "hannerdydd": time(12),
    "canoldydd": time(12),
    "midnight": time(0),
    "hannernos": time(0),
}
_HALVES = {"am": 0, "yb": 0, "pm": 12, "yp": 12, "yh": 12}
"""Before or after midday; in Welsh yb (y bore), yp (y prynhawn) and yh (yr hwyr)."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?h?(am|pm|yb|yp|yh)?", re.ASCII)
_YEARS_AWAY = 89
"""A year of two digits is at most this far away on the side that the field is about, and at most ten years on the other."""


class Unclear(ValueError):
    """What was typed is no day that can be told; the words go on from the name of the field: "must be a real date"."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def _named(rows: Iterable[str], *more: tuple[str, int]) -> dict[str, int]:
    """Every name, and every beginning of it of three letters or more, with its place from 1."""
    whole = [(name, number) for row in rows for number, name in enumerate(row.split(), 1)]
    return {name[:length]: number for name, number in whole for length in range(3, len(name) + 1)} | dict(more)


MONTHS = _named(_MONTHS)
WEEKDAYS = _named(_WEEKDAYS, ("weds", 3))


def read_day(typed: str, today: date, *, ahead: bool = False) -> date:
    """The day that somebody means on that day. What could be past or to come is past, unless the field looks ahead.

    Raises Unclear, with words that go on from "The date of the contact".
    """
    words = re.findall(r"\d+|[^\W\d_]+", re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", typed.casefold(), flags=re.ASCII))
    if not words or re.search(r"[^\w\s,./\-–'’()]|_", typed):
        raise Unclear(REAL)
    try:
        found = _near(words, today) or _weekday(words, today, ahead) or _date(words, today, ahead)
    except OverflowError:
        found = None
    if found is None or found.year not in YEARS:
        raise Unclear(REAL)
    return found


def whole_day(typed: str) -> date | None:
    """A day as addresses have it, 2026-11-22; no other way of writing one is read, lest it be read wrongly."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.isoformat() == typed and found.year in YEARS else None


def _near(words: Sequence[str], today: date) -> date | None:
    """Today, yesterday, 3 days ago, in 2 weeks."""
    days = _NEAR.get(" ".join(words).removeprefix("the "))
    if days is not None:
        return today + timedelta(days=days)
    match words:
        case [count, ("day" | "days" | "week" | "weeks") as unit, "ago"]:
            way = -1
        case ["in", count, ("day" | "days" | "week" | "weeks") as unit]:
            way = 1
        case _:
            return None
    number = 1 if count == "a" else _number(count)
    return None if number is None else today + timedelta(days=way * number * (7 if unit.startswith("week") else 1))


def _weekday(words: Sequence[str], today: date, ahead: bool) -> date | None:
    """Fri, last Tuesday, this Friday, dydd Iau nesaf: of several such days the nearest, today among them unless last or next is said."""
    told = [word for word in words if word not in _FILLING | {"dydd"}]
    which = [word for word in told if word in _LAST | _NEXT | _THIS]
    days = [word for word in told if word not in which]
    if len(days) != 1 or len(which) > 1 or days[0] not in WEEKDAYS:
        return None
    if days[0] in MONTHS and not which and "dydd" not in words:
        raise Unclear(said("could be Tuesday or March. Write “dydd Mawrth”, or the day and the month, like 27 Mawrth"))
    since_then = (today.isoweekday() - WEEKDAYS[days[0]]) % 7
    until_then = -since_then % 7
    if which and which[0] in _THIS:
        return today + timedelta(days=WEEKDAYS[days[0]] - today.isoweekday())
    if which and which[0] in _LAST:
        return today - timedelta(days=since_then or 7)
    if which and which[0] in _NEXT:
        return today + timedelta(days=until_then or 7)
    return today + timedelta(days=until_then) if ahead else today - timedelta(days=since_then)


def _date(words: Sequence[str], today: date, ahead: bool) -> date | None:
    """27 3 26, 27 Mar, 27 o Fawrth 2026, 2026-03-27, 270326, Friday 27 March."""
    told = [word for word in words if word not in _FILLING]
    weekday = None
    for place in (0, -1):
        if len(told) > 2 and told[place] == "dydd":
            told.pop(place)
        if len(told) > 2 and told[place] in WEEKDAYS and (told[place] not in MONTHS or len(told) > 3 or "dydd" in words):
            weekday = WEEKDAYS[told.pop(place)]
            break
    found = _on(*_parts(told), today, ahead)
    if found is not None and weekday is not None and found.isoweekday() != weekday:
        raise Unclear(said("must be one day: {day} is a {weekday}", day=found, weekday=_DAYS[found.weekday()]))
    return found


def _parts(told: Sequence[str]) -> tuple[str, str, str]:
    """Day, month and year as typed; the year may be empty."""
    if len(told) == 1 and _number(told[0]) is not None and len(told[0]) in (6, 8):
        return told[0][:2], told[0][2:4], told[0][4:]
    if len(told) not in (2, 3):
        raise Unclear(said("must include a day and a month, like 27 3 2026") if len(told) == 1 else REAL)
    first, second, *year = told
    if len(first) == 4 and year:
        return year[0], second, first
    day, month = (second, first) if first in MONTHS else (first, second)
    return day, month, year[0] if year else ""


def _on(typed_day: str, typed_month: str, typed_year: str, today: date, ahead: bool) -> date | None:
    day, month = _number(typed_day), MONTHS.get(typed_month) or _number(typed_month)
    if day is None or month is None:
        return None
    if day <= 12 < month <= 31:
        raise Unclear(said("must have the day before the month, like 27 3 2026"))
    if not typed_year:
        return _without_year(day, month, today, ahead)
    year = _year(typed_year, today, ahead)
    return _real(year, month, day)


def _without_year(day: int, month: int, today: date, ahead: bool) -> date | None:
    """The last such day, or with `ahead` the next one; 29 February may be up to eight years away."""
    days = [_real(today.year + (away if ahead else -away), month, day) for away in range(9)]
    return next((d for d in days if d and (d >= today if ahead else d <= today)), None)


def _year(typed: str, today: date, ahead: bool) -> int:
    number = _number(typed)
    if number is None or len(typed) not in (2, 4):
        raise Unclear(said("must include a year of 4 numbers, like 2026"))
    if len(typed) == 4:
        return number
    first = today.year - (10 if ahead else _YEARS_AWAY)
    return first + (number - first) % 100


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 8 else None


def read_time(typed: str) -> time | None:
    """The time of day that somebody means, None when it cannot be told. A bare hour below 8 is in the afternoon."""
    text = re.sub(r"\s", "", typed.casefold())
    if text in _TIMES_OF_DAY:
        return _TIMES_OF_DAY[text]
    text = re.sub(r"([apy])\.([mbph])\.?$", r"\1\2", text)
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + _HALVES[half]
    elif len(found[1]) == 1 and 0 < hour < 8 and found[2] is None:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
