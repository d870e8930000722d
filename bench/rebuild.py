"""Rebuilding every read model: against reading the log out by COPY, and against the library's own ProjectionRunner."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import psycopg
from eventsourcing.projection import ProjectionRunner

from bench import library
from bench.results import Line
from bench.stage import Stage
from projections import engine
from projections.read_models import MODELS

COPY_OUT = "copy (select * from record.event where notification_id <= {}) to stdout (format binary)"


def copy_out(conn: psycopg.Connection[Any], up_to: int | None = None) -> float:
    """Seconds that it takes to read the log (up to a position) in binary and throw it away."""
    statement = "copy record.event to stdout (format binary)" if up_to is None else COPY_OUT.format(up_to)
    start = perf_counter()
    with conn.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for _ in copy:
            pass
    return perf_counter() - start


@contextmanager
def peak_memory() -> Iterator[Callable[[], int]]:
    """The most memory, in bytes, that the worker processes of this one held together, as far as a look every 50 ms can tell."""
    most, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.05):
            most = max(most, sum(_resident(child.pid) for child in active_children()))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield lambda: most
    finally:
        done.set()
        thread.join()


def _resident(pid: int | None) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def projection_runner(stage: Stage, events: int) -> float:
    """Events per second of the library's runner, as shipped, catching up with a log of its own."""
    dsn = stage.database("bench_rebuild_peer")
    with library.application(dsn, create=True) as app:
        for number in range(events // 100):
            case = library.opened(number)
            for _ in range(99):
                library.contact(case)
            app.save(case)
        last = app.recorder.max_notification_id() or 0
    environment = library.environment(dsn, create=True)
    start = perf_counter()
    with ProjectionRunner(
        application_class=library.Supervision,
        projection_class=library.Caseload,
        view_class=library.CaseloadView,
        env=environment,
    ) as runner:
        # Asked directly, because the library's own wait() looks only a few times a second.
        while (runner.view.max_tracking_id("Supervision") or 0) < last:
            sleep(0.01)
        return last / (perf_counter() - start)


class Told:
    """How quickly a rebuild goes on, said at every tenth of it: what grows with the size of the log shows there."""

    def __init__(self, stage: Stage, events: int) -> None:
        self.stage, self.events = stage, events
        self.begin()

    def begin(self) -> None:
        self.start, self.tenth, self.before = perf_counter(), 1, (0.0, 0)

    def __call__(self, done: int, of: int) -> None:
        taken = perf_counter() - self.start
        if done * 10 >= self.tenth * self.events and self.events > 2_000_000:
            since, had = self.before
            self.stage.say(f"  {done:,} events after {taken:.0f} s, {(done - had) / (taken - since):,.0f} events/s since the last tenth")
            self.before, self.tenth = (taken, done), done * 10 // self.events + 1


def sizes(conn: psycopg.Connection[Any], schema: str) -> dict[str, int]:
    rows = conn.execute(
        "select c.relname, pg_total_relation_size(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = %s and c.relkind = 'r' order by 2 desc",
        (schema,),
    )
    return dict(rows.fetchall())


def run(stage: Stage) -> list[Line]:
    loaded = stage.loaded
    events = loaded.load.events
    with psycopg.connect(loaded.dsn, autocommit=True) as conn:
        copied, built = [], []
        told = Told(stage, events)
        with peak_memory() as peak:
            for _ in range(3 if events <= 2_000_000 else 1):
                copied.append(copy_out(conn))
                start = perf_counter()
                told.begin()
                loaded.read_side.rebuild(told)
                built.append(perf_counter() - start)
        made, log = sizes(conn, engine.live(MODELS)), sizes(conn, "record")
    stage.say("tables: " + ", ".join(f"{name} {size / 2**20:,.1f} MB" for name, size in (*log.items(), *made.items())))
    peer_events = 5_000 if stage.quick else 20_000
    runner = projection_runner(stage, peer_events)
    ours, out = events / min(built), events / min(copied)
    note = (
        f"{events:,} events in {min(built):.1f} s (best of {len(built)}); workers together at most {peak() / 2**20:,.0f} MB;"
        f" log {log['event'] / 2**20:,.0f} MB, read models {sum(made.values()) / 2**20:,.0f} MB"
    )
    figures = {"events": events, "seconds": min(built), "peak_bytes": peak(), **{f"size_{name}": size for name, size in made.items()}}
    return [
        _line("binary COPY-out of the log", ours, out, 0.5, f"{ours / out:.0%}", ">= 50 %", note, figures),
        _line(
            "the library's ProjectionRunner",
            ours,
            runner,
            500,
            f"{ours / runner:,.0f} x",
            ">= 500 x",
            f"peer: one upsert an event into one table, measured on {peer_events:,} events; ours writes {len(MODELS)} tables",
            {},
        ),
    ]


def _line(peer: str, ours: float, theirs: float, bar: float, ratio: str, bar_said: str, note: str, figures: dict[str, float]) -> Line:
    return Line(
        bench="rebuild",
        what=f"all read models, against {peer}",
        ratio=ratio,
        bar=bar_said,
        met=ours / theirs >= bar,
        ours=f"{ours:,.0f} events/s",
        peer=f"{theirs:,.0f} events/s",
        note=note,
        figures={"ratio": ours / theirs, "ours_per_s": ours, "peer_per_s": theirs, **figures},
    )
