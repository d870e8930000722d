"""What each kind of chart is made of, in the terms of Vega-Lite: marks, lines and axes in the palette of official statistics."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import msgspec

from projections.statistics.funnel import Funnel, Standing
from projections.statistics.xmr import Signal, Xmr
from web.drawing import HERE

BLUE, ORANGE, PINK, GREY, TEXT = "#12436d", "#f46a25", "#801650", "#3d3d3d", "#0b0c0c"
"""Government Analysis Function palette, and the black of the pages."""
WIDTH, HEIGHT = 560, 320
STEPS = 60
"""Sizes of group through which a limit's line is drawn."""
LINE = 18
"""Height of a line of text, in the picture's units as width and height are."""
LETTER = 8
"""Width of a letter, roughly."""
MOST_PERIODS = 14
"""Months whose names find room under a series."""
DASHED = [6, 4]
ORDINARY, NOTICE, STRIKING = KINDS_SHOWN = ("ordinary", "notice", "striking")
KINDS: Mapping[Standing, str] = {
    Standing.INSIDE: ORDINARY,
    Standing.ABOVE_INNER: NOTICE,
    Standing.BELOW_INNER: NOTICE,
    Standing.ABOVE_OUTER: STRIKING,
    Standing.BELOW_OUTER: STRIKING,
}
SIGNALS: Mapping[Signal | None, str] = {
    None: ORDINARY,
    Signal.ABOVE: NOTICE,
    Signal.BELOW: NOTICE,
    Signal.RUN_ABOVE: STRIKING,
    Signal.RUN_BELOW: STRIKING,
}

Spec = dict[str, Any]


class Mark(msgspec.Struct, frozen=True):
    """One point or bar: where it stands, the address behind it, its words, and how it differs from the others by shape and colour."""

    x: float | str
    y: float | None
    href: str
    words: str
    kind: str
    label: str


def funnel(found: Funnel, marks: Sequence[Mark], all_words: str, inner: str, outer: str) -> Spec:
    """Groups by size and share between the lines of their limits; `inner` and `outer` are what the limits are called."""
    counts = [one.group.out_of for one in found.compared]
    # A little beyond both ends: where all groups are of one size the lines would have no length.
    first, last = max(1, int(0.9 * min(counts))), int(1.05 * max(counts)) + 1
    # Closer together where the lines bend.
    sizes = sorted({round(first + (last - first) * (i / STEPS) ** 2) for i in range(STEPS + 1)})
    limits = found.limits_at(sizes)
    lines = [
        (outer, "low", [limit.outer_low for limit in limits]),
        (inner, "low", [limit.inner_low for limit in limits]),
        (inner, "high", [limit.inner_high for limit in limits]),
        (outer, "high", [limit.outer_high for limit in limits]),
    ]
    through = [{"x": x, "y": y, "limit": limit, "side": side} for limit, side, ys in lines for x, y in zip(sizes, ys, strict=True)]
    ends = [(ys[-1], limit) for limit, _, ys in lines]
    low, high = _between([*(mark.y for mark in marks if mark.y is not None), *(y for _, _, ys in lines for y in ys)])
    at = {
        "x": _quantity("x", ",d", title="Counted in all", scale={"domain": [0, last], "nice": False}),
        "y": _quantity("y", ".0%", scale={"domain": [low, high], "nice": False}),
    }
    dashes = {"field": "limit", "type": "nominal", "legend": None, "scale": {"domain": [inner, outer], "range": [DASHED, [1, 0]]}}
    return _spec(
        _layer("limits", _line(GREY, 1.5), through, **at, strokeDash=dashes, detail={"field": "side"}),
        _layer("middle", _rule(BLUE), [{"y": found.target}], y=at["y"]),
        _ends([*ends[:2], (found.target, all_words), *ends[2:]], high - low, at["y"]),
        _layer("points", _points(), _rows(marks), **at, **_told_apart()),
        *_names(marks, last / 2, at),
    )


def series(marks: Sequence[Mark], limits: Xmr | None, written: Callable[[float], str], *, share: bool) -> Spec:
    """Values in their order, with mean and limits if there are any; `written` says a value in words."""
    lines = [(limits.lower, "Lower"), (limits.mean, "Mean"), (limits.upper, "Upper")] if limits else []
    heights = [*(mark.y for mark in marks if mark.y is not None), *(height for height, _ in lines)]
    low, high = _between(heights) if share else (min(0.0, *heights), max(heights) * 1.05 or 1.0)
    at = {
        "x": _ordered(None, _periods([str(mark.x) for mark in marks])),
        "y": _quantity("y", ".0%" if share else ",~f", scale={"domain": [low, high], "nice": False}),
    }
    return _spec(
        _layer("limits", _rule(GREY, DASHED), [{"y": height} for height, name in lines if name != "Mean"], y=at["y"]),
        _layer("middle", _rule(BLUE), [{"y": height} for height, name in lines if name == "Mean"], y=at["y"]),
        _ends([(height, f"{name} {written(height)}") for height, name in lines], high - low, at["y"]),
        _layer("values", _line(BLUE, 2), _rows(marks), **at),
        _layer("points", _points(), _rows(marks), **at, **_told_apart()),
    )


def distribution(marks: Sequence[Mark], axis: str, counted: str) -> Spec:
    """A bar for each class, from nothing up, with its number on it."""
    room = WIDTH // len(marks) // LETTER
    at = {
        "x": _ordered(axis, {str(mark.x): wrap(str(mark.x), room) for mark in marks}),
        "y": _quantity("y", ",~f", title=counted, scale={"zero": True, "nice": True}),
    }
    return _spec(
        _layer("bars", {"type": "bar", "color": BLUE}, _rows(marks), **at, href=_name("href"), description=_name("words")),
        _layer("counts", _text(dy=-10), _rows(marks), **at, text=_name("label")),
    )


