"""The engine that keeps read models: the same pure functions run live, as rebuild, and as known on a day."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, sql

from domain.catalogue import FIRST_EVENTS
from domain.event import Recorded
from domain.policy import Policy
from projections.story import Story
from store.codec import decode_stream, open_texts
from store.record import Record
from store.sealing import Keyring, SealBroken

Row = tuple[object, ...]
LIVE = "live"
SWAP_LOCK = 7402653119
"""Held shared while rows are replaced, and exclusively for the moment in which a rebuilt schema takes the place of the live one."""


class ReadModel(msgspec.Struct, frozen=True):
    """A table and the pure function that gives a stream's rows of it (without the stream's id, which comes first)."""

    table: str
    kind: type[Any]
    columns: dict[str, str]
    rows: Callable[[Story, Policy], Iterable[Row]]
    indexes: tuple[str, ...] = ()


class Folded(msgspec.Struct, frozen=True):
    """What one stream's history comes to in every read model of its kind, or why it cannot be read."""

    stream_id: UUID
    version: int
    rows: dict[str, list[Row]]
    error: str = ""


Models = Sequence[ReadModel]


def digest(models: Models, policy: Policy) -> str:
    """Changes when a read model's shape, its code's version or the policy does, so that rows older than the code are noticed."""
    shapes = [[m.table, list(m.columns.items()), m.indexes] for m in models]
    said = msgspec.json.encode([shapes, msgspec.structs.replace(policy, sources={}), CODE_VERSION], order="deterministic")
    return hashlib.sha256(said).hexdigest()


CODE_VERSION = 5
"""Raised by hand whenever the meaning of a row changes without its shape."""


def create_schema(conn: Connection[Any], schema: str, models: Models, policy: Policy) -> None:
    """Empty tables in a schema of their own; indexes come after the rows, by `create_indexes`."""
    conn.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    conn.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(schema)))
    conn.execute("create table folded (stream_id uuid primary key, version bigint not null, error text not null default '')")
    conn.execute("create table definition (digest text not null)")
    conn.execute("insert into definition values (%s)", (digest(models, policy),))
    for model in models:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in model.columns.items())
        conn.execute(f'create table "{model.table}" ({columns})'.encode())


def create_indexes(conn: Connection[Any], model: ReadModel) -> None:
    conn.execute(f'create index on "{model.table}" (stream_id)'.encode())
    for index in model.indexes:
        conn.execute(f'create index on "{model.table}" {index}'.encode())
    conn.execute(f'analyze "{model.table}"'.encode())


def fold(models: Models, policy: Policy, stream_id: UUID, history: Sequence[Recorded]) -> Folded:
    """All rows of one stream. What a poisoned event breaks is one stream's rows, and it says so."""
    version = history[-1].originator_version
    kind = FIRST_EVENTS.get(type(history[0].event))
    story = Story(history)
    try:
        rows = {m.table: [(stream_id, *row) for row in m.rows(story, policy)] for m in models if m.kind is kind}
    except Exception as e:  # one history that no rule foresaw must not stop the others; it is parked and named
        return Folded(stream_id, version, {}, f"{type(e).__name__}: {e}")
    return Folded(stream_id, version, rows)


def with_texts(keyring: Keyring, first: Recorded, sealed: bytes | None) -> Recorded:
    """A stream's first event with its personal text: the one text that read models show (the person's name) stands there."""
    person = getattr(first.event, "person_id", None)
    if sealed is None or person is None:
        return first
    return open_texts(keyring, first, sealed, person)


_ONE = (
    "select originator_version, state, sealed, recorded_at, notification_id from record.event"
    " where originator_id = %s order by originator_version"
)


def fold_stored(keyring: Keyring, models: Models, policy: Policy, stream_id: UUID, stored: Sequence[Any]) -> Folded:
    """Read and fold stored rows (version, state, sealed, recorded_at, position).

    An event that cannot be read is an error of its stream alone.
    """
    try:
        events = decode_stream(b"[" + b",".join(row[1] for row in stored) + b"]")
        history = [Recorded(stream_id, row[0], event, row[3], row[4]) for row, event in zip(stored, events, strict=True)]
        history[0] = with_texts(keyring, history[0], stored[0][2])
    except (msgspec.DecodeError, SealBroken) as e:
        return Folded(stream_id, stored[-1][0], {}, f"{type(e).__name__}: {e}")
    return fold(models, policy, stream_id, history)


