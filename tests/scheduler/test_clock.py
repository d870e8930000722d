"""Jobs run once for each time at which they were due, make up for time away, and one process leads."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from domain.case import case_id
from domain.inspection import Inspection, announce_inspection, inspection_id
from projections.as_known import Wanted
from projections.read_models import ReadSide
from scheduler import clock, jobs
from scheduler.clock import TIMETABLE, Timed, in_words, last_due, look_at, next_due, run_once
from store import checkpoints, job_runs
from store.policy import current_policy
from store.record import Record
from tests.scenario import Scenario

NOON = datetime(2026, 10, 25, 12, tzinfo=UTC)


@pytest.fixture
def read_side(record: Record) -> ReadSide:
    made = ReadSide(record, current_policy())
    made.prepare()
    Scenario(record).staff().case()
    return made


@pytest.fixture
def counted() -> tuple[Timed, list[datetime]]:
    ran: list[datetime] = []

    def job(read_side: ReadSide, now: datetime) -> str:
        ran.append(now)
        return "counted"

    return Timed("counted", job, {"hour": 1, "minute": 30}), ran


def runs(read_side: ReadSide) -> list[tuple[str, datetime, str]]:
    with read_side.record.pool.connection() as conn:
        return conn.execute("select job, due, said from app.job_run order by due").fetchall()


def test_a_job_runs_once_for_each_time_at_which_it_was_due(read_side: ReadSide, counted: tuple[Timed, list[datetime]]) -> None:
    timed, ran = counted
    due = last_due(timed, NOON)
    assert due is not None
    assert [run_once(read_side, timed, due, NOON) for _ in range(3)] == [True, False, False]
    assert ran == [NOON]
    assert runs(read_side) == [("counted", due, "counted")]


def test_the_night_on_which_clocks_go_back_has_one_half_past_one() -> None:
    timed = Timed("t", jobs.drop_unused_days, {"hour": 1, "minute": 30})
    assert last_due(timed, NOON) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert last_due(timed, NOON - timedelta(hours=11)) == datetime(2026, 10, 24, 1, 30, tzinfo=UTC)


def test_what_was_due_in_time_away_is_made_up_for_once(read_side: ReadSide, counted: tuple[Timed, list[datetime]]) -> None:
    timed, ran = counted
    look_at(read_side, timed, NOON)
    look_at(read_side, timed, NOON + timedelta(minutes=5))
    assert ran == [NOON]


def test_the_next_time_is_after_now_in_utc_whatever_the_clocks_do() -> None:
    timed = Timed("t", jobs.drop_unused_days, {"hour": 1, "minute": 30})
    assert next_due(timed, NOON) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    assert next_due(timed, datetime(2026, 10, 26, 1, 30, tzinfo=UTC)) == datetime(2026, 10, 27, 1, 30, tzinfo=UTC)
    assert in_words(timed) == "Every day at 01:30"
    assert in_words(Timed("t", jobs.put_totals_together, {"minute": 40})) == "Every hour at 40 minutes past"
    assert in_words(Timed("t", jobs.sign_checkpoint, {"minute": "*"})) == "Every minute"


def test_what_is_done_every_minute_is_not_made_up_for(read_side: ReadSide, counted: tuple[Timed, list[datetime]]) -> None:
    job, ran = counted[0].job, counted[1]
    timed = Timed("t", job, {"minute": "*"})
    assert last_due(timed, NOON + timedelta(seconds=59)) == NOON
    for seconds in (0, 30, 60, 3600):
        look_at(read_side, timed, NOON + timedelta(seconds=seconds))
    assert ran == [NOON, NOON + timedelta(minutes=1), NOON + timedelta(hours=1)]


def test_a_checkpoint_is_signed_when_the_ledger_has_grown_and_at_the_beginning_of_each_day(read_side: ReadSide) -> None:
    with read_side.record.pool.connection() as conn:
        head, now = read_side.record.head(), read_side.record.clock()
        assert jobs.sign_checkpoint(read_side, now) == f"checkpoint 1 covers {head} entries"
        assert jobs.sign_checkpoint(read_side, now) == "nothing to sign: the ledger has not grown"
        Scenario(read_side.record).visit("X000001")
        assert jobs.sign_checkpoint(read_side, now) == f"checkpoint 2 covers {head + 1} entries"
        assert jobs.sign_checkpoint(read_side, now + timedelta(days=1)) == f"checkpoint 3 covers {head + 1} entries"
        last = checkpoints.last(conn)
    assert last is not None
    assert (last.size, last.waiting_since) == (head + 1, None)


def announce(record: Record) -> None:
    details = {"reference": "INS-2026-001", "provider": "C10", "title": "Wales CRC"}
    record.change(Inspection, inspection_id("INS-2026-001"), announce_inspection, uuid4(), now=record.clock(), by="HMI0002", **details)


def test_an_announcement_of_an_inspection_is_signed_at_once_and_nothing_else_is(read_side: ReadSide, database: str) -> None:
    record, now = read_side.record, read_side.record.clock()
    assert jobs.sign_announced(read_side, now) == ""
    announce(record)
    assert jobs.sign_announced(read_side, now) == f"checkpoint 1 covers {record.head()} entries; no witness is named"
    assert jobs.sign_announced(read_side, now) == ""
    Scenario(record).visit("X000001")
    assert jobs.sign_announced(read_side, now) == ""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("alter table record.checkpoint disable trigger all")
        owner.execute("update record.checkpoint set size = 1")
    assert "are not those that checkpoint 1 was made of" in jobs.sign_announced(read_side, now)


def test_a_ledger_that_does_not_lead_on_is_not_signed_and_says_so_each_time(read_side: ReadSide, database: str) -> None:
    now = read_side.record.clock()
    jobs.sign_checkpoint(read_side, now)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("alter table record.leaf disable trigger all")
        owner.execute("delete from record.leaf where leaf_index = (select max(leaf_index) from record.leaf)")
    timed = Timed("sign", jobs.sign_checkpoint, {"minute": "*"})
    for minute in range(3):
        look_at(read_side, timed, now + timedelta(minutes=minute))
    assert row_of(read_side, "sign").state == "something is wrong"
    with read_side.record.pool.connection() as conn:
        (failure,) = job_runs.failures(conn, now - timedelta(days=1))
    assert "The last checkpoint covers" in failure.failure
    assert failure.due == last_due(timed, now + timedelta(minutes=2))


@pytest.fixture
def failing() -> tuple[Timed, list[datetime]]:
    tried: list[datetime] = []

    def job(read_side: ReadSide, now: datetime) -> str:
        """Fails twice."""
        tried.append(now)
        if len(tried) < 3:
            raise RuntimeError("no room on the disk\nrow: somebody's name")
        return "there was room"

    return Timed("failing", job, {"hour": 1, "minute": 30}), tried


def row_of(read_side: ReadSide, name: str) -> job_runs.JobRow:
    with read_side.record.pool.connection() as conn:
        return next(row for row in job_runs.jobs(conn) if row.name == name)


def test_a_job_that_fails_says_so_and_is_tried_again_after_one_two_and_four_minutes(
    read_side: ReadSide, failing: tuple[Timed, list[datetime]]
) -> None:
    timed, tried = failing
    minutes = [NOON + timedelta(minutes=m) for m in range(5)]
    look_at(read_side, timed, minutes[0])
    assert (row_of(read_side, "failing").state, row_of(read_side, "failing").failure) == (
        "failed, tried again",
        "RuntimeError: no room on the disk",
    )
    for now in minutes[1:]:
        look_at(read_side, timed, now)
    assert tried == [minutes[0], minutes[1], minutes[3]]
    row = row_of(read_side, "failing")
    assert (row.state, row.said, row.failure, row.tries) == ("done", "there was room", "", 3)


def test_a_job_that_goes_on_failing_is_given_up_until_its_next_time(read_side: ReadSide) -> None:
    tried: list[datetime] = []

    def job(read_side: ReadSide, now: datetime) -> str:
        tried.append(now)
        raise ValueError("never")

    timed = Timed("never", job, {"hour": 1, "minute": 30})
    for minute in range(0, 6 * 60, 5):
        look_at(read_side, timed, NOON + timedelta(minutes=minute))
    assert len(tried) == job_runs.MOST_TRIES
    assert row_of(read_side, "never").state == "given up"
    look_at(read_side, timed, NOON + timedelta(days=1))
    assert len(tried) == job_runs.MOST_TRIES + 1


def test_a_check_that_finds_something_wrong_says_so_and_is_not_made_again(read_side: ReadSide) -> None:
    made: list[datetime] = []

    def check(read_side: ReadSide, now: datetime) -> str:
        made.append(now)
        raise jobs.Amiss("2 faults")

    timed = Timed("check", check, {"hour": 1, "minute": 30})
    for minute in (0, 10, 60):
        look_at(read_side, timed, NOON + timedelta(minutes=minute))
    assert made == [NOON]
    assert (row_of(read_side, "check").state, row_of(read_side, "check").failure) == ("something is wrong", "2 faults")


def test_a_job_under_way_is_not_begun_again_and_one_cut_off_is(read_side: ReadSide, counted: tuple[Timed, list[datetime]]) -> None:
    timed, ran = counted
    due = last_due(timed, NOON)
    assert due is not None
    with read_side.record.pool.connection() as other, job_runs.alone(other, timed.name) as mine:
        assert mine
        assert job_runs.begin(other, timed.name, due, NOON)
        assert not run_once(read_side, timed, due, NOON)
    assert run_once(read_side, timed, due, NOON)
    assert ran == [NOON]


def test_one_job_that_fails_and_one_that_takes_long_stop_no_other(read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, ran = threading.Event(), threading.Event()

    def fails(read_side: ReadSide, now: datetime) -> str:
        raise RuntimeError("always")

    def lasts(read_side: ReadSide, now: datetime) -> str:
        assert let_go.wait(30)
        return "at last"

    def works(read_side: ReadSide, now: datetime) -> str:
        ran.set()
        return "worked"

    daily: dict[str, int | str] = {"hour": 1, "minute": 30}
    monkeypatch.setattr(clock, "TIMETABLE", tuple(Timed(job.__name__, job, daily) for job in (fails, lasts, works)))
    stop = threading.Event()
    worker = threading.Thread(target=clock.work, args=(read_side, stop))
    worker.start()
    try:
        assert ran.wait(30)
        let_go.set()
        assert _until(lambda: runs(read_side) and row_of(read_side, "lasts").state == "done")
    finally:
        let_go.set()
        stop.set()
        worker.join()
    assert row_of(read_side, "fails").state == "failed, tried again"
    assert row_of(read_side, "works").said == "worked"


def test_runs_are_forgotten_after_three_months(read_side: ReadSide, counted: tuple[Timed, list[datetime]]) -> None:
    timed, _ = counted
    look_at(read_side, timed, NOON)
    assert jobs.forget_old_runs(read_side, NOON + timedelta(days=80)) == "0 old runs forgotten"
    assert jobs.forget_old_runs(read_side, NOON + timedelta(days=100)) == "1 old runs forgotten"


@pytest.mark.parametrize("timed", TIMETABLE, ids=lambda timed: timed.name)
def test_every_job_of_the_timetable_says_what_it_did(read_side: ReadSide, timed: Timed) -> None:
    assert timed.job(read_side, read_side.record.clock())


def test_the_follower_says_nothing_when_there_is_nothing(read_side: ReadSide) -> None:
    jobs.follow(read_side, NOON)
    assert jobs.follow(read_side, NOON) == ""


@pytest.fixture
def at_work(
    read_side: ReadSide, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[threading.Thread, threading.Event, list[BaseException]]]:
    monkeypatch.setattr(clock, "FOLLOW_SECONDS", 0.02)
    stop, errors = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            clock.work(read_side, stop)
        except BaseException as e:
            errors.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    yield thread, stop, errors
    stop.set()
    thread.join()


def _until(condition: object) -> bool:
    """Waits for something that must come; the limit only ends a test that has failed."""
    pause = threading.Event()
    for _ in range(1500):
        if condition():
            return True
        pause.wait(0.02)
    return False


def test_the_one_who_leads_replaces_rows_of_an_older_release(
    read_side: ReadSide, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr("projections.engine.CODE_VERSION", 999)
    assert read_side.is_ready()
    assert not read_side.is_current()
    request.getfixturevalue("at_work")
    assert _until(read_side.is_current)
    read_side.catch_up()
    assert read_side.health(sample=None).well


def test_an_end_in_the_middle_of_a_rebuild_leaves_it_for_the_next(read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.engine.CODE_VERSION", 999)
    ended = threading.Event()
    monkeypatch.setattr(ended, "wait", lambda seconds: False)
    ended.set()
    with pytest.raises(SystemExit):
        clock._build(read_side, ended)
    assert read_side.underway() is not None
    assert not read_side.is_current()
    assert jobs.renew(read_side, lambda done, of: None)
    assert read_side.is_current()


def test_the_one_who_leads_heals_what_nobody_folded(
    read_side: ReadSide, at_work: tuple[threading.Thread, threading.Event, list[BaseException]]
) -> None:
    told = Scenario(read_side.record)
    told.visit()

    def is_folded() -> bool:
        with read_side.reading() as conn:
            row = conn.execute("select version from folded where stream_id = %s", (case_id("X000001"),)).fetchone()
        return row is not None and row[0] == told.version("X000001")

    assert _until(is_folded)


def test_losing_the_connection_that_leads_ends_the_work(
    read_side: ReadSide, database: str, at_work: tuple[threading.Thread, threading.Event, list[BaseException]]
) -> None:
    thread, _, errors = at_work

    def end_leader() -> bool:
        with psycopg.connect(database, autocommit=True) as conn:
            return bool(
                conn.execute(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted"
                    " and ((classid::bigint << 32) | objid::bigint) = %s"
                    " and database = (select oid from pg_database where datname = current_database())",
                    (clock.LEADER,),
                ).fetchone()
            )

    assert _until(end_leader)
    thread.join(30)
    assert not thread.is_alive()
    assert [type(e) for e in errors] == [psycopg.errors.AdminShutdown]


def test_what_somebody_waits_for_is_built_while_the_follower_goes_on(read_side: ReadSide) -> None:
    record, stop = read_side.record, threading.Event()
    asked = Wanted(record.head(), read_side.policy, NOON)
    name = read_side.ask(asked).name
    worker = threading.Thread(target=clock.work, args=(read_side, stop))
    worker.start()
    try:
        deadline = threading.Event()
        while (found := read_side.snapshot(name)) is not None and not found.built and worker.is_alive():
            deadline.wait(0.05)
    finally:
        stop.set()
        worker.join()
    assert found is not None
    assert found.built


def test_a_build_that_fails_is_logged_and_the_next_one_is_built(
    read_side: ReadSide, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended, tried = threading.Event(), []

    def build(side: ReadSide, progress: object) -> str:
        tried.append(side)
        if len(tried) == 1:
            raise RuntimeError("no room on the disk")
        ended.set()
        return "one built"

    monkeypatch.setattr(jobs, "build_asked", build)
    monkeypatch.setattr(clock, "FOLLOW_SECONDS", 0)
    monkeypatch.setattr(clock, "AGAIN_SECONDS", 0)
    clock._build(read_side, ended)
    assert len(tried) == 2
    assert "no room on the disk" in caplog.text


def test_a_build_stops_with_the_worker_and_is_left_for_the_next(read_side: ReadSide) -> None:
    read_side.ask(Wanted(read_side.record.head(), read_side.policy, NOON))
    ended = threading.Event()

    def end(done: int, of_all: int) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        jobs.build_asked(read_side, end)
    ended.set()
    assert jobs.build_asked(read_side, lambda done, of_all: None).endswith(" built")
