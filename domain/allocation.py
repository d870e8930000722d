"""Allocation: which practitioner is responsible for a case, from when, and why it changed."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.case import Case, Sex, must_be_open, must_have_happened, open_case, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.limited_access import must_be_able_to_see
from domain.policy import Policy
from domain.remembered import Allocation
from domain.words import said
from domain.working_days import add_working_days

UNALLOCATED = ""
"""No responsible officer. A gap, never an officer: a team's "unallocated" staff member in an extract becomes this."""


class AllocationReason(StrEnum):
    INITIAL = said("initial allocation")
    RISK = said("change of risk")
    MOVE = said("person moved area")
    RELEASE = said("released from custody")
    STAFF = said("officer left or absent")
    WORKLOAD = said("workload")
    MODEL = said("operating model")
    ADMINISTRATIVE = said("administrative move")
    OTHER = said("other")


class ReasonClass(StrEnum):
    """What a change of officer has to do with the person: only some of them are for the person's sake."""

    FIRST = said("first allocation")
    THE_PERSON = said("for a reason in the person’s case")
    THE_OFFICER = said("because the officer left or was absent")
    THE_SERVICE = said("for the service’s own reasons")
    ADMINISTRATIVE = said("administrative")
    NOT_SAID = said("not said")


REASON_CLASSES: Mapping[AllocationReason, ReasonClass] = {
    AllocationReason.INITIAL: ReasonClass.FIRST,
    AllocationReason.RISK: ReasonClass.THE_PERSON,
    AllocationReason.MOVE: ReasonClass.THE_PERSON,
    AllocationReason.RELEASE: ReasonClass.THE_PERSON,
    AllocationReason.STAFF: ReasonClass.THE_OFFICER,
    AllocationReason.WORKLOAD: ReasonClass.THE_SERVICE,
    AllocationReason.MODEL: ReasonClass.THE_SERVICE,
    AllocationReason.ADMINISTRATIVE: ReasonClass.ADMINISTRATIVE,
    AllocationReason.OTHER: ReasonClass.NOT_SAID,
}
"""The classes by which continuity splits changes of officer: risk and move of area are justified by the case, absence and
leaving are the officer's, workload and model the service's own. A proposal of this service; no published table was found."""


class ProviderAllocated(Event, frozen=True, tag="provider-allocated"):
    """It is decided which team takes a new case. Nobody holds it until that team allocates it to a practitioner."""

    team: str
    provider: str
    note: Personal = ""

    @property
    def practitioner(self) -> str:
        return UNALLOCATED

    @property
    def reason(self) -> AllocationReason:
        return AllocationReason.INITIAL


class CaseAllocated(Event, frozen=True, tag="case-allocated"):
    practitioner: str
    team: str
    provider: str
    reason: AllocationReason
    note: Personal = ""
    """What the officer who takes the case over should know."""
    suggested: str = ""
    """Whom the service suggested when somebody else was chosen."""
    because: Personal = ""
    """Why somebody else was chosen than was suggested."""


@remembers(ProviderAllocated)
def _provider_allocated(case: Case, number: int, event: ProviderAllocated) -> None:
    case.allocation = Allocation(UNALLOCATED, event.team, event.provider, event.occurred_at)


@remembers(CaseAllocated)
def _allocated(case: Case, number: int, event: CaseAllocated) -> None:
    case.allocation = Allocation(event.practitioner, event.team, event.provider, event.occurred_at)
    case.cover = None


def allocation_due(sentenced_on: date, policy: Policy) -> date:
    """The last day in time for deciding which provider and team take a new case."""
    return add_working_days(sentenced_on, policy.allocation.decided_within_working_days, policy.bank_holidays)


def allocate_to_team(
    case: Case,
    *,
    now: datetime,
    by: str,
    team: str,
    provider: str,
    note: str = "",
    decided_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Give a case that no team has had yet to a team, which then allocates it."""
    must_be_open(case)
    happened = decided_at or now
    must_have_happened(happened, now, "decided_at")
    if case.allocation is not None:
        raise Refused(said("The case is with a team already. Request a transfer to move it."), "team")
    if not team or not provider:
        raise Refused(said("Select the team that takes the case."), "team")
    return [ProviderAllocated(occurred_at=happened, by=by, imported=imported, team=team, provider=provider, note=note)]


def open_in_team(
    case: Case,
    *,
    now: datetime,
    by: str,
    crn: str,
    person_id: UUID,
    name: str,
    team: str,
    provider: str,
    born: str = "",
    sex: Sex = Sex.NOT_KNOWN,
    language: str = "English",
    needs: str = "",
) -> list[Event]:
    """Open a case that a team has from the beginning, so that none is without a team that answers for it."""
    opened = open_case(case, now=now, by=by, crn=crn, person_id=person_id, name=name, born=born, sex=sex, language=language, needs=needs)
    if not team or not provider:
        raise Refused(said("Select the team that takes the case."), "team")
    return [*opened, ProviderAllocated(occurred_at=now, by=by, team=team, provider=provider)]


def allocate(
    case: Case,
    *,
    now: datetime,
    by: str,
    practitioner: str,
    team: str,
    provider: str,
    reason: AllocationReason,
    note: str = "",
    suggested: str = "",
    because: str = "",
    occurred_at: datetime | None = None,
) -> list[Event]:
    """Make a practitioner responsible for the case, in its own team (another team takes a transfer). Of who was `suggested` only
    that somebody else was chosen is recorded."""
    must_be_open(case)
    happened = occurred_at or now
    must_have_happened(happened, now)
    held = case.allocation
    if held is not None:
        if (held.practitioner, held.team) == (practitioner, team):
            raise Refused(said("This practitioner already holds the case."), "practitioner")
        if (held.team, held.provider) != (team, provider):
            raise Refused(said("The case is with another team. Request a transfer to move it."), "practitioner")
        if happened < held.since:
            raise Refused(said("The change cannot be before the present allocation began."), "occurred_at")
    if practitioner != UNALLOCATED:
        must_be_able_to_see(case, practitioner, now)
    is_other = suggested not in ("", practitioner)
    return [
        CaseAllocated(
            occurred_at=happened,
            by=by,
            practitioner=practitioner,
            team=team,
            provider=provider,
            reason=reason,
            note=note,
            suggested=suggested if is_other else "",
            because=because if is_other else "",
        )
    ]
