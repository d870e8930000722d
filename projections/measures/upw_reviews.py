"""Reviews of unpaid work: whether it is looked at six and nine months after the order, so that it can still be finished in time."""

from collections.abc import Iterator

from domain.policy import Policy
from domain.unpaid_work import UpwReview
from domain.words import said, unit
from projections.lasting import Done, Lasting, under_supervision
from projections.measure import Words, of_lasting
from projections.story import Story
from projections.upw_state import works

WORDS = Words(
    name="upw-reviewed",
    title=said("Unpaid work reviewed in time"),
    theme=said("Unpaid work"),
    question=said("Of the six- and nine-month reviews of unpaid work that were due, how many were held in time?"),
    definition=said(
        "Each unpaid work requirement has a review six and one nine months after the day of the order: yes when it was held by that "
        "day. When the work, or supervision, had ended by then the review is left out. It is due while the work is suspended too."
    ),
    source=said("NDelius contact types UPW7 and UPW8, the six-month and the nine-month review"),
    counted=(said("in time"), said("late or not held")),
    rules=("unpaid_work.review_months",),
    unit=unit("review", "reviews"),
)


HELD = {UpwReview.SIX_MONTHS: said("Six-month review held"), UpwReview.NINE_MONTHS: said("Nine-month review held")}


def reviewed(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        for kind in HELD:
            due = state.review_due_on(kind, policy)
            if due is None:
                continue
            over = state.ended is not None and state.ended.on <= due
            left_out = said("The work ended before the {review} was due", review=kind) if over else ""
            began = Done(state.ordered_on, state.number)
            yield under_supervision(story, policy, began, due, state.reviewed.get(kind), HELD[kind], left_out)


MEASURES = (of_lasting(WORDS, reviewed),)
