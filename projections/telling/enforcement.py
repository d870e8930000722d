"""How evidence, enforcement actions, breach and recall are told."""

from datetime import date

from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn
from domain.enforcement import ACTIONS, EnforcementActionTaken
from domain.evidence import EvidenceAwaited, EvidenceDecided
from domain.recall import RecallDecided, RecallRequested
from projections.telling.words import Names, Told, tells

CATEGORY = "enforcement"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _about(failures: tuple[int, ...]) -> tuple[str, ...]:
    """About entry 12; about entries 12 and 15."""
    numbers = [str(number) for number in failures]
    if not numbers:
        return ()
    words = f"{', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else numbers[0]
    return (f"About {'entries' if len(numbers) > 1 else 'entry'} {words}",)


@tells(EvidenceAwaited)
def _evidence_awaited(event: EvidenceAwaited, names: Names) -> Told:
    return CATEGORY, f"Reason for a failure awaited until {_day(event.due_on)}", _about((event.failure,)), ""


@tells(EvidenceDecided)
def _evidence_decided(event: EvidenceDecided, names: Names) -> Told:
    title = "Reason for a failure accepted" if event.accepted else "Reason for a failure not accepted"
    return CATEGORY, title, (*_about((event.failure,)), event.evidence.capitalize()), event.reason


@tells(EnforcementActionTaken)
def _action(event: EnforcementActionTaken, names: Names) -> Told:
    title = ACTIONS[event.action].description if event.action in ACTIONS else event.action
    answer = (f"To be answered by {_day(event.respond_by)}",) if event.respond_by else ()
    return CATEGORY, title, (*_about(event.failures), *answer), event.reason


@tells(BreachReferred)
def _referred(event: BreachReferred, names: Names) -> Told:
    title = "Breach referred again" if event.again else "Breach started"
    facts = (f"{event.route[0].upper()}{event.route[1:]}", *_about(event.failures), f"Aware since {_day(event.became_aware_on)}")
    return CATEGORY, title, facts, event.reason


@tells(BreachReturned)
def _returned(event: BreachReturned, names: Names) -> Told:
    return CATEGORY, "Breach referral returned", _about((event.breach,)), event.reason


@tells(BreachPresented)
def _presented(event: BreachPresented, names: Names) -> Told:
    hearing = (f"Hearing on {_day(event.hearing_on)}",) if event.hearing_on else ()
    return CATEGORY, "Breach presented to court", (*((event.court,) if event.court else ()), *hearing, *_about((event.breach,))), ""


@tells(BreachWithdrawn)
def _withdrawn(event: BreachWithdrawn, names: Names) -> Told:
    return CATEGORY, "Breach withdrawn", _about((event.breach,)), event.reason


@tells(BreachConcluded)
def _concluded(event: BreachConcluded, names: Names) -> Told:
    return CATEGORY, f"Breach concluded: {event.outcome}", _about((event.breach,)), event.note


@tells(RecallRequested)
def _recall(event: RecallRequested, names: Names) -> Told:
    return CATEGORY, "Emergency recall requested" if event.emergency else "Recall requested", _about(event.failures), event.reason


@tells(RecallDecided)
def _recall_decided(event: RecallDecided, names: Names) -> Told:
    return CATEGORY, f"Recall decided: {event.decision}", _about((event.recall,)), event.note
