"""The library of statistics, loaded when a figure first needs it: that takes a second, which no start of the service should pay."""

from functools import cache
from typing import Any


@cache
def stats() -> Any:
    """`scipy.stats`, which carries no types."""
    import scipy.stats

    return scipy.stats


@cache
def special() -> Any:
    """`scipy.special`: the same distributions for one number at a time, forty times as fast."""
    import scipy.special

    return scipy.special
