"""Agreement of two readers beyond chance: Cohen's kappa with its interval."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import msgspec

from projections.statistics.intervals import Interval


class Kappa(msgspec.Struct, frozen=True):
    """`agreed` of `of` cases; `value` from -1 to 1 with its standard error, None where both readers found one and the same in every case
    (what chance alone gives is then everything, and nothing is left to measure) and for a single case, which says nothing of chance."""

    agreed: int
    of: int
    value: float | None
    error: float | None
    interval: Interval | None


def kappa(table: Sequence[Sequence[int]], *, confidence: float) -> Kappa:
    """Kappa of a square table of counts, the first reader's answers down and the second's across (Cohen 1960).

    The standard error is the one for intervals of Fleiss, Cohen and Everitt (1969); it is for many cases, and with a few the interval is
    rough. ValueError for a table that is not square or without cases.
    """
    size, n = len(table), sum(map(sum, table))
    if n == 0 or any(len(row) != size for row in table):
        raise ValueError("agreement needs a square table with cases")
    p = [[count / n for count in row] for row in table]
    down, across = [sum(row) for row in p], [sum(row[j] for row in p) for j in range(size)]
    agreed = sum(table[i][i] for i in range(size))
    chance = sum(down[i] * across[i] for i in range(size))
    if n == 1 or math.isclose(chance, 1):
        return Kappa(agreed, n, None, None, None)
    value = (agreed / n - chance) / (1 - chance)
    on = sum(p[i][i] * (1 - (down[i] + across[i]) * (1 - value)) ** 2 for i in range(size))
    off = (1 - value) ** 2 * sum(p[i][j] * (across[i] + down[j]) ** 2 for i in range(size) for j in range(size) if i != j)
    variance = max(0.0, on + off - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(variance)
    return Kappa(agreed, n, value, math.sqrt(variance), Interval(max(-1.0, value - half), min(1.0, value + half)))
