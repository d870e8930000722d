"""Spark lines: the last months of a share as a small line without axes, and the same in words for whoever does not see it."""

from collections.abc import Sequence

import msgspec

WIDTH, HEIGHT, EDGE, STEP = 118, 26, 4, 10
"""In the units of the picture; the line runs from the bottom (0%) to the top (100%), so that two of them can be compared."""


class Spark(msgspec.Struct, frozen=True):
    """`path` is the line, broken where a month has no share; `end` the place of the last month, if it has one."""

    path: str
    end: tuple[float, float] | None
    lowest: float | None
    highest: float | None
    shown: int


def spark(shares: Sequence[float | None]) -> Spark:
    """Of a share a month, the oldest first; None is a month without one."""
    places = [
        None if share is None else (EDGE + i * STEP, round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1))
        for i, share in enumerate(shares)
    ]
    parts: list[str] = []
    for i, place in enumerate(places):
        if place is not None:
            goes_on = i > 0 and places[i - 1] is not None
            # A month alone between two without a share is a dot: a line of no length with round ends.
            parts.append(f"{'L' if goes_on else 'M'}{place[0]} {place[1]}" + ("" if goes_on else "h0"))
    known = [share for share in shares if share is not None]
    return Spark("".join(parts), places[-1] if places else None, min(known, default=None), max(known, default=None), len(known))
