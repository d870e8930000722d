"""Findings that outlast the entry they come from: a limit that will run out, a month like the one before it.

A fold sees no clock, so what will be true later is told as facts: from which day on a finding counts, and that it counts again in
every month until something happens.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import msgspec

from domain.policy import Policy
from domain.words import plural, said
from domain.working_days import add_months, working_days_after
from projections.finding import Finding, Verdict
from projections.holder import Holder
from projections.story import Story
from projections.supervision import Supervised, days

Why = str | Callable[[], str]
"""Words, or what makes them when somebody reads them: rows need the verdict alone, and a rebuild folds millions that nobody reads."""


class Lasting(msgspec.Struct, frozen=True, gc=False):
    """A finding for each month from `since` to before `until`, both the first day of a month; without an end, for every month to come.

    `monthly` ones count once their month has ended. Before `turns_on` a finding is left out, because of `before`.
    `on` is the day that it is about, where that is not the month; `number` the entry that it stands on, 0 for none.
    """

    number: int
    since: date
    until: date | None
    verdict: Verdict
    why: Why
    holder: Holder | None
    on: date | None = None
    monthly: bool = False
    turns_on: date | None = None
    before: Why = ""


class Done(NamedTuple):
    """The day on which something was done, and the entry that says so."""

    on: date
    number: int


def limit(
    number: int,
    started_on: date,
    due_on: date,
    met: tuple[date, int] | None,
    done: Why,
    holder: Holder | None,
    policy: Policy,
    left_out: Why = "",
) -> Lasting:
    """A limit of days: met in time or late by what was `done` on a day and its entry, or not yet met; it counts in the month in which it
    ran out. While it runs it is left out, whatever it will come to. `left_out` says why it does not count at all."""
    month = due_on.replace(day=1)

    def counts(verdict: Verdict, why: Why, turns_on: date | None = None, before: Why = "") -> Lasting:
        return Lasting(met[1] if met else number, month, next_month(month), verdict, why, holder, started_on, False, turns_on, before)

    if left_out:
        return counts(Verdict.LEFT_OUT, left_out)
    if met is None:
        turns_on, before = due_on + timedelta(days=1), lambda: said("The limit has not run out: {day}", day=due_on)
        return counts(Verdict.NO, lambda: said("Not done; the limit ran out on {day}", day=due_on), turns_on, before)
    on = met[0]
    if on <= due_on:
        return counts(Verdict.YES, lambda: said("{done} on {day}", done=in_words(done), day=on))
    return counts(Verdict.NO, lambda: _late(in_words(done), due_on, on, policy))


def _late(done: str, due_on: date, on: date, policy: Policy) -> str:
    late = working_days_after(due_on, on, policy.bank_holidays)
    if not late:
        return said("{done} on {day}, after the limit and before the next working day", done=done, day=on)
    return said("{done} on {day}, {days} after the limit", done=done, day=on, days=plural(late, "working day"))


def under_supervision(story: Story, policy: Policy, began: Done, due_on: date, met: Done | None, done: Why, left_out: Why = "") -> Lasting:
    """A limit that holds while the person is supervised: it stands with whoever held the case when it was met in time or ran out."""
    if met is not None and met.on <= due_on:
        return limit(began.number, began.on, due_on, met, done, story.holder_on(met.on), policy)
    return limit(began.number, began.on, due_on, met, done, story.holder_on(due_on), policy, left_out or ended_before(story, due_on))


def ended_before(story: Story, due_on: date) -> str:
    """Why a limit that was not met does not count: on the day on which it ran out nobody was supervised any more."""
    runs = any(span.since <= due_on and (span.until is None or due_on < span.until) for span in story.supervised)
    return "" if runs else said("Supervision ended before the limit")


def not_seen_throughout(story: Story, started_on: date, due_on: date) -> str:
    """Why a limit that takes the person's presence and was not met does not count: they could not be seen on every day of it."""
    if ended := ended_before(story, due_on):
        return ended
    after = due_on + timedelta(days=1)
    whole = days(story.exposed, started_on, after) == (after - started_on).days
    return "" if whole else said("The person could not be seen on every day of the limit")


def findings_on(lasting: Iterable[Lasting], today: date) -> list[Finding]:
    """What these come to on a day: one finding a month, in the order of the months."""
    found = [finding for one in lasting for finding in _months_of(one, today)]
    return sorted(found, key=lambda finding: (finding.month, finding.on, finding.number))


def _months_of(one: Lasting, today: date) -> Iterator[Finding]:
    end = one.until or date.max
    if one.monthly:
        end = min(end, today.replace(day=1))
    waits = one.turns_on is not None and one.turns_on > today
    verdict, why = (Verdict.LEFT_OUT, in_words(one.before)) if waits else (one.verdict, in_words(one.why))
    month = one.since
    while month < end:
        yield Finding(one.number, one.on or month, month, verdict, why, "", one.holder)
        month = add_months(month, 1)


class Answer(NamedTuple):
    """What a measure says of one month: `number` is the entry that it rests on, 0 for none. It may count only later than the end of
    the month, as in `Lasting`."""

    verdict: Verdict
    why: Why
    number: int = 0
    turns_on: date | None = None
    before: Why = ""


def by_whole_month(
    story: Story, answer: Callable[[date], Answer], changes: Iterable[date], within: Sequence[Supervised] | None = None
) -> Iterator[Lasting]:
    """The answer for each whole month `within` these days, with whoever held the case when it ended; they are those on which the person
    could be seen, unless told.

    `changes` are the days after which the answer for a later month may be another; from the month after the last of them on it
    stays as it is.
    """
    settled = next_month(max((*changes, *story.holder_days), default=date.min))
    for span in story.exposed if within is None else within:
        month = first = span.since if span.since.day == 1 else next_month(span.since)
        end = None if span.until is None else span.until.replace(day=1)
        last = max(settled, first) if end is None else min(max(settled, first), end)
        while month < last:
            following = next_month(month)
            yield _month(story, month, following, answer(month))
            month = following
        if end is None or month < end:
            yield _month(story, month, end, answer(month))


def _month(story: Story, month: date, until: date | None, answer: Answer) -> Lasting:
    verdict, why, number, turns_on, before = answer
    return Lasting(number, month, until, verdict, why, story.holder_at_end_of(month), None, True, turns_on, before)


@lru_cache(maxsize=4096)
def next_month(day: date) -> date:
    """The first day of the month after; kept in memory because a rebuild asks for the same few hundred all the time."""
    return add_months(day.replace(day=1), 1)


def in_words(why: Why) -> str:
    """The words, made if they have not been."""
    return why if isinstance(why, str) else why()
