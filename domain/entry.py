"""Corrections and withdrawals: nothing is changed or deleted, a later entry says how an earlier one now reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

import msgspec

from domain.appointment import OutcomeRecorded
from domain.case import Case, must_exist, must_have_happened, remembers
from domain.contact import KINDS, ContactRecorded, must_be_a_length, must_be_links_of, must_fit, must_say_why
from domain.enforcement import EnforcementActionTaken, must_be_an_action
from domain.event import Event, Personal, Recorded, Refused
from domain.outcome import OUTCOMES
from domain.plan import PlanReviewed, must_be_a_review
from domain.requirement import RarDayCredited, must_be_a_rar_day
from domain.risk import RoshAssessed, SignificantEventNoted, must_give_reasons, must_say_what_happened
from domain.upw_completion import UpwCompleted, must_be_worked_off, reopen
from domain.upw_session import UpwAttendanceRecorded
from domain.upw_session import must_be_right as must_be_a_right_session
from domain.words import said

Correctable: TypeAlias = (
    ContactRecorded
    | OutcomeRecorded
    | RoshAssessed
    | SignificantEventNoted
    | UpwAttendanceRecorded
    | EnforcementActionTaken
    | UpwCompleted
    | RarDayCredited
    | PlanReviewed
)


class EntryCorrected(Event, frozen=True, tag="entry-corrected"):
    """Entry `entry` now reads `reads`; the original stays as it was."""

    entry: int
    reads: Correctable
    reason: Personal = ""


class EntryWithdrawn(Event, frozen=True, tag="entry-withdrawn"):
    entry: int
    reason: Personal = ""


@remembers(EntryCorrected)
def _corrected(case: Case, number: int, event: EntryCorrected) -> None:
    case.entries[event.entry] = event.reads
    case.correctors.setdefault(event.entry, set()).add(event.by)


@remembers(EntryWithdrawn)
def _withdrawn(case: Case, number: int, event: EntryWithdrawn) -> None:
    entry = case.entries.pop(event.entry, None)
    if isinstance(entry, OutcomeRecorded):
        case.appointments[entry.appointment].outcome = None
    elif isinstance(entry, UpwCompleted):
        reopen(case, entry)


def _standing(case: Case, entry: int, reason: str) -> Event:
    must_exist(case)
    found = case.entries.get(entry)
    if found is None:
        raise Refused(said("There is no such entry to correct, or it was withdrawn."), "entry")
    must_say_why(reason)
    return found


def _must_be_right(case: Case, entry: int, reads: Correctable) -> None:
    """What an entry is corrected to keeps to the rules under which one is recorded."""
    match reads:
        case OutcomeRecorded() if reads.outcome not in OUTCOMES:
            raise Refused(said("Select the outcome."), "outcome")
        case ContactRecorded() if reads.kind not in KINDS:
            raise Refused(said("Select the kind of contact."), "kind")
        case UpwAttendanceRecorded() | UpwCompleted():
            _must_be_right_work(case, entry, reads)
        case EnforcementActionTaken():
            must_be_an_action(case, reads.action, reads.failures)
        case RoshAssessed():
            must_give_reasons(reads.rationale)
        case SignificantEventNoted():
            must_say_what_happened(reads.note)
        case RarDayCredited():
            must_be_a_rar_day(case, reads, entry)
        case PlanReviewed():
            must_be_a_review(reads.review)
    if isinstance(reads, OutcomeRecorded | ContactRecorded):
        must_be_a_length(reads.minutes)
        must_fit(reads.note)
        must_be_links_of(case, reads.work)


def _must_be_right_work(case: Case, entry: int, reads: UpwAttendanceRecorded | UpwCompleted) -> None:
    if isinstance(reads, UpwCompleted):
        must_be_worked_off(case, reads.requirement, reads.how)
    else:
        must_be_a_right_session(case, reads, entry)


def correct_entry(case: Case, *, now: datetime, by: str, entry: int, reads: Correctable, reason: str) -> list[Event]:
    """Say how an entry should read, and why. It stays the same kind of entry, about the same appointment."""
    found = _standing(case, entry, reason)
    if type(reads) is not type(found):
        raise Refused(said("A correction keeps the kind of entry. Withdraw it and record another."), "entry")
    must_have_happened(reads.occurred_at, now)
    if isinstance(reads, OutcomeRecorded) and isinstance(found, OutcomeRecorded) and reads.appointment != found.appointment:
        raise Refused(said("A correction stays with its appointment."), "entry")
    _must_be_right(case, entry, reads)
    return [EntryCorrected(occurred_at=now, by=by, entry=entry, reads=reads, reason=reason)]


def withdraw_entry(case: Case, *, now: datetime, by: str, entry: int, reason: str) -> list[Event]:
    """Withdraw an entry that should never have been made, and say why."""
    _standing(case, entry, reason)
    return [EntryWithdrawn(occurred_at=now, by=by, entry=entry, reason=reason)]


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Standing(msgspec.Struct, Generic[E_co], gc=False):
    """An entry of a history as it stands at the end of it: what it reads, and whether it was corrected or withdrawn."""

    recorded: Recorded
    reads: E_co
    corrected_by: int = 0
    withdrawn_by: int = 0

    @property
    def number(self) -> int:
        return self.recorded.originator_version


def as_it_stands(history: Sequence[Recorded]) -> list[Standing[Event]]:
    """Every entry of a case in the order of recording, with later corrections and withdrawals laid over the earlier ones."""
    standing: list[Standing[Event]] = [Standing(recorded, recorded.event) for recorded in history]
    for recorded in history:
        event = recorded.event
        if type(event) is EntryCorrected:
            standing[event.entry - 1].reads = event.reads
            standing[event.entry - 1].corrected_by = recorded.originator_version
        elif type(event) is EntryWithdrawn:
            standing[event.entry - 1].withdrawn_by = recorded.originator_version
    return standing
