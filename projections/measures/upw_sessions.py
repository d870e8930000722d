"""Sessions of unpaid work: whether a session that was offered came to hours, or was lost because of the service."""

from collections.abc import Iterator

from domain.outcome import OUTCOMES
from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Lasting, Why, next_month
from projections.measure import Words, of_lasting
from projections.story import Story
from projections.upw_state import Session, works

WORDS = Words(
    name="upw-sessions",
    title=said("Credited sessions"),
    theme=said("Unpaid work"),
    question=said("Of the unpaid work sessions that the service had in its hands, how many came to hours?"),
    definition=said(
        "Each session that was offered: yes when any minutes were credited; no when it was lost because of the service (stood down, "
        "sent home for want of work or staff, rescheduled by the service) or when the person was there and nothing was credited. A "
        "session to which the person did not come, from which they were sent home for their conduct, or of which their conduct took "
        "all the minutes, is left out: what the person did is enforcement’s question, and this one is the service’s. That is this "
        "service’s own decision. Where the outcome does not say whether the person came, it is not evidenced. Stood down is compliant "
        "and delivers nothing, so compliance is not asked."
    ),
    source=said("Outcome codes of NDelius (stood down AASD, sent home for service issues ATSS); thematic inspection of unpaid work, 2016"),
    counted=(said("credited"), said("lost by the service or not credited")),
    rules=(),
    unit=unit("session", "sessions"),
)


def sessions(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        for session in state.sessions:
            verdict, why = judged(session)
            at = session.reads.occurred_at
            month = local_day(at).replace(day=1)
            yield Lasting(session.number, month, next_month(month), verdict, why, story.holder_at(at), local_day(at))


def judged(session: Session) -> tuple[Verdict, Why]:
    reads, outcome = session.reads, OUTCOMES.get(session.reads.outcome)
    if reads.minutes_credited:
        return Verdict.YES, lambda: said(
            "{credited} of {offered} minutes credited", credited=reads.minutes_credited, offered=reads.minutes_offered
        )
    if outcome is None:
        return Verdict.NOT_EVIDENCED, said("The outcome is not one of those there are")
    if outcome.lost_by == "provider":
        return Verdict.NO, lambda: said("Lost because of the service: {outcome}", outcome=outcome.description)
    if outcome.lost_by == "person" or outcome.attended is False:
        return Verdict.LEFT_OUT, lambda: said("Not the service’s doing: {outcome}", outcome=outcome.description)
    if outcome.attended is None:
        return Verdict.NOT_EVIDENCED, lambda: said(
            "The outcome does not say whether the person came: {outcome}", outcome=outcome.description
        )
    if reads.penalty_minutes >= reads.minutes_offered:
        return Verdict.LEFT_OUT, said("All the minutes were taken off for conduct")
    return Verdict.NO, said("The person came, and nothing was credited")


MEASURES = (of_lasting(WORDS, sessions),)
