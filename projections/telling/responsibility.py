"""How changes of officer, cover and handovers are told, and what an officer put off."""

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.cover import CoverEnded, CoverStarted
from domain.snooze import ItemSnoozed, SnoozeEnded
from domain.transfer import HandoverHeld
from projections.telling.words import Names, Told, tells


@tells(ProviderAllocated)
def _to_team(event: ProviderAllocated, names: Names) -> Told:
    return "responsibility", f"Case given to {names(event.team)}, with no officer yet", (), event.note


@tells(CaseAllocated)
def _allocated(event: CaseAllocated, names: Names) -> Told:
    to = names(event.practitioner) if event.practitioner else "nobody"
    other = (f"{names(event.suggested)} was suggested",) if event.suggested else ()
    texts = [event.note, f"Why not {names(event.suggested)}: {event.because}" if event.because else ""]
    return (
        "responsibility",
        f"Case allocated to {to}",
        (names(event.team), event.reason.capitalize(), *other),
        "\n".join(filter(None, texts)),
    )


@tells(CoverStarted)
def _cover(event: CoverStarted, names: Names) -> Told:
    facts = (event.reason.capitalize(), f"To {event.until:%-d %B %Y} at the latest")
    return "responsibility", f"Cover: {names(event.practitioner)} stands in for the officer", facts, ""


@tells(CoverEnded)
def _cover_ended(event: CoverEnded, names: Names) -> Told:
    return "responsibility", "Cover ended", (f"Entry {event.cover}",), ""


@tells(HandoverHeld)
def _handover(event: HandoverHeld, names: Names) -> Told:
    how = "with the person and both officers" if event.three_way else "between officers"
    facts = (f"{names(event.from_practitioner)} to {names(event.to_practitioner)}",)
    return "responsibility", f"Handover meeting {how}", facts, event.note


@tells(ItemSnoozed)
def _snoozed(event: ItemSnoozed, names: Names) -> Told:
    facts = (f"Until {event.until:%-d %B %Y}", *((f"It stood for {event.rests_on:%-d %B %Y}",) if event.rests_on else ()))
    return "responsibility", f"Put off in My day: {event.item}", facts, event.reason


@tells(SnoozeEnded)
def _brought_back(event: SnoozeEnded, names: Names) -> Told:
    return "responsibility", "Brought back to My day", (f"Entry {event.snooze}",), ""
