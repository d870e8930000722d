"""Recorded in time: by working days, from the record's own clock, and not evidenced where only a source says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.contact import record_contact
from domain.entry import correct_entry
from domain.event import Imported
from projections.finding import Finding, Verdict
from projections.measures import recording
from projections.story import Story
from tests.rules import NEXT, POLICY, contact_months, did, supervised

FRIDAY = datetime(2026, 2, 6, 15, tzinfo=UTC)


def found(occurred_at: datetime, recorded_at: datetime, **details: Any) -> Finding:
    case = supervised(did(record_contact, occurred_at=occurred_at, at=recorded_at, **details))
    (finding,) = recording.findings(Story(case.history), POLICY)
    return finding


@pytest.mark.parametrize(
    ("recorded_at", "verdict", "why"),
    [
        pytest.param(FRIDAY + timedelta(hours=1), Verdict.YES, "Recorded on the day", id="the same day"),
        pytest.param(FRIDAY + timedelta(days=1), Verdict.YES, "Recorded 1 day later", id="the day after, a Saturday"),
        pytest.param(FRIDAY + timedelta(days=7), Verdict.YES, "Recorded 7 days later", id="the fifth working day"),
        pytest.param(
            FRIDAY + timedelta(days=8), Verdict.NO, "Recorded 8 days later; in time is within 5 working days", id="the Saturday after it"
        ),
        pytest.param(FRIDAY + timedelta(days=40), Verdict.NO, "Recorded 40 days later; in time is within 5 working days", id="weeks later"),
    ],
)
def test_a_contact_is_in_time_within_five_working_days(recorded_at: datetime, verdict: Verdict, why: str) -> None:
    finding = found(FRIDAY, recorded_at)
    assert (finding.verdict, finding.why) == (verdict, why)


def test_of_an_imported_contact_only_the_source_says_when_it_was_recorded() -> None:
    finding = found(FRIDAY, FRIDAY + timedelta(days=90), imported=Imported(source="extract", row=3, recorded_claim=FRIDAY))
    assert (finding.verdict, finding.why) == (Verdict.NOT_EVIDENCED, "Imported: only its source says when it was recorded")


def test_a_late_correction_does_not_make_a_timely_contact_late() -> None:
    case = supervised(did(record_contact, occurred_at=FRIDAY, at=FRIDAY))
    reads = case.history[-1].event
    case.then(correct_entry, at=FRIDAY + timedelta(days=30), entry=NEXT, reads=reads, reason="The time was wrong.")
    assert [f.verdict for f in recording.findings(Story(case.history), POLICY)] == [Verdict.YES]


def test_the_rows_by_month_count_what_the_findings_say() -> None:
    case = supervised(
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY),
        did(record_contact, occurred_at=FRIDAY, at=FRIDAY + timedelta(days=20)),
    )
    assert contact_months(case, "recording") == [("2026-02-01", "SIAN", "CF1", "C10", 1, 1, 0, 0)]
