"""Truths other than the live one: found when they are there, built once when they are not, taken up again, of some cases, under a rule."""

from datetime import date, timedelta

import msgspec
import psycopg
import pytest

from domain import allocation, transfer
from domain.case import case_id
from domain.policy import Policy
from projections import as_known, building, engine
from projections.as_known import Wanted
from projections.figures import Scope, figure
from projections.measures import MEASURES
from projections.read_models import ReadSide
from store.policy import current_policy, policy_of
from store.record import Record
from tests.scenario import Scenario


@pytest.fixture
def read_side(record: Record) -> ReadSide:
    made = ReadSide(record, current_policy())
    made.prepare()
    return made


@pytest.fixture
def told(record: Record) -> Scenario:
    """A case with two visits in Cardiff, and one in Newport."""
    scenario = Scenario(record).staff()
    scenario.case("X000001")
    scenario.visit("X000001", days_ago=1)
    scenario.visit("X000001", days_ago=2)
    scenario.case("X000002", practitioner="TOM", team="NP1")
    return scenario


def wanted(read_side: ReadSide, told: Scenario, policy: Policy | None = None, **narrowed: object) -> Wanted:
    return Wanted(told.record.head(), policy or read_side.policy, told.now, **narrowed)


def crns(read_side: ReadSide, schema: str) -> list[str]:
    with read_side.reading(schema) as conn:
        return [crn for (crn,) in conn.execute("select crn from caseload order by crn").fetchall()]


def test_what_is_asked_for_waits_until_it_is_built_in_the_background(read_side: ReadSide, told: Scenario) -> None:
    asked = wanted(read_side, told)
    waiting = read_side.ask(asked)
    assert not waiting.built
    assert read_side.ask(asked).name == waiting.name, "asking twice asks for one"
    assert read_side.build_next() == waiting.name
    built = read_side.ask(asked)
    assert (built.name, built.built, built.done) == (waiting.name, True, built.of_all)
    assert crns(read_side, built.name) == ["X000001", "X000002"]
    assert read_side.build_next() == "", "there is nothing left to build"


def test_what_was_asked_for_first_is_built_first(read_side: ReadSide, told: Scenario) -> None:
    head = told.record.head()
    names = [read_side.ask(Wanted(position, read_side.policy, told.now)).name for position in (head - 1, head, head - 2)]
    assert [read_side.build_next() for _ in names] == names


def test_the_progress_of_a_build_is_told_to_whoever_asks(read_side: ReadSide, told: Scenario) -> None:
    asked, seen = wanted(read_side, told), []
    read_side.ask(asked)
    read_side.build_next(lambda done, of_all: seen.append(read_side.ask(asked)))
    last = seen[-1]
    assert not last.built
    assert (last.done, last.of_all, last.share) == (asked.position, asked.position, 1.0)
    assert last.seconds_left == 0


def test_one_whose_builder_died_is_taken_up_again(read_side: ReadSide, told: Scenario) -> None:
    asked = wanted(read_side, told)
    waiting = read_side.ask(asked)

    def die(done: int, of_all: int) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        read_side.build_next(die)
    assert not read_side.ask(asked).built
    assert not read_side.ask(asked).failed
    assert read_side.build_next() == waiting.name
    assert crns(read_side, waiting.name) == ["X000001", "X000002"]


