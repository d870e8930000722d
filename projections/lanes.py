"""A case through time, a lane a subject: who held it, its risk, the contact in each mode and whether it was purposeful, and the plan."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

import msgspec

from domain.contact import Mode
from domain.plan import PlanCompleted
from domain.policy import Policy
from domain.risk import RoshAssessed
from domain.working_days import local_day
from projections.finding import Verdict
from projections.plans import Objective, objectives, reviews
from projections.purposeful import verdicts
from projections.story import Story
from projections.supervision import Supervised, away


class Span(msgspec.Struct, frozen=True):
    """Something that lasted; an open one has no end. `of` is whom or what, as the entry has it; `number` the entry that began it."""

    since: date
    until: date | None
    of: str
    number: int


class Mark(msgspec.Struct, frozen=True):
    """A contact in the lane of its mode, by its entry. One that was missed never took place."""

    on: date
    mode: Mode
    missed: bool
    verdict: Verdict
    number: int


class PlanMark(msgspec.Struct, frozen=True):
    """The plan was completed, or reviewed."""

    on: date
    reviewed: bool
    number: int


class Lanes(msgspec.Struct, frozen=True):
    """All lanes of a case from its first day to the last one looked at."""

    first: date
    last: date
    officers: list[Span]
    levels: list[Span]
    away: list[Supervised]
    """In custody, or supervision was interrupted."""
    contacts: list[Mark]
    """In the order in which they happened."""
    objectives: list[Span]
    plan: list[PlanMark]


def lanes(story: Story, policy: Policy, today: date) -> Lanes:
    """What there is to draw of a case up to a day; nothing that was known to lie ahead of it."""
    judged = zip(story.contacts, verdicts(story, policy), strict=True)
    first = min((local_day(s.reads.occurred_at) for s in story.standing if not s.withdrawn_by), default=today)
    return Lanes(
        first=min(first, today),
        last=today,
        officers=[Span(local_day(h.since), local_day(h.until) if h.until else None, h.practitioner, h.number) for h in story.holders],
        levels=_levels(story),
        away=away(story.stages.values(), story.interruptions),
        contacts=[Mark(c.day, c.mode, c.attended is False, verdict, c.number) for c, verdict in judged if c.day <= today],
        objectives=[_worked_on(story, objective) for objective in objectives(story)],
        plan=_plan(story),
    )


def _levels(story: Story) -> list[Span]:
    """Each assessment of risk holds until the next one."""
    found = [s for s in story.of(RoshAssessed) if not s.withdrawn_by]
    found.sort(key=lambda s: (s.reads.occurred_at, s.number))
    ends: Sequence[datetime | None] = [*(after.reads.occurred_at for _, after in pairwise(found)), None]
    return [
        Span(local_day(s.reads.occurred_at), local_day(end) if end else None, s.reads.level.value, s.number)
        for s, end in zip(found, ends, strict=False)
    ]


def _worked_on(story: Story, objective: Objective) -> Span:
    began = local_day(story.standing[objective.number - 1].reads.occurred_at)
    return Span(began, objective.ended_on, objective.topic, objective.number)


def _plan(story: Story) -> list[PlanMark]:
    completed = [PlanMark(local_day(s.reads.occurred_at), False, s.number) for s in story.of(PlanCompleted)]
    return sorted([*completed, *(PlanMark(r.reviewed_on, True, r.number) for r in reviews(story))], key=lambda mark: (mark.on, mark.number))
