"""Unpaid work as it stands: hours offered, credited and lost by whose doing, what is due, who waits, and bursts of instructions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.entry import correct_entry, withdraw_entry
from domain.requirement import RequirementEnd, RequirementKind, amend_requirement, end_requirement
from domain.sentence import end_sentence, start_sentence
from domain.unpaid_work import UpwReview, assess_upw, extend_upw, induct_upw, review_upw
from domain.upw_completion import complete_upw
from domain.upw_instruction import InstructedAgain, acknowledge_instruction, instruct_upw
from domain.upw_session import record_upw_attendance
from domain.upw_suspension import resume_upw, suspend_upw
from projections.read_models import ReadSide
from projections.story import Story
from projections.unpaid_work import (
    COLUMNS,
    INSTRUCTION_COLUMNS,
    InstructionsOfDay,
    ListedWork,
    backlog,
    instruction_rows,
    instructions_per_day,
    rows,
    to_do,
)
from projections.upw_due import Due, due, expected_minutes
from projections.upw_state import UpwState, works
from store.record import Record
from tests.rules import BEGAN, NEXT, NOW, POLICY, UNPAID_WORK, YESTERDAY, Given, Step, did, opened, supervised
from tests.scenario import Scenario


def state(case: Given[Any]) -> UpwState:
    (found,) = works(Story(case.history))
    return found


def row(case: Given[Any]) -> dict[str, Any]:
    (values,) = rows(Story(case.history), POLICY)
    return dict(zip(list(COLUMNS)[1:], values, strict=True))


def session(days_ago: float, credited: int = 420, outcome: str = "ATTC", **details: Any) -> Step:
    worked_at = NOW - timedelta(days=days_ago)
    return did(record_upw_attendance, at=NOW, worked_at=worked_at, outcome=outcome, minutes_credited=credited, **details)


# A requirement as it stands -------------------------------------------------------------------------------------------


def test_nobody_without_such_a_requirement_has_unpaid_work() -> None:
    assert works(Story(supervised().history[:2])) == []


def test_a_new_requirement_has_everything_before_it() -> None:
    found = row(supervised())
    assert (found["requirement"], found["ordered_on"], found["ordered"]) == (UNPAID_WORK, date(2026, 1, 12), 4800)
    assert (found["six_month_due_on"], found["nine_month_due_on"]) == (date(2026, 7, 12), date(2026, 10, 12))
    assert (found["twelve_months_on"], found["until_on"]) == (date(2027, 1, 12), date(2027, 1, 12))
    assert {found[c] for c in ("offered", "attended", "lost_by_provider", "lost_by_person", "credited", "ete_credited")} == {0}
    empty = (
        "assessed_on",
        "inducted_on",
        "first_instructed_on",
        "work_at",
        "first_worked_on",
        "last_worked_on",
        "suspended_on",
        "ended_on",
    )
    assert {found[c] for c in empty} == {None}


def test_sessions_are_counted_by_what_came_of_them() -> None:
    found = row(
        supervised(
            session(9),
            session(7, 0, "AASD"),
            session(6, 0, "ATSS"),
            session(5, 0, "UAAB"),
            session(4, 60, "AFTC"),
            session(3, 0, "AAME"),
            session(2, 360, ete=True),
        )
    )
    assert (found["offered"], found["attended"]) == (7, 4)
    assert (found["lost_by_provider"], found["lost_by_person"]) == (2, 1)
    assert (found["credited"], found["ete_credited"]) == (840, 360)
    assert (found["first_worked_on"], found["last_worked_on"]) == (date(2026, 3, 3), date(2026, 3, 10))


def test_a_correction_and_a_withdrawal_change_what_is_credited() -> None:
    case = supervised(session(9), session(7))
    case.then(correct_entry, entry=NEXT, reads=replace(case.history[NEXT - 1].event, minutes_credited=100))
    assert row(case)["credited"] == 520
    case.then(withdraw_entry, entry=NEXT + 1)
    assert (row(case)["credited"], row(case)["offered"]) == (100, 1)


def test_assessment_and_induction_are_those_that_came_first() -> None:
    again = did(assess_upw, at=YESTERDAY)
    found = row(supervised(did(assess_upw, at=BEGAN + timedelta(days=3)), again, did(induct_upw, at=BEGAN + timedelta(days=4))))
    assert (found["assessed_on"], found["inducted_on"]) == (date(2026, 1, 15), date(2026, 1, 16))


def test_the_hours_are_those_that_the_court_ordered_last() -> None:
    case = supervised(did(amend_requirement, at=NOW, requirement=UNPAID_WORK, amount=60))
    assert row(case)["ordered"] == 3600


def test_a_court_gives_more_time_and_the_twelve_months_stay_a_fact() -> None:
    found = row(supervised(did(extend_upw), did(extend_upw, until=date(2027, 9, 1))))
    assert (found["twelve_months_on"], found["until_on"]) == (date(2027, 1, 12), date(2027, 9, 1))


def test_a_suspension_is_reviewed_every_month_while_it_lasts() -> None:
    case = supervised(did(suspend_upw, at=BEGAN + timedelta(days=19)))
    assert (row(case)["suspended_on"], row(case)["suspension_review_on"]) == (date(2026, 1, 31), date(2026, 2, 28))
    case.then(review_upw, kind=UpwReview.SUSPENSION, reviewed_at=datetime(2026, 2, 27, 10, tzinfo=UTC))
    assert row(case)["suspension_review_on"] == date(2026, 3, 27)
    case.then(resume_upw)
    assert (row(case)["suspended_on"], row(case)["suspension_review_on"]) == (None, None)


@pytest.mark.parametrize(
    ("end", "how"),
    [
        (did(complete_upw, at=NOW), "ended by the court"),
        (did(end_requirement, at=NOW, requirement=UNPAID_WORK, how=RequirementEnd.REVOKED), "revoked by the court"),
        (did(end_sentence, at=NOW, ended_at=NOW), "sentence ended: completed"),
    ],
    ids=["unpaid work", "the requirement", "the sentence"],
)
def test_unpaid_work_ends_with_itself_its_requirement_or_its_sentence(end: Step, how: str) -> None:
    case = supervised(end)
    assert (row(case)["ended_on"], state(case).how) == (date(2026, 3, 12), how)


def test_an_end_that_was_withdrawn_is_none() -> None:
    case = supervised(did(complete_upw, at=NOW))
    case.then(withdraw_entry, entry=NEXT)
    assert row(case)["ended_on"] is None


# Instructions ---------------------------------------------------------------------------------------------------------


def test_the_last_instruction_that_stands_says_where_and_when() -> None:
    first = did(instruct_upw, at=BEGAN, work_at=BEGAN + timedelta(days=9))
    case = supervised(first, did(instruct_upw, at=NOW, project="Taff Trail", why=InstructedAgain.PROJECT, supersedes=NEXT))
    case.then(acknowledge_instruction, instruction=NEXT + 1)
    found = state(case)
    assert (found.instructions[NEXT].superseded_by, found.instructions[NEXT].acknowledged_by) == (NEXT + 1, 0)
    assert (found.instructions[NEXT + 1].superseded_by, found.instructions[NEXT + 1].acknowledged_by) == (0, NEXT + 2)
    assert (row(case)["project"], row(case)["first_instructed_on"]) == ("Taff Trail", date(2026, 1, 12))


def test_a_session_that_nobody_was_told_of_is_marked() -> None:
    case = supervised(session(5), did(instruct_upw, at=NOW - timedelta(days=3)), session(1))
    assert [s.instructed for s in state(case).sessions] == [False, True]


def test_every_instruction_is_a_row_of_the_team_that_held_the_case_then() -> None:
    case = opened(did(instruct_upw, at=BEGAN, batch="one"))
    (values,) = instruction_rows(Story(case.history), POLICY)
    found = dict(zip(list(INSTRUCTION_COLUMNS)[1:], values, strict=True))
    assert (found["team"], found["batch"], found["again"]) == ("", "one", False)
    later = supervised(did(instruct_upw, at=NOW, issued_at=YESTERDAY))
    (values,) = instruction_rows(Story(later.history), POLICY)
    found = dict(zip(list(INSTRUCTION_COLUMNS)[1:], values, strict=True))
    assert (found["team"], found["provider"]) == ("CF1", "C10")
    assert (found["issued_on"], found["recorded_on"]) == (date(2026, 3, 11), date(2026, 3, 12))


# The straight line and what is due --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2026, 1, 11), 0, id="before it began"),
        pytest.param(date(2026, 1, 12), 0, id="the day it began"),
        pytest.param(date(2026, 7, 13), 2393, id="182 of 365 days"),
        pytest.param(date(2027, 1, 12), 4800, id="the last day"),
        pytest.param(date(2028, 1, 1), 4800, id="long after"),
    ],
)
def test_hours_worked_evenly_would_come_to_a_straight_line(today: date, expected: int) -> None:
    assert expected_minutes(4800, date(2026, 1, 12), date(2027, 1, 12), today) == expected


def test_work_without_any_time_for_it_is_all_expected_at_once() -> None:
    assert expected_minutes(2400, date(2026, 1, 12), date(2026, 1, 12), date(2026, 1, 12)) == 2400


def test_everything_is_due_for_a_new_requirement() -> None:
    assert due(state(supervised()), POLICY) == [
        Due("Assessment and induction", date(2026, 1, 26), "assessed_within_working_days"),
        Due("First instruction", date(2026, 2, 16), "worked_within_working_days"),
        Due("Six-month review", date(2026, 7, 12), "review_months"),
        Due("Nine-month review", date(2026, 10, 12), "review_months"),
        Due("All hours worked", date(2027, 1, 12), "months_to_work"),
    ]


def test_what_is_done_is_due_no_more() -> None:
    done = (did(assess_upw), did(induct_upw), session(1), did(review_upw))
    assert [d.what for d in due(state(supervised(*done)), POLICY)] == ["Nine-month review", "All hours worked"]


def test_an_assessment_without_an_induction_is_half_of_it() -> None:
    assert "Assessment and induction" in [d.what for d in due(state(supervised(did(assess_upw))), POLICY)]


def test_a_suspension_asks_for_its_review_again_and_again() -> None:
    case = supervised(did(suspend_upw), did(review_upw, at=NOW, kind=UpwReview.SUSPENSION))
    assert Due("Review of the suspension", date(2026, 4, 12), "suspension_review_months") in due(state(case), POLICY)


def test_nothing_is_due_once_the_work_has_ended() -> None:
    assert due(state(supervised(did(complete_upw, at=NOW))), POLICY) == []


def test_each_requirement_stands_for_itself() -> None:
    second = did(start_sentence, at=NOW, started_at=YESTERDAY, requirements=((RequirementKind.UNPAID_WORK, 40),))
    case = supervised(session(9), second)
    assert [(s.hours, s.credited) for s in works(Story(case.history))] == [(80, 420), (40, 0)]


# Lists over cases -------------------------------------------------------------------------------------------------------


@pytest.fixture
def read_side(record: Record) -> ReadSide:
    """Three people in Cardiff and one in Newport; two in Cardiff are instructed on one day, one of them twice."""
    told = Scenario(record).staff()
    for crn, name, ago, team in (
        ("X000001", "Alex Example", 60, "CF1"),
        ("X000002", "Billie Quick", 90, "CF1"),
        ("X000003", "Chris Late", 120, "CF1"),
        ("X000004", "Dana Elsewhere", 30, "NP1"),
    ):
        told.case(crn, name, team=team, practitioner="SIAN" if team == "CF1" else "TOM", began_days_ago=ago)
    usual: dict[str, Any] = {"requirement": 3, "method": "by hand", "project": "Bute Park"}
    ahead = told.in_days(3)
    told.do("X000001", instruct_upw, work_at=ahead, issued_at=told.in_days(-2), **usual)
    told.do("X000001", instruct_upw, work_at=ahead, why=InstructedAgain.ABSENCE, **usual)
    told.do("X000002", instruct_upw, work_at=ahead, **usual)
    made = ReadSide(record, told.policy)
    made.prepare()
    return made


def crns(listed: Any) -> list[str]:
    return [work.crn for work in listed]


def test_those_who_were_never_instructed_are_listed_the_longest_waiting_first(read_side: ReadSide) -> None:
    with read_side.reading() as conn:
        cardiff, newport = to_do(conn, team="CF1"), to_do(conn, team="NP1")
    assert crns(backlog(cardiff)) == ["X000003"]
    assert crns(backlog([*newport, *cardiff])) == ["X000003", "X000004"]


def test_the_work_of_a_team_is_listed_by_name(read_side: ReadSide) -> None:
    with read_side.reading() as conn:
        assert crns(to_do(conn, team="CF1")) == ["X000001", "X000003", "X000002"]


def test_instructions_are_counted_by_the_day_on_which_they_were_issued(read_side: ReadSide) -> None:
    today = datetime.now(UTC).date()
    with read_side.reading() as conn:
        days = instructions_per_day(conn, since=today - timedelta(days=7), until=today + timedelta(days=1), team="CF1")
        assert [(d.issued, d.again, d.entered_later) for d in days] == [(1, 0, 1), (2, 1, 0)]
        assert days[0].day < days[1].day
        assert isinstance(days[0], InstructionsOfDay)
        assert instructions_per_day(conn, since=today, until=today + timedelta(days=1), team="NP1") == []


def test_who_is_behind_is_told_by_the_straight_line(read_side: ReadSide) -> None:
    with read_side.reading() as conn:
        (work,) = to_do(conn, team="NP1")
    assert isinstance(work, ListedWork)
    assert work.behind(work.ordered_on) == 0
    assert work.behind(work.until_on) == 4800
    assert replace(work, credited=4800).behind(work.until_on) == 0
