"""Decisions in a case, each with what the record knew when it was taken and what was put into it only afterwards."""

from collections.abc import Sequence

import msgspec

from domain.allocation import CaseAllocated
from domain.breach import BreachReferred, BreachWithdrawn
from domain.enforcement import EnforcementActionTaken
from domain.entry import Standing
from domain.event import Event
from domain.evidence import EvidenceDecided
from domain.phase import Recalled
from domain.plan import PatternSet, PlanCompleted, PlanReviewed
from domain.recall import RecallRequested
from domain.register import Deregistered, Registered
from domain.risk import RoshAssessed
from domain.risk_review import RiskReviewInitiated
from domain.transfer import TransferAccepted, TransferRejected, TransferRequested
from domain.upw_instruction import UpwInstructed
from domain.upw_suspension import UpwSuspended
from projections.replay import RecordedLater, State, recorded_later, state_known
from projections.story import Story
from projections.timeline import Entry

DECISIONS = (
    BreachReferred,
    BreachWithdrawn,
    CaseAllocated,
    Deregistered,
    EnforcementActionTaken,
    EvidenceDecided,
    PatternSet,
    PlanCompleted,
    PlanReviewed,
    RecallRequested,
    Recalled,
    Registered,
    RiskReviewInitiated,
    RoshAssessed,
    TransferAccepted,
    TransferRejected,
    TransferRequested,
    UpwInstructed,
    UpwSuspended,
)
"""What somebody decides on what they know of the case."""


class Decision(msgspec.Struct, frozen=True):
    """A decision, what the record said of the case at that moment, and the entries about the time before that came into it on a later
    day than they are about. `known` is None when nothing had been recorded."""

    entry: Entry
    known: State | None
    later: list[RecordedLater]


def decisions(story: Story, entries: Sequence[Entry]) -> list[Decision]:
    """Every decision that was not withdrawn, in the order in which they were taken. `entries` are all of the story.

    Of an imported one nobody can say what was known: the record had nothing of the case then, and so says nothing.
    """
    taken = [s for s in story.standing if isinstance(s.reads, DECISIONS) and not s.withdrawn_by and s.recorded.event.imported is None]
    taken.sort(key=lambda s: s.reads.occurred_at)
    return [_decision(story, entries, standing) for standing in taken]


def _decision(story: Story, entries: Sequence[Entry], standing: Standing[Event]) -> Decision:
    """What was recorded by that moment and before the decision itself, which is no news to whoever takes it."""
    moment = standing.reads.occurred_at
    before = story.history[: standing.number - 1]
    known = [recorded for recorded in before if recorded.recorded_at <= moment]
    position = known[-1].position if known else 0
    mine = {standing.number, standing.corrected_by}
    later = [found for found in recorded_later(entries, position, moment) if found.entry.number not in mine and found.delay_days > 0]
    return Decision(entries[standing.number - 1], state_known(known, moment), later)
