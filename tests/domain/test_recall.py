"""Recall is asked for once at a time, with a reason, and answered once."""

import pytest

from domain.case import Case
from domain.evidence import standing_entries
from domain.recall import RecallDecided, RecallDecision, RecallRequested, decide_recall, recalls, request_recall
from domain.sentence import SentenceKind, start_sentence
from tests.rules import NEXT, NOW, TOMORROW, YESTERDAY, Given, Step, did
from tests.rules import supervised as under_an_order

LICENCE = NEXT
REQUEST = NEXT + 1
ON_LICENCE = did(start_sentence, kind=SentenceKind.LICENCE, requirements=())
ASKED = did(request_recall, at=NOW, sentence=LICENCE)


def supervised(*steps: Step) -> Given[Case]:
    return under_an_order(ON_LICENCE, *steps)


def test_recall_is_asked_for_with_a_reason() -> None:
    event = supervised().when(request_recall, sentence=LICENCE, emergency=True).event
    assert isinstance(event, RecallRequested)
    assert (event.sentence, event.failures, event.emergency, event.reason) == (LICENCE, (), True, "Whereabouts not known.")
    supervised().when(request_recall, sentence=LICENCE, reason="").refused("Enter why recall is requested.", "reason")


@pytest.mark.parametrize("sentence", [99, 3, 2], ids=["unknown", "a requirement", "an order"])
def test_recall_is_from_a_licence_that_runs(sentence: int) -> None:
    supervised().when(request_recall, sentence=sentence).refused("Select a licence that is running.", "sentence")


def test_recall_rests_on_failures_that_stand_or_on_none() -> None:
    asked = supervised().when(request_recall, sentence=LICENCE, failures=(3,))
    asked.refused("Select failures to attend or comply that stand in this case.", "failures")


def test_one_recall_is_asked_for_at_a_time() -> None:
    supervised(ASKED).when(request_recall, sentence=LICENCE).refused("Recall has been requested already and awaits a decision.")
    assert supervised(ASKED, did(decide_recall, at=NOW)).when(request_recall, sentence=LICENCE).events


@pytest.mark.parametrize("decision", RecallDecision)
def test_a_request_is_answered_in_any_of_its_ways(decision: RecallDecision) -> None:
    case = supervised(ASKED)
    event = case.when(decide_recall, decision=decision, note="By telephone.").event
    assert isinstance(event, RecallDecided)
    assert (event.recall, event.decision, event.note) == (REQUEST, decision, "By telephone.")
    case.then(decide_recall, decision=decision)
    assert [(recall.decided, recall.decision) for recall in recalls(standing_entries(case.state))] == [(REQUEST + 1, decision.value)]


def test_what_was_not_asked_is_not_answered() -> None:
    supervised().when(decide_recall).refused("No request for recall awaits a decision.")
    supervised(ASKED, did(decide_recall, at=NOW)).when(decide_recall).refused("No request for recall awaits a decision.")


def test_both_happened_in_their_order() -> None:
    asked = supervised().when(request_recall, sentence=LICENCE, requested_at=TOMORROW)
    asked.refused("The date and time must be in the past.", "requested_at")
    supervised(ASKED).when(decide_recall, decided_at=TOMORROW).refused("The date and time must be in the past.", "decided_at")
    supervised(ASKED).when(decide_recall, decided_at=YESTERDAY).refused("The decision cannot be before the request.", "decided_at")


def test_an_answer_to_nothing_in_old_history_is_read_as_it_is() -> None:
    case = supervised()
    case.record(RecallDecided(occurred_at=NOW, by="SIAN", recall=99, decision=RecallDecision.STANDARD))
    assert recalls(standing_entries(case.state)) == []
