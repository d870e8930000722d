"""Write dates, times, counts and shares in the words that pages use: 22 November 2026, 3:05pm, 4,000, 62.5%."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from domain.words import begun, within
from web import welsh
from web.language import MONTHS, gettext, language, ngettext, written_day

LONDON = ZoneInfo("Europe/London")
SHORT = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "cy": welsh.SHORT,
}
DAYS = {"en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), "cy": welsh.DAYS}


def not_known() -> str:
    return gettext("not known")


def in_london(moment: datetime) -> datetime:
    """The moment on a London clock; a time without a zone is refused, because nobody can say when it was."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return moment.astimezone(LONDON)


def day(when: date | datetime | None) -> str:
    """22 November 2026."""
    if when is None:
        return not_known()
    return written_day(in_london(when) if isinstance(when, datetime) else when)


def weekday(when: date) -> str:
    """Thursday 19 November."""
    return f"{DAYS[language()][when.weekday()]} {when.day} {MONTHS[language()][when.month - 1]}"


def full_day(when: date) -> str:
    """Sunday 22 November 2026."""
    return f"{DAYS[language()][when.weekday()]} {day(when)}"


def short_day(when: date | datetime | None) -> str:
    """22 Nov 2026, for tables."""
    if when is None:
        return not_known()
    local = in_london(when) if isinstance(when, datetime) else when
    return f"{local.day} {SHORT[language()][local.month - 1]} {local.year}"


def month(when: date) -> str:
    """November 2026."""
    return f"{MONTHS[language()][when.month - 1]} {when.year}"


def short_month(when: date) -> str:
    """Nov 2026, for charts."""
    return f"{SHORT[language()][when.month - 1]} {when.year}"


def clock(when: datetime | time | None) -> str:
    """9am, 3:05pm, midday, midnight; a plain time of day is taken as it stands."""
    if when is None:
        return not_known()
    local = in_london(when) if isinstance(when, datetime) else when
    if (local.hour, local.minute) in ((0, 0), (12, 0)):
        return gettext("midday") if local.hour else gettext("midnight")
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def moment(when: datetime | None) -> str:
    """22 November 2026 at 3:05pm."""
    return not_known() if when is None else gettext("%(day)s at %(time)s", day=day(when), time=clock(when))


def enter(what: str) -> str:
    """Enter the date of the contact: asks for what a field is about."""
    return gettext("Enter %(what)s", what=welsh.softened(within(what)) if language() == "cy" else within(what))


def birthday(born: str) -> str:
    """A date of birth in words; what a source gave in another form stands as it was given."""
    try:
        return day(date.fromisoformat(born))
    except ValueError:
        return born


def number(value: int | float | Decimal | None) -> str:
    """4,000."""
    return not_known() if value is None else f"{value:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 case, 4,000 cases, 2 people (with the second word given)."""
    return f"{count:,} {ngettext(one, many or one + 's', count)}"


def lasting(seconds: float | None) -> str:
    """How long something will take, as people say it: about 6 seconds, about 2 minutes, about 3 hours."""
    if seconds is None:
        return not_known()
    if seconds >= 5400:
        return gettext("about %(time)s", time=plural(round(seconds / 3600), "hour"))
    if seconds >= 90:
        return gettext("about %(time)s", time=plural(round(seconds / 60), "minute"))
    return gettext("about %(time)s", time=plural(max(1, round(seconds)), "second"))


def percent(share: float | Decimal | Fraction | None, places: int = 1) -> str:
    """A share of one as 62.5%, rounded half up; "not known" when there is nothing to take a share of."""
    if share is None:
        return not_known()
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


def plain(text: str) -> str:
    """Without accents or case, as names and words are compared."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def install(app: Flask) -> None:
    """Give templates these words as filters."""
    for word in (
        birthday,
        day,
        full_day,
        weekday,
        short_day,
        month,
        clock,
        moment,
        number,
        plural,
        lasting,
        percent,
        begun,
        within,
        kept_lines,
    ):
        app.add_template_filter(word)
