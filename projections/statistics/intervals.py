"""How sure a share is: the interval in which the true one lies, from a sample without end or from a frame that was counted."""

import math
from statistics import NormalDist

import msgspec

from projections.statistics.library import stats


class Interval(msgspec.Struct, frozen=True):
    """From the lowest to the highest share, both between 0 and 1."""

    low: float
    high: float


def wilson(yes: int, sample: int, *, confidence: float, frame: int | None = None) -> Interval:
    """Wilson's score interval for `yes` of `sample` (Wilson 1927; Newcombe 1998, method 3). ValueError without a sample.

    With `frame`, the number of cases from which the sample was drawn, the sample counts for as many as n (N - 1) / (N - n) of an
    endless frame. Near 0 and 1 that is too narrow: `of_frame` is exact.
    """
    _check(yes, sample, frame)
    share = yes / sample
    if sample == frame:
        return Interval(share, share)
    n = sample if frame is None else sample * (frame - 1) / (frame - sample)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    shrunk = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrunk
    half = z / shrunk * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and at the whole the bound is the share itself; rounding would put it a hair beside.
    return Interval(0.0 if yes == 0 else centre - half, 1.0 if yes == sample else centre + half)


def clopper_pearson(yes: int, sample: int, *, confidence: float) -> Interval:
    """The exact interval of Clopper and Pearson (1934): it holds the true share at least so often. ValueError without a sample."""
    _check(yes, sample)
    found = stats().binomtest(yes, sample).proportion_ci(confidence, method="exact")
    return Interval(float(found.low), float(found.high))


def of_frame(yes: int, sample: int, frame: int, *, confidence: float) -> tuple[int, int]:
    """How many cases of the whole frame, at least and at most, are like the `yes` of a sample drawn from it without replacement.

    Exact: every number under which neither so few nor so many in the sample is rarer than half of what the confidence leaves.
    ValueError without a sample or with one larger than its frame.
    """
    _check(yes, sample, frame)
    tail = (1 - confidence) / 2
    drawn = stats().hypergeom
    possible = range(yes, frame - (sample - yes) + 1)
    as_few = drawn.cdf(yes, frame, possible, sample) > tail
    as_many = drawn.sf(yes - 1, frame, possible, sample) > tail
    kept = [number for number, few, many in zip(possible, as_few, as_many, strict=True) if few and many]
    return kept[0], kept[-1]


def _check(yes: int, sample: int, frame: int | None = None) -> None:
    if not 0 <= yes <= sample or sample == 0:
        raise ValueError(f"{yes} of {sample} is no share")
    if frame is not None and sample > frame:
        raise ValueError(f"{sample} cannot be drawn from {frame}")
