"""Signed notes, their keys, and cosignatures: published ones open, and nothing that was changed does."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import notes
from store.notes import (
    COSIGNATURE,
    Head,
    Malformed,
    Signature,
    Unsigned,
    make_signer,
    note,
    opened,
    read_head,
    read_note,
    read_skey,
    read_vkey,
)
from tests.vectors import document

# The note in the documentation of Go's checksum database, for a checkout without the vectors beside it.
PUBLISHED = document("signed_note_ed25519.json")
OF_GO = PUBLISHED.get("signed_note") or {
    "vkey": "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "text": "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    "sig_line_b64": "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
}
PETER = read_vkey(OF_GO["vkey"])
NOTE = f"{OF_GO['text']}\n— PeterNeumann {OF_GO['sig_line_b64']}\n"
KEYS = PUBLISHED.get("vkey_key_ids") or {
    "ok": [
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ],
    "must_reject": ["bananas.sigstore.dev+12344556", "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!"],
}
OF_RFC = PUBLISHED.get("rfc8032_test1") or {
    "secret": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "public": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "msg_hex": "",
    "sig": "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
}
SEEN = PUBLISHED.get("cosignature_timestamp") or {
    "sig_b64": "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==",
    "posix_time": 1727964367,
}
SEED, OTHER_SEED = bytes(range(32)), bytes(range(1, 33))
LOG = make_signer("log.invalid/1", seed=SEED)
WITNESS = make_signer("witness.invalid/w1", COSIGNATURE, seed=OTHER_SEED)
HEAD = Head("log.invalid/1", 20852163, bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"))


# ---- Published ones --------------------------------------------------------------------------------------------------------


def test_the_signature_of_the_standard_s_first_key_is_the_published_one() -> None:
    signer = make_signer("a", seed=bytes.fromhex(OF_RFC["secret"]))
    assert signer.verifier.public.hex() == OF_RFC["public"]
    assert signer.sign(bytes.fromhex(OF_RFC["msg_hex"]).decode()).value.hex() == OF_RFC["sig"]


def test_the_published_note_opens_with_its_key() -> None:
    text, signatures = opened(NOTE, [PETER])
    assert text == OF_GO["text"]
    assert [signature.name for signature in signatures] == ["PeterNeumann"]
    assert note(text, signatures) == NOTE


@pytest.mark.parametrize("vkey", KEYS["ok"])
def test_published_keys_are_read_with_their_numbers_and_written_as_they_were(vkey: str) -> None:
    key = read_vkey(vkey)
    assert key.vkey == vkey
    assert key.key_id.hex() == vkey.split("+")[1]


@pytest.mark.parametrize(
    "vkey", [*KEYS["must_reject"], "", "a", "a+b", f"{OF_GO['vkey']}A", OF_GO["vkey"].replace("c74f20a3", "c74f20a4"), "+c74f20a3+ARpc"]
)
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(Malformed):
        read_vkey(vkey)


def test_a_key_of_another_kind_than_those_of_ed25519_is_refused() -> None:
    with pytest.raises(Malformed, match="Ed25519"):
        read_vkey("a+12345678+" + "Ag" + "A" * 42)


def test_the_time_of_a_cosignature_is_the_published_one() -> None:
    data = b64decode(SEEN["sig_b64"])
    assert len(data) == 76
    assert notes.timestamp(Signature("any", data[:4], data[4:])) == SEEN["posix_time"]


# ---- Notes ------------------------------------------------------------------------------------------------------------------


@given(st.integers(0, len(OF_GO["text"].encode()) - 1), st.integers(1, 127))
def test_a_published_note_with_any_byte_of_its_text_changed_does_not_open(at: int, by: int) -> None:
    data = bytearray(NOTE.encode())
    data[at] ^= by
    with pytest.raises((Malformed, Unsigned)):
        opened(data.decode("utf-8", "replace"), [PETER])


@given(st.binary(min_size=1, max_size=4), st.data())
def test_a_note_of_ours_with_any_bytes_changed_says_the_same_or_does_not_open(put: bytes, data: st.DataObject) -> None:
    said = note(HEAD.text, [LOG.sign(HEAD.text)]).encode()
    at = data.draw(st.integers(0, len(said) - 1))
    try:
        changed = (said[:at] + put + said[at + len(put) :]).decode()
        text, _ = opened(changed, [LOG.verifier])
    except ValueError:
        return
    assert text == HEAD.text


def test_a_note_by_nobody_who_is_trusted_does_not_open() -> None:
    with pytest.raises(Unsigned, match="no key that is trusted"):
        opened(NOTE, [LOG.verifier])
    with pytest.raises(Unsigned, match="no key that is trusted"):
        opened(NOTE, [])


def test_signatures_of_others_are_passed_over_even_under_a_trusted_name() -> None:
    stranger = make_signer("log.invalid/1", seed=OTHER_SEED)
    said = note(HEAD.text, [stranger.sign(HEAD.text), LOG.sign(HEAD.text)])
    text, signatures = opened(said, [LOG.verifier])
    assert text == HEAD.text
    assert [signature.key_id for signature in signatures] == [LOG.verifier.key_id]


def test_a_trusted_key_s_signature_that_does_not_hold_spoils_the_note_whoever_else_signed() -> None:
    false = Signature(LOG.verifier.name, LOG.verifier.key_id, bytes(64))
    said = note(HEAD.text, [false, WITNESS.cosign(HEAD.text, 1)])
    with pytest.raises(Unsigned, match="does not hold"):
        opened(said, [LOG.verifier, WITNESS.verifier])


@pytest.mark.parametrize("value", [b"\0", bytes(63), bytes(65), bytes(72)])
def test_a_signature_of_another_length_does_not_hold(value: bytes) -> None:
    assert not LOG.verifier.holds(HEAD.text, Signature(LOG.verifier.name, LOG.verifier.key_id, value))
    assert not WITNESS.verifier.holds(HEAD.text, Signature(WITNESS.verifier.name, WITNESS.verifier.key_id, value))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        f"text\n— PeterNeumann {OF_GO['sig_line_b64']}\n",
        NOTE.removesuffix("\n"),
        NOTE + "\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("JnAM=", "JnAM"),
        NOTE.replace("JnAM=", "JnAN="),
        NOTE.replace("PeterNeumann ", "Peter Neumann "),
        NOTE.replace("think", "th\tink"),
        NOTE.replace("\n", "\r\n"),
        "a" * notes.LONGEST + NOTE,
        "text\n\n— a AAAAAA==\n",
    ],
)
def test_what_is_not_written_as_a_note_is_refused(said: str) -> None:
    with pytest.raises(Malformed):
        read_note(said)


def test_a_text_may_hold_empty_lines_and_any_letters() -> None:
    text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
    assert opened(note(text, [LOG.sign(text)]), [LOG.verifier])[0] == text


@pytest.mark.parametrize("text", ["", "without an end", "a\ttab\n", "\0\n"])
def test_a_text_that_a_note_cannot_hold_is_not_written(text: str) -> None:
    with pytest.raises(Malformed):
        note(text, [])


# ---- Keys -------------------------------------------------------------------------------------------------------------------


def test_a_private_key_is_read_as_it_was_written() -> None:
    again = read_skey(LOG.skey + "\n")
    assert again.verifier == LOG.verifier
    assert again.sign("a\n") == LOG.sign("a\n")


@pytest.mark.parametrize("skey", ["", OF_GO["vkey"], LOG.skey[:-4], LOG.skey.replace("log.invalid/1", "log.invalid/2")])
def test_what_is_no_private_key_is_refused_without_saying_what_it_holds(skey: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_skey(skey)
    assert LOG.skey[-20:] not in str(refused.value)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b"])
def test_a_key_has_a_name_without_spaces_and_pluses(name: str) -> None:
    with pytest.raises(Malformed, match="cannot name a key"):
        make_signer(name)


def test_keys_are_new_each_time() -> None:
    assert make_signer("a").verifier != make_signer("a").verifier


# ---- Checkpoints ------------------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_three_lines() -> None:
    assert HEAD.text == "log.invalid/1\n20852163\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    assert read_head(HEAD.text) == HEAD
    assert read_head(HEAD.text + "a line of others\n") == HEAD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        HEAD.text.removesuffix("\n"),
        HEAD.text.replace("log.invalid/1", ""),
        HEAD.text.replace("20852163", "020852163"),
        HEAD.text.replace("20852163", "-1"),
        HEAD.text.replace("20852163", "1" * 20),
        HEAD.text.replace("20852163", "٣"),
        HEAD.text.replace("Xcna", "Xcn"),
        HEAD.text.replace("gQyg=", "gQyh="),
        HEAD.text + "\n",
        "log\n1\nAAAA\n",
    ],
)
def test_what_is_not_written_as_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_head(text)


def test_a_cosignature_binds_the_checkpoint_and_the_time() -> None:
    cosigned = WITNESS.cosign(HEAD.text, 1_679_315_147)
    assert notes.timestamp(cosigned) == 1_679_315_147
    assert WITNESS.verifier.holds(HEAD.text, cosigned)
    assert not WITNESS.verifier.holds(HEAD.text.replace("20852163", "20852164"), cosigned)
    later = Signature(cosigned.name, cosigned.key_id, (1_679_315_148).to_bytes(8, "big") + cosigned.value[8:])
    assert not WITNESS.verifier.holds(HEAD.text, later)


def test_a_key_makes_signatures_of_its_own_kind_only() -> None:
    with pytest.raises(ValueError, match="only cosigns"):
        WITNESS.sign(HEAD.text)
    with pytest.raises(ValueError, match="does not cosign"):
        LOG.cosign(HEAD.text, 1)


def test_log_and_witness_open_one_note_together() -> None:
    said = note(HEAD.text, [LOG.sign(HEAD.text), WITNESS.cosign(HEAD.text, 1_679_315_147)])
    assert len(opened(said, [LOG.verifier, WITNESS.verifier])[1]) == 2
