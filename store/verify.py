"""Checks a bundle of an inspection, offline: what it holds was recorded, when, in this order, and nothing of its cases is missing.

    python3 verify.py bundle.zip --log-key KEY --witness-key KEY

One file, nothing but the standard library of Python 3.11 or later, no network. Keys come from the command line and never from the
bundle, because a forger would put in his own. The exit status is 0 only if everything holds, 1 if something does not, and 2 if it was
not asked rightly.

It proves order, time of recording and completeness. It does NOT prove that a contact took place, and of the texts, findings and
reports in the bundle only that they are the files that its manifest lists.
"""

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import math
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

FORMAT = "throughline-bundle/v1"
NOT_PROVED = (
    "That a contact took place, or took place when an entry says so: occurred_at is what somebody claimed.",
    "Anything that was never entered, and anything recorded after the checkpoint of this bundle.",
    "The opened texts, findings and reports: they are what the service made of the entries when the bundle was made.",
    "Anything at all, to whoever trusts keys or a verify.py that came with the bundle.",
)
"""What stands in every manifest, word for word."""
EMPTY = hashlib.sha256(b"").digest()
NAMESPACE = UUID("6f1f0a52-6f0e-5d7e-9d3a-2f0c4f2b7a10")
"""The root of the ids of streams: the id of a case follows from its reference."""
LARGEST = 1 << 30
"""Bytes of one file of a bundle; what is larger is not read."""
TOGETHER = 1 << 32
"""Bytes of all files of a bundle."""
MOST = 100_000
"""Files of a bundle."""


