"""Questions about deadlines: what is late on the day looked at, and what lies ahead of it, by kind, officer and team, down to each case."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import ProviderKind
from projections import case_now
from projections.case_now import CaseNow
from projections.deadline_kinds import Kind
from projections.deadlines import ALWAYS, CRC, NPS, TABLE
from projections.hidden import PLAN_ANEW, given, not_given
from projections.statistics.delay import week_of


class Scope(msgspec.Struct, frozen=True):
    """A team's or a provider's deadlines, of which kinds, and between which days: from `since` to the day before `before`. `practitioner`
    narrows to the cases of one officer ("" for those that nobody holds); `hidden` are the cases that do not
    exist for whoever asks."""

    today: date
    kinds: tuple[Kind, ...]
    since: date
    before: date
    team: str = ""
    provider: str = ""
    practitioner: str | None = None
    hidden: Sequence[UUID] = ()


def late(today: date, kinds: Sequence[Kind], *, team: str = "", provider: str = "", hidden: Sequence[UUID] = ()) -> Scope:
    """What has not been done although its day has passed."""
    return Scope(today, tuple(kinds), ALWAYS, today, team, provider, hidden=hidden)


def ahead(today: date, kinds: Sequence[Kind], weeks: int, *, team: str, hidden: Sequence[UUID] = ()) -> Scope:
    """What is to be done from today to the end of so many weeks, the present one among them."""
    end = week_of(today) + timedelta(weeks=weeks)
    return Scope(today, tuple(kinds), today, end, team, hidden=hidden)


class Listed(CaseNow, frozen=True):
    """One deadline of a case, with what a list says of the case."""

    stream_id: UUID
    rosh: str
    officer: str
    named: str
    number: int
    what: str
    due_on: date

    @property
    def kind(self) -> Kind:
        return Kind(self.named)

    def days_late(self, today: date) -> int:
        return (today - self.due_on).days


_ROUTE = f"""d.route in ('', (select case o.kind when '{ProviderKind.NPS.value}' then '{NPS}' else '{CRC}' end from provider o
    where o.code = coalesce(nullif(%(provider)s, ''), (select t.provider from team t where t.code = %(team)s))))"""
"""Whether a deadline holds for the kind of provider that the team, or the provider itself, is of."""

By = Literal["practitioner", "team", "week"]
_BY: dict[By, str] = {
    "practitioner": "d.practitioner",
    "team": "d.team",
    "week": "date_trunc('week', d.due_on)::date",
}
SORTS: dict[str, LiteralString] = {
    "age": "%(today)s::date - d.due_on",
    "name": "c.sort_name",
    "officer": "officer",
    "kind": "d.kind",
}


def _where(scope: Scope) -> tuple[str, dict[str, object]]:
    # What is late has to hold on the day looked at; what lies ahead, on its own day.
    on = "%(today)s" if scope.before <= scope.today else "d.due_on"
    clauses = ["d.due_on >= %(since)s", "d.due_on < %(before)s", f"d.since <= {on}", f"d.until > {on}", _ROUTE, "d.kind = any(%(kinds)s)"]
    clauses += [f"d.{level} = %({level})s" for level in ("team", "provider") if getattr(scope, level)]
    if scope.practitioner is not None:
        clauses.append("d.practitioner = %(practitioner)s")
    if scope.hidden:
        clauses.append(not_given("d.stream_id"))
    asked = {**msgspec.structs.asdict(scope), "kinds": [kind.value for kind in scope.kinds], "hidden": given(scope.hidden)}
    return " and ".join(clauses), asked


Counts = Counter[tuple[Any, ...]]


def counts(conn: Connection[Any], scope: Scope, *by: By) -> Counts:
    """How many deadlines there are of each kind; with `by`, for each officer, team or week (told by its Monday) too. What is counted
    stands under a tuple of these and, last, the kind."""
    where, asked = _where(scope)
    keys = ", ".join([*(_BY[one] for one in by), "d.kind"])
    query = f"select {keys}, count(*) from {TABLE} d where {where} group by {keys}"
    found = conn.execute(query.encode(), asked, prepare=PLAN_ANEW).fetchall()
    return Counter({(*row[:-2], Kind(row[-2])): row[-1] for row in found})


def summed(found: Counts, *places: int, kinds: Sequence[Kind] = tuple(Kind)) -> Counts:
    """The same counts by some of what they are by only, told by its places; of some kinds."""
    total: Counts = Counter()
    for key, count in found.items():
        if key[-1] in kinds:
            total[tuple(key[place] for place in places)] += count
    return total


def listed(
    conn: Connection[Any], scope: Scope, *, sort: str = "age", descending: bool = True, limit: int | None = None, offset: int = 0
) -> Sequence[Listed]:
    """The deadlines one by one; those that are late the longest, or come the soonest, first unless another order is asked for."""
    where, asked = _where(scope)
    order = SORTS.get(sort, SORTS["age"])
    query = f"""
        select {case_now.COLUMNS}, c.stream_id, c.rosh, coalesce(p.name, c.practitioner) as officer, d.kind as named, d.number, d.what,
          d.due_on
        from {TABLE} d join caseload c using (stream_id) left join practitioner p on p.code = c.practitioner
        where {where} order by {order} {"desc" if descending else "asc"} nulls last, d.due_on, c.sort_name, c.crn, d.kind, d.number
        limit %(limit)s offset %(offset)s"""
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(query.encode(), {**asked, "limit": limit, "offset": offset}).fetchall()
