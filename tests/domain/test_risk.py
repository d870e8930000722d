"""A risk of serious harm assessment has reasons and is due again within the policy's period, or sooner."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from domain.entry import correct_entry
from domain.risk import (
    Rosh,
    RoshAssessed,
    SignificantEvent,
    SignificantEventNoted,
    assess_rosh,
    note_significant_event,
    review_due_after,
)
from tests.rules import NOW, POLICY, YESTERDAY, did, supervised


@pytest.mark.parametrize("level", Rosh)
def test_an_assessment_gives_a_level_and_its_reasons(level: Rosh) -> None:
    event = supervised().when(assess_rosh, level=level, rationale="Threats in March.").event
    assert isinstance(event, RoshAssessed)
    assert (event.level, event.rationale) == (level, "Threats in March.")


def test_an_assessment_is_due_again_after_the_policy_s_six_months() -> None:
    assert supervised().when(assess_rosh).event.review_due_on == date(2026, 9, 12)


def test_the_review_period_runs_from_the_day_of_the_assessment_and_not_of_its_recording() -> None:
    assert supervised().when(assess_rosh, assessed_at=datetime(2026, 2, 2, 9, tzinfo=UTC)).event.review_due_on == date(2026, 8, 2)


def test_the_day_of_the_assessment_is_the_day_it_is_in_england_and_wales() -> None:
    after_midnight_in_summer = datetime(2025, 7, 31, 23, 30, tzinfo=UTC)
    assert supervised().when(assess_rosh, assessed_at=after_midnight_in_summer).event.review_due_on == date(2026, 2, 1)


def test_an_assessment_at_the_end_of_a_long_month_is_due_on_the_last_day_of_a_short_one() -> None:
    assert supervised().when(assess_rosh, assessed_at=datetime(2025, 8, 31, 9, tzinfo=UTC)).event.review_due_on == date(2026, 2, 28)


@pytest.mark.parametrize("due", [date(2026, 3, 13), date(2026, 9, 12)], ids=["tomorrow", "the last day allowed"])
def test_a_sooner_review_may_be_set(due: date) -> None:
    assert supervised().when(assess_rosh, review_due_on=due).event.review_due_on == due


@pytest.mark.parametrize(
    "due", [date(2026, 3, 11), date(2026, 3, 12), date(2026, 9, 13)], ids=["yesterday", "the same day", "a day too late"]
)
def test_a_review_is_due_after_the_assessment_and_within_the_policy_s_period(due: date) -> None:
    supervised().when(assess_rosh, review_due_on=due).refused("The review must be due by 12 September 2026.", "review_due_on")


@pytest.mark.parametrize("rationale", ["", " \n"], ids=["empty", "blank"])
def test_an_assessment_needs_reasons(rationale: str) -> None:
    supervised().when(assess_rosh, rationale=rationale).refused("Enter the reasons for the level.", "rationale")


def test_an_assessment_is_of_the_moment_unless_another_is_given() -> None:
    assert supervised().when(assess_rosh).event.occurred_at == NOW


# Significant events ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SignificantEvent)
def test_a_significant_event_says_what_happened(kind: SignificantEvent) -> None:
    event = supervised().when(note_significant_event, kind=kind, happened_at=YESTERDAY).event
    assert isinstance(event, SignificantEventNoted)
    assert (event.kind, event.note, event.occurred_at) == (kind, "Arrested for assault.", YESTERDAY)


@pytest.mark.parametrize("note", ["", "  \n"], ids=["empty", "blank"])
def test_a_significant_event_without_words_is_refused(note: str) -> None:
    supervised().when(note_significant_event, note=note).refused("Enter what happened.", "note")
    case = supervised(did(note_significant_event, at=NOW))
    case.when(correct_entry, reads=replace(case.history[-1].event, note=note)).refused("Enter what happened.", "note")


def test_a_review_of_the_risk_is_due_after_the_policy_s_working_days() -> None:
    assert review_due_after(POLICY, NOW) == date(2026, 3, 19)
    assert review_due_after(POLICY, datetime(2026, 4, 2, 9, tzinfo=UTC)) == date(2026, 4, 13)
