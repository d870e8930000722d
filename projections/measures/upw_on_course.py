"""On course for 12 months: whether unpaid work is done as fast as it must be for all its hours to be worked in time."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from domain.policy import Policy
from domain.words import said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_lasting
from projections.story import Story
from projections.supervision import Supervised, days, joined
from projections.upw_due import expected_minutes
from projections.upw_state import UpwState, works
from projections.upw_weeks import workable

WORDS = Words(
    name="upw-on-course",
    title=said("On course for 12 months"),
    theme=said("Unpaid work"),
    question=said("Of the whole months of unpaid work, at the end of how many were enough hours credited?"),
    definition=said(
        "Each whole month in which a requirement was to be worked and the person could be seen on every day, without months in which "
        "it was suspended on any: yes when, at its end, at least as many minutes were credited as on a straight line from the day of "
        "the order to the last day, which is twelve months later or what the court gave. The twelve months run on while work is "
        "suspended, so the line starts later by as many days and ends on the same day. The hours and the last day are those that the "
        "court said last. It says whether the hours will be worked in time and not whose doing it is."
    ),
    source=said("Sentencing Act 2020 Schedule 9: worked within 12 months; the straight line is this service’s own"),
    counted=(said("on course"), said("behind")),
    rules=("unpaid_work.months_to_work",),
    unit=unit("month", "months"),
)


def whole_months(story: Story, policy: Policy) -> Iterator[Lasting]:
    for state in works(story):
        yield from _months(story, state)


def _months(story: Story, state: UpwState) -> Iterator[Lasting]:
    suspended = joined((since, until) for since, until in state.suspensions if since != until)
    worked = [local_day(s.reads.occurred_at) for s in state.sessions]
    credited = [0, *accumulate(s.reads.minutes_credited for s in state.sessions)]

    def answer(month: date) -> Answer:
        end = next_month(month)
        done = bisect_left(worked, end)
        number = state.sessions[done - 1].number if done else state.number
        return _answer(state, suspended, end - timedelta(days=1), credited[done], number)

    return by_whole_month(story, answer, [*worked, state.until], workable(story, state))


def _answer(state: UpwState, suspended: list[Supervised], last: date, credited: int, number: int) -> Answer:
    begins = state.ordered_on + timedelta(days=days(suspended, state.ordered_on, last))
    expected = expected_minutes(state.ordered_minutes, begins, state.until, last)
    return Answer(Verdict.YES if credited >= expected else Verdict.NO, lambda: _told(state, credited, expected), number)


def _told(state: UpwState, credited: int, expected: int) -> str:
    return said(
        "{credited:,} minutes credited of {ordered:,}; {expected:,} by the straight line to {day}",
        credited=credited,
        ordered=state.ordered_minutes,
        expected=expected,
        day=state.until,
    )


MEASURES = (of_lasting(WORDS, whole_months),)
