"""How sentences, requirements and the plan are told."""

from domain.case import CaseOpened
from domain.plan import ObjectiveSet
from domain.sentence import RequirementImposed, SentenceEnded, SentenceStarted
from projections.telling.words import Names, Told, many, tells


@tells(CaseOpened)
def _opened(event: CaseOpened, names: Names) -> Told:
    return "sentence", "Case opened", (f"Case reference {event.crn}",), ""


@tells(SentenceStarted)
def _sentence(event: SentenceStarted, names: Names) -> Told:
    facts = (f"Expected to end {event.expected_end_on:%-d %B %Y}", *((event.court,) if event.court else ()))
    return "sentence", f"Sentence started: {event.kind}", facts, ""


@tells(RequirementImposed)
def _requirement(event: RequirementImposed, names: Names) -> Told:
    unit = {"unpaid work": "hour", "rehabilitation activity": "day"}.get(event.kind.value, "month")
    return "sentence", f"Requirement: {event.kind}", (many(event.amount, unit),) if event.amount else (), ""


@tells(SentenceEnded)
def _sentence_ended(event: SentenceEnded, names: Names) -> Told:
    return "sentence", "Sentence ended", (event.how.capitalize(),), ""


@tells(ObjectiveSet)
def _objective(event: ObjectiveSet, names: Names) -> Told:
    return "sentence", f"Objective set: {event.topic}", (), event.aim
