"""What is due about unpaid work and by when, and how much of it should be done by a day."""

from datetime import date
from typing import NamedTuple

from domain.policy import Policy
from domain.unpaid_work import UpwReview
from domain.words import said
from domain.working_days import add_working_days
from projections.upw_state import UpwState


class Due(NamedTuple):
    """Something to be done about unpaid work: by when, and the policy value that says so."""

    what: str
    on: date
    rule: str


def assess_by(state: UpwState, policy: Policy) -> date:
    """The last day in time for the assessment and the induction."""
    return add_working_days(state.ordered_on, policy.unpaid_work.assessed_within_working_days, policy.bank_holidays)


def work_by(state: UpwState, policy: Policy) -> date:
    """The last day in time for the first work session, and so for the instruction to come to it."""
    return add_working_days(assess_by(state, policy), policy.unpaid_work.worked_within_working_days, policy.bank_holidays)


def due(state: UpwState, policy: Policy) -> list[Due]:
    """What is still to be done, soonest first; whether it is late depends on the day looked at."""
    if state.ended is not None:
        return []
    found = [Due(said("All hours worked"), state.until, "months_to_work")]
    if not (state.assessed and state.inducted):
        found.append(Due(said("Assessment and induction"), assess_by(state, policy), "assessed_within_working_days"))
    if not state.worked_on:
        what = said("First work session") if state.instructions else said("First instruction")
        found.append(Due(what, work_by(state, policy), "worked_within_working_days"))
    for kind, rule in (
        (UpwReview.SIX_MONTHS, "review_months"),
        (UpwReview.NINE_MONTHS, "review_months"),
        (UpwReview.SUSPENSION, "suspension_review_months"),
    ):
        day = state.review_due_on(kind, policy)
        if day is not None and (kind not in state.reviewed or kind is UpwReview.SUSPENSION):
            found.append(Due(kind.capitalize(), day, rule))
    return sorted(found, key=lambda d: (d.on, d.what))


def pressing(state: UpwState, policy: Policy) -> list[Due]:
    """What presses somebody. The limit for the assessment is recalled only, so it stands on the case's own page and presses nobody."""
    return [item for item in due(state, policy) if item.rule != "assessed_within_working_days"]


def expected_minutes(ordered: int, since: date, until: date, today: date) -> int:
    """What would be credited by today if the hours were worked evenly until the last day: the straight line."""
    days = (until - since).days
    return ordered if days <= 0 else ordered * min(max((today - since).days, 0), days) // days
