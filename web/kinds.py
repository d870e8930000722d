"""Kinds of contact as officers pick them: those they use most, and every other one by a word of it or an abbreviation."""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import msgspec

from domain.contact import KINDS, Purpose
from web.forms import Form
from web.language import gettext, in_language
from web.words import plain

USUAL = ("CTOB", "CTOA", "COUP", "CHVS", "CMOB", "CMOA", "CLOB")
"""The kinds of contact offered to somebody who has recorded none yet."""
OTHER = "other"


class Abbreviations(msgspec.Struct, frozen=True):
    """Ways of writing each kind of contact, by code, and each purpose."""

    kinds: dict[str, tuple[str, ...]]
    purposes: dict[Purpose, tuple[str, ...]]


@cache
def abbreviations() -> Abbreviations:
    told = tomllib.loads((Path(__file__).parent / "abbreviations.toml").read_text("utf-8"))
    return msgspec.convert(told, Abbreviations)


def frequent(used: Sequence[str]) -> list[str]:
    """The kinds offered as one click: those that somebody has used the most, then the usual ones."""
    known = [code for code in used if code in KINDS]
    return list(dict.fromkeys([*known, *USUAL]))[: len(USUAL)]


def kind_choices(offered: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Kinds of contact by code: those offered as one click, and the rest in the order of their words."""
    shown = list(offered)
    rest = sorted((in_language(kind.label), code) for code, kind in KINDS.items() if code not in shown)
    return {"frequent": [(code, in_language(KINDS[code].label)) for code in shown], "rest": [(code, label) for label, code in rest]}


def kind_values(code: str, offered: Iterable[str]) -> dict[str, str]:
    """The two fields of a kind, filled in for one code; none for a code that is not known."""
    if code not in KINDS:
        return {}
    return {"kind": code} if code in offered else {"kind": OTHER, "other_kind": in_language(KINDS[code].label)}


def find_kinds(typed: str) -> list[str]:
    """The kinds, by code, that somebody may mean by some words: one if they are its label, in English or in the reader's language, its
    code or abbreviation, else every kind that has words with these beginnings."""
    asked = " ".join(plain(typed).split())
    known = abbreviations().kinds
    labels = {code: (plain(kind.label), plain(in_language(kind.label))) for code, kind in KINDS.items()}
    for code in KINDS:
        if asked in (*labels[code], code.casefold(), *known.get(code, ())):
            return [code]
    words = asked.split()
    text = {code: " ".join((*labels[code], *known.get(code, ()))).split() for code in KINDS}
    return [code for code in KINDS if words and all(any(w.startswith(word) for w in text[code]) for word in words)]


def read_kind(form: Form, message: str) -> str:
    """The kind chosen from the radios, or typed under "Another kind"."""
    return read_other_kind(form, "other_kind", message) if form.raw("kind") == OTHER else form.one_of("kind", KINDS, message)


def read_other_kind(form: Form, name: str, message: str) -> str:
    """The kind that was typed in words; when it could be several, the message names them."""
    typed = form.raw(name)
    found = find_kinds(typed)
    if len(found) == 1:
        form.understood[name] = in_language(KINDS[found[0]].label)
        return found[0]
    labels = [in_language(KINDS[code].label) for code in found]
    if labels:
        some, last = ", ".join(labels[:-1]), labels[-1]
        message = gettext("“%(typed)s” could be %(some)s or %(last)s. Type more of it", typed=typed, some=some, last=last)
    elif typed:
        message = gettext("No kind of contact is called “%(typed)s”. Type another word of it, or choose from the list", typed=typed)
    form.wrong(name, message)
    return ""
