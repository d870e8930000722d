"""Weeks of unpaid work: whole ones only, each by what came of its sessions, and those with nothing offered are the service's."""

from datetime import UTC, date, datetime

import pytest

from domain.interruption import begin_interruption
from domain.upw_completion import complete_upw
from domain.upw_session import record_upw_attendance
from domain.upw_suspension import resume_upw, suspend_upw
from projections.story import Story
from projections.upw_state import works
from projections.upw_weeks import Weeks, weeks
from tests.rules import Step, did, supervised


def on(day: int, month: int = 1) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=UTC)


def offered(at: datetime, outcome: str = "ATTC", credited: int = 0) -> Step:
    return did(record_upw_attendance, at=at, worked_at=at, outcome=outcome, minutes_credited=credited)


def counted(*steps: Step) -> Weeks:
    """Of a requirement ordered on Monday 12 January 2026."""
    story = Story(supervised(*steps).history)
    (state,) = works(story)
    return weeks(story, state)


def test_before_any_session_no_week_is_known() -> None:
    assert counted() == Weeks(0, 0, 0, 0, date(2026, 1, 12))


@pytest.mark.parametrize(
    ("sessions", "credited", "provider", "person", "neither"),
    [
        ([("ATTC", 420)], 1, 0, 0, 0),
        ([("UAAB", 0), ("AASD", 0), ("ATTC", 60)], 1, 0, 0, 0),
        ([("AASD", 0)], 0, 1, 0, 0),
        ([("UAAB", 0), ("ATSS", 0)], 0, 1, 0, 0),
        ([("UAAB", 0)], 0, 0, 1, 0),
        ([("ATSH", 0), ("AAME", 0)], 0, 0, 1, 0),
        ([("AAME", 0)], 0, 0, 0, 1),
    ],
    ids=["worked", "worked once", "stood down", "lost by both", "did not come", "sent home", "ill"],
)
def test_a_week_is_counted_by_what_came_of_its_sessions(
    sessions: list[tuple[str, int]], credited: int, provider: int, person: int, neither: int
) -> None:
    steps = [offered(on(13 + i), outcome, minutes) for i, (outcome, minutes) in enumerate(sessions)]
    assert counted(*steps) == Weeks(credited, provider, person, neither, date(2026, 1, 19))


def test_weeks_between_sessions_with_nothing_offered_are_lost_by_the_service() -> None:
    assert counted(offered(on(13), credited=420), offered(on(8, 2), credited=420)) == Weeks(2, 2, 0, 0, date(2026, 2, 9))


def test_weeks_in_which_the_work_could_not_be_done_on_every_day_do_not_count() -> None:
    """Suspended from Wednesday 21 January to Tuesday 27 January: two weeks are not whole."""
    suspended = (did(suspend_upw, at=on(21)), did(resume_upw, at=on(27)))
    assert counted(offered(on(13), credited=420), *suspended, offered(on(3, 2), credited=420)) == Weeks(2, 0, 0, 0, date(2026, 2, 9))


def test_a_week_in_which_the_person_went_away_or_the_work_ended_does_not_count() -> None:
    for stop in (did(begin_interruption, at=on(22)), did(complete_upw, at=on(22))):
        assert counted(offered(on(13), credited=420), offered(on(20), "AASD"), stop) == Weeks(1, 0, 0, 0, date(2026, 1, 26))
