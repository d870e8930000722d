"""What the benchmarks stand on: a durable embedded PostgreSQL, fresh databases in it, and one loaded record that several share."""

import gc
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import perf_counter

import msgspec
import psycopg
from flask import Flask
from psycopg.conninfo import make_conninfo

from bench.data import Load, load, stored
from bench.results import now, pace, processor
from projections.read_models import ReadSide
from store.database import as_service, migrate
from store.embedded import running
from store.policy import current_policy
from store.record import Record
from web import create_app
from web.serving import settle

MASTER = bytes(range(32))
SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "jit")


class Loaded(msgspec.Struct, frozen=True):
    """A record that holds a made-up caseload, with everything that stands over it."""

    dsn: str
    record: Record
    read_side: ReadSide
    load: Load
    until: datetime


class Stage:
    """The server of one run. Close it by its context. With `kept`, what an earlier run has loaded is stood upon."""

    def __init__(self, server: str, *, events: int, quick: bool, kept: bool) -> None:
        self.server = server
        self.events = events
        self.quick = quick
        self.kept = kept
        self._stack = ExitStack()

    def say(self, text: str) -> None:
        print(text, flush=True)

    def close(self) -> None:
        self._stack.close()

    def database(self, name: str) -> str:
        """A fresh database; the address of its owner."""
        with psycopg.connect(self.server, autocommit=True) as conn:
            conn.execute(f'drop database if exists "{name}" with (force)'.encode())
            conn.execute(f'create database "{name}"'.encode())
        return make_conninfo(self.server, dbname=name)

    def empty_record(self, name: str) -> str:
        """A fresh record with nothing in it; the address of its owner."""
        dsn = self.database(name)
        migrate(dsn)
        return dsn

    @cached_property
    def loaded(self) -> Loaded:
        """The loaded record, made on first asking; its read models are empty until `live` is asked for."""
        if self.kept and self._has("bench_loaded"):
            return self._found(make_conninfo(self.server, dbname="bench_loaded"))
        dsn, until = self.database("bench_loaded"), now() - timedelta(minutes=1)
        migrate(dsn, synthetic=True)
        record = self._record(dsn)
        start = perf_counter()
        found = load(record, dsn, self.events, until)
        taken = perf_counter() - start
        gc.collect()
        self.say(f"loaded {found.events:,} events of {found.cases:,} cases in {taken:.1f} s, {found.events / taken:,.0f} events/s")
        return Loaded(dsn, record, ReadSide(record, current_policy()), found, until)

    def _has(self, name: str) -> bool:
        with psycopg.connect(self.server) as conn:
            return conn.execute("select from pg_database where datname = %s", (name,)).fetchone() is not None

    def _record(self, dsn: str) -> Record:
        record = Record(as_service(dsn), MASTER)
        self._stack.callback(record.close)
        return record

    def _found(self, dsn: str) -> Loaded:
        """What an earlier run has loaded, brought to the tables of this release."""
        migrate(dsn, synthetic=True)
        record = self._record(dsn)
        found, until = stored(dsn)
        self.say(f"found {found.events:,} events of {found.cases:,} cases, the last of {until:%d %B %Y, %H:%M} UTC")
        return Loaded(dsn, record, ReadSide(record, current_policy()), found, until)

    @cached_property
    def live(self) -> Flask:
        """The web application over the loaded record, with its read models made."""
        loaded = self.loaded
        loaded.read_side.prepare()
        with psycopg.connect(loaded.dsn, autocommit=True) as conn:
            conn.execute("vacuum analyze")
        app = create_app(loaded.record, loaded.read_side.policy)
        app.config.update(DEMO_PEOPLE=True)
        settle()
        return app

    def machine(self) -> dict[str, str]:
        with psycopg.connect(self.server) as conn:
            shown = {}
            for name in SETTINGS:
                row = conn.execute(f"show {name}".encode()).fetchone()
                shown[name] = str(row[0]) if row else "?"
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return {
            "Processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} at the start, {pace()}",
            "memory": f"{memory:.0f} GB",
            "Python": platform.python_version(),
            "PostgreSQL": shown.pop("server_version"),
            **shown,
        }


@contextmanager
def stage(*, events: int, quick: bool, home: Path | None = None) -> Iterator[Stage]:
    """A durable server in a folder that is gone afterwards, or in `home`, which stays."""
    if home:
        with running(home) as server, closing(Stage(server, events=events, quick=quick, kept=True)) as set_up:
            yield set_up
        return
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        note = Path(folder) / "postgres" / "location"
        try:
            with running(Path(folder)) as server, closing(Stage(server, events=events, quick=quick, kept=False)) as set_up:
                yield set_up
        finally:
            if note.exists():  # the server's account may not go to the folder, so its files are somewhere else
                shutil.rmtree(os.fsdecode(note.read_bytes()), ignore_errors=True)
