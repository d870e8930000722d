"""A contact in one line, as an officer types it: "ph 10:15 20m job centre forms" is a kind, a time, a length and a note.

A line begins with what is understood, in any order, each at most once; from the first word that is not, it is the note, as it was
typed. Purposes are heard in the note and stay in it. So every word of a line is either understood or in the note.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

import msgspec

from projections.caseload_row import folded
from web.typed import Unclear, read_day, read_time
from web.words import plain

Names = Mapping[str, Sequence[str]]
"""Ways of writing each of several things, in lower case without accents."""

_LONGEST = 24 * 60
_LENGTH = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,4})(?:m|mins?|minutes?)?)?", re.ASCII)
_CRN = re.compile(r"[a-z]\d{6}", re.ASCII)
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_DAY_WORDS = 4
"""No day is written in more words: "the 27 March 2026", "dydd Iau nesaf"."""


class Vocabulary(msgspec.Struct, frozen=True):
    """The words that a line can be understood by. `people` are the names of those whom it may be about, by CRN."""

    kinds: Names
    purposes: Names
    people: Names = {}


class Line(msgspec.Struct, frozen=True):
    """What was understood. Empty or None is what the line does not say; `who` holds several when a name is not one person's."""

    kind: str = ""
    who: tuple[str, ...] = ()
    day: date | None = None
    at: time | None = None
    minutes: int | None = None
    purposes: tuple[str, ...] = ()
    note: str = ""
    read: tuple[tuple[str, str], ...] = ()
    """What each understood part was, and the words that said so."""


class _Taken(NamedTuple):
    """A part of the line: which, how many words it took, and what they mean."""

    part: str
    words: int
    meaning: object


def understand(line: str, vocabulary: Vocabulary, today: date) -> Line:
    """Read a line on a day. Never raises: what is not understood is the note."""
    words = list(re.finditer(r"\S+", line))
    found: dict[str, object] = {}
    read: list[tuple[str, str]] = []
    start = 0
    while start < len(words):
        rest = [word[0] for word in words[start:]]
        taken = next((t for t in (reader(rest, vocabulary, today) for reader in _READERS) if t and t.part not in found), None)
        if taken is None:
            break
        found[taken.part] = taken.meaning
        read.append((taken.part, " ".join(rest[: taken.words])))
        start += taken.words
    note = line[words[start].start() :].rstrip() if start < len(words) else ""
    told = {"purposes": _heard(note, vocabulary.purposes), "note": note, "read": tuple(read)}
    return Line(**found, **told)  # type: ignore[arg-type]  # each reader gives what its part is made of


def _kind(words: Sequence[str], vocabulary: Vocabulary, today: date) -> _Taken | None:
    for many in range(min(3, len(words)), 0, -1):
        said = plain(" ".join(words[:many]))
        for code, ways in vocabulary.kinds.items():
            if said in ways:
                return _Taken("kind", many, code)
    return None


def _who(words: Sequence[str], vocabulary: Vocabulary, today: date) -> _Taken | None:
    """A CRN, or whole words of somebody's name; of several people with that name all, for the officer to choose."""
    if _CRN.fullmatch(plain(words[0])):
        return _Taken("who", 1, (plain(words[0]).upper(),))
    for many in range(min(3, len(words)), 0, -1):
        said = {folded(word) for word in words[:many]}
        if len(said) == many and (named := tuple(crn for crn, name in vocabulary.people.items() if said <= set(name))):
            return _Taken("who", many, named)
    return None


def _at(words: Sequence[str], vocabulary: Vocabulary, today: date) -> _Taken | None:
    """A time of day. A bare number of one or two digits is none: it may count anything."""
    for many in (2, 1):
        said = " ".join(words[:many])
        if many <= len(words) and not (said.isdigit() and len(said) < 3) and not (many == 2 and words[0].isdigit() and words[1].isdigit()):
            at = read_time(said)
            if at is not None:
                return _Taken("at", many, at)
    return None


def _minutes(words: Sequence[str], vocabulary: Vocabulary, today: date) -> _Taken | None:
    """20m, 20 mins, 1h, 1h30."""
    for many in (2, 1):
        said = plain("".join(words[:many]))
        length = _LENGTH.fullmatch(said)
        if many > len(words) or length is None or said.isdigit() or (many == 2 and words[1][:1].isdigit() and "h" not in words[0]):
            continue
        minutes = 60 * int(length[1] or 0) + int(length[2] or 0)
        if 0 < minutes <= _LONGEST:
            return _Taken("minutes", many, minutes)
    return None


def _day(words: Sequence[str], vocabulary: Vocabulary, today: date) -> _Taken | None:
    """A day in words, or in figures with something between them: figures alone may count anything."""
    for many in range(min(_DAY_WORDS, len(words)), 0, -1):
        said = words[:many]
        if all(word.isdigit() for word in said):
            continue
        try:
            return _Taken("day", many, read_day(" ".join(said), today))
        except Unclear:
            continue
    return None


_READERS: tuple[Callable[[Sequence[str], Vocabulary, date], _Taken | None], ...] = (_who, _at, _minutes, _kind, _day)


def _heard(note: str, purposes: Names) -> tuple[str, ...]:
    """The purposes that the note has words for; of words within one another only the longest are heard."""
    text = f" {' '.join(_WORD.findall(plain(note)))} "
    ways = sorted(((way, purpose) for purpose, all_ways in purposes.items() for way in all_ways), key=lambda w: (-len(w[0]), w))
    heard = set()
    for way, purpose in ways:
        if f" {way} " in text:
            heard.add(purpose)
            text = text.replace(f" {way} ", " | ")
    return tuple(purpose for purpose in purposes if purpose in heard)
