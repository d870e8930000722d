"""A form turns what people type into what a command needs, or into a message beside the field; what was typed is kept."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from domain.event import Refused
from domain.words import begun
from domain.working_days import LONDON, local_day
from web.clock import now
from web.language import gettext, in_language
from web.typed import Unclear, read_day, read_time
from web.words import clock, day, enter, full_day

Choice = TypeVar("Choice", bound=StrEnum)
_BOXES = ("day", "month", "year")


def options(of: Iterable[str]) -> list[tuple[str, str]]:
    """What may be chosen, each value with its words: those of an enumeration, in the reader's language."""
    return [(str(each), begun(in_language(each))) for each in of]


class Form:
    """What was sent, or the defaults of a form not sent yet. Ask it for each field; then see whether it is `ok`."""

    def __init__(self, sent: "MultiDict[str, str] | None" = None, **defaults: str | Sequence[str] | date | datetime | None) -> None:
        self.values: dict[str, str | list[str]] = {}
        self.errors: dict[str, str] = {}
        self.understood: dict[str, str] = {}
        for name, value in defaults.items():
            self._default(name, value)
        if sent is not None:
            # A NUL cannot be stored as text and no keyboard types one.
            for name in sent:
                values = [value.replace("\0", "") for value in sent.getlist(name)]
                self.values[name] = values if len(values) > 1 else values[0]

    def _default(self, name: str, value: "str | Sequence[str] | date | datetime | None") -> None:
        if isinstance(value, datetime):
            local = value.astimezone(LONDON)
            self.values[f"{name}-time"] = clock(local)
            value = local.date()
        if isinstance(value, date):
            self.values[name] = day(value)
        elif value is not None:
            self.values[name] = value if isinstance(value, str) else list(value)

    @property
    def ok(self) -> bool:
        return not self.errors

    def wrong(self, field: str, message: str) -> None:
        """Say what is wrong beside a field; the first message on a field stands."""
        self.errors.setdefault(field, message)

    def refuse(self, refusal: Refused, otherwise: str) -> None:
        """Put a rule's refusal beside the field that it names, or else beside `otherwise`."""
        self.wrong(refusal.field or otherwise, in_language(refusal.message))

    def raw(self, name: str) -> str:
        """The text of a field as typed, without the spaces around it; of several, the last."""
        value = self.values.get(name, "")
        return (value if isinstance(value, str) else value[-1]).strip()

    def every(self, name: str) -> list[str]:
        """Each value of a field that can have several, as sent."""
        value = self.values.get(name, [])
        return [value] if isinstance(value, str) else value

    def command_id(self) -> UUID | None:
        """The id the form was rendered with; None when it was lost or spoiled, and the command is then not protected."""
        try:
            return UUID(self.raw("command_id"))
        except ValueError:
            return None

    def text(self, name: str, missing: str = "", *, longest: int = 12_000) -> str:
        """The text of a field; `missing` is the message when it is needed and empty."""
        text = self.raw(name).replace("\r\n", "\n")
        if not text and missing:
            self.wrong(name, missing)
        if len(text) > longest:
            self.wrong(name, gettext("Must be %(longest)s characters or fewer", longest=f"{longest:,}"))
        return text

    def one_of(self, name: str, allowed: Iterable[str], missing: str, *, optional: bool = False) -> str:
        """One of the values offered."""
        value = self.raw(name)
        if value in set(allowed):
            return value
        if value or not optional:
            self.wrong(name, missing)
        return ""

    def choice(self, name: str, kind: type[Choice], missing: str) -> Choice | None:
        """One of an enumeration; None with a message when nothing or something else was chosen."""
        try:
            return kind(self.raw(name))
        except ValueError:
            self.wrong(name, missing)
            return None

    def several(self, name: str, allowed: Iterable[str], message: str) -> tuple[str, ...]:
        """All the values ticked; each must have been offered."""
        ticked = [v for v in self.every(name) if v]
        if not set(ticked) <= set(allowed):
            self.wrong(name, message)
            return ()
        return tuple(dict.fromkeys(ticked))

    def numbers(self, name: str, allowed: Iterable[int], message: str) -> tuple[int, ...]:
        """Entry numbers ticked."""
        return tuple(int(v) for v in self.several(name, [str(n) for n in allowed], message))

    def whole(self, name: str, what: str, low: int, high: int, *, optional: bool = False) -> int | None:
        """A whole number within bounds. `what` begins the message: "Minutes"."""
        typed = self.raw(name).replace(",", "")
        if not typed and optional:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
            self.wrong(name, gettext("%(what)s must be a whole number, like 45", what=what))
            return None
        number = int(typed)
        if not low <= number <= high:
            self.wrong(name, gettext("%(what)s must be between %(low)s and %(high)s", what=what, low=f"{low:,}", high=f"{high:,}"))
            return None
        return number

    def day(self, name: str, what: str, *, optional: bool = False, ahead: bool = False) -> date | None:
        """A day as people type it; `ahead` says that it is more likely to come than past. `what` begins the message: "The date of
        the contact"."""
        typed = self.raw(name) or self._boxes(name)
        if not typed:
            if not optional:
                self.wrong(name, enter(what))
            return None
        self.values[name] = typed
        try:
            found = read_day(typed, local_day(now()), ahead=ahead)
        except Unclear as unclear:
            self.wrong(name, gettext("%(what)s %(unclear)s", what=what, unclear=in_language(unclear.words)))
            return None
        self.understood[name] = full_day(found)
        return found

    def _boxes(self, name: str) -> str:
        """A date in three boxes, as programs and pages opened before an upgrade send it."""
        return " ".join(filter(None, (self.raw(f"{name}-{part}") for part in _BOXES)))

    def time(self, name: str, what: str) -> time | None:
        """A time as people type it: 9, 9am, 9.30, 14:45, 3:05pm, midday."""
        typed = self.raw(name)
        if not typed:
            self.wrong(name, enter(what))
            return None
        found = read_time(typed)
        if found is None:
            self.wrong(name, gettext("%(what)s must be a time, like 9:30am or 14:45", what=what))
            return None
        self.understood[name] = clock(found)
        return found

    def moment(self, name: str, what: str, *, ahead: bool = False) -> datetime | None:
        """A date and, in `name`-time, a time, on the clock of England and Wales."""
        day = self.day(name, gettext("The date of %(what)s", what=what), ahead=ahead)
        at = self.time(f"{name}-time", gettext("The time of %(what)s", what=what))
        if day is None or at is None:
            return None
        local = datetime.combine(day, at, LONDON)
        if local.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.wrong(f"{name}-time", gettext("The clocks went forward then, so there was no such time"))
            return None
        return local.astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a day in England and Wales and the first of the next."""
    start = datetime.combine(day, time(), LONDON)
    return start.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
