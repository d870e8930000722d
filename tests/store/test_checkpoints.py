"""The tree that is kept and its signed checkpoints: each leads on from the one before, and what was changed behind them has a name."""

import hashlib
import os
import stat
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store import checkpoints, log_key, merkle, notes, tree
from store.checkpoints import Broken
from store.ledger import Fault
from store.notes import make_signer

KEY = make_signer("log.invalid/test", seed=bytes(range(32)))
Connection = psycopg.Connection[Any]


def put(owner: Connection, number: int) -> None:
    """So many leaves more, each of bytes of its own, with events that they might be of."""
    owner.execute(
        "insert into record.leaf select i, gen_random_uuid(), 1, sha256(int8send(i)), sha256(int8send(-i))"
        " from generate_series(record.leaves(), record.leaves() + %s - 1) as i",
        (number,),
    )
    owner.execute(
        "insert into record.event (originator_id, originator_version, topic, state, notification_id, recorded_at)"
        " select originator_id, 1, 'a', '', leaf_index + 1, clock_timestamp() from record.leaf"
        " where leaf_index >= (select coalesce(max(notification_id), 0) from record.event)"
    )


def leaves(number: int) -> list[bytes]:
    return [hashlib.sha256(i.to_bytes(8, "big")).digest() for i in range(number)]


