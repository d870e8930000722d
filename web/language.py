"""English or Welsh: which of the two somebody reads, and how the service's words are said in it.

Words are marked where they stand: `{% trans %}` and `_()` in a template, `gettext()` in a module of this package, `said()` below it.
`web/catalogue.py` collects them, and `translations/cy/LC_MESSAGES/messages.po` has the Welsh of each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain
from markupsafe import Markup

from domain.words import Counted, Said, told_again
from web import welsh

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
"""By the code of the language, each in its own words."""
USUAL = "en"
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    "cy": welsh.MONTHS,
}
COOKIE = "language"
CATALOGUE = Path(__file__).resolve().parent / "translations" / "cy" / "LC_MESSAGES" / "messages.po"


_spoken: ContextVar[str] = ContextVar("spoken", default=USUAL)


def language() -> str:
    """The code of the language in which is answered."""
    return _spoken.get()


def _choose() -> None:
    """At the beginning of a request: the language that was chosen on this device, English where nobody has chosen."""
    chosen = request.cookies.get(COOKIE, USUAL)
    _spoken.set(chosen if chosen in LANGUAGES else USUAL)


def _leave(_: BaseException | None) -> None:
    """At the end of a request: what its thread does next, for nobody in particular, is said in English again."""
    _spoken.set(USUAL)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Another language for a while: a letter is in the language of whoever gets it, and not of whoever prints it."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def words_of(code: str) -> NullTranslations:
    """The words of a language, read once. English is what stands in the code."""
    if code == USUAL:
        return NullTranslations()
    file = BytesIO()
    with CATALOGUE.open("rb") as kept:
        write_mo(file, read_po(kept, locale=code))
    file.seek(0)
    return Translations(file)


def gettext(words: str, /, **parts: object) -> str:
    """Words in the reader's language, with the parts that are named in them like `%(name)s`."""
    found = words_of(language()).ugettext(words)
    return str(found % parts if parts else found)


def ngettext(one: str, many: str, count: int) -> str:
    """The word for so many of something; Welsh has more forms than two."""
    return str(words_of(language()).ungettext(one, many, count))


def written_day(when: date) -> str:
    """22 November 2026."""
    return f"{when.day} {MONTHS[language()][when.month - 1]} {when.year}"


def in_language(words: str | None) -> str:
    """What a rule, a history or a list of the service says, in the reader's language; what is not the service's own stands as it is."""
    if not words or language() == USUAL:
        return words or ""
    if isinstance(words, Counted):
        return f"{words.number:,} {ngettext(words.one, words.many, words.number)}"
    if not isinstance(words, Said):
        found = _begun(words)
        if found != words:
            return found
        again = told_again(words)
        return in_language(again) if isinstance(again, Said) else words
    return _begun(words.template).format(**{name: _part(part) for name, part in words.parts.items()})


def _begun(words: str) -> str:
    """Words, or the same words with and without a capital: that they begin a sentence makes no others of them."""
    found, other = gettext(words), words[:1].swapcase() + words[1:]
    if found != words:
        return found
    found = gettext(other)
    begin = str.upper if words[:1].isupper() else str.lower
    return words if found == other else begin(found[:1]) + found[1:]


def _part(part: object) -> object:
    """What stands in a place of said words: words and days in the reader's language, numbers as they are."""
    if isinstance(part, date):
        return written_day(part)
    return in_language(part) if isinstance(part, str) else part


class _Words(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    """The library's way to the words, kept as text in one file instead of a compiled one beside it."""

    def get_translations(self) -> Any:
        return words_of(language())


class _Languages(Babel):  # type: ignore[misc]  # as above
    domain_instance = _Words()


@cache
def _safe(code: str, words: str) -> Markup:
    """A marked text of a template in a language. It is written by us in both, so it may hold tags; what is put into it may not."""
    return Markup(words_of(code).ugettext(words))


def _in_template(words: str, /, **parts: object) -> Markup:
    """`_()` and `{% trans %}`. The library's own asks for the language anew each time, which a page with sixty cases would feel."""
    found = _safe(_spoken.get(), words)
    return found % parts if parts or "%" in found else found


def _counted_in_template(one: str, many: str, count: int, /, **parts: object) -> Markup:
    return Markup(ngettext(one, many, count)) % {"num": count, **parts}


def install(app: Flask) -> None:
    """Let templates speak both languages."""
    _Languages(app, default_locale=USUAL, locale_selector=language)
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template, ngettext=_counted_in_template)
    app.before_request(_choose)
    app.teardown_request(_leave)
    app.add_template_filter(in_language)
    app.context_processor(_shared)


def _shared() -> dict[str, object]:
    """For the frame of every page: the language it is in, and those that it could be in."""
    return {"reads_in": language(), "other_languages": [(code, words) for code, words in LANGUAGES.items() if code != language()]}
