"""Weeks in which far more was recorded than the weeks before lead one to expect, of a team, of each team of a provider or of each provider.

Facts with their base rate: that a week was unusual says nothing about why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from domain.policy import Policy
from projections.lateness import WEEK, Chosen, mondays
from projections.recorded import ACTION, INSTRUCTION, Alike
from projections.recorded_weeks import PartWeek
from projections.statistics.burst import Burst, base_rate, q_values, weekly
from projections.statistics.delay import week_of


class Stream(NamedTuple):
    """Entries of which many in one week may stand out: their words, and how the list behind them is asked for."""

    words: str
    what: str
    kind: str

    def takes(self, entry: Alike, policy: Policy) -> bool:
        return Chosen(date.min, date.max, kind=self.kind, what=self.what).takes(entry, policy)


LATE = Stream("Late entries", "late", "")
STREAMS = (
    LATE,
    Stream("Instructions to unpaid work", "timed", INSTRUCTION),
    Stream("Letters and other enforcement actions", "timed", ACTION),
)


class Flagged(NamedTuple):
    """A week that stands out. `q`: were every week at least as striking taken for a finding, this share of them would be chance."""

    stream: Stream
    week: date
    burst: Burst
    q: float

    @property
    def until(self) -> date:
        return self.week + WEEK


class Bursts(msgspec.Struct, frozen=True):
    """The weeks that stand out, the newest first, of how many looked at, and their share of them."""

    flagged: list[Flagged]
    tested: int
    share: float | None


class PartLine(NamedTuple):
    """What was recorded in the cases of a team or a provider, and the weeks with far more late entries than usual, each with its q."""

    part: str
    made: int
    timed: int
    late: int
    corrected: int
    withdrawn: int
    flagged: tuple[Flagged, ...]


def by_part(found: Sequence[PartWeek], since: date, until: date, today: date, policy: Policy) -> dict[str, PartLine]:
    """Each team or provider over the whole weeks that have a day in the months asked for; q allows for how many are looked at together."""
    parts: dict[str, dict[date, PartWeek]] = {}
    for one in found:
        if one.made:
            parts.setdefault(one.part, {})[one.week] = one
    shown = set(mondays(since, min(until, today + timedelta(days=1))))
    tested = {(part, week): burst for part, weeks in parts.items() for week, burst in _late_weeks(weeks, shown, policy) if burst}
    q = q_values({f"{part} {week}": burst for (part, week), burst in tested.items()})
    flagged = [(p, Flagged(LATE, week, burst, q[f"{p} {week}"])) for (p, week), burst in tested.items() if burst.flagged]
    return {part: _line(part, weeks, shown, tuple(f for p, f in flagged if p == part)) for part, weeks in parts.items()}


def _late_weeks(weeks: Mapping[date, PartWeek], shown: set[date], policy: Policy) -> Iterator[tuple[date, Burst | None]]:
    """The weeks shown against those before them, from the first in which anything was recorded."""
    every = list(mondays(min(weeks), max(shown, default=min(weeks)) + WEEK))
    late = [weeks[week].late if week in weeks else 0 for week in every]
    return ((week, burst) for week, burst in zip(every, weekly(late, policy.comparison), strict=True) if week in shown)


def _line(part: str, weeks: Mapping[date, PartWeek], shown: set[date], flagged: tuple[Flagged, ...]) -> PartLine:
    some = [one for week, one in weeks.items() if week in shown]
    return PartLine(
        part,
        made=sum(one.made for one in some),
        timed=sum(one.timed for one in some),
        late=sum(one.late for one in some),
        corrected=sum(one.corrected for one in some),
        withdrawn=sum(one.withdrawn for one in some),
        flagged=flagged,
    )


def earliest(since: date, policy: Policy) -> date:
    """From which day on entries are needed, so that the first week has the weeks before it to stand against."""
    return week_of(since) - policy.comparison.burst_weeks_before * WEEK


def bursts(found: Sequence[Alike], since: date, until: date, today: date, policy: Policy) -> Bursts:
    """Every week of recording, from that of `since` on, against the weeks before it. Weeks before the first entry are none."""
    first = min((one.recorded_on for one in found if not one.imported), default=until)
    every = list(mondays(max(first, earliest(since, policy)), min(until, today + timedelta(days=1))))
    tested: dict[tuple[Stream, date], Burst] = {}
    for stream in STREAMS:
        counts = Counter[date]()
        for one in found:
            if stream.takes(one, policy):
                counts[week_of(one.recorded_on)] += one.entries
        seen = weekly([counts[week] for week in every], policy.comparison)
        tested |= {(stream, week): burst for week, burst in zip(every, seen, strict=True) if burst and week >= week_of(since)}
    q = q_values({f"{stream.words} {week}": burst for (stream, week), burst in tested.items()})
    flagged = [Flagged(s, week, burst, q[f"{s.words} {week}"]) for (s, week), burst in tested.items() if burst.flagged]
    return Bursts(sorted(flagged, key=lambda f: (f.week, f.stream.words), reverse=True), len(tested), base_rate(list(tested.values())))
