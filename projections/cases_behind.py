"""The cases behind a figure, and what each of them adds to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

from projections import case_now
from projections.case_now import CaseNow
from projections.counted import ANSWERS
from projections.figures import SUMS, Scope, counts, params, where
from projections.finding import Verdict
from projections.measure import Measure


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
        f"select m.stream_id, {held}, {SUMS} from ({counts(measure)}) m join caseload c using (stream_id) where {where(scope)} {some}"
        f" group by m.stream_id, {held}, c.sort_name {having} order by c.sort_name, c.crn limit %(limit)s offset %(offset)s"
    )
    with conn.cursor(row_factory=class_row(CaseFigure)) as cursor:
        return cursor.execute(query.encode(), {**params(scope), "limit": limit, "offset": offset, "among": list(among or ())}).fetchall()


def count(conn: Connection[Any], measure: Measure, scope: Scope, verdict: Verdict | None = None) -> int:
    having = _having(verdict)
    query = f"select count(*) from (select 1 from ({counts(measure)}) m where {where(scope)} group by m.stream_id {having}) adding"
    row = conn.execute(query.encode(), params(scope)).fetchone()
    return int(row[0]) if row else 0


def streams(conn: Connection[Any], measure: Measure, scope: Scope, verdict: Verdict | None = None) -> list[UUID]:
    """Every case that adds to the figure, in the order of their references: to be gone through a few at a time."""
    query = (
        f"select m.stream_id from ({counts(measure)}) m join caseload c using (stream_id) where {where(scope)}"
        f" group by m.stream_id, c.crn {_having(verdict)} order by c.crn"
    )
    return [stream for (stream,) in conn.execute(query.encode(), params(scope))]


def _having(verdict: Verdict | None) -> str:
    return f"having sum(m.{ANSWERS[verdict]}) > 0" if verdict else ""
