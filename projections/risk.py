"""The risk in a case at the end of its history: the level through time, registers, referrals, checks and further offences."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from domain.policy import Policy
from domain.register import REGISTERS, Deregistered, MappaCategory, MappaLevel, Registered, RegisterGroup, RegistrationReviewed
from domain.risk import HIGH_LEVELS, Rosh, RoshAssessed, SignificantEvent, SignificantEventNoted, review_due_after
from domain.safeguarding import Agency, CheckResult, SafeguardingCheckRequested, SafeguardingResponseReceived, response_due
from domain.serious_further_offence import (
    BEFORE_NOTIFICATION,
    BEFORE_REVIEW,
    SfoInitiated,
    SfoMoved,
    SfoStage,
    notification_due,
    review_due,
)
from domain.working_days import local_day
from projections.referrals import Review, Step, reviews
from projections.story import Story


class Assessed(msgspec.Struct, frozen=True):
    """One point of the RoSH line."""

    number: int
    on: date
    level: Rosh
    review_due_on: date
    by: str


class Look(msgspec.Struct, frozen=True):
    """A registration was made or looked at on a day, and is looked at again by another."""

    on: date
    number: int
    review_due_on: date


class Registration(msgspec.Struct):
    """The case's place on a register as it stands; `last_number` is the entry that made or last reviewed it, `looks` are all of these."""

    number: int
    register: str
    since: date
    review_due_on: date
    level: MappaLevel | None
    category: MappaCategory | None
    last_number: int
    looked_at: date
    looks: list[Look]
    ended_on: date | None = None
    ended_by: int = 0

    @property
    def name(self) -> str:
        return REGISTERS[self.register].name if self.register in REGISTERS else self.register

    @property
    def words(self) -> str:
        """MAPPA level 2, category 1."""
        return f"{self.name} {self.level}, {self.category}" if self.level and self.category else self.name

    @property
    def alerts(self) -> bool:
        """Whether it stands at the head of the case: what is kept for information only does not."""
        return self.register not in REGISTERS or REGISTERS[self.register].group is not RegisterGroup.INFORMATION


class Noted(msgspec.Struct, frozen=True):
    """A significant event, and the assessment that came at or after it (0: none yet)."""

    number: int
    kind: SignificantEvent
    happened_at: datetime
    note: str
    due_on: date
    assessed_by: int


class Check(msgspec.Struct):
    number: int
    agency: Agency
    requested_on: date
    due_on: date
    note: str
    result: CheckResult | None = None
    answered_on: date | None = None
    answered_by: int = 0
    answer: str = ""


class Offence(msgspec.Struct):
    """A serious further offence with its stages; the two days are None once they are met or do not apply."""

    number: int
    offence_on: date
    charged_on: date
    in_court_on: date | None
    note: str
    stage: SfoStage
    steps: list[Step]
    notify_by: date | None
    submit_by: date | None


class Picture(msgspec.Struct, frozen=True):
    assessments: tuple[Assessed, ...]
    """The RoSH line, the latest last."""
    high_since: date | None
    """The day of the first assessment of the unbroken run of high or very high that the latest ends; None when it is lower."""
    registrations: tuple[Registration, ...]
    events: tuple[Noted, ...]
    reviews: tuple[Review, ...]
    checks: tuple[Check, ...]
    offences: tuple[Offence, ...]

    @property
    def standing(self) -> list[Registration]:
        """The registers that the case is on."""
        return [r for r in self.registrations if r.ended_on is None]


def picture(story: Story, policy: Policy) -> Picture:
    assessments = _assessments(story)
    return Picture(
        assessments,
        _high_since(assessments),
        _registrations(story),
        _events(story, policy),
        reviews(story, policy),
        _checks(story, policy),
        _offences(story, policy),
    )


def _assessments(story: Story) -> tuple[Assessed, ...]:
    standing = sorted((s for s in story.of(RoshAssessed) if not s.withdrawn_by), key=lambda s: (s.reads.occurred_at, s.number))
    return tuple(Assessed(s.number, local_day(s.reads.occurred_at), s.reads.level, s.reads.review_due_on, s.reads.by) for s in standing)


def _high_since(assessments: Sequence[Assessed]) -> date | None:
    since = None
    for assessed in reversed(assessments):
        if assessed.level not in HIGH_LEVELS:
            break
        since = assessed.on
    return since


def _registrations(story: Story) -> tuple[Registration, ...]:
    found: dict[int, Registration] = {}
    for s in story.of(Registered):
        made, on = s.reads, local_day(s.reads.occurred_at)
        looks = [Look(on, s.number, made.review_due_on)]
        found[s.number] = Registration(s.number, made.register, on, made.review_due_on, made.level, made.category, s.number, on, looks)
    for reviewed in story.of(RegistrationReviewed):
        if (of := found.get(reviewed.reads.registration)) is not None:
            of.review_due_on, of.level, of.category = reviewed.reads.review_due_on, reviewed.reads.level, reviewed.reads.category
            of.last_number, of.looked_at = reviewed.number, local_day(reviewed.reads.occurred_at)
            of.looks.append(Look(of.looked_at, reviewed.number, of.review_due_on))
    for ended in story.of(Deregistered):
        if (of := found.get(ended.reads.registration)) is not None:
            of.ended_on, of.ended_by = local_day(ended.reads.occurred_at), ended.number
    return tuple(found.values())


def _events(story: Story, policy: Policy) -> tuple[Noted, ...]:
    assessed = sorted((s.reads.occurred_at, s.number) for s in story.of(RoshAssessed) if not s.withdrawn_by)
    return tuple(
        Noted(s.number, s.reads.kind, at, s.reads.note, review_due_after(policy, at), next((n for then, n in assessed if then >= at), 0))
        for s in story.of(SignificantEventNoted)
        if not s.withdrawn_by
        for at in [s.reads.occurred_at]
    )


def _checks(story: Story, policy: Policy) -> tuple[Check, ...]:
    found: dict[int, Check] = {}
    for s in story.of(SafeguardingCheckRequested):
        asked = s.reads
        on, due = local_day(asked.occurred_at), response_due(policy, asked.occurred_at)
        found[s.number] = Check(s.number, asked.agency, on, due, asked.note)
    for answered in story.of(SafeguardingResponseReceived):
        if (check := found.get(answered.reads.check)) is not None:
            check.result, check.answered_on = answered.reads.result, local_day(answered.reads.occurred_at)
            check.answered_by, check.answer = answered.number, answered.reads.note
    return tuple(found.values())


def _offences(story: Story, policy: Policy) -> tuple[Offence, ...]:
    found: dict[int, Offence] = {}
    for s in story.of(SfoInitiated):
        begun = s.reads
        notify = notification_due(policy, begun.in_court_on) if begun.in_court_on else None
        submit = review_due(policy, local_day(begun.occurred_at))
        stage = SfoStage.INITIATED
        found[s.number] = Offence(s.number, begun.offence_on, begun.charged_on, begun.in_court_on, begun.note, stage, [], notify, submit)
    for moved in story.of(SfoMoved):
        if (offence := found.get(moved.reads.sfo)) is not None:
            offence.stage = moved.reads.stage
            offence.steps.append(Step(moved.number, moved.reads.stage.value, local_day(moved.reads.occurred_at), moved.reads.note))
            offence.notify_by = offence.notify_by if offence.stage in BEFORE_NOTIFICATION else None
            offence.submit_by = offence.submit_by if offence.stage in BEFORE_REVIEW else None
    return tuple(found.values())
