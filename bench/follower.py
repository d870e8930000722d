"""How far the follower falls behind while two write and nobody folds for them, and how soon it has caught up."""

from multiprocessing.connection import Connection
from random import Random
from threading import Event, Thread
from time import perf_counter, sleep
from uuid import uuid4

from bench.append import answer
from bench.crew import Crew
from bench.data import OFFICER
from bench.library import NOTE
from bench.results import Line, latency
from bench.stage import MASTER, Stage
from domain.case import Case
from domain.contact import record_contact
from projections.read_models import ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record

WRITERS = 2


def writer(pipe: Connection, dsn: str, number: int) -> None:
    """Contacts in cases of its own, through commands."""
    record = Record(as_service(dsn), MASTER, pool_size=2)
    with ReadSide(record, current_policy()).reading() as conn:
        rows = conn.execute("select stream_id from caseload where ended_on is null order by crn").fetchall()
    streams, rng = [stream for (stream,) in rows][number::WRITERS], Random(number)

    def write(batch: int) -> None:
        now = record.clock()
        stream, by = rng.choice(streams), OFFICER.code
        record.change(Case, stream, record_contact, uuid4(), now=now, by=by, occurred_at=now, practitioner=by, kind="CTOB", note=NOTE)

    try:
        answer(pipe, lambda: write)
    finally:
        record.close()


def run(stage: Stage) -> list[Line]:
    _ = stage.live
    read_side, seconds = stage.loaded.read_side, 5.0 if stage.quick else 20.0
    behind: list[float] = []
    over = Event()

    def follow() -> None:
        while not over.is_set():
            read_side.catch_up()
            sleep(0.01)

    def watch() -> None:
        while not over.is_set():
            with read_side.record.pool.connection() as conn:
                row = conn.execute(
                    "select extract(epoch from clock_timestamp() - min(recorded_at)) from record.event where notification_id >"
                    " (select max(position) from app.follower)"
                ).fetchone()
            behind.append(float(row[0]) * 1000 if row and row[0] is not None else 0.0)
            sleep(0.05)

    crew = Crew(writer, stage.loaded.dsn, WRITERS)
    threads = [Thread(target=follow, daemon=True), Thread(target=watch, daemon=True)]
    for thread in threads:
        thread.start()
    rate = crew.round(WRITERS, 1, seconds)
    over.set()
    for thread in threads:
        thread.join()
    start = perf_counter()
    left = read_side.catch_up()
    drained = perf_counter() - start
    crew.close()
    lag = latency(behind)
    return [
        Line(
            bench="follower",
            what=f"behind {WRITERS} writers whose commands fold nothing",
            ours=str(lag),
            note=f"{rate:,.0f} events/s written; {left} cases left then, folded in {drained:.1f} s",
            figures={"events_per_s": rate, "left": left, "drained_s": drained, **lag.figures("behind")},
        )
    ]
