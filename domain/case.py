"""A case: one person on probation under supervision, found by CRN; here is what the rules remember of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from domain.access import Limit
from domain.event import Event, Personal, Recorded, Refused, stream_id
from domain.working_days import local_day

E = TypeVar("E", bound=Event)


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"
    NOT_KNOWN = "not known"


class Phase(StrEnum):
    """Where a sentence is being served; one phase at a time."""

    COMMUNITY = "in the community"
    CUSTODY = "in custody"
    LICENCE = "on licence"
    RECALLED = "recalled to custody"
    PSS = "on post-sentence supervision"
    ENDED = "ended"


class CaseOpened(Event, frozen=True, tag="case-opened"):
    """Supervision of a person begins to be recorded. `person_id` names the key that seals all that is written about them."""

    crn: str
    person_id: UUID
    name: Personal = ""
    born: Personal = ""
    sex: Sex = Sex.NOT_KNOWN
    language: str = "English"
    needs: Personal = ""


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

    NONE = "no transfer"
    REQUESTED = "requested"
    QUERIED = "more information asked for"
    ACCEPTED = "accepted, to be completed"


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
class Case:
    """State that a rule asks about, and nothing that only a page shows. Numbers are entry numbers (versions)."""

    id: UUID
    version: int = 0
    crn: str = ""
    person_id: UUID | None = None
    sentences: dict[int, date | None] = field(default_factory=dict)
    """The day each sentence ended, None while it runs."""
    began: dict[int, datetime] = field(default_factory=dict)
    """When each sentence started."""
    stages: dict[int, Stage] = field(default_factory=dict)
    """The phase each sentence is in."""
    interruptions: dict[int, Interruption] = field(default_factory=dict)
    requirements: dict[int, Requirement] = field(default_factory=dict)
    unpaid_work: dict[int, UnpaidWork] = field(default_factory=dict)
    """Those of the requirements that are to do unpaid work."""
    objectives: set[int] = field(default_factory=set)
    plan: Plan = field(default_factory=Plan)
    allocation: Allocation | None = None
    transfer: Transfer | None = None
    cover: Cover | None = None
    """The cover arranged last, until it ends or the officer changes; it may have run out."""
    components: dict[int, Place] = field(default_factory=dict)
    """Requirements that another team delivers than the one that has the case, or that moved on another day."""
    limits: dict[int, Limit] = field(default_factory=dict)
    """Exclusions and restrictions that were not ended; each holds between its own days."""
    appointments: dict[int, Appointment] = field(default_factory=dict)
    registrations: dict[int, Registration] = field(default_factory=dict)
    """The registers that the case is on."""
    risk_review: RiskReview | None = None
    """The last referral of a CRC to the NPS, ended ones too."""
    checks: dict[int, Check] = field(default_factory=dict)
    """Safeguarding checks whose answer is awaited."""
    further_offences: dict[int, FurtherOffence] = field(default_factory=dict)
    entries: dict[int, Event] = field(default_factory=dict)
    """What may still be corrected or withdrawn, as it reads now."""
    enforcement: dict[int, Event] = field(default_factory=dict)
    """What was decided about failures, breach and recall, in the order of recording: the next step rests on all of it."""
    imported: set[tuple[str, int]] = field(default_factory=set)

    def evolve(self, recorded: Recorded) -> None:
        """Remember an event. Never refuses: old history must always load."""
        event = recorded.event
        if event.imported is not None:
            self.imported.add((event.imported.source, event.imported.row))
        remember = _remember.get(type(event))
        if remember is not None:
            remember(self, recorded.originator_version, event)
        self.version = recorded.originator_version

    @property
    def is_open(self) -> bool:
        """Whether any sentence still runs; a case with none yet is open too."""
        return not self.sentences or any(ended is None for ended in self.sentences.values())

    def covered_at(self, now: datetime) -> Cover | None:
        """The cover that has not run out: it lasts to the end of its last day."""
        return self.cover if self.cover is not None and local_day(now) <= self.cover.until else None


_remember: dict[type[Event], Callable[[Case, int, Any], None]] = {}


def remembers(kind: type[E]) -> Callable[[Callable[[Case, int, E], None]], Callable[[Case, int, E], None]]:
    """Registers what a case remembers of one kind of event, given the case, the entry's number and the event."""

    def register(remember: Callable[[Case, int, E], None]) -> Callable[[Case, int, E], None]:
        _remember[kind] = remember
        return remember

    return register


@remembers(CaseOpened)
def _opened(case: Case, number: int, event: CaseOpened) -> None:
    case.crn = event.crn
    case.person_id = event.person_id


def case_id(crn: str) -> UUID:
    return stream_id("case", crn)


def must_exist(case: Case) -> None:
    if case.version == 0:
        raise Refused("There is no such case.")


def must_be_open(case: Case) -> None:
    must_exist(case)
    if not case.is_open:
        raise Refused("Every sentence in this case has ended, so nothing more can be recorded as happening in it.")


def must_have_been_open(case: Case, occurred_at: datetime) -> None:
    """What happened before the last sentence ended may still be recorded after it; nothing later may."""
    must_exist(case)
    if not case.is_open and local_day(occurred_at) >= max(ended for ended in case.sentences.values() if ended is not None):
        must_be_open(case)


def must_have_happened(occurred_at: datetime, now: datetime, field: str = "occurred_at") -> None:
    """`occurred_at` is never in the future; only what is arranged may be."""
    if occurred_at > now:
        raise Refused("The date and time must be in the past.", field)


def open_case(
    case: Case,
    *,
    now: datetime,
    by: str,
    crn: str,
    person_id: UUID,
    name: str,
    born: str = "",
    sex: Sex = Sex.NOT_KNOWN,
    language: str = "English",
    needs: str = "",
    occurred_at: datetime | None = None,
) -> list[Event]:
    """Open a case for a CRN that has none yet."""
    if case.version:
        raise Refused(f"There is already a case for {crn}.", "crn")
    happened = occurred_at or now
    must_have_happened(happened, now)
    return [
        CaseOpened(
            occurred_at=happened,
            by=by,
            crn=crn,
            person_id=person_id,
            name=name,
            born=born,
            sex=sex,
            language=language,
            needs=needs,
        )
    ]
