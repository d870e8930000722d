"""The library's own test cases for recorders, run against ours, and what ours adds to theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest import TestCase
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import AggregateRecorderTestCase, ApplicationRecorderTestCase

from store.database import as_service
from store.recorder import LedgeredFactory, LedgeredRecorder, Stored, environment


@pytest.fixture(autouse=True)
def _recorder(request: pytest.FixtureRequest, database: str) -> Iterator[None]:
    """Gives each test, the library's included, a recorder on a fresh record."""
    factory = LedgeredFactory(environment(as_service(database)))
    if isinstance(request.instance, TestCase):
        request.instance.recorder = factory.application_recorder()
    request.node.factory = factory
    yield
    factory.close()


@pytest.fixture
def recorder(request: pytest.FixtureRequest) -> LedgeredRecorder:
    found = request.node.factory.application_recorder()
    assert isinstance(found, LedgeredRecorder)
    return found


class TestAsApplicationRecorder(ApplicationRecorderTestCase[LedgeredRecorder]):
    recorder: LedgeredRecorder

    def create_recorder(self) -> LedgeredRecorder:
        return self.recorder

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestAsAggregateRecorder(AggregateRecorderTestCase):
    """An application recorder answers with positions where an aggregate recorder answers nothing; the rest must hold."""

    recorder: LedgeredRecorder

    def create_recorder(self) -> Any:
        ours = self.recorder

        class Silent:
            def insert_events(self, events: list[StoredEvent]) -> None:
                ours.insert_events(events)

            def select_events(self, *args: Any, **kwargs: Any) -> Any:
                return ours.select_events(*args, **kwargs)

        return Silent()


def _event(version: int = 1, **changes: Any) -> Stored:
    return Stored(**{"originator_id": uuid4(), "originator_version": version, "topic": "t", "state": b"{}", **changes})


def test_positions_are_dense_even_after_a_conflict(recorder: LedgeredRecorder) -> None:
    first = _event()
    assert recorder.insert_events([first]) == [1]
    with pytest.raises(IntegrityError):
        recorder.insert_events([first])
    assert recorder.insert_events([_event(), _event()]) == [2, 3]


def test_an_event_needs_its_predecessor(recorder: LedgeredRecorder) -> None:
    with pytest.raises(IntegrityError):
        recorder.insert_events([_event(version=5)])


def test_the_time_of_recording_is_the_databases_and_never_runs_backwards(recorder: LedgeredRecorder) -> None:
    before = datetime.now(UTC)
    events = [_event() for _ in range(5)]
    for event in events:
        recorder.insert_events([event])
    times = [recorder.select_events(e.originator_id)[0] for e in events]
    recorded = [t.recorded_at for t in times if isinstance(t, Stored) and t.recorded_at is not None]
    assert len(recorded) == 5
    assert recorded == sorted(recorded)
    assert before <= recorded[-1] <= datetime.now(UTC)


def test_a_real_record_takes_no_time_of_recording_from_outside(recorder: LedgeredRecorder) -> None:
    with pytest.raises(Exception, match="the database's own"):
        recorder.insert_events([_event()], times=[datetime(2020, 1, 1, tzinfo=UTC)])


def test_a_command_is_recorded_once(recorder: LedgeredRecorder) -> None:
    command = uuid4()
    recorder.insert_events([_event()], command_id=command, request=b"x")
    with pytest.raises(IntegrityError):
        recorder.insert_events([_event()], command_id=command, request=b"x")
    assert recorder.max_notification_id() == 1


def test_database_functions_that_lose_events_are_refused(database: str) -> None:
    with pytest.raises(OSError, match="loses events"):
        LedgeredFactory({**environment(as_service(database)), "POSTGRES_ENABLE_DB_FUNCTIONS": "y"})


WRITES = (
    "update record.event set topic = 'x'",
    "delete from record.event",
    "truncate record.event",
    "update record.leaf set leaf_hash = ''",
    "delete from record.leaf",
    "truncate record.leaf cascade",
    "update record.command set request = ''",
    "delete from record.command",
    "insert into record.event select * from record.event",
)


@pytest.mark.parametrize("statement", WRITES)
def test_the_service_has_no_right_to_change_the_log(database: str, recorder: LedgeredRecorder, statement: str) -> None:
    recorder.insert_events([_event()], command_id=uuid4())
    with psycopg.connect(as_service(database), autocommit=True) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(statement.encode())


@pytest.mark.parametrize("statement", [w for w in WRITES if not w.startswith("insert")])
@pytest.mark.parametrize("replica", [False, True], ids=["as the owner", "as a superuser who switches triggers off"])
def test_triggers_refuse_even_the_owner(database: str, recorder: LedgeredRecorder, statement: str, replica: bool) -> None:
    recorder.insert_events([_event()], command_id=uuid4())
    with psycopg.connect(database, autocommit=True) as conn:
        if replica:
            conn.execute("set session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            conn.execute(statement.encode())
