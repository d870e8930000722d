"""What changed in a series: a mean, the limits that its own month-to-month movement sets, and the points that speak of a change."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

import msgspec

from domain.policy import Comparison
from domain.words import said

MOVEMENT = 1.128
"""Mean range of two values from a normal distribution, in standard deviations (d2 for n = 2; NIST/SEMATECH e-Handbook 6.3.2.2)."""
MOST_MOVEMENT = 3.267
"""Upper limit of a moving range over its mean (D4 for n = 2)."""


class Signal(StrEnum):
    ABOVE = said("above the upper limit")
    BELOW = said("below the lower limit")
    RUN_ABOVE = said("part of a run above the mean")
    RUN_BELOW = said("part of a run below the mean")


class Xmr(msgspec.Struct, frozen=True):
    """The limits of a series, in the unit of its values; and a signal, or none, for each value.

    `basis` is how many values the limits come from: they are not worked out again after a signal, or a lasting change would soon
    look ordinary.
    """

    mean: float
    lower: float
    upper: float
    movement: float
    most_movement: float
    basis: int
    signals: tuple[Signal | None, ...]


def xmr(values: Sequence[float | None], rule: Comparison, *, least: float = float("-inf"), most: float = float("inf")) -> Xmr | None:
    """The XmR chart of a series in its order; a value that is missing (None) is passed over. None with too few values for limits.

    The limits come from the first `rule.series_from_points` values and from each further one up to the first signal. `least` and
    `most` bound them: a share has no limit below 0 or above 1.
    """
    known = [value for value in values if value is not None]
    if len(known) < rule.series_from_points:
        return None
    basis = rule.series_from_points
    while basis < len(known) and not _signals(known[: basis + 1], known[:basis], rule)[-1]:
        basis += 1
    mean, movement = _centre(known[:basis])
    reach = rule.series_sigma * movement / MOVEMENT
    found = iter(_signals(known, known[:basis], rule))
    signals = tuple(None if value is None else next(found) for value in values)
    return Xmr(mean, max(mean - reach, least), min(mean + reach, most), movement, MOST_MOVEMENT * movement, basis, signals)


def _centre(basis: Sequence[float]) -> tuple[float, float]:
    """Mean and mean moving range."""
    return fmean(basis), fmean(abs(b - a) for a, b in pairwise(basis))


def _signals(values: Sequence[float], basis: Sequence[float], rule: Comparison) -> list[Signal | None]:
    mean, movement = _centre(basis)
    reach = rule.series_sigma * movement / MOVEMENT
    runs = _runs(values, mean, rule.series_run)
    found: list[Signal | None] = []
    for value, run in zip(values, runs, strict=True):
        outside = Signal.ABOVE if value > mean + reach else Signal.BELOW if value < mean - reach else None
        found.append(outside or run)
    return found


def _runs(values: Sequence[float], mean: float, length: int) -> Iterator[Signal | None]:
    """For each value, whether it belongs to a run on one side of the mean; a value on the mean ends a run."""
    sides = [(value > mean) - (value < mean) for value in values]
    start = 0
    for i, side in enumerate(sides):
        if i + 1 < len(sides) and sides[i + 1] == side:
            continue
        enough = side != 0 and i + 1 - start >= length
        sign = Signal.RUN_ABOVE if side > 0 else Signal.RUN_BELOW
        yield from [sign if enough else None] * (i + 1 - start)
        start = i + 1
