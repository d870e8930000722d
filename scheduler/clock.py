"""Which job runs when. One leader by advisory lock; schedules in UTC, because the clocks of England and Wales go back once a year."""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from projections.read_models import ReadSide
from scheduler import jobs

log = logging.getLogger("throughline.scheduler")
LEADER = 7402653121
FOLLOW_SECONDS = 0.5
AGAIN_SECONDS = 30
"""How soon a rebuild that failed is tried again."""
LONGEST_AWAY = timedelta(days=2)
"""A run missed by more than this is not made up for: its next one comes within a day."""


class Timed(msgspec.Struct, frozen=True):
    """A job with its time, in cron's fields (UTC)."""

    name: str
    job: jobs.Job
    at: dict[str, int | str]


TIMETABLE = (
    Timed("drop-unused-days", jobs.drop_unused_days, {"hour": 1, "minute": 10}),
    Timed("end-old-sessions", jobs.end_old_sessions, {"hour": 1, "minute": 20}),
    Timed("verify-ledger", jobs.verify_ledger, {"hour": 2, "minute": 5}),
    Timed("compare-rows", jobs.compare_rows, {"hour": 2, "minute": 30}),
    Timed("drop-left-rows", jobs.drop_left_rows, {"hour": 3, "minute": 40}),
    Timed("put-totals-together", jobs.put_totals_together, {"minute": 40}),
)


def run_once(read_side: ReadSide, timed: Timed, due: datetime, now: datetime) -> bool:
    """Run a job for the time at which it was due, once however many processes try; returns whether it ran here."""
    with read_side.record.pool.connection() as conn:
        mine = conn.execute(
            "insert into app.job_run (job, due) values (%s, %s) on conflict do nothing returning 1", (timed.name, due)
        ).fetchone()
    if mine is None:
        return False
    said = timed.job(read_side, now)
    with read_side.record.pool.connection() as conn:
        conn.execute(
            "update app.job_run set finished_at = clock_timestamp(), said = %s where job = %s and due = %s", (said, timed.name, due)
        )
    log.info("%s: %s", timed.name, said)
    return True


def last_due(timed: Timed, now: datetime) -> datetime | None:
    """The last time at which the job was due, within the days that are made up for."""
    trigger = CronTrigger(timezone=UTC, **timed.at)
    due: datetime | None = None
    at = trigger.get_next_fire_time(None, now - LONGEST_AWAY)
    while at is not None and at <= now:
        due, at = at, trigger.get_next_fire_time(at, at + timedelta(seconds=1))
    return due


def make_up(read_side: ReadSide, now: datetime) -> None:
    """After downtime: run what was due meanwhile and did not run."""
    for timed in TIMETABLE:
        due = last_due(timed, now)
        if due is not None:
            run_once(read_side, timed, due, now)


def work(read_side: ReadSide, stop: threading.Event, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Follow the log and keep the timetable until told to stop; a second process waits for the first to go.

    Leadership is a lock on a connection of its own. When that connection is lost the error leaves this function, and with it
    the process: whoever supervises it starts it again.
    """
    with psycopg.connect(read_side.record.dsn, autocommit=True) as leader:
        while not stop.is_set():
            row = leader.execute("select pg_try_advisory_lock(%s)", (LEADER,)).fetchone()
            if row is not None and row[0]:
                break
            stop.wait(2)
        if stop.is_set():
            return
        timetable, ended = _start(read_side, clock), threading.Event()
        builder = threading.Thread(target=_build, args=(read_side, ended), name="builder")
        builder.start()
        try:
            make_up(read_side, clock())
            while not stop.wait(FOLLOW_SECONDS):
                leader.execute("select 1")
                if said := jobs.follow(read_side, clock()):
                    log.info("follow: %s", said)
        finally:
            ended.set()
            timetable.shutdown(wait=True)
            builder.join()


def _build(read_side: ReadSide, ended: threading.Event) -> None:
    """Replace older rows and build what people wait for, beside the follower, which must not wait for it. What fails is said in the
    log, and on the page of whoever waits for it."""

    def go_on(done: int, of_all: int) -> None:
        if ended.is_set():
            sys.exit()  # ends this thread; what it was building is taken up by whoever works next

    while not ended.wait(FOLLOW_SECONDS):
        try:
            for job in (jobs.renew, jobs.build_asked):
                if said := job(read_side, go_on):
                    log.info("build: %s", said)
        except Exception:
            log.exception("build failed")
            ended.wait(AGAIN_SECONDS)


def _start(read_side: ReadSide, clock: Callable[[], datetime]) -> Any:
    timetable = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600})
    for timed in TIMETABLE:
        timetable.add_job(_fire, CronTrigger(timezone=UTC, **timed.at), args=(read_side, timed, clock), id=timed.name)
    timetable.start()
    return timetable


def _fire(read_side: ReadSide, timed: Timed, clock: Callable[[], datetime]) -> None:
    now = clock()
    due = last_due(timed, now)
    if due is not None:
        run_once(read_side, timed, due, now)
