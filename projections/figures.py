"""Figures: what a measure comes to for whoever asks, from the rows of each case, down to the cases behind it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, dict_row

from domain.words import said
from projections import totals
from projections.counted import ANSWERS, CONTACT_TABLE, CONTACT_TOTAL, LASTING_TABLE, LASTING_TOTAL
from projections.finding import Finding, Verdict
from projections.hidden import PLAN_ANEW, given, not_given
from projections.measure import Measure
from projections.measures import MEASURES
from projections.totals import Total


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


def added(some: Collection[Figure]) -> Figure:
    """Several figures as one."""
    return Figure(sum(f.yes for f in some), sum(f.no for f in some), sum(f.not_evidenced for f in some), sum(f.left_out for f in some))


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
    hidden: Sequence[UUID] = ()


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


def _rows_of_contacts(columns: str) -> str:
    return f"select stream_id, month, practitioner, team, provider, {columns} from {CONTACT_TABLE}"


def _rows_of_lasting(which: str) -> str:
    return f"""
        select l.stream_id, l.measure, m.month::date as month, l.practitioner, l.team, l.provider, {_OF_LASTING}
        from {LASTING_TABLE} l cross join lateral {_months("l.since", "l.until")} where {which}"""


def counts(measure: Measure) -> str:
    """A query for what a measure counts in each case and month: one row a case, month and holder, or several to be added up."""
    return _rows_of_contacts(_own(measure)) if measure.verdicts else _rows_of_lasting(_named(measure))


def _listed(*columns: str) -> str:
    return ", ".join(column for column in columns if column)


def _own(measure: Measure) -> str:
    return ", ".join(f"{measure.column}_{answer} as {answer}" for answer in ANSWERS.values())


def _named(measure: Measure) -> str:
    return f"measure = '{measure.name}'"


def _total(total: Total, table: str, scope: Scope) -> str:
    """Rows of a table of totals, as far as they are asked for."""
    held = " and ".join(f"{field} = %({field})s" for field in ("provider", "team") if getattr(scope, field))
    return f"({totals.told(total, table, scope.hidden)}) t where {held or 'true'}"


def _total_of_contacts(scope: Scope, columns: str, by: str) -> str:
    return f"select {_listed('month', by, columns)} from {_total(CONTACT_TOTAL, CONTACT_TABLE, scope)}"


def _total_of_lasting(scope: Scope, which: str, by: str) -> str:
    # Added up before the months are spread: a nation's teams come to a few hundred rows. By dates first, which are put in order in half
    # the time that names take.
    keys, sums = _listed("month, monthly, turns_on, measure", by), _listed(*(f"sum({answer}) as {answer}" for answer in ANSWERS.values()))
    return f"""
        select {_listed("l.measure, m.month::date as month", by, _OF_LASTING)}
        from (select {keys}, {sums} from {_total(LASTING_TOTAL, LASTING_TABLE, scope)} and {which} group by {keys}) l
        cross join lateral {_months("l.month", "case when l.monthly then null else (l.month + interval '1 month')::date end")}"""


SUMS = ", ".join(f"coalesce(sum(m.{answer}), 0)::int as {answer}" for answer in ANSWERS.values())


def params(scope: Scope) -> dict[str, object]:
    return {**msgspec.structs.asdict(scope), "hidden": given(scope.hidden)}


_WITHIN = "m.month >= %(since)s and m.month < %(until)s"


def where(scope: Scope) -> str:
    """Which rows `m` of cases a figure counts."""
    clauses = [_WITHIN]
    clauses += [f"m.{level} = %({level})s" for level in LEVELS if getattr(scope, level)]
    if scope.without:
        clauses.append(f"m.{scope.without} = ''")
    if scope.hidden:
        clauses.append(not_given("m.stream_id"))
    return " and ".join(clauses)


def _reads_rows(scope: Scope, by: str) -> bool:
    """Whether totals do not tell: a figure is asked of one practitioner's cases or of nobody's."""
    return bool(scope.practitioner or scope.without) or by == "practitioner"


def _of_contacts(scope: Scope, columns: str, by: str = "") -> str:
    """What figures of contacts are summed from, these columns of it."""
    if _reads_rows(scope, by):
        return f"from ({_rows_of_contacts(columns)}) m where {where(scope)}"
    return f"from ({_total_of_contacts(scope, columns, by)}) m where {_WITHIN}"


def _of_lasting(scope: Scope, which: str = "true", by: str = "") -> str:
    """What figures of findings that last are summed from."""
    if _reads_rows(scope, by):
        return f"from ({_rows_of_lasting(which)}) m where {where(scope)}"
    return f"from ({_total_of_lasting(scope, which, by)}) m where {_WITHIN}"


def _from(measure: Measure, scope: Scope, by: str = "") -> str:
    return _of_contacts(scope, _own(measure), by) if measure.verdicts else _of_lasting(scope, _named(measure), by)


def figure(conn: Connection[Any], measure: Measure, scope: Scope) -> Figure:
    with conn.cursor(row_factory=class_row(Figure)) as cursor:
        found = cursor.execute(f"select {SUMS} {_from(measure, scope)}".encode(), params(scope), prepare=PLAN_ANEW).fetchone()
    assert found is not None
    return found


def every(conn: Connection[Any], scope: Scope) -> dict[str, Figure]:
    """The figure of each measure, by its name: one question about contacts and one about what lasts, whatever the number of measures."""
    of_lasting = conn.execute(f"select m.measure, {SUMS} {_of_lasting(scope)} group by 1".encode(), params(scope), prepare=PLAN_ANEW)
    found = {name: Figure(*answers) for name, *answers in of_lasting} | every_of_contacts(conn, scope)
    return {name: found.get(name, Figure(0, 0, 0, 0)) for name in MEASURES}


def every_of_contacts(conn: Connection[Any], scope: Scope) -> dict[str, Figure]:
    """The figure of each measure of contacts, by its name."""
    columns = CONTACT_TOTAL.counts
    sums = ", ".join(f"coalesce(sum(m.{column}), 0)::int as {column}" for column in columns)
    with conn.cursor(row_factory=dict_row) as cursor:
        query = f"select {sums} {_of_contacts(scope, _listed(*columns))}"
        found = cursor.execute(query.encode(), params(scope), prepare=PLAN_ANEW).fetchone()
    assert found is not None
    return {m.name: Figure(*(found[f"{m.column}_{answer}"] for answer in ANSWERS.values())) for m in MEASURES.values() if m.verdicts}


def _rows(conn: Connection[Any], measure: Measure, scope: Scope, by: str, key: str, label: str = "f.key", joins: str = "") -> Sequence[Row]:
    """The parts of a figure by name, or by key where there is none."""
    answers = ", ".join(f"f.{answer}" for answer in ANSWERS.values())
    query = f"""
        select f.key, {label} as label, {answers}
        from (select {key} as key, {SUMS} {_from(measure, scope, by)} group by 1) f {joins} order by 2, 1"""
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query.encode(), params(scope), prepare=PLAN_ANEW).fetchall()


NOBODY, NO_TEAM, NO_PROVIDER = said("Nobody held the case"), said("With no team"), said("With no provider")


def by_practitioner(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row an officer who held cases at the time, by name; never ranked."""
    label = f"case when f.key = '' then '{NOBODY}' else coalesce(p.name, f.key) end"
    return _rows(conn, measure, scope, "practitioner", "m.practitioner", label, "left join practitioner p on p.code = f.key")


