"""The picture of a case through time: where each bar and each mark of its lanes stands, for a template to draw."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec

from domain.contact import Mode
from domain.words import begun
from domain.working_days import add_months
from projections.finding import Verdict
from projections.lanes import Lanes, Mark, Span
from web.language import gettext, in_language
from web.words import day, short_month

WIDTH, LEFT, RIGHT, TOP, LANE = 960, 190, 16, 34, 32
"""In the units of the picture: its width, where the lanes begin and how far from the edge they end, room for the months, and a lane."""
LETTER = 8.5
"""Width of a letter, roughly: words that do not fit into their bar are left to the table."""
MOST_MONTHS = 9
SHAPES = {Verdict.YES: "full", Verdict.NO: "hollow", Verdict.NOT_EVIDENCED: "half", Verdict.LEFT_OUT: "dot"}


class Bar(msgspec.Struct, frozen=True):
    x: float
    width: float
    words: str
    other: bool
    """Of two colours the other one, so that neighbours can be told apart."""


class Spot(msgspec.Struct, frozen=True):
    x: float
    shape: str


class Lane(msgspec.Struct, frozen=True):
    label: str
    y: float
    bars: list[Bar]
    spots: list[Spot]


class Row(msgspec.Struct, frozen=True):
    """The same in words: in which lane, what, from when to when, and the entry behind it."""

    lane: str
    what: str
    since: date
    until: date | None
    lasts: bool
    number: int


class Picture(msgspec.Struct, frozen=True):
    """`lines` are days to be marked, with their words; `away` are stretches behind all lanes."""

    width: float
    left: float
    right: float
    """Where the lanes begin and end."""
    lane: float
    """How high one is."""
    height: float
    lanes: list[Lane]
    months: list[tuple[float, str]]
    lines: list[tuple[float, str]]
    away: list[Bar]
    rows: list[Row]


def picture(found: Lanes, announced: date, name_of: Callable[[str], str]) -> Picture:
    where = _scale(found.first, found.last)
    lanes: list[Lane] = []
    rows: list[Row] = []

    def lane(label: str, bars: Sequence[Bar] = (), spots: Sequence[Spot] = ()) -> None:
        lanes.append(Lane(label, TOP + LANE * len(lanes), list(bars), list(spots)))

    def of_spans(label: str, spans: Sequence[Span], words: Callable[[str], str]) -> None:
        lane(label, _bars(spans, found, where, words))
        rows.extend(Row(label, words(span.of), span.since, span.until, True, span.number) for span in spans)

    of_spans(gettext("Officer"), found.officers, lambda code: name_of(code) if code else gettext("Nobody"))
    of_spans(gettext("Risk of serious harm"), found.levels, lambda level: begun(in_language(level)))
    for mode in Mode:
        if marks := [mark for mark in found.contacts if mark.mode is mode]:
            label = begun(in_language(mode))
            lane(label, spots=[Spot(where(mark.on), "cross" if mark.missed else SHAPES[mark.verdict]) for mark in marks])
            rows.extend(Row(label, _said(mark), mark.on, None, False, mark.number) for mark in marks)
    if found.plan:
        lane(gettext("Plan"), spots=[Spot(where(mark.on), "hollow" if mark.reviewed else "full") for mark in found.plan])
        words = (gettext("Completed"), gettext("Reviewed"))
        rows.extend(Row(gettext("Plan"), words[mark.reviewed], mark.on, None, False, mark.number) for mark in found.plan)
    for place, objective in enumerate(found.objectives, 1):
        of_spans(gettext("Objective %(place)s", place=place), [objective], str)
    away = [Span(span.since, span.until, "", 0) for span in found.away]
    lines = [(where(announced), gettext("Announced"))] if found.first <= announced <= found.last else []
    height = TOP + LANE * len(lanes)
    months, shaded = list(_months(found, where)), _bars(away, found, where, str)
    return Picture(WIDTH, LEFT, WIDTH - RIGHT, LANE, height, lanes, months, lines, shaded, rows)


def _scale(first: date, last: date) -> Callable[[date], float]:
    days = max((last - first).days, 1)
    return lambda on: round(LEFT + (min(max(on, first), last) - first).days / days * (WIDTH - LEFT - RIGHT), 1)


def _bars(spans: Sequence[Span], found: Lanes, where: Callable[[date], float], words: Callable[[str], str]) -> list[Bar]:
    bars = []
    for i, span in enumerate(spans):
        if span.since > found.last:
            continue
        x, end = where(span.since), where(span.until or found.last)
        width, told = round(max(end - x, 2), 1), words(span.of)
        bars.append(Bar(x, width, told if len(told) * LETTER < width else "", i % 2 == 1))
    return bars


def _said(mark: Mark) -> str:
    if mark.missed:
        return gettext("Did not take place")
    verdict = {Verdict.YES: gettext("Purposeful"), Verdict.NO: gettext("Not purposeful"), Verdict.NOT_EVIDENCED: gettext("Not evidenced")}
    return verdict.get(mark.verdict) or gettext("Left out: not with the person")


def _months(found: Lanes, where: Callable[[date], float]) -> Iterator[tuple[float, str]]:
    """The first of every month, or of every second one and so on where there are many; of a short time its first day."""
    month = add_months(found.first.replace(day=1), 1)
    every = max(1, -(-((found.last - month).days // 30 + 1) // MOST_MONTHS))
    if month > found.last:
        yield where(found.first), day(found.first)
    while month <= found.last:
        yield where(month), short_month(month)
        month = add_months(month, every)
