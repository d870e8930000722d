"""A proof of one entry holds offline with the log's key, for every entry, and for nothing that was changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import checkpoints, notes, proofs
from store.database import as_service
from store.notes import COSIGNATURE, Malformed, Unsigned, make_signer
from store.proofs import NotProven, proven
from store.record import Record
from tests.scenario import Scenario

LOG = make_signer("log.invalid/1", seed=bytes(range(32)))
WITNESS = make_signer("witness.invalid/1", COSIGNATURE, seed=bytes(range(1, 33)))
NOW = 1_790_000_000
Rows = Sequence[tuple[object, ...]]


@pytest.fixture
def conn(record: Record, database: str) -> Iterator[psycopg.Connection]:
    told = Scenario(record).staff()
    told.case("X000001")
    told.case("X000002", name="Bethan Example")
    told.visit("X000001")
    told.visit("X000002")
    with psycopg.connect(as_service(database), autocommit=True) as made:
        newest = checkpoints.make(made, LOG)
        assert newest is not None
        text, _ = notes.read_note(newest.note)
        cosigned = WITNESS.cosign(text, NOW)
        made.execute("select record.keep_cosignature(%s, %s, %s)", (newest.number, WITNESS.verifier.vkey, cosigned.line))
        yield made


def test_every_entry_has_a_proof_that_says_what_was_recorded(conn: psycopg.Connection) -> None:
    rows: Rows = conn.execute(
        "select originator_id, originator_version, topic, recorded_at, notification_id, state, sealed, command_id"
        " from record.event order by notification_id"
    ).fetchall()
    assert len(rows) > 10
    for stream, version, topic, recorded_at, position, state, sealed, command in rows:
        found = proven(proofs.proof(conn, position), [LOG.verifier], [WITNESS.verifier])
        leaf = found.leaf
        assert (leaf.stream, leaf.version, leaf.topic, leaf.recorded_at) == (stream, version, topic, recorded_at)
        assert (leaf.position, leaf.state, leaf.sealed, leaf.command_id) == (position, state, sealed or b"", command)
        assert (found.origin, found.size) == ("log.invalid/1", len(rows))
        assert found.seen == (("witness.invalid/1", datetime.fromtimestamp(NOW, UTC)),)


def test_an_entry_that_waits_for_a_checkpoint_and_one_that_is_not_there_have_no_proof(conn: psycopg.Connection, record: Record) -> None:
    Scenario(record).visit("X000001")
    assert proofs.proof(conn, record.head() - 1) is not None
    assert proofs.proof(conn, record.head()) is None
    assert proofs.proof(conn, record.head() + 1) is None
    assert proofs.proof(conn, 0) is None


def test_no_personal_text_is_in_it(conn: psycopg.Connection) -> None:
    for position in range(1, 12):
        leaf = proven(proofs.proof(conn, position), [LOG.verifier]).leaf
        assert b"Bethan" not in leaf.state + leaf.sealed


def test_it_holds_for_nobody_who_trusts_another_log_and_names_no_witness_that_was_not_asked_for(conn: psycopg.Connection) -> None:
    said = proofs.proof(conn, 3)
    with pytest.raises(Unsigned):
        proven(said, [make_signer("log.invalid/1").verifier])
    with pytest.raises(Unsigned):
        proven(said, [])
    assert proven(said, [LOG.verifier]).seen == ()
    assert proven(said, [LOG.verifier], [make_signer("witness.invalid/1", COSIGNATURE).verifier]).seen == ()


def test_the_steps_of_one_entry_prove_no_other(conn: psycopg.Connection) -> None:
    one, other = (proofs.proof(conn, position).split("\n") for position in (3, 4))
    with pytest.raises(NotProven):
        proven("\n".join([one[0], other[1], *one[2:]]), [LOG.verifier])
    with pytest.raises(NotProven):
        proven("\n".join([*one[:2], other[2], *one[3:]]), [LOG.verifier])
    with pytest.raises(NotProven):
        proven("\n".join([*one[:4], *one[3:]]), [LOG.verifier])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(put=st.binary(min_size=1, max_size=3), data=st.data())
def test_a_proof_with_any_bytes_changed_says_the_same_or_proves_nothing(conn: psycopg.Connection, put: bytes, data: st.DataObject) -> None:
    said = proofs.proof(conn, 5)
    whole = said.encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    try:
        found = proven((whole[:at] + put + whole[at + len(put) :]).decode(), [LOG.verifier])
    except (Malformed, Unsigned, NotProven, UnicodeDecodeError):
        return
    assert found.leaf == proven(said, [LOG.verifier]).leaf


@given(st.text())
def test_no_text_makes_the_reader_fail_otherwise(said: str) -> None:
    with pytest.raises((Malformed, Unsigned, NotProven)):
        proven(said, [LOG.verifier])


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_of_leaves_fail_otherwise(data: bytes) -> None:
    with pytest.raises(Malformed):
        proofs.read_leaf(b"caseleaf/v1" + data)
