"""Transfer of a case to another team: asked for, answered, handed over; responsibility moves only on acceptance."""

from datetime import datetime

from domain.allocation import AllocationReason
from domain.case import Allocation, Case, Transfer, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused


class TransferRequested(Event, frozen=True, tag="transfer-requested"):
    to_team: str
    to_provider: str
    reason: AllocationReason
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


@remembers(TransferRequested)
def _requested(case: Case, number: int, event: TransferRequested) -> None:
    case.transfer = Transfer(number, event.to_team, event.to_provider, event.reason)


@remembers(TransferAccepted)
def _accepted(case: Case, number: int, event: TransferAccepted) -> None:
    case.allocation = Allocation(event.practitioner, event.team, event.provider, event.occurred_at)
    case.transfer = None


@remembers(TransferRejected)
def _rejected(case: Case, number: int, event: TransferRejected) -> None:
    case.transfer = None


@remembers(TransferWithdrawn)
def _withdrawn(case: Case, number: int, event: TransferWithdrawn) -> None:
    case.transfer = None


def request_transfer(
    case: Case, *, now: datetime, by: str, to_team: str, to_provider: str, reason: AllocationReason, note: str = ""
) -> list[Event]:
    """Ask another team to take the case; one request at a time."""
    must_be_open(case)
    if case.transfer is not None:
        raise Refused("A transfer of this case has been requested already and awaits an answer.")
    if case.allocation is None:
        raise Refused("The case has not been allocated, so there is nothing to transfer. Allocate it instead.")
    if case.allocation.team == to_team:
        raise Refused("The case is with that team already.", "to_team")
    return [TransferRequested(occurred_at=now, by=by, to_team=to_team, to_provider=to_provider, reason=reason, note=note)]


def _open_transfer(case: Case) -> Transfer:
    must_be_open(case)
    if case.transfer is None:
        raise Refused("No transfer of this case awaits an answer.")
    return case.transfer


def accept_transfer(case: Case, *, now: datetime, by: str, practitioner: str) -> list[Event]:
    """Take the case: from now on `practitioner` of the receiving team is responsible."""
    asked = _open_transfer(case)
    if not practitioner:
        raise Refused("Select the practitioner who takes the case.", "practitioner")
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


def reject_transfer(case: Case, *, now: datetime, by: str, reason: str) -> list[Event]:
    """Decline a transfer, saying why; the case stays where it is."""
    asked = _open_transfer(case)
    if not reason.strip():
        raise Refused("Enter why the transfer is rejected.", "reason")
    return [TransferRejected(occurred_at=now, by=by, transfer=asked.number, reason=reason)]


def withdraw_transfer(case: Case, *, now: datetime, by: str, reason: str) -> list[Event]:
    """Take a request back, saying why."""
    asked = _open_transfer(case)
    if not reason.strip():
        raise Refused("Enter why the request is withdrawn.", "reason")
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
        raise Refused("A handover is between two practitioners.", "to_practitioner")
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
