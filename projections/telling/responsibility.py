"""How changes of officer, cover and handovers are told, and what an officer put off."""

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.cover import CoverEnded, CoverStarted
from domain.snooze import ItemSnoozed, SnoozeEnded
from domain.transfer import HandoverHeld
from domain.words import listed, said
from projections.telling.words import Names, Told, tells


@tells(ProviderAllocated)
def _to_team(event: ProviderAllocated, names: Names) -> Told:
    return "responsibility", said("Case given to {team}, with no officer yet", team=names(event.team)), (), event.note


@tells(CaseAllocated)
def _allocated(event: CaseAllocated, names: Names) -> Told:
    to = names(event.practitioner) if event.practitioner else said("nobody")
    other = (said("{name} was suggested", name=names(event.suggested)),) if event.suggested else ()
    why_not = said("Why not {name}: {because}", name=names(event.suggested), because=event.because) if event.because else ""
    return (
        "responsibility",
        said("Case allocated to {name}", name=to),
        (names(event.team), event.reason.capitalize(), *other),
        listed(filter(None, [event.note, why_not]), "\n"),
    )


@tells(CoverStarted)
def _cover(event: CoverStarted, names: Names) -> Told:
    facts = (event.reason.capitalize(), said("To {day} at the latest", day=event.until))
    return "responsibility", said("Cover: {name} stands in for the officer", name=names(event.practitioner)), facts, ""


@tells(CoverEnded)
def _cover_ended(event: CoverEnded, names: Names) -> Told:
    return "responsibility", said("Cover ended"), (said("Entry {entry}", entry=event.cover),), ""


@tells(HandoverHeld)
def _handover(event: HandoverHeld, names: Names) -> Told:
    title = said("Handover meeting with the person and both officers") if event.three_way else said("Handover meeting between officers")
    facts = (said("{name} to {other}", name=names(event.from_practitioner), other=names(event.to_practitioner)),)
    return "responsibility", title, facts, event.note


@tells(ItemSnoozed)
def _snoozed(event: ItemSnoozed, names: Names) -> Told:
    facts = (said("Until {day}", day=event.until), *((said("It stood for {day}", day=event.rests_on),) if event.rests_on else ()))
    return "responsibility", said("Put off in My day: {item}", item=event.item), facts, event.reason


@tells(SnoozeEnded)
def _brought_back(event: SnoozeEnded, names: Names) -> Told:
    return "responsibility", said("Brought back to My day"), (said("Entry {entry}", entry=event.snooze),), ""
