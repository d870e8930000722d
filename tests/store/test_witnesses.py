"""The record asks witnesses over the network, goes on from what each signed last, and keeps only signatures that hold."""

import http.client
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from projections.read_models import ReadSide
from scheduler import jobs
from store import checkpoints, notes, witnesses
from store.checkpoints import Checkpoint
from store.notes import COSIGNATURE, Malformed, Signer, make_signer
from store.policy import current_policy
from store.record import Record
from store.witness import Witness
from store.witnesses import NotCosigned, Outside
from tests.scenario import Scenario
from tests.store.test_checkpoints import KEY as LOG
from tests.store.test_checkpoints import put
from web.witnessing import serving

KEY = make_signer("witness.invalid/1", COSIGNATURE, seed=bytes(range(1, 33)))
Connection = psycopg.Connection[Any]
Serve = Callable[..., Outside]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a witness over the network; `claims` is the key that the record takes it to have."""
    ends: list[Callable[[], None]] = []

    def start(key: Signer = KEY, *, log: Signer = LOG, claims: Signer = KEY) -> Outside:
        witness = Witness(tmp_path / f"witness-{len(ends)}", key, [log.verifier])
        server = serving(witness, "127.0.0.1", 0)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def end() -> None:
            server.shutdown()
            thread.join()
            server.server_close()
            witness.close()

        ends.append(end)
        return Outside(f"http://127.0.0.1:{server.server_address[1]}", claims.verifier)

    yield start
    for end in ends:
        end()


def grow(conn: Connection, owner: Connection, number: int) -> Checkpoint:
    put(owner, number)
    made = checkpoints.make(conn, LOG)
    assert made is not None
    return made


def test_a_witness_signs_each_checkpoint_from_the_one_that_it_signed_before(conn: Connection, owner: Connection, serve: Serve) -> None:
    one = serve()
    for more in (5, 1, 300):
        newest = grow(conn, owner, more)
        assert witnesses.ask(conn, one, newest)
        assert not witnesses.ask(conn, one, newest)
    (found,) = witnesses.cosigned(conn)
    assert (found.witness, found.number, found.size) == ("witness.invalid/1", 3, 306)
    _, signatures = notes.opened(newest.note + found.line, [LOG.verifier, KEY.verifier])
    assert len(signatures) == 2


def test_a_witness_that_signed_more_than_is_known_here_says_so_and_is_asked_from_there(
    conn: Connection, owner: Connection, serve: Serve
) -> None:
    one = serve()
    witnesses.ask(conn, one, grow(conn, owner, 5))
    owner.execute("alter table record.cosignature disable trigger all")
    owner.execute("delete from record.cosignature")
    assert witnesses.ask(conn, one, grow(conn, owner, 2))
    assert [found.size for found in witnesses.cosigned(conn)] == [7]


def test_a_record_that_was_put_back_is_not_signed_any_more(conn: Connection, owner: Connection, serve: Serve) -> None:
    one = serve()
    witnesses.ask(conn, one, grow(conn, owner, 9))
    for table in ("leaf", "event", "checkpoint", "cosignature", "log_key"):
        owner.execute(f"alter table record.{table} disable trigger all".encode())
    owner.execute("delete from record.cosignature; delete from record.checkpoint; delete from record.leaf where leaf_index >= 6")
    newest = checkpoints.make(conn, LOG)
    with pytest.raises(NotCosigned, match="has signed for 9 entries, and there are 6"):
        witnesses.ask(conn, one, newest)


def test_a_record_that_was_written_anew_is_not_signed_any_more(conn: Connection, owner: Connection, serve: Serve) -> None:
    one = serve()
    witnesses.ask(conn, one, grow(conn, owner, 9))
    for table in ("leaf", "checkpoint", "cosignature"):
        owner.execute(f"alter table record.{table} disable trigger all".encode())
    owner.execute("delete from record.cosignature; delete from record.checkpoint")
    owner.execute("update record.leaf set leaf_hash = sha256('x') where leaf_index = 3")
    forged = grow(conn, owner, 2)
    with pytest.raises(NotCosigned, match="did not sign checkpoint 1: 422"):
        witnesses.ask(conn, one, forged)
    assert witnesses.cosigned(conn) == []


def test_an_answer_that_the_witness_s_key_did_not_sign_is_not_kept(conn: Connection, owner: Connection, serve: Serve) -> None:
    one = serve(claims=make_signer("witness.invalid/1", COSIGNATURE))
    with pytest.raises(NotCosigned, match="something else than its signature"):
        witnesses.ask(conn, one, grow(conn, owner, 5))
    assert witnesses.cosigned(conn) == []


def test_of_every_witness_the_newest_signature_is_shown_by_name(conn: Connection, owner: Connection, serve: Serve) -> None:
    second = make_signer("another.invalid/1", COSIGNATURE)
    one, other = serve(), serve(second, claims=second)
    for more, asked in ((5, (one, other)), (1, (one,)), (1, (other,)), (2, (one, other))):
        newest = grow(conn, owner, more)
        for witness in asked:
            witnesses.ask(conn, witness, newest)
    assert [(found.witness, found.number, found.size) for found in witnesses.cosigned(conn)] == [
        ("another.invalid/1", 4, 9),
        ("witness.invalid/1", 4, 9),
    ]
    witnesses.ask(conn, one, grow(conn, owner, 1))
    assert [found.number for found in witnesses.cosigned(conn)] == [4, 5]


def test_a_signature_that_somebody_put_there_is_not_shown(conn: Connection, owner: Connection) -> None:
    newest = grow(conn, owner, 5)
    false = notes.Signature(KEY.verifier.name, KEY.verifier.key_id, bytes(72))
    conn.execute("select record.keep_cosignature(%s, %s, %s)", (newest.number, KEY.verifier.vkey, false.line))
    assert witnesses.cosigned(conn) == []


def test_a_witness_that_is_not_there_or_knows_another_log_is_told(conn: Connection, owner: Connection, serve: Serve) -> None:
    newest = grow(conn, owner, 5)
    with pytest.raises(NotCosigned, match="does not answer"):
        witnesses.ask(conn, Outside("http://127.0.0.1:1", KEY.verifier), newest)
    with pytest.raises(NotCosigned, match="404 no log of this name"):
        witnesses.ask(conn, serve(log=make_signer("log.invalid/else")), newest)


def test_the_scheduler_asks_every_witness_that_is_named_and_tells_which_did_not_sign(
    record: Record, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_side = ReadSide(record, current_policy())
    now = record.clock()
    monkeypatch.delenv("THROUGHLINE_WITNESSES", raising=False)
    assert jobs.ask_witnesses(read_side, now) == "no witness is named"
    Scenario(record).staff()
    jobs.sign_checkpoint(read_side, now)
    with record.pool.connection() as conn:
        newest = checkpoints.last(conn)
        assert newest is not None
        (log,) = [notes.read_vkey(row[0]) for row in conn.execute("select vkey from record.log_key").fetchall()]
        one = serve(log=Signer(log, LOG.private))
        monkeypatch.setenv("THROUGHLINE_WITNESSES", f"{one.address} {KEY.verifier.vkey}")
        assert jobs.ask_witnesses(read_side, now) == "checkpoint 1 is signed by all 1 witnesses"
        gone = make_signer("witness.invalid/gone", COSIGNATURE).verifier.vkey
        monkeypatch.setenv("THROUGHLINE_WITNESSES", f"http://127.0.0.1:1 {gone} {one.address}/ {KEY.verifier.vkey}")
        with pytest.raises(jobs.Amiss, match="gone does not answer"):
            jobs.ask_witnesses(read_side, now)
        assert [found.number for found in witnesses.cosigned(conn)] == [1]


@pytest.mark.parametrize("words", ["http://a", f"ftp://a {KEY.verifier.vkey}", f"http://a {LOG.verifier.vkey}", "http://a b"])
def test_what_names_no_witness_is_refused(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_WITNESSES", words)
    with pytest.raises(Malformed):
        witnesses.outside()


# ---- The server -----------------------------------------------------------------------------------------------------------


def test_the_server_answers_one_question_and_reads_no_more_than_it_must(serve: Serve) -> None:

    address = serve().address.removeprefix("http://")

    def ask(path: str, body: bytes, **headers: str) -> int:
        talk = http.client.HTTPConnection(address, timeout=10)
        try:
            talk.request("POST", path, body, headers)
            return talk.getresponse().status
        finally:
            talk.close()

    assert ask("/add-checkpoint", b"") == 400
    assert ask("/add-checkpoint", b"\xff\xfe") == 400
    assert ask("/something", b"old 0\n") == 404
    assert ask("/add-checkpoint", b"", **{"Content-Length": "1000000"}) == 413
    assert ask("/add-checkpoint", b"", **{"Content-Length": "-1"}) == 413
