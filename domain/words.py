"""Words that a rule or a history says, kept together with what they were put together from, so that Welsh can say them its own way."""

from collections.abc import Mapping
from datetime import date


class Said(str):
    """English words. `template` are the words with places in braces, and `parts` what stands in them; without places both say the same."""

    __slots__ = ("parts", "template")
    template: str
    parts: Mapping[str, object]


class Counted(str):
    """A number of something in English. `number` is how many, `one` and `many` are the words for one of it and for several."""

    __slots__ = ("many", "number", "one")
    number: int
    one: str
    many: str


def plural(count: int, one: str, many: str | None = None) -> Counted:
    """1 case, 4,000 cases, 2 people (with the second word given)."""
    several = many or one + "s"
    words = Counted(f"{count:,} {one if count == 1 else several}")
    words.number, words.one, words.many = count, one, several
    return words


def said(template: str, /, **parts: object) -> str:
    """Words with their parts put in: `said("{count} days late", count=3)`. A day is put in as 22 November 2026.

    Without parts they are a plain text, which can be stored like any other.
    """
    if not parts:
        return template
    words = Said(template.format(**{name: f"{part:%-d %B %Y}" if isinstance(part, date) else part for name, part in parts.items()}))
    words.template, words.parts = template, parts
    return words


def unit(one: str, many: str) -> tuple[str, str]:
    """What is counted, as the words for one of it and for several, which also stand without a number."""
    return one, many
