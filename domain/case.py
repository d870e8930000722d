"""A case: one person on probation under supervision, found by CRN; here is what the rules remember of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from domain.access import Limit
from domain.event import Event, Personal, Recorded, Refused, stream_id
from domain.remembered import (
    Allocation,
    Appointment,
    Check,
    Cover,
    FurtherOffence,
    Interruption,
    Place,
    Plan,
    Registration,
    Requirement,
    RiskReview,
    Signable,
    Snooze,
    Stage,
    Transfer,
    UnpaidWork,
)
from domain.words import said
from domain.working_days import local_day

E = TypeVar("E", bound=Event)


class Sex(StrEnum):
    MALE = said("male")
    FEMALE = said("female")
    NOT_KNOWN = said("not known")


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
    snoozes: dict[str, Snooze] = field(default_factory=dict)
    """What was put off last, by item; it may have come back."""
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
    correctors: dict[int, set[str]] = field(default_factory=dict)
    """Who said how an entry should read since it was made."""
    enforcement: dict[int, Event] = field(default_factory=dict)
    """What was decided about failures, breach and recall, in the order of recording: the next step rests on all of it."""
    signable: dict[int, Signable] = field(default_factory=dict)
    """The entries that a manager's signature can be asked for."""
    returned: dict[int, int] = field(default_factory=dict)
    """What a manager gave back and nobody has dealt with yet, by the entry that gave it back."""
    imported: set[tuple[str, int]] = field(default_factory=set)

    def evolve(self, recorded: Recorded) -> None:
        """Remember an event. Never refuses: old history must always load."""
        event = recorded.event
        if event.imported is not None:
            self.imported.add((event.imported.source, event.imported.row))
        for remember in _remember.get(type(event), ()):
            remember(self, recorded.originator_version, event)
        self.version = recorded.originator_version

    @property
    def is_open(self) -> bool:
        """Whether any sentence still runs; a case with none yet is open too."""
        return not self.sentences or any(ended is None for ended in self.sentences.values())

    def covered_at(self, now: datetime) -> Cover | None:
        """The cover that has not run out: it lasts to the end of its last day."""
        return self.cover if self.cover is not None and local_day(now) <= self.cover.until else None


_remember: dict[type[Event], tuple[Callable[[Case, int, Any], None], ...]] = {}


def remembers(kind: type[E]) -> Callable[[Callable[[Case, int, E], None]], Callable[[Case, int, E], None]]:
    """Registers what a case remembers of one kind of event, given the case, the entry's number and the event."""

    def register(remember: Callable[[Case, int, E], None]) -> Callable[[Case, int, E], None]:
        _remember[kind] = (*_remember.get(kind, ()), remember)
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
        raise Refused(said("There is no such case."))


def must_be_open(case: Case) -> None:
    must_exist(case)
    if not case.is_open:
        raise Refused(said("Every sentence in this case has ended, so nothing more can be recorded as happening in it."))


def must_have_been_open(case: Case, occurred_at: datetime) -> None:
    """What happened before the last sentence ended may still be recorded after it; nothing later may."""
    must_exist(case)
    if not case.is_open and local_day(occurred_at) >= max(ended for ended in case.sentences.values() if ended is not None):
        must_be_open(case)


def must_have_happened(occurred_at: datetime, now: datetime, field: str = "occurred_at") -> None:
    """`occurred_at` is never in the future; only what is arranged may be."""
    if occurred_at > now:
        raise Refused(said("The date and time must be in the past."), field)


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
        raise Refused(said("There is already a case for {crn}.", crn=crn), "crn")
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
