"""The pace of a case: its purposeful contacts against the days on which the person could be seen, and the gaps between them.

All days are days of exposure: those in custody, on recall, on remand or with a warrant out do not count.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import msgspec

from domain.policy import Policy
from projections.finding import Verdict
from projections.purposeful import verdicts
from projections.story import Story
from projections.supervision import days

RATE_DAYS = 30
"""A rate is told for so many days of exposure."""

CASE_TABLE = "purposeful_case"
CASE_COLUMNS = {
    "stream_id": "uuid",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
    "supervised_since": "date",
    "supervised_until": "date",
    "exposed_days": "int4",
    "exposed_since": "date",
    "purposeful": "int4",
    "last_purposeful_on": "date",
    "longest_gap": "int4",
    "idle_days": "int4",
}
"""Facts for the rate, the gap and the zero-activity flag, with who holds the case. `exposed_days` have passed in intervals that are
over; the one that runs began on `exposed_since`. `longest_gap` is the longest between two purposeful contacts or from the start to the
first; `idle_days` are those since the last one in intervals that are over. What still runs depends on the day it is looked at and is
worked out there."""


def case_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    if not story.supervised:
        return
    holder = story.holders[-1] if story.holders else None
    held = (holder.practitioner, holder.team, holder.provider) if holder else ("", "", "")
    since, until = story.supervised[0].since, story.supervised[-1].until
    over = [span for span in story.exposed if span.until is not None]
    running = next((span.since for span in story.exposed if span.until is None), None)
    met = _days_met(story, policy)
    last = met[-1] if met else None
    passed = days(over, since, date.max)
    idle = days(over, max(last or since, since), date.max)
    yield *held, since, until, passed, running, len(met), last, max(_closed_gaps(story, met), default=None), idle


def _days_met(story: Story, policy: Policy) -> list[date]:
    """The day of each purposeful contact."""
    judged_so = zip(story.contacts, story.once(verdicts, policy), strict=True)
    return [contact.day for contact, verdict in judged_so if verdict is Verdict.YES]


def _closed_gaps(story: Story, met: list[date]) -> Iterator[int]:
    """Days of exposure from the start to the first purposeful contact, and between each two."""
    return (days(story.exposed, earlier, later) for earlier, later in pairwise([story.supervised[0].since, *met]))


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Purposeful contacts of a case against its days of exposure, as they stand on a day."""

    purposeful: int
    exposed_days: int
    idle_days: int
    """Days of exposure since the last purposeful contact, or since the start."""
    longest_gap: int
    """The longest time without a purposeful contact, in days of exposure; at least so long if it is `open`."""
    open: bool
    """Whether no purposeful contact has ended the longest gap yet."""
    flagged: bool

    @property
    def per_30_days(self) -> float | None:
        return self.purposeful * RATE_DAYS / self.exposed_days if self.exposed_days else None


def pace(story: Story, policy: Policy, today: date) -> Pace | None:
    """The pace of a case; None before it has a sentence."""
    if not story.supervised:
        return None
    since, met = story.supervised[0].since, _days_met(story, policy)
    idle, closed = days(story.exposed, max([since, *met]), today), max(_closed_gaps(story, met), default=0)
    return Pace(
        purposeful=len(met),
        exposed_days=days(story.exposed, since, today),
        idle_days=idle,
        longest_gap=max(closed, idle),
        open=idle >= closed,
        flagged=idle >= policy.purposeful.zero_activity_days,
    )
