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
from projections.building import changed
from projections.engine import LIVE, SWAP_LOCK, Models
from store.record import Record

STRIDE = 2_000
"""Events looked at in one go."""


def catch_up(record: Record, models: Models, policy: Policy) -> int:
    """Fold every stream whose rows are behind the log; returns how many were. Any number of followers may run."""
    folded = 0
    with record.pool.connection() as conn:
        row = conn.execute("select position from app.follower where name = 'live'").fetchone()
        position = row[0] if row else 0
        head = record.head()
        while position < head:
            up_to = min(position + STRIDE, head)
            for stream in changed(conn, position, up_to):
                with conn.transaction():
                    conn.execute("select pg_advisory_xact_lock_shared(%s), set_config('search_path', %s, true)", (SWAP_LOCK, LIVE))
                    if _is_behind(conn, stream):
                        folded += engine.refold(conn, record.keyring, models, policy, stream)
            position = up_to
            conn.execute(
                "insert into app.follower (name, position) values ('live', %s) on conflict (name)"
                " do update set position = excluded.position, at = clock_timestamp() where app.follower.position < excluded.position",
                (position,),
            )
    return folded


def _is_behind(conn: Connection[Any], stream: UUID) -> bool:
    """A cheap look before the whole stream is read: after a command its rows are true already."""
    row = conn.execute(
        "select coalesce((select version from folded where stream_id = %(s)s), -1)"
        " < (select max(originator_version) from record.event where originator_id = %(s)s)",
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
    """Whether the rows were folded by the code and the policy that run now."""

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
        row = conn.execute("select position from app.follower where name = 'live'").fetchone()
        position = row[0] if row else 0
        streams = [s for (s,) in conn.execute("select originator_id from record.event where originator_version = 1").fetchall()]
        folded = conn.execute("select count(*) from folded").fetchone()
        parked = conn.execute("select stream_id, error from folded where error <> '' order by stream_id").fetchall()
        defined = conn.execute("select digest from definition").fetchone()
        chosen = streams if sample is None else random.Random(seed).sample(streams, min(sample, len(streams)))
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
        defined is not None and defined[0] == engine.digest(models, policy),
    )


def differs(conn: Connection[Any], record: Record, models: Models, policy: Policy, stream: UUID) -> bool:
    """Whether a stream's live rows are others than a fresh fold gives (whoever wrote to it meanwhile is waited for)."""
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock_shared(%s), set_config('search_path', %s, true)", (SWAP_LOCK, LIVE))
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
