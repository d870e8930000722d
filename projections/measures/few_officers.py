"""Few officers: how many officers a person has had to get used to in a year."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.policy import Policy
from domain.words import plural, said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_lasting
from projections.officers import Turn, between, turns
from projections.story import Story

WORDS = Words(
    name="few-officers",
    title=said("Few officers in 12 months"),
    theme=said("Continuity of relationship"),
    question=said("Of the whole months of supervision, after how many had the person had few officers in the 12 months before?"),
    definition=said(
        "Each whole month in which the person could be seen on every day: yes when, in the days that the policy gives up to the end "
        "of the month, no more officers had held the case than the policy allows. A time with nobody is no officer, and somebody who "
        "stands in is none. An officer who came by an administrative move counts as the one before, and such moves are named apart. "
        "When nobody had held the case at all, the month is left out."
    ),
    source=said(
        "CRC inspections counted officers in each case; no threshold was found that could be verified, so this one is the service’s own"
    ),
    counted=(said("with few officers"), said("with more officers")),
    rules=("continuity.officers_at_most", "continuity.officers_window_days"),
    unit=unit("month", "months"),
)


def whole_months(story: Story, policy: Policy) -> Iterator[Lasting]:
    found, window = story.once(turns), timedelta(days=policy.continuity.officers_window_days)

    def answer(month: date) -> Answer:
        end = next_month(month)
        return _answer(found, end - window, end, policy.continuity.officers_at_most)

    leave_the_window = (local_day(t.until) + window for t in found if t.until)
    return by_whole_month(story, answer, leave_the_window)


def _answer(found: list[Turn], since: date, until: date, at_most: int) -> Answer:
    within = between(found, since, until)
    if not within:
        return Answer(Verdict.LEFT_OUT, said("Nobody had held the case in the time before"))
    officers = len({turn.counts_as for turn in within})
    moved = sum(turn.administrative and local_day(turn.since) >= since for turn in within)
    verdict = Verdict.YES if officers <= at_most else Verdict.NO
    return Answer(verdict, lambda: _told(officers, moved), within[-1].holder.number)


def _told(officers: int, moved: int) -> str:
    counted = plural(officers, "officer")
    return said("{officers}; {moves} not counted", officers=counted, moves=plural(moved, "administrative move")) if moved else counted


MEASURES = (of_lasting(WORDS, whole_months),)
