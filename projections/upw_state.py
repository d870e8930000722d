"""Unpaid work as it stands: for each requirement what was ordered, instructed, offered, credited and lost, and what is due."""

from datetime import date, datetime
from functools import cached_property

import msgspec

from domain.event import Event
from domain.outcome import OUTCOMES
from domain.policy import Policy
from domain.requirement import RequirementAmended, RequirementEnded, RequirementImposed, RequirementKind
from domain.sentence import SentenceEnded
from domain.unpaid_work import UpwAssessed, UpwExtended, UpwInducted, UpwReview, UpwReviewed, ete_minutes_most, twelve_month_day
from domain.upw_completion import UpwCompleted
from domain.upw_instruction import InstructionAcknowledged, UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from domain.upw_suspension import UpwResumed, UpwSuspended
from domain.words import said
from domain.working_days import add_months, local_day
from projections.lasting import Done
from projections.story import Story


class Instructed(msgspec.Struct, gc=False):
    """An instruction as it stands: acknowledged, and superseded by a later one, or neither (0)."""

    number: int
    told: UpwInstructed
    recorded_at: datetime
    superseded_by: int = 0
    acknowledged_by: int = 0


class Session(msgspec.Struct, frozen=True, gc=False):
    """A session as it stands. `instructed` is false when nobody had told the person to come."""

    number: int
    reads: UpwAttendanceRecorded
    instructed: bool

    @property
    def attended(self) -> bool:
        outcome = OUTCOMES.get(self.reads.outcome)
        return bool(outcome and outcome.attended)

    @property
    def lost_by(self) -> str:
        """Whose doing it was that nothing was delivered: "provider", "person" or "" for neither."""
        outcome = OUTCOMES.get(self.reads.outcome)
        return outcome.lost_by if outcome else ""


class UpwState:
    """One requirement to do unpaid work, gathered from a history. Days are facts; what is late depends on the day looked at."""

    def __init__(self, number: int, imposed: RequirementImposed) -> None:
        self.number = number
        self.sentence = imposed.sentence
        self.ordered_at = imposed.occurred_at
        self.hours = imposed.amount
        self.assessed: Done | None = None
        self.inducted: Done | None = None
        self.instructions: dict[int, Instructed] = {}
        self.sessions: list[Session] = []
        self.suspended: tuple[Done, UpwSuspended] | None = None
        self.suspensions: list[tuple[date, date | None]] = []
        self.suspension_reviewed_on: date | None = None
        self.reviewed: dict[UpwReview, Done] = {}
        self.extended: tuple[Done, UpwExtended] | None = None
        self.ended: Done | None = None
        self.how = ""

    @property
    def ordered_on(self) -> date:
        return local_day(self.ordered_at)

    @property
    def ordered_minutes(self) -> int:
        return self.hours * 60

    @cached_property
    def offered(self) -> int:
        return len(self.sessions)

    @cached_property
    def credited(self) -> int:
        return sum(s.reads.minutes_credited for s in self.sessions)

    @cached_property
    def ete_credited(self) -> int:
        return sum(s.reads.minutes_credited for s in self.sessions if s.reads.ete)

    @property
    def ete_most(self) -> int:
        return ete_minutes_most(self.ordered_minutes, self.ordered_at)

    @property
    def remaining(self) -> int:
        return max(self.ordered_minutes - self.credited, 0)

    @property
    def attended(self) -> int:
        return sum(s.attended for s in self.sessions)

    def lost(self, by: str) -> int:
        return sum(s.lost_by == by for s in self.sessions)

    @property
    def worked_on(self) -> list[date]:
        """The days on which something was credited, in order."""
        return sorted({local_day(s.reads.occurred_at) for s in self.sessions if s.reads.minutes_credited})

    @property
    def first_instructed_on(self) -> date | None:
        return min((local_day(i.told.occurred_at) for i in self.instructions.values()), default=None)

    @property
    def standing(self) -> Instructed | None:
        """The latest instruction that no other has taken the place of."""
        return max((i for i in self.instructions.values() if not i.superseded_by), key=lambda i: i.number, default=None)

    @property
    def twelve_months_on(self) -> date:
        return twelve_month_day(self.ordered_at)

    @property
    def until(self) -> date:
        """The day by which the hours are to be worked: twelve months, or what the court gave last."""
        return self.extended[1].until if self.extended else self.twelve_months_on

    def review_due_on(self, kind: UpwReview, policy: Policy) -> date | None:
        """When a review is due; None for one that is not. A suspension's follows it, or its last review, by a month."""
        six, nine = policy.unpaid_work.review_months
        if kind is UpwReview.SUSPENSION:
            if self.suspended is None:
                return None
            since = max(self.suspended[0].on, self.suspension_reviewed_on or self.suspended[0].on)
            return add_months(since, policy.unpaid_work.suspension_review_months)
        months = {UpwReview.SIX_MONTHS: six, UpwReview.NINE_MONTHS: nine}.get(kind)
        return add_months(self.ordered_on, months) if months else None


