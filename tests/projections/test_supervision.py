"""Days of exposure: what is left of supervision without custody, recall, remand and warrants, however they lie upon one another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.interruption import InterruptionKind, begin_interruption, end_interruption
from domain.phase import begin_pss, recall, release
from domain.remembered import Phase
from domain.sentence import SentenceKind, resentence, start_sentence
from projections.story import Story
from projections.supervision import Supervised, days, joined, without
from tests.rules import BEGAN, NEXT, NOW, SENTENCE, Step, closed, did, supervised

ENDS = date(2030, 1, 1)


def day(number: int) -> date:
    return date(2026, 1, 1) + timedelta(days=number)


def spans(*ends: tuple[int, int | None]) -> list[Supervised]:
    return [Supervised(day(since), None if until is None else day(until)) for since, until in ends]


def after(number: float) -> datetime:
    return BEGAN + timedelta(days=number)


def exposed(*steps: Step) -> list[tuple[int, int | None]]:
    """The exposure of the usual case, as days after it began."""
    found = Story(supervised(*steps).history).exposed
    return [((s.since - BEGAN.date()).days, (s.until - BEGAN.date()).days if s.until else None) for s in found]


def remanded(since: float, until: float | None = None, kind: InterruptionKind = InterruptionKind.REMAND, number: int = NEXT) -> list[Step]:
    began = did(begin_interruption, kind=kind, began_at=after(since), at=NOW)
    return [began] if until is None else [began, did(end_interruption, interruption=number, ended_at=after(until), at=NOW)]


CUSTODIAL = did(start_sentence, kind=SentenceKind.CUSTODIAL, started_at=after(10), at=NOW, expected_end_on=ENDS, requirements=())


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 10), (20, None)]),
        ([(2, 4)], [(0, 2), (4, 10), (20, None)]),
        ([(0, 4)], [(4, 10), (20, None)]),
        ([(8, 10)], [(0, 8), (20, None)]),
        ([(8, 25)], [(0, 8), (25, None)]),
        ([(0, 10)], [(20, None)]),
        ([(-5, 40)], [(40, None)]),
        ([(10, 20)], [(0, 10), (20, None)]),
        ([(5, None)], [(0, 5)]),
        ([(25, None)], [(0, 10), (20, 25)]),
        ([(2, 4), (6, 8), (30, 40)], [(0, 2), (4, 6), (8, 10), (20, 30), (40, None)]),
        ([(-5, None)], []),
    ],
)
def test_what_is_taken_from_days_leaves_the_days_around_it(taken: list[tuple[int, int | None]], left: list[tuple[int, int | None]]) -> None:
    assert without(spans((0, 10), (20, None)), spans(*taken)) == spans(*left)


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ([(0, 5), (5, 9)], [(0, 9)]),
        ([(3, 9), (0, 5)], [(0, 9)]),
        ([(0, None), (5, 9)], [(0, None)]),
        ([(0, 5), (6, 9)], [(0, 5), (6, 9)]),
        ([(0, 9), (2, 4)], [(0, 9)]),
        ([], []),
    ],
)
def test_intervals_that_touch_are_one(apart: list[tuple[int, int | None]], together: list[tuple[int, int | None]]) -> None:
    assert joined((s.since, s.until) for s in spans(*apart)) == spans(*together)


def test_days_are_counted_within_two_days_and_the_last_is_not_one_of_them() -> None:
    assert days(spans((0, 10), (20, None)), day(5), day(25)) == 10
    assert days(spans((0, 10)), day(20), day(30)) == 0
    assert days(spans((0, None)), day(3), day(3)) == 0


def test_without_an_interruption_every_day_of_supervision_is_one_of_exposure() -> None:
    assert exposed() == [(0, None)]


def test_remand_and_a_warrant_stop_exposure_from_the_day_they_begin_to_the_day_they_end() -> None:
    assert exposed(*remanded(10, 20), *remanded(30, 40, InterruptionKind.WARRANT, NEXT + 2)) == [(0, 10), (20, 30), (40, None)]


def test_one_that_lasts_stops_exposure_for_good() -> None:
    assert exposed(*remanded(10)) == [(0, 10)]


def test_two_that_lie_upon_one_another_count_once() -> None:
    steps = remanded(10), remanded(15, 30, InterruptionKind.WARRANT, NEXT + 1)
    end = did(end_interruption, ended_at=after(20), at=NOW)
    assert exposed(*steps[0], *steps[1], end) == [(0, 10), (30, None)]


def test_one_that_ends_on_the_day_it_began_takes_nothing() -> None:
    assert exposed(*remanded(10, 10)) == [(0, None)]


def test_custody_under_one_sentence_stops_exposure_under_another() -> None:
    assert exposed(CUSTODIAL, did(release, released_at=after(30), at=NOW)) == [(0, 10), (30, None)]


def test_a_recall_stops_exposure_until_the_person_is_released_again_or_on_pss() -> None:
    out, back = did(release, released_at=after(20), at=NOW), did(recall, recalled_at=after(30), at=NOW)
    assert exposed(CUSTODIAL, out, back) == [(0, 10), (20, 30)]
    assert exposed(CUSTODIAL, out, back, did(release, released_at=after(40), at=NOW)) == [(0, 10), (20, 30), (40, None)]
    assert exposed(CUSTODIAL, out, back, did(begin_pss, began_at=after(45), at=NOW)) == [(0, 10), (20, 30), (45, None)]


def test_custody_after_a_resentence_stops_exposure() -> None:
    assert exposed(did(resentence, resentenced_at=after(25), expected_end_on=ENDS, at=NOW)) == [(0, 25)]


def test_an_interruption_that_outlasts_supervision_takes_nothing_more() -> None:
    story = Story(closed(*remanded(10, 20)).history)
    assert [s.until for s in story.exposed] == [after(10).date(), (NOW - timedelta(days=1)).date()]


def test_a_closed_and_reopened_case_has_two_times_of_supervision() -> None:
    again = closed()
    again.then(start_sentence, started_at=NOW, at=NOW, requirements=())
    ended = (NOW - timedelta(days=1)).date()
    assert Story(again.history).supervised == [Supervised(BEGAN.date(), ended), Supervised(NOW.date(), None)]


def test_the_phases_of_a_sentence_stand_in_a_line_with_when_each_should_end() -> None:
    history = supervised(CUSTODIAL, did(release, released_at=after(20), at=NOW), did(begin_pss, began_at=after(30), at=NOW)).history
    line = Story(history).stages[NEXT]
    assert [(s.phase, s.since, s.until, s.ends_on) for s in line] == [
        (Phase.CUSTODY, after(10), after(20), ENDS),
        (Phase.LICENCE, after(20), after(30), date(2026, 9, 11)),
        (Phase.PSS, after(30), None, date(2027, 3, 11)),
    ]


def test_the_end_of_a_sentence_ends_its_last_phase() -> None:
    line = Story(closed().history).stages[SENTENCE]
    assert [(s.phase, s.until) for s in line] == [(Phase.COMMUNITY, NOW - timedelta(days=1)), (Phase.ENDED, None)]


def test_a_case_without_a_sentence_has_no_days_of_either_kind() -> None:
    story = Story([])
    assert (story.supervised, story.exposed, story.stages) == ([], [], {})


def test_a_day_is_the_day_it_is_in_england_and_wales() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    began = did(begin_interruption, began_at=late, at=late)
    assert Story(supervised(began).history).exposed == [Supervised(BEGAN.date(), date(2026, 7, 1))]
