"""What is due about the risk in a case: in words, on which day, from which entry, and by which limit of the policy."""

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.policy import Policy
from domain.risk_review import ReviewState
from domain.words import Counted, plural, said, stored, within
from projections.referrals import Review
from projections.risk import Picture

REGISTRATION = stored("Review of a registration: {register}")
EVENT = stored("RoSH after a significant event: {event}")
REFERRAL = stored("Risk review: {what}")
CHECK = stored("Answer to a safeguarding check: {agency}")


class Due(msgspec.Struct, frozen=True):
    """Something about the risk that is due on a day: in words, from which entry, and by which limit and value of the policy."""

    due_on: date
    what: str
    number: int
    rule: str
    limit: str


def dues(seen: Picture, policy: Policy, *, ended: bool) -> list[Due]:
    """What is due about the risk, the soonest first. After supervision only answers and offences are still waited for.

    The review of the RoSH level itself is not here: it stands on every list of cases by its own name.
    """
    found = [*_awaited(seen, policy), *(() if ended else _under_supervision(seen, policy))]
    return sorted(found, key=lambda due: (due.due_on, due.number))


def _under_supervision(seen: Picture, policy: Policy) -> Iterator[Due]:
    for r in seen.standing:
        months = plural(policy.registers.review_months.get(r.register, 0), "month")
        limit = said("{months} after it was last looked at, or sooner", months=months)
        what = said(REGISTRATION, register=r.name)
        yield Due(r.review_due_on, what, r.number, "registers.review_months", limit)
    days = _days(policy.risk.review_after_event_working_days)
    for event in seen.events:
        if not event.assessed_by:
            what = said(EVENT, event=event.kind)
            yield Due(event.due_on, what, event.number, "risk.review_after_event_working_days", said("{days} after the event", days=days))
    for review in seen.reviews:
        if review.due_on is not None:
            rule, limit = _clock(review, policy)
            what = said(REFERRAL, what=within(review.due_what))
            yield Due(review.due_on, what, review.number, f"risk_review.{rule}", limit)


def _awaited(seen: Picture, policy: Policy) -> Iterator[Due]:
    asked = said("{days} after the request", days=_days(policy.safeguarding.response_working_days))
    for check in seen.checks:
        if check.result is None:
            what = said(CHECK, agency=check.agency)
            yield Due(check.due_on, what, check.number, "safeguarding.response_working_days", asked)
    group, clock = "serious_further_offence", policy.serious_further_offence
    for offence in seen.offences:
        if offence.notify_by:
            limit = said("{days} after the court appearance", days=_days(clock.notify_working_days))
            yield Due(
                offence.notify_by, said("Serious further offence: notification"), offence.number, f"{group}.notify_working_days", limit
            )
        if offence.submit_by:
            limit = said("{months} after the offence was recorded", months=plural(clock.review_months, "month"))
            yield Due(offence.submit_by, said("Serious further offence: review"), offence.number, f"{group}.review_months", limit)


def _clock(review: Review, policy: Policy) -> tuple[str, str]:
    """Which value of the policy a referral's clock follows, and what it says."""
    clock = policy.risk_review
    if review.urgent:
        return "urgent_working_days", said(
            "An urgent referral: {limit}", limit=_days(clock.urgent_working_days) if clock.urgent_working_days else said("the same day")
        )
    if review.state in (ReviewState.BEGUN, ReviewState.SENT):
        return "refer_working_days", said("{days} after the referral was begun", days=_days(clock.refer_working_days))
    return "decision_working_days", said("{days} after the NPS received it", days=_days(clock.decision_working_days))


def _days(number: int) -> Counted:
    return plural(number, "working day")
