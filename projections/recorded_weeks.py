"""What was recorded in each week and how soon, week by week, of a team, a provider or the nation: read from sums and not from entries."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections import recorded, totals
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
            late = is_late(one, policy)
            about = weeks.setdefault(_week(one.happened_on), [0] * len(COUNTS))
            count[TIMED] += 1
            count[LATE] += late
            about[HAPPENED] += 1
            about[HAPPENED_LATE] += late
    for held, weeks in found.items():
        yield *held, recorded.array(weeks), *map(recorded.array, zip(*weeks.values(), strict=True))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


class PartWeek(msgspec.Struct, frozen=True):
    """What was recorded in a week, by its Monday, in the cases of a team or a provider (`part`), imported entries apart; withdrawn ones
    and those made before what they are about have no delay. `happened` are those that have one, by the week that they are about."""

    part: str
    week: date
    made: int
    timed: int
    late: int
    corrected: int
    withdrawn: int
    happened: int = 0
    happened_late: int = 0


Part = Literal["team", "provider"]


def by_part(
    conn: Connection[Any], part: Part, since: date, until: date, provider: str = "", hidden: Sequence[UUID] = ()
) -> Sequence[PartWeek]:
    """The weeks that begin from `since` to before `until`, of each team or provider, of one provider's cases or of all.

    `hidden` are the cases that do not exist for whoever asks."""
    query = f"""
        select {part} as part, week, {", ".join(f"sum({count})::int as {count}" for count in COUNTS)}
        from ({totals.told(TOTAL, TABLE, hidden)}) t
        where week >= %(since)s and week < %(until)s and %(provider)s in ('', provider)
        group by 1, 2 having sum(made) <> 0 or sum(happened) <> 0 order by 1, 2"""
    asked = {"provider": provider, "since": since, "until": until, "hidden": list(hidden)}
    with conn.cursor(row_factory=class_row(PartWeek)) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()


def weeks(found: Iterable[PartWeek], since: date, until: date, today: date, policy: Policy) -> list[Week]:
    """All parts together, each week from that of the first day to that of the last one, as far as it has come."""
    sums = Counter[tuple[str, date]]()
    for one in found:
        sums.update({(count, one.week): getattr(one, count) for count in ("happened", "happened_late", "timed", "late")})
    return [
        Week(
            week,
            happened=sums["happened", week],
            happened_late=sums["happened_late", week],
            recorded=sums["timed", week],
            recorded_late=sums["late", week],
            settled=settled(week, today, policy.comparison),
        )
        for week in mondays(since, min(until, today + timedelta(days=1)))
    ]


def week_after(until: date) -> date:
    """The Monday after the week of the last day before `until`: weeks are counted whole."""
    return week_of(until - timedelta(days=1)) + WEEK
