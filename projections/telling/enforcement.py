"""How evidence, enforcement actions, breach and recall are told."""

from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn
from domain.enforcement import ACTIONS, EnforcementActionTaken
from domain.evidence import EvidenceAwaited, EvidenceDecided
from domain.recall import RecallDecided, RecallRequested
from domain.words import begun, said
from projections.telling.words import Names, Told, tells

CATEGORY = "enforcement"


def _about(failures: tuple[int, ...]) -> tuple[str, ...]:
    """About entry 12; about entries 12 and 15."""
    *numbers, last = [str(number) for number in failures] or [""]
    if numbers:
        return (said("About entries {numbers} and {last}", numbers=", ".join(numbers), last=last),)
    return (said("About entry {number}", number=last),) if last else ()


@tells(EvidenceAwaited)
def _evidence_awaited(event: EvidenceAwaited, names: Names) -> Told:
    return CATEGORY, said("Reason for a failure awaited until {day}", day=event.due_on), _about((event.failure,)), ""


@tells(EvidenceDecided)
def _evidence_decided(event: EvidenceDecided, names: Names) -> Told:
    title = said("Reason for a failure accepted") if event.accepted else said("Reason for a failure not accepted")
    return CATEGORY, title, (*_about((event.failure,)), event.evidence.capitalize()), event.reason


@tells(EnforcementActionTaken)
def _action(event: EnforcementActionTaken, names: Names) -> Told:
    title = ACTIONS[event.action].description if event.action in ACTIONS else event.action
    answer = (said("To be answered by {day}", day=event.respond_by),) if event.respond_by else ()
    return CATEGORY, title, (*_about(event.failures), *answer), event.reason


@tells(BreachReferred)
def _referred(event: BreachReferred, names: Names) -> Told:
    title = said("Breach referred again") if event.again else said("Breach started")
    facts = (begun(event.route), *_about(event.failures), said("Aware since {day}", day=event.became_aware_on))
    return CATEGORY, title, facts, event.reason


@tells(BreachReturned)
def _returned(event: BreachReturned, names: Names) -> Told:
    return CATEGORY, said("Breach referral returned"), _about((event.breach,)), event.reason


@tells(BreachPresented)
def _presented(event: BreachPresented, names: Names) -> Told:
    hearing = (said("Hearing on {day}", day=event.hearing_on),) if event.hearing_on else ()
    return CATEGORY, said("Breach presented to court"), (*((event.court,) if event.court else ()), *hearing, *_about((event.breach,))), ""


@tells(BreachWithdrawn)
def _withdrawn(event: BreachWithdrawn, names: Names) -> Told:
    return CATEGORY, said("Breach withdrawn"), _about((event.breach,)), event.reason


@tells(BreachConcluded)
def _concluded(event: BreachConcluded, names: Names) -> Told:
    return CATEGORY, said("Breach concluded: {outcome}", outcome=event.outcome), _about((event.breach,)), event.note


@tells(RecallRequested)
def _recall(event: RecallRequested, names: Names) -> Told:
    title = said("Emergency recall requested") if event.emergency else said("Recall requested")
    return CATEGORY, title, _about(event.failures), event.reason


@tells(RecallDecided)
def _recall_decided(event: RecallDecided, names: Names) -> Told:
    return CATEGORY, said("Recall decided: {decision}", decision=event.decision), _about((event.recall,)), event.note
