"""Entries that were made all at once: how many there were, how many are usual, and how often an ordinary week looks like that.

A fact with its base rate and never an accusation: leave, an outage, new staff and a drive for data quality make bursts too."""

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate
from statistics import fmean
from typing import NamedTuple, TypeVar

import msgspec

from domain.policy import Comparison
from projections.statistics.intervals import clopper_pearson
from projections.statistics.library import special, stats

Name = TypeVar("Name", bound=Hashable)


class Burst(msgspec.Struct, frozen=True):
    """A window against the weeks before it. `usual` is what those weeks lead one to expect in a window of this length, `dispersion`
    how many times more they vary than chance alone would (at least 1), `p` how often an ordinary window has so many entries or more."""

    entries: int
    usual: float
    dispersion: float
    p: float
    flagged: bool

    @property
    def ratio(self) -> float | None:
        return self.entries / self.usual if self.usual else None


def burst(before: Sequence[int], entries: int, rule: Comparison, *, weeks: float = 1) -> Burst | None:
    """Whether `entries` made in a window of so many weeks are more than the weeks `before`, each with its count, lead one to expect.

    None with fewer weeks before than the rule asks for. Weekly counts vary more than counts of independent entries would, so the test
    allows for what variation the weeks before had: the plain binomial one would flag fifty times too often.
    """
    if len(before) < rule.burst_weeks_before:
        return None
    return _judged([_Before(sum(before), sum(count * count for count in before))], [entries], len(before), rule, weeks)[0]


def weekly(counts: Sequence[int], rule: Comparison) -> list[Burst | None]:
    """Each week against as many weeks before it as the rule asks for; None while there are too few. How many of these are flagged
    in ordinary times is the base rate that stands beside a burst."""
    n = rule.burst_weeks_before
    sums, squares = list(accumulate(counts, initial=0)), list(accumulate((count * count for count in counts), initial=0))
    before = [_Before(sums[i] - sums[i - n], squares[i] - squares[i - n]) for i in range(n, len(counts))]
    return [*[None] * min(n, len(counts)), *_judged(before, counts[n:], n, rule, 1)]


class _Before(NamedTuple):
    """The weeks before a window: the sum of their counts, and of the squares of these."""

    entries: int
    squares: int


def _judged(before: Sequence[_Before], found: Sequence[int], n: int, rule: Comparison, weeks: float) -> list[Burst]:
    """Each window against the `n` weeks before it. The distribution is asked for all of them at once: one by one it takes longer than
    all the rest."""
    means = [one.entries / n for one in before]
    # Of whole numbers, so that nothing is lost where all weeks are alike.
    variances = [(n * one.squares - one.entries**2) / (n * (n - 1)) for one in before]
    spreads = [max(1.0, variance / mean) if mean else 1.0 for mean, variance in zip(means, variances, strict=True)]
    # A quiet stretch does not show that nothing can happen: at least one entry is taken to have been possible in it.
    rates = [max(mean, 1 / n) for mean in means]
    errors = [math.sqrt(spread * rate * weeks * (1 + weeks / n)) for spread, rate in zip(spreads, rates, strict=True)]
    below = [(rate * weeks - entries) / error for rate, entries, error in zip(rates, found, errors, strict=True)]
    return [
        Burst(entries, mean * weeks, spread, p, p < rule.burst_significance and entries >= rule.burst_from_entries)
        for entries, mean, spread, p in zip(found, means, spreads, special().stdtr(n - 1, below).tolist(), strict=True)
    ]


def base_rate(weeks: Sequence[Burst | None]) -> float | None:
    """The share of weeks that were flagged, of those that could be; None when none could."""
    tested = [week.flagged for week in weeks if week]
    return fmean(tested) if tested else None


def q_values(bursts: Mapping[Name, Burst]) -> dict[Name, float]:
    """For each of many teams looked at together, the share of false ones among those at least as striking (Benjamini and Hochberg)."""
    if not bursts:
        return {}
    found = stats().false_discovery_control([one.p for one in bursts.values()], method="bh")
    return dict(zip(bursts, map(float, found), strict=True))


class RateRatio(msgspec.Struct, frozen=True):
    """How many times as often per day, with its interval. `p` is two-sided, `p_more` for more often only."""

    ratio: float
    low: float
    high: float
    p: float
    p_more: float


def rate_ratio(entries: int, days: float, entries_before: int, days_before: float, *, confidence: float) -> RateRatio:
    """Two counts of independent entries compared exactly, given their sum: x of x + y is binomial with t / (t + u).

    For an exhibit about two stated periods, not for alarms: entries are not independent (see `burst`). ValueError without entries.
    """
    together, share = entries + entries_before, days / (days + days_before)
    interval = clopper_pearson(entries, together, confidence=confidence)
    test = stats().binomtest
    return RateRatio(
        _odds(entries / together) * days_before / days,
        _odds(interval.low) * days_before / days,
        _odds(interval.high) * days_before / days,
        float(test(entries, together, share).pvalue),
        float(test(entries, together, share, alternative="greater").pvalue),
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
