"""The arithmetic of the verifier that goes into a bundle, against published values and the service's own, which shares no line with it."""

import hashlib
import json
import subprocess
import sys
import zipfile
from base64 import b64decode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("replacement", [5, 3])
def test_a_replacement_out_of_its_turn_is_named(replacement: int) -> None:
    refs, key = [f"X{number:06}" for number in range(1, 13)], bytes(32)
    order = sampling.draw_order(refs, key)
    wrong = entry("sampled-case-replaced", crn=order[1], stratum="all", replacement=order[replacement])
    with pytest.raises(Wrong, match=f"case {order[replacement]} is not the next in the order of drawing"):
        verify._since_drawn([wrong], {"all": refs}, {"all": order[:4]}, key, verify.Found())


STRATA = {"one": [f"X{number:06}" for number in range(1, 7)], "other": [f"X{number:06}" for number in range(7, 13)]}


def test_a_case_is_replaced_in_its_own_stratum_and_so_is_what_took_its_place() -> None:
    one, other = (sampling.draw_order(refs, bytes(32)) for refs in STRATA.values())
    drawn = {"one": one[:2], "other": other[:2]}

    def replaced(crn: str, stratum: str, replacement: str) -> verify.Entry:
        return entry("sampled-case-replaced", crn=crn, stratum=stratum, replacement=replacement)

    first = replaced(one[0], "one", one[2])
    assert verify._since_drawn([first], STRATA, drawn, bytes(32), verify.Found()) == [one[2], one[1], *other[:2]]
    elsewhere = replaced(one[0], "other", other[2])
    not_drawn = replaced(one[5], "one", one[2])
    afterwards = replaced(one[2], "other", other[2])
    for history in ([elsewhere], [not_drawn], [first, afterwards]):
        with pytest.raises(Wrong, match=f"case {history[-1].body['crn']} was replaced, and is not in the sample of its stratum"):
            verify._since_drawn(history, STRATA, drawn, bytes(32), verify.Found())


def test_a_case_that_was_added_beside_the_sample_and_then_had_its_turn_and_was_replaced_is_inspected_no_more() -> None:
    refs, key = [f"X{number:06}" for number in range(1, 13)], bytes(32)
    order = sampling.draw_order(refs, key)
    history = [
        entry("sample-widened", crn=order[2]),
        entry("sampled-case-replaced", crn=order[0], stratum="all", replacement=order[2]),
        entry("sampled-case-replaced", crn=order[2], stratum="all", replacement=order[3]),
    ]
    found = verify.Found()
    assert verify._since_drawn(history, {"all": refs}, {"all": order[:2]}, key, found) == [order[3], order[1]]
    assert found.said == ["2 of them replaced, each by the next in the order of drawing; 0 added beside the sample."]


# ---- The frame and the draw ------------------------------------------------------------------------------------------

NONCE = bytes(range(32))
ROOT = hashlib.sha256(b"the log").digest()
ALL = sorted(ref for refs in STRATA.values() for ref in refs)
DIGEST = hashlib.sha256("".join(f"{ref}\n" for ref in ALL).encode()).digest()
SEED = hashlib.sha256(b"sample/v1\n" + ROOT + DIGEST + NONCE).digest()
NEVER = verify.Key("log.invalid/1", 1, bytes(32))
Told = dict[str, dict[str, Any]]


def told() -> Told:
    """The bodies of an inspection whose frame leaves three of fifteen cases out, all the others drawn."""
    drawn = {name: sampling.draw_order(refs, SEED) for name, refs in STRATA.items()}
    return {
        "inspection-announced": {"reference": "INS-2026-001", "provider": "C10"},
        "nonce-committed": {"commitment": hashlib.sha256(NONCE).hexdigest()},
        "frame-fixed": {
            "specification": {"provider": "C10"},
            "strata": STRATA,
            "left_out": {"Recalled": 2, "Only unpaid work": 1},
            "counted": 15,
            "digest": DIGEST.hex(),
            "known_at": 1,
            "ledger_root": ROOT.hex(),
        },
        "sample-drawn": {"nonce": NONCE.hex(), "seed": SEED.hex(), "confidence": 0.99, "margin": 0.01, "drawn": drawn},
    }


def sampled(told: Told, *, early: bool = False, **more: Any) -> list[str]:
    """What is said of a sample whose inspection was told in this order."""
    history = [verify.Entry(at + 1, at, topic, None, body) for at, (topic, body) in enumerate(told.items(), 1)]
    shown = {"frame": told["frame-fixed"], "sample": told["sample-drawn"], "proof": [], **more}
    found = verify.Found()
    files = {"frame.json": json.dumps(shown).encode()}
    inspected = verify._sample(files, history, verify.Head(1, ROOT), Trust(NEVER, early=early), found)
    assert sorted(inspected) == ALL
    return found.said


