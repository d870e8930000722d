"""What rules remember of the parts of a case: the allocation, an appointment, a transfer, a requirement and the rest, each small."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.words import said


class Phase(StrEnum):
    """Where a sentence is being served; one phase at a time."""

    COMMUNITY = said("in the community")
    CUSTODY = said("in custody")
    LICENCE = said("on licence")
    RECALLED = said("recalled to custody")
    PSS = said("on post-sentence supervision")
    ENDED = said("ended")


@dataclass(slots=True)
class Allocation:
    practitioner: str
    team: str
    provider: str
    since: datetime


@dataclass(slots=True)
class Appointment:
    starts_at: datetime
    practitioner: str
    outcome: int | None = None
    cancelled: bool = False
    group: str = ""
    second_practitioner: str = ""


class TransferState(StrEnum):
    """How far a transfer has come; a case of which none is under way has none."""

    NONE = said("no transfer")
    REQUESTED = said("requested")
    QUERIED = said("more information asked for")
    ACCEPTED = said("accepted, to be completed")


@dataclass(slots=True)
class Transfer:
    """The transfer under way: from the request until the file is handed over, or until it comes to nothing."""

    number: int
    from_team: str
    to_team: str
    to_provider: str
    reason: str
    state: TransferState = TransferState.REQUESTED
    handed_over: bool = False
    """Whether a handover meeting was held since the request."""


@dataclass(slots=True)
class Snooze:
    """An item that was put off until a day; it may have come back by then."""

    number: int
    until: date
    rests_on: date | None


@dataclass(slots=True)
class Cover:
    """Who stands in for the officer, and the last day of it."""

    number: int
    practitioner: str
    since: datetime
    until: date


@dataclass(slots=True)
class Place:
    """Which team delivers a requirement that does not move with the case, and since when."""

    team: str
    provider: str
    since: datetime


@dataclass(slots=True)
class Registration:
    register: str
    looked_at: datetime
    """When it was made or last reviewed."""


@dataclass(slots=True)
class RiskReview:
    number: int
    state: str
    last_at: datetime


@dataclass(slots=True)
class Check:
    agency: str
    requested_at: datetime


@dataclass(slots=True)
class FurtherOffence:
    stage: str
    last_at: datetime


@dataclass(slots=True)
class Stage:
    """The phase that a sentence is in, and since when."""

    phase: Phase
    since: datetime


@dataclass(slots=True)
class Requirement:
    """What a sentence requires. `amount` is as it was last ordered, 0 when it was not stated."""

    sentence: int
    kind: str
    amount: int
    since: datetime
    ended: date | None = None


@dataclass(slots=True)
class Interruption:
    kind: str
    since: datetime
    over: bool = False


@dataclass(slots=True)
class Plan:
    """What rules ask about the plan: which objectives have ended, from when its pattern of contact runs, whether it was completed."""

    ended: set[int] = field(default_factory=set)
    pattern_from: date | None = None
    completed: date | None = None


@dataclass(slots=True)
class Instruction:
    """An instruction to attend unpaid work; a later one may take its place."""

    issued_at: datetime
    acknowledged: bool = False
    superseded: bool = False


@dataclass(slots=True)
class UnpaidWork:
    """A requirement to do unpaid work, and where the work stands."""

    requirement: Requirement
    instructions: dict[int, Instruction] = field(default_factory=dict)
    suspensions: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """From when to when; the last one has no end while the work is suspended."""
    reviews: set[str] = field(default_factory=set)
    extended_until: date | None = None
    completed_at: datetime | None = None

    @property
    def ordered_minutes(self) -> int:
        """What the court ordered last, 0 when it was not stated."""
        return self.requirement.amount * 60

    @property
    def ordered_at(self) -> datetime:
        return self.requirement.since

    @property
    def is_suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1][1] is None


@dataclass(slots=True)
class Signable:
    """An entry that a manager's signature can be asked for: what it is, who wrote it, and whether it was signed as it reads now."""

    subject: str
    by: str
    signed: bool = False
