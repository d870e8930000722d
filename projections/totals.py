"""What the cases of each team come to together, kept beside each case's rows, so that a provider's figure need not read every case.

Totals only ever grow: when a case's rows are replaced, the difference is added as rows of its own, so that two people who write at once
never wait for each other. A total is the sum of its rows; now and then they are put together.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection


class Total(msgspec.Struct, frozen=True):
    """A table of totals over a table of cases' rows. `keys` and `counts` are its columns; `select` gives them, grouped, from `{rows}`:
    rows of the case table with a `sign` beside them, 1 for those that come and -1 for those that go."""

    table: str
    keys: dict[str, str]
    counts: tuple[str, ...]
    select: str
    indexes: tuple[str, ...] = ()

    def of(self, rows: str) -> str:
        """What these rows come to, without what comes to nothing."""
        some = " or ".join(f"t.{count} <> 0" for count in self.counts)
        return f"select * from ({self.select.format(rows=rows)}) t where {some}"


def told(total: Total, table: str, hidden: Sequence[UUID]) -> str:
    """A query for the rows of totals; what the cases `%(hidden)s` add, which do not exist for whoever asks, is taken off again."""
    rows = f"select * from {total.table}"
    if not hidden:
        return rows
    return f"{rows} union all {total.of(f'(select *, -1 as sign from {table} where stream_id = any(%(hidden)s))')}"


def fill(conn: Connection[Any], total: Total, table: str) -> None:
    """The totals of a whole table of rows, made afresh in the schema that the search path names."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in (total.keys | dict.fromkeys(total.counts, "int8")).items())
    conn.execute(f'create table "{total.table}" ({columns})'.encode())
    every = f'(select *, 1 as sign from "{table}")'
    # A provider's totals lie side by side, so that its pages read a few hundred blocks and not all.
    conn.execute(f'insert into "{total.table}" {total.of(every)} order by provider, team'.encode())
    for index in total.indexes:
        conn.execute(f'create index on "{total.table}" {index}'.encode())
    conn.execute(f'analyze "{total.table}"'.encode())


def replacing(total: Total, table: str) -> bytes:
    """The statement that replaces one case's rows (its id, the new rows as JSON) and adds the difference to the totals."""
    both = "(select *, -1 as sign from gone union all select *, 1 from come)"
    return f"""
        with gone as (delete from "{table}" where stream_id = %s returning *),
            come as (insert into "{table}" select * from jsonb_populate_recordset(null::"{table}", %s) returning *)
        insert into "{total.table}" {total.of(both)}""".encode()


def put_together(conn: Connection[Any], total: Total) -> int:
    """Make one row of those that differ in nothing but their counts; returns how many there were."""
    keys, counts = ", ".join(total.keys), ", ".join(f"sum({count})" for count in total.counts)
    some = " or ".join(f"sum({count}) <> 0" for count in total.counts)
    query = f"""
        with gone as (
            delete from "{total.table}" where ctid in (
                select unnest(array_agg(ctid)) from "{total.table}" group by {keys} having count(*) > 1
            ) returning *
        ), come as (insert into "{total.table}" select {keys}, {counts} from gone group by {keys} having {some})
        select count(*) from gone"""
    row = conn.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def differ(conn: Connection[Any], total: Total, table: str) -> bool:
    """Whether the totals are others than the cases' rows come to."""
    every = f'(select *, 1 as sign from "{table}")'
    keys, counts = ", ".join(total.keys), ", ".join(f"sum({count})::int8 as {count}" for count in total.counts)
    some = " or ".join(f"sum({count}) <> 0" for count in total.counts)
    kept = f'select {keys}, {counts} from "{total.table}" group by {keys} having {some}'
    fresh = f"select {keys}, {counts} from ({total.of(every)}) f group by {keys}"
    row = conn.execute(f"select exists (({kept} except {fresh}) union all ({fresh} except {kept}))".encode()).fetchone()
    return bool(row and row[0])
