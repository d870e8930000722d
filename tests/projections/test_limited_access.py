"""Limits on access as rows: what holds when, for whom a case is hidden, and that lists and counts leave it out."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from domain import limited_access as rules
from domain.access import Limit, LimitKind
from domain.case import case_id
from domain.limited_access import end_exclusion, exclude, restrict
from projections import caseload, diary, limited_access, organisations
from projections.due import due as due_in
from projections.hidden import Hidden
from projections.limited_access import limits
from projections.read_models import ReadSide
from projections.story import Story
from store.policy import current_policy
from store.record import Record
from tests.rules import NEXT, NOW, POLICY, TOMORROW, did, supervised
from tests.scenario import Scenario


def test_a_limit_stands_with_why_and_until_when() -> None:
    (entry,) = limits(Story(supervised(did(exclude, at=NOW, until=TOMORROW, message="Ask Meera.")).history))
    assert entry.limit == Limit(LimitKind.EXCLUSION, "OWEN", NOW, TOMORROW)
    assert (entry.number, entry.reason, entry.message, entry.ended_by) == (NEXT, "A cousin of the person.", "Ask Meera.", 0)


def test_a_limit_that_was_ended_held_until_then() -> None:
    (entry,) = limits(Story(supervised(did(exclude, at=NOW), did(end_exclusion, at=TOMORROW)).history))
    assert (entry.limit.until, entry.ended_by) == (TOMORROW, NEXT + 1)


def test_rows_say_no_reason() -> None:
    rows = list(limited_access.rows(Story(supervised(did(restrict, at=NOW)).history), POLICY))
    assert rows == [(NEXT, "restriction", "SIAN", NOW, None), (NEXT + 1, "restriction", "MEERA", NOW, None)]
    assert {len(row) for row in rows} == {len(limited_access.COLUMNS) - 1}


@pytest.fixture
def scenario(record: Record) -> Scenario:
    """One case that Owen may not see, one that only Siân and Meera may, one that all may; each has an appointment today."""
    told = Scenario(record).staff()
    for crn in ("X000001", "X000002", "X000003"):
        told.case(crn)
        told.appointment(crn, in_hours=-1)
    told.do("X000001", rules.exclude, practitioner="OWEN", reason="A cousin.")
    told.do("X000002", rules.restrict, by="MEERA", practitioners=("SIAN", "MEERA"), reason="A former colleague.")
    return told


@pytest.fixture
def read_side(scenario: Scenario) -> ReadSide:
    side = ReadSide(scenario.record, current_policy())
    side.prepare()
    return side


def hidden(read_side: ReadSide, practitioner: str, days: int = 0) -> set[UUID]:
    now = read_side.record.clock() + timedelta(days=days)
    return set(of(read_side, practitioner, now))


def of(read_side: ReadSide, practitioner: str, now: datetime | None = None) -> Hidden:
    at = now or read_side.record.clock()
    return limited_access.hidden_from(read_side.reading, practitioner=practitioner, now=at, rows=read_side.record.rows)


def test_a_case_is_hidden_from_those_who_may_not_see_it(scenario: Scenario, read_side: ReadSide) -> None:
    one, two = case_id("X000001"), case_id("X000002")
    assert {code: hidden(read_side, code) for code in ("SIAN", "MEERA", "OWEN", "HMI0002")} == {
        "SIAN": set(),
        "MEERA": set(),
        "OWEN": {one, two},
        "HMI0002": {two},
    }
    with read_side.reading() as conn:
        now = read_side.record.clock()
        assert {limit.practitioner for limit in limited_access.of_case(conn, stream_id=two, now=now)} == {"SIAN", "MEERA"}
        pairs = limited_access.barred(conn, streams=[one, case_id("X000003")], practitioners=["OWEN", "MEERA"], now=now)
        assert pairs == {(one, "OWEN")}


def test_what_is_hidden_is_in_no_list_and_in_no_count(scenario: Scenario, read_side: ReadSide) -> None:
    now, out = read_side.record.clock(), list(hidden(read_side, "OWEN"))
    with read_side.reading() as conn:
        assert [case.crn for case in caseload.cases(conn, now=now, team="CF1", hidden=out)] == ["X000003"]
        assert caseload.count_cases(conn, team="CF1", hidden=out) == 1
        assert caseload.count_cases(conn, team="CF1") == 3
        assert [due.case.crn for due in due_in(conn, now=now, practitioner="SIAN", agenda=POLICY.agenda, hidden=out)] == ["X000003"]
        assert [case.crn for case in caseload.held_by(conn, now=now, practitioner="SIAN", hidden=out)] == ["X000003"]
        assert {load.code: load.cases for load in organisations.loads(conn, "CF1", out)}["SIAN"] == 1
        waiting = diary.outcomes_to_log(conn, practitioner="SIAN", now=now, hidden=out)
        assert [row.crn for row in waiting] == ["X000003"]


def test_a_limit_that_has_run_out_hides_nothing_and_the_past_is_never_asked_for_limits(scenario: Scenario, read_side: ReadSide) -> None:
    before = scenario.record.head()
    until = scenario.in_days(5)
    scenario.do("X000003", rules.exclude, practitioner="OWEN", reason="A cousin.", until=until)
    read_side.catch_up()
    assert case_id("X000003") in hidden(read_side, "OWEN")
    assert case_id("X000003") not in hidden(read_side, "OWEN", days=6)
    with read_side.reading(read_side.as_known_at(before)) as conn:
        with pytest.raises(psycopg.errors.UndefinedTable), conn.transaction():
            conn.execute("select from limited_access")
        listed = caseload.cases(conn, now=scenario.now, team="CF1", hidden=of(read_side, "OWEN"))
        assert [case.crn for case in listed] == []


@pytest.mark.parametrize("practitioner", ["SIAN", "MEERA", "OWEN", "HMI0002"])
def test_each_case_looked_up_is_left_out_as_by_the_list(scenario: Scenario, read_side: ReadSide, practitioner: str) -> None:
    now, out = scenario.now, of(read_side, practitioner)
    with read_side.reading() as conn:
        assert caseload.cases(conn, now=now, team="CF1", hidden=out) == caseload.cases(conn, now=now, team="CF1", hidden=list(out))
