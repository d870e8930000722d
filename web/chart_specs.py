"""What each kind of chart is made of: its marks, the lines they stand between, and the names of what stands out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

import msgspec

from projections.statistics.funnel import Funnel, Standing
from projections.statistics.xmr import Signal, Xmr
from web import chart_parts as parts
from web.chart_parts import Spec
from web.drawing import HERE
from web.language import gettext

PERCENT = ".1~%"
"""With a decimal only where marks of the scale need one."""
STEPS = 60
"""Sizes of group through which a limit's line is drawn."""
BESIDE = 12
"""From the middle of a mark to its name, in the picture's units."""
MOST_PERIODS = 14
"""Months or classes whose names find room under a picture."""

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


class Mark(msgspec.Struct, frozen=True):
    """One point or bar: the address behind it, its words, how it differs from the others by shape and colour, and what stands at it."""

    href: str
    words: str
    kind: str = ORDINARY
    label: str = ""


class Spot(Mark, frozen=True, kw_only=True):
    """A mark between two scales."""

    x: int
    y: float


class Step(Mark, frozen=True, kw_only=True):
    """A mark in a row of others, by the word that stands under it; without a value there is a gap."""

    x: str
    y: float | None


def funnel(found: Funnel, marks: Sequence[Spot], all_words: str, inner: str, outer: str) -> Spec:
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
    low, high = parts.between([*(mark.y for mark in marks), *(y for _, _, ys in lines for y in ys)])
    at = {
        "x": parts.quantity("x", ",d", title=gettext("Counted in all"), scale={"domain": [0, last], "nice": False}),
        "y": parts.quantity("y", PERCENT, scale={"domain": [low, high], "nice": False}),
    }
    dashes = {"field": "limit", "type": "nominal", "legend": None, "scale": {"domain": [inner, outer], "range": [parts.DASHED, [1, 0]]}}
    return parts.spec(
        parts.layer("limits", parts.line(parts.GREY, 1.5), through, **at, strokeDash=dashes, detail={"field": "side"}),
        parts.layer("middle", parts.rule(parts.BLUE), [{"y": found.target}], y=at["y"]),
        parts.ends([*ends[:2], (found.target, all_words), *ends[2:]], high - low, at["y"]),
        parts.layer("points", parts.points(), _rows(marks), **at, **_told_apart()),
        *_names([(mark, mark.x / last * parts.WIDTH, (high - mark.y) / (high - low) * parts.HEIGHT) for mark in marks], at),
    )


def series(marks: Sequence[Step], limits: Xmr | None, written: Callable[[float], str], *, share: bool) -> Spec:
    """Values in their order, with mean and limits if there are any; `written` says a value in words."""
    lines = [(limits.lower, gettext("Lower")), (limits.mean, gettext("Mean")), (limits.upper, gettext("Upper"))] if limits else []
    heights = [*(mark.y for mark in marks if mark.y is not None), *(height for height, _ in lines)]
    low, high = parts.between(heights) if share else (min(0.0, *heights), max(heights) * 1.05 or 1.0)
    at = {
        "x": parts.ordered(None, _periods([mark.x for mark in marks])),
        "y": parts.quantity("y", PERCENT if share else ",~f", scale={"domain": [low, high], "nice": False}),
    }
    return parts.spec(
        parts.layer("limits", parts.rule(parts.GREY, parts.DASHED), [{"y": height} for height, _ in lines[::2]], y=at["y"]),
        parts.layer("middle", parts.rule(parts.BLUE), [{"y": height} for height, _ in lines[1:2]], y=at["y"]),
        parts.ends([(height, f"{name} {written(height)}") for height, name in lines], high - low, at["y"]),
        parts.layer("values", parts.line(parts.BLUE, 2), _rows(marks), **at),
        parts.layer("points", parts.points(), _rows(marks), **at, **_told_apart()),
    )


def distribution(marks: Sequence[Step], axis: str, counted: str) -> Spec:
    """A bar for each class, from nothing up, with its number on it."""
    every = -(-len(marks) // MOST_PERIODS)
    room = parts.WIDTH * every // len(marks) // parts.LETTER
    words = {mark.x: wrap(mark.x, room, break_long_words=False) for mark in marks[::every]}
    at = {"x": parts.ordered(axis, words), "y": parts.quantity("y", ",~f", title=counted, scale={"zero": True, "nice": True})}
    return parts.spec(
        parts.layer(
            "bars", {"type": "bar", "color": parts.BLUE}, _rows(marks), **at, href=parts.nominal("href"), description=parts.nominal("words")
        ),
        parts.layer("counts", parts.text(dy=-10), _rows(marks) if every == 1 else [], **at, text=parts.nominal("label")),
    )


def _rows(marks: Iterable[Mark]) -> list[Spec]:
    rows = [msgspec.structs.asdict(mark) for mark in marks]
    return [{**row, "href": HERE + row["href"] if row["href"] else ""} for row in rows]


def _names(marks: Sequence[tuple[Mark, float, float]], at: dict[str, Spec]) -> Iterator[Spec]:
    """The names of what stands out, beside marks with their places in the picture, the most striking first. One for which there is no
    room on either side is left to the title, the link and the table."""
    taken: list[tuple[float, float, float]] = []
    sides: dict[str, list[Mark]] = {"left": [], "right": []}
    for mark, x, y in sorted(marks, key=lambda one: -KINDS_SHOWN.index(one[0].kind)):
        width = len(mark.label) * parts.LETTER
        for align, start in (("left", x + BESIDE), ("right", x - BESIDE - width)):
            free = not any(abs(y - y2) < parts.LINE and start < x2 + w2 and x2 < start + width for x2, y2, w2 in taken)
            if mark.label and 0 <= start <= parts.WIDTH - width and free:
                taken.append((start, y, width))
                sides[align].append(mark)
                break
    for align, named in sides.items():
        text = parts.text(dx=BESIDE if align == "left" else -BESIDE, align=align)
        yield parts.layer(f"names-{align}", text, _rows(named), **at, text=parts.nominal("label"))


def _periods(labels: Sequence[str]) -> dict[str, list[str]]:
    """What stands under which month or week: not more of them than there is room for, and the year where it changes."""
    widest = max((len(label.rpartition(" ")[0] or label) for label in labels), default=1)
    every = -(-len(labels) // min(MOST_PERIODS, parts.WIDTH // ((widest + 1) * parts.LETTER)))
    split = {label: label.rpartition(" ") for label in labels[::every]}
    years = [year for _, _, year in split.values()]
    return {
        label: [month, year] if month and year != before else [month or year]
        for (label, (month, _, year)), before in zip(split.items(), ["", *years], strict=False)
    }


def _told_apart() -> Spec:
    """Shape first, colour and size beside it; and what makes a mark a link."""

    def by_kind(*values: object) -> Spec:
        return {"field": "kind", "type": "nominal", "legend": None, "scale": {"domain": KINDS_SHOWN, "range": list(values)}}

    return {
        "shape": by_kind("circle", "diamond", "square"),
        "color": by_kind(parts.BLUE, parts.ORANGE, parts.PINK),
        "size": by_kind(110, 190, 170),
        "href": parts.nominal("href"),
        "description": parts.nominal("words"),
    }
