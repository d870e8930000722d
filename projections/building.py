"""Read models built beside the live ones: a rebuild swapped in while people go on writing, or the tables of a day of the past."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql

from domain.event import Recorded
from domain.policy import Policy
from projections import engine
from projections.engine import LIVE, SWAP_LOCK, Folded, Models
from store.codec import decode_stream
from store.record import Record
from store.sealing import Keyring, SealBroken

REBUILD_LOCK = 7402653120
SMALL = 20_000
"""Events; below this, starting processes takes longer than folding."""
BATCH = 500

Progress = Callable[[int, int], None]
"""Told how many events have been folded, of how many."""


def processes() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ranges(parts: int) -> list[tuple[UUID, UUID]]:
    """The whole space of stream ids in equal parts; ids are digests, so equal parts hold about equal numbers of streams."""
    edges = [(1 << 128) * i // parts for i in range(parts + 1)]
    return [(UUID(int=low), UUID(int=high - 1)) for low, high in pairwise(edges)]


def fold_range(
    conn: Connection[Any],
    writer: Connection[Any],
    keyring: Keyring,
    models: Models,
    policy: Policy,
    schema: str,
    low: UUID,
    high: UUID,
    up_to: int,
    told: Callable[[int], None],
) -> None:
    """Fold every stream of a range into a schema's fresh tables, a batch at a time so that memory stays bounded."""
    batch: list[tuple[UUID, list[int], bytes, list[Any], list[int], bytes | None]] = []

    def write() -> None:
        folded = _fold_batch(keyring, models, policy, batch)
        with writer.transaction():
            engine.in_schema(writer, schema)
            engine.copy_rows(writer, models, folded)
        told(sum(len(stream[1]) for stream in batch))
        batch.clear()

    for stream in engine.read_all(conn, low, high, up_to):
        batch.append(stream)
        if len(batch) == BATCH:
            write()
    if batch:
        write()


def _fold_batch(keyring: Keyring, models: Models, policy: Policy, batch: list[Any]) -> list[Folded]:
    histories: list[tuple[UUID, list[Recorded], bytes | None] | Folded] = []
    people: list[UUID] = []
    for stream_id, versions, states, recorded, positions, sealed in batch:
        try:
            events = decode_stream(b"[" + states + b"]")
        except msgspec.DecodeError as e:
            histories.append(Folded(stream_id, versions[-1], {}, f"{type(e).__name__}: {e}"))
            continue
        history = [Recorded(stream_id, *parts) for parts in zip(versions, events, recorded, positions, strict=True)]
        if sealed is not None and (person := getattr(events[0], "person_id", None)) is not None:
            people.append(person)
        histories.append((stream_id, history, sealed))
    keyring.fetch(people)
    folded = [h if isinstance(h, Folded) else _fold_one(keyring, models, policy, *h) for h in histories]
    keyring.forget(people)
    return folded


def _fold_one(keyring: Keyring, models: Models, policy: Policy, stream_id: UUID, history: list[Recorded], sealed: bytes | None) -> Folded:
    try:
        history[0] = engine.with_texts(keyring, history[0], sealed)
    except SealBroken as e:
        return Folded(stream_id, history[-1].originator_version, {}, f"SealBroken: {e}")
    return engine.fold(models, policy, stream_id, history)


def _work(dsn: str, master: bytes, models: Models, policy: Policy, schema: str, low: UUID, high: UUID, up_to: int) -> int:
    """One process's part of a build."""
    done = 0

    def told(events: int) -> None:
        nonlocal done
        done += events

    # Nothing folded refers back to what holds it, so looking for cycles among a batch's hundred thousand entries finds none.
    gc.freeze()
    gc.set_threshold(1_000_000)
    with psycopg.connect(dsn, autocommit=True) as conn, psycopg.connect(dsn, autocommit=True) as writer:
        conn.execute("set work_mem = '128MB'")  # a range's entries are put in order in memory
        fold_range(conn, writer, Keyring.over(writer, master), models, policy, schema, low, high, up_to, told)
    return done


