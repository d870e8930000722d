"""What was answered is on the disk: writers do not wait for the disk under the lock, but each waits before it says that it saved."""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.case import Case, case_id
from domain.contact import record_contact
from store import ledger
from store.database import as_service, migrate
from store.embedded import running
from store.record import Record
from tests.conftest import MASTER
from tests.scenario import Scenario

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


def waiting(dsn: str, synchronous_commit: str) -> str:
    """The service's rights, with the server's promise or without; tests' servers come without."""
    options = f"{conninfo_to_dict(dsn).get('options') or ''} -c synchronous_commit={synchronous_commit}"
    return as_service(make_conninfo(dsn, options=options))


def write_until_it_dies(dsn: str, answered: dict[UUID, int], enough: threading.Event) -> None:
    """One writer with a stream of its own; `answered` has the command and position of each answer."""
    stream = uuid4()
    with psycopg.connect(waiting(dsn, "on"), autocommit=True) as conn:
        statement = "call record.save(%s::uuid[], %s::bigint[], '{t}', array[%b::bytea], array[null::bytea], %s, '', null, null)"
        for version in range(1, 100_000):
            command = uuid4()
            try:
                row = conn.execute(statement, ([stream], [version], b"{}", command)).fetchone()
            except psycopg.OperationalError:
                return
            assert row is not None
            answered[command] = row[0][0]
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


def written_and_flushed(conn: psycopg.Connection[tuple[object, ...]]) -> tuple[object, object]:
    row = conn.execute("select pg_current_wal_insert_lsn(), pg_current_wal_flush_lsn()").fetchone()
    assert row is not None
    return row[0], row[1]


def test_who_presses_twice_is_not_answered_before_the_first_press_is_on_the_disk(database: str, record: Record) -> None:
    # Given a command whose first giver does not wait for the disk
    Scenario(record).staff().case()
    command, now = uuid4(), record.clock() - timedelta(hours=1)
    details = {"now": record.clock(), "by": "SIAN", "occurred_at": now, "practitioner": "SIAN", "kind": "COUP"}
    record.change(Case, case_id("X000001"), record_contact, command, **details)
    with psycopg.connect(database, autocommit=True) as conn:
        written, _ = written_and_flushed(conn)
        # When it is given again by somebody who does
        again = Record(waiting(database, "on"), MASTER)
        receipt = again.change(Case, case_id("X000001"), record_contact, command, **details)
        again.close()
        # Then the answer came after the disk had it
        assert receipt.repeated
        row = conn.execute("select pg_current_wal_flush_lsn() >= %s::pg_lsn", (written,)).fetchone()
        assert row == (True,)
