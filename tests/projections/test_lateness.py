"""Lateness: every entry has its day of happening and of recording, and only weeks far beyond the weeks before stand out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from domain.case import Case
from domain.contact import record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.event import Imported
from projections import lateness, recorded, recorded_weeks, unusual_weeks
from projections.lateness import Band, Chosen
from projections.recorded import CONTACT, INSTRUCTION, Alike
from projections.recorded_weeks import Part
from projections.story import Story
from projections.unusual_weeks import STREAMS
from tests.rules import NEXT, POLICY, Given, did, supervised

FRIDAY = datetime(2026, 2, 6, 15, tzinfo=UTC)
MONDAY = date(2026, 2, 2)
WEEK = timedelta(days=7)
LATE = timedelta(days=12)
"""Of working days in between there are at least eight."""


def alike(happened_on: date, days: int = 0, many: int = 1, **changes: object) -> Alike:
    one = Alike(CONTACT, recorded.AS_RECORDED, False, happened_on, happened_on + timedelta(days=days), many)
    return replace(one, **changes)


def test_an_entry_is_kept_with_the_team_that_held_the_case_and_the_days_it_took() -> None:
    case = supervised(
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + timedelta(days=3)),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + timedelta(days=20)),
    )
    contacts = [row for row in recorded.rows(Story(case.history), POLICY) if row[2] == CONTACT]
    numbers, on = f"{{{NEXT},{NEXT + 1}}}", "{2026-02-09,2026-02-26}"
    assert contacts == [("CF1", "C10", CONTACT, "as recorded", False, numbers, on, "{3,20}")]


def test_corrected_withdrawn_and_imported_entries_are_told_apart() -> None:
    case = supervised(
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + LATE, imported=Imported(source="extract", row=3)),
    )
    reads = case.history[NEXT - 1].event
    case.then(correct_entry, at=FRIDAY + LATE, entry=NEXT, reads=reads, reason="The time was wrong.")
    case.then(withdraw_entry, at=FRIDAY + LATE, entry=NEXT + 1, reason="Another person.")
    found = {(row[3], row[4], row[7]) for row in recorded.rows(Story(case.history), POLICY) if row[2] == CONTACT}
    assert found == {("corrected", False, "{0}"), ("withdrawn", False, "{0}"), ("as recorded", True, "{12}")}


def test_a_case_s_weeks_count_what_was_made_and_what_happened_in_each() -> None:
    """Friday 6 February: one entry made that Monday, one on Thursday 26 February, which is late, and one withdrawn on its day."""
    case = supervised(
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + timedelta(days=3)),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + timedelta(days=20)),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + LATE, imported=Imported(source="extract", row=3)),
    )
    case.then(withdraw_entry, at=FRIDAY + LATE, entry=NEXT + 2, reason="Another person.")
    first = (MONDAY - date(1, 1, 1)).days // 7
    assert dict(weeks_of(case)) == {
        first: (1, 0, 0, 0, 1, 2, 1),  # the withdrawn one was made in it; two that stand happened in it, one of them told late
        first + 1: (1, 1, 0, 0, 0, 0, 0),
        first + 3: (1, 1, 1, 0, 0, 0, 0),
    }


def weeks_of(case: Given[Case]) -> list[tuple[int, tuple[int, ...]]]:
    """Each week of a case that one team held, by its number, with its counts."""
    ((team, provider, *arrays),) = recorded_weeks.rows(Story(case.history), POLICY)
    assert (team, provider) == ("CF1", "C10")
    weeks, *counts = ([int(n) for n in str(array).strip("{}").split(",")] for array in arrays)
    return list(zip(weeks, zip(*counts, strict=True), strict=True))


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (Band(0, 0), "Same day"),
        (Band(1, 1), "1 day"),
        (Band(2, 5), "2 to 5 days"),
        (Band(6, 10), "6 to 10 days"),
        (Band(11, 20), "11 to 20 days"),
        (Band(21, None), "More than 20 days"),
    ],
)
def test_the_bands_of_delays_come_from_the_policy_and_leave_no_day_out(band: Band, words: str) -> None:
    assert band in lateness.bands(POLICY)
    assert band.words == words


def test_every_entry_whose_delay_counts_is_in_one_band() -> None:
    found = [alike(MONDAY, days, many=days + 1) for days in range(30)] + [
        alike(MONDAY, 3, standing="withdrawn"),
        alike(MONDAY, 3, imported=True),
        alike(MONDAY, -1),
    ]
    table = lateness.by_kind(found, MONDAY, MONDAY + 10 * WEEK, POLICY)
    # 1; 2; 3+4+5+6; 7+..+11; 12+..+21; 22+..+30
    assert table == {CONTACT: [1, 2, 18, 45, 165, 234]}


def test_what_was_made_is_summed_up_by_hand() -> None:
    found = [
        alike(MONDAY, 0, many=6),
        alike(MONDAY - WEEK, 8, many=2),  # Monday to the Tuesday of the week after: six working days
        alike(MONDAY, 1, many=1, standing="corrected"),
        alike(MONDAY, 0, many=1, standing="withdrawn"),
        alike(MONDAY, 0, many=5, imported=True),
        alike(MONDAY - 3 * WEEK, 1, many=9),  # made before
    ]
    told = lateness.summary(found, MONDAY, MONDAY + 4 * WEEK, POLICY)
    assert (told.made, told.timed, told.late, told.corrected, told.withdrawn, told.imported, told.early) == (10, 9, 2, 1, 1, 5, 0)
    assert told.about_before == pytest.approx(2 / 9)
    assert told.delays is not None
    assert (told.delays.median, told.delays.ninth_tenth) == (0, 8)
    assert told.delays.over_a_working_day == pytest.approx(2 / 9)


def test_a_back_filled_week_shows_where_it_was_recorded_and_not_only_where_it_happened() -> None:
    found = [alike(MONDAY, 0, many=10), alike(MONDAY, 35, many=5), alike(MONDAY + 5 * WEEK, 0, many=5)]
    told = lateness.weeks(found, MONDAY, MONDAY + 6 * WEEK, MONDAY + 6 * WEEK, POLICY)
    lines = [(w.begins, w.happened, w.happened_late, w.recorded, w.recorded_late) for w in told]
    assert lines[0] == (MONDAY, 15, 5, 10, 0)
    assert lines[5] == (MONDAY + 5 * WEEK, 5, 0, 10, 5)
    assert lines[1:5] == [(MONDAY + i * WEEK, 0, 0, 0, 0) for i in range(1, 5)]


def test_a_week_has_no_share_until_late_entries_about_it_have_come() -> None:
    today = MONDAY + 6 * WEEK
    told = lateness.weeks([], MONDAY, today, today, POLICY)
    # Four weeks after its Sunday: the week that began 35 days before today is not settled, by one day; the one before it is.
    assert [week.settled for week in told] == [True, True, False, False, False, False]


def half_a_year(many: int = 40, **changes: object) -> list[Alike]:
    """Eight or twelve late entries in each of 26 weeks, then a week with `many`."""
    weeks = [8, 12] * 13 + [many]
    return [alike(MONDAY + i * WEEK - LATE, LATE.days, many=count, **changes) for i, count in enumerate(weeks)]


def bursts(found: list[Alike]) -> unusual_weeks.Bursts:
    last = MONDAY + 26 * WEEK
    return unusual_weeks.bursts(found, last, last + WEEK, last + timedelta(days=6), POLICY)


def test_a_week_of_four_times_as_many_late_entries_stands_out_with_what_is_usual() -> None:
    told = bursts(half_a_year(40))
    (flagged,) = told.flagged
    assert (flagged.stream, flagged.week, flagged.burst.entries, flagged.burst.usual) == (STREAMS[0], MONDAY + 26 * WEEK, 40, 10)
    assert flagged.burst.dispersion == 1
    assert (told.tested, told.share) == (3, pytest.approx(1 / 3))
    # Three weeks were looked at and this is the most striking of them.
    assert flagged.q == pytest.approx(3 * flagged.burst.p)


def test_an_ordinary_week_and_an_import_do_not_stand_out() -> None:
    assert not bursts(half_a_year(14)).flagged
    assert not bursts([*half_a_year(10), alike(MONDAY, 26 * 7, many=1000, imported=True)]).flagged


def test_instructions_stand_out_though_none_is_late() -> None:
    found = [*half_a_year(10), alike(MONDAY + 26 * WEEK, 0, many=1000, kind=INSTRUCTION)]
    assert [(f.stream.words, f.burst.entries) for f in bursts(found).flagged] == [("Instructions to unpaid work", 1000)]


def test_with_too_few_weeks_before_no_week_is_looked_at() -> None:
    told = bursts(half_a_year(40)[1:])
    assert (told.flagged, told.tested, told.share) == ([], 0, None)


def test_a_figure_and_the_list_behind_it_are_chosen_by_one_rule() -> None:
    late, prompt = alike(MONDAY, 12), alike(MONDAY, 0)
    chosen = Chosen(MONDAY, MONDAY + WEEK, by="happened", what="late")
    assert [chosen.takes(one, POLICY) for one in (late, prompt)] == [True, False]
    assert not Chosen(MONDAY, MONDAY + WEEK, what="late").takes(late, POLICY), "it was recorded in another week"


def part(code: str, late: dict[date, int], made: int = 0) -> Part:
    return Part(code, made, made, made, 0, 0, {week.isoformat(): count for week, count in late.items()})


def test_teams_are_looked_at_together_and_a_missing_week_is_a_week_without_entries() -> None:
    last = MONDAY + 26 * WEEK
    usual = {MONDAY + i * WEEK: count for i, count in enumerate([8, 12] * 13 + [40])}
    found = [part("CF1", usual, made=41), part("NP1", {MONDAY: 8, last: 0}, made=1)]
    one, other = unusual_weeks.by_part(found, last, last + WEEK, last + timedelta(days=6), POLICY)
    (flagged,) = one.flagged
    assert (flagged.week, flagged.burst.entries, flagged.burst.usual) == (last, 40, 10)
    # Two teams were looked at in one week, and this is the more striking.
    assert flagged.q == pytest.approx(2 * flagged.burst.p)
    assert (other.part.made, other.flagged) == (1, ())
