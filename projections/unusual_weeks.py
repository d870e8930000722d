"""Weeks in which far more was recorded than the weeks before lead one to expect, of a team, of each team of a provider or of each provider.

Facts with their base rate: that a week was unusual says nothing about why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from domain.policy import Policy
from domain.words import said
from projections.lateness import WEEK, Chosen, mondays
from projections.recorded import ACTION, INSTRUCTION, Alike
from projections.recorded_weeks import Part
from projections.statistics.burst import Burst, base_rate, q_values, weekly
from projections.statistics.delay import week_of


class Stream(NamedTuple):
    """Entries of which many in one week may stand out: their words, and how the list behind them is asked for."""

    words: str
    what: str
    kind: str

    def takes(self, entry: Alike, policy: Policy) -> bool:
        return Chosen(date.min, date.max, kind=self.kind, what=self.what).takes(entry, policy)


LATE = Stream(said("Late entries"), "late", "")
STREAMS = (
    LATE,
    Stream(said("Instructions to unpaid work"), "timed", INSTRUCTION),
    Stream(said("Letters and other enforcement actions"), "timed", ACTION),
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

    part: Part
    flagged: tuple[Flagged, ...]


def by_part(found: Sequence[Part], since: date, until: date, today: date, policy: Policy) -> list[PartLine]:
    """Each team or provider over the whole weeks that have a day in the months asked for; q allows for how many are looked at together."""
    shown = set(mondays(since, min(until, today + timedelta(days=1))))
    tested = {(part.code, week): burst for part in found for week, burst in _late_weeks(part, shown, policy) if burst}
    q = q_values({f"{code} {week}": burst for (code, week), burst in tested.items()})
    flagged = [(code, Flagged(LATE, week, burst, q[f"{code} {week}"])) for (code, week), burst in tested.items() if burst.flagged]
    return [PartLine(part, tuple(f for code, f in flagged if code == part.code)) for part in found]


def _late_weeks(part: Part, shown: set[date], policy: Policy) -> Iterator[tuple[date, Burst | None]]:
    """The weeks shown against those before them, from the first in which anything was recorded."""
    first = date.fromisoformat(min(part.late_in))
    every = list(mondays(first, max(shown, default=first) + WEEK))
    late = [part.late_in.get(week.isoformat(), 0) for week in every]
    return ((week, burst) for week, burst in zip(every, weekly(late, policy.comparison), strict=True) if week in shown)


def earliest(since: date, policy: Policy) -> date:
    """From which day on entries are needed, so that the first week has the weeks before it to stand against."""
    return week_of(since) - policy.comparison.burst_weeks_before * WEEK


def bursts(found: Sequence[Alike], since: date, until: date, today: date, policy: Policy) -> Bursts:
    """Every week of recording of a team, from that of `since` on, against the weeks before it."""
    flagged, tested = _flagged({"": found}, since, until, today, policy)
    in_order = sorted((one for _, one in flagged), key=lambda f: (f.week, f.stream.words), reverse=True)
    return Bursts(in_order, len(tested), base_rate(tested))


class OfTeam(NamedTuple):
    """A week of a team that stands out."""

    team: str
    flagged: Flagged


def of_teams(found: Mapping[str, Sequence[Alike]], since: date, until: date, today: date, policy: Policy) -> tuple[list[OfTeam], int]:
    """The same of several teams together, the newest first, and how many weeks were looked at; q allows for all of them."""
    flagged, tested = _flagged(found, since, until, today, policy)
    return sorted(flagged, key=lambda one: (one.flagged.week, one.team, one.flagged.stream.words), reverse=True), len(tested)


def _flagged(
    found: Mapping[str, Sequence[Alike]], since: date, until: date, today: date, policy: Policy
) -> tuple[list[OfTeam], list[Burst]]:
    """What stands out, and all that was looked at."""
    tested = {
        (team, stream, week): burst
        for team, entries in found.items()
        for stream in STREAMS
        for week, burst in _weeks_of(stream, entries, since, until, today, policy)
    }
    q = q_values(tested)
    flagged = [OfTeam(team, Flagged(s, week, b, q[team, s, week])) for (team, s, week), b in tested.items() if b.flagged]
    return flagged, list(tested.values())


def _weeks_of(
    stream: Stream, found: Sequence[Alike], since: date, until: date, today: date, policy: Policy
) -> Iterator[tuple[date, Burst]]:
    """Weeks before the first entry are none."""
    first = min((one.recorded_on for one in found if not one.imported), default=until)
    every = list(mondays(max(first, earliest(since, policy)), min(until, today + timedelta(days=1))))
    counts = Counter[date]()
    for one in found:
        if stream.takes(one, policy):
            counts[week_of(one.recorded_on)] += one.entries
    seen = weekly([counts[week] for week in every], policy.comparison)
    return ((week, burst) for week, burst in zip(every, seen, strict=True) if burst and week >= week_of(since))
