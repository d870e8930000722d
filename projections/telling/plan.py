"""How objectives, the planned pattern of contact, the plan and its reviews are told."""

from domain.plan import ObjectiveEnded, ObjectiveSet, PatternSet, PlanCompleted, PlanReviewed
from projections.telling.words import Names, Told, many, tells


@tells(ObjectiveSet)
def _objective(event: ObjectiveSet, names: Names) -> Told:
    return "sentence", f"Objective set: {event.topic}", (), event.aim


@tells(ObjectiveEnded)
def _objective_ended(event: ObjectiveEnded, names: Names) -> Told:
    return "sentence", f"Objective {event.how}", (f"Objective of entry {event.objective}",), event.note


@tells(PatternSet)
def _pattern(event: PatternSet, names: Names) -> Told:
    often = "every day" if event.every_days == 1 else f"every {many(event.every_days, 'day')}"
    return "sentence", f"Planned contact: {often}", (event.mode.capitalize(), f"From {event.from_on:%-d %B %Y}"), event.why


@tells(PlanCompleted)
def _completed(event: PlanCompleted, names: Names) -> Told:
    return "sentence", "Plan completed", (f"Review due {event.review_due_on:%-d %B %Y}",), ""


@tells(PlanReviewed)
def _reviewed(event: PlanReviewed, names: Names) -> Told:
    due = (f"Next review due {event.review_due_on:%-d %B %Y}",) if event.review_due_on else ()
    return "sentence", f"Plan reviewed: {event.kind}", (*(("With the person",) if event.with_person else ()), *due), event.review
