"""Risk reviews: how soon a CRC's referral is with the NPS, and how soon the NPS answers it."""

from collections.abc import Iterator

from domain.policy import Policy
from domain.risk_review import ReviewState
from domain.words import said, unit
from projections.lasting import Done, Lasting, under_supervision
from projections.measure import Words, of_lasting
from projections.risk import picture
from projections.story import Story

SENT = Words(
    name="risk-referral-sent",
    title=said("Risk referral sent in time"),
    theme=said("Risk"),
    question=said("Of the referrals to the NPS that a CRC began, how many were sent in time?"),
    definition=said(
        "Each risk review that was begun: yes when the referral form was complete by the end of the limit; an urgent one has a limit "
        "of its own. One that was withdrawn before that is left out, and so is one of a person whose supervision ended before the "
        "limit."
    ),
    source=said("PI 57/2014: without delay; the limits are this service’s own or recalled"),
    counted=(said("in time"), said("late or not sent")),
    rules=("risk_review.refer_working_days", "risk_review.urgent_working_days"),
    unit=unit("referral", "referrals"),
)
ANSWERED = Words(
    name="risk-review-answered",
    title=said("Risk review answered"),
    theme=said("Risk"),
    question=said("Of the referrals that the NPS received, how many did it decide on in time?"),
    definition=said(
        "Each risk review that the NPS received: yes when it decided, high or not high, by the end of the limit. A question to the "
        "CRC does not stop the clock; a review that was withdrawn and resumed begins a new one. One that was withdrawn before a "
        "decision is left out, and so is one of a person whose supervision ended before the limit. It stands with the team that holds "
        "the case, though the NPS answers."
    ),
    source=said("PI 57/2014: the NPS reviews; no published limit was found, so the limits are recalled"),
    counted=(said("in time"), said("late or not answered")),
    rules=("risk_review.decision_working_days", "risk_review.urgent_working_days"),
    unit=unit("referral", "referrals"),
)


def sent(story: Story, policy: Policy) -> Iterator[Lasting]:
    for review in story.once(picture, policy).reviews:
        withdrawn = said("It was withdrawn before it was sent") if review.sent is None and not review.open else ""
        began = Done(review.begun_on, review.number)
        yield under_supervision(story, policy, began, review.refer_by, review.sent, said("Referral sent"), withdrawn)


def answered(story: Story, policy: Policy) -> Iterator[Lasting]:
    for review in story.once(picture, policy).reviews:
        if review.received_on is None or review.decide_by is None:
            continue
        withdrawn = said("It was withdrawn before the decision") if review.state is ReviewState.WITHDRAWN else ""
        began = Done(review.received_on, review.number)
        yield under_supervision(story, policy, began, review.decide_by, review.decided, said("Decided"), withdrawn)


MEASURES = (of_lasting(SENT, sent), of_lasting(ANSWERED, answered))