KINDS: tuple[type[Event], ...] = (
    RequirementImposed,
    RequirementAmended,
    RequirementEnded,
    SentenceEnded,
    UpwAssessed,
    UpwInducted,
    UpwInstructed,
    InstructionAcknowledged,
    UpwAttendanceRecorded,
    UpwSuspended,
    UpwResumed,
    UpwReviewed,
    UpwExtended,
    UpwCompleted,
)
"""What the state of unpaid work follows from."""


def works(story: Story) -> list[UpwState]:
    """Every unpaid work requirement of a case, in the order in which they were imposed."""
    return story.once(_gathered)


def _gathered(story: Story) -> list[UpwState]:
    if not any(s.reads.kind is RequirementKind.UNPAID_WORK for s in story.of(RequirementImposed)):
        return []
    found: dict[int, UpwState] = {}
    stands = [s for kind in KINDS for s in story.of(kind) if not s.withdrawn_by]
    for standing in sorted(stands, key=lambda s: s.number):
        _gather(found, standing.number, standing.reads, standing.recorded.recorded_at)
    for state in found.values():
        state.sessions.sort(key=lambda s: (s.reads.occurred_at, s.number))
    return list(found.values())


def _gather(found: dict[int, UpwState], number: int, event: object, recorded_at: datetime) -> None:
    match event:
        case RequirementImposed(kind=RequirementKind.UNPAID_WORK):
            found[number] = UpwState(number, event)
        case SentenceEnded(sentence=sentence):
            for state in found.values():
                if state.sentence == sentence and state.ended is None:
                    state.ended, state.how = Done(local_day(event.occurred_at), number), said("sentence ended: {how}", how=event.how)
        case InstructionAcknowledged(instruction=instruction):
            for state in found.values():
                if instruction in state.instructions:
                    state.instructions[instruction].acknowledged_by = number
        case UpwInstructed(requirement=requirement) if requirement in found:
            _instruct(found[requirement], number, event, recorded_at)
        case UpwAttendanceRecorded(requirement=requirement) if requirement in found:
            told = [i.told.occurred_at for i in found[requirement].instructions.values()]
            found[requirement].sessions.append(Session(number, event, any(at <= event.occurred_at for at in told)))
        case _:
            _gather_life(found, number, event)


def _instruct(state: UpwState, number: int, event: UpwInstructed, recorded_at: datetime) -> None:
    state.instructions[number] = Instructed(number, event, recorded_at)
    if earlier := state.instructions.get(event.supersedes):
        earlier.superseded_by = number


def _gather_life(found: dict[int, UpwState], number: int, event: object) -> None:
    """What happens to the requirement itself."""
    state = found.get(getattr(event, "requirement", 0))
    if state is None:
        return
    match event:
        case UpwAssessed():
            state.assessed = state.assessed or Done(local_day(event.occurred_at), number)
        case UpwInducted():
            state.inducted = state.inducted or Done(local_day(event.occurred_at), number)
        case UpwSuspended():
            state.suspended, state.suspension_reviewed_on = (Done(local_day(event.occurred_at), number), event), None
            state.suspensions.append((local_day(event.occurred_at), None))
        case UpwResumed() if state.suspended:
            state.suspended = None
            state.suspensions[-1] = state.suspensions[-1][0], local_day(event.occurred_at)
        case UpwReviewed(kind=kind):
            state.reviewed[kind] = Done(local_day(event.occurred_at), number)
            if kind is UpwReview.SUSPENSION:
                state.suspension_reviewed_on = local_day(event.occurred_at)
        case UpwExtended():
            state.extended = Done(local_day(event.occurred_at), number), event
        case _:
            _gather_ends(state, number, event)


def _gather_ends(state: UpwState, number: int, event: object) -> None:
    match event:
        case RequirementAmended(amount=hours):
            state.hours = hours
        case UpwCompleted(how=how) | RequirementEnded(how=how) if state.ended is None:
            state.ended, state.how = Done(local_day(event.occurred_at), number), how.value
