"""Transfer of a case to another team: asked for, answered, handed over; responsibility moves only on acceptance."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from domain.allocation import AllocationReason
from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.limited_access import must_be_able_to_see
from domain.organisation import ProviderKind
from domain.remembered import Allocation, Transfer, TransferState
from domain.transfer_course import LEADS_TO, OF_THE_ASKING_TEAM, Move, MoveKind, kind_of_move
from domain.words import listed, said


class FileItem(StrEnum):
    """What the file holds when it is handed over.

    PC 52/2004 and PI 17/2010 ask for a national minimum checklist; its text was not found, so the items are this service's own.
    """

    SENTENCE = said("the order or the licence")
    RISK = said("the risk assessment and when it is due again")
    PLAN = said("the sentence plan")
    REGISTERS = said("registers, safeguarding and MAPPA level")
    VICTIM = said("arrangements for victims, or that there are none")
    CONTACTS = said("every contact up to now")
    NEXT = said("the next appointment, with the new officer")


class TransferRequested(Event, frozen=True, tag="transfer-requested"):
    to_team: str
    to_provider: str
    reason: AllocationReason
    note: Personal = ""
    kind: MoveKind = MoveKind.NOT_SAID


class TransferQueried(Event, frozen=True, tag="transfer-queried"):
    """The team that is asked wants to know more before it answers."""

    transfer: int
    question: Personal = ""


class TransferInformed(Event, frozen=True, tag="transfer-informed"):
    """The team that asks says what the other wanted to know."""

    transfer: int
    answer: Personal = ""


class AddressAssessed(Event, frozen=True, tag="address-assessed"):
    """The team that is asked has looked at where the person would live."""

    transfer: int
    suitable: bool
    note: Personal = ""


class TransferAccepted(Event, frozen=True, tag="transfer-accepted"):
    transfer: int
    practitioner: str
    team: str
    provider: str
    reason: AllocationReason


class TransferRejected(Event, frozen=True, tag="transfer-rejected"):
    transfer: int
    reason: Personal = ""


class TransferWithdrawn(Event, frozen=True, tag="transfer-withdrawn"):
    transfer: int
    reason: Personal = ""


class HandoverHeld(Event, frozen=True, tag="handover-held"):
    """A handover meeting; `three_way` when the person met both officers together."""

    from_practitioner: str
    to_practitioner: str
    three_way: bool
    note: Personal = ""


class TransferCompleted(Event, frozen=True, tag="transfer-completed"):
    """Responsibility moved on acceptance; now the handover is done and the file is whole."""

    transfer: int
    file: tuple[FileItem, ...]
    note: Personal = ""


# ---- What a case remembers -------------------------------------------------------------------------------------------


@remembers(TransferRequested)
def _requested(case: Case, number: int, event: TransferRequested) -> None:
    from_team = case.allocation.team if case.allocation is not None else ""
    case.transfer = Transfer(number, from_team, event.to_team, event.to_provider, event.reason)


@remembers(TransferQueried)
def _queried(case: Case, number: int, event: TransferQueried) -> None:
    _now(case, TransferState.QUERIED)


@remembers(TransferInformed)
def _informed(case: Case, number: int, event: TransferInformed) -> None:
    _now(case, TransferState.REQUESTED)


@remembers(TransferAccepted)
def _accepted(case: Case, number: int, event: TransferAccepted) -> None:
    case.allocation = Allocation(event.practitioner, event.team, event.provider, event.occurred_at)
    case.cover = None
    _now(case, TransferState.ACCEPTED)


def _now(case: Case, state: TransferState) -> None:
    if case.transfer is not None:
        case.transfer.state = state


@remembers(HandoverHeld)
def _handed_over(case: Case, number: int, event: HandoverHeld) -> None:
    if case.transfer is not None:
        case.transfer.handed_over = True


@remembers(TransferRejected)
def _rejected(case: Case, number: int, event: TransferRejected) -> None:
    case.transfer = None


@remembers(TransferWithdrawn)
def _withdrawn(case: Case, number: int, event: TransferWithdrawn) -> None:
    case.transfer = None


@remembers(TransferCompleted)
def _completed(case: Case, number: int, event: TransferCompleted) -> None:
    case.transfer = None


# ---- Commands --------------------------------------------------------------------------------------------------------


_IN_WORDS: Mapping[Move, str] = {
    Move.REQUEST: said("A transfer of this case has been requested already and awaits an answer."),
    Move.QUERY: said("No transfer of this case awaits an answer."),
    Move.INFORM: said("No more information has been asked for."),
    Move.ASSESS: said("No transfer of this case is under way."),
    Move.COMPLETE: said("No transfer of this case awaits completion."),
}
_NO_ANSWER = said("No transfer of this case awaits an answer.")


def state_of(case: Case) -> TransferState:
    return case.transfer.state if case.transfer is not None else TransferState.NONE


def _take(case: Case, move: Move, team: str) -> Transfer:
    """The transfer, if this step may be taken in it by somebody of this team."""
    must_be_open(case)
    asked = case.transfer
    if asked is None or (asked.state, move) not in LEADS_TO:
        raise Refused(_IN_WORDS.get(move, _NO_ANSWER))
    if move in OF_THE_ASKING_TEAM and team != asked.from_team:
        raise Refused(said("Only the team that asked for the transfer can do this."))
    if move not in OF_THE_ASKING_TEAM and team != asked.to_team:
        raise Refused(said("Only the team that is asked to take the case can do this."))
    return asked


def _must_say(text: str, message: str, field: str) -> None:
    if not text.strip():
        raise Refused(message, field)


def request_transfer(
    case: Case,
    *,
    now: datetime,
    by: str,
    to_team: str,
    to_provider: str,
    reason: AllocationReason,
    note: str = "",
    from_kind: ProviderKind | None = None,
    to_kind: ProviderKind | None = None,
) -> list[Event]:
    """Ask another team to take the case; one request at a time."""
    must_be_open(case)
    if (state_of(case), Move.REQUEST) not in LEADS_TO:
        raise Refused(_IN_WORDS[Move.REQUEST])
    if case.allocation is None:
        raise Refused(said("The case has not been allocated, so there is nothing to transfer. Allocate it instead."))
    if case.allocation.team == to_team:
        raise Refused(said("The case is with that team already."), "to_team")
    kind = kind_of_move(case.allocation.provider, to_provider, from_kind, to_kind, reason)
    return [TransferRequested(occurred_at=now, by=by, to_team=to_team, to_provider=to_provider, reason=reason, note=note, kind=kind)]


def query_transfer(case: Case, *, now: datetime, by: str, team: str, question: str) -> list[Event]:
    """Ask for more information before answering; the case stays where it is."""
    asked = _take(case, Move.QUERY, team)
    _must_say(question, said("Enter what your team needs to know."), "question")
    return [TransferQueried(occurred_at=now, by=by, transfer=asked.number, question=question)]


def inform_transfer(case: Case, *, now: datetime, by: str, team: str, answer: str) -> list[Event]:
    """Give the information that the other team asked for."""
    asked = _take(case, Move.INFORM, team)
    _must_say(answer, said("Enter what the other team asked for."), "information")
    return [TransferInformed(occurred_at=now, by=by, transfer=asked.number, answer=answer)]


def assess_address(
    case: Case, *, now: datetime, by: str, team: str, suitable: bool, note: str, assessed_at: datetime | None = None
) -> list[Event]:
    """Record the receiving team's assessment of where the person would live."""
    asked = _take(case, Move.ASSESS, team)
    happened = assessed_at or now
    must_have_happened(happened, now, "assessed_at")
    _must_say(note, said("Enter what was found at the address."), "note")
    return [AddressAssessed(occurred_at=happened, by=by, transfer=asked.number, suitable=suitable, note=note)]


