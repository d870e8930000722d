"""What somebody means who types into the search box: names, a CRN, a date of birth written as people write dates, in any order."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from domain.working_days import add_months
from projections.caseload import search_words
from projections.search import Term
from web.language import gettext
from web.typed import MONTHS, Unclear, read_day
from web.words import day

LONGEST = 100
"""Characters of a search that are read."""
_MOST_WORDS = 8
_BEFORE_A_DATE = {"born", "dob", "d.o.b", "d.o.b.", "dob:", "ganwyd", "ganed"}


class Sought(msgspec.Struct, frozen=True):
    """A search as it was typed and as it was understood."""

    typed: str
    terms: tuple[Term, ...]
    no_day: str = ""
    """What looks like a date and is none."""

    @property
    def understood(self) -> list[str]:
        """Each term in words, in the reader's language."""
        return [_said(term) for term in self.terms if not self.no_day or term.word != self.no_day]


def read(typed: str, today: date) -> Sought:
    typed = " ".join(typed.replace("\0", "").split())[:LONGEST]
    words, terms, no_day = typed.split()[: 2 * _MOST_WORDS], list[Term](), ""
    found = _date_in(words, today)
    if found is not None:
        first, last, born = found
        before = words[: first - 1] if first and words[first - 1].casefold() in _BEFORE_A_DATE else words[:first]
        whole = " ".join(words[first:last])
        words = [*before, *words[last:]]
        if born is None:
            no_day = whole
        terms.append(Term(whole if whole.isdigit() or born is None else "", born))
    names = search_words(" ".join(words)) if words else []
    return Sought(typed, (*(Term(word) for word in names[:_MOST_WORDS]), *terms), no_day)


def _date_in(words: Sequence[str], today: date) -> tuple[int, int, date | None] | None:
    """Where a whole date stands among the words, the longest first, and which day it is: None for 31 2 1990."""
    for first, last in _stretches(len(words)):
        text = " ".join(words[first:last])
        if not _is_whole_date(text):
            continue
        try:
            return first, last, _past(read_day(text, today), text, today)
        except Unclear:
            if not text.isdigit():
                return first, last, None
    return None


def _past(born: date, text: str, today: date) -> date:
    """Nobody was born in a year to come, so 30 is 1930 where nobody wrote 2030."""
    return add_months(born, -1200) if born > today and str(born.year) not in text else born


def _stretches(count: int) -> Iterator[tuple[int, int]]:
    for length in range(min(count, 6), 0, -1):
        for first in range(count - length + 1):
            yield first, first + length


def _is_whole_date(text: str) -> bool:
    """Whether it has the look of a day with its month and year: a name and a number are none, and neither is a day of any year."""
    if text.isascii() and text.isdigit():
        return len(text) in (6, 8)
    parts = re.findall(r"\d+|[^\W\d_]+", re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text.casefold(), flags=re.ASCII))
    numbers, months = [p for p in parts if p.isdigit()], [p for p in parts if p in MONTHS]
    others = set(parts) - set(numbers) - set(months) - {"the", "of", "o"}
    return bool(numbers) and len(numbers) + len(months) == 3 and not others and (len(numbers[-1]) == 2 or any(len(n) == 4 for n in numbers))


def _said(term: Term) -> str:
    if term.born is None:
        return gettext("“%(word)s” in the name or CRN", word=term.word)
    born = gettext("born on %(day)s", day=day(term.born))
    return gettext("%(born)s, or “%(word)s” in the CRN", born=born, word=term.word) if term.word else born
