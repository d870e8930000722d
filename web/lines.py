"""Rows of figures as pages and files show them: with a share and how sure it is, and without what is too small to show."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace
from psycopg import Connection

from domain.access import Action
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_months
from projections import figures, organisations
from projections.figures import Figure, Row
from projections.measure import Measure
from projections.measures import MEASURES
from projections.statistics.intervals import Interval, wilson
from projections.statistics.suppression import withhold
from web.service import reading
from web.whose import LEVEL_WORDS, NOBODY, PARTS, Asked, Level, Whose, may, with_query
from web.words import month as month_words

WHOLE, MONTH = "whole", "month"


class Line(msgspec.Struct, frozen=True):
    """One figure of a page. `by` is what it is one of: the whole, a month, or a part by its level's word. Without a `figure` it is not
    shown, for what `too_small` says; without a share there is too little to take one of."""

    by: str
    code: str
    name: str
    figure: Figure | None
    share: float | None = None
    interval: Interval | None = None
    too_small: str = ""
    href: str = ""
    """The same page about this one alone."""
    entries: str = ""
    """The page of the entries behind it, when the reader may see them."""

    def behind(self, verdict: str = "") -> str:
        """The page of the entries of one kind."""
        return with_query(self.entries, verdict=verdict)


class Lines(msgspec.Struct, frozen=True):
    """A measure for somebody: the whole figure, by month, and by what it is made up of (None for an officer's)."""

    whole: Line
    months: Sequence[Line]
    parts: Sequence[Line]
    part: Level | None

    def __iter__(self) -> Iterator[Line]:
        return iter((self.whole, *self.months, *self.parts))


def lines(conn: Connection[Any], asked: Asked, measure: Measure) -> Lines:
    """Every figure that the page of a measure shows."""
    part = PARTS.get(asked.whose.level)
    whole = _whole(asked, measure, figures.figure(conn, measure, asked.scope))
    months = _every_month(figures.by_month(conn, measure, asked.scope), asked)
    parts = figures.by_part(conn, measure, asked.scope, part.value) if part else ()
    return Lines(whole, [_month(asked, row) for row in months], _parts(asked, part, parts) if part else (), part)


def every(conn: Connection[Any], asked: Asked) -> list[tuple[Measure, Line]]:
    """The whole figure of each measure."""
    found = figures.every(conn, asked.scope)
    return [(measure, _whole(asked, measure, found[name])) for name, measure in MEASURES.items()]


def _whole(asked: Asked, measure: Measure, figure: Figure) -> Line:
    named = replace(asked, name=measure.name)
    entries = _entries(named) if may(Action.SEE_FINDINGS, asked.whose) else ""
    line = Line(WHOLE, asked.whose.code, asked.whose.name, figure, href=named.url("measure.show"), entries=entries)
    return _with_share(line, figure, asked.seen.policy)


def _with_share(line: Line, figure: Figure, policy: Policy) -> Line:
    """Below so many contacts a share says more about chance than about anybody's work, so a row shows its counts only."""
    if figure.denominator < policy.share_from_contacts:
        return line
    confidence = policy.comparison.interval_confidence
    return replace(line, share=figure.share, interval=wilson(figure.yes, figure.denominator, confidence=confidence))


def _entries(asked: Asked, **changes: Any) -> str:
    return asked.url("measure_entries.show", **changes)


def _every_month(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """A row for each month from the first that has any contact, empty months too: a gap must be seen."""
    found = {row.key: row for row in rows}
    first = min(found, default=asked.period.last.isoformat())
    months = sorted({*found, *(day.isoformat() for day in asked.period.months() if day.isoformat() >= first)})
    return [found.get(key) or Row(key, key, 0, 0, 0, 0) for key in months]


def _month(asked: Asked, row: Row) -> Line:
    month = date.fromisoformat(row.key)
    only: dict[str, Any] = {"from": f"{month:%Y-%m}", "to": f"{month:%Y-%m}"}
    entries = _entries(asked, **only) if may(Action.SEE_FINDINGS, asked.whose) else ""
    href = asked.url("measure.show", **only)
    line = Line(MONTH, f"{month:%Y-%m}", month_words(month), row.figure, href=href, entries=entries)
    return _with_share(line, row.figure, asked.seen.policy)


def is_over(line: Line, today: date) -> bool:
    """Whether a line's month has ended, so that all of it can be compared with others."""
    return add_months(date.fromisoformat(f"{line.code}-01"), 1) <= today


def _parts(asked: Asked, level: Level, rows: Sequence[Row]) -> list[Line]:
    """By name. What the reader may not open is withheld when it is small, or when a small one could be worked out from it."""
    opened = {row.key: _may_open(asked, row.key) for row in rows}
    pages = _with_pages(asked, level, [row.key for row in rows if row.key and opened[row.key]])
    smallest = asked.seen.policy.comparison.smallest_group
    closed = {row.key: row.figure.denominator for row in rows if not opened[row.key]}
    held = withhold(closed, smallest=smallest)
    shown = []
    for row in rows:
        line = Line(LEVEL_WORDS[level], row.key, row.label, None)
        if row.key in held.small:
            shown.append(replace(line, too_small=said("Fewer than {smallest}", smallest=smallest)))
        elif row.key in held.shielding:
            shown.append(replace(line, too_small=said("Not shown, or a small one could be worked out")))
        else:
            href = asked.url("measure.show", asked.whose.part(row.key)) if row.key in pages else ""
            addressed = replace(line, figure=row.figure, href=href, entries=_behind(asked, row.key) if opened[row.key] else "")
            shown.append(_with_share(addressed, row.figure, asked.seen.policy))
    return shown


def _may_open(asked: Asked, code: str) -> bool:
    """Whoever may see the entries of all may see those of each part; others those of a part that is theirs."""
    return may(Action.SEE_FINDINGS, asked.whose) or (bool(code) and may(Action.SEE_FINDINGS, asked.whose.part(code)))


def _with_pages(asked: Asked, level: Level, codes: Sequence[str]) -> set[str]:
    """Of the parts that may be opened, those whose own page the reader may see: an officer who has moved on has theirs elsewhere."""
    if level is not Level.OFFICER or may(Action.SEE_MEASURES, Whose()):
        return set(codes)
    with reading() as conn:
        return {officer.code for officer in organisations.of_team(conn, asked.whose.team)} & set(codes)


def _behind(asked: Asked, code: str) -> str:
    if may(Action.SEE_FINDINGS, asked.whose):
        return _entries(asked, part=code or NOBODY)
    return asked.url("measure_entries.show", asked.whose.part(code))
