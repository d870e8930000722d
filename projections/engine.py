"""The engine that keeps read models: the same pure functions run live, as rebuild, and as known on a day."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, DataError, sql
from psycopg.types.json import Jsonb

from domain.catalogue import FIRST_EVENTS
from domain.event import Recorded, person_of
from domain.policy import Policy
from projections import totals
from projections.story import Story
from projections.totals import Total
from store.codec import decode_stream, open_texts
from store.record import Record
from store.sealing import Keyring, SealBroken

Row = tuple[object, ...]
LIVE = ""
"""The rows of the present, wherever a schema can be named: those that every connection looks at unless it is told otherwise."""
SWAP_LOCK = 7402653119
"""Held shared while rows are replaced, and exclusively for the moment in which a rebuilt schema takes the place of the live one."""


class ReadModel(msgspec.Struct, frozen=True):
    """A table and the pure function that gives a stream's rows of it (without the stream's id, which comes first)."""

    table: str
    kind: type[Any]
    columns: dict[str, str]
    rows: Callable[[Story, Policy], Iterable[Row]]
    indexes: tuple[str, ...] = ()
    present_only: bool = False
    """Whether no day of the past has this table, because what it says holds for every day that is looked at."""
    total: Total | None = None


class Folded(msgspec.Struct, frozen=True):
    """What one stream's history comes to in every read model of its kind, or why it cannot be read."""

    stream_id: UUID
    version: int
    rows: dict[str, list[Row]]
    error: str = ""


Models = Sequence[ReadModel]


CODE_VERSION = 11
"""Raised by hand whenever the meaning of a row changes without its shape."""
FOLDED = {"stream_id": "uuid", "version": "int8", "error": "text", "rules": "text", "stands": "jsonb"}
"""How far each stream is folded, what is wrong with it, the digest of the code and the policy by which it was folded, and digests of its
rows in each table as they stand there, so that a command writes those anew that it changes; empty of a stream that could not be read."""


def digest(models: Models, policy: Policy) -> str:
    """Changes when a read model's shape, its code's version or the policy does, so that rows older than the code are noticed."""
    return _digest(_shape(models), tuple(m.indexes for m in models), _content(policy), CODE_VERSION)


def live(models: Models) -> str:
    """The schema that holds the rows of the present. Its name changes with the shape of the tables, so that two releases whose
    tables differ never read or write one another's rows."""
    return f"live_{_digest(_shape(models))[:8]}"


def _shape(models: Models) -> tuple[object, ...]:
    tables = tuple((m.table, *m.columns.items()) for m in models)
    return *tables, tuple(FOLDED.items()), tuple((m.total.table, *m.total.keys.items(), *m.total.counts) for m in models if m.total)


@cache
def _digest(*told: object) -> str:
    return _short(msgspec.json.encode(told))


def _short(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:16]


_contents: dict[int, tuple[Policy, str]] = {}
"""What was worked out for each policy that this process has; there are few, they never change, and being kept here none is reused."""


def _content(policy: Policy) -> str:
    """The digest of everything in a policy that rows can depend on, so that no value of it changes without being noticed."""
    if id(policy) not in _contents:
        said = msgspec.json.encode(msgspec.structs.replace(policy, sources={}), order="deterministic")
        _contents[id(policy)] = policy, hashlib.sha256(said).hexdigest()
    return _contents[id(policy)][1]


def create_schema(conn: Connection[Any], schema: str, models: Models, policy: Policy) -> None:
    """Empty tables in a schema of their own; indexes come after the rows, by `create_indexes`."""
    conn.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    in_schema(conn, schema)
    conn.execute(
        "create table folded (stream_id uuid primary key, version bigint not null, error text not null default '',"
        " rules text not null default '', stands jsonb)"
    )
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
    if model.total:
        totals.fill(conn, model.total, model.table)


def fold(models: Models, policy: Policy, stream_id: UUID, history: Sequence[Recorded]) -> Folded:
    """All rows of one stream. What a poisoned event breaks is one stream's rows, and it says so."""
    version = history[-1].originator_version
    kind = FIRST_EVENTS.get(type(history[0].event))
    story = Story(history)
    try:
        rows = {m.table: [(stream_id, *row) for row in m.rows(story, policy)] for m in models if m.kind is kind}
    except Exception as e:  # one history that no rule foresaw must not stop the others; it is parked and named
        return parked(stream_id, version, e)
    return Folded(stream_id, version, rows)


def parked(stream_id: UUID, version: int, e: Exception) -> Folded:
    """A stream without rows, because of an error that is its own."""
    return Folded(stream_id, version, {}, f"{type(e).__name__}: {(str(e).splitlines() or [''])[0]}")


