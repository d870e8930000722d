"""Signed notes: text with signature lines by named keys, as C2SP signed-note has it, with Ed25519; and cosignatures, which carry a time.

A note's text means nothing until `opened` has found the signature of a key that is trusted.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NOTE, COSIGNATURE = 1, 4
"""Kinds of signature: of the text itself, and of a checkpoint with the time at which it was seen."""
LONGEST = 64_000
"""Characters of a note; what is longer is not looked at."""
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Malformed(ValueError):
    """What was to be a note, a signature line, a key or a checkpoint is not written as one."""


class Unsigned(ValueError):
    """No key that is trusted signed this note, or one that is trusted did not sign it like this."""


class Signature(msgspec.Struct, frozen=True):
    """A signature line. `value` is what follows the key's number: 64 bytes, in a cosignature 8 with the time before them."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {encoded(self.key_id + self.value)}\n"


class Verifier(msgspec.Struct, frozen=True):
    """A public key with its name and the kind of signature it is for."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as one word, as the checksum database of Go writes it."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def holds(self, text: str, signature: Signature) -> bool:
        """Whether this key made this signature of this text."""
        value, message = signature.value, text
        if self.kind == COSIGNATURE:
            if len(value) != 72:
                return False
            message, value = _seen(text, timestamp(signature)), value[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, message.encode())
        except InvalidSignature:
            return False
        return True


class Signer(NamedTuple):
    """A private key with its public half."""

    verifier: Verifier
    private: Ed25519PrivateKey

    @property
    def skey(self) -> str:
        """The private key as one word, for the file that it is kept in."""
        seed = encoded(bytes([self.verifier.kind]) + self.private.private_bytes_raw())
        return f"PRIVATE+KEY+{self.verifier.name}+{self.verifier.key_id.hex()}+{seed}"

    def sign(self, text: str) -> Signature:
        """ValueError when this key is for cosignatures, which need a time."""
        if self.verifier.kind != NOTE:
            raise ValueError("this key only cosigns")
        return Signature(self.verifier.name, self.verifier.key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, at: int) -> Signature:
        """That this checkpoint was seen at a time, in seconds since 1970, and led on from all that were seen before it."""
        if self.verifier.kind != COSIGNATURE:
            raise ValueError("this key does not cosign")
        value = at.to_bytes(8, "big") + self.private.sign(_seen(text, at).encode())
        return Signature(self.verifier.name, self.verifier.key_id, value)


def _seen(text: str, at: int) -> str:
    return f"cosignature/v1\ntime {at}\n{text}"


def timestamp(cosignature: Signature) -> int:
    """When a cosignature says that it was made, in seconds since 1970."""
    return int.from_bytes(cosignature.value[:8], "big")


# ---- Keys ------------------------------------------------------------------------------------------------------------


def make_signer(name: str, kind: int = NOTE, seed: bytes | None = None) -> Signer:
    """A new key, or the one of a seed of 32 bytes. Raises Malformed for a name with spaces or a plus."""
    if not _NAME.fullmatch(name):
        raise Malformed(f"{name!r} cannot name a key: it must not be empty or hold spaces or a plus")
    private = Ed25519PrivateKey.from_private_bytes(seed) if seed is not None else Ed25519PrivateKey.generate()
    return Signer(Verifier(name, kind, private.public_key().public_bytes_raw()), private)


def read_vkey(vkey: str) -> Verifier:
    """A public key from its word. Raises Malformed."""
    name, key_id, word = _parts(vkey)
    kind, public = _key(word)
    found = Verifier(name, kind, public)
    if found.key_id.hex() != key_id:
        raise Malformed("the key is not the one that its number says")
    return found


def read_skey(skey: str) -> Signer:
    """A private key from its word. Raises Malformed, without saying what it holds."""
    words = skey.strip()
    if not words.startswith("PRIVATE+KEY+"):
        raise Malformed("this is not a private key")
    name, key_id, word = _parts(words.removeprefix("PRIVATE+KEY+"))
    kind, seed = _key(word)
    signer = make_signer(name, kind, seed)
    if signer.verifier.key_id.hex() != key_id:
        raise Malformed("the key is not the one that its number says")
    return signer


def _parts(word: str) -> tuple[str, str, str]:
    parts = word.split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise Malformed("a key is written as name, number and key with a plus between them")
    return parts[0], parts[1], parts[2]


def _key(word: str) -> tuple[int, bytes]:
    data = decoded(word)
    if len(data) != 33 or data[0] not in (NOTE, COSIGNATURE):
        raise Malformed("only keys of Ed25519, for notes or for cosignatures, are known here")
    return data[0], data[1:]


def encoded(data: bytes) -> str:
    """Bytes in base64."""
    return base64.b64encode(data).decode()


def decoded(word: str) -> bytes:
    """Base64 that is written in the one way in which these bytes are. Raises Malformed."""
    try:
        data = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError) as e:
        raise Malformed("this is not base64") from e
    if encoded(data) != word:
        raise Malformed("this is not base64")
    return data


# ---- Notes -----------------------------------------------------------------------------------------------------------


def note(text: str, signatures: Iterable[Signature]) -> str:
    """A text with its signatures. Raises Malformed for a text that a note cannot hold."""
    if not text.endswith("\n") or _UNSEEN.search(text):
        raise Malformed("the text of a note ends in a line feed and holds no other control characters")
    return f"{text}\n{''.join(signature.line for signature in signatures)}"


def read_note(said: str) -> tuple[str, list[Signature]]:
    """The text and the signatures of a note, none of which has been looked at. Raises Malformed."""
    if len(said) > LONGEST or _UNSEEN.search(said):
        raise Malformed("a note is text of limited length without control characters")
    before, blank, lines = said.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Malformed("a note has an empty line between its text and its signatures, and ends in a line feed")
    return before + "\n", [read_signature(line) for line in lines.removesuffix("\n").split("\n")]


def read_signature(line: str) -> Signature:
    """A signature line without its line feed. Raises Malformed."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise Malformed("a signature is written as a dash, the name of its key and base64")
    data = decoded(match[2])
    if len(data) < 5:
        raise Malformed("a signature has the number of its key before it")
    return Signature(match[1], data[:4], data[4:])


def opened(said: str, trusted: Iterable[Verifier]) -> tuple[str, list[Signature]]:
    """The text of a note with those of its signatures that trusted keys made, at least one.

    Signatures by others are passed over, even under the name or the number of a trusted key. Raises Malformed, or Unsigned when a trusted
    key's signature does not hold or there is none.
    """
    text, signatures = read_note(said)
    known = {(key.name, key.key_id): key for key in trusted}
    found = []
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.holds(text, signature):
            raise Unsigned(f"the signature of {key.name} does not hold")
        found.append(signature)
    if not found:
        raise Unsigned("no key that is trusted signed this note")
    return text, found


# ---- Checkpoints -----------------------------------------------------------------------------------------------------


class Head(msgspec.Struct, frozen=True):
    """What a checkpoint says: which log it is of, how many leaves it had, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def read_head(text: str) -> Head:
    """A checkpoint from the text of a note (C2SP tlog-checkpoint). Lines of others after the third are passed over. Raises Malformed."""
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise Malformed("a checkpoint has at least three lines, none of them empty")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise Malformed("the second line of a checkpoint is a number of leaves")
    root = decoded(lines[2])
    if len(root) != 32:
        raise Malformed("the third line of a checkpoint is a root of 32 bytes")
    return Head(lines[0], int(lines[1]), root)
