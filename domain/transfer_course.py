"""The course of a transfer: which step may be taken when and by whom, what kind of move it is, and by when it is due."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from domain.allocation import AllocationReason
from domain.organisation import ProviderKind
from domain.policy import Policy
from domain.remembered import TransferState
from domain.words import said
from domain.working_days import add_working_days


class Move(StrEnum):
    """A step that somebody takes in a transfer."""

    REQUEST = "request"
    QUERY = "ask for more information"
    INFORM = "give more information"
    ASSESS = "assess the address"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    COMPLETE = "complete"


LEADS_TO: Mapping[tuple[TransferState, Move], TransferState] = {
    (TransferState.NONE, Move.REQUEST): TransferState.REQUESTED,
    (TransferState.REQUESTED, Move.QUERY): TransferState.QUERIED,
    (TransferState.REQUESTED, Move.ASSESS): TransferState.REQUESTED,
    (TransferState.REQUESTED, Move.ACCEPT): TransferState.ACCEPTED,
    (TransferState.REQUESTED, Move.REJECT): TransferState.NONE,
    (TransferState.REQUESTED, Move.WITHDRAW): TransferState.NONE,
    (TransferState.QUERIED, Move.INFORM): TransferState.REQUESTED,
    (TransferState.QUERIED, Move.ASSESS): TransferState.QUERIED,
    (TransferState.QUERIED, Move.ACCEPT): TransferState.ACCEPTED,
    (TransferState.QUERIED, Move.REJECT): TransferState.NONE,
    (TransferState.QUERIED, Move.WITHDRAW): TransferState.NONE,
    (TransferState.ACCEPTED, Move.REQUEST): TransferState.REQUESTED,
    (TransferState.ACCEPTED, Move.ASSESS): TransferState.ACCEPTED,
    (TransferState.ACCEPTED, Move.COMPLETE): TransferState.NONE,
}
"""Every step that may be taken, and what the transfer then is; whatever is not here is refused. The team that has taken a case
may ask another in its turn before the file is whole: the earlier transfer is then never completed, and its history says so."""

OF_THE_ASKING_TEAM = frozenset({Move.INFORM, Move.WITHDRAW})
"""Every other step after the request is for the team that is asked to take the case."""


class MoveKind(StrEnum):
    """What kind of move a transfer is. It follows from who is involved, and from the reason where that says more."""

    NOT_SAID = said("not said")
    TEAM = said("to another team of the same provider")
    CRC_TO_CRC = said("from one CRC to another")
    NPS_TO_NPS = said("between NPS divisions")
    RISK = said("from a CRC to the NPS on risk")
    CRC_TO_NPS = said("from a CRC to the NPS")
    NPS_TO_CRC = said("from the NPS to a CRC")
    RELEASE = said("from custody to the community")


_BETWEEN: Mapping[tuple[ProviderKind, ProviderKind], MoveKind] = {
    (ProviderKind.CRC, ProviderKind.CRC): MoveKind.CRC_TO_CRC,
    (ProviderKind.CRC, ProviderKind.NPS): MoveKind.CRC_TO_NPS,
    (ProviderKind.NPS, ProviderKind.CRC): MoveKind.NPS_TO_CRC,
    (ProviderKind.NPS, ProviderKind.NPS): MoveKind.NPS_TO_NPS,
}


def kind_of_move(
    from_provider: str, to_provider: str, from_kind: ProviderKind | None, to_kind: ProviderKind | None, reason: AllocationReason
) -> MoveKind:
    """The kind of move between two providers. Kinds that are not known are not guessed."""
    if reason is AllocationReason.RELEASE:
        return MoveKind.RELEASE
    if from_provider == to_provider:
        return MoveKind.TEAM
    if from_kind is None or to_kind is None:
        return MoveKind.NOT_SAID
    kind = _BETWEEN[from_kind, to_kind]
    return MoveKind.RISK if kind is MoveKind.CRC_TO_NPS and reason is AllocationReason.RISK else kind


def completion_due(requested_on: date, policy: Policy) -> date:
    """The last day in time for completing a transfer."""
    return add_working_days(requested_on, policy.transfer.complete_within_working_days, policy.bank_holidays)


def address_check_due(requested_on: date, policy: Policy) -> date:
    """The last day in time for the receiving team to assess the address."""
    return add_working_days(requested_on, policy.transfer.address_check_within_working_days, policy.bank_holidays)
