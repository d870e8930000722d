"""Who of the practitioners and the people on probation know one another, and who is in a group with whom."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from domain.suggestion import Known
from projections import seen
from projections.story import Story


def held(conn: Connection[Any], *, streams: Sequence[UUID], now: datetime) -> dict[UUID, dict[str, Known]]:
    """By case, everybody who was its officer, and for how many whole days in all: who had it for less does not know the person by it."""
    query = (
        "select stream_id, practitioner, floor(sum(extract(epoch from coalesce(until, %(now)s) - since)) / 86400)::int"
        " from holder where stream_id = any(%(streams)s) and practitioner <> '' group by 1, 2"
    )
    found: dict[UUID, dict[str, Known]] = defaultdict(dict)
    for stream_id, practitioner, days in conn.execute(query, {"streams": list(streams), "now": now}).fetchall():
        found[stream_id][practitioner] = Known(days)
    return found


def met(story: Story, now: datetime) -> dict[str, Known]:
    """Everybody who was the officer or wrote of a contact; `met` counts the contacts that took place with the person, calls among them."""
    days: dict[str, float] = defaultdict(float)
    times: dict[str, int] = defaultdict(int)
    for holder in story.holders:
        days[holder.practitioner] += ((holder.until or now) - holder.since).total_seconds() / 86_400
    for contact in story.contacts:
        times[contact.worker] += seen.met(contact.facts) is True
    return {code: Known(int(days[code]), times[code]) for code in {*days, *times} if code}


def groups(conn: Connection[Any], *, streams: Sequence[UUID], now: datetime) -> dict[UUID, frozenset[str]]:
    """By case, the group sessions that the person is expected at."""
    query = (
        "select stream_id, array_agg(distinct session) from diary"
        " where stream_id = any(%(streams)s) and session <> '' and starts_at > %(now)s and not cancelled group by 1"
    )
    return {stream: frozenset(sessions) for stream, sessions in conn.execute(query, {"streams": list(streams), "now": now}).fetchall()}
