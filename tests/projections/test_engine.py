"""The read side keeps its laws: rebuilt equals live, as known equals what live showed then, twice is once, crashes heal."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from domain import allocation, appointment, contact, entry, risk, transfer
from domain.case import Case, case_id
from domain.contact import Purpose, Work
from domain.event import Refused
from domain.outcome import OUTCOMES
from projections import building, cases_behind, engine, figures, following
from projections.engine import LIVE
from projections.measures import MEASURES
from projections.read_models import MODELS, ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER
from tests.scenario import Scenario

PRESENT_ONLY = {model.table for model in MODELS if model.present_only}
Dump = dict[str, Counter[tuple[object, ...]]]


def dump(read_side: ReadSide, schema: str = LIVE) -> Dump:
    """Every row of every read model."""
    with read_side.reading(schema) as conn:
        tables = [model.table for model in MODELS if schema == LIVE or not model.present_only]
        return {table: Counter(conn.execute(f'select * from "{table}"'.encode()).fetchall()) for table in tables}


@contextmanager
def told_in_a_database(server: str, template: str, name: str) -> Any:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'create database "{name}" template "{template}"'.encode())
        conn.execute(f'grant create on database "{name}" to throughline_service'.encode())
        with closing(Record(as_service(make_conninfo(server, dbname=name)), MASTER)) as record:
            read_side = ReadSide(record, current_policy())
            read_side.prepare()
            yield Scenario(record).staff(), read_side
        conn.execute(f'drop database "{name}" with (force)'.encode())


CRNS = ("X000001", "X000002")
Act = Callable[[Scenario, str, int], object]


def _outcome(told: Scenario, crn: str, n: int) -> None:
    number = told.appointment(crn, in_hours=-(n % 400) - 1)
    told.do(crn, appointment.record_outcome, appointment=number, outcome=sorted(OUTCOMES)[n % len(OUTCOMES)])


def _correct(told: Scenario, crn: str, n: int) -> None:
    entries = told.record.state(Case, case_id(crn)).entries
    if not entries:
        return
    number = sorted(entries)[n % len(entries)]
    reads = entries[number]
    if isinstance(reads, contact.ContactRecorded):
        changed = msgspec.structs.replace(reads, practitioner=("OWEN", "SIAN")[n % 2], minutes=n % 90 + 1)
        told.do(crn, entry.correct_entry, entry=number, reads=changed, reason="Wrong officer")


def _withdraw(told: Scenario, crn: str, n: int) -> None:
    entries = told.record.state(Case, case_id(crn)).entries
    if not entries:
        return
    told.do(crn, entry.withdraw_entry, entry=sorted(entries)[n % len(entries)], reason="Entered twice")


def _move(told: Scenario, crn: str, n: int) -> None:
    team = ("NP1", "NC1", "CF1")[n % 3]
    told.do(crn, transfer.request_transfer, to_team=team, to_provider="C10", reason=allocation.AllocationReason.MOVE)


def _allocate(told: Scenario, crn: str, n: int) -> None:
    reason = allocation.AllocationReason.STAFF
    told.do(crn, allocation.allocate, practitioner=("OWEN", "SIAN")[n % 2], team="CF1", provider="C10", reason=reason)


ACTS: tuple[Act, ...] = (
    lambda told, crn, n: told.visit(crn, days_ago=n % 50 + 0.1, worker=("SIAN", "OWEN", "TOM")[n % 3], purposeful=n % 2 == 0),
    _outcome,
    _correct,
    _withdraw,
    _move,
    _allocate,
    lambda told, crn, n: told.do(crn, transfer.accept_transfer, team="NP1", practitioner="TOM"),
    lambda told, crn, n: told.do(crn, transfer.withdraw_transfer, team="CF1", reason="No longer needed"),
    lambda told, crn, n: told.appointment(crn, in_hours=n % 300 + 1),
    lambda told, crn, n: told.do(crn, risk.assess_rosh, policy=told.policy, level=list(risk.Rosh)[n % 4], rationale="Reviewed"),
)
acts = st.lists(st.tuples(st.sampled_from(range(len(ACTS))), st.sampled_from(CRNS), st.integers(0, 1000)), min_size=1, max_size=12)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_the_laws_hold_for_any_history(server: str, prepared_template: str, history: list[tuple[int, str, int]]) -> None:
    with told_in_a_database(server, prepared_template, f"law_{uuid4().hex[:12]}") as (told, read_side):
        for crn in CRNS:
            told.case(crn)
        read_side.catch_up()
        showed: dict[int, Dump] = {}
        for act, crn, n in history:
            try:
                ACTS[act](told, crn, n)
            except Refused:
                continue
            read_side.fold([case_id(crn)])
            showed[told.record.head()] = {table: rows for table, rows in dump(read_side).items() if table not in PRESENT_ONLY}
        live = dump(read_side)
        read_side.fold([case_id(crn) for crn in CRNS] * 2)
        assert dump(read_side) == live, "folding again changes nothing"
        read_side.catch_up()  # so that rows of a stream without an entry since are taken from the live ones
        for position, then in showed.items():
            assert dump(read_side, read_side.as_known_at(position)) == then, "as known is what live showed then"
        read_side.rebuild()
        assert dump(read_side) == live, "a rebuild gives the live rows"
        assert read_side.health(sample=None).well


@pytest.fixture
def read_side(record: Record) -> ReadSide:
    made = ReadSide(record, current_policy())
    made.prepare()
    return made


@pytest.fixture
def told(record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case()
    return scenario


def test_a_crash_between_append_and_fold_heals_itself(told: Scenario, read_side: ReadSide) -> None:
    told.visit()  # appended, and then nobody folded
    assert read_side.health(sample=0).lag
    read_side.catch_up()
    before = dump(read_side)
    read_side.rebuild()
    assert dump(read_side) == before
    assert read_side.catch_up() == 0


def test_rows_never_go_backwards(told: Scenario, read_side: ReadSide, record: Record) -> None:
    read_side.catch_up()
    with record.pool.connection() as conn:
        old = engine.read_one(conn, record.keyring, MODELS, read_side.policy, case_id("X000001"))
    assert old is not None
    told.visit()
    read_side.catch_up()
    newest = dump(read_side)
    with record.pool.connection() as conn, conn.transaction():
        assert not engine.replace_rows(conn, MODELS, old, engine.digest(MODELS, read_side.policy))
    assert dump(read_side) == newest


@pytest.mark.parametrize("kept_up", [ReadSide.catch_up, ReadSide.rebuild], ids=["after-another-command", "after-a-rebuild"])
def test_a_command_writes_anew_what_it_changes_and_nothing_else(
    told: Scenario, read_side: ReadSide, kept_up: Callable[[ReadSide], object]
) -> None:
    def written_by() -> dict[str, set[str]]:
        """The transactions that wrote what stands in each table."""
        with read_side.reading() as conn:
            return {m.table: {at for (at,) in conn.execute(f'select xmin::text from "{m.table}"'.encode()).fetchall()} for m in MODELS}

    told.visit(days_ago=3)
    kept_up(read_side)
    before = written_by()
    told.visit(days_ago=1)
    read_side.catch_up()
    changed = {table for table, at in written_by().items() if at != before[table]}
    assert {"caseload", "contact_month", "recorded_week"} <= changed
    assert not {"holder", "limited_access", "provider", "practitioner"} & changed
    live = dump(read_side)
    read_side.rebuild()
    assert dump(read_side) == live


POISON = (
    "select record.append(array[%(id)s]::uuid[], array[%(v)s]::bigint[], array['from-the-future'],"
    ' array[\'{"type":"from-the-future"}\'::bytea], array[null]::bytea[], null, null, null)'
)


def test_a_poisoned_event_parks_its_case_and_nothing_else(told: Scenario, read_side: ReadSide, database: str) -> None:
    told.case("X000002")
    read_side.catch_up()
    before, poisoned = dump(read_side), case_id("X000001")
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(POISON, {"id": poisoned, "v": told.version("X000001") + 1})
    told.visit("X000002")
    read_side.catch_up()
    health = read_side.health(sample=None)
    assert [stream for stream, _ in health.parked] == [poisoned]
    assert not health.well
    after = dump(read_side)
    assert [row for row in after["caseload"] if row[0] == poisoned] == [row for row in before["caseload"] if row[0] == poisoned]
    assert after["contact_month"] != before["contact_month"]
    read_side.rebuild()
    assert [stream for stream, _ in read_side.health(sample=None).parked] == [poisoned]


def test_a_rebuild_is_swapped_in_while_people_go_on_writing(told: Scenario, read_side: ReadSide) -> None:
    read_side.catch_up()
    stop, failures, written = threading.Event(), list[BaseException](), Counter[str]()

    def write(crn: str) -> None:
        try:
            while not stop.is_set():
                told.visit(crn)
                read_side.fold([case_id(crn)])
                with read_side.reading() as conn:
                    row = conn.execute("select last_contact_at from caseload where crn = %s", (crn,)).fetchone()
                assert row is not None
                written[crn] += 1
        except BaseException as e:
            failures.append(e)

    told.case("X000002")
    threads = [threading.Thread(target=write, args=(crn,)) for crn in CRNS]
    for thread in threads:
        thread.start()
    for _ in range(4):
        read_side.rebuild()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(written[crn] for crn in CRNS)
    assert read_side.health(sample=None).well
    live = dump(read_side)
    read_side.rebuild()
    assert dump(read_side) == live


def test_a_build_in_several_processes_gives_the_same_rows(told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    read_side.catch_up()
    live = dump(read_side)
    monkeypatch.setattr(building, "SMALL", 0)
    monkeypatch.setattr(building, "PART", 10)
    monkeypatch.setattr(building, "processes", lambda: 2)
    read_side.rebuild()
    assert dump(read_side) == live


def test_a_day_of_the_past_is_found_again_and_dropped_when_unused(told: Scenario, read_side: ReadSide) -> None:
    read_side.catch_up()
    at = told.now
    name = read_side.as_known(at)
    assert read_side.as_known(at) == name
    assert read_side.drop_stale(told.in_days(-1)) == 0
    assert read_side.drop_stale(told.now) == 1
    assert read_side.as_known(at) == name


def test_rows_older_than_the_code_are_noticed(told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    read_side.catch_up()
    assert read_side.health().current
    monkeypatch.setattr("projections.engine.CODE_VERSION", 999)
    assert not read_side.health().current
    assert read_side.prepare()
    assert read_side.health().current


def test_rows_changed_by_hand_are_named(told: Scenario, read_side: ReadSide, record: Record) -> None:
    read_side.catch_up()
    with record.pool.connection() as conn:
        conn.execute("update caseload set rosh = 'low'")
    assert read_side.health(sample=None).differing == [case_id("X000001")]


def test_two_followers_do_no_harm(told: Scenario, read_side: ReadSide, record: Record) -> None:
    for _ in range(5):
        told.visit()
    threads = [threading.Thread(target=following.catch_up, args=(record, MODELS, read_side.policy)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_side.health(sample=None).well


def test_a_teams_figure_moves_by_the_contact_that_was_recorded(told: Scenario, read_side: ReadSide) -> None:
    read_side.catch_up()
    measure, scope = MEASURES["purposeful-activity"], figures.Scope(date(2199, 1, 1), team="CF1")
    with read_side.reading() as conn:
        before = figures.figure(conn, measure, scope)
    told.do(
        "X000001",
        contact.record_contact,
        occurred_at=told.in_days(-1),
        practitioner="SIAN",
        kind="COUP",
        work=Work(purposes=(Purpose.RISK,), risk_action=True),
    )
    read_side.catch_up()
    with read_side.reading() as conn:
        after = figures.figure(conn, measure, scope)
        cases = cases_behind.by_case(conn, measure, scope)
    assert (after.yes - before.yes, after.no - before.no) == (1, 0)
    assert [case.crn for case in cases] == ["X000001"]
    assert read_side.wrong_totals() == []


def test_totals_grow_by_the_difference_and_are_put_together_without_changing(told: Scenario, read_side: ReadSide) -> None:
    read_side.catch_up()
    for days in (3, 2, 1):
        told.visit(days_ago=days)
        read_side.catch_up()
    measure, scope = MEASURES["recording"], figures.Scope(date(2199, 1, 1), provider="C10")
    with read_side.reading() as conn:
        before = figures.figure(conn, measure, scope)
        rows = conn.execute("select count(*), count(distinct (month, team)) from contact_total").fetchone()
    assert rows is not None
    assert rows[0] > rows[1]

    assert read_side.put_totals_together() > 0

    with read_side.reading() as conn:
        assert figures.figure(conn, measure, scope) == before
        assert conn.execute("select count(*) from contact_total").fetchone() == (rows[1],)
    assert read_side.wrong_totals() == []
    assert read_side.put_totals_together() == 0
