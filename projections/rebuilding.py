"""Read models rebuilt beside the live ones and put in their place, while people go on reading and writing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from domain.policy import Policy
from projections import building, engine
from projections.building import BATCH, REBUILD_LOCK, Progress, Underway
from projections.engine import SWAP_LOCK, Models
from store.record import Record

_OLD = "old_rows"
"""What live rows are called from the moment they are replaced until they are gone."""


def rebuild(
    record: Record, models: Models, policy: Policy, progress: Progress | None = None, *, unless_current: bool = False
) -> int | None:
    """Build everything afresh beside the live rows and put it in their place; returns the position it was swapped in at.

    Writers and readers go on throughout: the swap renames two schemas in one transaction. One rebuild runs at a time. One that
    died is taken up if it was of this code and policy; of others the remains are removed. With `unless_current`, nothing is done
    and None returned when there are rows of this code and policy, perhaps because another process was quicker.
    """
    schema, live = _name(models, policy), engine.live(models)
    with building.alone(record, REBUILD_LOCK):
        with record.pool.connection() as conn:
            if unless_current and rules_of(conn, live) == engine.digest(models, policy):
                return None
            _remove_others(conn, schema)
        position = building.build(record, models, policy, schema, record.head(), progress)
        while (head := record.head()) - position > BATCH:
            _catch_up(record, models, policy, schema, position, head)
            position = head
        with record.pool.connection() as conn:
            with conn.transaction():
                conn.execute("select pg_advisory_xact_lock(%s)", (SWAP_LOCK,))
                head = record.head()
                _catch_up(record, models, policy, schema, position, head)
                building.finish(conn, schema)
                _swap(conn, schema, live, head)
            building.drop(conn, _OLD)
    return head


def _name(models: Models, policy: Policy) -> str:
    return f"build_{engine.digest(models, policy)}"


def rules_of(conn: Connection[Any], schema: str) -> str:
    """The digest of the code and the policy that a schema's rows were folded by; empty when there are none."""
    row = conn.execute("select to_regclass(%s) is not null", (f'"{schema}".definition',)).fetchone()
    if row is None or not row[0]:
        return ""
    row = conn.execute(sql.SQL("select digest from {}").format(sql.Identifier(schema, "definition"))).fetchone()
    return row[0] if row else ""


def underway(record: Record, models: Models, policy: Policy) -> Underway | None:
    """How far the rebuild has come that would replace rows by those of this code and policy; None when there is none."""
    with record.pool.connection() as conn:
        return building.underway(conn, _name(models, policy))


def _remove_others(conn: Connection[Any], schema: str) -> None:
    """Remove what rebuilds of other code left, and rows that a swap put aside."""
    found = conn.execute("select nspname from pg_namespace where nspname ~ '^(build|old)_' and nspname <> %s", (schema,))
    for (name,) in found.fetchall():
        building.drop(conn, name)


def _swap(conn: Connection[Any], schema: str, live: str, position: int) -> None:
    if rules_of(conn, live):
        conn.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(live), sql.Identifier(_OLD)))
    conn.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(live)))
    conn.execute(
        "insert into app.follower (name, position) values (%s, %s)"
        " on conflict (name) do update set position = excluded.position, at = clock_timestamp()",
        (live, position),
    )


def drop_left(record: Record, models: Models, before: datetime) -> int:
    """Drop live rows of other shapes that are behind ours and have not followed the log since `before`; returns how many there were.

    Processes of the release that made them, if any still run, followed it until then.
    """
    live = engine.live(models)
    with record.pool.connection() as conn, conn.transaction():
        left = conn.execute(
            "select nspname from pg_namespace left join app.follower f on f.name = nspname"
            " where nspname ~ '^live(_|$)' and nspname <> %(live)s and coalesce("
            "f.at < %(before)s and f.position < (select position from app.follower where name = %(live)s), true)",
            {"live": live, "before": before},
        ).fetchall()
        for (name,) in left:
            building.drop(conn, name)
            conn.execute("delete from app.follower where name = %s", (name,))
    return len(left)


def changed(conn: Connection[Any], after: int, up_to: int) -> list[UUID]:
    """The streams that were written to between two positions."""
    rows = conn.execute(
        "select distinct originator_id from record.event where notification_id > %s and notification_id <= %s", (after, up_to)
    )
    return [stream for (stream,) in rows.fetchall()]


def _catch_up(record: Record, models: Models, policy: Policy, schema: str, after: int, up_to: int) -> None:
    with record.pool.connection() as conn:
        for stream in changed(conn, after, up_to):
            with conn.transaction():
                engine.in_schema(conn, schema)
                engine.refold(conn, record.keyring, models, policy, stream)
