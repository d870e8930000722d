"""With an officer: whether somebody was responsible for a person at every moment of their supervision."""

from collections.abc import Iterator
from datetime import date

from domain.policy import Policy
from domain.words import plural, said, unit
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_lasting
from projections.officers import held_days
from projections.story import Story
from projections.supervision import days

WORDS = Words(
    name="with-an-officer",
    title=said("With an officer"),
    theme=said("Continuity of relationship"),
    question=said("Of the whole months of supervision, how many had somebody holding the case throughout?"),
    definition=said(
        "Each whole month in which the person could be seen on every day: yes when somebody held the case at the end of each of its "
        "days. A case that is given to a team and not yet to an officer is held by nobody, and so is one that its team calls "
        "unallocated. Somebody who stands in is not counted: the officer who is away holds the case. Each month stands with whoever "
        "held it at its end."
    ),
    source=said(
        "PC 52/2004 and PI 17/2010, case transfers: at all times clear who is responsible; the monthly count is this service’s own"
    ),
    counted=(said("held throughout"), said("held by nobody on some day")),
    rules=(),
    unit=unit("month", "months"),
)


def whole_months(story: Story, policy: Policy) -> Iterator[Lasting]:
    held = held_days(story.holders)

    def answer(month: date) -> Answer:
        end = next_month(month)
        missing = (end - month).days - days(held, month, end)
        holder = story.holder_at_end_of(month)
        number = holder.number if holder else 0
        if not missing:
            return Answer(Verdict.YES, said("Somebody held the case on every day"), number)
        return Answer(Verdict.NO, lambda: said("Nobody held the case on {days}", days=plural(missing, "day")), number)

    return by_whole_month(story, answer, ())


MEASURES = (of_lasting(WORDS, whole_months),)