def with_texts(keyring: Keyring, first: Recorded, sealed: bytes | None) -> Recorded:
    """A stream's first event with its personal text: the one text that read models show (the person's name) stands there."""
    person = person_of(first.event)
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
        return parked(stream_id, stored[-1][0], e)
    return fold(models, policy, stream_id, history)


def read_one(conn: Connection[Any], keyring: Keyring, models: Models, policy: Policy, stream_id: UUID) -> Folded | None:
    """One stream as it is now, folded; None if there is no such stream."""
    stored = conn.execute(_ONE, (stream_id,), binary=True).fetchall()
    return fold_stored(keyring, models, policy, stream_id, stored) if stored else None


def refold(conn: Connection[Any], keyring: Keyring, models: Models, policy: Policy, stream_id: UUID) -> bool:
    """Replace one stream's rows in the schema that the search path names; rows that the database will not take park the stream."""
    folded = read_one(conn, keyring, models, policy, stream_id)
    if folded is None:
        return False
    rules = digest(models, policy)
    try:
        with conn.transaction():
            return replace_rows(conn, models, folded, rules)
    except DataError as e:
        return replace_rows(conn, models, parked(stream_id, folded.version, e), rules)


_NEWER = (
    "insert into folded (stream_id, version, error, rules, stands) values (%s, %s, %s, %s, %s) on conflict (stream_id)"
    " do update set version = excluded.version, error = excluded.error, rules = excluded.rules, stands = excluded.stands"
    " where folded.version < excluded.version or (folded.version = excluded.version and folded.rules <> excluded.rules"
    " and excluded.rules = (select digest from definition)) returning 1"
)


def replace_rows(conn: Connection[Any], models: Models, folded: Folded, rules: str) -> bool:
    """Put a stream's rows in the place of its older ones, where they differ. Never backwards: False when newer rows stand there already,
    or rows of the same version by the rules that all the others were folded by."""
    row = conn.execute("select stands from folded where stream_id = %s for update", (folded.stream_id,)).fetchone()
    stood: dict[str, str] = (row and row[0]) or {}
    models = [model for model in models if model.table in folded.rows]
    stands = stood if folded.error else digests(folded)
    if conn.execute(_NEWER, (folded.stream_id, folded.version, folded.error, rules, Jsonb(stands))).fetchone() is None:
        return False
    with conn.pipeline():
        for model in models:
            if stood.get(model.table) == stands[model.table]:
                continue
            # As one text, so that the statements are the same for any number of rows and are planned once, not after every command.
            rows = _as_text(model, folded.rows[model.table])
            if model.total:
                conn.execute(totals.replacing(model.total, model.table), (folded.stream_id, rows))
                continue
            conn.execute(f'delete from "{model.table}" where stream_id = %s'.encode(), (folded.stream_id,))
            if folded.rows[model.table]:
                into = f'insert into "{model.table}" select * from jsonb_populate_recordset(null::"{model.table}", %s)'
                conn.execute(into.encode(), (rows,))
    return True


def digests(folded: Folded) -> dict[str, str]:
    """Of a stream's rows in each table, as `folded` keeps them."""
    return {table: _short(_packed.encode(rows)) for table, rows in folded.rows.items()}


_packed = msgspec.msgpack.Encoder(enc_hook=str)
"""Every table's rows are packed for each stream of a build, which takes a quarter of the time that text with names does."""


def _as_text(model: ReadModel, rows: Sequence[Row]) -> str:
    return msgspec.json.encode([dict(zip(model.columns, row, strict=True)) for row in rows], enc_hook=str).decode()


def in_schema(conn: Connection[Any], schema: str) -> None:
    conn.execute("select set_config('search_path', %s, true)", (f'"{schema}"',))


@contextmanager
def replacing(conn: Connection[Any]) -> Iterator[None]:
    """A transaction in which live rows are replaced; while one is open nothing is swapped in.

    It waits for no disk: what a crash takes of these rows is folded again, because the entries that they come from were kept before,
    and the server never keeps a later transaction without those before it.
    """
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock_shared(%s), set_config('synchronous_commit', 'off', true)", (SWAP_LOCK,))
        yield


def fold_live(record: Record, models: Models, policy: Policy, streams: Iterable[UUID]) -> None:
    """After a command: the touched streams' rows, so that the next page is true."""
    with record.pool.connection() as conn:
        for stream_id in dict.fromkeys(streams):
            with replacing(conn):
                refold(conn, record.keyring, models, policy, stream_id)