def oracle(known: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, as it is written there."""
    if len(known) < 2:
        return known[0] if known else hashlib.sha256(b"").digest()
    k = 1 << ((len(known) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + oracle(known[:k]) + oracle(known[k:])).digest()


def kept(conn: Connection) -> list[tuple[int, int]]:
    return conn.execute("select level, count(*)::int from record.subtree group by level order by level").fetchall()


def faults(conn: Connection) -> list[Fault]:
    return [found for found in checkpoints.verify(conn, log_key.known_keys(conn)) if isinstance(found, Fault)]


def behind_our_back(owner: Connection, statement: str, *tables: str) -> None:
    for table in tables:
        owner.execute(f"alter table record.{table} disable trigger all".encode())
    owner.execute(statement.encode())
    for table in tables:
        owner.execute(f"alter table record.{table} enable always trigger append_only".encode())


# ---- The tree ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grown", [False, True], ids=["nothing kept", "all kept that is whole"])
def test_the_root_is_that_of_the_standard_at_every_size(conn: Connection, owner: Connection, grown: bool) -> None:
    put(owner, 1000)
    if grown:
        tree.grow(conn)
    known = leaves(1000)
    for size in (0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 768, 999, 1000):
        assert tree.root(conn, size) == oracle(known[:size]), size


def test_each_subtree_is_kept_once_it_is_whole_and_never_twice(conn: Connection, owner: Connection) -> None:
    put(owner, 255)
    assert (tree.grow(conn), kept(conn)) == (0, [])
    put(owner, 1)
    assert (tree.grow(conn), kept(conn)) == (1, [(1, 1)])
    assert tree.grow(conn) == 0
    put(owner, 513)
    assert (tree.grow(conn), kept(conn)) == (2, [(1, 3)])


def test_two_levels_are_kept_of_many_leaves_and_proofs_hold_over_both(conn: Connection, owner: Connection) -> None:
    size = (1 << 16) + 300
    put(owner, size)
    assert tree.grow(conn) == 258
    assert kept(conn) == [(1, 257), (2, 1)]
    known = leaves(size)
    root = tree.root(conn, size)
    assert root == oracle(known)
    for index in (0, 255, 256, 65_535, 65_536, size - 1):
        assert merkle.included(known[index], index, size, tree.inclusion(conn, index, size), root)
    for old in (1, 255, 256, 40_000, 65_536, 65_537, size):
        assert merkle.leads_on(old, size, tree.root(conn, old), root, tree.consistency(conn, old, size))
    assert faults(conn) == []


def test_growing_that_was_cut_off_goes_on_where_it_stopped(conn: Connection, owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    put(owner, 256 * 5)
    monkeypatch.setattr(tree, "AT_ONCE", 2)
    asked: list[int] = []
    hashes = tree._hashes

    def dies(conn: Connection, level: int, start: int, end: int) -> list[bytes]:
        asked.append(start)
        if len(asked) == 2:
            raise ConnectionError
        return hashes(conn, level, start, end)

    with monkeypatch.context() as once:
        once.setattr(tree, "_hashes", dies)
        with pytest.raises(ConnectionError):
            tree.grow(conn)
    assert kept(conn) == [(1, 2)]
    assert tree.grow(conn) == 3
    assert tree.root(conn, 1280) == oracle(leaves(1280))


def test_a_leaf_that_is_not_there_is_told(conn: Connection, owner: Connection) -> None:
    put(owner, 300)
    behind_our_back(owner, "delete from record.leaf where leaf_index = 7", "leaf")
    with pytest.raises(tree.LeafMissing, match="1 leaves between 0 and 256"):
        tree.grow(conn)


def test_the_service_may_add_what_follows_and_change_nothing(conn: Connection, owner: Connection) -> None:
    put(owner, 256)
    checkpoints.make(conn, KEY)
    for statement in (
        "update record.subtree set hash = hash",
        "delete from record.subtree",
        "insert into record.subtree values (1, 9, sha256(''))",
        "insert into record.checkpoint values (9, 1, sha256(''), '', now(), null)",
        "delete from record.checkpoint",
        "update record.log_key set vkey = ''",
        "truncate record.checkpoint",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement.encode())
    for statement in ("update record.subtree set hash = hash", "delete from record.checkpoint", "truncate record.log_key"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            owner.execute(statement.encode())
    for level, first in ((1, 0), (1, 2), (2, 1)):  # there already, with a gap, over leaves that are not there
        with pytest.raises(psycopg.errors.IntegrityError, match="one after the other"):
            conn.execute("select record.keep_subtrees(%s::smallint, %s, %s)", (level, first, [bytes(32)]))


# ---- Checkpoints ------------------------------------------------------------------------------------------------------------


def test_an_empty_ledger_has_nothing_to_sign(conn: Connection) -> None:
    assert checkpoints.make(conn, KEY) is None
    assert checkpoints.make(conn, KEY, anyway=True) is None
    now = conn.execute("select now()").fetchone()[0]
    assert checkpoints.waits(conn, now) == checkpoints.Waits(None, 0, None, 0, None)


def test_a_checkpoint_says_size_and_root_under_the_log_s_own_name_and_key(conn: Connection, owner: Connection) -> None:
    put(owner, 300)
    made = checkpoints.make(conn, KEY)
    assert made is not None
    text, _ = notes.opened(made.note, [KEY.verifier])
    assert notes.read_head(text) == notes.Head("log.invalid/test", 300, oracle(leaves(300)))
    assert (made.number, made.size, made.root) == (1, 300, oracle(leaves(300)))
    assert checkpoints.last(conn) == made


def test_one_is_made_when_the_ledger_has_grown_or_when_one_is_wanted_anyway(conn: Connection, owner: Connection) -> None:
    put(owner, 3)
    assert checkpoints.make(conn, KEY) is not None
    assert checkpoints.make(conn, KEY) is None
    again = checkpoints.make(conn, KEY, anyway=True)
    assert again is not None
    assert (again.number, again.size, again.waiting_since) == (2, 3, None)
    put(owner, 1)
    grown = checkpoints.make(conn, KEY)
    assert grown is not None
    assert (grown.number, grown.size) == (3, 4)
    assert faults(conn) == []


def test_each_leads_on_from_the_one_before_however_it_grows(conn: Connection, owner: Connection) -> None:
    made = []
    for more in (1, 1, 5, 249, 1, 255, 256, 600):
        put(owner, more)
        made.append(checkpoints.make(conn, KEY))
    for one, later in pairwise(made):
        proof = tree.consistency(conn, one.size, later.size)
        assert merkle.leads_on(one.size, later.size, one.root, later.root, proof)
    assert faults(conn) == []


def test_nothing_is_signed_that_does_not_lead_on_from_what_was_signed(conn: Connection, owner: Connection) -> None:
    put(owner, 10)
    checkpoints.make(conn, KEY)
    behind_our_back(owner, "update record.leaf set leaf_hash = sha256('x') where leaf_index = 4", "leaf")
    put(owner, 1)
    with pytest.raises(Broken, match="first 10 entries are not those"):
        checkpoints.make(conn, KEY)
    assert checkpoints.last(conn).size == 10


def test_nothing_is_signed_when_entries_were_cut_off(conn: Connection, owner: Connection) -> None:
    put(owner, 10)
    checkpoints.make(conn, KEY)
    behind_our_back(owner, "delete from record.leaf where leaf_index >= 8", "leaf")
    with pytest.raises(Broken, match="covers 10 entries and there are 8"):
        checkpoints.make(conn, KEY, anyway=True)


def test_the_database_keeps_no_checkpoint_that_goes_back(conn: Connection, owner: Connection) -> None:
    put(owner, 10)
    checkpoints.make(conn, KEY)
    for size, root in ((9, bytes(32)), (10, bytes(32)), (11, bytes(32))):
        with pytest.raises(psycopg.errors.IntegrityError, match="leads on"):
            conn.execute("select record.keep_checkpoint(%s, %s, '')", (size, root))


ALTERED = {
    "a leaf": ("update record.leaf set leaf_hash = sha256('x') where leaf_index = 300", "leaf", {512, 600}, "checkpoint 2"),
    "a kept subtree": ("update record.subtree set hash = sha256('x') where number = 1", "subtree", {512}, "subtree 1 of level 1"),
    "a root": ("update record.checkpoint set root = sha256('x') where number = 1", "checkpoint", {100}, "checkpoint 1"),
    "a size": ("update record.checkpoint set size = 101 where number = 1", "checkpoint", {101}, "something else than what was signed"),
    "a note": ("update record.checkpoint set note = replace(note, '100', '101')", "checkpoint", {100}, "checkpoint 1 is not signed"),
    "the tail": ("delete from record.leaf where leaf_index >= 599", "leaf", {600}, "covers 600 entries and there are 599"),
    "one in the middle": ("delete from record.leaf where leaf_index = 300", "leaf", {512}, "leaves are missing"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_changed_behind_the_checkpoints_has_a_name(conn: Connection, owner: Connection, what: str) -> None:
    put(owner, 100)
    checkpoints.make(conn, KEY)
    put(owner, 500)
    checkpoints.make(conn, KEY)
    assert faults(conn) == []
    statement, table, places, words = ALTERED[what]
    behind_our_back(owner, statement, table)
    found = faults(conn)
    assert {fault.position for fault in found} == places
    assert any(words in fault.what for fault in found), found


def test_checking_says_how_far_it_has_come(conn: Connection, owner: Connection) -> None:
    put(owner, 600)
    assert [*checkpoints.verify(conn, [])] == [256, 512, 600]


# ---- How long entries wait ----------------------------------------------------------------------------------------------------


def test_the_longest_wait_is_of_the_entry_that_was_first_to_be_covered(conn: Connection, owner: Connection) -> None:
    put(owner, 5)
    first = checkpoints.make(conn, KEY)
    put(owner, 1)
    owner.execute("alter table record.event disable trigger all")
    owner.execute("update record.event set recorded_at = recorded_at - interval '7 minutes' where notification_id = 6")
    second = checkpoints.make(conn, KEY)
    assert first is not None
    assert second is not None
    put(owner, 2)
    found = checkpoints.waits(conn, first.made_at)
    assert (found.first_at, found.made, found.uncovered) == (first.made_at, 2, 2)
    assert found.longest is not None
    assert found.longest == second.made_at - second.waiting_since
    assert timedelta(minutes=7) <= found.longest < timedelta(minutes=8)
    assert found.uncovered_since is not None
    later = checkpoints.waits(conn, second.made_at + timedelta(seconds=1))
    assert (later.made, later.longest) == (0, None)


def test_what_was_recorded_before_the_first_checkpoint_is_no_wait(conn: Connection, owner: Connection) -> None:
    put(owner, 5)
    first = checkpoints.make(conn, KEY)
    assert first is not None
    found = checkpoints.waits(conn, first.made_at)
    assert (found.made, found.longest, found.uncovered, found.uncovered_since) == (1, None, 0, None)


def test_an_entry_that_waits_for_more_than_a_quarter_of_an_hour_waits_too_long(conn: Connection, owner: Connection) -> None:
    put(owner, 5)
    now = conn.execute("select now()").fetchone()[0]
    found = checkpoints.waits(conn, now)
    assert (found.first_at, found.uncovered) == (None, 5)
    assert not found.too_long(now + timedelta(minutes=14))
    assert found.too_long(now + timedelta(minutes=16))
    checkpoints.make(conn, KEY)
    assert not checkpoints.waits(conn, now).too_long(now + timedelta(days=3))


# ---- The key ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THROUGHLINE_LOG_KEY", str(tmp_path / "keys" / "log.key"))
    return tmp_path / "keys" / "log.key"


def test_the_key_is_made_once_and_read_by_its_owner_only(file: Path) -> None:
    made = log_key.log_key()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert log_key.log_key().verifier == made.verifier
    assert made.verifier.name.startswith("throughline.invalid/")
    assert os.listdir(file.parent) == ["log.key"]


def test_a_key_that_somebody_else_made_meanwhile_is_left_as_it_is(file: Path) -> None:
    made = log_key.log_key()
    log_key._put_down(file, "another")
    assert log_key.log_key().verifier == made.verifier
    assert os.listdir(file.parent) == ["log.key"]


def test_the_log_has_the_name_that_was_chosen_for_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_ORIGIN", "probation.example/wales")
    assert log_key.log_key().verifier.name == "probation.example/wales"


def test_a_record_is_signed_with_its_own_key_until_somebody_says_otherwise(conn: Connection, owner: Connection) -> None:
    put(owner, 1)
    checkpoints.make(conn, KEY)
    put(owner, 1)
    other = make_signer("log.invalid/test", seed=bytes(32))
    with pytest.raises(log_key.AnotherKey, match="holds another"):
        checkpoints.make(conn, other)
    with pytest.raises(log_key.AnotherKey, match="must be new, and named as the log is"):
        checkpoints.make(conn, make_signer("log.invalid/else"), instead=True)
    assert checkpoints.make(conn, other, instead=True) is not None
    with pytest.raises(log_key.AnotherKey, match="holds another"):
        checkpoints.make(conn, KEY)
    with pytest.raises(log_key.AnotherKey, match="must be new"):
        checkpoints.make(conn, KEY, instead=True)
    assert log_key.known_keys(conn) == [KEY.verifier, other.verifier]
    assert faults(conn) == []


def test_the_private_key_is_nowhere_in_the_database(conn: Connection, owner: Connection) -> None:
    put(owner, 1)
    checkpoints.make(conn, KEY)
    said = str(conn.execute("select vkey from record.log_key").fetchall() + conn.execute("select note from record.checkpoint").fetchall())
    assert KEY.verifier.vkey in said
    assert KEY.skey.rpartition("+")[2] not in said
