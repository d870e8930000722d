"""How often teams that do nothing unusual stand out, and how surely a burst does: made-up weeks, looked at by the rule that pages use.

`python -m bench.honest` prints the tables of the page about bursts. It needs no database, and the same seed gives the same tables.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy
from numpy.random import Generator

from domain.policy import Comparison
from projections.since_announced import Inspected, Put, stretches
from projections.statistics.burst import burst, weekly
from store.policy import current_policy

SEED = 20_171_108
WEEKS = 52
"""Looked at in a year, each against the weeks before it."""
SPREAD = 3
"""How many times as uneven as independent entries the weeks of an honest team are at most, besides being busier and quieter."""
FOUND_FROM = 5
"""Entries in a usual week below which nothing is claimed: five times very few are still few."""


class Kind(NamedTuple):
    """What is counted in a team each week: its mean lies between `low` and `high`, and `batched` is the share of teams that do it in
    one batch every four weeks."""

    words: str
    low: float
    high: float
    batched: float = 0


KINDS = (Kind("late entries", 3, 30), Kind("instructions", 2, 20, batched=0.25), Kind("letters", 3, 25))
"""Of the size that they have in the invented population, where a team holds some hundreds of cases."""


def level(random: Generator, weeks: int) -> numpy.ndarray:
    """How busy a team is from week to week for honest reasons, 1 being usual: the seasons, a slow drift, people who catch up after
    leave, an outage and what is written up after it, and a stretch in which there is simply more to do."""
    busy = numpy.exp(numpy.cumsum(random.normal(0, 0.02, weeks)))
    week = (numpy.arange(weeks) + random.integers(52)) % 52
    busy[(week >= 30) & (week < 35)] *= 0.85
    busy[week >= 50] *= 0.5
    busy[week == 0] *= 1.3
    for at in random.integers(0, weeks, 3):
        busy[at] *= 1.5
    if random.random() < 0.5:
        out = random.integers(0, weeks - 1)
        busy[out] *= 0.4
        busy[out + 1] *= 1.6
    if random.random() < 0.3:
        begins = random.integers(0, weeks - 8)
        busy[begins : begins + 8] *= 1.4
    return busy


def honest(random: Generator, kind: Kind, weeks: int) -> numpy.ndarray:
    """Counts of a team's weeks: about its level, and around that up to three times as uneven as independent entries would be."""
    mean = numpy.exp(random.uniform(numpy.log(kind.low), numpy.log(kind.high)))
    means = mean * level(random, weeks)
    if random.random() < kind.batched:
        means = numpy.where(numpy.arange(weeks) % 4 == random.integers(4), 4 * means, 0)
    return uneven(random, means, random.uniform(1.01, SPREAD))


def uneven(random: Generator, means: numpy.ndarray, spread: float) -> numpy.ndarray:
    """Counts with these means whose variance is `spread` times as large."""
    return random.poisson(random.gamma(means / (spread - 1) + 1e-12, spread - 1))


def false_flags(random: Generator, years: int, rule: Comparison) -> dict[str, float]:
    """Flags in a year of a team of which none is due to anything but honest work, by what is counted."""
    flags = dict.fromkeys((kind.words for kind in KINDS), 0)
    for _ in range(years):
        for kind in KINDS:
            counts = honest(random, kind, rule.burst_weeks_before + WEEKS).tolist()
            flags[kind.words] += sum(one.flagged for one in weekly(counts, rule) if one)
    return {words: many / years for words, many in flags.items()}


SINCE = (Kind("entered since an announcement", 8, 60), Kind("corrected since an announcement", 1, 6))
"""About an earlier day, in a team and a week."""
WEEKS_SINCE = 8
DELAY = 6.0
"""Days from what an entry is about to its being made, on average, of those that are not made on the day."""
OF = Inspected("", 0, datetime(2026, 11, 4, 12, tzinfo=UTC))


def flags_since(random: Generator, inspections: int, rule: Comparison) -> dict[str, float]:
    """Flags on the page of what came since an announcement, of one honest team of an inspection that was announced eight weeks ago."""
    flags = dict.fromkeys((kind.words for kind in SINCE), 0)
    last = OF.day + timedelta(days=7 * WEEKS_SINCE - 1)
    for _ in range(inspections):
        for kind in SINCE:
            found = entries(random, honest(random, kind, rule.burst_weeks_before + WEEKS_SINCE), rule)
            told = stretches(found, date.min, OF, last, rule)
            flags[kind.words] += sum(one.burst is not None and one.burst.flagged for one in told)
    return {words: many / inspections for words, many in flags.items()}


def entries(random: Generator, weeks: numpy.ndarray, rule: Comparison) -> list[Put]:
    """So many entries in each week, on any day of it, about days before."""
    first = OF.day - timedelta(days=7 * rule.burst_weeks_before)
    week = numpy.repeat(numpy.arange(len(weeks)), weeks)
    days = 7 * week + random.integers(0, 7, len(week))
    delays = random.geometric(1 / DELAY, len(week))
    counts = Counter(zip(days.tolist(), delays.tolist(), strict=True))
    return [_put(first + timedelta(days=day), delay, many) for (day, delay), many in counts.items()]


def _put(recorded_on: date, delay: int, many: int) -> Put:
    return Put("", "", False, recorded_on - timedelta(days=delay), recorded_on, many, "", "", recorded_on >= OF.day)


def power(random: Generator, times: float, mean: float, spread: float, tries: int, rule: Comparison) -> float:
    """How often a week of so many times the usual is flagged in an honest team with this mean and spread."""
    found = 0
    for _ in range(tries):
        means = mean * level(random, rule.burst_weeks_before + 1)
        counts = uneven(random, means, max(spread, 1.01))
        more = int(random.poisson((times - 1) * mean))
        one = burst(counts[:-1].tolist(), int(counts[-1]) + more, rule)
        found += one is not None and one.flagged
    return found / tries


def power_of_any(random: Generator, times: float, tries: int, rule: Comparison) -> float:
    """The same in whatever honest team, of those in which the kind of entry has at least `FOUND_FROM` in a usual week."""
    found = 0
    for _ in range(tries):
        kind = KINDS[random.integers(len(KINDS))]
        mean = numpy.exp(random.uniform(numpy.log(FOUND_FROM), numpy.log(kind.high)))
        found += power(random, times, mean, random.uniform(1.01, SPREAD), 1, rule) > 0
    return found / tries


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    rule, random = current_policy().comparison, numpy.random.default_rng(SEED)
    flags = false_flags(random, 1000, rule)
    together = {**flags, "**together**": sum(flags.values())}
    print(table(("Counted", "False flags in a team-year"), ([words, f"{rate:.3f}"] for words, rate in together.items())))
    print()
    head = ("Usual in a week", *(f"{times}-fold, spread {spread}" for times in (3, 5) for spread in (1, 2, 4)))
    rows = (
        [f"{mean}", *(f"{power(random, times, mean, spread, 1000, rule):.2f}" for times in (3, 5) for spread in (1, 2, 4))]
        for mean in (3, 5, 10, 20)
    )
    print(table(head, rows))
    print(f"\nFivefold, in any honest team with {FOUND_FROM} or more in a usual week: {power_of_any(random, 5, 1000, rule):.2f}\n")
    since = flags_since(random, 1000, rule)
    print(table(("Counted", "False flags in a team and inspection"), ([words, f"{rate:.3f}"] for words, rate in since.items())))


if __name__ == "__main__":
    main()
