"""Personal text is sealed under one key per person, bound to its place, so that destroying a key erases a person and nothing else."""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from psycopg import Connection
from psycopg_pool import ConnectionPool

_NONCE = 12
_texts = msgspec.json.Decoder(dict[str, str])


class SealBroken(Exception):
    """A sealed text does not open under its person's key in its place: it was altered or moved."""


def master_key(home: Path) -> bytes:
    """The key that wraps people's keys: THROUGHLINE_MASTER_KEY (base64, 32 bytes), else a file that is made once in `home`."""
    if encoded := os.environ.get("THROUGHLINE_MASTER_KEY"):
        key = base64.b64decode(encoded, validate=True)
        if len(key) != 32:
            raise ValueError("THROUGHLINE_MASTER_KEY must be 32 bytes in base64.")
        return key
    file = home / "master.key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(os.urandom(32))
    except FileExistsError:
        pass
    return file.read_bytes()


def place(originator_id: UUID, version: int, topic: str, person_id: UUID) -> bytes:
    """The associated data that binds a ciphertext to one event of one person's."""
    return b"|".join((b"sealed/v1", originator_id.bytes, str(version).encode(), topic.encode(), person_id.bytes))


class Keyring:
    """The keys of people, wrapped in their own table, unwrapped in memory as they are needed."""

    def __init__(self, connection: Callable[[], AbstractContextManager[Connection[Any]]], master: bytes) -> None:
        self._connection = connection
        self.master = master
        self._known: dict[UUID, AESGCM] = {}

    @classmethod
    def over(cls, conn: Connection[Any], master: bytes) -> "Keyring":
        """A keyring on one connection, for a process that builds read models."""
        return cls(lambda: nullcontext(conn), master)

    def check_master(self) -> None:
        """The master key must be the one this database was begun with. Raises ValueError if it is not."""
        digest = hashlib.sha256(b"master-check/v1" + self.master).digest()
        with self._connection() as conn:
            conn.execute("insert into keys.master_check (digest) values (%s) on conflict do nothing", (digest,))
            row = conn.execute("select digest from keys.master_check").fetchone()
        if row is None or bytes(row[0]) != digest:
            raise ValueError(
                "The master key is not the one that this database was begun with. "
                "Set THROUGHLINE_HOME or THROUGHLINE_MASTER_KEY to where that key is."
            )

    def digest(self, request: bytes) -> bytes:
        """A keyed digest: a bare hash of a request would let somebody guess the text in it."""
        return hmac.digest(self.master, b"request/v1" + request, "sha256")

    def pseudonym(self, kind: str, code: str) -> str:
        """A name for a case or an officer that is the same in every file of this deployment, and leads back to nobody without its key."""
        key = hmac.digest(self.master, b"pseudonym/v1", "sha256")
        return f"{kind}-{hmac.digest(key, f'{kind}:{code}'.encode(), 'sha256').hex()[:16]}"

    def make(self, person_id: UUID) -> AESGCM:
        """The person's key, made if there is none yet."""
        found = self.find(person_id)
        if found is not None:
            return found
        wrapped = aes_key_wrap(self.master, os.urandom(32))
        with self._connection() as conn:
            conn.execute(
                "insert into keys.person_key (person_id, wrapped) values (%s, %s) on conflict do nothing",
                (person_id, wrapped),
            )
        made = self.find(person_id)
        if made is None:
            raise SealBroken(f"no key could be kept for {person_id}")
        return made

    def make_many(self, people: list[UUID]) -> None:
        """The keys of many people, made in one go where there are none yet."""
        wrapped = [aes_key_wrap(self.master, os.urandom(32)) for _ in people]
        with self._connection() as conn:
            conn.execute(
                "insert into keys.person_key (person_id, wrapped) select * from unnest(%s::uuid[], %s::bytea[]) on conflict do nothing",
                (people, wrapped),
            )
        self.fetch(people)

    def find(self, person_id: UUID) -> AESGCM | None:
        """The person's key, None once it is destroyed."""
        return self._known.get(person_id) or self.fetch([person_id]).get(person_id)

    def fetch(self, people: list[UUID]) -> dict[UUID, AESGCM]:
        """Unwrap many keys in one go. They are returned too, because another thread may forget them at any moment."""
        with self._connection() as conn:
            rows = conn.execute("select person_id, wrapped from keys.person_key where person_id = any(%s)", (people,))
            return self.remember(rows.fetchall())

    def remember(self, rows: list[tuple[UUID, bytes]]) -> dict[UUID, AESGCM]:
        found: dict[UUID, AESGCM] = {}
        for person_id, wrapped in rows:
            try:
                found[person_id] = AESGCM(aes_key_unwrap(self.master, bytes(wrapped)))
            except InvalidUnwrap as e:
                raise SealBroken(f"the key of {person_id} does not open under the master key") from e
        self._known |= found
        return found

    def forget(self, people: list[UUID]) -> None:
        """Let keys go that were fetched for a batch, so that a rebuild of the nation does not hold them all."""
        for person_id in people:
            self._known.pop(person_id, None)

    def seal(self, person_id: UUID, texts: dict[str, str], where: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self.make(person_id).encrypt(nonce, msgspec.json.encode(texts), where)

    def open(self, person_id: UUID, sealed: bytes, where: bytes) -> dict[str, str] | None:
        """The texts, or None when the person's key is destroyed. Raises SealBroken."""
        key = self.find(person_id)
        if key is None:
            return None
        try:
            return _texts.decode(key.decrypt(sealed[:_NONCE], sealed[_NONCE:], where))
        except InvalidTag as e:
            raise SealBroken("a sealed text does not open in its place") from e


def open_pool(dsn: str, *, size: int = 8, check: Callable[[Connection[Any]], None]) -> ConnectionPool:
    """A pool that opens on first use in each process: one opened before a fork would be shared silently. `check` asks each
    connection something before it is handed out; one that does not answer is replaced."""
    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        open=False,
        timeout=5,
        kwargs={"autocommit": True},
        check=check,
    )
