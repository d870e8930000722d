"""The ledger names what was altered, removed, added or moved behind our back."""

from uuid import uuid4

import psycopg
import pytest

from store import ledger
from store.database import as_service
from store.record import Record
from tests.scenario import Scenario


@pytest.fixture
def history(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case("X000001")
    told.case("X000002", name="Bethan Example")
    told.visit("X000001")
    told.visit("X000002")
    return told


def faults(database: str) -> list[ledger.Fault]:
    with psycopg.connect(as_service(database), autocommit=True) as conn:
        return [found for found in ledger.verify(conn) if isinstance(found, ledger.Fault)]


def test_a_record_as_it_was_written_is_whole(history: Scenario, database: str) -> None:
    assert faults(database) == []


def test_python_and_the_database_make_the_same_leaves(history: Scenario, database: str) -> None:
    """Each is written apart from the other; agreement is what `verify` rests on."""
    with psycopg.connect(database) as conn:
        rows = conn.execute(
            "select e.originator_id, e.originator_version, e.topic, e.state, e.sealed, e.recorded_at, e.notification_id, e.command_id,"
            " l.leaf_hash from record.event e join record.leaf l on l.leaf_index = e.notification_id - 1"
            " where e.originator_version = 1"
        ).fetchall()
    assert rows
    for *fields, leaf in rows:
        assert ledger.leaf_hash(ledger.leaf_data(*fields, bytes(32))) == leaf


def test_events_of_several_streams_in_one_append_are_chained_each_to_its_own(record: Record, database: str) -> None:
    one, other = uuid4(), uuid4()
    streams, versions = [one, other, one, other, other, one], [1, 1, 2, 2, 3, 3]
    append = (
        "select record.append(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::bytea[], null::uuid, null::bytea, null::timestamptz[])"
    )
    with psycopg.connect(as_service(database), autocommit=True) as conn:
        texts = [b"sealed", None, None, b"", b"more", None]
        rows = conn.execute(append, (streams, versions, ["plan-made"] * 6, [b"%d" % n for n in range(6)], texts)).fetchall()
        assert [position for (position,) in rows] == [1, 2, 3, 4, 5, 6]
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="has no predecessor"):
            conn.execute(append, ([one, one], [4, 6], ["plan-made"] * 2, [b"a", b"b"], [None, None]))
        with pytest.raises(psycopg.errors.UniqueViolation):
            conn.execute(append, ([other], [3], ["plan-made"], [b"a"], [None]))
    assert faults(database) == []


TAMPERINGS: dict[str, tuple[str, str]] = {
    "a clear body": (
        "update record.event set state = replace(encode(state, 'escape'), 'SIAN', 'OWEN')::bytea where notification_id = {n}",
        "altered",
    ),
    "a sealed text": ("update record.event set sealed = sealed || '\\x00' where notification_id = {n}", "altered"),
    "a time of recording": ("update record.event set recorded_at = recorded_at - interval '1 day' where notification_id = {n}", "altered"),
    "a topic": ("update record.event set topic = 'case-closed' where notification_id = {n}", "altered"),
    "an event taken out": ("delete from record.event where notification_id = {n}", "removed"),
    "an event and its leaf taken out": (
        "with gone as (delete from record.leaf where leaf_index = {n} - 1) delete from record.event where notification_id = {n}",
        "missing",
    ),
    "a leaf taken out": ("delete from record.leaf where leaf_index = {n} - 1", "without a leaf"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named_at_its_place(history: Scenario, database: str, name: str) -> None:
    statement, words = TAMPERINGS[name]
    head = history.record.head()
    at = head - 1 if "sealed" not in name else head
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("alter table record.event disable trigger all")
        conn.execute("alter table record.leaf disable trigger all")
        conn.execute(statement.format(n=at).encode())
    found = faults(database)
    assert any(fault.position == at and words in fault.what for fault in found), found


def test_two_events_in_each_others_place_are_named(history: Scenario, database: str) -> None:
    head = history.record.head()
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("alter table record.event disable trigger all")
        conn.execute("update record.event set notification_id = -1 where notification_id = %s", (head,))
        conn.execute("update record.event set notification_id = %s where notification_id = %s", (head, head - 1))
        conn.execute("update record.event set notification_id = %s where notification_id = -1", (head - 1,))
    assert {fault.position for fault in faults(database)} >= {head - 1, head}


def test_a_tail_cut_off_is_noticed_because_its_command_was_answered(history: Scenario, database: str) -> None:
    head = history.record.head()
    with psycopg.connect(database, autocommit=True) as conn:
        for table in ("event", "leaf"):
            conn.execute(f"alter table record.{table} disable trigger all".encode())
        conn.execute("delete from record.event where notification_id = %s", (head,))
        conn.execute("delete from record.leaf where leaf_index = %s", (head - 1,))
    assert any("the log ends here" in fault.what for fault in faults(database))
