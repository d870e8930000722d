"""Oversight: what a manager decides and advises in a case, countersigns or sends back, and how good they find an entry.

Nobody oversees what they wrote themselves. An entry that was sent back, or is to be improved, is with the officer until it is corrected
or answered; one that was sent back then waits for its countersignature again.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from domain.breach import BreachReferred
from domain.case import Case, must_exist, remembers
from domain.contact import must_fit
from domain.entry import EntryCorrected, EntryWithdrawn
from domain.event import Event, Personal, Refused
from domain.evidence import EvidenceDecided
from domain.plan import PlanCompleted, PlanReviewed
from domain.recall import RecallRequested
from domain.remembered import Signable
from domain.risk import RoshAssessed
from domain.sentence import SentenceEnd, SentenceEnded
from domain.words import said


class Subject(StrEnum):
    """What a manager's signature can be asked for."""

    ASSESSMENT = said("RoSH assessment")
    PLAN = said("sentence plan")
    BREACH = said("breach")
    RECALL = said("recall request")
    NOT_ENFORCED = said("decision not to enforce")
    EARLY_END = said("early end")


class OversightKind(StrEnum):
    DECISION = said("decision")
    ADVICE = said("advice")


class Quality(StrEnum):
    GOOD = said("good enough")
    IMPROVE = said("to improve")


class Improve(StrEnum):
    """What an entry wants; the list is this service's own [D]."""

    PURPOSE = said("say what the contact was for")
    PERSON = said("say what the person said")
    WORK = said("say what was worked on")
    RISK = said("say what it means for the risk")
    NEXT = said("say what happens next")
    WORDING = said("write it so that the person could read it")


class OversightNoted(Event, frozen=True, tag="oversight-noted"):
    """A manager looked at the case, and decides or advises."""

    kind: OversightKind
    note: Personal = ""


class EntryCountersigned(Event, frozen=True, tag="entry-countersigned"):
    """A manager stands by entry `entry` as it read then."""

    entry: int
    note: Personal = ""


class EntrySentBack(Event, frozen=True, tag="entry-sent-back"):
    """A manager does not sign entry `entry` as it reads."""

    entry: int
    reason: Personal = ""


class QualityChecked(Event, frozen=True, tag="quality-checked"):
    """How good a manager found entry `entry` as it read then; its officer sees it."""

    entry: int
    quality: Quality
    improve: tuple[Improve, ...] = ()
    note: Personal = ""


class ReturnAnswered(Event, frozen=True, tag="return-answered"):
    """The officer has dealt with what came back in entry `returned`."""

    returned: int
    note: Personal = ""


SIGNABLE = (RoshAssessed, PlanCompleted, PlanReviewed, BreachReferred, RecallRequested, EvidenceDecided, SentenceEnded)
"""The kinds of entry that a signature can be asked for; of the last two only some."""


def subject_of(event: Event) -> Subject | None:
    """What of an entry a signature can be asked for; None where nothing can."""
    match event:
        case RoshAssessed():
            return Subject.ASSESSMENT
        case PlanCompleted() | PlanReviewed():
            return Subject.PLAN
        case BreachReferred():
            return Subject.BREACH
        case RecallRequested():
            return Subject.RECALL
        case EvidenceDecided(accepted=True):
            return Subject.NOT_ENFORCED
        case SentenceEnded(how=SentenceEnd.EARLY):
            return Subject.EARLY_END
    return None


def _may_want_a_signature(case: Case, number: int, event: Event) -> None:
    subject = subject_of(event)
    if subject is not None:
        case.signable[number] = Signable(subject, event.by)


for _kind in SIGNABLE:
    remembers(_kind)(_may_want_a_signature)


@remembers(EntryCountersigned)
def _countersigned(case: Case, number: int, event: EntryCountersigned) -> None:
    if event.entry in case.signable:
        case.signable[event.entry].signed = True


@remembers(EntrySentBack)
def _sent_back(case: Case, number: int, event: EntrySentBack) -> None:
    case.returned[number] = event.entry


@remembers(QualityChecked)
def _checked(case: Case, number: int, event: QualityChecked) -> None:
    if event.quality is Quality.IMPROVE:
        case.returned[number] = event.entry


