"""Words that a rule or a history says, kept together with what they were put together from, so that Welsh can say them its own way."""

from collections.abc import Mapping


class Said(str):
    """English words. `template` are the words with places in braces, and `parts` what stands in them; without places both say the same."""

    __slots__ = ("parts", "template")
    template: str
    parts: Mapping[str, object]


def said(template: str, /, **parts: object) -> Said:
    """Words with their parts put in: `said("{count} days late", count=3)`. A day is given as it is to be read."""
    words = Said(template.format(**parts) if parts else template)
    words.template, words.parts = template, parts
    return words
