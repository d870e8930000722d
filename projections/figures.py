"""Figures: what a measure comes to for whoever asks, from the rows of each case, down to the cases behind it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from projections import case_now
from projections.case_now import CaseNow
from projections.counted import ANSWERS, CONTACT_TABLE, CONTACT_TOTAL, LASTING_TABLE, LASTING_TOTAL
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


LEVELS = ("provider", "team", "practitioner")
"""Who holds a case, from the widest to the narrowest; each is a column of every row."""


class Scope(msgspec.Struct, frozen=True):
    """Whose findings, and when: empty fields do not narrow. Team, provider and practitioner are the holder's at the time.

    `today` is the day looked at: limits that run out later are left out. `without` (provider, team or practitioner) narrows to what
    happened while the case was with no provider, with no team, or held by nobody. `until` is the first day of the month after the last
    one that counts. `hidden` are the cases that do not exist for whoever asks.
    """

    today: date
    provider: str = ""
    team: str = ""
    practitioner: str = ""
    without: str = ""
    since: date = date(1900, 1, 1)
    until: date = date(9999, 1, 1)
    hidden: tuple[UUID, ...] = ()


WAITS = "l.turns_on > %(today)s"
_OF_LASTING = f"""
    case when {WAITS} then 0 else l.yes end as yes, case when {WAITS} then 0 else l.no end as no,
    case when {WAITS} then 0 else l.not_evidenced end as not_evidenced,
    case when {WAITS} then l.yes + l.no + l.not_evidenced else 0 end + l.left_out as left_out"""
_ENDED = "case when l.monthly then date_trunc('month', %(today)s::date)::date end"
"""The first month that has not ended: months count once they have."""


def _months(first: str, end: str) -> str:
    """The months asked for from the first on that an expression gives to before another."""
    return f"""generate_series(
        greatest({first}, %(since)s::date)::timestamp,
        least({end}, %(until)s::date, {_ENDED})::timestamp - interval '1 day',
        interval '1 month'
    ) m (month)"""


def counts(measure: Measure) -> str:
    """A query for what a measure counts in each case and month: one row a case, month and holder, or several to be added up."""
    if measure.verdicts:
        return f"select stream_id, month, practitioner, team, provider, {_own(measure)} from {CONTACT_TABLE}"
    return f"""
        select l.stream_id, m.month::date as month, l.practitioner, l.team, l.provider, {_OF_LASTING}
        from {LASTING_TABLE} l cross join lateral {_months("l.since", "l.until")}
        where l.measure = '{measure.name}'"""


def _listed(*columns: str) -> str:
    return ", ".join(column for column in columns if column)


def _own(measure: Measure) -> str:
    return ", ".join(f"{measure.column}_{answer} as {answer}" for answer in ANSWERS.values())


def totals(measure: Measure, scope: Scope, by: str) -> str:
    """The same from the totals of teams, by month and, with `by`, team or provider; what is hidden is taken off again."""
    total, table = (CONTACT_TOTAL, CONTACT_TABLE) if measure.verdicts else (LASTING_TOTAL, LASTING_TABLE)
    rows = f"select * from {total.table}"
    if scope.hidden:
        rows += " union all " + total.of(f"(select *, -1 as sign from {table} where stream_id = any(%(hidden)s))")
    where = " and ".join(f"{field} = %({field})s" for field in ("provider", "team") if getattr(scope, field)) or "true"
    if measure.verdicts:
        return f"select {_listed('month', by, _own(measure))} from ({rows}) t where {where}"
    # Added up before the months are spread: a nation's teams come to a few hundred rows.
    keys, sums = _listed("month, monthly, turns_on", by), _listed(*(f"sum({answer}) as {answer}" for answer in ANSWERS.values()))
    return f"""
        select {_listed("m.month::date as month", by, _OF_LASTING)}
        from (select {keys}, {sums} from ({rows}) t where measure = '{measure.name}' and {where} group by {keys}) l
        cross join lateral {_months("l.month", "case when l.monthly then null else (l.month + interval '1 month')::date end")}"""


_SUMS = ", ".join(f"coalesce(sum(m.{answer}), 0)::int as {answer}" for answer in ANSWERS.values())


def _having(verdict: Verdict | None) -> str:
    return f"having sum(m.{ANSWERS[verdict]}) > 0" if verdict else ""


def _params(scope: Scope) -> dict[str, object]:
    return {**msgspec.structs.asdict(scope), "hidden": list(scope.hidden)}


def _where(scope: Scope) -> str:
    clauses = ["m.month >= %(since)s", "m.month < %(until)s"]
    clauses += [f"m.{level} = %({level})s" for level in LEVELS if getattr(scope, level)]
    if scope.without:
        clauses.append(f"m.{scope.without} = ''")
    if scope.hidden:
        clauses.append("m.stream_id <> all(%(hidden)s)")
    return " and ".join(clauses)


def _from(measure: Measure, scope: Scope, by: str = "") -> str:
    """What a figure is summed from: totals, unless it is asked of one practitioner's cases or of nobody's."""
    if scope.practitioner or scope.without or by == "practitioner":
        return f"from ({counts(measure)}) m where {_where(scope)}"
    return f"from ({totals(measure, scope, by)}) m where m.month >= %(since)s and m.month < %(until)s"


def figure(conn: Connection[Any], measure: Measure, scope: Scope) -> Figure:
    with conn.cursor(row_factory=class_row(Figure)) as cursor:
        found = cursor.execute(f"select {_SUMS} {_from(measure, scope)}".encode(), _params(scope)).fetchone()
    assert found is not None
    return found


def _rows(conn: Connection[Any], measure: Measure, scope: Scope, by: str, key: str, label: str = "f.key", joins: str = "") -> Sequence[Row]:
    """The parts of a figure by name, or by key where there is none."""
    answers = ", ".join(f"f.{answer}" for answer in ANSWERS.values())
    query = f"""
        select f.key, {label} as label, {answers}
        from (select {key} as key, {_SUMS} {_from(measure, scope, by)} group by 1) f {joins} order by 2, 1"""
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.encode(), _params(scope)).fetchall()


def by_practitioner(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row an officer who held cases at the time, by name; never ranked."""
    label = "case when f.key = '' then 'Nobody held the case' else coalesce(p.name, f.key) end"
    return _rows(conn, measure, scope, "practitioner", "m.practitioner", label, "left join practitioner p on p.code = f.key")


