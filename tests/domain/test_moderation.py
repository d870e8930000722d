"""Where readers differ, moderation decides with a reason; where they agree there is nothing to decide."""

import pytest

from domain.assessment import Verdict
from domain.moderation import Moderation, final, moderate
from tests.rules import CRN, PERSON, did, given

YES, NO, OUT = Verdict
DETAILS = {"inspection": "INS-2026-001", "crn": CRN, "person_id": PERSON, "question": "2.1.engagement"}


@pytest.mark.parametrize(
    ("found", "moderated", "counts"),
    [
        ([], None, None),
        ([], YES, None),
        ([YES], None, YES),
        ([NO, NO], None, NO),
        ([NO, NO], YES, NO),
        ([YES, NO], None, None),
        ([YES, NO], NO, NO),
        ([YES, OUT], OUT, OUT),
        ([YES, YES, NO], YES, YES),
    ],
)
def test_agreement_counts_and_else_the_moderation(found: list[Verdict], moderated: Verdict | None, counts: Verdict | None) -> None:
    assert final(found, moderated) == counts


def test_a_difference_is_decided_with_a_reason() -> None:
    event = given(of=Moderation).when(moderate, **DETAILS, verdict=NO, found=[YES, NO], reason="Nobody asked her.").event
    assert (event.question, event.verdict, event.reason, event.person_id) == ("2.1.engagement", NO, "Nobody asked her.", PERSON)
    given(of=Moderation).when(moderate, **DETAILS, verdict=NO, found=[YES, NO], reason=" ").refused("Enter the reason.", "reason")


def test_what_readers_agree_on_is_not_moderated() -> None:
    asked = given(of=Moderation).when(moderate, **DETAILS, verdict=NO, found=[YES, YES], reason="So.")
    asked.refused("The readers do not differ on this key question.", "verdict")


def test_a_decision_may_be_changed_and_not_repeated() -> None:
    decided = given(did(moderate, **DETAILS, verdict=NO, found=[YES, NO], reason="So."), of=Moderation)
    decided.when(moderate, **DETAILS, verdict=NO, found=[YES, NO], reason="So.").refused("This is so already.", "verdict")
    assert decided.when(moderate, **DETAILS, verdict=YES, found=[YES, NO], reason="Entry 7 shows it.").events
