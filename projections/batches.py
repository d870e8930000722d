"""Many streams at once, for a build: read by ranges of their ids, and written into tables that nobody looks at yet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, DataError
from psycopg.types.json import Jsonb

from projections.engine import FOLDED, Folded, Models, Row, digests, parked

_MANY = (
    "select originator_id, array_agg(originator_version order by originator_version),"
    " string_agg(state, ','::bytea order by originator_version),"
    " array_agg(recorded_at order by originator_version), array_agg(notification_id order by originator_version),"
    " (array_agg(sealed order by originator_version))[1]"
    " from record.event where originator_id between %s and %s and notification_id <= %s group by originator_id"
)


# `+ 0` keeps the index by position out of it: a stream's own few entries are found by the stream, at whatever position.
_TODO = (
    "select t.stream_id, e.versions, e.states, e.recorded, e.positions, e.sealed from todo t, lateral ("
    "select array_agg(originator_version order by originator_version) as versions,"
    " string_agg(state, ','::bytea order by originator_version) as states,"
    " array_agg(recorded_at order by originator_version) as recorded, array_agg(notification_id order by originator_version) as positions,"
    " (array_agg(sealed order by originator_version))[1] as sealed"
    " from record.event where originator_id = t.stream_id and notification_id + 0 <= %(up_to)s) e"
    " where t.stream_id between %(low)s and %(high)s and e.versions is not null"
)


def read_all(
    conn: Connection[Any], low: UUID, high: UUID, up_to: int, *, narrowed: bool = False
) -> Iterator[tuple[UUID, list[int], bytes, list[Any], list[int], bytes | None]]:
    """Every stream in a range of ids as known at a position, one row each: the server puts a stream's events together. When it is
    narrowed, only those of the table `todo`. Needs a transaction."""
    with conn.cursor("streams", binary=True) as rows:
        rows.itersize = 500
        if narrowed:
            rows.execute(_TODO, {"low": low, "high": high, "up_to": up_to})
        else:
            rows.execute(_MANY, (low, high, up_to))
        yield from rows


def copy_rows(conn: Connection[Any], models: Models, folded: Sequence[Folded], rules: str) -> None:
    """Write a batch of folded streams into fresh tables; a stream whose rows the database will not take is parked."""
    try:
        with conn.transaction():
            _copy_all(conn, models, folded, rules)
    except DataError as e:
        if len(folded) == 1:
            _copy_all(conn, models, [parked(folded[0].stream_id, folded[0].version, e)], rules)
            return
        for half in (folded[: len(folded) // 2], folded[len(folded) // 2 :]):
            copy_rows(conn, models, half, rules)


def _copy_all(conn: Connection[Any], models: Models, folded: Sequence[Folded], rules: str) -> None:
    _copy(conn, "folded", FOLDED, [(f.stream_id, f.version, f.error, rules, Jsonb(digests(f))) for f in folded])
    for model in models:
        rows = [row for f in folded for row in f.rows.get(model.table, ())]
        if rows:
            _copy(conn, model.table, model.columns, rows)


def _copy(conn: Connection[Any], table: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
    with conn.cursor() as cursor, cursor.copy(f'copy "{table}" from stdin (format binary)'.encode()) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
