"""Charts: groups in a funnel, a series with its limits, and a distribution, each with the same figures as a table."""

from collections.abc import Callable, Sequence
from itertools import groupby
from logging import getLogger
from typing import Any

import msgspec
from markupsafe import Markup

from domain.words import begun, said
from projections.statistics.funnel import Compared, Funnel, Limits, Standing
from projections.statistics.xmr import Signal, Xmr
from web import chart_specs
from web.drawing import NotDrawn, draw
from web.language import gettext, in_language
from web.words import number, percent, plural

logger = getLogger(__name__)

STANDING_OUT = (Standing.ABOVE_OUTER, Standing.BELOW_OUTER, Standing.ABOVE_INNER, Standing.BELOW_INNER)
"""In the order in which a title says them."""
NAMED_IN_TITLE = 6
"""Groups that a title names; of more it says how many."""


class Row(msgspec.Struct, frozen=True):
    """A row of the table: what it is about, with its address or none, and its figures in words."""

    label: str
    href: str
    cells: tuple[str, ...]


class Column(msgspec.Struct, frozen=True):
    head: str
    numeric: bool = True


class Chart(msgspec.Struct, frozen=True):
    """A chart and its table, as the macro `chart` shows them. `title` says the finding, `subject` what is measured and over which time,
    `reading` how to read the picture. Without a picture (an empty one) the table stands alone. `name` begins its ids on the page."""

    name: str
    title: str
    subject: str
    reading: str
    picture: Markup
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Point(msgspec.Struct, frozen=True):
    """One value of a series: its month or week, the value or None for none, what lies behind it and `counted` in words (34 of 55)."""

    label: str
    value: float | None
    href: str = ""
    counted: str = ""


class Bar(msgspec.Struct, frozen=True):
    label: str
    count: int
    href: str = ""


def funnel(found: Funnel, *, name: str, subject: str, group: str, href: Callable[[str], str], title: str = "") -> Chart:
    """Groups by size and share, each a link to what lies behind it. `group` is the word for one (Team), `href` gives the address for a
    group's key. Small groups stand in the table as too few, and nowhere else."""
    word = in_language(group.lower())
    marks = [
        chart_specs.Spot(
            x=one.group.out_of,
            y=one.group.share,
            href=href(one.group.key),
            words=f"{one.group.name}: {percent(one.group.share)}, {_counted(one)}, {_standing(one.standing, found)}",
            kind=chart_specs.KINDS[one.standing],
            label="" if one.standing is Standing.INSIDE else one.group.name,
        )
        for one in found.compared
    ]
    inner, outer = percent(found.rule.inner_limits), percent(found.rule.outer_limits)
    specification = chart_specs.funnel(found, marks, gettext("All %(share)s", share=percent(found.target)), inner, outer) if marks else None
    reading = gettext(
        "Each mark is one %(group)s; further to the right it has more to count. The level line is everybody together, %(share)s. The dashed"
        " lines are the %(inner)s limits and the solid ones the %(outer)s limits: by chance alone about %(notice)s lies outside the first"
        " (a diamond) and %(striking)s outside the second (a square).",
        group=word,
        share=percent(found.target),
        inner=inner,
        outer=outer,
        notice=_one_in(found.rule.inner_limits),
        striking=_one_in(found.rule.outer_limits),
    )
    shown, too_few = {one.group.key: one for one in found.compared}, gettext("Too few to show")
    everybody = sorted([*(one.group for one in found.compared), *found.withheld], key=lambda g: (g.name.casefold(), g.key))
    rows = tuple(
        Row(g.name, href(g.key), _figures(shown[g.key], found)) if g.key in shown else Row(g.name, "", (too_few, "", "", "", ""))
        for g in everybody
    )
    limits = (gettext("%(limits)s limits", limits=limit) for limit in (inner, outer))
    numbers = (gettext("Share"), gettext("Counted"), *limits)
    columns = (Column(in_language(group), False), *map(Column, numbers), Column(gettext("Where it stands"), False))
    words = " ".join(filter(None, (reading, _spread(found), _not_shown(found))))
    return _chart(name, title or _standing_out(found, group), subject, words, specification, columns, rows)


