"""What was entered, corrected or withdrawn after an inspection was announced about days before it, against what is usual.

Facts with their usual level, by team, kind and week, and never by officer: that many were made says nothing about why.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Comparison, Policy
from domain.working_days import local_day
from projections import case_now
from projections.case_now import CaseNow
from projections.hidden import given, not_given
from projections.lateness import WEEK
from projections.recorded import Alike
from projections.revised import ACTS, ENTERED
from projections.statistics.burst import Burst, burst

HALVES = 2
"""Before the weeks that are looked at lie the weeks that they stand against, and those of the half-year before the announcement are
looked at too."""


class Inspected(msgspec.Struct, frozen=True):
    """Of which provider, since which entry of the record and which moment."""

    provider: str
    position: int
    at: datetime

    @property
    def day(self) -> date:
        return local_day(self.at)


class Put(Alike, frozen=True):
    """So many entries alike. `act` is what was done to the record; `since` whether it was after the announcement."""

    team: str
    act: str
    since: bool


class Named(CaseNow, frozen=True):
    """One entry, with whose it is."""

    stream_id: UUID
    of_team: str
    kind: str
    act: str
    number: int
    happened_on: date
    recorded_on: date

    @property
    def delay(self) -> int:
        return (self.recorded_on - self.happened_on).days


class Choice(msgspec.Struct, frozen=True):
    """Which of them a number counts: of a team, a kind, an act, and recorded from one day to before another."""

    team: str | None = None
    kind: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None


class Stretch(msgspec.Struct, frozen=True):
    """Seven days after the announcement, fewer in those that still run. `entries` are about days before the announcement; `burst`
    says what is usual, None where too little came before to say."""

    begins: date
    until: date
    entries: int
    burst: Burst | None


class Line(msgspec.Struct, frozen=True):
    """One team, kind or everything: each act by stretches."""

    acts: dict[str, list[Stretch]]

    def entries(self, act: str) -> int:
        return sum(stretch.entries for stretch in self.acts.get(act, ()))

    def usual(self, act: str) -> float | None:
        """How many are usual in as many days; None where too little came before."""
        bursts = [stretch.burst for stretch in self.acts.get(act, ())]
        return sum(b.usual for b in bursts if b) if bursts and all(bursts) else None

    def standing_out(self) -> list[tuple[str, Stretch]]:
        return [(act, s) for act, stretches in self.acts.items() for s in stretches if s.burst and s.burst.flagged]


def first_needed(of: Inspected, rule: Comparison) -> date:
    """From which day of recording on entries are needed."""
    return of.day - HALVES * rule.burst_weeks_before * WEEK


def lines(found: Iterable[Put], by: Callable[[Put], str], of: Inspected, today: date, rule: Comparison) -> dict[str, Line]:
    """Each team or kind, or all together, by its name."""
    sorted_out: dict[str, dict[str, list[Put]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        if not one.imported:
            sorted_out[by(one)][one.act].append(one)
    told = {}
    for key, acts in sorted(sorted_out.items()):
        first = min(one.recorded_on for puts in acts.values() for one in puts)
        line = Line({act: stretches(acts.get(act, ()), first, of, today, rule) for act in ACTS})
        if any(line.entries(act) for act in ACTS):
            told[key] = line
    return told


def stretches(found: Sequence[Put], first: date, of: Inspected, today: date, rule: Comparison) -> list[Stretch]:
    """Week by week after the announcement. What is usual in its n-th week is what was entered in each week before it about days at
    least n - 1 weeks before that week: the same days of the week, and the same number of them while the last week still runs.

    `first` is the first day on which anything was recorded: earlier weeks were not quiet, there was nobody to write.
    """
    so_far = [min(7, days) for days in range((today - of.day).days + 1, 0, -7)]
    after, before = _counts(found, of.day, so_far)
    whole = min(rule.burst_weeks_before, (of.day - first).days // 7)
    return [
        Stretch(
            of.day + n * WEEK,
            of.day + n * WEEK + timedelta(days=days),
            after[n],
            burst([before[n, back] for back in range(1, whole + 1)], after[n], rule),
        )
        for n, days in enumerate(so_far)
    ]


def _counts(found: Iterable[Put], announced: date, so_far: Sequence[int]) -> tuple[Counter[int], Counter[tuple[int, int]]]:
    """For each week after the announcement what was entered in it, and what would have been had the announcement come so many weeks
    earlier; weeks are counted from its day. `so_far` are the days that each has had."""
    after, before = Counter[int](), Counter[tuple[int, int]]()
    for one in found:
        if one.since and one.happened_on < announced:
            after[(one.recorded_on - announced).days // 7] += one.entries
        elif one.recorded_on < announced:
            back, begins = _week_back(announced, one.recorded_on)
            if one.happened_on >= begins:
                continue  # most are about a day of the week in which they were made
            reach = -(-(begins - one.happened_on).days // 7)
            for n in range(min(len(so_far), reach)):
                if (one.recorded_on - begins).days < so_far[n]:
                    before[n, back] += one.entries
    return after, before


@lru_cache(maxsize=4096)
def _week_back(announced: date, recorded_on: date) -> tuple[int, date]:
    """How many weeks before the announcement the week lies that an entry was made in, and when that began."""
    back = -(-(announced - recorded_on).days // 7)
    return back, announced - back * WEEK


# ---- Questions to the record ---------------------------------------------------------------------------------------------

_PUT = f"""
    select p.*, p.recorded_on > %(day)s or p.recorded_on = %(day)s and exists (
        select 1 from record.event e
        where e.originator_id = p.stream_id and e.originator_version = p.number and e.notification_id > %(position)s
    ) as since
    from (
        select m.stream_id, m.team, m.kind, m.standing, m.imported, %(entered)s as act, e.number, e.recorded_on - e.delay as happened_on,
            e.recorded_on
        from recorded m cross join lateral unnest(m.numbers::int4[], m.recorded_on::date[], m.delays::int4[]) e (number, recorded_on, delay)
        where m.provider = %(provider)s and {not_given("m.stream_id")}
        union all
        select m.stream_id, m.team, m.kind, '' as standing, false as imported, m.act, e.number, e.recorded_on - e.delay as happened_on,
            e.recorded_on
        from revised m cross join lateral unnest(m.numbers::int4[], m.recorded_on::date[], m.delays::int4[]) e (number, recorded_on, delay)
        where m.provider = %(provider)s and {not_given("m.stream_id")}
    ) p where p.recorded_on >= %(first)s
