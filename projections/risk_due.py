"""What is due about the risk in a case: in words, on which day, from which entry, and by which limit of the policy."""

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.policy import Policy
from domain.risk_review import ReviewState
from projections.referrals import Review
from projections.risk import Picture
from projections.telling.words import many


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
        limit = f"{many(policy.registers.review_months.get(r.register, 0), 'month')} after it was last looked at, or sooner"
        yield Due(r.review_due_on, f"Review of a registration: {r.name}", r.number, "registers.review_months", limit)
    days = _days(policy.risk.review_after_event_working_days)
    for event in seen.events:
        if not event.assessed_by:
            what = f"RoSH after a significant event: {event.kind}"
            yield Due(event.due_on, what, event.number, "risk.review_after_event_working_days", f"{days} after the event")
    for review in seen.reviews:
        if review.due_on is not None:
            rule, limit = _clock(review, policy)
            yield Due(review.due_on, f"Risk review: {_lower(review.due_what)}", review.number, f"risk_review.{rule}", limit)


def _awaited(seen: Picture, policy: Policy) -> Iterator[Due]:
    asked = f"{_days(policy.safeguarding.response_working_days)} after the request"
    for check in seen.checks:
        if check.result is None:
            what = f"Answer to a safeguarding check: {check.agency}"
            yield Due(check.due_on, what, check.number, "safeguarding.response_working_days", asked)
    group, clock = "serious_further_offence", policy.serious_further_offence
    for offence in seen.offences:
        if offence.notify_by:
            limit = f"{_days(clock.notify_working_days)} after the court appearance"
            yield Due(offence.notify_by, "Serious further offence: notification", offence.number, f"{group}.notify_working_days", limit)
        if offence.submit_by:
            limit = f"{many(clock.review_months, 'month')} after the offence was recorded"
            yield Due(offence.submit_by, "Serious further offence: review", offence.number, f"{group}.review_months", limit)


def _clock(review: Review, policy: Policy) -> tuple[str, str]:
    """Which value of the policy a referral's clock follows, and what it says."""
    clock = policy.risk_review
    if review.urgent:
        return "urgent_working_days", "An urgent referral: " + (
            _days(clock.urgent_working_days) if clock.urgent_working_days else "the same day"
        )
    if review.state in (ReviewState.BEGUN, ReviewState.SENT):
        return "refer_working_days", f"{_days(clock.refer_working_days)} after the referral was begun"
    return "decision_working_days", f"{_days(clock.decision_working_days)} after the NPS received it"


def _days(number: int) -> str:
    return many(number, "working day")


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
