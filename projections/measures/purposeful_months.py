"""Months with purposeful activity: in which whole months nothing that was meant to help happened at all."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month
from projections.measure import Words, of_lasting
from projections.purposeful import verdicts
from projections.seen import awaited
from projections.story import Story

WORDS = Words(
    name="purposeful-months",
    title=said("Months with purposeful activity"),
    theme=said("Purposeful activity"),
    question=said("Of the whole months in which the person could be seen, how many had a purposeful contact?"),
    definition=said(
        "Each whole month in which the person could be seen on every day has at least one contact that is purposeful as the measure "
        "of that name says, or it has none. A month without one in which a contact was not evidenced, or in which the outcome of an "
        "appointment was not recorded, is ‘not evidenced’. Time in custody, on recall, on remand or with a warrant out does not "
        "count."
    ),
    source=said(
        "HM Inspectorate of Probation, thematic inspection of rehabilitation activity requirements, February 2017: in more than one "
        "case in ten no purposeful activity at all; counting it by the month is this service’s own"
    ),
    counted=(said("with purposeful activity"), said("without purposeful activity")),
    rules=("purposeful",),
    unit=unit("month", "months"),
)
NOTHING = Answer(Verdict.NO, said("No purposeful contact"))


def purposeful_months(story: Story, policy: Policy) -> Iterator[Lasting]:
    """Each whole month of exposure, with its first purposeful contact or else the first entry that may have been one."""
    found: dict[tuple[int, int], Answer] = {}
    perhaps: dict[tuple[int, int], Answer] = {}
    for contact, verdict in zip(story.contacts, story.once(verdicts, policy), strict=True):
        if verdict is Verdict.YES or verdict is Verdict.NOT_EVIDENCED:
            day, known = contact.day, found if verdict is Verdict.YES else perhaps
            if (month := (day.year, day.month)) not in known:
                known[month] = Answer(verdict, partial(_of_contact, verdict, day), contact.number)
    could_count = policy.purposeful.modes | policy.purposeful.planned_only_modes
    for d in story.once(awaited):
        if d.arranged.mode in could_count:
            on = local_day(d.starts_at)
            perhaps.setdefault((on.year, on.month), Answer(Verdict.NOT_EVIDENCED, partial(_of_appointment, on), d.number))
    answers = perhaps | found
    changes = [date(*max(answers), 1)] if answers else []
    return by_whole_month(story, lambda month: answers.get((month.year, month.month), NOTHING), changes)


def _of_contact(verdict: Verdict, day: date) -> str:
    if verdict is Verdict.YES:
        return said("Purposeful contact on {day}", day=day)
    return said("None is evidenced; perhaps the contact on {day}", day=day)


def _of_appointment(day: date) -> str:
    return said("None is evidenced; perhaps the appointment on {day}, whose outcome was not recorded", day=day)


MEASURES = (of_lasting(WORDS, purposeful_months),)
