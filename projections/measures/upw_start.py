"""The start of unpaid work: how soon after the order the person is assessed and inducted, instructed and at work."""

from collections.abc import Iterator
from datetime import date

from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.lasting import Done, Lasting, limit, not_seen_throughout
from projections.measure import Words, of_lasting
from projections.story import Story
from projections.upw_due import assess_by, work_by
from projections.upw_state import UpwState, works

LEFT_OUT = said(
    "Left out when it was not done in time and, by the end of the limit, the work had ended or been suspended, supervision had ended, or "
    "the person could not be seen on every day."
)
ASSESSED, WORKED = "unpaid_work.assessed_within_working_days", "unpaid_work.worked_within_working_days"


def assessed(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        met = max(state.assessed, state.inducted) if state.assessed and state.inducted else None
        yield _limit(story, policy, state, assess_by(state, policy), met, said("Assessed and inducted"))


def instructed(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        told = (Done(local_day(i.told.occurred_at), i.number) for i in state.instructions.values())
        yield _limit(story, policy, state, work_by(state, policy), min(told, default=None), said("First instructed"))


def worked(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        first = next((s for s in state.sessions if s.reads.minutes_credited), None)
        met = Done(local_day(first.reads.occurred_at), first.number) if first else None
        yield _limit(story, policy, state, work_by(state, policy), met, said("First worked"))


def _limit(story: Story, policy: Policy, state: UpwState, due: date, met: Done | None, done: str) -> Lasting:
    in_time = met is not None and met.on <= due
    holder = story.holder_on(met.on if met is not None and in_time else due)
    left_out = "" if in_time else _left_out(story, state, due)
    return limit(state.number, state.ordered_on, due, met, done, holder, policy, left_out)


def _left_out(story: Story, state: UpwState, due: date) -> str:
    if state.ended is not None and state.ended.on <= due:
        return said("The work ended before the limit")
    if any(since <= due for since, _ in state.suspensions):
        return said("The work was suspended before the limit")
    return not_seen_throughout(story, state.ordered_on, due)


def _start(name: str, title: str, question: str, definition: str, rules: tuple[str, ...]) -> Words:
    source = said(
        "Community Payback Practice Guidance, 2019, asks for a prompt start; no published limit was found, so the limits are recalled"
    )
    whole = said("{definition} {left_out}", definition=definition, left_out=LEFT_OUT)
    counted = (said("in time"), said("late or not done"))
    return Words(name, title, said("Unpaid work"), question, whole, source, counted, rules, unit("requirement", "requirements"))


MEASURES = (
    of_lasting(
        _start(
            "upw-assessed",
            said("Unpaid work assessed in time"),
            said("Of the people ordered to do unpaid work, how many were assessed and inducted in time?"),
            said(
                "Each unpaid work requirement: yes when both the assessment and the induction had been done by the end of the limit, "
                "counted from the day of the order."
            ),
            (ASSESSED,),
        ),
        assessed,
    ),
    of_lasting(
        _start(
            "upw-instructed",
            said("Unpaid work instructed in time"),
            said("Of the people ordered to do unpaid work, how many were instructed to come in time?"),
            said(
                "Each unpaid work requirement: yes when the person had been instructed for the first time by the day by which they should "
                "first work."
            ),
            (ASSESSED, WORKED),
        ),
        instructed,
    ),
    of_lasting(
        _start(
            "upw-first-session",
            said("First session in time"),
            said("Of the people ordered to do unpaid work, how many had worked a first session in time?"),
            said(
                "Each unpaid work requirement: yes when minutes had been credited for a session by the end of both limits, that for the "
                "assessment and that for the first session, one after the other. Whose doing it was that a session was lost another "
                "measure asks."
            ),
            (ASSESSED, WORKED),
        ),
        worked,
    ),
)
