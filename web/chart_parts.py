"""The parts that pictures of figures are made of, in the terms of Vega-Lite and the palette of official statistics."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

BLUE, ORANGE, PINK, GREY, TEXT = "#12436d", "#f46a25", "#801650", "#3d3d3d", "#0b0c0c"
"""Government Analysis Function palette, and the black of the pages."""
WIDTH, HEIGHT = 560, 320
LINE = 18
"""Height of a line of text, in the picture's units as width and height are."""
LETTER = 8
"""Width of a letter, roughly."""
DASHED = [6, 4]

Spec = dict[str, Any]


def spec(*layers: Spec) -> Spec:
    axis = {"aria": False, "labelFontSize": 15, "titleFontSize": 15, "titleFontWeight": "normal", "labelColor": TEXT, "titleColor": TEXT}
    lines = {"gridColor": "#d9dcde", "domainColor": GREY, "tickColor": GREY, "labelPadding": 6, "titlePadding": 10}
    config = {"font": "Arial, Helvetica, sans-serif", "view": {"stroke": None}, "axis": {**axis, **lines}}
    # A background of its own would stay white where the reader has chosen black.
    return {"width": WIDTH, "height": HEIGHT, "background": None, "padding": 8, "config": config, "layer": layers}


def layer(name: str, mark: Spec, values: list[Spec], **encoding: Spec) -> Spec:
    """The style sheet knows the marks of a layer by its name."""
    return {"name": name, "mark": mark, "data": {"values": values}, "encoding": encoding}


def ends(lines: Sequence[tuple[float, str]], span: float, y: Spec) -> Spec:
    """Words at the right end of lines, which come from the lowest to the highest; the middle one stays, the others make room."""
    heights = [height for height, _ in lines]
    middle, gap = len(heights) // 2, span * LINE / HEIGHT
    for i in range(middle + 1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    for i in reversed(range(middle)):
        heights[i] = min(heights[i], heights[i + 1] - gap)
    rows = [{"y": height, "words": words} for height, (_, words) in zip(heights, lines, strict=True)]
    return layer("ends", text(dx=6, align="left"), rows, x={"value": WIDTH}, y=y, text=nominal("words"))


def between(shares: Sequence[float]) -> tuple[float, float]:
    """Room for all shares and a little more, between 0 and 1."""
    room = max(0.02, (max(shares) - min(shares)) * 0.08)
    return max(0.0, min(shares) - room), min(1.0, max(shares) + room)


def quantity(field: str, form: str, *, title: str | None = None, scale: Spec) -> Spec:
    axis = {"format": form, "tickCount": 6, "labelOverlap": "greedy"}
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": False, **scale}, "axis": axis}


def ordered(title: str | None, words: Mapping[str, list[str]]) -> Spec:
    """The classes or months as they come; under each that is to have any its words, line by line."""
    # The words go through an expression: JSON is one, and nobody else's text comes into it.
    lines = {"values": list(words), "labelExpr": f"({json.dumps(words)})[datum.label]", "labelOverlap": False, "labelLimit": 0}
    return {"field": "x", "type": "ordinal", "sort": None, "title": title, "axis": {"labelAngle": 0, "grid": False, **lines}}


def nominal(field: str) -> Spec:
    return {"field": field, "type": "nominal"}


def rule(colour: str, dash: Sequence[int] = (1, 0)) -> Spec:
    return {"type": "rule", "color": colour, "strokeWidth": 1.5, "strokeDash": dash, "aria": False}


def line(colour: str, width: float) -> Spec:
    return {"type": "line", "color": colour, "strokeWidth": width, "aria": False, "invalid": "break-paths-show-path-domains"}


def text(*, dx: int = 0, dy: int = 0, align: str = "center") -> Spec:
    return {"type": "text", "fontSize": 15, "dx": dx, "dy": dy, "align": align, "color": TEXT, "aria": False}


def points() -> Spec:
    return {"type": "point", "filled": True, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}
