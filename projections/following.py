"""The follower: whatever a crash left between an append and its rows is folded soon after, and health is told."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from domain.policy import Policy
from projections import engine
from projections.building import Underway
from projections.engine import Models
from projections.rebuilding import changed, underway
from store.record import Record

STRIDE = 2_000
"""Events looked at in one go."""


def catch_up(record: Record, models: Models, policy: Policy) -> int:
    """Fold every stream whose rows are behind the log; returns how many were. Any number of followers may run."""
    folded = 0
    with record.pool.connection() as conn:
        position = _position(conn)
        head = record.head()
        while position < head:
            up_to = min(position + STRIDE, head)
            for stream in changed(conn, position, up_to):
                with engine.replacing(conn):
                    if _is_behind(conn, stream):
                        folded += engine.refold(conn, record.keyring, models, policy, stream)
            position = up_to
            conn.execute(
                "insert into app.follower (name, position) values (current_schema(), %s) on conflict (name)"
                " do update set position = excluded.position, at = clock_timestamp() where app.follower.position < excluded.position",
                (position,),
            )
    return folded


def _position(conn: Connection[Any]) -> int:
    """How far the rows that this connection looks at have followed the log."""
    row = conn.execute("select position from app.follower where name = current_schema()").fetchone()
    return row[0] if row else 0


def _is_behind(conn: Connection[Any], stream: UUID) -> bool:
    """A cheap look before the whole stream is read: after a command its rows are true already, unless a process of an older
    release, which is about to end, gave the command and folded by its own rules."""
    row = conn.execute(
        "select coalesce((select rules <> (select digest from definition) or version < (select max(originator_version)"
        " from record.event where originator_id = %(s)s) from folded where stream_id = %(s)s), true)",
        {"s": stream},
    ).fetchone()
    return bool(row and row[0])


class Health(msgspec.Struct, frozen=True):
    """How the read side stands: positions, what is parked, and which streams' rows differ from a fresh fold."""

    head: int
    position: int
    streams: int
    unfolded: int
    parked: list[tuple[UUID, str]]
    compared: int
    differing: list[UUID]
    current: bool
    """Whether the rows were folded by the code and the policy that run now; if not they are true by older rules, and not compared."""
    underway: Underway | None
    """How far the rebuild has come that will replace them."""

    @property
    def lag(self) -> int:
        return self.head - self.position

    @property
    def well(self) -> bool:
        return not (self.parked or self.differing or self.unfolded) and self.current


def health(record: Record, models: Models, policy: Policy, *, sample: int | None = 200, seed: int = 0) -> Health:
    """Compare the live rows of a sample of streams (None: of all) with a fresh fold of each."""
    head = record.head()
    with record.pool.connection() as conn:
        position = _position(conn)
        streams = [s for (s,) in conn.execute("select originator_id from record.event where originator_version = 1").fetchall()]
        folded = conn.execute("select count(*) from folded").fetchone()
        parked = conn.execute("select stream_id, error from folded where error <> '' order by stream_id").fetchall()
        defined = conn.execute("select digest from definition").fetchone()
        current = defined is not None and defined[0] == engine.digest(models, policy)
        most = len(streams) if current else 0
        chosen = random.Random(seed).sample(streams, most if sample is None else min(sample, most))
        skip = {stream for stream, _ in parked}
        differing = [s for s in chosen if s not in skip and differs(conn, record, models, policy, s)]
    return Health(
        head,
        position,
        len(streams),
        len(streams) - (folded[0] if folded else 0),
        parked,
        len(chosen),
        differing,
        current,
        underway(record, models, policy),
    )


def differs(conn: Connection[Any], record: Record, models: Models, policy: Policy, stream: UUID) -> bool:
    """Whether a stream's live rows are others than a fresh fold gives (whoever wrote to it meanwhile is waited for)."""
    with engine.replacing(conn):
        conn.execute("select 1 from folded where stream_id = %s for update", (stream,))
        if _is_behind(conn, stream):
            engine.refold(conn, record.keyring, models, policy, stream)
        fresh = engine.read_one(conn, record.keyring, models, policy, stream)
        if fresh is None or fresh.error:
            return fresh is not None
        for model in models:
            if model.table in fresh.rows and _rows(conn, model, stream) != Counter(fresh.rows[model.table]):
                return True
    return False


def _rows(conn: Connection[Any], model: engine.ReadModel, stream: UUID) -> Counter[Sequence[object]]:
    return Counter(conn.execute(f'select * from "{model.table}" where stream_id = %s'.encode(), (stream,)).fetchall())
