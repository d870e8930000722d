"""The sentence plan as it stands: objectives and whether they are worked on, the pattern of contact and what happened against it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from domain.contact import Direction, Mode, WithWhom
from domain.plan import ObjectiveEnded, ObjectiveSet, PatternSet, PlanCompleted, PlanReviewed
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_working_days, local_day
from projections.contacts import Contact
from projections.finding import Verdict
from projections.story import Story
from projections.supervision import days


class Objective(msgspec.Struct, frozen=True):
    """An objective of the plan, with the contacts that took place and served it."""

    number: int
    topic: str
    aim: str
    contacts: int
    last_at: datetime | None
    last_purposeful_on: date | None
    ended_on: date | None
    how: str

    @property
    def running(self) -> bool:
        return self.ended_on is None


class Coverage(msgspec.Struct, frozen=True):
    """How many of the objectives worked on had a purposeful contact in the policy's last days."""

    worked_on: int
    covered: int
    uncovered: tuple[int, ...]
    since: date


class Review(msgspec.Struct, frozen=True):
    number: int
    kind: str
    reviewed_on: date
    with_person: bool
    due_on: date | None
    text: str
    by: str


class Pattern(msgspec.Struct, frozen=True):
    number: int
    every_days: int
    mode: Mode
    from_on: date
    why: str
    by: str


class Kept(StrEnum):
    """What happened in a period of the pattern."""

    AS_PLANNED = said("as planned")
    OTHERWISE = said("in another way")
    OFFERED = said("offered, not kept")
    NOTHING = said("no contact")
    AWAY = said("could not be seen")


class Period(msgspec.Struct, frozen=True):
    """One turn of the pattern: `until` is the day after its last; `entries` are the contacts in it."""

    since: date
    until: date
    kept: Kept
    entries: tuple[int, ...]


def objectives(story: Story, purposeful: Sequence[Verdict] = ()) -> list[Objective]:
    """Every objective of the plan, in the order of recording; `purposeful` are the verdicts on the case's contacts."""
    served: dict[int, list[Contact]] = {}
    worked: dict[int, date] = {}
    for i, contact in enumerate(story.contacts):
        if contact.attended:
            for number in contact.work.objectives:
                served.setdefault(number, []).append(contact)
                if purposeful and purposeful[i] is Verdict.YES:
                    worked[number] = contact.day
    ended = {s.reads.objective: s.reads for s in story.of(ObjectiveEnded)}
    found = []
    for s in story.of(ObjectiveSet):
        of, end = served.get(s.number, []), ended.get(s.number)
        found.append(
            Objective(
                s.number,
                s.reads.topic,
                s.reads.aim,
                len(of),
                of[-1].occurred_at if of else None,
                worked.get(s.number),
                local_day(end.occurred_at) if end else None,
                end.how.value if end else "",
            )
        )
    return found


def coverage(found: Sequence[Objective], policy: Policy, today: date) -> Coverage:
    """Of the objectives worked on, those with a purposeful contact in the policy's last days."""
    since = today - timedelta(days=policy.plan.coverage_days)
    running = [o for o in found if o.running]
    without = tuple(o.number for o in running if o.last_purposeful_on is None or o.last_purposeful_on < since)
    return Coverage(len(running), len(running) - len(without), without, since)


# ---- When the plan is due ----------------------------------------------------------------------------------------------


class Clock(msgspec.Struct, frozen=True):
    """The days of the plan of the present supervision. `due_on` is None while no appointment has been kept; `completed` is the
    entry that says so, 0 for none; no review is due after the one at the end of supervision."""

    first_kept_on: date | None
    due_on: date | None
    completed: int
    completed_on: date | None
    review_due_on: date | None


def clock(story: Story, policy: Policy) -> Clock:
    """The plan's clock runs from the first appointment kept since supervision last began."""
    began = story.supervised[-1].since if story.supervised else date.min
    kept = next((c.day for c in story.contacts if c.planned and c.attended and c.day >= began), None)
    due = add_working_days(kept, policy.plan.due_working_days, policy.bank_holidays) if kept else None
    completed = [s for s in story.of(PlanCompleted) if local_day(s.reads.occurred_at) >= began]
    if not completed:
        return Clock(kept, due, 0, None, None)
    last = completed[-1]
    on = local_day(last.reads.occurred_at)
    later = [r for r in reviews(story) if r.reviewed_on >= on]
    return Clock(kept, due, last.number, on, later[-1].due_on if later else last.reads.review_due_on)


def reviews(story: Story) -> list[Review]:
    """The reviews that stand, in the order in which they took place."""
    found = [
        Review(
            s.number,
            s.reads.kind.value,
            local_day(s.reads.occurred_at),
            s.reads.with_person,
            s.reads.review_due_on,
            s.reads.review,
            s.reads.by,
        )
        for s in story.of(PlanReviewed)
        if not s.withdrawn_by
    ]
    return sorted(found, key=lambda review: (review.reviewed_on, review.number))


# ---- What was planned and what happened --------------------------------------------------------------------------------


def patterns(story: Story) -> list[Pattern]:
    """The patterns of contact in the order in which they hold; one that another replaced on its first day is left out."""
    of = {s.reads.from_on: s for s in story.of(PatternSet)}
    return [
        Pattern(s.number, s.reads.every_days, s.reads.mode, s.reads.from_on, s.reads.why, s.reads.by)
        for s in sorted(of.values(), key=lambda s: (s.reads.from_on, s.number))
    ]


def periods(story: Story, today: date) -> list[Period]:
    """The turns of the pattern that holds, up to the one that today is in, and what happened in each."""
    holding = [p for p in patterns(story) if p.from_on <= today]
    if not holding:
        return []
    pattern, found = holding[-1], []
    since = pattern.from_on
    end = story.supervised[-1].until if story.supervised else None
    while since <= min(today, end or today):
        until = since + timedelta(days=pattern.every_days)
        found.append(_period(story, pattern.mode, since, until))
        since = until
    return found


def _period(story: Story, mode: Mode, since: date, until: date) -> Period:
    within = [c for c in story.contacts if since <= c.day < until and _with_person(c)]
    met = [c for c in within if c.attended]
    if any(c.mode is mode for c in met):
        kept = Kept.AS_PLANNED
    elif met:
        kept = Kept.OTHERWISE
    elif not days(story.exposed, since, until):
        kept = Kept.AWAY
    else:
        kept = Kept.OFFERED if within else Kept.NOTHING
    return Period(since, until, kept, tuple(c.number for c in within))


def _with_person(contact: Contact) -> bool:
    return contact.with_whom is WithWhom.PERSON and contact.direction is Direction.TWO_WAY
