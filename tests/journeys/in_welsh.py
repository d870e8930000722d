"""How the words of the interface read in Welsh, found by their English in the catalogue, for journeys that are done in Welsh."""

import re
from functools import cache
from typing import NamedTuple

from playwright.sync_api import Page

from web import catalogue
from web.language import words_of

PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
A_TAG = re.compile(r"<[^>]+>")
ENOUGH = {True: 10, False: 3}
"""So many letters beside what is put in must be the same for a text to be known: more when it begins with something put in."""


class Text(NamedTuple):
    """A text of the catalogue as it is read: without tags, with whatever is put into its places."""

    english: str
    welsh: str


@cache
def texts() -> tuple[Text, ...]:
    found = []
    for message in catalogue.kept():
        if message.id and catalogue.is_said(message.string):
            english = [message.id] if isinstance(message.id, str) else [*message.id]
            welsh = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
            found += [Text(_read(one), _read(other)) for one in english for other in welsh]
    return tuple(found)


def _read(text: str) -> str:
    return " ".join(A_TAG.sub("", text).replace("%%", "%").split())


def in_welsh(words: str) -> re.Pattern[str]:
    """A pattern for a name or a text on a page in Welsh that begins, in English, with these words."""
    found = {pattern for text in texts() if (pattern := _said_in(text, words))}
    assert found, f"the catalogue has no Welsh for: {words}"
    return re.compile(rf"^(?:{'|'.join(sorted(found))})", re.IGNORECASE)


def _said_in(text: Text, words: str) -> str | None:
    """The Welsh of a text as a pattern if its English begins with the words, which may have something in its places already."""
    parts, put_in = _places(text.english), dict[str, str]()
    rest, known = words, 0
    for i, (before, name) in enumerate(parts):
        if before.casefold().startswith(rest.casefold()):
            known += len(rest)
            break
        if not rest.casefold().startswith(before.casefold()):
            return None
        rest, known = rest[len(before) :], known + len(before)
        after = parts[i + 1][0] if i + 1 < len(parts) else ""
        at = rest.find(after) if after else len(rest)
        at = len(rest) if at < 0 else at
        if name:
            put_in[name], rest = rest[:at], rest[at:]
        elif rest:
            return None
    if known < ENOUGH[not parts[0][0]]:
        return None
    return "".join(re.escape(before) + (_whatever(put_in.get(name, "")) if name else "") for before, name in _places(text.welsh))


def _places(text: str) -> list[tuple[str, str]]:
    """A text as what stands before each of its places, and the name of the place; the last has none."""
    pieces = PLACE.split(text)
    return [(pieces[i], pieces[i + 1] or pieces[i + 2] if i + 2 < len(pieces) else "") for i in range(0, len(pieces), 3)]


def _whatever(put_in: str) -> str:
    """What may stand in a place: a name as it is; a number of something and what is not known here, anything."""
    return re.escape(put_in) if put_in and not re.search(r"\d", put_in) and put_in.istitle() else ".+?"


SHOWN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (!around.closest("script, style, template, [lang=en]")) found.push(walker.currentNode.data.trim().replace(/\\s+/g, " "));
  }
  return found.concat([...document.querySelectorAll("[aria-label]")].map(e => e.ariaLabel));
}"""
"""The texts of a page, those that are only read out as well."""


def english_left(page: Page) -> list[str]:
    """The texts of a page in Welsh that stand in the catalogue in English and have other words in Welsh."""
    return sorted({text for text in page.evaluate(SHOWN) if text and words_of("cy").ugettext(text) != text})
