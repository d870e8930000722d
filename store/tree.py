"""The tree over the ledger's leaves, kept in part: hashes of whole subtrees of 256, 65,536, 16,777,216 leaves, each added once.

A root over 30 million leaves is so worked out from some hundreds of hashes, and growing it reads each leaf once. What is not kept yet is
worked out from what lies below, so every answer is the same however much is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import count
from typing import Any

from psycopg import Connection

from store import merkle
from store.merkle import Whole

STEP = 8
"""Heights between one level that is kept and the next."""
WIDE = 1 << STEP
TILES = 1024
"""Tiles of 256 hashes, with the subtrees over them, that are kept while very many proofs are made: some 40 MiB."""
AT_ONCE = 256
"""Subtrees that are worked out and added in one go, from 65,536 hashes (2 MiB)."""


class LeafMissing(Exception):
    """The ledger has a hole: a leaf that the tree needs is not there."""


def size(conn: Connection[Any]) -> int:
    """How many leaves there are: they are numbered without gaps."""
    row = conn.execute("select record.leaves()").fetchone()
    assert row is not None
    return int(row[0])


def root(conn: Connection[Any], of_size: int) -> bytes:
    """The root over the first `of_size` leaves. Raises LeafMissing when there are not so many."""
    return merkle.root(of_size, lambda wanted: nodes(conn, wanted))


def inclusion(conn: Connection[Any], index: int, of_size: int) -> list[bytes]:
    """See `merkle.inclusion`."""
    return merkle.inclusion(index, of_size, lambda wanted: nodes(conn, wanted))


def consistency(conn: Connection[Any], old: int, of_size: int) -> list[bytes]:
    """See `merkle.consistency`."""
    return merkle.consistency(old, of_size, lambda wanted: nodes(conn, wanted))


def nodes(conn: Connection[Any], wanted: Iterable[Whole]) -> Mapping[Whole, bytes]:
    return {whole: merkle.join(_below(conn, whole)) for whole in wanted}


def tiled(connection: Callable[[], AbstractContextManager[Connection[Any]]], of_size: int) -> merkle.Nodes:
    """Nodes for very many proofs in the tree of that size: 256 neighbouring hashes are read once, and all subtrees over them worked out.
    A connection is held only while something is read."""

    @lru_cache(maxsize=TILES)
    def tile(level: int, number: int) -> list[list[bytes]]:
        start, end = number << STEP, min((number + 1) << STEP, of_size >> (STEP * level))
        with connection() as conn:
            rows = [list(_hashes(conn, level, start, end))]
        while len(rows[-1]) > 1:
            below = rows[-1]
            rows.append([merkle.hash_node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
        return rows

    def found(whole: Whole) -> bytes:
        level, up = divmod(whole.height, STEP)
        inside = STEP - up
        return tile(level, whole.index >> inside)[up][whole.index & ((1 << inside) - 1)]

    return lambda wanted: {whole: found(whole) for whole in wanted}


def _below(conn: Connection[Any], whole: Whole) -> Sequence[bytes]:
    level, up = divmod(whole.height, STEP)
    return _hashes(conn, level, whole.index << up, (whole.index + 1) << up)


def grow(conn: Connection[Any]) -> int:
    """Add the subtrees that have become whole; how many. On an autocommitting connection what was added stays if it is cut off."""
    added, below = 0, size(conn)
    for level in count(1):
        first, whole = _kept(conn, level), below >> STEP
        for start in range(first, whole, AT_ONCE):
            end = min(start + AT_ONCE, whole)
            hashes = _hashes(conn, level - 1, start << STEP, end << STEP)
            made = [merkle.join(hashes[i : i + WIDE]) for i in range(0, len(hashes), WIDE)]
            conn.execute("select record.keep_subtrees(%s::smallint, %s, %s)", (level, start, made))
        added, below = added + whole - first, whole
        if not whole:
            return added
    raise AssertionError("there is always a level with nothing in it")


def _kept(conn: Connection[Any], level: int) -> int:
    row = conn.execute("select number + 1 from record.subtree where level = %s order by number desc limit 1", (level,)).fetchone()
    return int(row[0]) if row else 0


def _hashes(conn: Connection[Any], level: int, start: int, end: int) -> list[bytes]:
    """Neighbouring hashes of one level: those that are kept, and the rest from below."""
    if level == 0:
        query = "select string_agg(leaf_hash, ''::bytea order by leaf_index) from record.leaf where leaf_index >= %s and leaf_index < %s"
        found = _split(conn, query, (start, end))
        if len(found) != end - start:
            raise LeafMissing(f"{end - start - len(found)} leaves between {start} and {end} are not there")
        return found
    query = "select string_agg(hash, ''::bytea order by number) from record.subtree where number >= %s and number < %s and level = %s"
    found = _split(conn, query, (start, end, level))
    return found + [
        merkle.join(_hashes(conn, level - 1, number << STEP, (number + 1) << STEP)) for number in range(start + len(found), end)
    ]


def _split(conn: Connection[Any], query: str, given: tuple[int, ...]) -> list[bytes]:
    """The hashes that a query puts one after another: far quicker than a row for each."""
    with conn.cursor(binary=True) as cursor:
        row = cursor.execute(query.encode(), given).fetchone()
    together = row[0] if row else None
    return [bytes(together[i : i + merkle.SIZE]) for i in range(0, len(together), merkle.SIZE)] if together else []
