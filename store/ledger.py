"""The ledger: a leaf for every event, chained within each case, so that what was altered, removed or reordered has a name.

It proves order, time of recording and completeness. It does not prove that a contact took place.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from struct import Struct
from typing import Any
from uuid import UUID

import msgspec
import psycopg

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_PRIOR = bytes(32)


class Fault(msgspec.Struct, frozen=True):
    """Something in the log that is not as it was recorded."""

    position: int
    what: str
    originator_id: UUID | None = None
    version: int = 0


_WHICH = Struct(">Q16sQq")
_WHEN = Struct(">QqQq")
_LENGTH = Struct(">Q")
"""A field of a leaf is its length in 8 bytes, then its bytes; numbers are signed and have 8 bytes too."""


def leaf_data(
    originator_id: UUID,
    version: int,
    topic: str,
    state: bytes,
    sealed: bytes | None,
    recorded_at: datetime,
    position: int,
    command_id: UUID | None,
    prior: bytes,
) -> bytes:
    """What the leaf of one event as stored (ciphertext, never plain text) is the hash of, by RFC 9162's rule for leaves. Written apart
    from the SQL that makes it at the time of recording, so that each checks the other."""
    since = recorded_at - _EPOCH
    micros = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    named, cipher, command, length = topic.encode(), sealed or b"", command_id.bytes if command_id else b"", _LENGTH.pack
    return b"".join(
        (
            b"\x00caseleaf/v1",
            _WHICH.pack(16, originator_id.bytes, 8, version),
            length(len(named)),
            named,
            _WHEN.pack(8, micros, 8, position),
            length(len(state)),
            state,
            length(len(cipher)),
            cipher,
            length(len(command)),
            command,
            length(len(prior)),
            prior,
        )
    )


def leaf_hash(data: bytes) -> bytes:
    """The leaf of one event, from its `leaf_data`, which has the mark of a leaf in it already."""
    return hashlib.sha256(data).digest()


def case_hash(originator_id: UUID, version: int, prior: bytes, leaf: bytes) -> bytes:
    chained = b"casechain/v1" + originator_id.bytes + version.to_bytes(8, "big", signed=True) + prior + leaf
    return hashlib.sha256(chained).digest()


def verify(conn: psycopg.Connection[Any]) -> Iterator[Fault | int]:
    """Read the whole log beside its ledger and name every fault; numbers between the faults say how far the reading has come."""
    chains: dict[UUID, tuple[int, bytes]] = {}
    expected = 1
    last_recorded = None
    query = (
        "select coalesce(e.notification_id, l.leaf_index + 1), e.originator_id, e.originator_version, e.topic, e.state, e.sealed,"
        " e.recorded_at, e.command_id, l.originator_id, l.originator_version, l.leaf_hash, l.case_hash"
        " from record.event e full join record.leaf l on l.leaf_index = e.notification_id - 1"
        " order by coalesce(e.notification_id, l.leaf_index + 1)"
    )
    with conn.transaction(), conn.cursor("ledger", binary=True) as rows:
        rows.itersize = 5000
        rows.execute(query)
        for (
            position,
            stream,
            version,
            topic,
            state,
            sealed,
            at,
            command,
            leaf_stream,
            leaf_version,
            leaf,
            chain,
        ) in rows:
            for missing in range(expected, min(position, expected + 100)):
                yield Fault(missing, "an event and its leaf are missing")
            expected = position + 1
            if stream is None:
                yield Fault(position, "an event was removed", leaf_stream, leaf_version)
                chains[leaf_stream] = (leaf_version, chain)
                continue
            if leaf is None:
                yield Fault(position, "an event was added without a leaf", stream, version)
                continue
            earlier, prior = chains.get(stream, (version - 1, NO_PRIOR))
            moved = (leaf_stream, leaf_version) != (stream, version)
            found = leaf_hash(leaf_data(stream, version, topic, state, sealed, at, position, command, prior))
            for wrong, what in (
                (earlier != version - 1, "an event is not in its place within its case"),
                (moved or found != leaf, "an event was altered or moved"),
                (found == leaf and case_hash(stream, version, prior, leaf) != chain, "the chain of the case is broken"),
                (last_recorded is not None and at < last_recorded, "an event was recorded before the one it follows"),
            ):
                if wrong:
                    yield Fault(position, what, stream, version)
            last_recorded = at
            chains[stream] = (version, chain)
            if position % 5000 == 0:
                yield position
    row = conn.execute("select coalesce(max(last_position), 0) from record.command").fetchone()
    if row is not None and row[0] >= expected:
        yield Fault(expected, f"the log ends here but commands were answered up to {row[0]}")
