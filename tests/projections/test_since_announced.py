"""Since the announcement: what counts, what is usual of it, and which stretch of days stands out."""

from datetime import UTC, date, datetime, timedelta

from domain.contact import record_contact
from domain.entry import correct_entry, withdraw_entry
from projections import revised
from projections.recorded import CONTACT
from projections.revised import CORRECTED, ENTERED, OTHER, WITHDRAWN
from projections.since_announced import Inspected, Line, Put, lines, stretches
from projections.story import Story
from tests.rules import BEGAN, NEXT, POLICY, did, supervised

RULE = POLICY.comparison
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ANNOUNCED = date(2026, 11, 4)
"""A Wednesday."""
OF = Inspected("C10", 1000, datetime(2026, 11, 4, 14, tzinfo=UTC))
LONG_AGO = ANNOUNCED - 60 * WEEK


def put(recorded_on: date, days: int, many: int = 1, *, since: bool | None = None, team: str = "CF1", act: str = ENTERED) -> Put:
    """So many entries made on a day about another, so many days before it; on the day of the announcement itself `since` decides."""
    return Put(
        CONTACT, "", False, recorded_on - days * DAY, recorded_on, many, team, act, recorded_on > ANNOUNCED if since is None else since
    )


def half_a_year(days: int, pattern: tuple[int, int] = (8, 12)) -> list[Put]:
    """In each of the 26 weeks before the announcement, counted back from its day, so many entries about so many days before."""
    return [put(ANNOUNCED - back * WEEK, days, pattern[back % 2]) for back in range(1, 27)]


def week_by_week(found: list[Put], today: date, first: date = LONG_AGO) -> list[tuple[int, float | None, bool]]:
    """Entries, what is usual, and whether that stands out."""
    told = stretches(found, first, OF, today, RULE)
    return [(s.entries, s.burst.usual if s.burst else None, bool(s.burst and s.burst.flagged)) for s in told]


def test_only_entries_after_the_announcement_about_days_before_it_count() -> None:
    found = [
        put(ANNOUNCED + 2 * DAY, 3),
        put(ANNOUNCED + 2 * DAY, 2, many=10),  # about the day of the announcement
        put(ANNOUNCED, 1, many=100, since=False),  # made that morning
        put(ANNOUNCED, 1, many=1000, since=True),  # made that afternoon
        put(ANNOUNCED - DAY, 5, many=10_000),
    ]
    assert [entries for entries, _, _ in week_by_week(found, ANNOUNCED + 6 * DAY)] == [1001]


def test_usual_is_how_much_of_the_weeks_before_was_about_days_before_each_of_them() -> None:
    """Eight and twelve in turn are ten on average; entries about ten days before reach back into a second week, and no further."""
    today = ANNOUNCED + 20 * DAY
    assert [usual for _, usual, _ in week_by_week(half_a_year(10), today)] == [10, 10, 0]
    assert [usual for _, usual, _ in week_by_week(half_a_year(7), today)] == [10, 0, 0]
    assert [usual for _, usual, _ in week_by_week(half_a_year(0), today)] == [0, 0, 0]


def test_a_week_that_still_runs_is_measured_against_the_same_days_of_the_weeks_before() -> None:
    """Two entries on the first and three on the fifth day of each week before: on the fourth day only the first are usual."""
    found = [put(ANNOUNCED - back * WEEK + at * DAY, 6, many) for back in range(1, 27) for at, many in ((0, 2), (4, 3))]
    assert week_by_week(found, ANNOUNCED + 3 * DAY)[0][1] == 2
    assert week_by_week(found, ANNOUNCED + 4 * DAY)[0][1] == 5


def test_far_more_than_usual_stands_out_and_a_little_more_does_not() -> None:
    """As even as these weeks are, 24 are still within what chance does and 25 are not."""
    for many, stands_out in ((24, False), (25, True)):
        found = [*half_a_year(7), put(ANNOUNCED + DAY, 9, many)]
        assert week_by_week(found, ANNOUNCED + 6 * DAY) == [(many, 10, stands_out)]


def test_with_too_few_weeks_before_nothing_is_usual() -> None:
    found = [*half_a_year(7), put(ANNOUNCED + DAY, 9, 99)]
    assert week_by_week(found, ANNOUNCED + 6 * DAY, first=ANNOUNCED - 25 * WEEK) == [(99, None, False)]


def test_lines_stand_by_team_and_leave_out_who_put_nothing_in() -> None:
    found = [
        *half_a_year(7),
        put(ANNOUNCED + DAY, 9, 3),
        put(ANNOUNCED + DAY, 9, 1, act=CORRECTED),
        put(ANNOUNCED - 2 * WEEK, 9, 4, team="NP1"),
        put(ANNOUNCED - 26 * WEEK, 0),
    ]
    told = lines(found, lambda one: one.team, OF, ANNOUNCED + 9 * DAY, RULE)
    assert list(told) == ["CF1"]
    line: Line = told["CF1"]
    assert (line.entries(ENTERED), line.entries(CORRECTED), line.entries(WITHDRAWN)) == (3, 1, 0)
    assert line.usual(ENTERED) == 10
    assert line.standing_out() == []


# -- the rows behind


def test_corrections_and_withdrawals_are_about_the_day_of_what_they_change_and_other_entries_about_their_own() -> None:
    later = BEGAN + 30 * DAY
    case = supervised(
        did(record_contact, occurred_at=BEGAN + DAY, at=BEGAN + DAY),
        did(record_contact, occurred_at=BEGAN + 2 * DAY, at=BEGAN + 2 * DAY),
    )
    first = case.history[NEXT - 1].event
    case.then(correct_entry, at=later, entry=NEXT, reads=first, reason="The mode was wrong.")
    case.then(withdraw_entry, at=later, entry=NEXT + 1, reason="Another case.")
    found = {(r[2], r[3]): r[4:] for r in revised.rows(Story(case.history), POLICY) if r[3] != ENTERED}
    day = "2026-02-11"
    assert found == {
        (CONTACT, CORRECTED): (f"{{{NEXT + 2}}}", f"{{{day}}}", "{29}"),
        (CONTACT, WITHDRAWN): (f"{{{NEXT + 3}}}", f"{{{day}}}", "{28}"),
    }


def test_what_was_recorded_on_its_day_changes_nothing_of_the_past() -> None:
    case = supervised(did(record_contact, occurred_at=BEGAN + DAY, at=BEGAN + 20 * DAY))
    assert [r for r in revised.rows(Story(case.history), POLICY) if r[2] != OTHER] == []
