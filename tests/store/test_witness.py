"""A witness signs what leads on from what it signed last, and nothing else, whoever asks and however often it is started anew."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import merkle, notes
from store.notes import COSIGNATURE, Head, Signer, make_signer, note
from store.witness import MOST_STEPS, Answer, Asked, Witness, read_request, witness_key
from tests.store.test_merkle import leaves_of, mth, nodes

LOG = make_signer("log.invalid/1", seed=bytes(range(32)))
KEY = make_signer("witness.invalid/1", COSIGNATURE, seed=bytes(range(1, 33)))
NOW = 1_790_000_000
SIZE = "text/x.tlog.size"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "witness", KEY, [LOG.verifier])
    yield made
    made.close()


def signed(size: int, *, root: bytes | None = None, by: Signer = LOG, origin: str = "") -> str:
    head = Head(origin or by.verifier.name, size, mth(leaves_of(size)) if root is None else root)
    return note(head.text, [by.sign(head.text)])


def asked(old: int, size: int, **how: object) -> str:
    proof = merkle.consistency(old, size, nodes(leaves_of(size))) if 0 < old <= size else []
    return Asked(old, tuple(proof), signed(size, **how)).body


def status(answer: Answer) -> int:
    return int(answer.status)


def test_the_first_checkpoint_is_signed_with_its_time(witness: Witness) -> None:
    answer = witness.add_checkpoint(asked(0, 5), NOW)
    assert status(answer) == 200
    text, signatures = notes.opened(signed(5) + answer.body, [LOG.verifier, KEY.verifier])
    assert [signature.name for signature in signatures] == ["log.invalid/1", "witness.invalid/1"]
    assert notes.timestamp(signatures[1]) == NOW
    assert witness.last("log.invalid/1") == notes.read_head(text)


def test_each_that_leads_on_is_signed_and_the_same_one_again(witness: Witness) -> None:
    for old, size in ((0, 1), (1, 2), (2, 7), (7, 7), (7, 8), (8, 300)):
        assert status(witness.add_checkpoint(asked(old, size), NOW)) == 200, (old, size)


def test_a_log_that_says_another_size_is_told_the_one_that_was_signed(witness: Witness) -> None:
    assert witness.add_checkpoint(asked(3, 5), NOW) == Answer(409, "0\n", SIZE)
    witness.add_checkpoint(asked(0, 5), NOW)
    assert witness.add_checkpoint(asked(0, 7), NOW) == Answer(409, "5\n", SIZE)
    assert witness.add_checkpoint(asked(4, 7), NOW) == Answer(409, "5\n", SIZE)
    assert witness.last("log.invalid/1").size == 5


def test_a_rollback_is_refused(witness: Witness) -> None:
    witness.add_checkpoint(asked(0, 8), NOW)
    assert status(witness.add_checkpoint(asked(8, 5), NOW)) == 400
    assert witness.add_checkpoint(asked(5, 5), NOW) == Answer(409, "8\n", SIZE)
    assert witness.last("log.invalid/1").size == 8


def test_a_fork_of_the_same_size_is_refused_and_kept_as_proof_of_it(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(asked(0, 8), NOW)
    forked = signed(8, root=bytes(32))
    assert witness.add_checkpoint(Asked(8, (), forked).body, NOW) == Answer(409, "8\n", SIZE)
    (proof,) = (tmp_path / "witness").glob("fork-*")
    assert proof.read_text("utf-8") == forked
    assert witness.last("log.invalid/1").root == mth(leaves_of(8))


def test_a_fork_that_has_grown_is_refused_whatever_proof_comes_with_it(witness: Witness) -> None:
    witness.add_checkpoint(asked(0, 8), NOW)
    other = [merkle.hash_leaf(b"another"), *leaves_of(12)[1:]]
    for proof in (merkle.consistency(8, 12, nodes(other)), merkle.consistency(8, 12, nodes(leaves_of(12))), []):
        assert status(witness.add_checkpoint(Asked(8, tuple(proof), signed(12, root=mth(other))).body, NOW)) == 422
    assert witness.last("log.invalid/1").size == 8


def test_a_first_checkpoint_takes_no_proof_and_an_empty_tree_has_one_root(witness: Witness) -> None:
    assert status(witness.add_checkpoint(Asked(0, (bytes(32),), signed(5)).body, NOW)) == 422
    assert status(witness.add_checkpoint(Asked(0, (), signed(0, root=bytes(32))).body, NOW)) == 422
    assert status(witness.add_checkpoint(asked(0, 0), NOW)) == 200
    assert status(witness.add_checkpoint(asked(0, 5), NOW)) == 200


def test_logs_that_are_not_known_and_signatures_of_others_are_refused(witness: Witness) -> None:
    stranger = make_signer("log.invalid/2", seed=bytes(32))
    assert status(witness.add_checkpoint(asked(0, 5, by=stranger), NOW)) == 404
    assert status(witness.add_checkpoint(asked(0, 5, by=stranger, origin="log.invalid/1"), NOW)) == 403
    impostor = make_signer("log.invalid/1", seed=bytes(32))
    assert status(witness.add_checkpoint(asked(0, 5, by=impostor), NOW)) == 403
    assert witness.last("log.invalid/1") is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        "old 0\n\n",
        "old 00\n\n" + signed(5),
        "old -1\n\n" + signed(5),
        "old ٣\n\n" + signed(5),
        "old 0 \n\n" + signed(5),
        "new 0\n\n" + signed(5),
        "old 0\nnot base64\n\n" + signed(5),
        "old 0\n" + "A" * 43 + "=\n" * (MOST_STEPS + 1) + "\n" + signed(5),
        "old 0\n\n" + signed(5).removesuffix("\n"),
        "old 0\n\n" + signed(5).replace("\n5\n", "\nfive\n"),
    ],
)
def test_what_is_not_written_as_a_request_is_refused(witness: Witness, body: str) -> None:
    assert status(witness.add_checkpoint(body, NOW)) == 400


@given(st.text())
def test_no_text_makes_a_reader_of_requests_fail_otherwise(text: str) -> None:
    try:
        read_request(text)
    except notes.Malformed:
        return


def test_started_anew_it_remembers_what_it_signed(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    first = Witness(folder, witness_key(folder, "w.invalid/1"), [LOG.verifier])
    first.add_checkpoint(asked(0, 8), NOW)
    with pytest.raises(ValueError, match="Another witness works in"):
        Witness(folder, KEY, [LOG.verifier])
    first.close()
    again = Witness(folder, witness_key(folder, "another name"), [LOG.verifier])
    assert again.key.verifier == first.key.verifier
    assert again.add_checkpoint(asked(0, 9), NOW) == Answer(409, "8\n", SIZE)
    assert status(again.add_checkpoint(asked(8, 9), NOW)) == 200
    again.close()


def test_what_is_answered_was_kept_before(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as once:
        once.setattr("store.witness._put", full)
        with pytest.raises(OSError, match="no space"):
            witness.add_checkpoint(asked(0, 5), NOW)
    assert witness.last("log.invalid/1") is None
    assert status(witness.add_checkpoint(asked(0, 5), NOW)) == 200


def test_of_two_that_ask_at_once_only_one_is_signed_and_nothing_goes_back(witness: Witness) -> None:
    witness.add_checkpoint(asked(0, 4), NOW)
    answers: list[tuple[int, int]] = []
    together = threading.Barrier(8)

    def ask(size: int) -> Callable[[], None]:
        body = asked(4, size)

        def run() -> None:
            together.wait()
            answers.append((size, status(witness.add_checkpoint(body, NOW))))

        return run

    threads = [threading.Thread(target=ask(size)) for size in range(5, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((size, _),) = [answer for answer in answers if answer[1] == 200]
    assert {code for at, code in answers if at != size} == {409}
    assert witness.last("log.invalid/1").size == size


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.booleans()), max_size=12))
def test_whatever_is_asked_in_whatever_order_signed_trees_each_begin_with_the_one_before(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[int, int, bool]]
) -> None:
    """Against a model that holds whole trees: the witness holds a root and sees nothing else."""
    folder = tmp_path_factory.mktemp("witness")
    witness = Witness(folder, KEY, [LOG.verifier])
    kept: list[bytes] = []
    seen = False
    for old, size, honest in wanted:
        leaves = leaves_of(size) if honest else [merkle.hash_leaf(b"x%d" % n) for n in range(size)]
        proof = merkle.consistency(old, size, nodes(leaves)) if 0 < old <= size else []
        answer = witness.add_checkpoint(Asked(old, tuple(proof), signed(size, root=mth(leaves))).body, NOW)
        may = old == len(kept) and old <= size and leaves[:old] == kept
        assert (status(answer) == 200) is may
        if may:
            kept, seen = leaves, True
    last = witness.last("log.invalid/1")
    assert (last is not None) is seen
    assert last is None or last.root == mth(kept)
    witness.close()
