"""Truths other than the live one: the record as known at a position, or under an earlier policy, each built once in a schema of its own."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from projections import building, engine
from projections.building import Progress
from projections.engine import Models
from projections.rebuilding import rules_of
from store.record import Record

NOT_AGAIN_FOR = timedelta(minutes=1)
"""One that could not be built is tried again when it is asked for, but not sooner than this."""


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for: every entry up to a position, counted under a policy; of the cases that a team or a provider ever held, or
    (both empty) of all; in some tables, or (empty) in all. `at` is the moment that the position stands for."""

    position: int
    policy: Policy
    at: datetime
    team: str = ""
    provider: str = ""
    tables: frozenset[str] = frozenset()


class Snapshot(msgspec.Struct, frozen=True):
    """One that was asked for: where it is, and how far it has come. `seconds` is how long it has been worked on."""

    name: str
    position: int
    at: datetime
    built: bool
    failed: bool
    done: int
    of_all: int
    seconds: float | None

    @property
    def share(self) -> float:
        return self.done / self.of_all if self.of_all else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None as long as nothing tells how fast it goes."""
        return self.seconds * (self.of_all - self.done) / self.done if self.seconds and self.done else None


_SNAPSHOT = (
    "name, position, at, built_at is not null as built, failed_at is not null as failed, done, of_all,"
    " extract(epoch from clock_timestamp() - begun_at)::float8 as seconds"
)
_SERVES = "digest = %(digest)s and tables @> %(tables)s and (team = '' and provider = '' or team = %(team)s and provider = %(provider)s)"
"""Whether one answers what is asked: with all the tables, and of these cases or of everybody's."""


def _asked(models: Models, wanted: Wanted) -> dict[str, Any]:
    tables = sorted(wanted.tables) or sorted(model.table for model in models if not model.present_only)
    asked = {"digest": engine.digest(models, wanted.policy), "tables": tables, "team": wanted.team, "provider": wanted.provider}
    name = hashlib.sha256(msgspec.json.encode([wanted.position, *asked.values()])).hexdigest()[:16]
    return {**asked, "name": f"as_known_{name}", "position": wanted.position, "at": wanted.at, "policy": wanted.policy.version}


def ask(record: Record, models: Models, wanted: Wanted) -> Snapshot:
    """The snapshot that answers this, built or still to be built. Found by one look at a small table once it is there."""
    asked = _asked(models, wanted)
    with record.pool.connection() as conn, conn.transaction():
        if found := _find(conn, asked):
            return found
        conn.execute(
            "insert into app.snapshot (name, position, at, team, provider, policy, digest, tables) values (%(name)s, %(position)s, %(at)s,"
            " %(team)s, %(provider)s, %(policy)s, %(digest)s, %(tables)s) on conflict (name) do nothing",
            asked,
        )
        found = _find(conn, asked)
        assert found is not None
        return found


def _find(conn: Connection[Any], asked: dict[str, Any]) -> Snapshot | None:
    """A built one before one that is not; using it is noted, and one that failed a while ago is to be tried again."""
    with conn.cursor(row_factory=class_row(Snapshot)) as cursor:
        return cursor.execute(
            "update app.snapshot set used_at = clock_timestamp(),"
            " failed_at = case when failed_at > clock_timestamp() - %(not_again_for)s then failed_at end"
            " where name = (select name from app.snapshot where position = %(position)s and"
            f" {_SERVES} order by built_at is null, asked_at limit 1) returning {_SNAPSHOT}".encode(),
            {**asked, "not_again_for": NOT_AGAIN_FOR},
        ).fetchone()


def latest(record: Record, models: Models, wanted: Wanted, since: datetime) -> Snapshot | None:
    """The newest snapshot that answers this at any position, if it stands for a moment since then."""
    with record.pool.connection() as conn, conn.cursor(row_factory=class_row(Snapshot)) as cursor:
        query = f"select {_SNAPSHOT} from app.snapshot where at >= %(since)s and {_SERVES} order by position desc limit 1"
        return cursor.execute(query.encode(), {**_asked(models, wanted), "since": since}).fetchone()


def named(record: Record, name: str) -> Snapshot | None:
    with record.pool.connection() as conn, conn.cursor(row_factory=class_row(Snapshot)) as cursor:
        return cursor.execute(f"select {_SNAPSHOT} from app.snapshot where name = %s".encode(), (name,)).fetchone()


# ---- Building --------------------------------------------------------------------------------------------------------


class _Todo(msgspec.Struct, frozen=True):
    name: str
    position: int
    team: str
    provider: str
    tables: list[str]
    policy: str
    digest: str


def build_next(record: Record, models: Models, policy_of: Callable[[str], Policy], progress: Progress | None = None) -> str:
    """Build the snapshot that was asked for the longest ago; returns its name, empty if there is none to build.

    One at a time over all processes. One whose builder died is asked for still, so it is taken up again.
    """
    if _oldest(record) is None:
        return ""
    with building.alone(record, building.REBUILD_LOCK):
        if (todo := _oldest(record)) is None:
            return ""
        policy = policy_of(todo.policy)
        if engine.digest(models, policy) == todo.digest:
            _build(record, models, policy, todo, progress)
        else:  # asked for by a release that is gone
            with record.pool.connection() as conn:
                conn.execute("delete from app.snapshot where name = %s", (todo.name,))
    return todo.name


