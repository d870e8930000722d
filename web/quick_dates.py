"""The dates of an appointment that one click fills in: some weeks from now, on the weekday and at the hour of the last one."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for

from domain.working_days import LONDON, add_working_days, is_working_day, local_day
from projections.story import Diarised, Story
from web.language import gettext
from web.service import now, service, this_case
from web.words import plural

WEEKS = (1, 2, 4)


def in_days(days: int, last: Diarised | None) -> date:
    """The day so many days from now; from a week on, the nearest that falls on the weekday of the last appointment. Moved off days
    nobody works."""
    today, holidays = local_day(now()), service().policy.bank_holidays
    day = today + timedelta(days=days)
    if last and days >= 7:
        day += timedelta(days=(local_day(last.starts_at).weekday() - day.weekday() + 3) % 7 - 3)
    return day if is_working_day(day, holidays) else add_working_days(day, 1, holidays)


def in_weeks(weeks: int, last: Diarised | None) -> date:
    """The day some weeks from now that falls on the weekday of the last appointment."""
    return in_days(7 * weeks, last)


def last_kept(story: Story) -> Diarised | None:
    return max((kept for kept in story.diary if not kept.cancelled), key=lambda kept: kept.starts_at, default=None)


def weeks_asked(last: Diarised | None) -> dict[str, Any]:
    """The date of the quick choice taken, at the hour of the last appointment if there was one."""
    weeks = request.args.get("weeks", type=int)
    if weeks not in WEEKS:
        return {}
    day = in_weeks(weeks, last)
    return {"starts_at": datetime.combine(day, last.starts_at.astimezone(LONDON).time(), LONDON) if last else day}


def quick(last: Diarised | None, endpoint: str, **named: object) -> list[tuple[str, date, str]]:
    """Words, day and address of each quick choice of a date."""
    words = [gettext("In %(weeks)s", weeks=plural(weeks, "week")) for weeks in WEEKS]
    # Flask's own arguments have types of their own; none of these names is one of them.
    addresses = [url_for(endpoint, crn=this_case().crn, weeks=weeks, **named) for weeks in WEEKS]  # type: ignore[arg-type]
    days = [in_weeks(weeks, last) for weeks in WEEKS]
    return list(zip(words, days, addresses, strict=True))