def test_one_that_fails_is_left_for_a_minute_and_then_tried_again(
    read_side: ReadSide, told: Scenario, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = wanted(read_side, told)
    name = read_side.ask(asked).name
    with monkeypatch.context() as broken:
        broken.setattr(building, "build", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            read_side.build_next()
    assert read_side.ask(asked).failed
    assert read_side.build_next() == ""
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("update app.snapshot set failed_at = failed_at - interval '61 seconds'")
    assert not read_side.ask(asked).failed
    assert read_side.build_next() == name


def test_everybodys_cases_answer_for_a_provider_and_every_table_for_some(read_side: ReadSide, told: Scenario) -> None:
    everything = read_side.build(wanted(read_side, told))
    assert read_side.ask(wanted(read_side, told, provider="C10", tables=frozenset({"caseload"}))).name == everything.name
    assert read_side.ask(wanted(read_side, told, policy_of("2026-11-1"))).name != everything.name
    assert read_side.ask(Wanted(told.record.head() - 1, read_side.policy, told.now)).name != everything.name


def test_some_tables_do_not_answer_for_others(read_side: ReadSide, told: Scenario) -> None:
    few = read_side.build(wanted(read_side, told, tables=frozenset({"caseload"})))
    assert crns(read_side, few.name) == ["X000001", "X000002"]
    assert read_side.ask(wanted(read_side, told, tables=frozenset({"caseload", "diary"}))).name != few.name
    with read_side.reading(few.name) as conn, pytest.raises(psycopg.errors.UndefinedTable):
        conn.execute("select * from diary")


def test_the_newest_is_found_at_whatever_position_if_it_is_new_enough(read_side: ReadSide, told: Scenario) -> None:
    older = read_side.build(wanted(read_side, told))
    told.visit("X000001", days_ago=3)
    again = Wanted(told.record.head(), read_side.policy, told.now)
    newest = read_side.latest(again, older.at - timedelta(minutes=1))
    assert newest is not None
    assert (newest.name, newest.position) == (older.name, older.position)
    assert read_side.latest(again, older.at + timedelta(minutes=1)) is None
    assert read_side.latest(msgspec.structs.replace(again, policy=policy_of("2026-11-1")), older.at - timedelta(days=1)) is None


def test_what_a_release_that_is_gone_asked_for_is_forgotten(read_side: ReadSide, told: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(engine, "CODE_VERSION", 0)
        name = read_side.ask(wanted(read_side, told)).name
    assert read_side.build_next() == name
    assert read_side.snapshot(name) is None


def test_the_same_entries_counted_under_another_rule_give_that_rules_figure(read_side: ReadSide, told: Scenario) -> None:
    rule = read_side.policy
    by_phone = msgspec.structs.replace(
        rule, version="2026-11-3", continuity=msgspec.structs.replace(rule.continuity, modes=frozenset({"telephone"}))
    )
    measure = MEASURES["continuity"]
    shares = []
    for policy in (rule, by_phone):
        with read_side.reading(read_side.build(wanted(read_side, told, policy)).name) as conn:
            found = figure(conn, measure, Scope(date(2199, 1, 1), team="CF1"))
        shares.append((found.denominator, found.left_out))
    assert shares == [(2, 0), (0, 2)]


def test_what_nobody_asks_for_is_dropped(read_side: ReadSide, told: Scenario) -> None:
    name = read_side.build(wanted(read_side, told)).name
    assert as_known.drop_stale(told.record, told.in_days(1)) == 1
    with read_side.record.pool.connection() as conn:
        assert conn.execute("select 1 from pg_namespace where nspname = %s", (name,)).fetchone() is None


# ---- Only what has to be folded --------------------------------------------------------------------------------------


def events_folded(read_side: ReadSide, asked: Wanted) -> tuple[str, int]:
    seen = []
    built = read_side.build(asked, lambda done, of_all: seen.append(done))
    return built.name, seen[-1]


def test_a_case_without_an_entry_since_is_not_folded_again(read_side: ReadSide, told: Scenario) -> None:
    head = told.record.head()
    told.visit("X000002", worker="TOM")
    read_side.catch_up()
    name, folded = events_folded(read_side, Wanted(head, read_side.policy, told.now))
    assert folded == told.version("X000002") - 1
    assert crns(read_side, name) == ["X000001", "X000002"]
    with read_side.reading(name) as conn:
        seen = conn.execute("select crn, last_contact_at is not null from caseload order by crn").fetchall()
    assert seen == [("X000001", True), ("X000002", False)]


def test_under_another_policy_every_case_is_folded(read_side: ReadSide, told: Scenario) -> None:
    read_side.catch_up()
    head = told.record.head()
    assert events_folded(read_side, Wanted(head, read_side.policy, told.now))[1] == 0
    assert events_folded(read_side, Wanted(head, policy_of("2026-11-1"), told.now))[1] == head


def test_rows_that_are_behind_the_log_are_not_taken_for_what_was_known(read_side: ReadSide, told: Scenario) -> None:
    """Nobody folded what was recorded: the rows are fresh folds, whatever stands in the live ones."""
    head = told.record.head()
    name, folded = events_folded(read_side, Wanted(head, read_side.policy, told.now))
    assert folded == head
    assert crns(read_side, name) == ["X000001", "X000002"]


def test_a_teams_or_a_providers_cases_are_those_it_ever_held(read_side: ReadSide, told: Scenario) -> None:
    told.case("X000003", practitioner="TOM", team="NP1")
    told.do("X000003", transfer.request_transfer, to_team="CF1", to_provider="C10", reason=allocation.AllocationReason.MOVE)
    told.do("X000003", transfer.accept_transfer, team="CF1", practitioner="SIAN")
    read_side.catch_up()
    here = read_side.build(wanted(read_side, told, team="CF1"))
    there = read_side.build(wanted(read_side, told, team="NP1"))
    nowhere = read_side.build(wanted(read_side, told, provider="C99"))
    assert crns(read_side, here.name) == ["X000001", "X000003"]
    assert crns(read_side, there.name) == ["X000002", "X000003"]
    assert crns(read_side, nowhere.name) == []
    with read_side.reading(nowhere.name) as conn:
        assert conn.execute("select count(*) from team").fetchone() == read_side_teams(read_side)


def read_side_teams(read_side: ReadSide) -> tuple[int]:
    with read_side.reading() as conn:
        return conn.execute("select count(*) from team").fetchone()


def test_a_parked_case_is_folded_again(read_side: ReadSide, told: Scenario) -> None:
    read_side.catch_up()
    with told.record.pool.connection() as conn:
        conn.execute("update folded set error = 'broken' where stream_id = %s", (case_id("X000001"),))
    _, folded = events_folded(read_side, wanted(read_side, told))
    assert folded == told.version("X000001")
