"""Asking witnesses outside the service to sign the newest checkpoint too, and keeping what they signed.

Which witnesses there are is said by THROUGHLINE_WITNESSES: address and public key of each, with spaces between.
"""

import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from store import notes, tree
from store.checkpoints import Checkpoint
from store.notes import COSIGNATURE, Verifier, read_vkey
from store.witness import Asked

SECONDS = 5
"""How long one witness is waited for."""


_EACH = """
with recursive one as (
  (select vkey from record.cosignature order by vkey limit 1)
  union all
  select (select s.vkey from record.cosignature s where s.vkey > one.vkey order by s.vkey limit 1) from one where one.vkey is not null
)
"""
"""From one witness to the next by the index: there are a few of them and a signature a minute."""
_NEWEST = f"""
{_EACH}
select one.vkey, newest.line, c.number, c.size, c.note
from one
cross join lateral (select number, line from record.cosignature s where s.vkey = one.vkey order by number desc limit 1) as newest
join record.checkpoint c using (number)
order by one.vkey
"""


class NotCosigned(Exception):
    """A witness did not sign, in words that say why."""


class Outside(msgspec.Struct, frozen=True):
    """A witness by the address under which it is asked and the key that its signatures are checked with."""

    address: str
    key: Verifier


class Cosigned(msgspec.Struct, frozen=True):
    """The newest checkpoint that a witness signed, and when it says that it saw it."""

    witness: str
    number: int
    size: int
    seen_at: datetime
    line: str


def outside() -> Sequence[Outside]:
    """The witnesses that are named. Raises Malformed for what is no pair of address and key."""
    words = os.environ.get("THROUGHLINE_WITNESSES", "").split()
    if len(words) % 2:
        raise notes.Malformed("THROUGHLINE_WITNESSES is an address and a public key for each witness, with spaces between")
    found = [Outside(address.rstrip("/"), read_vkey(vkey)) for address, vkey in zip(words[::2], words[1::2], strict=True)]
    for one in found:
        if one.key.kind != COSIGNATURE or urlsplit(one.address).scheme not in ("http", "https"):
            raise notes.Malformed(f"{one.address} {one.key.name} is not the web address of a witness with its key for cosignatures")
    return found


def ask(conn: Connection[Any], one: Outside, newest: Checkpoint) -> bool:
    """Have a witness sign a checkpoint; False when it did so before.

    It is asked from what it signed last as far as is known here, or else from what it says itself.

    Raises NotCosigned, also when the witness has seen more than there is: then the record was put back, or another one signs as this log.
    """
    query = "select size, number from record.cosignature where vkey = %s order by number desc limit 1"
    old, number = conn.execute(query, (one.key.vkey,)).fetchone() or (0, 0)
    if number == newest.number:
        return False
    status, said = _post(one, _request(conn, old, newest))
    if status == 409 and said.strip().isascii() and said.strip().isdigit() and int(said) != old:
        old = int(said)
        if old > newest.size:
            raise NotCosigned(f"{one.key.name} has signed for {old} entries, and there are {newest.size}")
        status, said = _post(one, _request(conn, old, newest))
    if status != 200:
        raise NotCosigned(f"{one.key.name} did not sign checkpoint {newest.number}: {status} {said.strip()[:100]}")
    _keep(conn, one, newest, said)
    return True


def _request(conn: Connection[Any], old: int, newest: Checkpoint) -> str:
    proof = tree.consistency(conn, old, newest.size) if old else []
    return Asked(old, tuple(proof), newest.note).body


def _post(one: Outside, body: str) -> tuple[int, str]:
    asked = urllib.request.Request(f"{one.address}/add-checkpoint", body.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
            return answer.status, answer.read(notes.LONGEST).decode("utf-8", "replace")
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read(notes.LONGEST).decode("utf-8", "replace")
    except OSError as e:
        raise NotCosigned(f"{one.key.name} does not answer: {e}") from e


def _keep(conn: Connection[Any], one: Outside, newest: Checkpoint, said: str) -> None:
    """Keep the signature of that witness from its answer, once it was seen to hold."""
    text, _ = notes.read_note(newest.note)
    try:
        _, signatures = notes.opened(f"{text}\n{said}", [one.key])
    except ValueError as e:
        raise NotCosigned(f"{one.key.name} answered with something else than its signature: {e}") from e
    conn.execute("select record.keep_cosignature(%s, %s, %s)", (newest.number, one.key.vkey, signatures[0].line))


def cosigned(conn: Connection[Any]) -> Sequence[Cosigned]:
    """The newest signature of every witness that ever signed, by name; those that do not hold are left out."""
    with conn.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(_NEWEST.encode()).fetchall()
    found = []
    for row in rows:
        key, signature = read_vkey(row.vkey), notes.read_signature(row.line.removesuffix("\n"))
        if key.holds(notes.read_note(row.note)[0], signature):
            seen_at = datetime.fromtimestamp(notes.timestamp(signature), UTC)
            found.append(Cosigned(key.name, row.number, row.size, seen_at, row.line))
    return found


def noted(conn: Connection[Any], one: Checkpoint) -> str:
    """A checkpoint as a signed note, with what those witnesses signed under it that have signed none since."""
    return one.note + "".join(seen.line for seen in cosigned(conn) if seen.number == one.number)


def under(conn: Connection[Any], numbers: Sequence[int]) -> dict[int, str]:
    """The signature lines of all witnesses under each of these checkpoints that any of them signed, as they were kept."""
    query = (
        f"{_EACH} select s.number, string_agg(s.line, '' order by s.vkey) from one join record.cosignature s using (vkey)"
        " where s.number = any(%s) group by s.number"
    )
    return dict(conn.execute(query.encode(), (list(numbers),)).fetchall())


class _Row(msgspec.Struct, frozen=True):
    vkey: str
    line: str
    number: int
    size: int
    note: str