DRAWN = "Frame of 12 cases with its digest; the sample of 12, drawn again, is the same."


def test_a_frame_of_all_who_were_counted_with_a_nonce_that_was_committed_to_before_holds() -> None:
    assert sampled(told()) == [DRAWN]


def test_a_nonce_that_was_committed_to_after_the_frame_or_not_at_all_is_refused() -> None:
    without = {topic: body for topic, body in told().items() if topic != "nonce-committed"}
    after = {**without, "nonce-committed": told()["nonce-committed"]}
    for wrong in (without, after):
        with pytest.raises(Wrong, match="The nonce was not committed to before the frame: whoever drew could have chosen it"):
            sampled(wrong)
    with pytest.raises(Wrong, match="was not committed to before"):
        sampled(after, early=True)


def test_a_frame_from_before_there_were_counts_and_commitments_passes_on_asking_and_what_that_leaves_open_is_said() -> None:
    early = told()
    del early["nonce-committed"], early["frame-fixed"]["counted"]
    with pytest.raises(Wrong, match="0 cases of the provider were counted, and the frame accounts for 15"):
        sampled(early)
    assert sampled(early, early=True) == [
        "The cases of the provider were not counted: whoever fixed the frame could have left some out of it.",
        "The nonce was not committed to before the frame: whoever drew could have chosen it.",
        DRAWN,
    ]


def test_a_draw_before_its_frame_a_frame_of_another_provider_and_one_that_hides_cases_are_refused() -> None:
    parts = told()
    early = {topic: parts[topic] for topic in ("inspection-announced", "nonce-committed", "sample-drawn", "frame-fixed")}
    with pytest.raises(Wrong, match="the sample was drawn before its frame was fixed"):
        sampled(early)
    another = told()
    another["frame-fixed"]["specification"] = {"provider": "C11"}
    with pytest.raises(Wrong, match="the frame is of another provider than was announced"):
        sampled(another)
    hides = told()
    hides["frame-fixed"]["counted"] = 16
    with pytest.raises(Wrong, match="16 cases of the provider were counted, and the frame accounts for 15"):
        sampled(hides, early=True)


# ---- What two programs could read differently ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"b": {"a": 1, "a": 1}}', "NaN", '{"a": -Infinity}', "[Infinity]", "{", "\ufeff1", "\ud800"]
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert verify.parsed(b'{"a": [1, {"a": 2}], "b": {"a": 3}}') == {"a": [1, {"a": 2}], "b": {"a": 3}}
    with pytest.raises(Wrong):
        verify.parsed(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(Wrong):
        verify.parsed("1".encode("utf-16"))


def test_a_frame_file_that_says_more_than_frame_sample_and_proof_is_refused() -> None:
    with pytest.raises(Wrong, match=r"frame\.json is not written as one"):
        sampled(told(), note="whatever else")


Pack = Callable[[Path, Sequence[tuple[str, bytes]]], Path]


def as_zip(at: Path, files: Sequence[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(at / "bundle.zip", "w") as out:
        for name, data in files:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is, which the library would not write otherwise
            out.writestr(info, data)
    return at / "bundle.zip"


def as_folder(at: Path, files: Sequence[tuple[str, bytes]]) -> Path:
    for name, data in files:
        file = at / "unpacked" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return at / "unpacked"


@pytest.mark.parametrize(
    "name",
    [
        "../verify.py",
        "cases/../verify.py",
        "./verify.py",
        "/verify.py",
        "cases//head",
        "cases/",
        "a\\b",
        "a\nb",
        "a\x00b",
        "a\x7fb",
        "cas\u0435s/head",
        "",
    ],
)
def test_a_file_that_could_be_unpacked_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="is no name of a file of a bundle"):
        verify.Files(as_zip(tmp_path, [("verify.py", b"1"), (name, b"2")]))


@pytest.mark.parametrize("pack", [as_zip, as_folder])
def test_files_whose_names_are_alike_but_for_large_letters_are_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="two files of one name"):
        verify.Files(pack(tmp_path, [("cases/X1/head", b"1"), ("Cases/x1/head", b"2")]))


@pytest.mark.parametrize("pack", [as_zip, as_folder])
@pytest.mark.parametrize(
    ("bound", "most", "words"), [("MOST", 2, "more files"), ("LARGEST", 4, "too large"), ("TOGETHER", 11, "together too large")]
)
def test_how_many_files_are_read_and_how_much_of_them_is_bounded_in_a_folder_too(
    pack: Pack, bound: str, most: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = pack(tmp_path, [("a", b"1234"), ("b/c", b"12345"), ("d", b"123")])
    assert dict(verify.Files(bundle)) == {"a": b"1234", "b/c": b"12345", "d": b"123"}
    monkeypatch.setattr(verify, bound, most)
    with pytest.raises(Wrong, match=words):
        verify.Files(bundle)
