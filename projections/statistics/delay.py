"""The time between happening and being recorded, counted in whole days, and how far a recent week can be judged yet."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import msgspec

from domain.policy import Comparison
from projections.statistics.library import stats

Counts = Mapping[int, int]
"""How many entries were recorded so many days after they happened: delay in days to number of entries."""


class Delays(msgspec.Struct, frozen=True):
    """Half of the entries were recorded within `median` days, nine in ten within `ninth_tenth`. The shares are of all entries."""

    entries: int
    median: int
    ninth_tenth: int
    over_a_working_day: float
    over_a_week: float


def delays(days: Counts, working_days: Counts) -> Delays | None:
    """What the delays of the same entries, in days and in working days, come to; None without entries. Days are calendar days.

    ValueError for a delay below zero: what has not happened yet cannot have been recorded, and appointments are no such entries.
    """
    entries = sum(days.values())
    if entries != sum(working_days.values()):
        raise ValueError("Days and working days are not of the same entries")
    if any(day < 0 for counts in (days, working_days) for day, many in counts.items() if many):
        raise ValueError("An entry is recorded before it happened")
    if not entries:
        return None
    return Delays(entries, within(days, Fraction(1, 2)), within(days, Fraction(9, 10)), share_over(working_days, 1), share_over(days, 7))


def within(counts: Counts, share: Fraction) -> int:
    """The fewest days within which at least this share of the entries was recorded. ValueError without entries."""
    wanted = math.ceil(share * sum(counts.values()))
    so_far = 0
    for day in sorted(counts):
        so_far += counts[day]
        if so_far and so_far >= wanted:
            return day
    raise ValueError("There are no entries")


def share_over(counts: Counts, days: int) -> float:
    """The share of entries recorded later than so many days after they happened. ZeroDivisionError without entries."""
    return sum(many for day, many in counts.items() if day > days) / sum(counts.values())


def settled(week: date, today: date, rule: Comparison) -> bool:
    """Whether a week of happening, by its first day, can be judged: later entries about a recent one have not been made yet, so it
    looks prompter than it will."""
    return today - (week + timedelta(days=6)) >= timedelta(days=rule.settled_after_days)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def back_filled(recorded: Mapping[date, int], window_begins: date) -> float | None:
    """Of the entries made in a window, by the day they are about, the share about days before it began; None without entries."""
    entries = sum(recorded.values())
    return sum(many for day, many in recorded.items() if day < window_begins) / entries if entries else None


class Shift(msgspec.Struct, frozen=True):
    """Mann and Whitney's U of the first entries, and how often chance alone would set the two so far apart, in either direction."""

    u: float
    p: float


def shift(first: Counts, second: Counts) -> Shift:
    """Whether the delays of some entries lie higher or lower than those of others. ValueError when either has none."""
    expanded = [[day for day in sorted(counts) for _ in range(counts[day])] for counts in (first, second)]
    found = stats().mannwhitneyu(*expanded)
    return Shift(float(found.statistic), float(found.pvalue))