def build(record: Record, models: Models, policy: Policy, schema: str, up_to: int, progress: Progress | None = None) -> None:
    """Fresh tables in `schema`, holding every stream as known at position `up_to`."""
    done = 0

    def told(events: int) -> None:
        nonlocal done
        done += events
        if progress:
            progress(done, up_to)

    with record.pool.connection() as conn, conn.transaction():
        engine.create_schema(conn, schema, models, policy)
    workers = processes()
    if up_to <= SMALL or workers == 1:
        with record.pool.connection() as conn, record.pool.connection() as writer:
            (whole,) = _ranges(1)
            fold_range(conn, writer, record.keyring, models, policy, schema, *whole, up_to, told)
    else:
        # Spawned, not forked: a fork would share the pool's connections.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            jobs = [
                pool.submit(_work, record.dsn, record.keyring.master, models, policy, schema, low, high, up_to)
                for low, high in _ranges(workers * 16)
            ]
            for job in as_completed(jobs):
                told(job.result())
    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(lambda model: _index(record, schema, model), models))


def _index(record: Record, schema: str, model: engine.ReadModel) -> None:
    with record.pool.connection() as conn, conn.transaction():
        engine.in_schema(conn, schema)
        engine.create_indexes(conn, model)


def drop(conn: Connection[Any], schema: str) -> None:
    conn.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


@contextmanager
def alone(record: Record, lock: int) -> Iterator[None]:
    """One at a time over all processes; the lock goes with the connection if the process dies."""
    with psycopg.connect(record.dsn, autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(%s)", (lock,))
        yield


def rebuild(record: Record, models: Models, policy: Policy, progress: Progress | None = None) -> int:
    """Build everything afresh beside the live rows and put it in their place; returns the position it was swapped in at.

    Writers and readers go on throughout: the swap renames two schemas in one transaction. What was left by a rebuild that
    died is removed first.
    """
    with alone(record, REBUILD_LOCK):
        _remove_left_overs(record)
        schema = f"build_{os.getpid()}_{time.time_ns()}"
        position = record.head()
        build(record, models, policy, schema, position, progress)
        while (head := record.head()) - position > BATCH:
            _catch_up(record, models, policy, schema, position, head)
            position = head
        old = f"old_{os.getpid()}_{time.time_ns()}"
        with record.pool.connection() as conn, conn.transaction():
            conn.execute("select pg_advisory_xact_lock(%s)", (SWAP_LOCK,))
            head = record.head()
            _catch_up(record, models, policy, schema, position, head)
            for before, after in ((LIVE, old), (schema, LIVE)):
                conn.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(before), sql.Identifier(after)))
            conn.execute(
                "insert into app.follower (name, position) values ('live', %s)"
                " on conflict (name) do update set position = excluded.position, at = clock_timestamp()",
                (head,),
            )
        with record.pool.connection() as conn:
            drop(conn, old)
    return head


def _remove_left_overs(record: Record) -> None:
    with record.pool.connection() as conn:
        for (schema,) in conn.execute(r"select nspname from pg_namespace where nspname ~ '^(build|old)_\d+_\d+$'").fetchall():
            drop(conn, schema)


def changed(conn: Connection[Any], after: int, up_to: int) -> list[UUID]:
    """The streams that were written to between two positions."""
    rows = conn.execute(
        "select distinct originator_id from record.event where notification_id > %s and notification_id <= %s", (after, up_to)
    )
    return [stream for (stream,) in rows.fetchall()]


def _catch_up(record: Record, models: Models, policy: Policy, schema: str, after: int, up_to: int) -> None:
    with record.pool.connection() as conn:
        for stream in changed(conn, after, up_to):
            with conn.transaction():
                engine.in_schema(conn, schema)
                engine.refold(conn, record.keyring, models, policy, stream)