class Wrong(Exception):
    """Something that does not hold, in words that name it."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)


def unpacked(word: Any) -> bytes:
    """Base64, written in the one way in which these bytes are."""
    try:
        data = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError, TypeError) as e:
        raise Wrong("what should be base64 is not") from e
    must(packed(data) == word, "what should be base64 is not")
    return data


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


def hashes(words: Any) -> list[bytes]:
    """The steps of a proof."""
    must(isinstance(words, list), "a proof is a list of hashes")
    found = [unpacked(word) for word in words]
    must(are_hashes(*found), "a proof is a list of hashes")
    return found


def parsed(text: bytes) -> Any:
    """JSON that every program reads alike: a key stands once, and a number is a number."""
    try:
        return json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as e:
        raise Wrong("what should be JSON is not") from e


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    must(len(found) == len(pairs), "a key stands twice in one place")
    return found


def _no_number(word: str) -> Any:
    raise Wrong(f"{word} is no number")


# ---- Ed25519 (RFC 8032) ----------------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
"""Extended coordinates: x = X/Z, y = Y/Z, x*y = T/Z."""


def added(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = added(result, point)
        point = added(point, point)
        scalar >>= 1
    return result


def point_of(data: bytes) -> Point | None:
    """The point that 32 bytes stand for; None when they stand for none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the private half of this key made this signature of this message (RFC 8032, 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE is None or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(s, BASE), added(r, times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# ---- Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ------------------------------


@dataclass(frozen=True)
class Key:
    """A public key with its name; kind 1 signs notes, kind 4 cosigns checkpoints with the time at which it saw them."""

    name: str
    kind: int
    public: bytes

    @property
    def number(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


def read_key(word: str, kind: int) -> Key:
    parts = word.strip().split("+", 2)
    must(len(parts) == 3, f"{word!r} is no key: a key is a name, a number and the key with a plus between them")
    data = unpacked(parts[2])
    must(len(data) == 33 and data[0] == kind, f"{parts[0]} is no Ed25519 key of {'a log' if kind == 1 else 'a witness'}")
    key = Key(parts[0], kind, data[1:])
    must(key.number.hex() == parts[1], f"the key of {key.name} is not the one that its number says")
    return key


@dataclass(frozen=True)
class Head:
    """A checkpoint that the log signed: how many entries, their root, and which witnesses saw it when."""

    size: int
    root: bytes
    seen: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Trust:
    """What the verifier was given from outside the bundle. `enough` is how many witnesses must have signed the newest checkpoint; `early`
    lets a frame pass that says neither how many cases were counted nor follows a commitment, because once there were neither."""

    log: Key
    witnesses: Sequence[Key] = ()
    enough: int = 0
    held: Sequence[str] = ()
    not_before: datetime | None = None
    early: bool = False


def read_head(said: bytes, trust: Trust) -> Head:
    """A checkpoint whose signature by the log holds, with those of the trusted witnesses."""
    try:
        before, blank, lines = said.decode().rpartition("\n\n")
    except UnicodeDecodeError as e:
        raise Wrong("the checkpoint is no text") from e
    text = (before + "\n").split("\n")
    must(bool(blank) and lines.endswith("\n") and len(text) == 4, "the checkpoint is not written as one")
    must(text[0] == trust.log.name, f"the checkpoint is of another log, {text[0]}")
    must(re.fullmatch(r"[1-9][0-9]{0,18}", text[1]) is not None, "the checkpoint has no number of entries")
    root = unpacked(text[2])
    must(len(root) == 32, "the checkpoint has no root")
    message = before + "\n"
    by_log, seen = False, {}
    for line in lines.removesuffix("\n").split("\n"):
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        must(match is not None, "a signature of the checkpoint is not written as one")
        assert match is not None
        name, value = match[1], unpacked(match[2])
        for key in (trust.log, *trust.witnesses):
            if (key.name, key.number) != (name, value[:4]):
                continue
            at = _signature(key, message, value[4:])
            by_log |= at is None
            if at is not None:
                seen[name] = at
    must(by_log, "no signature of the checkpoint is by the log's key")
    return Head(int(text[1]), root, seen)


def _signature(key: Key, text: str, value: bytes) -> datetime | None:
    """When a witness signed; None for the log, which says no time."""
    if key.kind == 1:
        must(signed(key.public, text.encode(), value), f"the signature of {key.name} under the checkpoint does not hold")
        return None
    at = int.from_bytes(value[:8], "big")
    holds = len(value) == 72 and at < 1 << 35 and signed(key.public, f"cosignature/v1\ntime {at}\n{text}".encode(), value[8:])
    must(holds, f"the signature of {key.name} under the checkpoint does not hold")
    return datetime.fromtimestamp(at, UTC)


# ---- The tree (RFC 9162) ---------------------------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def are_hashes(*values: bytes) -> bool:
    return all(len(value) == 32 for value in values)


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf stands at `index` in the tree of that size and root (2.1.3.2)."""
    if not 0 <= index < size or not are_hashes(leaf, root, *proof):
        return False
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def leads_on(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the larger tree begins with all of the smaller one (2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if not are_hashes(old_root, root, *proof):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not path:
        return False
    smaller = larger = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            smaller, larger = node(beside, smaller), node(beside, larger)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            larger = node(larger, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and smaller == old_root and larger == root


# ---- Entries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An entry that is proved to stand at its position. What it says is not shown of a withheld one."""

    position: int
    version: int
    topic: str = ""
    recorded_at: datetime | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


def fields(leaf: bytes) -> list[bytes]:
    """Stream, version, topic, time of recording, position, body, sealed text, command and the chain so far, as the leaf has them."""
    must(leaf.startswith(b"caseleaf/v1"), "is no entry of this kind of record")
    found, at = [], 11
    while at < len(leaf):
        end = at + 8 + int.from_bytes(leaf[at : at + 8], "big")
        must(end <= len(leaf) and at + 8 <= len(leaf), "was cut off")
        found.append(leaf[at + 8 : end])
        at = end
    must(len(found) == 9 and [len(found[i]) for i in (0, 1, 3, 4, 8)] == [16, 8, 8, 8, 32], "is not written as an entry")
    return found


def number(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)


def chained(stream: UUID, version: int, prior: bytes, leaf_hash: bytes) -> bytes:
    return hashlib.sha256(b"casechain/v1" + stream.bytes + version.to_bytes(8, "big") + prior + leaf_hash).digest()


def entries(text: bytes, stream: UUID, head: Head, *, withheld: bool = False) -> Iterator[tuple[Entry, bytes]]:
    """The entries of one stream from its first on, each with the chain up to it. Raises Wrong with the first version that does not hold."""
    prior = bytes(32)
    for version, line in enumerate(text.splitlines(), 1):
        try:
            one = parsed(line)
            must(isinstance(one, dict) and set(one) == {"index", "hash" if withheld else "leaf", "proof"}, "is not written as an entry")
            index, leaf = one["index"], unpacked(one["hash" if withheld else "leaf"])
            must(type(index) is int, "has no place in the log")
            entry = Entry(index + 1, version) if withheld else _read(leaf, stream, version, index, prior)
            hashed = leaf if withheld else hashlib.sha256(b"\x00" + leaf).digest()
            must(included(hashed, index, head.size, hashes(one["proof"]), head.root), "is not in the log as it stands here")
        except Wrong as e:
            raise Wrong(f"version {version} {e}") from e
        prior = chained(stream, version, prior, hashed)
        yield entry, prior


def _read(leaf: bytes, stream: UUID, version: int, index: int, prior: bytes) -> Entry:
    of, at, topic, micros, position, body, _, _, before = fields(leaf)
    must(of == stream.bytes, "belongs to another case")
    must(number(at) == version, f"is missing: version {number(at)} stands in its place")
    must(number(position) == index + 1, "says that it stands in another place of the log")
    must(before == prior, "does not follow from the entries before it: one of them was altered, removed or moved")
    try:
        recorded_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number(micros))
        return Entry(index + 1, version, topic.decode(), recorded_at, parsed(body))
    except (OverflowError, UnicodeDecodeError) as e:
        raise Wrong("is not written as an entry") from e


# ---- The bundle ------------------------------------------------------------------------------------------------------


class Files(Mapping[str, bytes]):
    """The files of a bundle by name, each read when it is asked for: of a zip, or of the folder that it was unpacked into."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path) if path.is_file() else None
        if self._zip:
            # As it stands in the zip: the library cuts a name off at a null character, and turns round the strokes of other systems.
            sizes = [(info.orig_filename, info.file_size) for info in self._zip.infolist()]
            self._read: Callable[[str], bytes] = self._zip.read
        else:
            within = sorted(islice((file for file in path.rglob("*") if file.is_file()), MOST + 1))
            sizes = [(file.relative_to(path).as_posix(), file.stat().st_size) for file in within]
            self._read = lambda name: (path / name).read_bytes()
        must(len(sizes) <= MOST, "the bundle has more files than are looked at")
        must(all(size <= LARGEST for _, size in sizes), "a file of the bundle is too large to be looked at")
        must(sum(size for _, size in sizes) <= TOGETHER, "the files of the bundle are together too large to be looked at")
        self._names = [name for name, _ in sizes]
        self._known = set(self._names)
        for name in self._names:
            must(is_name(name), f"{name!r} is no name of a file of a bundle")
        must(len({name.casefold() for name in self._names}) == len(sizes), "the bundle has two files of one name")

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __getitem__(self, name: str) -> bytes:
        if name not in self._known:
            raise KeyError(name)
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def is_name(name: str) -> bool:
    """Whether every system unpacks a file of this name to one place, within the folder of the bundle."""
    plain = name.isascii() and name.isprintable() and "\\" not in name
    return plain and not {"", ".", ".."} & set(name.split("/"))


def manifest_text(manifest: Mapping[str, Any]) -> bytes:
    """The one way in which a manifest is written, so that none of its bytes can be otherwise."""
    return json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


@dataclass
class Found:
    """What a bundle was found to be: what holds in words, and what does not."""

    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    entries: int = 0
    after: int = 0
    about_before: int = 0
    withheld: int = 0
    times: list[tuple[int, datetime]] = field(default_factory=list)


def check(files: Mapping[str, bytes], trust: Trust) -> Found:
    """Everything that there is to check. Nothing is believed that does not follow from the signed checkpoint."""
    found = Found()
    try:
        manifest = _manifest(files)
        head, heads = _checkpoints(files, trust, found)
        must((manifest["origin"], manifest["size"]) == (trust.log.name, head.size), "the manifest names another checkpoint")
        inspection = _inspection(files, manifest["reference"], head, heads, found)
        inspected = _sample(files, inspection, head, trust, found)
        _cases(files, inspection, inspected, head, found)
        _in_time(found.times, heads)
    except Wrong as e:
        found.faults.append(str(e))
    except KeyError as e:
        found.faults.append(f"{e.args[0]} is missing from the bundle")
    except Exception as e:  # whatever else somebody put in to make this fail, it is refused
        found.faults.append(f"the bundle is not written as one ({type(e).__name__}: {e})")
    return found


def check_at(path: Path, trust: Trust) -> Found:
    """The same of a zip, or of the folder that it was unpacked into."""
    try:
        files = Files(path)
    except Exception as e:  # as above
        return Found(faults=[f"this is no bundle that can be opened: {e}"])
    return check(files, trust)


def _manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    text = files["MANIFEST.json"]
    manifest = parsed(text)
    must(
        isinstance(manifest, dict) and set(manifest) == {"format", "origin", "size", "reference", "not_proved", "files"},
        "the manifest is not one",
    )
    must(manifest_text(manifest) == text, "the manifest is not written as it was made")
    must(manifest["format"] == FORMAT and manifest["not_proved"] == list(NOT_PROVED), "the manifest is not one of this kind of bundle")
    listed = manifest["files"]
    for name, said in listed.items():
        must(name in files, f"{name} is missing from the bundle")
        data = files[name]
        must(said == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}, f"{name} is not the file that the manifest lists")
    more = [name for name in files if name not in listed and name != "MANIFEST.json"]
    must(not more, f"{more[0] if more else ''} is not in the manifest")
    found: Mapping[str, Any] = manifest
    return found


def _checkpoints(files: Mapping[str, bytes], trust: Trust, found: Found) -> tuple[Head, list[Head]]:
    """The newest checkpoint and all of them, each shown to begin with the one before it."""
    newest = read_head(files["checkpoint.txt"], trust)
    earlier = [read_head(files[name], trust) for name in sorted(files) if name.startswith("checkpoints/") and name.endswith(".txt")]
    heads = sorted([*earlier, newest], key=lambda head: head.size)
    must(heads[-1].size == newest.size, "checkpoint.txt is not the newest checkpoint")
    proofs = parsed(files["checkpoints/consistency.json"])
    must(len(proofs) == len(heads) - 1, "there is not one proof between each checkpoint and the next")
    for one, after, proof in zip(heads, heads[1:], proofs, strict=False):
        holds = leads_on(one.size, after.size, one.root, after.root, hashes(proof))
        must(holds, f"a fork: the checkpoint of {after.size} entries does not begin with the one of {one.size}")
    _held(trust, heads)
    must(
        len(newest.seen) >= trust.enough, f"{len(newest.seen)} of the witnesses signed the newest checkpoint, and {trust.enough} must have"
    )
    if trust.not_before is not None:
        recent = bool(newest.seen) and max(newest.seen.values()) >= trust.not_before
        must(recent, f"heads are withheld: no witness saw the newest checkpoint at or after {trust.not_before:%Y-%m-%d %H:%M}")
    found.said.append(f"Log {trust.log.name}, checkpoint of {newest.size:,} entries{_seen(newest)}.")
    found.said.append(f"{len(heads)} checkpoints, each of them beginning with the one before it.")
    return newest, heads


def _held(trust: Trust, heads: Sequence[Head]) -> None:
    """Each checkpoint that somebody outside holds must be one of those that the bundle leads up to."""
    roots = {head.size: head.root for head in heads}
    for said in trust.held:
        held = read_head(said.encode(), trust)
        must(
            held.size <= heads[-1].size,
            f"heads are withheld: you hold a checkpoint of {held.size} entries, and the newest here is of {heads[-1].size}",
        )
        must(
            held.size in roots, f"heads are withheld: the checkpoint of {held.size} entries that you hold is not among those of the bundle"
        )
        must(roots[held.size] == held.root, f"a fork: the checkpoint of {held.size} entries that you hold has another root")


def _seen(head: Head) -> str:
    return "".join(f", seen by {name} on {at:%Y-%m-%d %H:%M:%S} UTC" for name, at in sorted(head.seen.items()))


def _inspection(files: Mapping[str, bytes], reference: str, head: Head, heads: Sequence[Head], found: Found) -> list[Entry]:
    stream = uuid5(NAMESPACE, f"inspection:{reference}")
    try:
        history = [entry for entry, _ in entries(files["inspection/entries.ndjson"], stream, head)]
        must(bool(history) and history[0].topic == "inspection-announced", "was not announced")
        must(history[0].body["reference"] == reference, "was announced under another reference")
    except Wrong as e:
        raise Wrong(f"inspection {reference}: {e}") from e
    announced = history[0]
    covered = next(one for one in heads if one.size >= announced.position)
    found.said.append(f"Inspection {reference} of {announced.body['provider']}, announced at position {announced.position:,},")
    found.said.append(
        f"  recorded on {announced.recorded_at:%Y-%m-%d %H:%M:%S} UTC, under a checkpoint of {covered.size:,} entries{_seen(covered)}."
    )
    found.times += [(entry.position, entry.recorded_at) for entry in history if entry.recorded_at]
    return history


SKEW = timedelta(minutes=5)
"""How far the clock of a witness may go before that of the record."""


def _in_time(times: Sequence[tuple[int, datetime]], heads: Sequence[Head]) -> None:
    """Entries were recorded one after the other, and none of them before a witness saw the log without it."""
    ordered = sorted(times)
    for (position, at), (_, after) in pairwise(ordered):
        must(at <= after, f"the entry after position {position} says that it was recorded before it")
    for head in heads:
        following = min((at for position, at in ordered if position > head.size), default=None)
        for name, seen_at in head.seen.items():
            honest = following is None or following >= seen_at - SKEW
            must(honest, f"an entry after position {head.size} says that it was recorded before {name} saw the log without it")


# ---- The sample, drawn again -----------------------------------------------------------------------------------------


def only(history: Sequence[Entry], topic: str, otherwise: str) -> Entry:
    """The only entry of a kind that there can be but one of."""
    found = [entry for entry in history if entry.topic == topic]
    must(len(found) == 1, otherwise)
    return found[0]


def _sample(files: Mapping[str, bytes], history: Sequence[Entry], head: Head, trust: Trust, found: Found) -> list[str]:
    """The cases that are inspected: the frame is the one that was fixed, and drawing from it again gives the sample."""
    fixed = only(history, "frame-fixed", "the frame of the inspection was not fixed, or was fixed twice")
    drawn = only(history, "sample-drawn", "the sample of the inspection was not drawn, or was drawn twice")
    frame, sample, shown = fixed.body, drawn.body, parsed(files["frame.json"])
    must(isinstance(shown, dict) and set(shown) == {"frame", "sample", "proof"}, "frame.json is not written as one")
    must(shown["frame"] == frame and shown["sample"] == sample, "frame.json is not what was recorded of frame and sample")
    must(fixed.position < drawn.position, "the sample was drawn before its frame was fixed")
    references = _framed(frame, history[0], trust, found)
    root, nonce = bytes.fromhex(frame["ledger_root"]), bytes.fromhex(sample["nonce"])
    leads = leads_on(frame["known_at"], head.size, root, head.root, hashes(shown["proof"]))
    must(leads and frame["known_at"] < fixed.position, "the log does not begin with the one that the frame was taken from")
    _committed(history, fixed, nonce, trust, found)
    seed = hashlib.sha256(b"sample/v1\n" + root + bytes.fromhex(frame["digest"]) + nonce).digest()
    must(seed.hex() == sample["seed"], "the seed of the sample does not follow from frame, root and nonce")
    n = sample_size(len(references), sample["confidence"], sample["margin"])
    must(draw(frame["strata"], n, seed) == sample["drawn"], "drawing again from the frame gives another sample")
    found.said.append(f"Frame of {len(references):,} cases with its digest; the sample of {n:,}, drawn again, is the same.")
    return _since_drawn(history, frame["strata"], sample["drawn"], seed, found)


def _framed(frame: Mapping[str, Any], announced: Entry, trust: Trust, found: Found) -> list[str]:
    """The cases of the frame: of the provider that the inspection was announced to, and with those left out all that were counted."""
    references = sorted(ref for refs in frame["strata"].values() for ref in refs)
    digest = hashlib.sha256("".join(f"{ref}\n" for ref in references).encode()).hexdigest()
    must(digest == frame["digest"] and len(set(references)) == len(references), "the frame is not the one that its digest is of")
    must(frame["specification"]["provider"] == announced.body["provider"], "the frame is of another provider than was announced")
    if trust.early and "counted" not in frame:
        found.said.append("The cases of the provider were not counted: whoever fixed the frame could have left some out of it.")
        return references
    explained = len(references) + sum(frame["left_out"].values())
    counted = frame.get("counted", 0)
    must(counted == explained, f"{counted} cases of the provider were counted, and the frame accounts for {explained}")
    return references


UNCOMMITTED = "The nonce was not committed to before the frame: whoever drew could have chosen it"


def _committed(history: Sequence[Entry], fixed: Entry, nonce: bytes, trust: Trust, found: Found) -> None:
    committed = [entry for entry in history if entry.topic == "nonce-committed"]
    if trust.early and not committed:
        found.said.append(f"{UNCOMMITTED}.")
        return
    must(bool(committed) and all(entry.position < fixed.position for entry in committed), UNCOMMITTED)
    same = hashlib.sha256(nonce).hexdigest() == committed[-1].body["commitment"]
    must(same, "the nonce is not the one that was committed to")


def _since_drawn(
    history: Sequence[Entry], strata: Mapping[str, Sequence[str]], drawn: Mapping[str, Sequence[str]], seed: bytes, found: Found
) -> list[str]:
    """The sample as it became: each replacement is the next in the order of drawing. Cases that it was widened by come last, but for those
    whose turn it was afterwards."""
    sample = {ref: stratum for stratum, refs in drawn.items() for ref in refs}
    gone, widened, replaced = set(sample), dict[str, None](), 0
    for entry in history:
        if entry.topic == "sample-widened":
            widened[entry.body["crn"]] = None
        if entry.topic != "sampled-case-replaced":
            continue
        case, replacement, stratum = entry.body["crn"], entry.body["replacement"], entry.body["stratum"]
        must(sample.get(case) == stratum, f"case {case} was replaced, and is not in the sample of its stratum")
        following = next((ref for ref in in_order(strata[stratum], seed) if ref not in gone), None)
        must(replacement == following, f"case {replacement} is not the next in the order of drawing")
        sample = {replacement if ref == case else ref: of for ref, of in sample.items()}
        gone.add(replacement)
        widened.pop(replacement, None)
        replaced += 1
    if replaced or widened:
        found.said.append(f"{replaced} of them replaced, each by the next in the order of drawing; {len(widened)} added beside the sample.")
    return [*sample, *(ref for ref in widened if ref not in sample)]


def sample_size(population: int, confidence: float, margin: float) -> int:
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    n0 = z * z * 0.25 / (margin * margin)
    return min(population, math.ceil(n0 / (1 + (n0 - 1) / population))) if population else 0


def draw(strata: Mapping[str, Sequence[str]], n: int, seed: bytes) -> dict[str, list[str]]:
    """Proportional shares by largest remainder; in each stratum, the first by HMAC-SHA-256 of the reference under the seed."""
    names = sorted(strata)
    total = sum(len(strata[name]) for name in names)
    quotas = {name: Fraction(n * len(strata[name]), total) for name in names}
    shares = {name: int(quotas[name]) for name in names}
    by_remainder = sorted(names, key=lambda name: (shares[name] - quotas[name], -len(strata[name]), names.index(name)))
    for name in by_remainder[: n - sum(shares.values())]:
        shares[name] += 1
    return {name: in_order(strata[name], seed)[: shares[name]] for name in names}


def in_order(references: Sequence[str], seed: bytes) -> list[str]:
    return sorted(references, key=lambda ref: hmac.digest(seed, ref.encode(), "sha256"))


# ---- The cases -------------------------------------------------------------------------------------------------------


def _cases(files: Mapping[str, bytes], history: Sequence[Entry], inspected: Sequence[str], head: Head, found: Found) -> None:
    """Every case that is inspected is there up to the entry that was stated in the log when the bundle was asked for."""
    must(history[-1].topic == "heads-stated", "the inspection does not end with a statement of how far its cases had come")
    stated = history[-1].body["heads"]
    found.said.append(f"Stated on {history[-1].recorded_at:%Y-%m-%d %H:%M:%S} UTC, how far each case had come:")
    for ref in inspected:
        must(ref in stated, f"case {ref} is inspected, and it is not stated how far it had come")
    for ref in stated:
        must(ref in inspected, f"case {ref} is stated, and it is not inspected")
    others = history[-1].body.get("streams", {})
    for kind, names in (("cases", stated), ("streams", others)):
        more = {name.split("/")[1] for name in files if name.startswith(f"{kind}/")} - {quote(name, safe="") for name in names}
        must(not more, f"{kind}/{min(more, default='')} is not among what was stated")
    for reference, said in sorted(stated.items()):
        with _named(f"case {reference}", found):
            _case(files, reference, said, history[0], head, found)
    for name, said in sorted(others.items()):
        with _named(name, found):
            read, _ = _stream(files, f"streams/{quote(name, safe='')}", name, said, head)
            found.times += [(entry.position, entry.recorded_at) for entry in read if entry.recorded_at]
            found.said.append(f"  {name}: whole, {len(read)} entries")
    found.said.append(
        f"{len(stated):,} cases, {found.withheld:,} of them withheld; {found.entries:,} entries,"
        f" {found.after:,} of them recorded after the announcement,"
        f" {found.about_before:,} of those about a time before it."
    )


@contextmanager
def _named(name: str, found: Found) -> Iterator[None]:
    """What does not hold of one stream is said with its name, and the others are looked at all the same."""
    try:
        yield
    except Wrong as e:
        found.faults.append(f"{name}: {e}")
    except KeyError as e:
        found.faults.append(f"{name}: {e.args[0]} is missing from the bundle")


def _stream(files: Mapping[str, bytes], folder: str, name: str, said: Mapping[str, Any], head: Head) -> tuple[list[Entry], bytes]:
    """The entries of a stream, all that were stated, and the line of the last one; nothing of it where they are withheld."""
    withheld = f"{folder}/entries.ndjson" not in files
    text = files[f"{folder}/{'withheld' if withheld else 'entries'}.ndjson"]
    read = [*entries(text, uuid5(NAMESPACE, name), head, withheld=withheld)]
    must(bool(read), "has no entries")
    reached = len(read)
    must(reached == said["version"], f"ends at version {reached}, and it was stated in the log that it had come to {said['version']}")
    must(read[-1][1].hex() == said["hash"], f"version {reached} is not the one that was stated in the log")
    return [entry for entry, _ in read], b"" if withheld else text.splitlines()[-1]


def _case(files: Mapping[str, bytes], reference: str, said: Mapping[str, Any], announced: Entry, head: Head, found: Found) -> None:
    folder = f"cases/{quote(reference, safe='')}"
    history, line = _stream(files, folder, f"case:{reference}", said, head)
    withheld = not line
    if not withheld:
        _same_proof(files[f"{folder}/head.tlog-proof"], line, files["checkpoint.txt"])
    found.times += [(entry.position, entry.recorded_at) for entry in history if entry.recorded_at]
    since = [entry for entry in history if entry.position > announced.position]
    about_before = sum(_about_before(entry, announced) for entry in since)
    found.entries += len(history)
    found.after += len(since)
    found.about_before += about_before
    found.withheld += withheld
    what = "withheld: its entries are shown by their hashes" if withheld else f"{about_before} of those about a time before it"
    found.said.append(f"  case {reference}: whole, {len(history)} entries, {len(since)} recorded after the announcement, {what}")


def _same_proof(said: bytes, line: bytes, checkpoint: bytes) -> None:
    """The proof for other programs (C2SP tlog-proof) says the same as the line of the last entry."""
    one = parsed(line)
    lines = ["c2sp.org/tlog-proof@v1", f"extra {one['leaf']}", f"index {one['index']}", *one["proof"]]
    must(said == "\n".join(lines).encode() + b"\n\n" + checkpoint, "its head.tlog-proof is not that of its last entry")


def _about_before(entry: Entry, announced: Entry) -> bool:
    claimed, told = entry.body.get("occurred_at"), announced.recorded_at
    return isinstance(claimed, str) and told is not None and datetime.fromisoformat(claimed) < told


# ---- Asking it -------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(
        description="Checks a bundle of an inspection, offline.", epilog="Exit status: 0 only if everything holds."
    )
    asked.add_argument("bundle", type=Path, help="the zip, or the folder that it was unpacked into")
    asked.add_argument("--log-key", required=True, help="the public key of the log, which you got by another way")
    asked.add_argument("--witness-key", action="append", default=[], help="the public key of a witness whose word you take; once for each")
    asked.add_argument("--witnesses", type=int, help="how many of them must have signed the newest checkpoint; else all")
    asked.add_argument(
        "--no-witness", action="store_true", help="do without: then whoever holds the log's key can have made the whole log anew"
    )
    asked.add_argument("--held", type=Path, action="append", default=[], help="a checkpoint that you hold: the bundle must lead up to it")
    asked.add_argument(
        "--not-before", type=datetime.fromisoformat, help="when a witness must have seen the newest checkpoint at the earliest"
    )
    asked.add_argument(
        "--early-frame",
        action="store_true",
        help="take a frame from before cases were counted and nonces committed to; what that leaves open is said",
    )
    given = asked.parse_args(arguments)
    if bool(given.witness_key) == given.no_witness:
        asked.error("give the key of a witness, or say --no-witness")
    try:
        witnesses = [read_key(word, 4) for word in given.witness_key]
        enough = len(witnesses) if given.witnesses is None else given.witnesses
        moment = given.not_before.astimezone(UTC) if given.not_before else None
        held = [file.read_text("utf-8") for file in given.held]
        trust = Trust(read_key(given.log_key, 1), witnesses, enough, held, moment, given.early_frame)
    except (Wrong, OSError, ValueError) as e:
        print(f"{e}", file=sys.stderr)
        return 2
    found = check_at(given.bundle, trust)
    for line in (*found.said, *(f"WRONG: {fault}" for fault in found.faults)):
        print(line)
    print("NOT VERIFIED." if found.faults else "VERIFIED: order, time of recording and completeness.")
    print("This does not show that a contact took place.")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
