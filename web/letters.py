"""Days and hours as a letter in Welsh says them, whatever the language of whoever prints it."""

from datetime import date, datetime

from web.welsh import DAYS, MONTHS
from web.words import in_london


def day_in_welsh(when: date | datetime) -> str:
    """Dydd Mercher 4 Mawrth 2026."""
    local = in_london(when) if isinstance(when, datetime) else when
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"


def clock_in_welsh(when: datetime) -> str:
    """09:30: the hour by the day's 24, which both languages read alike."""
    return f"{in_london(when):%H:%M}"
