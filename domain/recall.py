"""Recall: the service asks for a person on licence to be taken back to prison, and the answer."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.case import Case, must_be_open, must_exist, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.evidence import Entries, must_be_failures, standing_entries
from domain.remembered import Phase
from domain.words import said


class RecallDecision(StrEnum):
    """What was decided [R]. The recall itself, once the person is back in prison, is an entry of the sentence."""

    STANDARD = said("standard recall")
    FIXED_TERM = said("fixed-term recall")
    EMERGENCY = said("emergency recall")
    NOT_RECALLED = said("not recalled")


class RecallRequested(Event, frozen=True, tag="recall-requested"):
    """`failures` may be none: a recall can rest on risk alone."""

    sentence: int
    failures: tuple[int, ...] = ()
    emergency: bool = False
    reason: Personal = ""


class RecallDecided(Event, frozen=True, tag="recall-decided"):
    recall: int
    decision: RecallDecision
    note: Personal = ""


@remembers(RecallRequested)
def _requested(case: Case, number: int, event: RecallRequested) -> None:
    case.enforcement[number] = event


@remembers(RecallDecided)
def _decided(case: Case, number: int, event: RecallDecided) -> None:
    case.enforcement[number] = event


class Recall(msgspec.Struct, frozen=True):
    """A request for recall by its entry number, with the entry that answered it, 0 while it awaits an answer."""

    number: int
    requested: RecallRequested
    decided: int = 0
    decision: str = ""


def recalls(entries: Entries) -> list[Recall]:
    """Every request for recall there was, the oldest first."""
    found: dict[int, Recall] = {}
    for number, event in entries:
        if isinstance(event, RecallRequested):
            found[number] = Recall(number, event)
        elif isinstance(event, RecallDecided) and event.recall in found:
            found[event.recall] = Recall(event.recall, found[event.recall].requested, number, event.decision.value)
    return list(found.values())


def _awaiting(case: Case) -> Recall | None:
    return next((recall for recall in recalls(standing_entries(case)) if not recall.decided), None)


def request_recall(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    reason: str,
    failures: tuple[int, ...] = (),
    emergency: bool = False,
    requested_at: datetime | None = None,
) -> list[Event]:
    """Ask for recall, saying why; one request at a time."""
    must_be_open(case)
    if _awaiting(case) is not None:
        raise Refused(said("Recall has been requested already and awaits a decision."))
    stage = case.stages.get(sentence)
    if stage is None or stage.phase is not Phase.LICENCE:
        raise Refused(said("Select a licence that is running."), "sentence")
    must_be_failures(case, failures)
    happened = requested_at or now
    must_have_happened(happened, now, "requested_at")
    if not reason.strip():
        raise Refused(said("Enter why recall is requested."), "reason")
    return [RecallRequested(occurred_at=happened, by=by, sentence=sentence, failures=failures, emergency=emergency, reason=reason)]


def decide_recall(
    case: Case, *, now: datetime, by: str, decision: RecallDecision, note: str = "", decided_at: datetime | None = None
) -> list[Event]:
    """Record what was decided about a request for recall."""
    must_exist(case)
    recall = _awaiting(case)
    if recall is None:
        raise Refused(said("No request for recall awaits a decision."))
    happened = decided_at or now
    must_have_happened(happened, now, "decided_at")
    if happened < recall.requested.occurred_at:
        raise Refused(said("The decision cannot be before the request."), "decided_at")
    return [RecallDecided(occurred_at=happened, by=by, recall=recall.number, decision=decision, note=note)]
