"""Cover as rows tell it: who stood in from when to when, whatever ended it, and what continuity then says."""

from datetime import UTC, datetime, timedelta

from domain.allocation import allocate
from domain.contact import record_contact
from domain.cover import CoverReason, CoverStarted, end_cover, start_cover
from domain.working_days import local_day
from projections import cover
from projections.cover import covers
from projections.measures import continuity
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, TOMORROW, YESTERDAY, did, opened, supervised

COVERED = did(start_cover, at=YESTERDAY)
END_OF_LAST_DAY = datetime(2026, 3, 21, tzinfo=UTC)


def of(*steps: object) -> list[cover.Cover]:
    return covers(Story(supervised(*steps).history))


def test_cover_lasts_to_the_end_of_its_last_day() -> None:
    (one,) = of(COVERED)
    assert (one.number, one.practitioner, one.instead_of, one.reason) == (NEXT, "OWEN", "SIAN", "sickness")
    assert (one.since, one.until) == (YESTERDAY, END_OF_LAST_DAY)
    assert [one.holds_at(at) for at in (YESTERDAY - timedelta(1), YESTERDAY, END_OF_LAST_DAY)] == [False, True, False]


def test_cover_ends_sooner_when_it_is_ended_or_the_officer_changes() -> None:
    assert [one.until for one in of(COVERED, did(end_cover, at=NOW))] == [NOW]
    assert [one.until for one in of(COVERED, did(allocate, at=NOW, practitioner="MEERA"))] == [NOW]


def test_the_last_day_on_which_it_held_is_its_own_last_day_or_the_day_on_which_it_ended() -> None:
    assert [one.held_until for one in of(COVERED)] == [local_day(END_OF_LAST_DAY - timedelta(hours=1))]
    assert [one.held_until for one in of(COVERED, did(end_cover, at=NOW))] == [local_day(NOW)]


def test_one_cover_follows_another() -> None:
    two = of(COVERED, did(end_cover, at=NOW), did(start_cover, at=NOW, practitioner="MEERA"))
    assert [(one.practitioner, one.since) for one in two] == [("OWEN", YESTERDAY), ("MEERA", NOW)]


def test_a_case_that_was_never_covered_has_no_rows() -> None:
    assert list(cover.rows(Story(supervised().history), POLICY)) == []


def test_a_row_says_who_for_whom_and_when() -> None:
    (row,) = cover.rows(Story(supervised(COVERED).history), POLICY)
    assert row == (NEXT, "OWEN", "SIAN", YESTERDAY, END_OF_LAST_DAY, "sickness")
    assert len(row) == len(cover.COLUMNS) - 1


def test_old_history_with_cover_of_a_case_that_nobody_held_is_read() -> None:
    case = opened()
    case.record(CoverStarted(occurred_at=YESTERDAY, by="SIAN", practitioner="OWEN", reason=CoverReason.LEAVE, until=NOW.date()))
    assert [one.instead_of for one in covers(Story(case.history))] == [""]


def test_continuity_says_when_whoever_met_the_person_stood_in_for_the_officer() -> None:
    def why(worker: str) -> str:
        seen = did(record_contact, at=TOMORROW, occurred_at=NOW, practitioner=worker)
        return continuity.findings(Story(supervised(COVERED, seen).history), POLICY)[-1].why

    assert why("OWEN") == "Held by somebody who stood in for the officer allocated at the time"
    assert why("MEERA") == "Held by somebody other than the officer allocated at the time"
    assert why("SIAN") == "Held by the officer allocated at the time"
