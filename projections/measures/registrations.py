"""Registers: whether each reason why a case is flagged (MAPPA, child protection and the others) is looked at again in time."""

from collections.abc import Iterator
from itertools import zip_longest

from domain.policy import Policy
from domain.register import latest_review
from domain.words import said, unit
from projections.lasting import Done, Lasting, under_supervision
from projections.measure import Words, of_lasting
from projections.risk import Look, Registration, picture
from projections.story import Story

WORDS = Words(
    name="registrations-reviewed",
    title=said("Registrations reviewed in time"),
    theme=said("Risk"),
    question=said("Of the reviews of registrations that were due, how many were made in time?"),
    definition=said(
        "Each time a case is put on a register, or its place there is reviewed, it is due again on the day that was set, or after the "
        "register’s months when those end sooner. The next review meets that, and so does taking the case off the register later "
        "than due, because it was looked at then. A registration that ended before its review was due, and one of a person whose "
        "supervision had ended, is left out. Each finding names the register."
    ),
    source=said(
        "NDelius register review periods: MAPPA and the registers of child protection and domestic abuse three months, others longer"
    ),
    counted=(said("in time"), said("late or not done")),
    rules=("registers.review_months",),
    unit=unit("review", "reviews"),
)


def reviewed(story: Story, policy: Policy) -> Iterator[Lasting]:
    for registration in story.once(picture, policy).registrations:
        looks = registration.looks
        for look, after in zip_longest(looks, looks[1:]):
            yield _due(story, policy, registration, look, after)


def _due(story: Story, policy: Policy, registration: Registration, look: Look, after: Look | None) -> Lasting:
    due = look.review_due_on
    if registration.register in policy.registers.review_months:
        due = min(due, latest_review(policy, registration.register, look.on))
    began, name = Done(look.on, look.number), registration.name
    if after is not None:
        return under_supervision(
            story, policy, began, due, Done(after.on, after.number), lambda: said("{register}: reviewed", register=name)
        )
    ended = registration.ended_on
    if ended is None:
        return under_supervision(story, policy, began, due, None, lambda: said("{register}: reviewed", register=name))
    if ended <= due:
        return under_supervision(
            story, policy, began, due, None, "", lambda: said("{register}: it ended before the review was due", register=name)
        )
    return under_supervision(
        story, policy, began, due, Done(ended, registration.ended_by), lambda: said("{register}: ended", register=name)
    )


MEASURES = (of_lasting(WORDS, reviewed),)
