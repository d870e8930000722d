"""Dates in Welsh, for letters to people whose language it is."""

from datetime import date, datetime

from web.words import in_london

MONTHS = (
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
)
DAYS = ("Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn", "Dydd Sul")


def day_in_welsh(when: date | datetime) -> str:
    """Dydd Mercher 4 Mawrth 2026."""
    local = in_london(when) if isinstance(when, datetime) else when
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"


def clock_in_welsh(when: datetime) -> str:
    """09:30: the hour by the day's 24, which both languages read alike."""
    return f"{in_london(when):%H:%M}"