# Parts ---------------------------------------------------------------------------------------------------------------


def _spec(*layers: Spec) -> Spec:
    axis = {"aria": False, "labelFontSize": 15, "titleFontSize": 15, "titleFontWeight": "normal", "labelColor": TEXT, "titleColor": TEXT}
    lines = {"gridColor": "#d9dcde", "domainColor": GREY, "tickColor": GREY, "labelPadding": 6, "titlePadding": 10}
    config = {"font": "Arial, Helvetica, sans-serif", "view": {"stroke": None}, "axis": {**axis, **lines}}
    # A background of its own would stay white where the reader has chosen black.
    return {"width": WIDTH, "height": HEIGHT, "background": None, "padding": 8, "config": config, "layer": layers}


def _layer(name: str, mark: Spec, values: list[Spec], **encoding: Spec) -> Spec:
    """The style sheet knows the marks of a layer by its name."""
    return {"name": name, "mark": mark, "data": {"values": values}, "encoding": encoding}


def _rows(marks: Iterable[Mark]) -> list[Spec]:
    rows = [msgspec.structs.asdict(mark) for mark in marks]
    return [{**row, "href": HERE + row["href"] if row["href"] else ""} for row in rows]


def _ends(ends: Sequence[tuple[float, str]], span: float, y: Spec) -> Spec:
    """Words at the right end of lines, which come from the lowest to the highest; the middle one stays, the others make room."""
    heights = [height for height, _ in ends]
    middle, gap = len(heights) // 2, span * LINE / HEIGHT
    for i in range(middle + 1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    for i in reversed(range(middle)):
        heights[i] = min(heights[i], heights[i + 1] - gap)
    rows = [{"y": height, "words": words} for height, (_, words) in zip(heights, ends, strict=True)]
    return _layer("ends", _text(dx=6, align="left"), rows, x={"value": WIDTH}, y=y, text=_name("words"))


def _between(shares: Sequence[float]) -> tuple[float, float]:
    """Room for all shares and a little more, between 0 and 1."""
    room = max(0.05, (max(shares) - min(shares)) * 0.08)
    return max(0.0, min(shares) - room), min(1.0, max(shares) + room)


def _quantity(field: str, form: str, *, title: str | None = None, scale: Spec) -> Spec:
    axis = {"format": form, "tickCount": 6, "labelOverlap": "greedy"}
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": False, **scale}, "axis": axis}


def _names(marks: Sequence[Mark], middle: float, at: dict[str, Spec]) -> Iterator[Spec]:
    """The names of what stands out, on the side of the mark where there is room."""
    named = [mark for mark in marks if mark.label and isinstance(mark.x, float | int)]
    left, right = [m for m in named if m.x < middle], [m for m in named if m.x >= middle]  # type: ignore[operator]  # numbers, as above
    yield _layer("names", _text(dx=12, align="left"), _rows(left), **at, text=_name("label"))
    yield _layer("names-before", _text(dx=-12, align="right"), _rows(right), **at, text=_name("label"))


def _periods(labels: Sequence[str]) -> dict[str, list[str]]:
    """What stands under which month: not more of them than there is room for, and the year where it changes."""
    every = -(-len(labels) // MOST_PERIODS)
    parts = {label: label.rpartition(" ") for label in labels[::every]}
    years = [year for _, _, year in parts.values()]
    return {
        label: [month, year] if month and year != before else [month or year]
        for (label, (month, _, year)), before in zip(parts.items(), ["", *years], strict=False)
    }


def _ordered(title: str | None, words: Mapping[str, list[str]]) -> Spec:
    """The classes or months as they come; under each that is to have any its words, line by line."""
    # The words go through an expression: JSON is one, and nobody else's text comes into it.
    lines = {"values": list(words), "labelExpr": f"({json.dumps(words)})[datum.label]", "labelOverlap": False}
    return {"field": "x", "type": "ordinal", "sort": None, "title": title, "axis": {"labelAngle": 0, "grid": False, **lines}}


def _name(field: str) -> Spec:
    return {"field": field, "type": "nominal"}


def _rule(colour: str, dash: Sequence[int] = (1, 0)) -> Spec:
    return {"type": "rule", "color": colour, "strokeWidth": 1.5, "strokeDash": dash, "aria": False}


def _line(colour: str, width: float) -> Spec:
    return {"type": "line", "color": colour, "strokeWidth": width, "aria": False, "invalid": "break-paths-show-path-domains"}


def _text(*, dx: int = 0, dy: int = 0, align: str = "center") -> Spec:
    return {"type": "text", "fontSize": 15, "dx": dx, "dy": dy, "align": align, "color": TEXT, "aria": False}


def _points() -> Spec:
    return {"type": "point", "filled": True, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}


def _told_apart() -> Spec:
    """Shape first, colour and size beside it; and what makes a mark a link."""

    def by_kind(*values: object) -> Spec:
        return {"field": "kind", "type": "nominal", "legend": None, "scale": {"domain": KINDS_SHOWN, "range": list(values)}}

    return {
        "shape": by_kind("circle", "diamond", "square"),
        "color": by_kind(BLUE, ORANGE, PINK),
        "size": by_kind(110, 190, 170),
        "href": _name("href"),
        "description": _name("words"),
    }
