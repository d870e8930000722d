"""The part of a bundle that proves something: checkpoints with what witnesses signed, and streams as they are stored, with their proofs.

`store/verify.py`, which goes into each bundle, says what must hold of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from store import ledger, merkle, proofs, witnesses
from store.checkpoints import Checkpoint
from store.notes import encoded

Connect = Callable[[], AbstractContextManager[Connection[Any]]]
LAST = 60
"""Checkpoints from the end that the one of a bundle is looked for in: an hour's, when one is made each minute."""
_REACHED = (
    "select distinct on (originator_id) originator_id, originator_version, case_hash from record.leaf"
    " where originator_id = any(%s) order by originator_id, originator_version desc"
)
_STREAM = (
    "select e.originator_id, e.originator_version, e.topic, e.state, e.sealed, e.recorded_at, e.notification_id, e.command_id,"
    " l.leaf_hash, l.case_hash from record.event e join record.leaf l on l.leaf_index = e.notification_id - 1"
    " where e.originator_id = %s and e.originator_version <= %s order by e.originator_version"
)
_FIRST_OF_DAYS = (
    "select distinct on ((made_at at time zone 'UTC')::date) * from record.checkpoint where size >= %s and number < %s"
    " order by (made_at at time zone 'UTC')::date, number"
)


class Signed(msgspec.Struct, frozen=True):
    """A checkpoint with every signature under it."""

    number: int
    size: int
    note: str


class Chain(msgspec.Struct, frozen=True):
    """The checkpoints of a bundle from the earliest to the newest, and what shows that each begins with the one before it."""

    signed: Sequence[Signed]
    proofs: Sequence[Sequence[str]]


def reached(conn: Connection[Any], streams: Iterable[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """The last version of each stream, and the hash that chains it to all before it; streams without entries are left out."""
    return {stream: (version, bytes(chain)) for stream, version, chain in conn.execute(_REACHED, (list(streams),)).fetchall()}


def recorded_after(conn: Connection[Any], stream: UUID, position: int, version: int) -> int:
    """How many entries of a stream, up to a version, were recorded after a position of the log."""
    query = "select count(*) from record.leaf where originator_id = %s and originator_version <= %s and leaf_index >= %s"
    row = conn.execute(query, (stream, version, position)).fetchone()
    return int(row[0]) if row else 0


def newest(conn: Connection[Any], position: int) -> Signed | None:
    """Of the last checkpoints that cover the entry at a position, the one that the most witnesses signed, and of those the last."""
    query = "select * from record.checkpoint where size >= %s order by number desc limit %s"
    with conn.cursor(row_factory=class_row(Checkpoint)) as cursor:
        found = cursor.execute(query, (position, LAST)).fetchall()
    lines = witnesses.under(conn, [one.number for one in found])
    best = max(found, key=lambda one: (lines.get(one.number, "").count("\n"), one.number), default=None)
    return _signed(best, lines) if best else None


def _signed(one: Checkpoint, lines: Mapping[int, str]) -> Signed:
    return Signed(one.number, one.size, one.note + lines.get(one.number, ""))


def chain(conn: Connection[Any], until: Signed, positions: Sequence[int], nodes: merkle.Nodes) -> Chain:
    """The first checkpoint that covers each of these entries, the first of each day (UTC) since the earliest of them, and the newest."""
    found: dict[int, Checkpoint] = {}
    with conn.cursor(row_factory=class_row(Checkpoint)) as cursor:
        for position in positions:
            first = "select * from record.checkpoint where size >= %s and number < %s order by number limit 1"
            found |= {one.number: one for one in cursor.execute(first, (position, until.number)).fetchall()}
        found |= {one.number: one for one in cursor.execute(_FIRST_OF_DAYS, (min(positions), until.number)).fetchall()}
    lines = witnesses.under(conn, list(found))
    signed = [*(_signed(found[number], lines) for number in sorted(found)), until]
    proofs = [[*map(encoded, merkle.consistency(one.size, after.size, nodes))] for one, after in pairwise(signed)]
    return Chain(signed, proofs)


def leads_to(size: int, until: Signed, nodes: merkle.Nodes) -> list[str]:
    """What shows that the log of the newest checkpoint begins with the one of that size."""
    return [*map(encoded, merkle.consistency(size, until.size, nodes))]


def entries(connect: Connect, stream: UUID, version: int, size: int, nodes: merkle.Nodes, *, withheld: bool = False) -> Iterator[bytes]:
    """The entries of a stream up to a version, a line each: where it stands, its leaf (withheld, the leaf's hash only), and its proof."""
    with connect() as conn, conn.cursor(binary=True) as cursor:
        rows = cursor.execute(_STREAM.encode(), (stream, version)).fetchall()
    prior = ledger.NO_PRIOR
    for *event, leaf, chained in rows:
        position = event[6]
        told = {"hash": encoded(bytes(leaf))} if withheld else {"leaf": encoded(_leaf(event, prior))}
        proof = [*map(encoded, merkle.inclusion(position - 1, size, nodes))]
        yield msgspec.json.encode({"index": position - 1, **told, "proof": proof}) + b"\n"
        prior = bytes(chained)


def _leaf(event: Sequence[Any], prior: bytes) -> bytes:
    stream, version, topic, state, sealed, at, position, command = event
    cipher = bytes(sealed) if sealed is not None else None
    return ledger.leaf_data(stream, version, topic, bytes(state), cipher, at, position, command, prior)[1:]


def tlog_proof(line: bytes, note: str) -> bytes:
    """The proof of an entry for other programs (C2SP tlog-proof), from its line."""
    one = msgspec.json.decode(line)
    return proofs.written(one["leaf"], one["index"], one["proof"], note).encode()
