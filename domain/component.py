"""Components: a requirement that another team delivers than the one that holds the case, because it moved later or not at all."""

from datetime import datetime

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Refused
from domain.remembered import Place
from domain.words import said


class ComponentMoved(Event, frozen=True, tag="component-moved"):
    """From now on this team delivers a requirement, whoever holds the case: unpaid work often moves later than the person."""

    requirement: int
    team: str
    provider: str


@remembers(ComponentMoved)
def _moved(case: Case, number: int, event: ComponentMoved) -> None:
    case.components[event.requirement] = Place(event.team, event.provider, event.occurred_at)


def move_component(
    case: Case, *, now: datetime, by: str, requirement: int, team: str, provider: str, moved_at: datetime | None = None
) -> list[Event]:
    """Have another team deliver a requirement from a day on; the case itself stays where it is."""
    must_be_open(case)
    happened = moved_at or now
    must_have_happened(happened, now, "moved_at")
    if requirement not in case.requirements:
        raise Refused(said("Select the requirement that moves."), "requirement")
    if not team or not provider:
        raise Refused(said("Select the team that delivers it from now on."), "team")
    place = case.components.get(requirement)
    present = place.team if place is not None else case.allocation.team if case.allocation is not None else ""
    if team == present:
        raise Refused(said("That team delivers the requirement already."), "team")
    if place is not None and happened < place.since:
        raise Refused(said("The move cannot be before the last one."), "moved_at")
    return [ComponentMoved(occurred_at=happened, by=by, requirement=requirement, team=team, provider=provider)]
