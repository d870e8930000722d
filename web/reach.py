"""Which cases behind a figure their reader may open: without that a person has no name on a page."""

from typing import Protocol

from flask import g

from domain.access import Action, Resource, Role, decide
from projections import inspectors
from web.service import me, now, reading


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
    return decide(me().subject, Action.SEE_CASE, resource_of(case)).allowed


def resource_of(case: Held) -> Resource:
    """A case of a list, as far as deciding needs it."""
    return Resource(case.team, case.provider, case.practitioner, case.crn in _sampled(), case.offered_to_team)


def _sampled() -> frozenset[str]:
    """The cases that the reader inspects, if the reader is an inspector."""
    if "sampled" not in g:
        with reading() as conn:
            g.sampled = inspectors.all_seen(conn, me().code, now()) if me().role is Role.INSPECTOR else frozenset()
    return g.sampled  # type: ignore[no-any-return]  # set two lines above
