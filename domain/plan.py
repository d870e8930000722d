"""The sentence plan: what the work is for, so that each contact can be tied to an objective."""

from datetime import datetime

from domain.case import Case, must_be_open, remembers
from domain.event import Event, Personal, Refused


class ObjectiveSet(Event, frozen=True, tag="objective-set"):
    topic: str
    aim: Personal = ""


@remembers(ObjectiveSet)
def _set(case: Case, number: int, event: ObjectiveSet) -> None:
    case.objectives.add(number)


def set_objective(case: Case, *, now: datetime, by: str, topic: str, aim: str = "") -> list[Event]:
    """Set an objective of the plan."""
    must_be_open(case)
    if not topic.strip():
        raise Refused("Enter what the objective is about.", "topic")
    return [ObjectiveSet(occurred_at=now, by=by, topic=topic.strip(), aim=aim)]
