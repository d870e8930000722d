"""Days of supervision and of exposure: under any sentence, less the time in which nobody could have seen the person."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TypeAlias

import msgspec

from domain.entry import Standing
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.phase import LEADS_TO, PssBegan, Recalled, Released
from domain.remembered import Phase
from domain.sentence import BEGINS, SentenceAmended, SentenceEnded, SentenceStarted
from domain.working_days import local_day

Change: TypeAlias = Released | Recalled | PssBegan | SentenceEnded
AWAY = frozenset({Phase.CUSTODY, Phase.RECALLED})
"""Phases in which the person is in custody, or should be."""


class Supervised(msgspec.Struct, frozen=True):
    """Days from one to the day before another; an interval that still runs has no end."""

    since: date
    until: date | None


class Stage(msgspec.Struct, frozen=True):
    """A phase of one sentence. `number` is the entry that began it; `ends_on` is when it should end, where that was said."""

    number: int
    phase: Phase
    since: datetime
    until: datetime | None
    ends_on: date | None


class Interrupted(msgspec.Struct, frozen=True):
    """An interruption of supervision; `ended_by` is the entry that ended it, 0 while it lasts."""

    number: int
    kind: str
    place: str
    since: datetime
    until: datetime | None
    ended_by: int


def stages(
    started: Sequence[Standing[SentenceStarted]], amended: Iterable[Standing[SentenceAmended]], changes: Iterable[Standing[Change]]
) -> dict[int, list[Stage]]:
    """The phases of each sentence, by its number, in the order in which they were recorded."""
    ends = {s.number: s.reads.expected_end_on for s in started} | {s.reads.sentence: s.reads.expected_end_on for s in amended}
    found = {s.number: [Stage(s.number, BEGINS[s.reads.kind], s.reads.occurred_at, None, ends[s.number])] for s in started}
    for change in sorted(changes, key=lambda change: change.number):
        event = change.reads
        line = found.get(event.sentence)
        if line is None:
            continue
        line[-1] = msgspec.structs.replace(line[-1], until=event.occurred_at)
        line.append(Stage(change.number, LEADS_TO[type(event)], event.occurred_at, None, _ends_on(event, line[0].ends_on)))
    return found


def _ends_on(event: Change, sentence_ends_on: date | None) -> date | None:
    if isinstance(event, Released):
        return event.licence_ends_on
    return event.expected_end_on if isinstance(event, PssBegan) else sentence_ends_on


def interruptions(began: Iterable[Standing[InterruptionBegan]], ended: Iterable[Standing[InterruptionEnded]]) -> list[Interrupted]:
    ends = {s.reads.interruption: s for s in ended}
    found = []
    for s in began:
        end = ends.get(s.number)
        until, ended_by = (end.reads.occurred_at, end.number) if end else (None, 0)
        found.append(Interrupted(s.number, s.reads.kind.value, s.reads.place, s.reads.occurred_at, until, ended_by))
    return found


def joined(spans: Iterable[tuple[date, date | None]]) -> list[Supervised]:
    """The same days, with intervals that touch made one."""
    found: list[Supervised] = []
    for since, until in sorted(spans, key=lambda span: span[0]):
        last = found[-1] if found else None
        if last is not None and (last.until is None or since <= last.until):
            found[-1] = Supervised(last.since, None if last.until is None or until is None else max(last.until, until))
        else:
            found.append(Supervised(since, until))
    return found


def away(line: Iterable[Sequence[Stage]], interrupted: Iterable[Interrupted]) -> list[Supervised]:
    """The days in custody under any sentence, or while supervision was interrupted."""
    spans = [(stage.since, stage.until) for stages in line for stage in stages if stage.phase in AWAY]
    spans += [(i.since, i.until) for i in interrupted]
    as_days = [(local_day(since), local_day(until) if until else None) for since, until in spans]
    return joined(span for span in as_days if span[0] != span[1])


def without(days: Sequence[Supervised], taken: Sequence[Supervised]) -> list[Supervised]:
    """The intervals of `days` with those of `taken` cut out."""
    if not taken:
        return list(days)
    return [left for span in days for left in _cut(span, taken)]


def _cut(span: Supervised, taken: Sequence[Supervised]) -> Iterable[Supervised]:
    """What is left of one interval: between the end of each that is taken and the beginning of the next."""
    edges = [Supervised(date.min, span.since), *taken, Supervised(span.until or date.max, None)]
    for before, after in pairwise(edges):
        if before.until is None:
            return
        since, until = max(before.until, span.since), min(after.since, span.until or date.max)
        if since < until:
            yield Supervised(since, None if until == date.max else until)


def days(spans: Iterable[Supervised], since: date, until: date) -> int:
    """How many days of the intervals lie from one day to the day before another."""
    return sum(max((min(span.until or until, until) - max(span.since, since)).days, 0) for span in spans)
