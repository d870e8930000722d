"""How sentences, their phases and requirements, and interruptions of supervision are told."""

from domain.case import CaseOpened
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.phase import PssBegan, Recalled, Released
from domain.requirement import NATURES, RarDayCredited, RequirementAmended, RequirementEnded, RequirementImposed
from domain.sentence import SentenceAmended, SentenceEnded, SentenceStarted
from projections.telling.words import Names, Told, many, minutes, tells


def _said(*facts: str) -> tuple[str, ...]:
    """The facts that were stated."""
    return tuple(fact for fact in facts if fact)


@tells(CaseOpened)
def _opened(event: CaseOpened, names: Names) -> Told:
    return "sentence", "Case opened", (f"Case reference {event.crn}",), ""


@tells(SentenceStarted)
def _sentence(event: SentenceStarted, names: Names) -> Told:
    replaces = f"Replaces the sentence of entry {event.replaces}" if event.replaces else ""
    facts = _said(f"Expected to end {event.expected_end_on:%-d %B %Y}", event.court, replaces)
    return "sentence", f"Sentence started: {event.kind}", facts, ""


@tells(RequirementImposed)
def _requirement(event: RequirementImposed, names: Names) -> Told:
    facts = (many(event.amount, NATURES[event.kind].unit),) if event.amount else ()
    return "sentence", f"Requirement: {event.kind}", facts, ""


@tells(RequirementAmended)
def _amended(event: RequirementAmended, names: Names) -> Told:
    facts = _said(f"Now {event.amount:,}", f"Requirement of entry {event.requirement}", event.court)
    return "sentence", "Requirement amended by the court", facts, ""


@tells(RequirementEnded)
def _requirement_ended(event: RequirementEnded, names: Names) -> Told:
    return "sentence", f"Requirement {event.how}", (f"Requirement of entry {event.requirement}",), ""


@tells(RarDayCredited)
def _rar_day(event: RarDayCredited, names: Names) -> Told:
    return "sentence", "Rehabilitation activity day credited", _said(event.activity, *minutes(event.minutes)), event.note


@tells(SentenceAmended)
def _sentence_amended(event: SentenceAmended, names: Names) -> Told:
    facts = _said(f"Now expected to end {event.expected_end_on:%-d %B %Y}", event.court, f"Sentence of entry {event.sentence}")
    return "sentence", "Length of the sentence amended by the court", facts, ""


@tells(SentenceEnded)
def _sentence_ended(event: SentenceEnded, names: Names) -> Told:
    return "sentence", "Sentence ended", (event.how.capitalize(),), ""


@tells(Released)
def _released(event: Released, names: Names) -> Told:
    facts = _said(f"Licence ends {event.licence_ends_on:%-d %B %Y}", f"From {event.prison}" if event.prison else "")
    return "sentence", "Released on licence", facts, ""


@tells(Recalled)
def _recalled(event: Recalled, names: Names) -> Told:
    return "sentence", "Recalled to custody", (), event.reason


@tells(PssBegan)
def _pss(event: PssBegan, names: Names) -> Told:
    facts = (f"Expected to end {event.expected_end_on:%-d %B %Y}",)
    return "sentence", "Licence ended, post-sentence supervision began", facts, ""


@tells(InterruptionBegan)
def _interrupted(event: InterruptionBegan, names: Names) -> Told:
    return "sentence", f"Supervision interrupted: {event.kind}", _said(event.place), event.note


@tells(InterruptionEnded)
def _resumed(event: InterruptionEnded, names: Names) -> Told:
    return "sentence", "Interruption of supervision ended", (f"Began with entry {event.interruption}",), event.note
