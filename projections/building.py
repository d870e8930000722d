"""Read models built in a schema of their own, part by part: a build that died is taken up where it stopped."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql

from domain.event import Recorded
from domain.policy import Policy
from projections import batches, engine
from projections.engine import Folded, Models
from store.codec import decode_stream
from store.record import Record
from store.sealing import Keyring, SealBroken

REBUILD_LOCK = 7402653120
SMALL = 20_000
"""Events; below this, starting processes takes longer than folding."""
PART = 50_000
"""Events, about, that are folded and written in one transaction: what is lost at most, by each process, when a build dies."""
BATCH = 500
"""Streams held in memory at a time."""

Progress = Callable[[int, int], None]
"""Told how many events have been folded, of how many."""


def processes() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# ---- What is to do, and what is done -----------------------------------------------------------------------------------


class Build(msgspec.Struct, frozen=True):
    """Everything that a process needs to know to do a part of a build."""

    schema: str
    models: Models
    policy: Policy
    position: int
    """Every stream is folded as known at this position."""
    parts: int
    events: int
    """About how many there are to fold."""
    narrowed: bool
    """Whether only the streams of the schema's table `todo` are folded."""

    def streams(self, part: int) -> tuple[UUID, UUID]:
        """The first and the last stream id of a part. Ids are digests, so equal parts of them all hold about as many streams."""
        low, high = ((1 << 128) * n // self.parts for n in (part, part + 1))
        return UUID(int=low), UUID(int=high - 1)


Narrow = Callable[[Connection[Any]], int | None]
"""Fills a new schema with what need not be folded and leaves the streams that need in a table `todo`; gives about how many events
those hold. None when nothing can be left out."""


def take_up(
    record: Record, models: Models, policy: Policy, schema: str, up_to: int, narrow: Narrow | None = None
) -> tuple[Build, dict[str, int]]:
    """The build of this name with what is done of it, in events by part: one that died, if it was of this code and policy and then
    at its own position; else one with nothing done yet."""
    with record.pool.connection() as conn, conn.transaction():
        conn.execute("set transaction isolation level repeatable read")  # what is narrowed is so as of one moment
        cut = _cut(conn, schema, engine.digest(models, policy))
        if cut is None:
            drop(conn, schema)
            engine.create_schema(conn, schema, models, policy)
            left = narrow(conn) if narrow else None
            events = up_to if left is None else left
            cut = up_to, _parts(events), events, left is not None
            conn.execute("create table cut (position bigint not null, parts int not null, events bigint not null, narrowed bool not null)")
            conn.execute("insert into cut values (%s, %s, %s, %s)", cut)
            conn.execute("create table done (part text primary key, events bigint not null)")
            conn.execute("create table begun (at timestamptz not null, done bigint not null)")
        conn.execute("insert into begun select clock_timestamp(), coalesce(sum(events), 0) from done")
        done: dict[str, int] = dict(conn.execute("select part, events from done").fetchall())
    return Build(schema, models, policy, *cut), done


def _parts(events: int) -> int:
    """Enough that each process has several, lest all wait for one, and that none is large; one, when that is all there is to do."""
    return max(-(-events // PART), 4 * processes() if events > PART else 0)


def _cut(conn: Connection[Any], schema: str, digest: str) -> tuple[int, int, int, bool] | None:
    """The position of a build that is there already, how many parts and events it has, and whether it is narrowed. The connection
    then looks at it."""
    row = conn.execute("select to_regclass(%s) is not null", (f'"{schema}".cut',)).fetchone()
    if row is None or not row[0]:
        return None
    engine.in_schema(conn, schema)
    return conn.execute("select position, parts, events, narrowed from cut, definition where digest = %s", (digest,)).fetchone()


class Underway(msgspec.Struct, frozen=True):
    """How far a build has come: events folded, of how many, how many a second since it was begun or taken up, and whether somebody
    is at it; if not, the next builder takes it up."""

    done: int
    of: int
    per_second: float
    going_on: bool

    @property
    def share(self) -> float:
        return self.done / self.of if self.of else 1.0

    @property
    def seconds_left(self) -> float | None:
        """None as long as nothing tells how fast it goes."""
        return (self.of - self.done) / self.per_second if self.per_second else None


def underway(conn: Connection[Any], schema: str) -> Underway | None:
    """How far the build in a schema has come; None when there is none."""
    with conn.transaction():
        row = conn.execute("select to_regclass(%s) is not null", (f'"{schema}".cut',)).fetchone()
        if row is None or not row[0]:
            return None
        engine.in_schema(conn, schema)
        row = conn.execute(
            "select d.done::bigint, events, ((d.done - b.done) / greatest(extract(epoch from clock_timestamp() - b.at), 0.001))::float8,"
            " exists (select from pg_locks where locktype = 'advisory' and granted and (classid::bigint << 32) | objid::bigint = %s"
            " and database = (select oid from pg_database where datname = current_database()))"
            " from cut, (select coalesce(sum(events), 0) as done from done) d, (select * from begun order by at desc limit 1) b",
            (REBUILD_LOCK,),
        ).fetchone()
    return Underway(*row) if row else None


# ---- One part ----------------------------------------------------------------------------------------------------------


def fold_part(conn: Connection[Any], keyring: Keyring, todo: Build, part: int) -> int:
    """Fold every stream of a part into fresh tables, a batch at a time so that memory stays bounded; returns how many events.

    Its rows and the note that it is done come in one transaction. A process that outlived its builder may be at the same part:
    whoever is second waits, and leaves it when it is done.
    """
    done, rules = 0, engine.digest(todo.models, todo.policy)
    with conn.transaction():
        engine.in_schema(conn, todo.schema)
        conn.execute("set local work_mem = '128MB'")  # a part's entries are put in order in memory
        name = f"streams {part}"
        if conn.execute("insert into done values (%s, 0) on conflict do nothing returning 1", (name,)).fetchone() is None:
            return 0
        for batch in _batches(batches.read_all(conn, *todo.streams(part), todo.position, narrowed=todo.narrowed)):
            batches.copy_rows(conn, todo.models, _fold_batch(keyring, todo.models, todo.policy, batch), rules)
            done += sum(len(stream[1]) for stream in batch)
        conn.execute("update done set events = %s where part = %s", (done, name))
    return done


def _batches(streams: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(streams, BATCH)):
        yield batch


def _fold_batch(keyring: Keyring, models: Models, policy: Policy, batch: list[Any]) -> list[Folded]:
    histories: list[tuple[UUID, list[Recorded], bytes | None] | Folded] = []
    people: list[UUID] = []
    for stream_id, versions, states, recorded, positions, sealed in batch:
        try:
            events = decode_stream(b"[" + states + b"]")
        except msgspec.DecodeError as e:
            histories.append(engine.parked(stream_id, versions[-1], e))
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
        return engine.parked(stream_id, history[-1].originator_version, e)
    return engine.fold(models, policy, stream_id, history)


# ---- All parts ---------------------------------------------------------------------------------------------------------


class _Hand(msgspec.Struct):
    """What a process that builds keeps from one part to the next."""

    conn: Connection[Any]
    keyring: Keyring
    todo: Build


_hand: _Hand


def _start(dsn: str, master: bytes, todo: Build) -> None:
    """The beginning of a process that builds."""
    global _hand
    threading.Thread(target=_end_with_builder, daemon=True).start()
    # Nothing folded refers back to what holds it, so looking for cycles among a batch's hundred thousand entries finds none.
    gc.freeze()
    gc.set_threshold(1_000_000)
    conn = psycopg.connect(dsn, autocommit=True)
    _hand = _Hand(conn, Keyring.over(conn, master), todo)


def _end_with_builder() -> None:
    """However the builder went: what waits for its next part would wait for ever."""
    builder = multiprocessing.parent_process()
    assert builder is not None
    builder.join()
    os._exit(1)


def _fold_here(part: int) -> int:
    return fold_part(_hand.conn, _hand.keyring, _hand.todo, part)


def build(
    record: Record,
    models: Models,
    policy: Policy,
    schema: str,
    up_to: int,
    progress: Progress | None = None,
    narrow: Narrow | None = None,
) -> int:
    """Every read model in `schema`, from every stream as known at position `up_to`; returns that position. A build that died is
    taken up, at its own position. An error from `progress` ends it; then and whenever it dies, it can be taken up again."""
    todo, done = take_up(record, models, policy, schema, up_to, narrow)
    folded = sum(done.values())
    with closing(_fold(record, todo, [n for n in range(todo.parts) if f"streams {n}" not in done])) as parts:
        for events in chain([0], parts):
            folded += events
            if progress:
                progress(min(folded, todo.events), todo.events)
    with ThreadPoolExecutor(processes()) as threads:
        list(threads.map(lambda model: _index(record, schema, model), (m for m in models if f"index {m.table}" not in done)))
    return todo.position


def _fold(record: Record, todo: Build, parts: list[int]) -> Generator[int, None, None]:
    """Fold these parts; yields the events of each as it is done."""
    workers = min(processes(), len(parts))
    if todo.events <= SMALL or workers <= 1:
        with record.pool.connection() as conn:
            for part in parts:
                yield fold_part(conn, record.keyring, todo, part)
        return
    # Spawned, not forked: a fork would share the pool's connections.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start, initargs=(record.dsn, record.keyring.master, todo)
    )
    try:
        for job in as_completed([pool.submit(_fold_here, part) for part in parts]):
            yield job.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _index(record: Record, schema: str, model: engine.ReadModel) -> None:
    with record.pool.connection() as conn, conn.transaction():
        engine.in_schema(conn, schema)
        engine.create_indexes(conn, model)
        conn.execute("insert into done values (%s, 0)", (f"index {model.table}",))


def finish(conn: Connection[Any], schema: str) -> None:
    """Remove what is only of use while a build may have to be taken up."""
    engine.in_schema(conn, schema)
    conn.execute("drop table cut, done, begun")


def drop(conn: Connection[Any], schema: str) -> None:
    conn.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


@contextmanager
def alone(record: Record, lock: int) -> Iterator[None]:
    """One at a time over all processes; the lock goes with the connection if the process dies."""
    with psycopg.connect(record.dsn, autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(%s)", (lock,))
        yield
