"""How risk is told."""

from domain.risk import RoshAssessed
from projections.telling.words import Names, Told, tells


@tells(RoshAssessed)
def _rosh(event: RoshAssessed, names: Names) -> Told:
    return "risk", f"Risk of serious harm: {event.level}", (f"Review due {event.review_due_on:%-d %B %Y}",), event.rationale