def build(record: Record, models: Models, wanted: Wanted, progress: Progress | None = None) -> Snapshot:
    """The snapshot that answers this; built here and now if it is not there yet."""
    found = ask(record, models, wanted)
    if found.built:
        return found
    with building.alone(record, building.REBUILD_LOCK):
        if (todo := _oldest(record, found.name)) is not None:
            _build(record, models, wanted.policy, todo, progress)
    return ask(record, models, wanted)


def _oldest(record: Record, name: str = "") -> _Todo | None:
    """What is to be built the soonest, or the one of this name if it is still to be built."""
    columns = ", ".join(_Todo.__struct_fields__)
    with record.pool.connection() as conn, conn.cursor(row_factory=class_row(_Todo)) as cursor:
        query = f"select {columns} from app.snapshot where built_at is null and (name = %(name)s or %(name)s = '' and failed_at is null)"
        return cursor.execute(f"{query} order by asked_at limit 1".encode(), {"name": name}).fetchone()


def _build(record: Record, models: Models, policy: Policy, todo: _Todo, progress: Progress | None) -> None:
    def note(what: str, **values: object) -> None:
        with record.pool.connection() as conn:
            conn.execute(f"update app.snapshot set {what} where name = %(name)s".encode(), {"name": todo.name, **values})

    def told(done: int, of_all: int) -> None:
        note("done = %(done)s, of_all = %(of_all)s", done=done, of_all=of_all)
        if progress:
            progress(done, of_all)

    def narrow(conn: Connection[Any]) -> int | None:
        return _narrow(conn, engine.live(models), chosen, todo)

    chosen = [m for m in models if m.table in todo.tables]
    note("begun_at = clock_timestamp(), done = 0, failed_at = null")
    try:
        building.build(record, chosen, policy, todo.name, todo.position, told, narrow)
    except Exception:
        note("failed_at = clock_timestamp()")
        raise
    note("built_at = clock_timestamp()")


def _narrow(conn: Connection[Any], live: str, models: Models, todo: _Todo) -> int | None:
    """Take the rows of streams without an entry since from the live ones, which hold no clock and so are the same; leave the other
    streams, as far as they are asked for, in `todo`. Returns about how many events those hold; None to fold everything.

    The connection looks at the new tables and sees everything as of one moment. Live rows that have not followed the log up to the
    position, or are those of another release, are of no use.
    """
    follower = conn.execute("select 1 from app.follower where name = %s and position >= %s", (live, todo.position)).fetchone()
    if follower is None or not rules_of(conn, live):
        return None
    conn.execute("create table todo (stream_id uuid primary key, version bigint not null)")
    asked = {"team": todo.team, "provider": todo.provider, "position": todo.position, "rules": todo.digest}

    def run(query: str) -> None:
        conn.execute(query.format(live=f'"{live}"').encode(), asked)

    run("insert into todo select f.stream_id, f.version from {live}.folded f" + (_HELD if todo.team or todo.provider else ""))
    run(_KEPT)
    # A provider's streams are few among a nation's, and the rows of a stream lie together: looked up one by one they are read twice as
    # quickly as by going through everybody's, which is what the planner takes for cheaper as long as it knows neither.
    conn.execute("analyze kept")
    conn.execute("set local random_page_cost = 1.1")
    run("insert into folded select f.* from {live}.folded f join kept using (stream_id)")
    run("delete from todo where stream_id in (select stream_id from kept)")
    for model in models:
        columns = ", ".join(f'l."{column}"' for column in model.columns)
        run(f'insert into "{model.table}" select {columns} from {{live}}."{model.table}" l join kept using (stream_id)')
    conn.execute("drop table kept")
    conn.execute("analyze todo")
    row = conn.execute("select coalesce(sum(version), 0)::bigint from todo").fetchone()
    return int(row[0]) if row else 0


_HELD = (
    " where not exists (select 1 from {live}.caseload c where c.stream_id = f.stream_id)"
    " or exists (select 1 from {live}.holder h where h.stream_id = f.stream_id"
    " and %(team)s in ('', h.team) and %(provider)s in ('', h.provider))"
)
"""Everything but the cases that the team or the provider never held; no later entry takes an allocation back."""
_KEPT = (
    "create table kept as select t.stream_id from todo t join {live}.folded f using (stream_id), lateral"
    " (select e.originator_version, e.notification_id from record.event e where e.originator_id = t.stream_id"
    " order by e.originator_version desc limit 1) last"
    " where last.originator_version = f.version and last.notification_id <= %(position)s and f.error = '' and f.rules = %(rules)s"
)


def drop_stale(record: Record, before: datetime) -> int:
    """Drop those that nobody has asked for since `before`; returns how many."""
    with record.pool.connection() as conn:
        stale = conn.execute("delete from app.snapshot where used_at < %s returning name", (before,)).fetchall()
        for (name,) in stale:
            building.drop(conn, name)
    return len(stale)
