"""Runs of jobs: which is under way, done or failed, and when each job is due next. The scheduler writes it, a page shows it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.words import stored

LOCK = 74026531
"""The first half of the lock that a job runs under; the second is the job's name."""
MOST_TRIES = 6
WAIT = timedelta(minutes=1)
"""How long after its first try began a run that failed is tried again; the wait doubles with each try."""
LONGEST_FAILURE = 300

EVERY_DAY, EVERY_HOUR = stored("Every day at {time}"), stored("Every hour at {minutes} minutes past")
RELEASES_DROPPED = stored("rows of {number} older releases dropped")
DAYS_DROPPED = stored("{number} days of the past dropped")
SESSIONS_REMOVED = stored("{number} old sessions removed")
TOTALS_PUT_TOGETHER = stored("{number} rows of totals put together")
RUNS_FORGOTTEN = stored("{number} old runs forgotten")
SIGNED = stored("checkpoint {number} covers {entries} entries")
COSIGNED = stored("checkpoint {number} is signed by all {witnesses} witnesses")
COMPARED = stored("{differing} of {compared} differ, {parked} parked")
REMINDERS = stored("{prepared} reminders prepared, {withdrawn} withdrawn, {forgotten} forgotten")
FELL_DUE = stored("{items} items fell due and were not done; days counted: {days}")
"""When jobs run and what they did, as their rows keep it."""


class JobRow(msgspec.Struct, frozen=True):
    """A job with its last run. `begun_at` is when its last try began; without `finished_at` it runs, was cut off, or failed."""

    name: str
    about: str
    times: str
    next_at: datetime
    kept_at: datetime
    due: datetime | None
    begun_at: datetime | None
    finished_at: datetime | None
    tries: int | None
    said: str | None
    failure: str | None

    @property
    def state(self) -> str:
        """In a word: how the last run stands."""
        return state_of(self.due, self.finished_at, self.tries or 0, self.failure or "")


def state_of(due: datetime | None, finished_at: datetime | None, tries: int, failure: str) -> str:
    if due is None:
        return "not run yet"
    if finished_at is not None:
        return "something is wrong" if failure else "done"
    if failure:
        return "given up" if tries >= MOST_TRIES else "failed, tried again"
    return "under way"


class Failed(msgspec.Struct, frozen=True):
    """A run that failed or found something wrong, at its last try."""

    job: str
    due: datetime
    begun_at: datetime
    finished_at: datetime | None
    tries: int
    failure: str

    @property
    def state(self) -> str:
        return state_of(self.due, self.finished_at, self.tries, self.failure)


@contextmanager
def alone(conn: Connection[Any], job: str) -> Iterator[bool]:
    """Whether this job runs nowhere else; while it does, it runs nowhere but here. A process that dies lets go of it."""
    row = conn.execute("select pg_try_advisory_lock(%s, hashtext(%s))", (LOCK, job)).fetchone()
    mine = row is not None and bool(row[0])
    try:
        yield mine
    finally:
        if mine:
            conn.execute("select pg_advisory_unlock(%s, hashtext(%s))", (LOCK, job))


def begin(conn: Connection[Any], job: str, due: datetime, now: datetime) -> bool:
    """Begin the run that was due then, if it is still to be done: not yet begun, cut off, or failed and waited for long enough."""
    row = conn.execute(
        "insert into app.job_run as r (job, due, begun_at) values (%(job)s, %(due)s, %(now)s)"
        " on conflict (job, due) do update set tries = r.tries + 1, begun_at = excluded.begun_at"
        " where r.finished_at is null and r.tries < %(most)s"
        " and (r.failure = '' or r.begun_at + %(wait)s * power(2, r.tries - 1) <= excluded.begun_at) returning tries",
        {"job": job, "due": due, "now": now, "most": MOST_TRIES, "wait": WAIT},
    ).fetchone()
    return row is not None


def done(conn: Connection[Any], job: str, due: datetime, said: str) -> None:
    """The run did what it was to do."""
    _end(conn, job, due, "finished_at = clock_timestamp(), failure = '', said = %(said)s", said=said)


def amiss(conn: Connection[Any], job: str, due: datetime, failure: str) -> None:
    """The run was made and found something wrong: trying it again would find the same."""
    _end(conn, job, due, "finished_at = clock_timestamp(), failure = %(failure)s", failure=failure[:LONGEST_FAILURE])


def failed(conn: Connection[Any], job: str, due: datetime, failure: str) -> None:
    """The run failed, and is to be tried again."""
    _end(conn, job, due, "failure = %(failure)s", failure=failure[:LONGEST_FAILURE])


def _end(conn: Connection[Any], job: str, due: datetime, change: str, **said: str) -> None:
    conn.execute(f"update app.job_run set {change} where job = %(job)s and due = %(due)s".encode(), {"job": job, "due": due, **said})


def keep(conn: Connection[Any], name: str, about: str, times: str, next_at: datetime, now: datetime) -> None:
    """Say when a job is due next, and that somebody keeps the timetable."""
    conn.execute(
        "insert into app.job (name, about, times, next_at, kept_at) values (%s, %s, %s, %s, %s) on conflict (name) do update"
        " set about = excluded.about, times = excluded.times, next_at = excluded.next_at, kept_at = excluded.kept_at",
        (name, about, times, next_at, now),
    )


def jobs(conn: Connection[Any]) -> Sequence[JobRow]:
    """Every job of the timetable with its last run, by name. One that a release no longer has is forgotten a day later."""
    with conn.cursor(row_factory=class_row(JobRow)) as cursor:
        return cursor.execute(
            "select j.*, r.due, r.begun_at, r.finished_at, r.tries, r.said, r.failure from app.job j left join lateral"
            " (select * from app.job_run where job = j.name order by due desc limit 1) r on true"
            " where j.kept_at > (select max(kept_at) from app.job) - interval '1 day' order by j.name"
        ).fetchall()


def failures(conn: Connection[Any], since: datetime) -> Sequence[Failed]:
    """Runs since then that failed or found something wrong, the newest first; the last one only of those that found the same."""
    with conn.cursor(row_factory=class_row(Failed)) as cursor:
        return cursor.execute(
            "select * from (select distinct on (job, failure) job, due, begun_at, finished_at, tries, failure from app.job_run"
            " where failure <> '' and due >= %s order by job, failure, due desc) as newest order by due desc, job",
            (since,),
        ).fetchall()


def forget(conn: Connection[Any], before: datetime) -> int:
    """Forget runs that were due before then; returns how many."""
    return conn.execute("delete from app.job_run where due < %s", (before,)).rowcount
