"""Weeks of unpaid work: in which something was credited, and by whose doing the others were lost."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from domain.working_days import local_day
from projections.story import Story
from projections.supervision import Supervised, days, joined, without
from projections.upw_state import Session, UpwState

WEEK = timedelta(days=7)


class Weeks(NamedTuple):
    """Whole weeks from Monday on, up to the Monday `until`, on every day of which the work could be done.

    Lost by the provider are those in which it lost a session or offered none; by the person those in which they did not come or were sent
    home for their conduct; by neither those with nothing but accepted reasons. After `until` nothing is known to have been offered.
    """

    credited: int
    lost_by_provider: int
    lost_by_person: int
    lost_by_neither: int
    until: date


def workable(story: Story, state: UpwState) -> list[Supervised]:
    """The days on which the work was to be done and could be: from the order to its end, without suspensions and time away."""
    over = [(state.ended.on, None)] if state.ended else []
    suspended = [(since, until) for since, until in state.suspensions if since != until]
    return without(story.exposed, joined([(date.min, state.ordered_on), *suspended, *over]))


def weeks(story: Story, state: UpwState) -> Weeks:
    """The weeks of a requirement up to the last in which a session was offered."""
    offered: dict[date, list[Session]] = defaultdict(list)
    for session in state.sessions:
        day = local_day(session.reads.occurred_at)
        offered[day - timedelta(days=day.weekday())].append(session)
    monday = first = state.ordered_on + timedelta(days=-state.ordered_on.weekday() % 7)
    until = max([first, *(week + WEEK for week in offered)])
    can = workable(story, state)
    counts: Counter[str] = Counter()
    while monday < until:
        if days(can, monday, monday + WEEK) == WEEK.days:
            counts[_came_to(offered.get(monday, []))] += 1
        monday += WEEK
    return Weeks(counts["credited"], counts["provider"], counts["person"], counts[""], until)


def _came_to(sessions: list[Session]) -> str:
    if any(session.reads.minutes_credited for session in sessions):
        return "credited"
    lost_by = {session.lost_by for session in sessions}
    if not sessions or "provider" in lost_by:
        return "provider"
    return "person" if "person" in lost_by else ""
