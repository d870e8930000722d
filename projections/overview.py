"""What stands in a case at the end of a history, on one page: sentences, the plan, the risk, and what is arranged."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from domain.risk import Rosh, RoshAssessed
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


class Overview(msgspec.Struct, frozen=True):
    sentences: tuple[Sentence, ...]
    objectives: tuple[Objective, ...]
    rosh: Assessment | None
    coming: tuple[Diarised, ...]
    """Appointments still to come, soonest first."""
    awaiting: tuple[Diarised, ...]
    """Appointments whose time has passed without an outcome, oldest first."""


def overview(story: Story, now: datetime) -> Overview:
    arranged = sorted((d for d in story.diary if d.outcome is None and not d.cancelled), key=lambda d: (d.starts_at, d.number))
    return Overview(
        tuple(sentences(story)),
        tuple(objectives(story)),
        latest_rosh(story),
        tuple(d for d in arranged if d.starts_at > now),
        tuple(d for d in arranged if d.starts_at <= now),
    )


def latest_rosh(story: Story) -> Assessment | None:
    """The assessment made last, of those that were not withdrawn; of two at one time the one recorded later."""
    found: Sequence[Assessment] = [
        Assessment(s.number, s.reads.occurred_at, s.reads.level, s.reads.review_due_on, s.reads.rationale, s.reads.by)
        for s in story.standing
        if isinstance(s.reads, RoshAssessed) and not s.withdrawn_by
    ]
    return max(found, key=lambda assessed: (assessed.assessed_at, assessed.number), default=None)