def series(
    points: Sequence[Point],
    limits: Xmr | None,
    *,
    name: str,
    subject: str,
    period: str = said("Month"),
    title: str = "",
    share: bool = True,
) -> Chart:
    """Values in their order, a line with its mean and limits when there are enough of them. `share` writes values as percentages."""
    signals = limits.signals if limits else (None,) * len(points)
    written = percent if share else _to_a_tenth
    marks = [
        chart_specs.Step(
            x=point.label,
            y=point.value,
            href=point.href,
            words=", ".join(filter(None, (f"{point.label}: {written(point.value)}", point.counted, in_language(signal)))),
            kind=chart_specs.SIGNALS[signal],
        )
        for point, signal in zip(points, signals, strict=True)
    ]
    some = any(point.value is not None for point in points)
    specification = chart_specs.series(marks, limits, written, share=share) if some else None
    rows = tuple(
        Row(point.label, point.href, (written(point.value) if point.value is not None else gettext("None"), point.counted, _said(signal)))
        for point, signal in zip(points, signals, strict=True)
    )
    numbers = (gettext("Share") if share else gettext("Value"), gettext("Counted"))
    columns = (Column(in_language(period), False), *map(Column, numbers), Column(gettext("Out of the ordinary"), False))
    words = _limits_said(limits, written, period)
    return _chart(name, title or _changed(points, limits, period), subject, words, specification, columns, rows)


def distribution(bars: Sequence[Bar], *, name: str, subject: str, title: str, axis: str, counted: str = said("Entries")) -> Chart:
    """How many fall into each class, in the order given. `axis` is the word for the classes, `counted` for what is counted."""
    total = sum(bar.count for bar in bars)
    marks = [
        chart_specs.Step(x=bar.label, y=bar.count, href=bar.href, words=f"{bar.label}: {number(bar.count)}", label=number(bar.count))
        for bar in bars
    ]
    rows = tuple(Row(bar.label, bar.href, (number(bar.count), percent(bar.count / total) if total else gettext("None"))) for bar in bars)
    columns = (Column(in_language(axis), False), Column(in_language(counted)), Column(gettext("Share")))
    specification = chart_specs.distribution(marks, in_language(axis), in_language(counted)) if total else None
    reading = gettext(
        "Each bar is as long as its number of %(counted)s; %(total)s in all.", counted=in_language(counted.lower()), total=number(total)
    )
    return _chart(name, title, subject, reading, specification, columns, rows)


def _chart(
    name: str,
    title: str,
    subject: str,
    reading: str,
    specification: dict[str, Any] | None,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
) -> Chart:
    picture = Markup()
    try:
        if specification:
            picture = draw(specification, labelled_by=f"{name}-title", described_by=f"{name}-reading")
    except NotDrawn:
        logger.exception("the chart %s could not be drawn; its table is shown alone", name)
    return Chart(name, title, subject, reading, picture, columns, rows)


# Words ---------------------------------------------------------------------------------------------------------------


def _to_a_tenth(value: float | None) -> str:
    return number(None if value is None else round(value, 1)).removesuffix(".0")


def part_of(some: int, every: int) -> str:
    """34 of 55."""
    return gettext("%(part)s of %(whole)s", part=number(some), whole=number(every))


def _counted(one: Compared) -> str:
    return part_of(one.group.yes, one.group.out_of)


def _one_in(limits: float) -> str:
    return gettext("1 in %(number)s", number=number(round(1 / (1 - limits))))


def _standing(standing: Standing, found: Funnel) -> str:
    """Inside the limits; above the 99.8% limits."""
    inner, outer = percent(found.rule.inner_limits), percent(found.rule.outer_limits)
    match standing:
        case Standing.ABOVE_OUTER | Standing.ABOVE_INNER:
            return gettext("above the %(limits)s limits", limits=outer if standing is Standing.ABOVE_OUTER else inner)
        case Standing.BELOW_OUTER | Standing.BELOW_INNER:
            return gettext("below the %(limits)s limits", limits=outer if standing is Standing.BELOW_OUTER else inner)
    return gettext("inside the limits")


