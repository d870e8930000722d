"""Write dates, times, counts and shares in the words that pages use: 22 November 2026, 3:05pm, 4,000, 62.5%."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

LONDON = ZoneInfo("Europe/London")
NOT_KNOWN = "not known"


def in_london(moment: datetime) -> datetime:
    """The moment on a London clock; a time without a zone is refused, because nobody can say when it was."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return moment.astimezone(LONDON)


def day(when: date | datetime | None) -> str:
    """22 November 2026."""
    if when is None:
        return NOT_KNOWN
    local = in_london(when) if isinstance(when, datetime) else when
    return f"{local.day} {local:%B} {local.year}"


def full_day(when: date) -> str:
    """Sunday 22 November 2026."""
    return f"{when:%A} {day(when)}"


def short_day(when: date | datetime | None) -> str:
    """22 Nov 2026, for tables."""
    if when is None:
        return NOT_KNOWN
    local = in_london(when) if isinstance(when, datetime) else when
    return f"{local.day} {local:%b} {local.year}"


def clock(when: datetime | time | None) -> str:
    """9am, 3:05pm, midday, midnight; a plain time of day is taken as it stands."""
    if when is None:
        return NOT_KNOWN
    local = in_london(when) if isinstance(when, datetime) else when
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def moment(when: datetime | None) -> str:
    """22 November 2026 at 3:05pm."""
    return NOT_KNOWN if when is None else f"{day(when)} at {clock(when)}"


def begun(words: str) -> str:
    """The words with a capital at the beginning, and names and abbreviations within them as they are."""
    return words[:1].upper() + words[1:]


def number(value: int | float | Decimal | None) -> str:
    """4,000."""
    return NOT_KNOWN if value is None else f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 case, 4,000 cases, 2 people (with the second word given)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def lasting(seconds: float | None) -> str:
    """How long something will take, as people say it: about 6 seconds, about 2 minutes, about 3 hours."""
    if seconds is None:
        return NOT_KNOWN
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size * 1.5 or size == 1:
            return f"about {plural(max(1, round(seconds / size)), unit)}"
    raise AssertionError


def percent(share: float | Decimal | Fraction | None, places: int = 1) -> str:
    """A share of one as 62.5%, rounded half up; "not known" when there is nothing to take a share of."""
    if share is None:
        return NOT_KNOWN
    exact = Decimal(share.numerator) / share.denominator if isinstance(share, Fraction) else Decimal(str(share))
    rounded = (exact * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:f}".removesuffix("." + "0" * places) + "%"


def kept_lines(text: str) -> Markup:
    """Text for a text area with its line ends spelled out.

    The component macros indent what they nest, and would add spaces to every line of a note each time a form is
    shown again; a browser also drops a line end that comes first.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return Markup(str(escape(("\n" if plain.startswith("\n") else "") + plain)).replace("\n", "&#10;"))


def install(app: Flask) -> None:
    """Give templates these words as filters."""
    for word in (day, full_day, short_day, clock, moment, number, plural, lasting, percent, kept_lines):
        app.add_template_filter(word)
