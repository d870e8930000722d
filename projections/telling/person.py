"""How what the person prefers and needs, and who may see the case, are told."""

from domain.limited_access import ExclusionEnded, ExclusionSet, RestrictionEnded, RestrictionSet
from domain.person import PersonDetailsRecorded
from projections.telling.words import Names, Told, moment, tells


@tells(PersonDetailsRecorded)
def _details(event: PersonDetailsRecorded, names: Names) -> Told:
    interpreter = (f"Interpreter needed: {event.interpreter}",) if event.interpreter else ()
    return "person", "Language and needs recorded", (f"Prefers {event.language}", *interpreter), event.needs


@tells(ExclusionSet)
def _excluded(event: ExclusionSet, names: Names) -> Told:
    return "person", f"Exclusion: {names(event.practitioner)} may not see the case", _between(event), event.reason


@tells(RestrictionSet)
def _restricted(event: RestrictionSet, names: Names) -> Told:
    return "person", f"Restriction: {names(event.practitioner)} is one of the few who may see the case", _between(event), event.reason


def _between(event: ExclusionSet | RestrictionSet) -> tuple[str, ...]:
    until = (f"Until {moment(event.until)}",) if event.until is not None else ()
    return (f"From {moment(event.since)}", *until)


@tells(ExclusionEnded)
def _exclusion_ended(event: ExclusionEnded, names: Names) -> Told:
    return "person", f"Exclusion of entry {event.exclusion} ended", (), event.reason


@tells(RestrictionEnded)
def _restriction_ended(event: RestrictionEnded, names: Names) -> Told:
    return "person", f"Restriction of entry {event.restriction} ended", (), event.reason
