"""How soon entries were made after what they are about, by week of happening and of recording."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec

from domain.policy import Policy
from domain.words import plural, said
from domain.working_days import working_days_after
from projections.measures.recording import in_time
from projections.recorded import CORRECTED, WITHDRAWN, Alike
from projections.statistics.delay import Delays, back_filled, delays, settled, week_of

WEEK = timedelta(days=7)


class Entry(Protocol):
    """What is asked of an entry, or of several alike."""

    @property
    def kind(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def imported(self) -> bool: ...
    @property
    def happened_on(self) -> date: ...
    @property
    def recorded_on(self) -> date: ...
    @property
    def delay(self) -> int: ...


def has_delay(entry: Entry) -> bool:
    """Whether it says how soon work was recorded: only its source knows of an imported entry, and a withdrawn one is of no work.
    Nothing can be recorded before it happened; such an entry is an error and is counted apart."""
    return not entry.imported and entry.standing != WITHDRAWN and entry.delay >= 0


def is_late(entry: Entry, policy: Policy) -> bool:
    """By the rule of the measure `recording`."""
    return has_delay(entry) and not in_time(entry.happened_on, entry.recorded_on, policy)


class Band(NamedTuple):
    """Delays from `first` up to `last` days; the band after the last limit has no end."""

    first: int
    last: int | None

    @property
    def words(self) -> str:
        if self.last == 0:
            return said("Same day")
        if self.last is None:
            return said("More than {days}", days=plural(self.first - 1, "day"))
        if self.first == self.last:
            return said("{days}", days=plural(self.first, "day"))
        return said("{first} to {days}", first=self.first, days=plural(self.last, "day"))


def bands(policy: Policy) -> list[Band]:
    limits = policy.recording.delay_bands
    return [Band(0, limits[0]), *(Band(a + 1, b) for a, b in pairwise(limits)), Band(limits[-1] + 1, None)]


class Chosen(msgspec.Struct, frozen=True):
    """Which entries a figure counts. `until` is the day after the last one; `by` says whether both are days of recording or of
    happening. `band` is a place in the policy's list of delays."""

    since: date
    until: date
    by: str = "recorded"
    kind: str = ""
    standing: str = ""
    what: str = ""
    band: int | None = None

    def takes(self, entry: Entry, policy: Policy) -> bool:
        """The one rule for a figure and for the list behind it."""
        day = entry.recorded_on if self.by == "recorded" else entry.happened_on
        return (
            self.since <= day < self.until
            and (not self.kind or entry.kind == self.kind)
            and (not self.standing or entry.standing == self.standing)
            and (self.band is None or (has_delay(entry) and _band(entry.delay, policy) == self.band))
            and WHAT[self.what](entry, policy)
        )


WHAT: Mapping[str, Callable[[Entry, Policy], bool]] = {
    "": lambda entry, policy: not entry.imported,
    "timed": lambda entry, policy: has_delay(entry),
    "late": is_late,
    "imported": lambda entry, policy: entry.imported,
    "early": lambda entry, policy: not entry.imported and entry.delay < 0,
}
"""What is chosen besides: every entry made here, those whose delay counts, the late ones, those brought in by an import, and those
that say they were recorded before they happened."""


def _band(delay: int, policy: Policy) -> int:
    return bisect_left(policy.recording.delay_bands, delay)


class Summary(msgspec.Struct, frozen=True):
    """What was made from one day to before another; `delays` are of the `timed` entries, and so
    is the share that is about days before the first."""

    made: int
    timed: int
    late: int
    corrected: int
    withdrawn: int
    imported: int
    early: int
    about_before: float | None
    delays: Delays | None


def summary(found: Sequence[Alike], since: date, until: date, policy: Policy) -> Summary:
    def many(standing: str = "", what: str = "") -> int:
        which = Chosen(since, until, standing=standing, what=what)
        return sum(one.entries for one in found if which.takes(one, policy))

    timed = [one for one in found if Chosen(since, until, what="timed").takes(one, policy)]
    days, working, about = Counter[int](), Counter[int](), Counter[date]()
    for one in timed:
        days[one.delay] += one.entries
        working[working_days_after(one.happened_on, one.recorded_on, policy.bank_holidays)] += one.entries
        about[one.happened_on] += one.entries
    return Summary(
        made=many(),
        timed=sum(days.values()),
        late=many(what="late"),
        corrected=many(standing=CORRECTED),
        withdrawn=many(standing=WITHDRAWN),
        imported=many(what="imported"),
        early=many(what="early"),
        about_before=back_filled(about, since),
        delays=delays(days, working),
    )


def by_kind(found: Iterable[Alike], since: date, until: date, policy: Policy) -> dict[str, list[int]]:
    """Of each kind of entry made, by name, how many there are in each band of delays."""
    chosen, table = Chosen(since, until, what="timed"), dict[str, list[int]]()
    for one in found:
        if chosen.takes(one, policy):
            table.setdefault(one.kind, [0] * len(bands(policy)))[_band(one.delay, policy)] += one.entries
    return dict(sorted(table.items()))


class Week(msgspec.Struct, frozen=True):
    """A week by its Monday: what happened in it and how much of that was late, and what was recorded in it and how much was late.

    One that is not `settled` looks prompter than it will: entries about it have not been made yet."""

    begins: date
    happened: int
    happened_late: int
    recorded: int
    recorded_late: int
    settled: bool

    @property
    def until(self) -> date:
        return self.begins + WEEK


def weeks(found: Sequence[Alike], since: date, until: date, today: date, policy: Policy) -> list[Week]:
    """Each week from that of the first day to that of the last one, as far as it has come."""
    counts = Counter[tuple[str, bool, date]]()
    for one in found:
        if has_delay(one):
            late = is_late(one, policy)
            counts["happened", late, week_of(one.happened_on)] += one.entries
            counts["recorded", late, week_of(one.recorded_on)] += one.entries

    def both(by: str, week: date) -> tuple[int, int]:
        return counts[by, True, week] + counts[by, False, week], counts[by, True, week]

    return [
        Week(week, *both("happened", week), *both("recorded", week), settled(week, today, policy.comparison))
        for week in mondays(since, min(until, today + timedelta(days=1)))
    ]


def mondays(since: date, until: date) -> Iterator[date]:
    """The Monday of each week with a day from `since` to before `until`."""
    week = week_of(since)
    while week < until:
        yield week
        week += WEEK
