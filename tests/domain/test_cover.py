"""Cover: one practitioner of the same team stands in for the officer for a time, and responsibility does not move."""

from datetime import date, datetime, timedelta

import pytest

from domain.allocation import AllocationReason, allocate
from domain.cover import CoverEnded, CoverReason, CoverStarted, end_cover, start_cover
from domain.limited_access import exclude
from domain.remembered import Allocation
from domain.transfer import accept_transfer, request_transfer
from domain.working_days import LONDON
from tests.rules import A_SECOND, BEGAN, NEXT, NOW, YESTERDAY, did, opened, supervised

COVERED = did(start_cover, at=NOW)
TODAY = date(2026, 3, 12)


def test_somebody_of_the_team_stands_in_and_the_officer_stays_responsible() -> None:
    case = supervised(COVERED)
    event = case.history[-1].event
    assert isinstance(event, CoverStarted)
    assert (event.practitioner, event.reason, event.until) == ("OWEN", CoverReason.SICKNESS, date(2026, 3, 20))
    assert case.state.allocation == Allocation("SIAN", "CF1", "C10", BEGAN)


def test_cover_can_be_recorded_after_it_began() -> None:
    assert supervised().when(start_cover, started_at=YESTERDAY).event.occurred_at == YESTERDAY
    supervised().when(start_cover, started_at=BEGAN - A_SECOND).refused(
        "The cover cannot begin before the officer had the case.", "started_at"
    )


def test_nobody_stands_in_where_nobody_holds_the_case() -> None:
    nobody = "Nobody holds the case, so there is nobody to stand in for. Allocate it instead."
    opened().when(start_cover).refused(nobody, "practitioner")
    gap = supervised(did(allocate, at=NOW, practitioner="", reason=AllocationReason.STAFF))
    gap.when(start_cover).refused(nobody, "practitioner")


@pytest.mark.parametrize(
    ("details", "words", "field"),
    [
        pytest.param({"practitioner": ""}, "Select who covers the case.", "practitioner", id="nobody"),
        pytest.param({"practitioner": "SIAN"}, "This practitioner holds the case.", "practitioner", id="the officer"),
        pytest.param(
            {"practitioner": "TOM", "team": "NP1"},
            "Only a practitioner of the team that has the case can cover it.",
            "practitioner",
            id="another team",
        ),
        pytest.param({"until": TODAY - timedelta(days=1)}, "The last day of cover must be today or later.", "until", id="over already"),
        pytest.param(
            {"until": TODAY + timedelta(days=91)},
            "Cover lasts 90 days at most. For longer, allocate the case to another officer.",
            "until",
            id="too long",
        ),
    ],
)
def test_cover_that_cannot_be_is_refused_in_words(details: dict[str, object], words: str, field: str) -> None:
    supervised().when(start_cover, **details).refused(words, field)


@pytest.mark.parametrize("days", [0, 1, 90])
def test_cover_lasts_from_today_to_the_longest_that_policy_allows(days: int) -> None:
    assert supervised().when(start_cover, until=TODAY + timedelta(days=days)).events


def test_somebody_from_whom_the_case_is_hidden_does_not_cover_it() -> None:
    supervised(did(exclude)).when(start_cover).refused(
        "Access to the case is limited, and this practitioner may not see it.", "practitioner"
    )


def test_one_covers_at_a_time() -> None:
    supervised(COVERED).when(start_cover, practitioner="MEERA").refused(
        "Somebody covers this case already. End that cover first.", "practitioner"
    )


def test_cover_ends_early_when_it_is_ended() -> None:
    case = supervised(COVERED)
    event = case.when(end_cover).event
    assert isinstance(event, CoverEnded)
    assert event.cover == NEXT
    case.then(end_cover)
    case.when(end_cover).refused("Nobody covers this case.")
    assert case.when(start_cover, practitioner="MEERA").events


def test_cover_does_not_end_before_it_began() -> None:
    supervised(COVERED).when(end_cover, ended_at=NOW - A_SECOND).refused("The cover cannot end before it began.", "ended_at")


@pytest.mark.parametrize(("hour", "runs"), [(datetime(2026, 3, 20, 23, 59), True), (datetime(2026, 3, 21, 0, 0), False)])  # noqa: DTZ001 - by the wall
def test_cover_runs_out_at_the_end_of_its_last_day(hour: datetime, runs: bool) -> None:
    case, at = supervised(COVERED), hour.replace(tzinfo=LONDON)
    assert (case.when(end_cover, now=at).refusal is None) is runs
    assert (case.when(start_cover, now=at, practitioner="MEERA", until=at.date()).refusal is None) is not runs


def test_a_change_of_officer_ends_the_cover() -> None:
    supervised(COVERED, did(allocate, at=NOW, practitioner="MEERA")).when(end_cover).refused("Nobody covers this case.")
    moved = supervised(COVERED, did(request_transfer, at=NOW), did(accept_transfer, at=NOW))
    moved.when(end_cover).refused("Nobody covers this case.")
