"""How objectives, the planned pattern of contact, the plan and its reviews are told."""

from domain.plan import ObjectiveEnded, ObjectiveSet, PatternSet, PlanCompleted, PlanReviewed
from domain.words import plural, said
from projections.telling.words import Names, Told, tells


@tells(ObjectiveSet)
def _objective(event: ObjectiveSet, names: Names) -> Told:
    return "sentence", said("Objective set: {topic}", topic=event.topic), (), event.aim


@tells(ObjectiveEnded)
def _objective_ended(event: ObjectiveEnded, names: Names) -> Told:
    return "sentence", said("Objective {how}", how=event.how), (said("Objective of entry {entry}", entry=event.objective),), event.note


@tells(PatternSet)
def _pattern(event: PatternSet, names: Names) -> Told:
    title = said("Planned contact: every {days}", days=plural(event.every_days, "day"))
    if event.every_days == 1:
        title = said("Planned contact: every day")
    return "sentence", title, (event.mode.capitalize(), said("From {day}", day=event.from_on)), event.why


@tells(PlanCompleted)
def _completed(event: PlanCompleted, names: Names) -> Told:
    return "sentence", said("Plan completed"), (said("Review due {day}", day=event.review_due_on),), ""


@tells(PlanReviewed)
def _reviewed(event: PlanReviewed, names: Names) -> Told:
    due = (said("Next review due {day}", day=event.review_due_on),) if event.review_due_on else ()
    return (
        "sentence",
        said("Plan reviewed: {kind}", kind=event.kind),
        (*((said("With the person"),) if event.with_person else ()), *due),
        event.review,
    )
