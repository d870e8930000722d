"""Days of the past: everything as known at a position, in a schema of its own."""

from datetime import datetime
from typing import Any

from psycopg import Connection

from domain.policy import Policy
from projections import building, engine
from projections.engine import Models
from store.record import Record


def as_known_at(record: Record, models: Models, policy: Policy, position: int, progress: building.Progress | None = None) -> str:
    """The schema that holds everything as known at a position: built on first asking, found at once again."""
    name = f"as_known_{position}_{engine.digest(models, policy)[:8]}"
    with record.pool.connection() as conn:
        if _used(conn, name):
            return name
    with building.alone(record, building.REBUILD_LOCK):
        with record.pool.connection() as conn:
            if _used(conn, name):
                return name
            building.drop(conn, name)
        building.build(record, models, policy, name, position, progress)
        with record.pool.connection() as conn:
            conn.execute("insert into app.snapshot (name, position, built_at) values (%s, %s, clock_timestamp())", (name, position))
    return name


def _used(conn: Connection[Any], name: str) -> bool:
    found = conn.execute("update app.snapshot set used_at = clock_timestamp() where name = %s returning 1", (name,))
    return found.fetchone() is not None


def drop_stale(record: Record, before: datetime) -> int:
    """Drop the days of the past that nobody has asked for since `before`; returns how many."""
    with record.pool.connection() as conn:
        stale = conn.execute("delete from app.snapshot where used_at < %s returning name", (before,)).fetchall()
        for (name,) in stale:
            building.drop(conn, name)
    return len(stale)
