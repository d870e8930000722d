"""The key that checkpoints are signed with: in a file that only the scheduler's process reads, never in the database.

Its name is the origin of the log, by which checkpoints of this record are told from those of any other.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from psycopg import Connection

from store.database import home
from store.notes import Signer, Verifier, make_signer, read_skey, read_vkey


class AnotherKey(Exception):
    """The key in the file is not the one that this record's checkpoints were signed with so far."""


def key_file() -> Path:
    """Where the key lies: THROUGHLINE_LOG_KEY, or `log.key` in the home folder."""
    chosen = os.environ.get("THROUGHLINE_LOG_KEY")
    return Path(chosen).expanduser() if chosen else home() / "log.key"


def log_key() -> Signer:
    """The key of the file, which is made once, readable by its owner only. Raises Malformed when the file holds something else.

    THROUGHLINE_ORIGIN gives a new key its name, an address that nobody else uses; without it the name is made up.
    """
    file = key_file()
    if not file.exists():
        name = os.environ.get("THROUGHLINE_ORIGIN") or f"throughline.invalid/{secrets.token_hex(8)}"
        _put_down(file, make_signer(name).skey + "\n")
    return read_skey(file.read_text("utf-8"))


def _put_down(file: Path, words: str) -> None:
    """Whole or not at all, and never over a key that another process made meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def known_keys(conn: Connection[Any]) -> Sequence[Verifier]:
    """The public keys of this record's checkpoints, the newest last. Whoever checks from outside brings the keys along instead."""
    return [read_vkey(vkey) for (vkey,) in conn.execute("select vkey from record.log_key order by number").fetchall()]


def must_be_known(conn: Connection[Any], key: Verifier, *, instead: bool = False) -> None:
    """Note down the first key there is, or one that follows another with `instead`. Raises AnotherKey for any other: a lost key must not
    be replaced without somebody's knowing."""
    known = known_keys(conn)
    if known and known[-1] == key:
        return
    if known and not instead:
        raise AnotherKey(
            f"Checkpoints of this record are signed with the key {known[-1].vkey}, and {key_file()} holds another. "
            "Put that key there, or give its successor with: throughline checkpoint --new-key"
        )
    if known and (key in known or key.name != known[-1].name):
        raise AnotherKey(f"A new key must be new, and named as the log is: {known[-1].name}")
    conn.execute("select record.keep_log_key(%s)", (key.vkey,))
