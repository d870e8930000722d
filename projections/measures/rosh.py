"""The level of risk of serious harm (RoSH): whether it is looked at again when it is due, and after what may change it."""

from collections.abc import Iterator
from itertools import zip_longest

from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.lasting import Done, Lasting, under_supervision
from projections.measure import Words, of_lasting
from projections.risk import picture
from projections.story import Story

REVIEWED = Words(
    name="rosh-reviewed",
    title=said("RoSH reviewed in time"),
    theme=said("Risk"),
    question=said("Of the reviews of the risk of serious harm that were due, how many were made in time?"),
    definition=said(
        "Each assessment is due again on the day that it says, or after the policy’s months when those end sooner; the next "
        "assessment meets that. It counts in the month in which it was due, with whoever held the case then or, if it was met sooner, "
        "at that time. It is due in custody too, because the level is asked for as if release were imminent. Once supervision has "
        "ended nothing is due."
    ),
    source=said("NDelius register review period for RoSH; PC 36/2006 on assessing in custody"),
    counted=(said("in time"), said("late or not done")),
    rules=("general.rosh_review_months",),
    unit=unit("review", "reviews"),
)
AFTER_EVENT = Words(
    name="rosh-after-event",
    title=said("RoSH looked at after an event"),
    theme=said("Risk"),
    question=said("Of the significant events, after how many was the risk of serious harm soon assessed again?"),
    definition=said(
        "Each significant event that was noted: yes when the risk was assessed at or after it, by the end of the limit, whether or "
        "not the level changed. Once supervision has ended nothing is due."
    ),
    source=said("NDelius has a contact ‘significant event – OASys review’; the limit is this service’s own"),
    counted=(said("in time"), said("late or not done")),
    rules=("risk.review_after_event_working_days",),
    unit=unit("event", "events"),
)


def reviewed(story: Story, policy: Policy) -> Iterator[Lasting]:
    line = story.once(picture, policy).assessments
    for assessed, after in zip_longest(line, line[1:]):
        due = min(assessed.review_due_on, policy.rosh_review_due(assessed.on))
        met = Done(after.on, after.number) if after else None
        yield under_supervision(story, policy, Done(assessed.on, assessed.number), due, met, said("Assessed again"))


def after_event(story: Story, policy: Policy) -> Iterator[Lasting]:
    seen = story.once(picture, policy)
    days = {assessed.number: assessed.on for assessed in seen.assessments} if seen.events else {}
    for event in seen.events:
        met = Done(days[event.assessed_by], event.assessed_by) if event.assessed_by else None
        yield under_supervision(story, policy, Done(local_day(event.happened_at), event.number), event.due_on, met, said("Assessed"))


MEASURES = (of_lasting(REVIEWED, reviewed), of_lasting(AFTER_EVENT, after_event))
