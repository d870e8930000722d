"""The pace of the cases that somebody holds now: purposeful contacts for each 30 days, the longest gaps, and who is flagged."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections.figures import LEVELS, Scope
from projections.hidden import given, not_given
from projections.pace import CASE_TABLE, RATE_DAYS, Pace

Kind = Literal["", "flagged", "0", "1", "2", "3"]
"""Which cases: all, those flagged, or those whose longest gap lies in a band, by its place in `BANDS`."""

BANDS = tuple((n * RATE_DAYS, (n + 1) * RATE_DAYS - 1 if n < 3 else None) for n in range(4))
"""Longest gaps in bands of 30 days of exposure, from and to; the last has no end."""


class Band(msgspec.Struct, frozen=True):
    """How many cases have their longest gap in a band, and in how many of them it has not ended yet."""

    cases: int
    open: int


class Paces(msgspec.Struct, frozen=True):
    """What the paces of some cases come to. `quartiles` are of the longest gaps in days, each the gap of a case: a quarter, a half and
    three quarters of the cases have no longer one. Gaps that have not ended count as they are now, so the true ones are no shorter."""

    cases: int
    purposeful: int
    exposed_days: int
    flagged: int
    quartiles: tuple[int, int, int] | None
    bands: tuple[Band, ...]

    @property
    def per_30_days(self) -> float | None:
        """All their purposeful contacts over all their days of exposure."""
        return self.purposeful * RATE_DAYS / self.exposed_days if self.exposed_days else None

    @property
    def open(self) -> int:
        return sum(band.open for band in self.bands)


class CasePace(Pace, frozen=True, kw_only=True):
    """The pace of one case in a list, and with whom the case is now: a page may name only what its reader may open."""

    stream_id: UUID
    crn: str
    name: str
    practitioner: str
    team: str
    provider: str
    offered_to_team: str


def _paces(scope: Scope) -> str:
    """A query for the pace of each case under supervision that the scope's people hold, on its day."""
    clauses = ["p.supervised_until is null", *(f"p.{level} = %({level})s" for level in LEVELS if getattr(scope, level))]
    if scope.hidden:
        clauses.append(not_given("p.stream_id"))
    return f"""
        select *, greatest(closed, idle_days) as longest_gap, idle_days >= closed as open, idle_days >= %(zero_activity)s as flagged from (
            select p.stream_id, p.purposeful, coalesce(p.longest_gap, 0) as closed,
                p.exposed_days + {_since("p.exposed_since")} as exposed_days,
                p.idle_days + {_since("greatest(p.exposed_since, p.last_purposeful_on)")} as idle_days
            from {CASE_TABLE} p where {" and ".join(clauses)}
        ) facts"""


def _since(day: str) -> str:
    """Days that have passed since then in the interval of exposure that runs; none when none runs."""
    return f"case when p.exposed_since is null then 0 else greatest(%(today)s::date - {day}, 0) end"


def _kind(kind: Kind) -> str:
    if not kind:
        return "true"
    if kind == "flagged":
        return "c.flagged"
    first, last = BANDS[int(kind)]
    return f"c.longest_gap >= {first}" if last is None else f"c.longest_gap between {first} and {last}"


def _params(scope: Scope, policy: Policy) -> dict[str, object]:
    told = {**msgspec.structs.asdict(scope), "hidden": given(scope.hidden)}
    return {**told, "zero_activity": policy.purposeful.zero_activity_days}


class Gaps(NamedTuple):
    """The cases whose longest gap has the same number of days, put together."""

    days: int
    cases: int
    open: int
    flagged: int
    purposeful: int
    exposed_days: int


def paces(conn: Connection[Any], scope: Scope, policy: Policy) -> Paces:
    """What the cases that the scope's people hold now come to, each over the whole of its supervision up to the scope's day."""
    query = f"""
        select c.longest_gap, count(*), count(*) filter (where c.open), count(*) filter (where c.flagged),
            sum(c.purposeful)::int, sum(c.exposed_days)::int
        from ({_paces(scope)}) c group by 1 order by 1"""
    gaps = [Gaps(*row) for row in conn.execute(query.encode(), _params(scope, policy))]
    number = sum(gap.cases for gap in gaps)
    return Paces(
        cases=number,
        purposeful=sum(gap.purposeful for gap in gaps),
        exposed_days=sum(gap.exposed_days for gap in gaps),
        flagged=sum(gap.flagged for gap in gaps),
        quartiles=(_within(gaps, number / 4), _within(gaps, number / 2), _within(gaps, number * 3 / 4)) if gaps else None,
        bands=tuple(_band(gaps, first, last) for first, last in BANDS),
    )


def _within(gaps: Sequence[Gaps], cases: float) -> int:
    """The shortest gap that at least so many cases do not exceed; `gaps` are in order."""
    running = accumulate(gap.cases for gap in gaps)
    return next(gap.days for gap, so_far in zip(gaps, running, strict=True) if so_far >= cases)


def _band(gaps: Sequence[Gaps], first: int, last: int | None) -> Band:
    inside = [gap for gap in gaps if first <= gap.days and (last is None or gap.days <= last)]
    return Band(sum(gap.cases for gap in inside), sum(gap.open for gap in inside))


def cases(
    conn: Connection[Any], scope: Scope, policy: Policy, kind: Kind = "", *, limit: int | None = 25, offset: int = 0
) -> Sequence[CasePace]:
    """The cases behind the figures, by name."""
    query = f"""
        select c.stream_id, c.purposeful, c.exposed_days, c.idle_days, c.longest_gap, c.open, c.flagged,
            l.crn, l.name, l.practitioner, l.team, l.provider, l.offered_to_team
        from ({_paces(scope)}) c join caseload l using (stream_id) where {_kind(kind)}
        order by l.sort_name, l.crn limit %(limit)s offset %(offset)s"""
    with conn.cursor(row_factory=class_row(CasePace)) as cursor:
        return cursor.execute(query.encode(), {**_params(scope, policy), "limit": limit, "offset": offset}).fetchall()
