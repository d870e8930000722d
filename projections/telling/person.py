"""How what the person prefers and needs, and who may see the case, are told."""

from domain.limited_access import ExclusionEnded, ExclusionSet, RestrictionEnded, RestrictionSet
from domain.person import PersonDetailsRecorded
from domain.words import said
from projections.telling.words import Names, Told, moment, tells


@tells(PersonDetailsRecorded)
def _details(event: PersonDetailsRecorded, names: Names) -> Told:
    interpreter = (said("Interpreter needed: {language}", language=event.interpreter),) if event.interpreter else ()
    return "person", said("Language and needs recorded"), (said("Prefers {language}", language=event.language), *interpreter), event.needs


@tells(ExclusionSet)
def _excluded(event: ExclusionSet, names: Names) -> Told:
    title = said("Exclusion: {name} may not see the case", name=names(event.practitioner))
    return "person", title, _between(event), event.reason


@tells(RestrictionSet)
def _restricted(event: RestrictionSet, names: Names) -> Told:
    title = said("Restriction: {name} is one of the few who may see the case", name=names(event.practitioner))
    return "person", title, _between(event), event.reason


def _between(event: ExclusionSet | RestrictionSet) -> tuple[str, ...]:
    until = (said("Until {day}", day=moment(event.until)),) if event.until is not None else ()
    return (said("From {day}", day=moment(event.since)), *until)


@tells(ExclusionEnded)
def _exclusion_ended(event: ExclusionEnded, names: Names) -> Told:
    return "person", said("Exclusion of entry {entry} ended", entry=event.exclusion), (), event.reason


@tells(RestrictionEnded)
def _restriction_ended(event: RestrictionEnded, names: Names) -> Told:
    return "person", said("Restriction of entry {entry} ended", entry=event.restriction), (), event.reason
