"""How changes of officer, transfers and handovers are told."""

from domain.allocation import CaseAllocated
from domain.transfer import HandoverHeld, TransferAccepted, TransferRejected, TransferRequested, TransferWithdrawn
from projections.telling.words import Names, Told, tells


@tells(CaseAllocated)
def _allocated(event: CaseAllocated, names: Names) -> Told:
    to = names(event.practitioner) if event.practitioner else "nobody"
    return "responsibility", f"Case allocated to {to}", (names(event.team), event.reason.capitalize()), ""


@tells(TransferRequested)
def _requested(event: TransferRequested, names: Names) -> Told:
    return "responsibility", f"Transfer requested to {names(event.to_team)}", (event.reason.capitalize(),), event.note


@tells(TransferAccepted)
def _accepted(event: TransferAccepted, names: Names) -> Told:
    facts = (names(event.team), event.reason.capitalize())
    return "responsibility", f"Transfer accepted: now with {names(event.practitioner)}", facts, ""


@tells(TransferRejected)
def _rejected(event: TransferRejected, names: Names) -> Told:
    return "responsibility", "Transfer rejected", (), event.reason


@tells(TransferWithdrawn)
def _withdrawn_transfer(event: TransferWithdrawn, names: Names) -> Told:
    return "responsibility", "Transfer request withdrawn", (), event.reason


@tells(HandoverHeld)
def _handover(event: HandoverHeld, names: Names) -> Told:
    how = "with the person and both officers" if event.three_way else "between officers"
    facts = (f"{names(event.from_practitioner)} to {names(event.to_practitioner)}",)
    return "responsibility", f"Handover meeting {how}", facts, event.note
