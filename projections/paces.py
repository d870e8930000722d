"""The pace of the cases that somebody holds now: purposeful contacts for each 30 days, the longest gaps, and who is flagged."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections.figures import LEVELS, Scope
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
        clauses.append("p.stream_id <> all(%(hidden)s)")
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
    told = {**msgspec.structs.asdict(scope), "hidden": list(scope.hidden)}
    return {**told, "zero_activity": policy.purposeful.zero_activity_days}


def paces(conn: Connection[Any], scope: Scope, policy: Policy) -> Paces:
    """What the cases that the scope's people hold now come to, each over the whole of its supervision up to the scope's day."""
    bands = ", ".join(
        f"count(*) filter (where {_kind(kind)}), count(*) filter (where c.open and {_kind(kind)})" for kind in ("0", "1", "2", "3")
    )
    query = f"""
        select count(*), coalesce(sum(c.purposeful), 0)::int, coalesce(sum(c.exposed_days), 0)::int, count(*) filter (where c.flagged),
            percentile_disc(array[0.25, 0.5, 0.75]) within group (order by c.longest_gap), {bands}
        from ({_paces(scope)}) c"""
    row = conn.execute(query.encode(), _params(scope, policy)).fetchone()
    assert row is not None
    cases, purposeful, exposed_days, flagged, quartiles, *counts = row
    in_bands = tuple(Band(*counts[i : i + 2]) for i in range(0, len(counts), 2))
    return Paces(cases, purposeful, exposed_days, flagged, tuple(quartiles) if quartiles else None, in_bands)


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
