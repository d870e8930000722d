"""A rebuild is taken up where it died, parks what it cannot fold, and keeps the rows of two releases apart."""

from collections import Counter
from contextlib import closing

import msgspec
import pytest

from domain.case import Case, case_id
from projections import building, engine, following, rebuilding
from projections.engine import ReadModel
from projections.read_models import MODELS, ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER
from tests.scenario import Scenario

CRNS = ("X000001", "X000002", "X000003")
OTHER_SHAPE = (*MODELS, ReadModel("crn_only", Case, {"stream_id": "uuid", "crn": "text"}, lambda story, policy: [(story.opened.crn,)]))


class Died(Exception):
    """What ends a rebuild in the middle."""


@pytest.fixture
def told(record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    for crn in CRNS:
        scenario.case(crn)
    return scenario


@pytest.fixture
def read_side(told: Scenario, monkeypatch: pytest.MonkeyPatch) -> ReadSide:
    made = ReadSide(told.record, current_policy())
    made.prepare()
    monkeypatch.setattr(building, "PART", 4)
    return made


def dump(read_side: ReadSide) -> dict[str, Counter[tuple[object, ...]]]:
    with read_side.reading() as conn:
        return {m.table: Counter(conn.execute(f'select * from "{m.table}"'.encode()).fetchall()) for m in MODELS}


def dies_half_way(read_side: ReadSide) -> int:
    """A rebuild that ends when half of the events are folded; returns how many were."""
    reached = 0

    def progress(done: int, of: int) -> None:
        nonlocal reached
        reached = done
        if done * 2 >= of:
            raise Died

    with pytest.raises(Died):
        read_side.rebuild(progress)
    return reached


def schemas(record: Record) -> set[str]:
    with record.pool.connection() as conn:
        found = conn.execute("select nspname from pg_namespace where nspname ~ '^(build|old|live)(_|$)'").fetchall()
    return {name for (name,) in found}


def test_a_rebuild_that_died_goes_on_where_it_stopped(told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, before = dies_half_way(read_side), dump(read_side)
    assert 0 < reached < told.record.head()
    underway = read_side.underway()
    assert underway is not None
    assert (underway.done, underway.of, underway.going_on) == (reached, told.record.head(), False)
    told.visit("X000001")
    told.visit("X000002")
    parts: list[int] = []
    fold_part = building.fold_part
    monkeypatch.setattr(building, "fold_part", lambda *args: parts.append(fold_part(*args)) or parts[-1])
    seen: list[tuple[int, int]] = []
    read_side.rebuild(lambda done, of: seen.append((done, of)))
    assert seen[0] == (reached, underway.of), "what was done counts"
    assert seen[-1] == (underway.of, underway.of)
    assert sum(parts) == underway.of - reached, "nothing was folded twice"
    assert dump(read_side) != before
    assert read_side.health(sample=None).well
    assert read_side.underway() is None
    assert schemas(told.record) == {"live", engine.live(MODELS)}


def test_it_goes_on_after_the_rows_were_folded_too(told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    create_indexes = engine.create_indexes

    def half_of_the_indexes(conn: object, model: ReadModel) -> None:
        if model.table > "d":
            raise Died
        create_indexes(conn, model)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "create_indexes", half_of_the_indexes)
        with pytest.raises(Died):
            read_side.rebuild()
    told.visit()
    read_side.rebuild()
    assert read_side.health(sample=None).well
    with told.record.pool.connection() as conn:
        row = conn.execute("select count(*), count(distinct indexdef) from pg_indexes where schemaname = current_schema()").fetchone()
    assert row is not None
    assert row[0] == row[1] == 1 + sum(1 + len(m.indexes) + len(m.total.indexes if m.total else ()) for m in MODELS), "each index once"


def test_a_rebuild_of_other_code_removes_what_one_left(read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    dies_half_way(read_side)
    monkeypatch.setattr(engine, "CODE_VERSION", 999)
    seen: list[int] = []
    read_side.rebuild(lambda done, of: seen.append(done))
    assert seen[0] == 0
    assert schemas(read_side.record) == {"live", engine.live(MODELS)}
    assert read_side.health(sample=None).well


def test_two_processes_at_one_part_write_its_rows_once(read_side: ReadSide) -> None:
    record, head = read_side.record, read_side.record.head()
    todo, done = building.take_up(record, MODELS, read_side.policy, "build_twice", head)
    assert done == {}
    with record.pool.connection() as conn:
        once = [building.fold_part(conn, record.keyring, todo, part) for part in range(todo.parts)]
        twice = [building.fold_part(conn, record.keyring, todo, part) for part in range(todo.parts)]
    assert (sum(once), sum(twice)) == (head, 0)
    with read_side.reading("build_twice") as conn:
        assert len(conn.execute("select * from caseload").fetchall()) == len(CRNS)


def test_rows_that_the_database_will_not_take_park_their_case_and_nothing_else(told: Scenario, read_side: ReadSide) -> None:
    told.case("X000004", name="Al\x00ex")
    told.visit("X000001")
    read_side.fold([case_id("X000004")])
    read_side.catch_up()
    health = read_side.health(sample=None)
    assert [stream for stream, _ in health.parked] == [case_id("X000004")]
    assert (health.lag, health.differing) == (0, [])
    dies_half_way(read_side)
    read_side.rebuild()
    health = read_side.health(sample=None)
    assert [stream for stream, _ in health.parked] == [case_id("X000004")]
    assert "0x00" in health.parked[0][1], "the page says what it would not take"
    with read_side.reading() as conn:
        found = conn.execute("select crn from caseload order by crn").fetchall()
    assert found == [(crn,) for crn in CRNS]


def test_the_next_release_builds_beside_one_whose_tables_are_others(told: Scenario, read_side: ReadSide, database: str) -> None:
    policy = read_side.policy
    with closing(Record(as_service(database), MASTER)) as next_record:
        next_record.look_at(engine.live(OTHER_SHAPE))
        rebuilding.rebuild(next_record, OTHER_SHAPE, policy)
        told.visit("X000001")
        read_side.fold([case_id("X000001")])
        following.catch_up(next_record, OTHER_SHAPE, policy)
        assert following.health(next_record, OTHER_SHAPE, policy, sample=None).well
        read_side.catch_up()
        assert read_side.health(sample=None).well, "both releases show what was recorded, each in its own tables"
        assert rebuilding.drop_left(next_record, OTHER_SHAPE, told.now) == 1, "only the empty schema of the first migration"
        told.visit("X000001")
        following.catch_up(next_record, OTHER_SHAPE, policy)
        assert rebuilding.drop_left(next_record, OTHER_SHAPE, told.in_days(-1)) == 0, "the older one may be at work still"
        assert rebuilding.drop_left(next_record, OTHER_SHAPE, told.now) == 1
        assert schemas(told.record) == {engine.live(OTHER_SHAPE)}
    assert not read_side.is_ready()


def test_older_rows_are_shown_until_they_are_replaced(told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(engine, "CODE_VERSION", 999)
        told.visit("X000001")
        read_side.fold([case_id("X000001")])
        assert read_side.is_ready()
        health = read_side.health(sample=None)
        assert (health.current, health.compared, health.parked) == (False, 0, [])
        with read_side.reading() as conn:
            assert len(conn.execute("select * from caseload").fetchall()) == len(CRNS)
        assert read_side.prepare()
        assert not read_side.prepare()
        assert read_side.health(sample=None).well


def test_what_a_process_of_the_release_before_folded_is_folded_again(
    told: Scenario, read_side: ReadSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [
        msgspec.structs.replace(m, rows=lambda story, policy: []) if m.table == "holder" else m for m in MODELS
    ]  # the same tables by other rules
    told.visit("X000001")
    with monkeypatch.context() as patched:
        patched.setattr(engine, "CODE_VERSION", 1)
        engine.fold_live(told.record, before, read_side.policy, [case_id("X000001")])
    with read_side.reading() as conn:
        assert not conn.execute("select * from holder where stream_id = %s", (case_id("X000001"),)).fetchall()
    read_side.catch_up()
    with read_side.reading() as conn:
        assert conn.execute("select * from holder where stream_id = %s", (case_id("X000001"),)).fetchall()
    with monkeypatch.context() as patched:
        patched.setattr(engine, "CODE_VERSION", 1)
        engine.fold_live(told.record, before, read_side.policy, [case_id("X000001")])
    assert read_side.health(sample=None).well, "and it does not put its rows in the place of those of the same version"
