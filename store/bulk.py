"""A whole made-up history written at once by COPY, ledger included: the owner's door into an empty synthetic record.

Indexes are dropped before and made again after it in the same transaction, so that a record is either as it was or whole. Whoever
reads the log meanwhile waits.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql

from store.codec import Codec
from store.ledger import NO_PRIOR, case_hash, leaf_data, leaf_hash
from store.sealing import Keyring

_EVENT = {
    "originator_id": "uuid",
    "originator_version": "int8",
    "topic": "text",
    "state": "bytea",
    "notification_id": "int8",
    "recorded_at": "timestamptz",
    "sealed": "bytea",
}
_LEAF = {"leaf_index": "int8", "originator_id": "uuid", "originator_version": "int8", "leaf_hash": "bytea", "case_hash": "bytea"}
_SORTING = "512MB"
"""Memory in which the server sorts one index."""


class Log:
    """The log and its ledger being filled, each over a connection of its own so that the server works beside us."""

    def __init__(self, events: psycopg.Copy, leaves: psycopg.Copy, codec: Codec) -> None:
        self._event, self._leaf, self._seal = events.write_row, leaves.write_row, codec.seal
        self.position = 0

    def add(
        self,
        stream: UUID,
        version: int,
        topic: str,
        state: bytes,
        texts: dict[str, str],
        person_id: UUID | None,
        recorded_at: datetime,
        prior: bytes = NO_PRIOR,
    ) -> bytes:
        """One event with its leaf; returns the hash that the next one of its stream chains on to. Times must not run backwards."""
        sealed = self._seal(stream, version, topic, person_id, texts)
        self.position = position = self.position + 1
        leaf = leaf_hash(leaf_data(stream, version, topic, state, sealed, recorded_at, position, None, prior))
        chain = case_hash(stream, version, prior, leaf)
        self._event((stream, version, topic, state, position, recorded_at, sealed))
        self._leaf((position - 1, stream, version, leaf, chain))
        return chain


@contextmanager
def filling(dsn: str, keyring: Keyring) -> Iterator[Log]:
    """Fill an empty synthetic record as its owner: all of it is there afterwards, or nothing. Raises ValueError on any other record."""
    with psycopg.connect(dsn) as one, psycopg.connect(dsn) as other:
        one.execute("select pg_advisory_xact_lock(7402653117)")  # as record.append() takes it: nobody else writes meanwhile
        row = one.execute("select record.kind(), exists (select from record.event)").fetchone()
        if row != ("synthetic", False):
            raise ValueError("Only an empty record that is marked as synthetic can be filled at once.")
        with _without_indexes(one, "event"), _without_indexes(other, "leaf"), ExitStack() as copies:
            events = copies.enter_context(_copy(one, "event", _EVENT))
            leaves = copies.enter_context(_copy(other, "leaf", _LEAF))
            yield Log(events, leaves, Codec(keyring))
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("vacuum analyze record.event, record.leaf, keys.person_key")


@contextmanager
def _copy(conn: Connection[Any], table: str, columns: dict[str, str]) -> Iterator[psycopg.Copy]:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy record.{} ({}) from stdin (format binary)").format(sql.Identifier(table), names)
    with conn.cursor().copy(statement) as copy:
        copy.set_types(list(columns.values()))
        yield copy


@contextmanager
def _without_indexes(conn: Connection[Any], table: str) -> Iterator[None]:
    """Make a table's indexes again when it is full, which is far quicker than keeping them; as the catalogue describes them."""
    conn.execute(f"set local maintenance_work_mem = '{_SORTING}'".encode())
    name = sql.Identifier("record", table)
    constraints = conn.execute(
        "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype in ('p', 'u')",
        (f"record.{table}",),
    ).fetchall()
    indexes = conn.execute(
        "select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = %s::regclass"
        " and not exists (select from pg_constraint c where c.conindid = i.indexrelid)",
        (f"record.{table}",),
    ).fetchall()
    for constraint, _ in constraints:
        conn.execute(sql.SQL("alter table {} drop constraint {}").format(name, sql.Identifier(constraint)))
    for index, _ in indexes:
        conn.execute(f"drop index {index}".encode())
    yield
    for constraint, definition in constraints:
        added = sql.SQL("alter table {} add constraint {} ").format(name, sql.Identifier(constraint))
        conn.execute(added + sql.SQL(definition))
    for _, definition in indexes:
        conn.execute(definition.encode())
