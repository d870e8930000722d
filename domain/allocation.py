"""Allocation: which practitioner is responsible for a case, from when, and why it changed."""

from datetime import datetime
from enum import StrEnum

from domain.case import Allocation, Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Refused

UNALLOCATED = ""
"""No responsible officer. A gap, never an officer: a team's "unallocated" staff member in an extract becomes this."""


class AllocationReason(StrEnum):
    INITIAL = "initial allocation"
    RISK = "change of risk"
    MOVE = "person moved area"
    STAFF = "officer left or absent"
    WORKLOAD = "workload"
    MODEL = "operating model"
    ADMINISTRATIVE = "administrative move"
    OTHER = "other"


class CaseAllocated(Event, frozen=True, tag="case-allocated"):
    practitioner: str
    team: str
    provider: str
    reason: AllocationReason


@remembers(CaseAllocated)
def _allocated(case: Case, number: int, event: CaseAllocated) -> None:
    case.allocation = Allocation(event.practitioner, event.team, event.provider, event.occurred_at)


def allocate(
    case: Case,
    *,
    now: datetime,
    by: str,
    practitioner: str,
    team: str,
    provider: str,
    reason: AllocationReason,
    occurred_at: datetime | None = None,
) -> list[Event]:
    """Make a practitioner responsible for the case, in its own team (another team takes a transfer)."""
    must_be_open(case)
    happened = occurred_at or now
    must_have_happened(happened, now)
    held = case.allocation
    if held is not None:
        if (held.practitioner, held.team) == (practitioner, team):
            raise Refused("This practitioner already holds the case.", "practitioner")
        if (held.team, held.provider) != (team, provider):
            raise Refused("The case is with another team. Request a transfer to move it.", "practitioner")
        if happened < held.since:
            raise Refused("The change cannot be before the present allocation began.", "occurred_at")
    return [CaseAllocated(occurred_at=happened, by=by, practitioner=practitioner, team=team, provider=provider, reason=reason)]
