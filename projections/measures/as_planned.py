"""Seen as planned: whether there was contact as often as the case's own pattern says, in the way that it says."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from domain.contact import Mode
from domain.policy import Policy
from domain.words import plural, said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_lasting
from projections.plans import Pattern, patterns
from projections.seen import awaited, met
from projections.story import Story

WORDS = Words(
    name="as-planned",
    title=said("Seen as planned"),
    theme=said("Contact level"),
    question=said(
        "Of the whole months in which the person could be seen, in how many was there contact as often and in the way as planned?"
    ),
    definition=said(
        "Each case has its own pattern of contact: one contact in so many days, in one way, with the reason for it. A whole month is "
        "as planned when as many contacts with the person took place in the planned way as whole turns of the pattern fit into the "
        "month; a turn longer than the month is looked at as a whole, up to the month’s end. So whoever is seen exactly as planned "
        "always is. A month in which the pattern was set or changed, and one that ends before its first turn has, is left out. "
        "Without a pattern, and where only contacts and appointments whose outcome, way or company was not recorded could make up the "
        "number, the month is ‘not evidenced’. Contact in another way than planned does not count, however good it was."
    ),
    source=said(
        "No national minimum of contact: HM Inspectorate of Probation’s position statement and National Standards 2015; so each case "
        "is held to the pattern that was planned for it. The way of counting is this service’s own"
    ),
    counted=(said("as planned"), said("not as planned")),
    rules=(),
    unit=unit("month", "months"),
)
NO_PATTERN = Answer(Verdict.NOT_EVIDENCED, said("No pattern of contact was recorded"))


class Days(NamedTuple):
    """Days of contact with the person in one way, in order: those that took place, and those of which that is not evidenced."""

    kept: list[tuple[date, int]]
    unsure: list[date]


def as_planned(story: Story, policy: Policy) -> Iterator[Lasting]:
    """Each whole month of exposure, held to the pattern that was planned for all of it."""
    planned = patterns(story)
    of = {pattern.mode: _days(story, pattern.mode) for pattern in planned}

    def answer(month: date) -> Answer:
        following = next_month(month)
        begun = [pattern for pattern in planned if pattern.from_on < following]
        if not begun:
            return NO_PATTERN
        pattern = begun[-1]
        if pattern.from_on > month:
            return Answer(Verdict.LEFT_OUT, lambda: said("The pattern was set on {day}", day=pattern.from_on), pattern.number)
        since = following - timedelta(days=max(pattern.every_days, (following - month).days))
        if since < pattern.from_on or since < _could_be_seen_since(story, month):
            return Answer(Verdict.LEFT_OUT, said("Its first turn had not ended"), pattern.number)
        return _answer(pattern, of[pattern.mode], since, following)

    return by_whole_month(story, answer, _changes(story, planned, of))


def _could_be_seen_since(story: Story, month: date) -> date:
    return next(span.since for span in reversed(story.exposed) if span.since <= month)


def _days(story: Story, mode: Mode) -> Days:
    found = Days([], [])
    for contact in story.contacts:
        way = contact.facts.mode
        if way is mode or way is Mode.OTHER:
            took_place = met(contact.facts)
            if took_place and way is mode:
                found.kept.append((contact.day, contact.number))
            elif took_place is not False:
                found.unsure.append(contact.day)
    found.unsure.extend(local_day(d.starts_at) for d in story.once(awaited) if d.arranged.mode is mode)
    found.unsure.sort()
    return found


def _answer(pattern: Pattern, of: Days, since: date, until: date) -> Answer:
    """What became of the pattern from one day to the day before another."""
    first, end = bisect_left(of.kept, (since, 0)), bisect_left(of.kept, (until, 0))
    kept, perhaps = end - first, bisect_left(of.unsure, until) - bisect_left(of.unsure, since)
    turns = (until - since).days // pattern.every_days
    if kept >= turns:
        return Answer(Verdict.YES, lambda: _told(kept, pattern), of.kept[end - 1][1])
    if kept + perhaps >= turns:
        return Answer(Verdict.NOT_EVIDENCED, lambda: _told(kept, pattern, perhaps), pattern.number)
    return Answer(Verdict.NO, lambda: _told(kept, pattern), pattern.number)


def _told(kept: int, pattern: Pattern, perhaps: int = 0) -> str:
    took_place = said("{contacts} in that way took place", contacts=plural(kept, "contact"))
    parts = {
        "took_place": took_place if kept else said("No contact in that way took place"),
        "often": said("every {days}", days=plural(pattern.every_days, "day")) if pattern.every_days > 1 else said("every day"),
        "mode": pattern.mode,
    }
    if perhaps:
        return said("{took_place}, and {perhaps} of which that was not recorded; planned {often}, {mode}", perhaps=perhaps, **parts)
    return said("{took_place}; planned {often}, {mode}", **parts)


def _changes(story: Story, planned: list[Pattern], of: dict[Mode, Days]) -> Iterator[date]:
    """The days after which a later month may be answered otherwise: a turn after anything that happened."""
    longest = timedelta(days=max((pattern.every_days for pattern in planned), default=0))
    for day in (*(p.from_on for p in planned), *(span.since for span in story.exposed)):
        yield day + longest
    for kept, unsure in of.values():
        if kept:
            yield kept[-1][0] + longest
        if unsure:
            yield unsure[-1] + longest


MEASURES = (of_lasting(WORDS, as_planned),)
