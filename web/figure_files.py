"""What files of figures say: the rows of the page, and with them whose they are, of which months, counted when and by which rule."""

from collections.abc import Iterable, Iterator, Sequence

from flask import abort

from projections.measure import Measure
from web.exports import Cell, Table
from web.lines import Line, Lines
from web.whose import LEVEL_WORDS, Asked

COUNTS = ("yes", "no", "not evidenced", "counted in all", "left out", "share", "share from", "share to", "not shown")


def about(of: Asked, measure: Measure | None = None) -> dict[str, Cell]:
    """Whose figures, of which months, and how they were counted; 400 when what was asked for made no sense."""
    if not of.form.ok:
        abort(400, next(iter(of.form.errors.values())))
    what = _definition(measure) if measure else {}
    return {
        **what,
        "whose": LEVEL_WORDS[of.whose.level],
        "whose code": of.whose.code,
        "whose name": of.whose.name,
        "only in team": of.whose.team if of.whose.only_team else "",
        "first month": f"{of.period.since:%Y-%m}",
        "last month": f"{of.period.last:%Y-%m}",
        "counted at": of.seen.at,
        "as known on": of.seen.day,
        "entries of the record": of.seen.position,
        "policy": of.seen.policy.version,
    }


def _definition(measure: Measure) -> dict[str, Cell]:
    yes, no = measure.counted
    return {
        "measure": measure.name,
        "title": measure.title,
        "definition": f"{measure.question} {measure.definition}",
        "source": measure.source,
        "yes means": yes,
        "no means": no,
        "unit": measure.unit[0],
    }


def of_measure(of: Asked, measure: Measure, lines: Lines) -> Table:
    """The figure, its months and its parts, a row each; the rows of one kind of `by` add up to the whole."""
    rows = [(line.by, line.code, line.name, *_counts(line)) for line in lines]
    return Table("figures", about(of, measure), ("by", "code", "name", *COUNTS), rows)


def of_all(of: Asked, found: Sequence[tuple[Measure, Line]]) -> Table:
    """A row a measure, with its definition."""
    head = next((tuple(_definition(measure)) for measure, _ in found), ())
    return Table("figures", about(of), (*head, *COUNTS), _each(found))


def _each(found: Iterable[tuple[Measure, Line]]) -> Iterator[Sequence[Cell]]:
    for measure, line in found:
        yield (*_definition(measure).values(), *_counts(line))


def _counts(line: Line) -> tuple[Cell, ...]:
    """As on the page: no share of too few, and no counts of what is not shown."""
    if line.figure is None:
        return (*[None] * (len(COUNTS) - 1), line.too_small)
    figure, interval = line.figure, line.interval
    share = (round(line.share or 0, 4), round(interval.low, 4), round(interval.high, 4)) if interval else (None, None, None)
    return (figure.yes, figure.no, figure.not_evidenced, figure.denominator, figure.left_out, *share, None)