def by_team(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row a team, by name; never ranked."""
    label = "case when f.key = '' then 'With no team' else coalesce(t.name, f.key) end"
    return _rows(conn, measure, scope, "team", "m.team", label, "left join team t on t.code = f.key")


def by_provider(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row a provider, by name; never ranked."""
    label = "case when f.key = '' then 'With no provider' else coalesce(p.name, f.key) end"
    return _rows(conn, measure, scope, "provider", "m.provider", label, "left join provider p on p.code = f.key")


def by_part(conn: Connection[Any], measure: Measure, scope: Scope, level: str) -> Sequence[Row]:
    """One row for each provider, team or practitioner."""
    return {"provider": by_provider, "team": by_team, "practitioner": by_practitioner}[level](conn, measure, scope)


def by_month(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    return _rows(conn, measure, scope, "", "m.month::text")


class CaseFigure(CaseNow, frozen=True):
    """What one case adds to a figure."""

    stream_id: UUID
    yes: int
    no: int
    not_evidenced: int
    left_out: int


def by_case(
    conn: Connection[Any],
    measure: Measure,
    scope: Scope,
    *,
    verdict: Verdict | None = None,
    limit: int = 25,
    offset: int = 0,
    among: Sequence[UUID] | None = None,
) -> Sequence[CaseFigure]:
    """One row a case that adds to the figure, by name; with `verdict`, only cases that have such a finding; `among` some cases only."""
    having = _having(verdict)
    some = "" if among is None else "and m.stream_id = any(%(among)s)"
    held = case_now.COLUMNS
    query = (
        f"select m.stream_id, {held}, {_SUMS} from ({counts(measure)}) m join caseload c using (stream_id) where {_where(scope)} {some}"
        f" group by m.stream_id, {held}, c.sort_name {having} order by c.sort_name, c.crn limit %(limit)s offset %(offset)s"
    )
    with conn.cursor(row_factory=class_row(CaseFigure)) as cursor:
        return cursor.execute(query.encode(), {**_params(scope), "limit": limit, "offset": offset, "among": list(among or ())}).fetchall()


def count_cases(conn: Connection[Any], measure: Measure, scope: Scope, verdict: Verdict | None = None) -> int:
    having = _having(verdict)
    query = f"select count(*) from (select 1 from ({counts(measure)}) m where {_where(scope)} group by m.stream_id {having}) adding"
    row = conn.execute(query.encode(), _params(scope)).fetchone()
    return int(row[0]) if row else 0


def streams(conn: Connection[Any], measure: Measure, scope: Scope, verdict: Verdict | None = None) -> list[UUID]:
    """Every case that adds to the figure, in the order of their references: to be gone through a few at a time."""
    query = (
        f"select m.stream_id from ({counts(measure)}) m join caseload c using (stream_id) where {_where(scope)}"
        f" group by m.stream_id, c.crn {_having(verdict)} order by c.crn"
    )
    return [stream for (stream,) in conn.execute(query.encode(), _params(scope))]


def in_scope(finding: Finding, scope: Scope) -> bool:
    """Whether a case's finding belongs to a figure: the same rule as the query's, for the list behind the figure."""
    holder = finding.holder
    held = (holder.provider, holder.team, holder.practitioner) if holder else ("", "", "")
    asked = (scope.provider, scope.team, scope.practitioner)
    if scope.without and held[LEVELS.index(scope.without)]:
        return False
    return scope.since <= finding.month < scope.until and all(not a or a == h for a, h in zip(asked, held, strict=True))


def tally(findings: Iterable[Finding]) -> Figure:
    """The figure that these findings add up to."""
    counts = Counter(finding.verdict for finding in findings)
    return Figure(counts[Verdict.YES], counts[Verdict.NO], counts[Verdict.NOT_EVIDENCED], counts[Verdict.LEFT_OUT])
