"""What a bundle is proved with: nodes of a tree read many at once, the checkpoint that most witnesses signed, and those before it."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from store import bundles, checkpoints, ledger, merkle, notes, tree
from store.notes import COSIGNATURE, make_signer
from tests.store.test_checkpoints import KEY, put

WITNESSES = [make_signer(f"witness.invalid/{number}", COSIGNATURE, seed=bytes([number]) * 32) for number in (1, 2)]
Connection = psycopg.Connection[Any]


def sign(conn: Connection, owner: Connection, more: int, *signing: int) -> checkpoints.Checkpoint:
    put(owner, more)
    made = checkpoints.make(conn, KEY)
    assert made is not None
    for number in signing:
        line = WITNESSES[number].cosign(notes.read_note(made.note)[0], 1_790_000_000 + made.number).line
        conn.execute("select record.keep_cosignature(%s, %s, %s)", (made.number, WITNESSES[number].verifier.vkey, line))
    return made


def test_nodes_that_are_read_many_at_once_are_those_that_are_read_singly(conn: Connection, owner: Connection) -> None:
    put(owner, 700)
    tree.grow(conn)
    for size in (1, 2, 255, 256, 257, 511, 512, 700):
        nodes = tree.tiled(lambda: nullcontext(conn), size)
        assert merkle.root(size, nodes) == tree.root(conn, size)
        for index in {0, size // 3, size - 1}:
            assert merkle.inclusion(index, size, nodes) == tree.inclusion(conn, index, size)
        assert merkle.consistency((size + 1) // 2, size, nodes) == tree.consistency(conn, (size + 1) // 2, size)


def test_the_checkpoint_of_a_bundle_is_the_last_that_the_most_witnesses_signed(conn: Connection, owner: Connection) -> None:
    assert bundles.newest(conn, 1) is None
    sign(conn, owner, 5, 0, 1)
    best = sign(conn, owner, 5, 0, 1)
    sign(conn, owner, 5, 0)
    last = sign(conn, owner, 5)
    found = bundles.newest(conn, 10)
    assert found is not None
    assert (found.number, found.size) == (best.number, 10)
    assert [one.name for one in notes.read_note(found.note)[1]] == [KEY.verifier.name, "witness.invalid/1", "witness.invalid/2"]
    assert bundles.newest(conn, 16) is not None
    assert bundles.newest(conn, 20).note == last.note
    assert bundles.newest(conn, 21) is None


def test_the_first_checkpoint_of_each_day_is_among_the_earlier_ones_and_each_leads_on(conn: Connection, owner: Connection) -> None:
    for _ in range(6):
        sign(conn, owner, 3)
    owner.execute("alter table record.checkpoint disable trigger append_only")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for number, hours in enumerate((0, 1, 11.9, 12.1, 30, 40), 1):
        owner.execute("update record.checkpoint set made_at = %s where number = %s", (noon + timedelta(hours=hours), number))
    newest = bundles.newest(conn, 18)
    assert newest is not None
    nodes = tree.tiled(lambda: nullcontext(conn), newest.size)
    chain = bundles.chain(conn, newest, [4], nodes)
    assert [one.number for one in chain.signed] == [2, 4, 6]
    steps = [[notes.decoded(word) for word in proof] for proof in chain.proofs]
    for one, after, proof in zip(chain.signed, chain.signed[1:], steps, strict=False):
        first, then = (notes.read_head(notes.read_note(signed.note)[0]).root for signed in (one, after))
        assert merkle.leads_on(one.size, after.size, first, then, proof)
    assert [one.number for one in bundles.chain(conn, newest, [4, 8], nodes).signed] == [2, 3, 4, 6]


def test_how_far_streams_have_come(conn: Connection, owner: Connection) -> None:
    put(owner, 3)
    streams: list[UUID] = [stream for (stream,) in conn.execute("select originator_id from record.leaf order by leaf_index").fetchall()]
    found = bundles.reached(conn, [*streams[:2], UUID(int=0)])
    assert set(found) == set(streams[:2])
    assert all(version == 1 and len(chained) == 32 and chained != ledger.NO_PRIOR for version, chained in found.values())
    assert bundles.recorded_after(conn, streams[2], 2, 1) == 1
    assert bundles.recorded_after(conn, streams[2], 3, 1) == 0
