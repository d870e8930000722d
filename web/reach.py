"""Which cases behind a figure their reader may open: without that a case has no name on a page."""

from typing import Protocol

from domain.access import Action, Resource, Role, decide
from projections import inspections
from web.service import me, reading


class Held(Protocol):
    """A case in a list, with whom it is now."""

    @property
    def crn(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def practitioner(self) -> str: ...
    @property
    def offered_to_team(self) -> str: ...


def may_open(case: Held) -> bool:
    sampled = False
    if me().role is Role.INSPECTOR:
        with reading() as conn:
            sampled = inspections.is_sampled_for(conn, case.crn, me().code)
    resource = Resource(case.team, case.provider, case.practitioner, sampled, case.offered_to_team)
    return decide(me().subject, Action.SEE_CASE, resource).allowed
