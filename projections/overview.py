"""What stands in a case at the end of a history, on one page: sentences, the plan, the risk, and what is arranged."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from domain.allocation import CaseAllocated
from domain.risk import Rosh, RoshAssessed
from domain.transfer import HandoverHeld, TransferAccepted, TransferRequested
from projections.plans import Objective, objectives
from projections.sentences import Sentence, sentences
from projections.story import Diarised, Story


class Assessment(msgspec.Struct, frozen=True):
    """A RoSH assessment as it stands."""

    number: int
    assessed_at: datetime
    level: Rosh
    review_due_on: date
    rationale: str
    by: str


class Noted(msgspec.Struct, frozen=True):
    """What somebody wrote, and the entry in which it stands."""

    number: int
    text: str


class Overview(msgspec.Struct, frozen=True):
    sentences: tuple[Sentence, ...]
    objectives: tuple[Objective, ...]
    rosh: Assessment | None
    coming: tuple[Diarised, ...]
    """Appointments still to come, soonest first."""
    awaiting: tuple[Diarised, ...]
    """Appointments whose time has passed without an outcome, oldest first."""
    kept: Diarised | None
    """The latest appointment that has an outcome."""
    handed_over: dict[int, tuple[Noted, ...]]
    """What was written for each officer who took the case over, by the entry that made them responsible."""


def overview(story: Story, now: datetime) -> Overview:
    arranged = sorted((d for d in story.diary if d.outcome is None and not d.cancelled), key=lambda d: (d.starts_at, d.number))
    return Overview(
        tuple(sentences(story)),
        tuple(objectives(story)),
        latest_rosh(story),
        tuple(d for d in arranged if d.starts_at > now),
        tuple(d for d in arranged if d.starts_at <= now),
        max((d for d in story.diary if d.outcome is not None), key=lambda d: (d.starts_at, d.number), default=None),
        handed_over(story),
    )


def handed_over(story: Story) -> dict[int, tuple[Noted, ...]]:
    """The notes for each officer who took the case over: of the allocation or the accepted request, and of the meetings with them."""
    asked = {s.number: s.reads.note for s in story.of(TransferRequested)}
    written = {s.number: (s.number, s.reads.note) for s in story.of(CaseAllocated)}
    written |= {s.number: (s.reads.transfer, asked.get(s.reads.transfer, "")) for s in story.of(TransferAccepted)}
    found = {h.number: [Noted(*written[h.number])] for h in story.holders if h.number in written and written[h.number][1]}
    for meeting in story.of(HandoverHeld):
        taken_by = [h.number for h in story.holders if h.practitioner == meeting.reads.to_practitioner]
        if taken_by and meeting.reads.note:
            found.setdefault(taken_by[-1], []).append(Noted(meeting.number, meeting.reads.note))
    return {number: tuple(notes) for number, notes in found.items()}


def latest_rosh(story: Story) -> Assessment | None:
    """The assessment made last, of those that were not withdrawn; of two at one time the one recorded later."""
    found: Sequence[Assessment] = [
        Assessment(s.number, s.reads.occurred_at, s.reads.level, s.reads.review_due_on, s.reads.rationale, s.reads.by)
        for s in story.of(RoshAssessed)
        if not s.withdrawn_by
    ]
    return max(found, key=lambda assessed: (assessed.assessed_at, assessed.number), default=None)