def accept_transfer(case: Case, *, now: datetime, by: str, team: str, practitioner: str) -> list[Event]:
    """Take the case: from now on `practitioner` of the receiving team is responsible. `team` is that of whoever answers."""
    asked = _take(case, Move.ACCEPT, team)
    if not practitioner:
        raise Refused(said("Select the practitioner who takes the case."), "practitioner")
    must_be_able_to_see(case, practitioner, now)
    return [
        TransferAccepted(
            occurred_at=now,
            by=by,
            transfer=asked.number,
            practitioner=practitioner,
            team=asked.to_team,
            provider=asked.to_provider,
            reason=AllocationReason(asked.reason),
        )
    ]


def reject_transfer(case: Case, *, now: datetime, by: str, team: str, reason: str) -> list[Event]:
    """Decline a transfer, saying why; the case stays where it is."""
    asked = _take(case, Move.REJECT, team)
    _must_say(reason, said("Enter why the transfer is rejected."), "reason")
    return [TransferRejected(occurred_at=now, by=by, transfer=asked.number, reason=reason)]


def withdraw_transfer(case: Case, *, now: datetime, by: str, team: str, reason: str) -> list[Event]:
    """Take a request back, saying why."""
    asked = _take(case, Move.WITHDRAW, team)
    _must_say(reason, said("Enter why the request is withdrawn."), "reason")
    return [TransferWithdrawn(occurred_at=now, by=by, transfer=asked.number, reason=reason)]


def hold_handover(
    case: Case,
    *,
    now: datetime,
    by: str,
    held_at: datetime,
    from_practitioner: str,
    to_practitioner: str,
    three_way: bool,
    note: str = "",
) -> list[Event]:
    """Record a handover meeting between two practitioners."""
    must_be_open(case)
    must_have_happened(held_at, now, "held_at")
    if from_practitioner == to_practitioner:
        raise Refused(said("A handover is between two practitioners."), "to_practitioner")
    return [
        HandoverHeld(
            occurred_at=held_at,
            by=by,
            from_practitioner=from_practitioner,
            to_practitioner=to_practitioner,
            three_way=three_way,
            note=note,
        )
    ]


def complete_transfer(case: Case, *, now: datetime, by: str, team: str, file: tuple[FileItem, ...], note: str = "") -> list[Event]:
    """Say that the handover is done and the file is whole; only then is the transfer over."""
    asked = _take(case, Move.COMPLETE, team)
    if not asked.handed_over:
        raise Refused(said("No handover meeting has been recorded since the transfer was requested. Record it first."), "file")
    if missing := [item for item in FileItem if item not in file]:
        raise Refused(said("The file must also hold {items}.", items=listed(missing, "; ")), "file")
    return [TransferCompleted(occurred_at=now, by=by, transfer=asked.number, file=tuple(FileItem), note=note)]
