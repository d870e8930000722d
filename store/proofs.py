"""A proof that one entry stands in the ledger, in one text that can be checked offline with the log's public key (C2SP tlog-proof).

It shows that these bytes were recorded at this place, at the time that the database then gave them, before the checkpoint was signed. The
personal text is in it only as it was sealed. It does not show that what the entry says took place.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from store import checkpoints, ledger, merkle, notes, tree, witnesses
from store.notes import COSIGNATURE, Malformed, Verifier

_HEAD = "c2sp.org/tlog-proof@v1"
_KIND = b"caseleaf/v1"
_ENTRY = """
select e.originator_id, e.originator_version, e.topic, e.state, e.sealed, e.recorded_at, e.notification_id, e.command_id, l.case_hash
from record.event e
left join record.event b on b.originator_id = e.originator_id and b.originator_version = e.originator_version - 1
left join record.leaf l on l.leaf_index = b.notification_id - 1
where e.notification_id = %s
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotProven(Exception):
    """The proof does not show that the entry is in the log."""


class Leaf(msgspec.Struct, frozen=True):
    """An entry as its leaf has it: where it stands in its stream and in the log, when it was recorded, and its bytes."""

    stream: UUID
    version: int
    topic: str
    recorded_at: datetime
    position: int
    state: bytes
    sealed: bytes
    command_id: UUID | None
    prior: bytes


class Proven(msgspec.Struct, frozen=True):
    """An entry that was shown to be in the log of that name, under a checkpoint of so many; and when which witnesses saw that."""

    leaf: Leaf
    origin: str
    size: int
    seen: tuple[tuple[str, datetime], ...]


def proof(conn: Connection[Any], position: int) -> str | None:
    """The proof of the entry at a position under the last checkpoint. None while it waits for one, or when there is none there."""
    newest = checkpoints.last(conn)
    row = conn.execute(_ENTRY.encode(), (position,)).fetchone()
    if newest is None or newest.size < position or row is None:
        return None
    data: bytes = ledger.leaf_data(*(*row[:8], row[8] or ledger.NO_PRIOR))
    steps = tree.inclusion(conn, position - 1, newest.size)
    return written(notes.encoded(data[1:]), position - 1, [*map(notes.encoded, steps)], witnesses.noted(conn, newest))


def written(leaf: str, index: int, steps: Sequence[str], note: str) -> str:
    """A proof as it is told to others (C2SP tlog-proof): the leaf and the steps in base64, then the checkpoint they lead to."""
    return "\n".join((_HEAD, f"extra {leaf}", f"index {index}", *steps)) + f"\n\n{note}"


def proven(said: str, logs: Sequence[Verifier], others: Iterable[Verifier] = ()) -> Proven:
    """What a proof shows to somebody who trusts these keys of logs, and which of the witnesses saw it.

    Raises Malformed for what is not written as a proof, Unsigned for a checkpoint by no log that is trusted, NotProven otherwise.
    """
    before, blank, note = said.partition("\n\n")
    head, *lines = before.split("\n")
    if not blank or head != _HEAD or len(lines) < 2 or not lines[0].startswith("extra "):
        raise Malformed("a proof of an entry is its first line, its leaf, its index, steps, an empty line and a checkpoint")
    if not re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[1]):
        raise Malformed("the index of an entry is a number")
    data, index = notes.decoded(lines[0].removeprefix("extra ")), int(lines[1].removeprefix("index "))
    text, _ = notes.opened(note, logs)
    checkpoint = notes.read_head(text)
    if checkpoint.origin not in {log.name for log in logs}:
        raise NotProven("the checkpoint is of another log")
    found = hashlib.sha256(b"\x00" + data).digest()
    if not merkle.included(found, index, checkpoint.size, [notes.decoded(line) for line in lines[2:]], checkpoint.root):
        raise NotProven("the checkpoint does not cover this entry")
    leaf = read_leaf(data)
    if leaf.position != index + 1:
        raise NotProven("the entry says that it stands in another place")
    return Proven(leaf, checkpoint.origin, checkpoint.size, _seen(note, text, others))


def _seen(note: str, text: str, others: Iterable[Verifier]) -> tuple[tuple[str, datetime], ...]:
    signatures = notes.read_note(note)[1]
    return tuple(
        (key.name, datetime.fromtimestamp(notes.timestamp(signature), UTC))
        for key in others
        for signature in signatures
        if (key.kind, key.name, key.key_id) == (COSIGNATURE, signature.name, signature.key_id) and key.holds(text, signature)
    )


def read_leaf(data: bytes) -> Leaf:
    """The fields of a leaf from what it is the hash of. Raises Malformed."""
    if not data.startswith(_KIND):
        raise Malformed("this is no leaf of an entry")
    fields, at = [], len(_KIND)
    while at < len(data):
        length = int.from_bytes(data[at : at + 8], "big")
        at += 8
        if at + length > len(data):
            raise Malformed("a field of the leaf is cut off")
        fields.append(data[at : at + length])
        at += length
    if [len(field) for field in (*fields[:2], *fields[3:5], *fields[8:])] != [16, 8, 8, 8, 32] or len(fields[7]) not in (0, 16):
        raise Malformed("a leaf has nine fields of their lengths")
    stream, version, topic, micros, position, state, sealed, command, prior = fields
    return Leaf(
        UUID(bytes=stream),
        _number(version),
        topic.decode("utf-8", "replace"),
        _EPOCH + timedelta(microseconds=_number(micros)),
        _number(position),
        state,
        sealed,
        UUID(bytes=command) if command else None,
        prior,
    )


def _number(field: bytes) -> int:
    return int.from_bytes(field, "big", signed=True)
