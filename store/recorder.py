"""The library's recorder, with one server call for an append: event, ledger leaf and command in one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Thread
from time import sleep
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    InterfaceError,
    ListenNotifySubscription,
    OperationalError,
    StoredEvent,
    Subscription,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment, EnvType, retry
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

Row = tuple[UUID | str, int, str, bytes, bytes | None]
"""An event as it is stored: stream, version, topic, state, and its sealed texts."""
_TYPES = ("uuid", "bigint", "text", "bytea", "bytea")
_AS_LISTS = (
    "select record.append(" + ", ".join(f"%b::{t}[]" for t in _TYPES) + ", %s::uuid, %s::bytea, %s::timestamptz[]) as position"
).encode()
FEW = 8
"""Events up to which each value is a parameter of its own: the driver adapts lists slowly, and keeps no plan of very long statements."""


@lru_cache(maxsize=FEW)
def _append_few(events: int) -> bytes:
    arrays = ", ".join("array[" + ", ".join(["%s"] * events) + f"]::{t}[]" for t in _TYPES)
    return f"select record.append({arrays}, %s::uuid, %s::bytea, %s::timestamptz[]) as position".encode()


POLL_SECONDS = 0.02
"""How often a subscription asks for news. Polling, because a NOTIFY in every append costs a quarter of the appends."""


@dataclass(frozen=True, eq=False)
class Stored(StoredEvent):
    """A stored event with what this record adds to the library's: sealed text, time of recording and position."""

    sealed: bytes | None = None
    recorded_at: datetime | None = None
    position: int = 0

    def __eq__(self, other: object) -> bool:
        """The same event, whenever it was recorded: so that it compares with the library's own stored events."""
        if not isinstance(other, StoredEvent):
            return NotImplemented
        return _key(self) == _key(other)

    def __hash__(self) -> int:
        return hash(_key(self))


def _key(event: StoredEvent) -> tuple[object, ...]:
    return event.originator_id, event.originator_version, event.topic, event.state


class LedgeredRecorder(PostgresApplicationRecorder):
    """Appends by `record.append()`; reads as the library does. Tables are made by the migration, never here."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore, events_table_name="event")

    def create_table(self) -> None:
        """Nothing: concurrent creation of tables is a known fault of the library, so one migration step makes them."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append events with their ledger leaves; `command_id`, `request` and `times` are kept with them.

        Raises IntegrityError when a version is taken, has no predecessor, or the command was answered before. A commit whose
        answer was lost surfaces as that too: whoever gave a command id finds the command answered.
        """
        if not stored_events:
            return []
        rows = [(e.originator_id, e.originator_version, e.topic, e.state, getattr(e, "sealed", None)) for e in stored_events]
        positions: list[int] = self.append(rows, kwargs.get("command_id"), kwargs.get("request"), kwargs.get("times"))
        return positions

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def append(
        self, events: Sequence[Row], command_id: UUID | None, request: bytes | None, times: Sequence[datetime] | None = None
    ) -> list[int]:
        """Append events that are given as rows, at least one; their positions. Raises as `insert_events`."""
        columns = zip(*events, strict=True)
        extra = (command_id, request, times)
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            if len(events) <= FEW:
                values = [value for column in columns for value in column]
                curs.execute(_append_few(len(events)), [*values, *extra], prepare=True)
            else:
                curs.execute(_AS_LISTS, [*map(list, columns), *extra], prepare=True)
            return [position for (position,) in curs.fetchall()]

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        statement = (
            "select originator_version, topic, state, sealed, recorded_at, notification_id from record.event"
            " where originator_id = %s and originator_version > %s and originator_version <= %s"
            f" order by originator_version {'desc' if desc else 'asc'} limit %s"
        )
        params = (originator_id, -1 if gt is None else gt, 2**62 if lte is None else lte, limit)
        with self.datastore.get_connection() as conn, conn.cursor(binary=True) as curs:
            curs.execute(statement.encode(), params, prepare=True)
            return [
                Stored(
                    originator_id,
                    row["originator_version"],
                    row["topic"],
                    bytes(row["state"]),
                    sealed=row["sealed"],
                    recorded_at=row["recorded_at"],
                    position=row["notification_id"],
                )
                for row in curs.fetchall()
            ]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return PollingSubscription(recorder=self, gt=gt, topics=topics)


class PollingSubscription(ListenNotifySubscription[PostgresApplicationRecorder]):
    """The library's subscription, woken by looking at the head of the log instead of by NOTIFY."""

    def __init__(self, recorder: PostgresApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._seen = gt or 0
        self._watch_thread = Thread(target=self._watch, daemon=True)
        self._watch_thread.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._watch_thread.join()

    def _watch(self) -> None:
        try:
            while not self._has_been_stopped and not self._thread_error:
                head = self._recorder.max_notification_id() or 0
                if head > self._seen:
                    self._seen = head
                    self._has_been_notified.set()
                sleep(POLL_SECONDS)
        except BaseException as e:
            self._thread_error = self._thread_error or e
            self.stop()


class LedgeredFactory(PostgresFactory):
    """The library's factory for our recorder, from a connection string of any kind."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        if self.datastore.enable_db_functions:
            raise OSError("POSTGRES_ENABLE_DB_FUNCTIONS loses events for readers that tail the log. Unset it.")
        dsn = self.env.get("RECORD_DSN") or ""
        assert isinstance(self.datastore.pool.kwargs, dict)
        self.datastore.pool.kwargs |= conninfo_to_dict(dsn)

    def application_recorder(self) -> ApplicationRecorder:
        return LedgeredRecorder(self.datastore)


def environment(dsn: str, *, pool_size: int = 4) -> dict[str, str]:
    """The library's settings for a record at `dsn`."""
    info = conninfo_to_dict(dsn)
    return {
        "PERSISTENCE_MODULE": "store.recorder:LedgeredFactory",
        "RECORD_DSN": dsn,
        "POSTGRES_DBNAME": str(info.get("dbname") or "throughline"),
        "POSTGRES_HOST": str(info.get("host") or ""),
        "POSTGRES_PORT": str(info.get("port") or "5432"),
        "POSTGRES_USER": str(info.get("user") or ""),
        "POSTGRES_PASSWORD": str(info.get("password") or ""),
        "POSTGRES_SCHEMA": "record",
        # One connection is kept open and others are opened as they are needed, as in our own pool: each costs the server a
        # process, and one that was just started has yet to learn what the others know.
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": str(pool_size - 1),
        # No ping before each use: it costs a round trip, and a dead connection is tried again with the same command id.
        "POSTGRES_PRE_PING": "n",
        "CREATE_TABLE": "n",
    }