"""
"""Everything that was put into the record about cases while the provider held them. The announcement came at some hour of its day, so
for that day the place in the record decides."""


def put(conn: Connection[Any], of: Inspected, policy: Policy, hidden: Sequence[UUID]) -> Sequence[Put]:
    """Everything that the figures need: since the announcement, and from two half-years before it. `hidden` are the cases that do not
    exist for whoever asks."""
    query = (
        "select kind, standing, imported, happened_on, recorded_on, count(*)::int as entries, team, act, since"
        f" from ({_PUT}) p group by kind, standing, imported, happened_on, recorded_on, team, act, since"
    )
    with conn.cursor(row_factory=class_row(Put)) as cursor:
        return cursor.execute(query.encode(), _asked(of, first_needed(of, policy.comparison), hidden)).fetchall()


_CHOSEN = f"""
    from ({_PUT}) p join caseload c using (stream_id) where p.since and not p.imported and p.happened_on < %(day)s
      and (%(team)s::text is null or p.team = %(team)s) and %(kind)s in ('', p.kind) and %(act)s in ('', p.act)
      and (%(from)s::date is null or p.recorded_on >= %(from)s) and (%(until)s::date is null or p.recorded_on < %(until)s)
"""


def entries(
    conn: Connection[Any], of: Inspected, choice: Choice, hidden: Sequence[UUID], *, limit: int | None = None, offset: int = 0
) -> Sequence[Named]:
    """The entries that a number counts, one by one, those made last first; all of them, or as many as `limit` after the first `offset`."""
    query = (
        f"select p.stream_id, p.team as of_team, p.kind, p.act, p.number, p.happened_on, p.recorded_on, {case_now.COLUMNS} {_CHOSEN}"
        " order by p.recorded_on desc, c.sort_name, c.crn, p.number limit %(limit)s offset %(offset)s"
    )
    with conn.cursor(row_factory=class_row(Named)) as cursor:
        return cursor.execute(query.encode(), _narrowed(of, choice, hidden) | {"limit": limit, "offset": offset}).fetchall()


def counted(conn: Connection[Any], of: Inspected, choice: Choice, hidden: Sequence[UUID]) -> tuple[int, int]:
    """How many entries these are, and of how many cases."""
    query = f"select count(*)::int, count(distinct p.stream_id)::int {_CHOSEN}"
    row = conn.execute(query.encode(), _narrowed(of, choice, hidden)).fetchone()
    assert row is not None
    return row[0], row[1]


def _narrowed(of: Inspected, choice: Choice, hidden: Sequence[UUID]) -> dict[str, object]:
    chosen = {"team": choice.team, "kind": choice.kind, "act": choice.act, "from": choice.since, "until": choice.until}
    return _asked(of, of.day, hidden) | chosen


def _asked(of: Inspected, first: date, hidden: Sequence[UUID]) -> dict[str, object]:
    asked = {"provider": of.provider, "position": of.position, "day": of.day, "first": first, "entered": ENTERED}
    return asked | {"hidden": given(hidden)}
