"""The day on which something happened, as a form asks for it: today means now, and a day to come is a mistake."""

from datetime import datetime, time

from domain.working_days import LONDON, local_day
from web.forms import Form
from web.language import gettext
from web.service import now


def happened(form: Form, name: str, what: str) -> datetime | None:
    """When it was, at midday of an earlier day. Today means now, which is left to the command (None), so that the same form
    sent twice is the same. `what` begins the message: "The date of the assessment"."""
    day = form.day(name, what)
    today = local_day(now())
    if day is None or day == today:
        return None
    if day > today:
        form.wrong(name, gettext("%(what)s must be today or in the past", what=what))
        return None
    return datetime.combine(day, time(12), LONDON)
