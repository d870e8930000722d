"""Which job runs when. One leader by advisory lock; schedules in UTC, because the clocks of England and Wales go back once a year."""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from psycopg import Connection

from domain.words import said
from projections.read_models import ReadSide
from scheduler import jobs
from store import job_runs

log = logging.getLogger("throughline.scheduler")
LEADER = 7402653121
FOLLOW_SECONDS = 0.5
LOOK_SECONDS = 60
"""How often each job is looked at, and so how late one can begin."""
ANNOUNCED_SECONDS = 2
"""How often it is looked whether an inspection was announced."""
AT_ONCE = 2
"""How many jobs run at once: each takes two of the few connections that there are."""
AGAIN_SECONDS = 30
"""How soon a rebuild that failed is tried again."""
LONGEST_AWAY = timedelta(days=2)
"""A run missed by more than this is not made up for: its next one comes within a day."""


class Timed(msgspec.Struct, frozen=True):
    """A job with its time, in cron's fields (UTC): every minute, a minute of every hour, or an hour and a minute of every day.

    One that is `prompt` has a thread of its own, so that it never waits for jobs that take long.
    """

    name: str
    job: jobs.Job
    at: dict[str, int | str]
    prompt: bool = False


TIMETABLE = (
    Timed(said("sign-checkpoint"), jobs.sign_checkpoint, {"minute": "*"}, prompt=True),
    Timed(said("ask-witnesses"), jobs.ask_witnesses, {"minute": "*"}, prompt=True),
    Timed(said("forget-old-runs"), jobs.forget_old_runs, {"hour": 1, "minute": 0}),
    Timed(said("drop-unused-days"), jobs.drop_unused_days, {"hour": 1, "minute": 10}),
    Timed(said("end-old-sessions"), jobs.end_old_sessions, {"hour": 1, "minute": 20}),
    Timed(said("count-fallen-due"), jobs.count_fallen_due, {"hour": 1, "minute": 30}),
    Timed(said("verify-ledger"), jobs.verify_ledger, {"hour": 2, "minute": 5}),
    Timed(said("compare-rows"), jobs.compare_rows, {"hour": 2, "minute": 30}),
    Timed(said("drop-left-rows"), jobs.drop_left_rows, {"hour": 3, "minute": 40}),
    Timed(said("prepare-reminders"), jobs.prepare_reminders, {"minute": 10}),
    Timed(said("put-totals-together"), jobs.put_totals_together, {"minute": 40}),
)


def run_once(read_side: ReadSide, timed: Timed, due: datetime, now: datetime) -> bool:
    """Run a job for the time at which it was due, once however many processes try; returns whether it ran here.

    What goes wrong is written down and stays with this job: the others go on, and this one is tried again.
    """
    with read_side.record.pool.connection() as conn, job_runs.alone(conn, timed.name) as mine:
        if not (mine and job_runs.begin(conn, timed.name, due, now)):
            return False
        _run(conn, read_side, timed, due, now)
        return True


def _run(conn: Connection[Any], read_side: ReadSide, timed: Timed, due: datetime, now: datetime) -> None:
    try:
        did = timed.job(read_side, now)
    except jobs.Amiss as found:
        log.error("%s: %s", timed.name, found)
        job_runs.amiss(conn, timed.name, due, str(found))
    except Exception as error:
        log.exception("%s failed", timed.name)
        # The first line only: what a database adds below it can quote a row.
        job_runs.failed(conn, timed.name, due, f"{type(error).__name__}: {error}".partition("\n")[0])
    else:
        log.info("%s: %s", timed.name, did)
        job_runs.done(conn, timed.name, due, did)


def last_due(timed: Timed, now: datetime) -> datetime | None:
    """The last time at which the job was due, within the days that are made up for."""
    trigger = CronTrigger(timezone=UTC, **timed.at)
    due: datetime | None = None
    away = timedelta(minutes=1) if timed.at["minute"] == "*" else LONGEST_AWAY
    at = trigger.get_next_fire_time(None, now - away)
    while at is not None and at <= now:
        due, at = at, trigger.get_next_fire_time(at, at + timedelta(seconds=1))
    return due


def next_due(timed: Timed, now: datetime) -> datetime:
    """The first time after now at which the job is due."""
    after = now + timedelta(seconds=1)
    found: datetime = CronTrigger(timezone=UTC, **timed.at).get_next_fire_time(None, after)
    return found


def in_words(timed: Timed) -> str:
    """Its times as a page says them: every day at 02:05, so many minutes past every hour, or every minute."""
    if timed.at["minute"] == "*":
        return said("Every minute")
    minute = int(timed.at["minute"])
    if "hour" in timed.at:
        return said(job_runs.EVERY_DAY, time=f"{int(timed.at['hour']):02d}:{minute:02d}")
    return said(job_runs.EVERY_HOUR, minutes=minute)


def look_at(read_side: ReadSide, timed: Timed, now: datetime) -> None:
    """Run a job if its last time has come and it was not done, be it just now, after time away or after it failed."""
    about = (timed.job.__doc__ or "").partition("\n")[0]
    with read_side.record.pool.connection() as conn:
        job_runs.keep(conn, timed.name, about, in_words(timed), next_due(timed, now), now)
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
            while not stop.wait(FOLLOW_SECONDS):
                leader.execute("select 1")
                if did := jobs.follow(read_side, clock()):
                    log.info("follow: %s", did)
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
                if did := job(read_side, go_on):
                    log.info("build: %s", did)
        except Exception:
            log.exception("build failed")
            ended.wait(AGAIN_SECONDS)


def _start(read_side: ReadSide, clock: Callable[[], datetime]) -> Any:
    """Look at each job at once and then every minute, each for itself: one that takes long or fails stops no other."""
    timetable = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(AT_ONCE), "prompt": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for timed in TIMETABLE:
        timetable.add_job(
            lambda timed=timed: look_at(read_side, timed, clock()),
            IntervalTrigger(seconds=LOOK_SECONDS, timezone=UTC),
            next_run_time=datetime.now(UTC),
            id=timed.name,
            executor="prompt" if timed.prompt else "default",
        )
    timetable.add_job(
        lambda: jobs.sign_announced(read_side, clock()),
        IntervalTrigger(seconds=ANNOUNCED_SECONDS, timezone=UTC),
        id="sign-announced",
        executor="prompt",
    )
    timetable.start()
    return timetable
