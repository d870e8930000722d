"""The arithmetic of the verifier that goes into a bundle, against published values and the service's own, which shares no line with it."""

import hashlib
import subprocess
import sys
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain import sampling
from store import notes, verify
from store.verify import Trust, Wrong
from tests.vectors import document, proofs

RFC_8032 = [  # 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_published_signatures_hold_and_for_no_other_message(public: str, message: str, signature: str) -> None:
    key, said, made = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.signed(key, said, made)
    assert not verify.signed(key, said + b"x", made)


@pytest.mark.parametrize("number", range(8))
def test_a_signature_of_the_library_holds_and_with_any_bit_changed_holds_no_more(number: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([number])).digest())
    public, said = private.public_key().public_bytes_raw(), bytes([number]) * number * 9
    made = private.sign(said)
    assert verify.signed(public, said, made)
    for bit in (0, 7, 250 + number, 256, 300 + number, 511):
        wrong = bytearray(made)
        wrong[bit // 8] ^= 1 << bit % 8
        assert not verify.signed(public, said, bytes(wrong))


def test_a_scalar_or_a_point_that_is_not_written_in_its_one_way_is_refused() -> None:
    public, _, signature = (bytes.fromhex(part) for part in RFC_8032[0])
    scalar = int.from_bytes(signature[32:], "little") + verify.ORDER
    assert not verify.signed(public, b"", signature[:32] + scalar.to_bytes(32, "little"))
    assert verify.point_of((verify.P + 1).to_bytes(32, "little")) is None
    assert not verify.signed(public[:31], b"", signature)
    assert not verify.signed(public, b"", signature[:63])


def decoded(words: Sequence[str] | None) -> list[bytes]:
    return [b64decode(word) for word in words or ()]


def test_all_published_proofs_are_accepted_and_refused_as_they_say() -> None:
    held = [one for name in ("inclusion.json", "consistency.json") for one in proofs(name)]
    for one in proofs("inclusion.json"):
        root, leaf = b64decode(one["root"] or ""), b64decode(one["leafHash"] or "")
        holds = verify.included(leaf, one["leafIdx"], one["treeSize"], decoded(one["proof"]), root)
        assert holds is not one["wantErr"], one
    for one in proofs("consistency.json"):
        roots = b64decode(one["root1"] or ""), b64decode(one["root2"] or "")
        holds = verify.leads_on(one["size1"], one["size2"], *roots, decoded(one["proof"]))
        assert holds is not one["wantErr"], one
    assert len(held) in (0, 196)


@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.lists(st.uuids().map(str), min_size=1, max_size=12, unique=True), min_size=1),
    st.data(),
)
def test_it_draws_what_the_service_draws(strata: dict[str, list[str]], data: st.DataObject) -> None:
    key = data.draw(st.binary(min_size=32, max_size=32))
    confidence, margin = data.draw(st.sampled_from([0.8, 0.9, 0.95])), data.draw(st.sampled_from([0.05, 0.1, 0.2]))
    population = sum(map(len, strata.values()))
    n = sampling.sample_size(population, confidence=confidence, margin=margin)
    assert verify.sample_size(population, confidence, margin) == n
    assert verify.draw(strata, n, key) == sampling.draw(strata, n, key)


def test_the_published_draw_is_drawn() -> None:
    published = document("sampling.json").get("reproducible_draw")
    if published:
        order = verify.in_order(published["frame"], bytes.fromhex(published["seed_hex"]))
        assert order == published["order"]


def test_a_key_is_one_of_its_kind_with_its_number() -> None:
    log = notes.make_signer("log.invalid/1", seed=bytes(32)).verifier
    assert verify.read_key(log.vkey, 1).public == log.public
    with pytest.raises(Wrong, match="witness"):
        verify.read_key(log.vkey, 4)
    with pytest.raises(Wrong, match="number"):
        verify.read_key(log.vkey.replace(log.key_id.hex(), "00000000"), 1)


@given(st.text())
def test_no_text_makes_the_reader_of_checkpoints_fail_otherwise(said: str) -> None:
    with pytest.raises(Wrong):
        verify.read_head(said.encode("utf-8", "surrogatepass"), Trust(verify.Key("log.invalid/1", 1, bytes(32))))


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(b"PK\x03\x04 and then nothing")
    key = notes.make_signer("log.invalid/1", seed=bytes(32)).verifier.vkey
    asked = [sys.executable, "-I", "-S", verify.__file__, str(file), "--log-key", key]
    done = subprocess.run([*asked, "--no-witness"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0][:6]) == (1, "WRONG:")
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 2


def entry(topic: str, **body: str) -> verify.Entry:
    return verify.Entry(1, 1, topic, None, body)


def test_a_sample_is_followed_through_its_replacements_and_what_was_added_beside_it() -> None:
    refs, key = [f"X{number:06}" for number in range(1, 13)], bytes(32)
    order = sampling.draw_order(refs, key)
    history = [
        entry("sampled-case-replaced", crn=order[1], stratum="all", replacement=order[4]),
        entry("sampled-case-replaced", crn=order[4], stratum="all", replacement=order[5]),
        entry("sample-widened", crn="X000099"),
    ]
    found = verify.Found()
    became = verify._since_drawn(history, {"all": refs}, {"all": order[:4]}, key, found)
    assert became == [order[0], order[5], order[2], order[3], "X000099"]
    assert found.said == ["2 of them replaced, each by the next in the order of drawing; 1 added beside the sample."]


@pytest.mark.parametrize(("crn", "replacement"), [(1, 5), (1, 3), (6, 4)])
def test_a_replacement_out_of_its_turn_or_of_a_case_that_was_not_drawn_is_named(crn: int, replacement: int) -> None:
    refs, key = [f"X{number:06}" for number in range(1, 13)], bytes(32)
    order = sampling.draw_order(refs, key)
    wrong = entry("sampled-case-replaced", crn=order[crn], stratum="all", replacement=order[replacement])
    with pytest.raises(Wrong, match=f"case {order[replacement]} is not the next in the order of drawing"):
        verify._since_drawn([wrong], {"all": refs}, {"all": order[:4]}, key, verify.Found())
