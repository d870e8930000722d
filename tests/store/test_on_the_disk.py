"""What was answered is on the disk: a server that is killed under several writers has kept it."""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from store import ledger
from store.database import as_service, migrate
from store.embedded import running

WRITERS = 4
ANSWERED = 80
"""Answers after which the server is killed: a fraction of a second of work, so that nothing but an answer sent them to the disk."""


@contextmanager
def home() -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix="throughline-test-", dir="/tmp"))
    parent.chmod(0o711)  # the account of a server that root starts must be able to go there
    try:
        yield parent / "home"
    finally:
        shutil.rmtree(parent)


def promising(dsn: str) -> str:
    """The service's rights, with the promise of a server in service; tests' servers come without."""
    return as_service(make_conninfo(dsn, options="-c synchronous_commit=on"))


def write_until_it_dies(dsn: str, answered: dict[UUID, int], enough: threading.Event) -> None:
    """One writer with a stream of its own; `answered` has the command and position of each answer."""
    stream = uuid4()
    with psycopg.connect(promising(dsn), autocommit=True) as conn:
        statement = "select record.append(%s::uuid[], %s::bigint[], '{t}', array[%b::bytea], array[null::bytea], %s, '', null)"
        for version in range(1, 100_000):
            command = uuid4()
            try:
                row = conn.execute(statement, ([stream], [version], b"{}", command)).fetchone()
            except psycopg.OperationalError:
                return
            assert row is not None
            answered[command] = row[0]
            if len(answered) >= ANSWERED:
                enough.set()


def test_a_server_that_is_killed_has_kept_all_that_was_answered() -> None:
    # Given several writers at once
    answered: dict[UUID, int] = {}
    enough = threading.Event()
    with home() as folder:
        with running(folder, durable=False) as dsn:
            migrate(dsn)
            with psycopg.connect(dsn) as conn:
                row = conn.execute("select pg_read_file('postmaster.pid')").fetchone()
            assert row is not None
            writers = [threading.Thread(target=write_until_it_dies, args=(dsn, answered, enough)) for _ in range(WRITERS)]
            for writer in writers:
                writer.start()
            # When the server dies in the middle of it, with what it had not written out yet
            assert enough.wait(60)
            os.kill(int(row[0].split()[0]), signal.SIGQUIT)
            for writer in writers:
                writer.join(60)
        with running(folder, durable=False) as dsn, psycopg.connect(dsn) as conn:
            kept = dict(conn.execute("select command_id, first_position from record.command").fetchall())
            # Then each answer is there, at the position that was told, and the log has no gap and no fault
            assert {command: kept.get(command) for command in answered} == answered
            assert sorted(kept.values()) == list(range(1, len(kept) + 1))
            assert [found for found in ledger.verify(conn) if isinstance(found, ledger.Fault)] == []