def _figures(one: Compared, found: Funnel) -> tuple[str, ...]:
    limits: Limits = one.limits
    standing = _standing(one.standing, found)
    return (
        percent(one.group.share),
        _counted(one),
        gettext("%(low)s to %(high)s", low=percent(limits.inner_low), high=percent(limits.inner_high)),
        gettext("%(low)s to %(high)s", low=percent(limits.outer_low), high=percent(limits.outer_high)),
        begun(standing),
    )


def _standing_out(found: Funnel, group: str) -> str:
    """Who stands where, by name (Cardiff is above the 99.8% limits; Barry is below the 95% limits), or how many where that is long."""
    if not found.compared:
        return gettext("Every %(group)s is too small to show", group=in_language(group.lower()))
    named: dict[Standing, list[str]] = {standing: [] for standing in STANDING_OUT}
    for one in found.compared:
        if one.standing is not Standing.INSIDE:
            named[one.standing].append(one.group.name)
    few = sum(map(len, named.values())) <= NAMED_IN_TITLE
    found_out = [
        _is(_and(names) if few else plural(len(names), group.lower()), len(names), _standing(standing, found))
        for standing, names in named.items()
        if names
    ]
    return "; ".join(found_out) or gettext("No %(group)s stands out from the others", group=in_language(group.lower()))


def _is(what: str, many: int, where: str) -> str:
    return (
        gettext("%(what)s is %(where)s", what=what, where=where) if many == 1 else gettext("%(what)s are %(where)s", what=what, where=where)
    )


def _and(names: Sequence[str]) -> str:
    return gettext("%(some)s and %(last)s", some=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else names[0]


def _spread(found: Funnel) -> str:
    if found.dispersion <= 1:
        return gettext("The groups vary no more than chance makes them.")
    return gettext(
        "The groups vary %(times)s times as much as chance alone would make them, and the limits allow for that.",
        times=f"{found.dispersion:.1f}",
    )


def _not_shown(found: Funnel) -> str:
    if not found.withheld:
        return ""
    return gettext("Small groups are not shown, nor is a group from which a small one could be worked out; all count in the level line.")


def _said(signal: Signal | None) -> str:
    return begun(in_language(signal)) if signal else gettext("No")


def _changed(points: Sequence[Point], limits: Xmr | None, period: str) -> str:
    """March 2026 is above the upper limit; June 2026 to January 2027 are part of a run below the mean."""
    if limits is None:
        return gettext("Too few %(periods)s to say what is ordinary", periods=in_language(f"{period.lower()}s"))
    changes = []
    for signal, run in groupby(zip(points, limits.signals, strict=True), key=lambda pair: pair[1]):
        labels = [point.label for point, _ in run]
        if signal:
            run_of = labels[0] if len(labels) == 1 else gettext("%(since)s to %(last)s", since=labels[0], last=labels[-1])
            changes.append(_is(run_of, len(labels), in_language(signal)))
    return "; ".join(changes) or gettext("No %(period)s is out of the ordinary", period=in_language(period.lower()))


def _limits_said(limits: Xmr | None, written: Callable[[float], str], period: str) -> str:
    if limits is None:
        return gettext("With so few %(periods)s there are no limits yet.", periods=in_language(f"{period.lower()}s"))
    return gettext(
        "The level line is the mean, %(mean)s; the dashed lines are the limits, %(lower)s and %(upper)s, worked out from how much the first"
        " %(periods)s moved from one to the next. A diamond is a value outside them, a square one of a run on one side of the mean; neither"
        " says why.",
        mean=written(limits.mean),
        lower=written(limits.lower),
        upper=written(limits.upper),
        periods=plural(limits.basis, period.lower()),
    )
