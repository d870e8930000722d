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
from domain.words import begun, said
from projections.telling.words import Names, Told, tells


@tells(TransferRequested)
def _requested(event: TransferRequested, names: Names) -> Told:
    kind = () if event.kind is MoveKind.NOT_SAID else (begun(event.kind),)
    return "responsibility", said("Transfer requested to {team}", team=names(event.to_team)), (event.reason.capitalize(), *kind), event.note


@tells(TransferAccepted)
def _accepted(event: TransferAccepted, names: Names) -> Told:
    facts = (names(event.team), event.reason.capitalize())
    return "responsibility", said("Transfer accepted: now with {name}", name=names(event.practitioner)), facts, ""


@tells(TransferRejected)
def _rejected(event: TransferRejected, names: Names) -> Told:
    return "responsibility", said("Transfer rejected"), (), event.reason


@tells(TransferWithdrawn)
def _withdrawn_transfer(event: TransferWithdrawn, names: Names) -> Told:
    return "responsibility", said("Transfer request withdrawn"), (), event.reason


@tells(TransferQueried)
def _queried(event: TransferQueried, names: Names) -> Told:
    return "responsibility", said("More information asked for before the transfer is answered"), (), event.question


@tells(TransferInformed)
def _informed(event: TransferInformed, names: Names) -> Told:
    return "responsibility", said("More information given about the transfer"), (), event.answer


@tells(AddressAssessed)
def _address(event: AddressAssessed, names: Names) -> Told:
    title = said("Address assessed as suitable") if event.suitable else said("Address assessed as not suitable")
    return "responsibility", title, (), event.note


@tells(TransferCompleted)
def _completed(event: TransferCompleted, names: Names) -> Told:
    return "responsibility", said("Transfer completed: the handover is done and the file is whole"), (), event.note


@tells(ComponentMoved)
def _component(event: ComponentMoved, names: Names) -> Told:
    title = said("Requirement of entry {entry} now delivered by {team}", entry=event.requirement, team=names(event.team))
    return "responsibility", title, (), ""
