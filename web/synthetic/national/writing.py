"""Writing the nation: every stream's entries merged into one log in the order of recording, a day of them in memory at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from store.bulk import Log, filling
from store.record import Record
from web.synthetic.national.patterns import EPOCH, Pattern, moment
from web.synthetic.national.stamping import Stamped
from web.synthetic.national.worlds import Told, untold
from web.synthetic.population import SeedReport

DAY = 86_400_000_000
"""Microseconds."""
BITS = 24
"""Of a sorting key, for the number of a stream."""
Copies: TypeAlias = list[tuple[int, int]]
"""The numbers of the streams that are stamped from a pattern, each with how much later it is recorded."""
KEYS = 10_000
"""Keys of people that are made together."""
TOLD = 20_000
"""Events between two reports of progress."""


def write(record: Record, owner: str, streams: Sequence[Stamped], until: datetime, tell: Told = untold) -> SeedReport:
    """Write the streams into an empty record, as the `owner` of its database."""
    people = [one.person_id for one in streams if one.person_id is not None]
    for i in range(0, len(people), KEYS):
        record.keyring.make_many(people[i : i + KEYS])
    total = sum(len(one.pattern.entries) for one in streams)
    first = latest = EPOCH
    tell(0, total)
    with filling(owner, record.keyring) as log:
        for latest in fill(log, in_order(streams, until)):
            if log.position == 1:
                first = latest
            if log.position % TOLD == 0:
                tell(log.position, total)
    record.keyring.forget(people)
    return SeedReport(len(people), total, _topics(streams), first, latest)


def fill(log: Log, entries: Iterable[tuple[datetime, Stamped]]) -> Iterator[datetime]:
    """Put the next entry of each of these streams into the log, and tell its time of recording."""
    latest = EPOCH
    for at, one in entries:
        latest = max(at, latest)  # as record.append() does: times of recording never run backwards
        topic, body, texts = one.enter()
        one.prior = log.add(one.stream, one.version, topic, body, texts, one.person_id, latest, one.prior)
        yield latest


def in_order(streams: Sequence[Stamped], until: datetime) -> Iterator[tuple[datetime, Stamped]]:
    """When each entry of each stream is recorded, day after day; the entries of one stream come in their own order."""
    last, copies, days = moment(until), _copies(streams), defaultdict[int, list[tuple[list[int], Copies]]](list)
    for pattern, theirs in copies:
        for day, moments in groupby(pattern.moments, key=lambda at: at // DAY):
            days[day].append((list(moments), theirs))
    for day in sorted(days):
        for key in sorted(_keys(days.pop(day), last)):
            yield EPOCH + timedelta(microseconds=key >> BITS), streams[key & (1 << BITS) - 1]


def _copies(streams: Sequence[Stamped]) -> list[tuple[Pattern, Copies]]:
    found: dict[int, tuple[Pattern, Copies]] = {}
    for number, one in enumerate(streams):
        found.setdefault(id(one.pattern), (one.pattern, []))[1].append((number, one.later))
    return list(found.values())


def _keys(parts: list[tuple[list[int], Copies]], last: int) -> Iterator[int]:
    for moments, theirs in parts:
        for number, later in theirs:
            for at in moments:
                yield min(at + later, last) << BITS | number


def _topics(streams: Sequence[Stamped]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for pattern, theirs in _copies(streams):
        for entry in pattern.entries:
            counts[entry.topic] += len(theirs)
    return dict(counts)
