"""Not lost to the service: what the service called off is its loss, what the person missed is not, and silence is neither."""

from datetime import UTC, datetime

import pytest

from domain.appointment import OutcomeRecorded, arrange_appointment, cancel_appointment, record_outcome
from domain.contact import record_contact
from domain.outcome import OUTCOMES
from projections.finding import Finding, Verdict
from projections.measures.not_lost import findings, verdicts
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, Step, contact_months, did, supervised

ON = datetime(2026, 2, 12, 10, tzinfo=UTC)
ARRANGED = did(arrange_appointment, starts_at=ON)


def found(*steps: Step) -> list[Finding]:
    story = Story(supervised(*steps).history)
    judged = findings(story, POLICY)
    assert verdicts(story, POLICY) == [finding.verdict for finding in judged]
    return judged


SENT_HOME, CALLED_OFF = "The person was sent home by the service", "The service called it off"
PERSON, NOBODY = "Lost by the person", "It did not take place, and not because of the service"
SILENT = "The outcome does not say whether anything was delivered"
EXPECTED = {
    **dict.fromkeys(("ATTC", "AFTC", "ATCH", "AFDA"), (Verdict.YES, "It took place")),
    "ATSS": (Verdict.NO, SENT_HOME),
    **dict.fromkeys(("AASD", "RSSR"), (Verdict.NO, CALLED_OFF)),
    "ATSH": (Verdict.YES, "The person was sent home because of their behaviour"),
    **dict.fromkeys(("AFTA", "UAAB"), (Verdict.YES, PERSON)),
    **dict.fromkeys(("AAAA", "AACL", "AAEM", "AAFC", "AAHO", "AAME", "AARC", "AARE"), (Verdict.YES, NOBODY)),
    **dict.fromkeys(("CO05", "CO38", "CO39", "CO40", "RSOF"), (Verdict.YES, NOBODY)),
    **dict.fromkeys(("ATFI", "CO10", "CO22", "CO24", "AAM11"), (Verdict.NOT_EVIDENCED, SILENT)),
}


def test_every_outcome_has_its_line_in_the_table() -> None:
    assert EXPECTED.keys() == OUTCOMES.keys()


@pytest.mark.parametrize("outcome", EXPECTED)
@pytest.mark.parametrize("kind", ["COAP", "APAT", "CUPA"], ids=["office visit", "programme", "unpaid work"])
def test_an_appointment_is_lost_to_the_service_only_when_its_outcome_says_so(kind: str, outcome: str) -> None:
    (one,) = found(did(arrange_appointment, starts_at=ON, kind=kind), did(record_outcome, at=ON, outcome=outcome))
    assert (one.verdict, one.why, one.number) == (*EXPECTED[outcome], NEXT + 1)


def test_an_outcome_that_nobody_knows_any_more_is_not_evidenced() -> None:
    case = supervised(ARRANGED)
    case.record(OutcomeRecorded(occurred_at=ON, by="SIAN", appointment=NEXT, outcome="ZZ99", practitioner="SIAN"), at=NOW)
    assert [one.verdict for one in findings(Story(case.history), POLICY)] == [Verdict.NOT_EVIDENCED]


def test_what_was_not_arranged_beforehand_is_left_out() -> None:
    (one,) = found(did(record_contact, at=ON, occurred_at=ON))
    assert (one.verdict, one.why) == (Verdict.LEFT_OUT, "Not arranged beforehand")


def test_an_appointment_without_an_outcome_or_called_off_before_its_day_is_no_contact() -> None:
    assert found(ARRANGED) == []
    assert found(ARRANGED, did(cancel_appointment)) == []


def test_months_add_up_to_the_findings() -> None:
    later = datetime(2026, 2, 19, 10, tzinfo=UTC)
    steps = (ARRANGED, did(record_outcome, at=ON, outcome="ATSS"), did(arrange_appointment, starts_at=later))
    case = supervised(*steps, did(record_outcome, at=later, appointment=NEXT + 2), did(record_contact, at=ON, occurred_at=ON))
    assert contact_months(case, "not_lost") == [("2026-02-01", "SIAN", "CF1", "C10", 1, 1, 0, 1)]
