"""The pace of a case: its purposeful contacts against the days on which the person could be seen, and the gaps between them."""

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.policy import Policy
from projections.finding import Verdict
from projections.purposeful import verdicts
from projections.story import Story
from projections.supervision import days

CASE_COLUMNS = {
    "stream_id": "uuid",
    "supervised_since": "date",
    "supervised_until": "date",
    "exposed_days": "int4",
    "exposed_since": "date",
    "purposeful": "int4",
    "last_purposeful_on": "date",
    "longest_gap": "int4",
    "idle_days": "int4",
}
"""Facts for the rate, the gap and the zero-activity flag, all in days of exposure: days in custody, on recall, on remand or with a
warrant out do not count. `exposed_days` have passed in intervals that are over; the one that runs began on `exposed_since`.
`longest_gap` is the longest between two purposeful contacts or from the start to the first; `idle_days` are those since the last one
in intervals that are over. What still runs depends on the day it is looked at and is worked out there."""


def case_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    if not story.supervised:
        return
    since, until = story.supervised[0].since, story.supervised[-1].until
    over = [span for span in story.exposed if span.until is not None]
    running = next((span.since for span in story.exposed if span.until is None), None)
    met = _days_met(story, policy)
    last = met[-1] if met else None
    gaps = [days(story.exposed, earlier, later) for earlier, later in zip([since, *met], met, strict=False)]
    passed = days(over, since, date.max)
    idle = days(over, max(last or since, since), date.max)
    yield since, until, passed, running, len(met), last, max(gaps, default=None), idle


def _days_met(story: Story, policy: Policy) -> list[date]:
    """The day of each purposeful contact."""
    judged_so = zip(story.contacts, story.once(verdicts, policy), strict=True)
    return [contact.day for contact, verdict in judged_so if verdict is Verdict.YES]


class Pace(msgspec.Struct, frozen=True):
    """Purposeful contacts of a case against its days of exposure, as they stand on a day."""

    purposeful: int
    exposed_days: int
    idle_days: int
    """Days of exposure since the last purposeful contact, or since the start."""
    flagged: bool

    @property
    def per_30_days(self) -> float | None:
        return self.purposeful * 30 / self.exposed_days if self.exposed_days else None


def pace(story: Story, policy: Policy, today: date) -> Pace | None:
    """The pace of a case; None before it has a sentence."""
    if not story.supervised:
        return None
    since, met = story.supervised[0].since, _days_met(story, policy)
    idle = days(story.exposed, max([since, *met]), today)
    return Pace(len(met), days(story.exposed, since, today), idle, idle >= policy.purposeful.zero_activity_days)
