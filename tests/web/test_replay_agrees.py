"""The differences between two days and the case as known on each agree with the stored log, read by an oracle that knows nothing else."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from projections import replay
from projections.differences import Change, Difference, differences
from projections.story import Story
from store.record import Record
from web.synthetic import seed

UNTIL = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
INSTANTS, PAIRS = 200, 1000
HOLDS = {"case-allocated", "provider-allocated", "transfer-accepted"}

pytestmark = pytest.mark.xdist_group("population")


class Stored(NamedTuple):
    """A row of the log as it lies there."""

    number: int
    topic: str
    state: dict[str, Any]
    recorded_at: datetime
    position: int


class Known(NamedTuple):
    """An entry at an instant: which entry says how it reads, which withdrew it, and what it says."""

    read_by: int
    withdrawn_by: int
    topic: str
    state: dict[str, Any]


@pytest.fixture
def log(synthetic_record: Record) -> dict[UUID, list[Stored]]:
    seed(synthetic_record, cases=14, seed=7, until=UNTIL)
    query = """
        select originator_id, originator_version, topic, state, recorded_at, notification_id from record.event
        where originator_id in (select originator_id from record.event where topic = 'case-opened') order by notification_id"""
    found: dict[UUID, list[Stored]] = defaultdict(list)
    with synthetic_record.pool.connection() as conn:
        for stream, number, topic, state, recorded_at, position in conn.execute(query):
            found[stream].append(Stored(number, topic, json.loads(bytes(state)), recorded_at, position))
    return found


def known(rows: list[Stored], instant: datetime) -> dict[int, Known]:
    """Row by row, what had been recorded by an instant."""
    found: dict[int, Known] = {}
    for row in rows:
        if row.recorded_at > instant:
            continue
        if row.topic == "entry-corrected":
            before = found[row.state["entry"]]
            found[row.state["entry"]] = Known(row.number, before.withdrawn_by, before.topic, row.state["reads"])
        elif row.topic == "entry-withdrawn":
            found[row.state["entry"]] = found[row.state["entry"]]._replace(withdrawn_by=row.number)
        else:
            found[row.number] = Known(row.number, 0, row.topic, row.state)
    return found


def expected(first: dict[int, Known], second: dict[int, Known], moment: datetime) -> Iterator[Difference]:
    for number, now in sorted(second.items()):
        if (before := first.get(number)) is None:
            yield Difference(number, Change.ADDED, happened(now) <= moment, 0, now.read_by, now.withdrawn_by)
        elif now.withdrawn_by != before.withdrawn_by:
            yield Difference(number, Change.WITHDRAWN, False, before.read_by, now.read_by, now.withdrawn_by)
        elif now.read_by != before.read_by:
            yield Difference(number, Change.CORRECTED, False, before.read_by, now.read_by, now.withdrawn_by)


def happened(entry: Known) -> datetime:
    return datetime.fromisoformat(entry.state["occurred_at"])


def last(entries: dict[int, Known], topics: set[str], field: str) -> str:
    """What the latest of these to happen says, of several at one time the one recorded last; nothing if there is none."""
    standing = sorted((happened(e), number) for number, e in entries.items() if e.topic in topics and not e.withdrawn_by)
    return str(entries[standing[-1][1]].state.get(field, "")) if standing else ""


def test_for_a_thousand_random_pairs_of_instants_replay_says_what_the_log_says(
    synthetic_record: Record, log: dict[UUID, list[Stored]]
) -> None:
    rng = Random(20_171_108)
    every = [row.recorded_at for rows in log.values() for row in rows]
    first, span = min(every), max(every) - min(every)
    revised = [row.recorded_at for rows in log.values() for row in rows if row.topic in {"entry-corrected", "entry-withdrawn"}]
    # Any time, the very instants of recording, and the hours before a correction, which otherwise are seldom hit.
    instants = [first - timedelta(days=1) + rng.random() * (span + timedelta(days=2)) for _ in range(INSTANTS // 2)]
    instants += [rng.choice(every) for _ in range(INSTANTS // 4)]
    instants += [rng.choice(revised) - rng.random() * timedelta(hours=20) for _ in range(INSTANTS // 4)]
    positions = {instant: synthetic_record.position_at(instant) for instant in instants}
    stories = {stream: Story(synthetic_record.history(stream)) for stream in log}
    seen: set[Change] = set()
    late = 0
    for _ in range(PAIRS):
        stream, (earlier, later) = rng.choice(list(log)), sorted(rng.sample(instants, 2))
        before, after = known(log[stream], earlier), known(log[stream], later)
        parts = [replay.known_at(stories[stream], positions[instant]) for instant in (earlier, later)]
        histories = [part.history if part else [] for part in parts]
        for part, instant in zip(parts, (earlier, later), strict=True):
            as_known_agrees(part, log[stream], instant)
        found = differences(*histories, earlier)
        assert found == list(expected(before, after, earlier))
        seen.update(one.change for one in found)
        late += sum(one.late for one in found)
    assert seen == set(Change)
    assert late > 100


def as_known_agrees(part: Story | None, rows: list[Stored], instant: datetime) -> None:
    """The entries that there were, who held the case and how risky it was."""
    numbers = [recorded.originator_version for recorded in part.history] if part else []
    assert numbers == [row.number for row in rows if row.recorded_at <= instant]
    if part is None:
        return
    there, state = known(rows, instant), replay.state_known(part.history, instant)
    assert state is not None
    ahead = {number for number, entry in there.items() if happened(entry) > instant}
    past = {number: entry for number, entry in there.items() if number not in ahead}
    assert state.practitioner == last(past, HOLDS, "practitioner")
    assert state.rosh == last(past, {"rosh-assessed"}, "level")
