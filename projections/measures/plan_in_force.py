"""Plan in force: whether the work of each month stood on a plan."""

from collections.abc import Iterator
from datetime import date

from domain.event import Event
from domain.plan import ObjectiveSet, PatternSet, PlanCompleted
from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_lasting
from projections.story import Story

WORDS = Words(
    name="plan-in-force",
    title=said("Plan in force"),
    theme=said("Purposeful activity"),
    question=said("Of the whole months in which the person could be seen, at the end of how many was a completed plan in force?"),
    definition=said(
        "At the end of each whole month in which the person could be seen on every day: whether the sentence plan had been completed "
        "since supervision began. A plan of an earlier time of supervision does not count, and a plan stays in force while its review "
        "is overdue. An imported case with nothing at all about a plan is ‘not evidenced’: only its source says whether there was "
        "one. Whether the plan is any good is for people to judge."
    ),
    source=said(
        "National Standards 2015: everybody has a sentence plan; how long the first one may take is the service level ‘Plan after the "
        "first appointment kept’"
    ),
    counted=(said("with a plan in force"), said("without a plan in force")),
    rules=(),
    unit=unit("month", "months"),
)

ABOUT_A_PLAN: tuple[type[Event], ...] = (ObjectiveSet, PatternSet)


def plan_in_force(story: Story, policy: Policy) -> Iterator[Lasting]:
    """Each whole month of exposure, with the entry that completed the plan."""
    completed = [(local_day(s.reads.occurred_at), s.number) for s in story.of(PlanCompleted)]
    nothing = Answer(Verdict.NO, said("No completed plan of this supervision was in force"))
    if not completed and story.opened and story.opened.imported and not any(story.of(kind) for kind in ABOUT_A_PLAN):
        nothing = Answer(Verdict.NOT_EVIDENCED, said("Imported with nothing about a plan: only its source says whether there was one"))

    def answer(month: date) -> Answer:
        began = next(span.since for span in reversed(story.supervised) if span.since <= month)
        following = next_month(month)
        on, number = next(((on, n) for on, n in completed if began <= on < following), (None, 0))
        return Answer(Verdict.YES, lambda: said("Completed on {day}", day=on), number) if on else nothing

    return by_whole_month(story, answer, (on for on, _ in completed))


MEASURES = (of_lasting(WORDS, plan_in_force),)
