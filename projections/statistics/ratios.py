"""How sure a share of contacts is when cases were drawn and not contacts: what one officer does in one case is alike."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from projections.statistics.intervals import Interval


def of_cases(counts: Sequence[tuple[int, int]], *, confidence: float, frame: int | None = None) -> Interval | None:
    """The interval of a share summed over cases, each with (yes, of), by the spread between the cases (ratio estimator, Cochran 1977).

    `frame` is the number of cases that they were drawn from; drawn whole, the share is exact. None below two cases or without contacts:
    one case says nothing about how cases differ. ValueError when more were drawn than there are.
    """
    n, of = len(counts), sum(of for _, of in counts)
    if frame is not None and n > frame:
        raise ValueError(f"{n} cannot be drawn from {frame}")
    if n < 2 or of == 0:
        return None
    share = sum(yes for yes, _ in counts) / of
    spread = sum((yes - share * some) ** 2 for yes, some in counts) / (n - 1)
    left = 1.0 if frame is None else 1 - n / frame
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(left * n * spread) / of
    return Interval(max(0.0, share - half), min(1.0, share + half))
