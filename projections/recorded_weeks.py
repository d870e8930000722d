"""What was recorded in each week and how soon, week by week, of a team, a provider or the nation: read from sums and not from entries."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections import recorded, totals
from projections.hidden import PLAN_ANEW, given
from projections.lateness import WEEK, Week, has_delay, is_late, mondays
from projections.recorded import CORRECTED, WITHDRAWN
from projections.statistics.delay import settled, week_of
from projections.story import Story
from projections.totals import Total

COUNTS = ("made", "timed", "late", "corrected", "withdrawn", "happened", "happened_late")
MADE, TIMED, LATE, CORRECTIONS, WITHDRAWALS, HAPPENED, HAPPENED_LATE = range(len(COUNTS))
TABLE = "recorded_week"
COLUMNS = {"stream_id": "uuid", "team": "text", "provider": "text", "weeks": "text", **dict.fromkeys(COUNTS, "text")}
"""A case's weeks while one team held it, imported entries left out. Weeks, counted from that of 1 January of the year 1, and the counts
in each are arrays, written as text: a row a week would make this the largest table."""
TOTAL = Total(
    "recorded_total",
    {"week": "date", "team": "text", "provider": "text"},
    COUNTS,
    f"""
    select date '0001-01-01' + 7 * e.week as week, r.team, r.provider, {", ".join(f"sum(r.sign * e.{c})::int8 as {c}" for c in COUNTS)}
    from {{rows}} r cross join lateral unnest(r.weeks::int4[], {", ".join(f"r.{c}::int4[]" for c in COUNTS)}) e (week, {", ".join(COUNTS)})
    group by 1, 2, 3""",
    ("(provider, week)",),
)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found: dict[tuple[str, str], dict[int, list[int]]] = {}
    for one in story.once(recorded.made):
        if one.imported:
            continue
        weeks = found.setdefault((one.team, one.provider), {})
        count = weeks.setdefault(_week(one.recorded_on), [0] * len(COUNTS))
        count[MADE] += 1
        count[CORRECTIONS] += one.standing == CORRECTED
        count[WITHDRAWALS] += one.standing == WITHDRAWN
        if has_delay(one):
            late = one.delay > 0 and is_late(one, policy)  # most are made on the day
            about = weeks.setdefault(_week(one.happened_on), [0] * len(COUNTS))
            count[TIMED] += 1
            count[LATE] += late
            about[HAPPENED] += 1
            about[HAPPENED_LATE] += late
    for held, weeks in found.items():
        yield *held, recorded.array(weeks), *map(recorded.array, zip(*weeks.values(), strict=True))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


class Part(msgspec.Struct, frozen=True):
    """What was recorded in the cases of a team or a provider (`code`), imported entries apart; withdrawn ones and those made before what
    they are about have no delay, so they are not `timed`. `late_in` are the late ones of each week with entries, by its Monday, from
    weeks before the first counted on."""

    code: str
    made: int
    timed: int
    late: int
    corrected: int
    withdrawn: int
    late_in: dict[str, int]


Level = Literal["team", "provider"]


def by_part(
    conn: Connection[Any], level: Level, before: date, since: date, until: date, provider: str = "", hidden: Sequence[UUID] = ()
) -> Sequence[Part]:
    """The whole weeks that have a day from `since` to before `until`, for each team or provider, of one provider's cases or of all; late
    entries from the week of `before` on.

    `hidden` are the cases that do not exist for whoever asks."""
    counts = COUNTS[:HAPPENED]
    query = f"""
        select code, {", ".join(f"coalesce(sum({count}) filter (where week >= %(first)s), 0)::int as {count}" for count in counts)},
            json_object_agg(week, late) as late_in
        from (
            select {level} as code, week, {", ".join(f"sum({count}) as {count}" for count in counts)} from ({_told(hidden)}) t
            where {_WITHIN} group by 1, 2 having sum(made) <> 0
        ) weeks group by 1 order by 1"""
    asked = _asked(before, until, provider, hidden) | {"first": week_of(since)}
    with conn.cursor(row_factory=class_row(Part)) as cursor:
        return cursor.execute(query.encode(), asked, prepare=PLAN_ANEW).fetchall()


def weeks(
    conn: Connection[Any], since: date, until: date, today: date, policy: Policy, provider: str = "", hidden: Sequence[UUID] = ()
) -> list[Week]:
    """The same of all parts together, each week from that of the first day to that of the last one, as far as it has come."""
    query = f"""
        select week, sum(happened)::int, sum(happened_late)::int, sum(timed)::int, sum(late)::int
        from ({_told(hidden)}) t where {_WITHIN} group by 1"""
    asked = _asked(since, until, provider, hidden)
    counts = {week: counts for week, *counts in conn.execute(query.encode(), asked, prepare=PLAN_ANEW)}
    nothing = (0, 0, 0, 0)
    return [
        Week(week, happened, happened_late, recorded, recorded_late, settled(week, today, policy.comparison))
        for week in mondays(since, min(until, today + timedelta(days=1)))
        for happened, happened_late, recorded, recorded_late in [counts.get(week, nothing)]
    ]


def _told(hidden: Sequence[UUID]) -> str:
    return totals.told(TOTAL, TABLE, hidden)


_WITHIN = "week >= %(since)s and week < %(until)s and %(provider)s in ('', provider)"


def _asked(since: date, until: date, provider: str, hidden: Sequence[UUID]) -> dict[str, object]:
    return {"since": week_of(since), "until": week_after(until), "provider": provider, "hidden": given(hidden)}


def week_after(until: date) -> date:
    """The Monday after the week of the last day before `until`: weeks are counted whole."""
    return week_of(until - timedelta(days=1)) + WEEK
