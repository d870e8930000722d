"""Figures: what a measure comes to for whoever asks, from the rows of each case, down to the cases behind it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections.counted import ANSWERS, CONTACT_TABLE, LASTING_TABLE
from projections.finding import Finding, Verdict
from projections.measure import Measure


class Figure(msgspec.Struct, frozen=True):
    """A figure with everything it is made of. The denominator is yes, no and not evidenced; what was left out stands beside it."""

    yes: int
    no: int
    not_evidenced: int
    left_out: int

    @property
    def denominator(self) -> int:
        return self.yes + self.no + self.not_evidenced

    @property
    def share(self) -> float | None:
        return self.yes / self.denominator if self.denominator else None


class Row(msgspec.Struct, frozen=True):
    """The figure of one practitioner, team, month or case: `key` is its code, CRN or first day."""

    key: str
    label: str
    yes: int
    no: int
    not_evidenced: int
    left_out: int

    @property
    def figure(self) -> Figure:
        return Figure(self.yes, self.no, self.not_evidenced, self.left_out)


class Scope(msgspec.Struct, frozen=True):
    """Whose findings, and when: empty fields do not narrow. Team, provider and practitioner are the holder's at the time.

    `today` is the day looked at: limits that run out later are left out. `unheld` narrows to what happened while nobody held the
    case. `until` is the first day of the month after the last one that counts. `hidden` are the cases that do not exist for
    whoever asks.
    """

    today: date
    provider: str = ""
    team: str = ""
    practitioner: str = ""
    unheld: bool = False
    since: date = date(1900, 1, 1)
    until: date = date(9999, 1, 1)
    hidden: tuple[UUID, ...] = ()


def counts(measure: Measure) -> str:
    """A query for what a measure counts in each case and month: one row a case, month and holder, or several to be added up."""
    if measure.verdicts:
        own = ", ".join(f"{measure.column}_{answer} as {answer}" for answer in ANSWERS.values())
        return f"select stream_id, month, practitioner, team, provider, {own} from {CONTACT_TABLE}"
    waits = "l.turns_on > %(today)s"
    return f"""
        select l.stream_id, m.month::date as month, l.practitioner, l.team, l.provider,
            case when {waits} then 0 else l.yes end as yes, case when {waits} then 0 else l.no end as no,
            case when {waits} then 0 else l.not_evidenced end as not_evidenced,
            case when {waits} then l.yes + l.no + l.not_evidenced else 0 end + l.left_out as left_out
        from {LASTING_TABLE} l cross join lateral generate_series(
            greatest(l.since, %(since)s::date)::timestamp,
            least(l.until, %(until)s::date, case when l.monthly then date_trunc('month', %(today)s::date)::date end)::timestamp
                - interval '1 day',
            interval '1 month'
        ) m (month)
        where l.measure = '{measure.name}'"""


_SUMS = ", ".join(f"coalesce(sum(m.{answer}), 0)::int as {answer}" for answer in ANSWERS.values())


def _having(verdict: Verdict | None) -> str:
    return f"having sum(m.{ANSWERS[verdict]}) > 0" if verdict else ""


def _where(scope: Scope) -> tuple[str, dict[str, object]]:
    clauses = ["m.month >= %(since)s", "m.month < %(until)s"]
    for field in ("provider", "team", "practitioner"):
        if getattr(scope, field):
            clauses.append(f"m.{field} = %({field})s")
    if scope.unheld:
        clauses.append("m.practitioner = ''")
    if scope.hidden:
        clauses.append("m.stream_id <> all(%(hidden)s)")
    return " and ".join(clauses), {**msgspec.structs.asdict(scope), "hidden": list(scope.hidden)}


def figure(conn: Connection[Any], measure: Measure, scope: Scope) -> Figure:
    where, params = _where(scope)
    with conn.cursor(row_factory=class_row(Figure)) as cursor:
        found = cursor.execute(f"select {_SUMS} from ({counts(measure)}) m where {where}".encode(), params).fetchone()
    assert found is not None
    return found


def _rows(conn: Connection[Any], measure: Measure, scope: Scope, key: str, label: str, joins: str, order: str) -> Sequence[Row]:
    where, params = _where(scope)
    query = (
        f"select {key} as key, {label} as label, {_SUMS} from ({counts(measure)}) m {joins} where {where} group by 1, 2 order by {order}"
    )
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.encode(), params).fetchall()


def by_practitioner(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row an officer who held cases at the time, by name; never ranked."""
    joins = "left join practitioner p on p.code = m.practitioner"
    label = "case when m.practitioner = '' then 'Nobody held the case' else coalesce(p.name, m.practitioner) end"
    return _rows(conn, measure, scope, "m.practitioner", label, joins, "2")


def by_team(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    return _rows(conn, measure, scope, "m.team", "coalesce(t.name, m.team)", "left join team t on t.code = m.team", "2")


def by_month(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    return _rows(conn, measure, scope, "m.month::text", "m.month::text", "", "1")


class CaseFigure(msgspec.Struct, frozen=True):
    """What one case adds to a figure, and with whom the case is now: a page may name only what its reader may open."""

    stream_id: UUID
    crn: str
    name: str
    practitioner: str
    team: str
    provider: str
    offered_to_team: str
    yes: int
    no: int
    not_evidenced: int
    left_out: int


def by_case(
    conn: Connection[Any], measure: Measure, scope: Scope, *, verdict: Verdict | None = None, limit: int = 25, offset: int = 0
) -> Sequence[CaseFigure]:
    """One row a case that adds to the figure, by name; with `verdict`, only cases that have such a finding."""
    where, params = _where(scope)
    held = "c.crn, c.name, c.practitioner, c.team, c.provider, c.offered_to_team"
    having = _having(verdict)
    query = (
        f"select m.stream_id, {held}, {_SUMS} from ({counts(measure)}) m join caseload c using (stream_id) where {where}"
        f" group by m.stream_id, {held}, c.sort_name {having} order by c.sort_name, c.crn limit %(limit)s offset %(offset)s"
    )
    with conn.cursor(row_factory=class_row(CaseFigure)) as cursor:
        return cursor.execute(query.encode(), {**params, "limit": limit, "offset": offset}).fetchall()


def count_cases(conn: Connection[Any], measure: Measure, scope: Scope, verdict: Verdict | None = None) -> int:
    where, params = _where(scope)
    having = _having(verdict)
    query = f"select count(*) from (select 1 from ({counts(measure)}) m where {where} group by m.stream_id {having}) adding"
    row = conn.execute(query.encode(), params).fetchone()
    return int(row[0]) if row else 0


def in_scope(finding: Finding, scope: Scope) -> bool:
    """Whether a case's finding belongs to a figure: the same rule as the query's, for the list behind the figure."""
    holder = finding.holder
    held = (holder.provider, holder.team, holder.practitioner) if holder else ("", "", "")
    asked = (scope.provider, scope.team, scope.practitioner)
    if scope.unheld and held[2]:
        return False
    return scope.since <= finding.month < scope.until and all(not a or a == h for a, h in zip(asked, held, strict=True))


def tally(findings: Iterable[Finding]) -> Figure:
    """The figure that these findings add up to."""
    counts = Counter(finding.verdict for finding in findings)
    return Figure(counts[Verdict.YES], counts[Verdict.NO], counts[Verdict.NOT_EVIDENCED], counts[Verdict.LEFT_OUT])
