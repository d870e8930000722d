"""The database: where it is, whose rights the service has in it, and its one migration step."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

SERVICE_ROLE = "throughline_service"
OLDEST_SERVER = 150000


class Unusable(Exception):
    """No database can be used, in words that say what to do about it."""


def home() -> Path:
    """Where an embedded record and the master key live: THROUGHLINE_HOME, or the user's data folder."""
    if chosen := os.environ.get("THROUGHLINE_HOME"):
        return Path(chosen).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local/share") / "throughline"


@contextmanager
def database(at: Path | None = None) -> Iterator[str]:
    """The owner's connection string: DATABASE_URL if it is set, else an embedded server that runs as long as the context."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    from store.embedded import EmbeddedError, running

    place = at or home()
    server = running(place)
    try:
        dsn = server.__enter__()
    except EmbeddedError as e:
        if (address := _already_running(place)) is None:
            raise Unusable(str(e)) from e
        yield address
        return
    note = place / ADDRESS
    note.write_text(dsn, "utf-8")
    try:
        yield dsn
    finally:
        note.unlink(missing_ok=True)
        server.__exit__(None, None, None)


ADDRESS = "address"
"""The file in which an embedded server's owner notes where it answers, so that other commands can ask it meanwhile."""


def _already_running(place: Path) -> str | None:
    """The address of a server that another process of ours runs in the same folder, if it answers."""
    try:
        dsn = (place / ADDRESS).read_text("utf-8")
        psycopg.connect(dsn, connect_timeout=5).close()
    except (OSError, psycopg.OperationalError):
        return None
    return dsn


def as_service(dsn: str) -> str:
    """The same database with the service's rights: it may read the log, append by the one function, and keep read models."""
    options = f"{conninfo_to_dict(dsn).get('options') or ''} -c role={SERVICE_ROLE}".strip()
    return make_conninfo(dsn, options=options)


def migrate(dsn: str, *, synthetic: bool = False) -> None:
    """Bring the database up to this release. Safe to start in several processes at once; refuses an edited migration.

    `synthetic` marks an empty record as made up, for good. Raises Unusable when the server cannot be used.
    """
    try:
        conn = psycopg.connect(dsn, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as e:
        raise Unusable(f"The database does not answer: {e}") from e
    with conn:
        if conn.info.server_version < OLDEST_SERVER:
            raise Unusable(f"PostgreSQL 15 or later is needed; this server is {conn.info.server_version // 10000}.")
        if (encoding := conn.info.parameter_status("server_encoding")) != "UTF8":
            raise Unusable(f"The database must be encoded in UTF8, not {encoding}.")
        _must_keep_what_it_acknowledges(conn)
        conn.execute("select pg_advisory_lock(7402653118)")
        conn.execute(
            "create table if not exists public.throughline_migration"
            " (name text primary key, sha256 text not null, at timestamptz not null default now())"
        )
        done: dict[str, str] = dict(conn.execute("select name, sha256 from public.throughline_migration").fetchall())
        for file in sorted(resources.files("store").joinpath("migrations").iterdir(), key=lambda f: f.name):
            if not file.name.endswith(".sql"):
                continue
            text = file.read_text("utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            if file.name in done:
                if done[file.name] != digest:
                    raise Unusable(f"{file.name} was edited after it was applied to this database.")
                continue
            try:
                with conn.transaction():
                    conn.execute(text.encode())
                    conn.execute("insert into public.throughline_migration values (%s, %s)", (file.name, digest))
            except psycopg.errors.InsufficientPrivilege as e:
                raise Unusable(f"This database user may not set the record up ({e.diag.message_primary}).") from e
        if synthetic:
            conn.execute("select record.choose_kind('synthetic')")


def _must_keep_what_it_acknowledges(conn: psycopg.Connection[tuple[str, ...]]) -> None:
    """With synchronous_commit off, a crash loses what officers were told is saved."""
    row = conn.execute("show synchronous_commit").fetchone()
    allowed = os.environ.get("THROUGHLINE_ALLOW_LOSS") == "tests"
    if row is not None and row[0] == "off" and not allowed:
        raise Unusable("This database has synchronous_commit=off and would lose acknowledged entries in a crash.")
