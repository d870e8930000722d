"""How sentences, their phases and requirements, and interruptions of supervision are told."""

from domain.case import CaseOpened
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.phase import PssBegan, Recalled, Released
from domain.requirement import NATURES, RarDayCredited, RequirementAmended, RequirementEnded, RequirementImposed
from domain.sentence import SentenceAmended, SentenceEnded, SentenceStarted
from domain.words import plural, said
from projections.telling.words import Names, Told, minutes, tells


def _stated(*facts: str) -> tuple[str, ...]:
    """The facts that were stated."""
    return tuple(fact for fact in facts if fact)


@tells(CaseOpened)
def _opened(event: CaseOpened, names: Names) -> Told:
    return "sentence", said("Case opened"), (said("Case reference {crn}", crn=event.crn),), ""


@tells(SentenceStarted)
def _sentence(event: SentenceStarted, names: Names) -> Told:
    replaces = said("Replaces the sentence of entry {entry}", entry=event.replaces) if event.replaces else ""
    facts = _stated(said("Expected to end {day}", day=event.expected_end_on), event.court, replaces)
    return "sentence", said("Sentence started: {kind}", kind=event.kind), facts, ""


@tells(RequirementImposed)
def _requirement(event: RequirementImposed, names: Names) -> Told:
    facts = (plural(event.amount, NATURES[event.kind].unit),) if event.amount else ()
    return "sentence", said("Requirement: {kind}", kind=event.kind), facts, ""


@tells(RequirementAmended)
def _amended(event: RequirementAmended, names: Names) -> Told:
    facts = _stated(said("Now {amount:,}", amount=event.amount), _of_requirement(event), event.court)
    return "sentence", said("Requirement amended by the court"), facts, ""


@tells(RequirementEnded)
def _requirement_ended(event: RequirementEnded, names: Names) -> Told:
    return "sentence", said("Requirement {how}", how=event.how), (_of_requirement(event),), ""


def _of_requirement(event: RequirementAmended | RequirementEnded) -> str:
    return said("Requirement of entry {entry}", entry=event.requirement)


@tells(RarDayCredited)
def _rar_day(event: RarDayCredited, names: Names) -> Told:
    return "sentence", said("Rehabilitation activity day credited"), _stated(event.activity, *minutes(event.minutes)), event.note


@tells(SentenceAmended)
def _sentence_amended(event: SentenceAmended, names: Names) -> Told:
    facts = _stated(
        said("Now expected to end {day}", day=event.expected_end_on), event.court, said("Sentence of entry {entry}", entry=event.sentence)
    )
    return "sentence", said("Length of the sentence amended by the court"), facts, ""


@tells(SentenceEnded)
def _sentence_ended(event: SentenceEnded, names: Names) -> Told:
    return "sentence", said("Sentence ended"), (event.how.capitalize(),), ""


@tells(Released)
def _released(event: Released, names: Names) -> Told:
    facts = _stated(
        said("Licence ends {day}", day=event.licence_ends_on), said("From {prison}", prison=event.prison) if event.prison else ""
    )
    return "sentence", said("Released on licence"), facts, ""


@tells(Recalled)
def _recalled(event: Recalled, names: Names) -> Told:
    return "sentence", said("Recalled to custody"), (), event.reason


@tells(PssBegan)
def _pss(event: PssBegan, names: Names) -> Told:
    facts = (said("Expected to end {day}", day=event.expected_end_on),)
    return "sentence", said("Licence ended, post-sentence supervision began"), facts, ""


@tells(InterruptionBegan)
def _interrupted(event: InterruptionBegan, names: Names) -> Told:
    return "sentence", said("Supervision interrupted: {kind}", kind=event.kind), _stated(event.place), event.note


@tells(InterruptionEnded)
def _resumed(event: InterruptionEnded, names: Names) -> Told:
    return "sentence", said("Interruption of supervision ended"), (said("Began with entry {entry}", entry=event.interruption),), event.note
