"""Checkpoints: the size and root of the ledger at a moment, signed, each leading on from the one before it.

Whoever holds one can tell for ever whether an entry that it covers was altered, removed or moved. It does not prove that a contact took
place, nor anything of entries that no checkpoint outside the service covers yet.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from store import log_key, merkle, notes, tree
from store.ledger import Fault
from store.notes import Head, Signer, Verifier

LOCK = 7402653120
ALARM = timedelta(minutes=15)
"""Checkpoints are looked for every minute; an entry that waits for longer than this says that nobody makes them."""
LOOKED_BACK = timedelta(days=30)
"""The time over which the longest wait for a checkpoint is looked for."""


class Broken(Exception):
    """The ledger does not lead on from its last checkpoint: something that was signed for is not there any more."""


class Checkpoint(msgspec.Struct, frozen=True):
    """One that was made. `waiting_since` is when the first of the entries was recorded that it is the first to cover, None without any."""

    number: int
    size: int
    root: bytes
    note: str
    made_at: datetime
    waiting_since: datetime | None


class Waits(msgspec.Struct, frozen=True):
    """How long entries waited for the checkpoint that covers them: in that time they could have been changed without leaving a trace.

    `first_at` is when the first checkpoint of all was made, None without any. `longest` is over the `made` ones since a day, that first
    one apart, None when no entry waited; `uncovered` entries wait now, since `uncovered_since`.
    """

    first_at: datetime | None
    made: int
    longest: timedelta | None
    uncovered: int
    uncovered_since: datetime | None

    def too_long(self, now: datetime) -> bool:
        """Whether an entry waits now, longer than any should."""
        return self.uncovered_since is not None and now - self.uncovered_since > ALARM


def last(conn: Connection[Any]) -> Checkpoint | None:
    with conn.cursor(row_factory=class_row(Checkpoint)) as cursor:
        return cursor.execute("select * from record.checkpoint order by number desc limit 1").fetchone()


def make(conn: Connection[Any], key: Signer, *, anyway: bool = False, instead: bool = False) -> Checkpoint | None:
    """Sign the ledger as it stands, if it has grown; `anyway`, even if not. None when there was nothing to sign.

    Nothing is signed that does not lead on from the last checkpoint: that raises Broken. Raises AnotherKey, and LeafMissing for a hole.
    """
    with _alone(conn):
        log_key.must_be_known(conn, key.verifier, instead=instead)
        tree.grow(conn)
        before, size = last(conn), tree.size(conn)
        if not size or (before and before.size == size and not anyway):
            return None
        root = tree.root(conn, size)
        if before is not None:
            _must_lead_on(conn, before, size, root)
        head = Head(key.verifier.name, size, root)
        signed = notes.note(head.text, [key.sign(head.text)])
        conn.execute("select record.keep_checkpoint(%s, %s, %s)", (size, root, signed))
        return last(conn)


def _must_lead_on(conn: Connection[Any], before: Checkpoint, size: int, root: bytes) -> None:
    if size < before.size:
        raise Broken(f"The last checkpoint covers {before.size} entries and there are {size}")
    proof = tree.consistency(conn, before.size, size)
    if not merkle.leads_on(before.size, size, before.root, root, proof):
        raise Broken(f"The first {before.size} entries are not those that checkpoint {before.number} was made of")


@contextmanager
def _alone(conn: Connection[Any]) -> Iterator[None]:
    """One maker at a time: the scheduler and somebody at a terminal would else add the same subtrees."""
    conn.execute("select pg_advisory_lock(%s)", (LOCK,))
    try:
        yield
    finally:
        conn.execute("select pg_advisory_unlock(%s)", (LOCK,))


def waits(conn: Connection[Any], since: datetime) -> Waits:
    """How long entries waited, by the checkpoints made since then."""
    row = conn.execute(
        "select (select made_at from record.checkpoint where number = 1), count(*),"
        " max(greatest(made_at - waiting_since, interval '0')) filter (where number > 1) from record.checkpoint where made_at >= %s",
        (since,),
    ).fetchone()
    assert row is not None
    newest = last(conn)
    covered = newest.size if newest else 0
    waiting = conn.execute("select recorded_at from record.event where notification_id = %s", (covered + 1,)).fetchone()
    first_at, made, longest = row
    return Waits(first_at, made, longest, tree.size(conn) - covered, waiting[0] if waiting else None)


def waits_for_one(conn: Connection[Any], topic: str) -> bool:
    """Whether an entry of this kind is not covered by a checkpoint yet."""
    query = (
        "select exists (select from record.event where topic = %s"
        " and notification_id > coalesce((select size from record.checkpoint order by number desc limit 1), 0))"
    )
    row = conn.execute(query, (topic,)).fetchone()
    return row is not None and bool(row[0])


# ---- Checking --------------------------------------------------------------------------------------------------------


def verify(conn: Connection[Any], trusted: Sequence[Verifier]) -> Iterator[Fault | int]:
    """Work every root and every kept subtree out again from the leaves alone, and look at each signature. Positions of faults are those of
    the last entry that a checkpoint or subtree covers; numbers between the faults say how far the reading has come."""
    kept = {(level, number): bytes(h) for level, number, h in conn.execute("select level, number, hash from record.subtree").fetchall()}
    whole: list[tuple[int, bytes]] = []
    read = 0
    with conn.transaction(), conn.cursor("checkpoints", row_factory=class_row(Checkpoint)) as cursor:
        made = iter(cursor.execute("select * from record.checkpoint order by number"))
        one = next(made, None)
        for number, tile in _tiles(conn):
            if number << tree.STEP != read:
                yield Fault(read + 1, "leaves are missing, and no checkpoint after them can be worked out")
                return
            while one is not None and one.size <= read + len(tile):
                yield from faults_of(one, trusted)
                if _root(whole, tile[: one.size - read]) != one.root:
                    yield Fault(one.size, f"the entries are not those that checkpoint {one.number} was made of")
                one = next(made, None)
            read += len(tile)
            if len(tile) == tree.WIDE:
                yield from _grown(whole, tile, read, kept)
            yield read
        while one is not None:
            yield Fault(one.size, f"checkpoint {one.number} covers {one.size} entries and there are {read}")
            one = next(made, None)


def faults_of(one: Checkpoint, trusted: Sequence[Verifier]) -> Iterator[Fault]:
    """What is wrong with the signature of a checkpoint, or with what was signed; nothing when it holds."""
    try:
        text, _ = notes.opened(one.note, trusted)
        head = notes.read_head(text)
    except ValueError as e:
        yield Fault(one.size, f"checkpoint {one.number} is not signed: {e}")
        return
    if (head.size, head.root) != (one.size, one.root) or head.origin not in {key.name for key in trusted}:
        yield Fault(one.size, f"checkpoint {one.number} says something else than what was signed")


def _tiles(conn: Connection[Any]) -> Iterator[tuple[int, list[bytes]]]:
    """All leaves in their order, 256 at a time, numbered."""
    query = (
        "select leaf_index >> 8, string_agg(leaf_hash, ''::bytea order by leaf_index) from record.leaf"
        " where leaf_index >= %s and leaf_index < %s group by leaf_index >> 8 order by leaf_index >> 8"
    )
    size = tree.size(conn)
    for start in range(0, size, 1 << 16):
        with conn.cursor(binary=True) as rows:
            rows.execute(query, (start, min(start + (1 << 16), size)))
            for number, tile in rows:
                yield number, [bytes(tile[i : i + merkle.SIZE]) for i in range(0, len(tile), merkle.SIZE)]


def _root(whole: Sequence[tuple[int, bytes]], rest: Sequence[bytes]) -> bytes:
    """The root over whole subtrees, the largest first, and fewer or as many leaves as are kept together."""
    parts = [found for _, found in whole]
    parts += [merkle.join(rest[at.index << at.height : (at.index + 1) << at.height]) for at in merkle.wholes(0, len(rest))]
    found = parts.pop() if parts else merkle.EMPTY
    while parts:
        found = merkle.hash_node(parts.pop(), found)
    return found


def _grown(whole: list[tuple[int, bytes]], tile: Sequence[bytes], read: int, kept: dict[tuple[int, int], bytes]) -> Iterator[Fault]:
    """Put one more whole tile to the others; names those of the subtrees that were kept which differ from what it comes to."""
    height, found = tree.STEP, merkle.join(tile)
    while True:
        level, between = divmod(height, tree.STEP)
        number = (read >> height) - 1
        if not between and kept.get((level, number), found) != found:
            yield Fault((number + 1) << height, f"subtree {number} of level {level} is not that of its leaves")
        if not whole or whole[-1][0] != height:
            break
        found = merkle.hash_node(whole.pop()[1], found)
        height += 1
    whole.append((height, found))