@remembers(ReturnAnswered)
def _answered(case: Case, number: int, event: ReturnAnswered) -> None:
    case.returned.pop(event.returned, None)


@remembers(EntryCorrected)
def _corrected(case: Case, number: int, event: EntryCorrected) -> None:
    _no_longer_with_the_officer(case, event.entry)
    if event.entry in case.signable:
        # What was signed is not what it reads now.
        case.signable[event.entry].signed = False


@remembers(EntryWithdrawn)
def _withdrawn(case: Case, number: int, event: EntryWithdrawn) -> None:
    _no_longer_with_the_officer(case, event.entry)
    case.signable.pop(event.entry, None)


def _no_longer_with_the_officer(case: Case, entry: int) -> None:
    for number in [number for number, returned in case.returned.items() if returned == entry]:
        del case.returned[number]


def note_oversight(case: Case, *, now: datetime, by: str, kind: OversightKind, note: str) -> list[Event]:
    """Record what a manager decides or advises in a case."""
    must_exist(case)
    if not note.strip():
        raise Refused(said("Enter the decision or the advice."), "note")
    must_fit(note)
    return [OversightNoted(occurred_at=now, by=by, kind=kind, note=note)]


def has_written(case: Case, entry: int, by: str) -> bool:
    """Whether somebody made an entry that can be signed or corrected, or has said since how it should read."""
    made = case.signable.get(entry) or case.entries[entry]
    return by == made.by or by in case.correctors.get(entry, ())


def _to_sign(case: Case, entry: int, by: str) -> Signable:
    must_exist(case)
    found = case.signable.get(entry)
    if found is None:
        raise Refused(said("There is nothing in this entry to countersign, or it was withdrawn."), "entry")
    if has_written(case, entry, by):
        raise Refused(said("Nobody countersigns what they wrote themselves."), "entry")
    if found.signed:
        raise Refused(said("This entry is countersigned already."), "entry")
    _not_with_its_officer(case, entry)
    return found


def _not_with_its_officer(case: Case, entry: int) -> None:
    if entry in case.returned.values():
        raise Refused(said("This entry is with its officer already."), "entry")


def countersign(case: Case, *, now: datetime, by: str, entry: int, note: str = "") -> list[Event]:
    """Stand by an entry of somebody else's as it reads."""
    _to_sign(case, entry, by)
    must_fit(note)
    return [EntryCountersigned(occurred_at=now, by=by, entry=entry, note=note)]


def send_back(case: Case, *, now: datetime, by: str, entry: int, reason: str) -> list[Event]:
    """Have the officer look again at an entry that waits for a countersignature, and say why."""
    _to_sign(case, entry, by)
    if not reason.strip():
        raise Refused(said("Enter what is missing."), "reason")
    must_fit(reason, "reason")
    return [EntrySentBack(occurred_at=now, by=by, entry=entry, reason=reason)]


def check_quality(
    case: Case, *, now: datetime, by: str, entry: int, quality: Quality, improve: Sequence[Improve] = (), note: str = ""
) -> list[Event]:
    """Say how good an entry of somebody else's is, and what it wants."""
    must_exist(case)
    found = case.entries.get(entry)
    if found is None:
        raise Refused(said("There is no such entry to check, or it was withdrawn."), "entry")
    if has_written(case, entry, by) or by == getattr(found, "practitioner", ""):
        raise Refused(said("Nobody checks what they wrote or did themselves."), "entry")
    _not_with_its_officer(case, entry)
    if quality is Quality.IMPROVE and not improve and not note.strip():
        raise Refused(said("Select or write what the entry wants."), "improve")
    must_fit(note)
    wants = tuple(improve) if quality is Quality.IMPROVE else ()
    return [QualityChecked(occurred_at=now, by=by, entry=entry, quality=quality, improve=wants, note=note)]


def answer_return(case: Case, *, now: datetime, by: str, returned: int, note: str = "") -> list[Event]:
    """Say that what came back has been dealt with."""
    must_exist(case)
    if returned not in case.returned:
        raise Refused(said("This has been dealt with already."), "returned")
    must_fit(note)
    return [ReturnAnswered(occurred_at=now, by=by, returned=returned, note=note)]
