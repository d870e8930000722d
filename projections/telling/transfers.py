"""How transfers are told, from the request to the file that is handed over."""

from domain.component import ComponentMoved
from domain.transfer import (
    AddressAssessed,
    TransferAccepted,
    TransferCompleted,
    TransferInformed,
    TransferQueried,
    TransferRejected,
    TransferRequested,
    TransferWithdrawn,
)
from domain.transfer_course import MoveKind
from projections.telling.words import Names, Told, tells


@tells(TransferRequested)
def _requested(event: TransferRequested, names: Names) -> Told:
    kind = () if event.kind is MoveKind.NOT_SAID else (event.kind[0].upper() + event.kind[1:],)
    return "responsibility", f"Transfer requested to {names(event.to_team)}", (event.reason.capitalize(), *kind), event.note


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


@tells(TransferQueried)
def _queried(event: TransferQueried, names: Names) -> Told:
    return "responsibility", "More information asked for before the transfer is answered", (), event.question


@tells(TransferInformed)
def _informed(event: TransferInformed, names: Names) -> Told:
    return "responsibility", "More information given about the transfer", (), event.answer


@tells(AddressAssessed)
def _address(event: AddressAssessed, names: Names) -> Told:
    return "responsibility", f"Address assessed as {'suitable' if event.suitable else 'not suitable'}", (), event.note


@tells(TransferCompleted)
def _completed(event: TransferCompleted, names: Names) -> Told:
    return "responsibility", "Transfer completed: the handover is done and the file is whole", (), event.note


@tells(ComponentMoved)
def _component(event: ComponentMoved, names: Names) -> Told:
    return "responsibility", f"Requirement of entry {event.requirement} now delivered by {names(event.team)}", (), ""
