"""A case's history as people read it: one entry a line, corrections beside what they correct, lateness in plain sight."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from domain.allocation import CaseAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.case import CaseOpened
from domain.contact import KINDS, ContactRecorded
from domain.entry import EntryCorrected, EntryWithdrawn
from domain.event import Event, Recorded
from domain.outcome import OUTCOMES
from domain.plan import ObjectiveSet
from domain.policy import Policy
from domain.risk import RoshAssessed
from domain.sentence import RequirementImposed, SentenceEnded, SentenceStarted
from domain.transfer import HandoverHeld, TransferAccepted, TransferRejected, TransferRequested, TransferWithdrawn
from domain.unpaid_work import UpwAttendanceRecorded, UpwInstructed
from domain.working_days import LONDON, latest_in_time, local_day
from projections.story import Story


class Entry(msgspec.Struct, frozen=True):
    """One entry of the history. `title` and `facts` name no person on probation; `text` is what was written."""

    number: int
    category: str
    title: str
    facts: tuple[str, ...]
    text: str
    by: str
    worker: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    late: bool
    delay_days: int
    imported_from: str
    sensitive: bool
    attended: bool | None
    complied: bool | None
    corrects: int = 0
    corrected_by: int = 0
    withdrawn_by: int = 0
    refers_to: int = 0
    correctable: bool = False


CATEGORIES = {
    "appointments": "Appointments and outcomes",
    "contacts": "Other contacts",
    "responsibility": "Officer and transfers",
    "sentence": "Sentence and plan",
    "risk": "Risk",
    "unpaid-work": "Unpaid work",
    "corrections": "Corrections",
}

PRESETS = {
    "all": "Everything",
    "non-compliance": "Not complied in 12 months",
    "late": "Recorded late",
    "corrections": "Corrected or withdrawn",
}

Told = tuple[str, str, tuple[str, ...], str]
"""Category, title, facts, text."""

F = TypeVar("F", bound=Callable[..., Told])
_tell: dict[type[Event], Callable[..., Told]] = {}


def _tells(kind: type[Event]) -> Callable[[F], F]:
    """Registers how one kind of event is told, given the event and the names of people and teams."""

    def register(tell: F) -> F:
        _tell[kind] = tell
        return tell

    return register


Names = Callable[[str], str]
"""The name of a practitioner or a team by its code."""


def moment(at: datetime) -> str:
    """22 November 2026 at 3:05pm, in England and Wales."""
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{local.day} {local:%B %Y} at {hour}{minute}{'am' if local.hour < 12 else 'pm'}"


def _many(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def _minutes(minutes: int | None) -> tuple[str, ...]:
    return (_many(minutes, "minute"),) if minutes else ()


def _purposes(event: ContactRecorded | OutcomeRecorded) -> tuple[str, ...]:
    return (", ".join(p.value for p in event.work.purposes).capitalize(),) if event.work.purposes else ()


@_tells(CaseOpened)
def _opened(event: CaseOpened, names: Names) -> Told:
    return "sentence", "Case opened", (f"Case reference {event.crn}",), ""


@_tells(SentenceStarted)
def _sentence(event: SentenceStarted, names: Names) -> Told:
    facts = (f"Expected to end {event.expected_end_on:%-d %B %Y}", *((event.court,) if event.court else ()))
    return "sentence", f"Sentence started: {event.kind}", facts, ""


@_tells(RequirementImposed)
def _requirement(event: RequirementImposed, names: Names) -> Told:
    unit = {"unpaid work": "hour", "rehabilitation activity": "day"}.get(event.kind.value, "month")
    return "sentence", f"Requirement: {event.kind}", (_many(event.amount, unit),) if event.amount else (), ""


@_tells(SentenceEnded)
def _sentence_ended(event: SentenceEnded, names: Names) -> Told:
    return "sentence", "Sentence ended", (event.how.capitalize(),), ""


@_tells(ObjectiveSet)
def _objective(event: ObjectiveSet, names: Names) -> Told:
    return "sentence", f"Objective set: {event.topic}", (), event.aim


@_tells(CaseAllocated)
def _allocated(event: CaseAllocated, names: Names) -> Told:
    to = names(event.practitioner) if event.practitioner else "nobody"
    return "responsibility", f"Case allocated to {to}", (names(event.team), event.reason.capitalize()), ""


@_tells(TransferRequested)
def _requested(event: TransferRequested, names: Names) -> Told:
    return "responsibility", f"Transfer requested to {names(event.to_team)}", (event.reason.capitalize(),), event.note


@_tells(TransferAccepted)
def _accepted(event: TransferAccepted, names: Names) -> Told:
    facts = (names(event.team), event.reason.capitalize())
    return "responsibility", f"Transfer accepted: now with {names(event.practitioner)}", facts, ""


@_tells(TransferRejected)
def _rejected(event: TransferRejected, names: Names) -> Told:
    return "responsibility", "Transfer rejected", (), event.reason


@_tells(TransferWithdrawn)
def _withdrawn_transfer(event: TransferWithdrawn, names: Names) -> Told:
    return "responsibility", "Transfer request withdrawn", (), event.reason


@_tells(HandoverHeld)
def _handover(event: HandoverHeld, names: Names) -> Told:
    how = "with the person and both officers" if event.three_way else "between officers"
    facts = (f"{names(event.from_practitioner)} to {names(event.to_practitioner)}",)
    return "responsibility", f"Handover meeting {how}", facts, event.note


@_tells(AppointmentArranged)
def _arranged(event: AppointmentArranged, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    facts = (f"For {moment(event.starts_at)}", f"With {names(event.practitioner)}", *((event.place,) if event.place else ()))
    return "appointments", f"Appointment arranged: {kind.lower()}", facts, ""


@_tells(AppointmentRearranged)
def _rearranged(event: AppointmentRearranged, names: Names) -> Told:
    facts = (f"Now {moment(event.starts_at)}", f"Asked for by {event.asked_by}")
    return "appointments", "Appointment rearranged", facts, event.reason


@_tells(AppointmentCancelled)
def _cancelled(event: AppointmentCancelled, names: Names) -> Told:
    return "appointments", "Appointment cancelled", (f"Asked for by {event.asked_by}",), event.reason


@_tells(OutcomeRecorded)
def _outcome(event: OutcomeRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    return "appointments", outcome, (*_minutes(event.minutes), *_purposes(event)), event.note


@_tells(ContactRecorded)
def _contact(event: ContactRecorded, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    mode = () if event.kind in KINDS and KINDS[event.kind].mode is event.mode else (event.mode.capitalize(),)
    return "contacts", kind, (*mode, *_minutes(event.minutes), *_purposes(event)), event.note


@_tells(RoshAssessed)
def _rosh(event: RoshAssessed, names: Names) -> Told:
    return "risk", f"Risk of serious harm: {event.level}", (f"Review due {event.review_due_on:%-d %B %Y}",), event.rationale


@_tells(UpwInstructed)
def _instructed(event: UpwInstructed, names: Names) -> Told:
    facts = (event.project, f"For {moment(event.work_at)}", event.method.capitalize())
    return "unpaid-work", f"Unpaid work instruction ({event.kind})", facts, event.reason


@_tells(UpwAttendanceRecorded)
def _worked(event: UpwAttendanceRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    facts = (event.project, f"{event.minutes_credited} of {event.minutes_offered} minutes credited")
    return "unpaid-work", f"Unpaid work: {outcome[0].lower()}{outcome[1:]}", facts, event.note


@_tells(EntryCorrected)
def _corrected(event: EntryCorrected, names: Names) -> Told:
    _, title, facts, text = told(event.reads, names)
    return "corrections", f"Correction of entry {event.entry}: {title[0].lower()}{title[1:]}", facts, text


@_tells(EntryWithdrawn)
def _entry_withdrawn(event: EntryWithdrawn, names: Names) -> Told:
    return "corrections", f"Entry {event.entry} withdrawn", (), ""


def told(event: Event, names: Names) -> Told:
    """One event in the service's words."""
    return _tell[type(event)](event, names)