def read_one(conn: Connection[Any], keyring: Keyring, models: Models, policy: Policy, stream_id: UUID) -> Folded | None:
    """One stream as it is now, folded; None if there is no such stream."""
    stored = conn.execute(_ONE, (stream_id,), binary=True).fetchall()
    return fold_stored(keyring, models, policy, stream_id, stored) if stored else None


def refold(conn: Connection[Any], keyring: Keyring, models: Models, policy: Policy, stream_id: UUID) -> bool:
    """Replace one stream's rows in the schema that the search path names."""
    folded = read_one(conn, keyring, models, policy, stream_id)
    return folded is not None and replace_rows(conn, models, folded)


def replace_rows(conn: Connection[Any], models: Models, folded: Folded) -> bool:
    """Put a stream's rows in the place of its older ones. Never backwards: False when newer rows stand there already."""
    newer = conn.execute(
        "insert into folded (stream_id, version, error) values (%s, %s, %s) on conflict (stream_id)"
        " do update set version = excluded.version, error = excluded.error where folded.version < excluded.version returning 1",
        (folded.stream_id, folded.version, folded.error),
    ).fetchone()
    if newer is None:
        return False
    if folded.error:
        return True
    with conn.pipeline():
        for model in models:
            rows = folded.rows.get(model.table)
            if rows is None:
                continue
            # Statements whose text never changes, however many rows there are, are planned once and not after every command.
            conn.execute(f'delete from "{model.table}" where stream_id = %s'.encode(), (folded.stream_id,))
            if rows:
                named = msgspec.json.encode([dict(zip(model.columns, row, strict=True)) for row in rows]).decode()
                into = f'insert into "{model.table}" select * from jsonb_populate_recordset(null::"{model.table}", %s)'
                conn.execute(into.encode(), (named,))
    return True


def in_schema(conn: Connection[Any], schema: str) -> None:
    conn.execute("select set_config('search_path', %s, true)", (f'"{schema}"',))


def fold_live(record: Record, models: Models, policy: Policy, streams: Iterable[UUID]) -> None:
    """After a command: the touched streams' rows, so that the next page is true."""
    with record.pool.connection() as conn:
        for stream_id in dict.fromkeys(streams):
            with conn.transaction():
                conn.execute("select pg_advisory_xact_lock_shared(%s), set_config('search_path', %s, true)", (SWAP_LOCK, LIVE))
                refold(conn, record.keyring, models, policy, stream_id)


_MANY = (
    "select originator_id, array_agg(originator_version order by originator_version),"
    " string_agg(state, ','::bytea order by originator_version),"
    " array_agg(recorded_at order by originator_version), array_agg(notification_id order by originator_version),"
    " (array_agg(sealed order by originator_version))[1]"
    " from record.event where originator_id between %s and %s and notification_id <= %s group by originator_id"
)


def read_all(
    conn: Connection[Any], low: UUID, high: UUID, up_to: int
) -> Iterator[tuple[UUID, list[int], bytes, list[Any], list[int], bytes | None]]:
    """Every stream in a range of ids as known at a position, one row each: the server puts a stream's events together."""
    with conn.transaction(), conn.cursor("streams", binary=True) as rows:
        rows.itersize = 500
        rows.execute(_MANY, (low, high, up_to))
        yield from rows


def copy_rows(conn: Connection[Any], models: Models, folded: Sequence[Folded]) -> None:
    """Write a batch of folded streams into fresh tables."""
    _copy(
        conn,
        "folded",
        {"stream_id": "uuid", "version": "int8", "error": "text"},
        [(f.stream_id, f.version, f.error) for f in folded],
    )
    for model in models:
        rows = [row for f in folded for row in f.rows.get(model.table, ())]
        if rows:
            _copy(conn, model.table, model.columns, rows)


def _copy(conn: Connection[Any], table: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
    with conn.cursor() as cursor, cursor.copy(f'copy "{table}" from stdin (format binary)'.encode()) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
