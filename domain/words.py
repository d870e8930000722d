"""Words that a rule or a history says, kept together with what they were put together from, so that Welsh can say them its own way."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache


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


def listed(each: Iterable[str], between: str = ", ") -> str:
    """Words one after another: wrote, called and came; what is none is an empty text."""
    parts = {f"part{number}": words for number, words in enumerate(each)}
    return said(between.join(f"{{{name}}}" for name in parts), **parts) if parts else ""


def begun(words: str) -> str:
    """The words with a capital at the beginning, and what stands within them as it is."""
    return _beginning(words, lambda first: first[:1].upper() + first[1:])


def within(words: str) -> str:
    """The words without a capital at the beginning, as they stand within a sentence; RoSH and NPS keep theirs."""
    return _beginning(words, _small)


def _small(first: str) -> str:
    return first if first[1:].lower() != first[1:] else first.lower()


def _beginning(words: str, change: Callable[[str], str]) -> str:
    """The words with the first of them changed."""
    if isinstance(words, Counted):
        return words
    if not isinstance(words, Said):
        return _first(words, change)
    first = re.match(r"\{(\w+)\}", words.template)
    if first is None:
        return said(_first(words.template, change), **words.parts)
    part = words.parts[first[1]]
    return said(words.template, **{**words.parts, first[1]: _beginning(part, change)}) if isinstance(part, str) else words


def _first(words: str, change: Callable[[str], str]) -> str:
    first, *rest = words.split(" ", 1)
    return " ".join((change(first), *rest))


_stored: dict[str, None] = {}


def stored(template: str) -> str:
    """Marks words that rows keep as a plain English text, so that `told_again` knows what was put in their places (without formats)."""
    _stored[template] = None
    return template


def told_again(words: str) -> str:
    """A text from a row, put together again from the template it was made with; any other text as it stands."""
    for template in _stored:
        if found := _places(template).fullmatch(words):
            return said(template, **found.groupdict())
    return words


@cache
def _places(template: str) -> re.Pattern[str]:
    """What the words of a template look like, with a group for each place."""
    plain = re.split(r"\{(\w+)[^}]*\}", template)
    return re.compile("".join(f"(?P<{text}>.+)" if n % 2 else re.escape(text) for n, text in enumerate(plain)), re.DOTALL)


def unit(one: str, many: str) -> tuple[str, str]:
    """What is counted, as the words for one of it and for several, which also stand without a number."""
    return one, many