def entries(story: Story, policy: Policy, names: Names) -> Sequence[Entry]:
    """Every entry in the order of recording. An entry reads as it was made; corrections stand as entries of their own and
    each says what it corrects, so nothing on the page is ever overwritten."""
    return [_entry(standing.recorded, standing.corrected_by, standing.withdrawn_by, policy, names) for standing in story.standing]


def _entry(recorded: Recorded, corrected_by: int, withdrawn_by: int, policy: Policy, names: Names) -> Entry:
    event = recorded.event
    category, title, facts, text = told(event, names)
    happened, learnt = local_day(event.occurred_at), local_day(recorded.recorded_at)
    late = learnt > latest_in_time(happened, policy.late_after_working_days, policy.bank_holidays)
    reads = event.reads if isinstance(event, EntryCorrected) else event
    outcome = OUTCOMES.get(reads.outcome) if isinstance(reads, OutcomeRecorded | UpwAttendanceRecorded) else None
    corrects = event.entry if isinstance(event, EntryCorrected | EntryWithdrawn) else 0
    reason = (f"Reason: {event.reason}",) if isinstance(event, EntryCorrected | EntryWithdrawn) and event.reason else ()
    return Entry(
        recorded.originator_version,
        category,
        title,
        (*facts, *reason),
        text,
        event.by,
        getattr(reads, "practitioner", "") or getattr(reads, "supervisor", ""),
        event.occurred_at,
        recorded.recorded_at,
        recorded.position,
        late,
        (learnt - happened).days,
        event.imported.source if event.imported else "",
        bool(getattr(reads, "sensitive", False)),
        outcome.attended if outcome else None,
        outcome.acceptable if outcome else None,
        corrects=corrects,
        corrected_by=corrected_by,
        withdrawn_by=withdrawn_by,
        refers_to=getattr(event, "appointment", 0),
        correctable=isinstance(event, ContactRecorded | OutcomeRecorded | RoshAssessed | UpwAttendanceRecorded) and not withdrawn_by,
    )


class Aims(msgspec.Struct, frozen=True):
    """What a contact can be tied to, by entry number, in words: objectives of the plan and requirements that still run."""

    objectives: dict[int, str]
    requirements: dict[int, str]


def aims(story: Story) -> Aims:
    ended = {recorded.event.sentence for recorded in story.history if isinstance(recorded.event, SentenceEnded)}
    found = Aims({}, {})
    for recorded in story.history:
        event, number = recorded.event, recorded.originator_version
        if isinstance(event, ObjectiveSet):
            found.objectives[number] = event.topic
        elif isinstance(event, RequirementImposed) and event.sentence not in ended:
            _, _, facts, _ = told(event, str)
            found.requirements[number] = ", ".join((event.kind.capitalize(), *facts))
    return found