def by_team(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row a team, by name; never ranked."""
    label = f"case when f.key = '' then '{NO_TEAM}' else coalesce(t.name, f.key) end"
    return _rows(conn, measure, scope, "team", "m.team", label, "left join team t on t.code = f.key")


def by_provider(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    """One row a provider, by name; never ranked."""
    label = f"case when f.key = '' then '{NO_PROVIDER}' else coalesce(p.name, f.key) end"
    return _rows(conn, measure, scope, "provider", "m.provider", label, "left join provider p on p.code = f.key")


def by_part(conn: Connection[Any], measure: Measure, scope: Scope, level: str) -> Sequence[Row]:
    """One row for each provider, team or practitioner."""
    return {"provider": by_provider, "team": by_team, "practitioner": by_practitioner}[level](conn, measure, scope)


def by_month(conn: Connection[Any], measure: Measure, scope: Scope) -> Sequence[Row]:
    return _rows(conn, measure, scope, "", "m.month::text")


def by_officer_and_month(conn: Connection[Any], some: Sequence[Measure], scope: Scope) -> dict[tuple[str, str, date], Figure]:
    """Of a few measures what each officer's months come to, by officer, measure and the first day of the month."""
    found: dict[tuple[str, str, date], Figure] = {}
    of_contacts, of_lasting = [m for m in some if m.verdicts], [m for m in some if not m.verdicts]
    columns = [f"{m.column}_{answer}" for m in of_contacts for answer in ANSWERS.values()]
    if columns:
        sums = ", ".join(f"coalesce(sum(m.{column}), 0)::int" for column in columns)
        source = _of_contacts(scope, _listed(*columns), "practitioner")
        query = f"select practitioner, month, {sums} {source} group by 1, 2"
        for officer, month, *answers in conn.execute(query.encode(), params(scope), prepare=PLAN_ANEW):
            for measure, own in zip(of_contacts, _each(answers), strict=True):
                found[officer, measure.name, month] = Figure(*own)
    if of_lasting:
        source = _of_lasting(scope, "measure = any(%(measures)s)", "practitioner")
        asked = {**params(scope), "measures": [m.name for m in of_lasting]}
        query = f"select practitioner, measure, month, {SUMS} {source} group by 1, 2, 3"
        for officer, name, month, *own in conn.execute(query.encode(), asked, prepare=PLAN_ANEW):
            found[officer, name, month] = Figure(*own)
    return found


def _each(answers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Counts that stand side by side, a measure's own at a time."""
    return (answers[i : i + len(ANSWERS)] for i in range(0, len(answers), len(ANSWERS)))


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
