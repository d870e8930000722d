"""The record: a command is carried out once, others may write meanwhile, and what was written reads back."""

import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case, CaseOpened, case_id, open_case
from domain.contact import ContactRecorded, record_contact
from domain.entry import EntryCorrected, correct_entry
from domain.event import Refused
from store.database import Unusable, as_service, migrate
from store.record import AskedDifferently, Record, step, together
from store.sealing import SealBroken
from tests.conftest import MASTER
from tests.scenario import Scenario


@pytest.fixture
def told(record: Record) -> Scenario:
    scenario = Scenario(record).staff()
    scenario.case()
    return scenario


def _contact(told: Scenario, command_id, note: str = "Seen."):
    when = told.now - timedelta(hours=1)
    if not hasattr(told, "when"):
        told.when = when
    return told.record.change(
        Case,
        case_id("X000001"),
        record_contact,
        command_id,
        now=told.now,
        by="SIAN",
        occurred_at=told.when,
        practitioner="SIAN",
        kind="COUP",
        note=note,
    )


def test_pressing_twice_writes_once_and_answers_alike(told: Scenario) -> None:
    command = uuid4()
    first = _contact(told, command)
    again = _contact(told, command)
    assert (again.first, again.last, again.repeated) == (first.first, first.last, True)
    assert told.record.head() == first.last


def test_connections_that_the_server_ended_are_replaced_unseen(record: Record, database: str) -> None:
    def answers() -> int:
        with record.pool.connection() as conn:
            return conn.execute("select pg_backend_pid()").fetchone()[0]

    before = {answers() for _ in range(8)}
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert not {answers() for _ in range(8)} & before


def test_every_connection_looks_at_the_tables_named_last(record: Record) -> None:
    def looked_at() -> str:
        with record.pool.connection() as conn:
            (path,) = conn.execute("show search_path").fetchone()
            return path

    for schema in ("live_a", "live_a", "live_b"):
        record.look_at(schema)
        assert looked_at() == schema


def test_the_same_command_with_other_content_is_not_swallowed(told: Scenario) -> None:
    command = uuid4()
    _contact(told, command)
    with pytest.raises(AskedDifferently):
        _contact(told, command, note="Seen, and something else.")


def test_a_second_press_that_the_rules_would_now_refuse_is_answered_as_the_first(told: Scenario) -> None:
    number, command = told.appointment(in_hours=-2), uuid4()
    details = {"by": "SIAN", "appointment": number, "outcome": "ATTC"}
    told.record.change(Case, case_id("X000001"), record_outcome, command, now=told.now, **details)
    assert told.record.change(Case, case_id("X000001"), record_outcome, command, now=told.now, **details).repeated
    with pytest.raises(Refused):
        told.record.change(Case, case_id("X000001"), record_outcome, uuid4(), now=told.now, **details)


def test_many_people_writing_in_one_case_all_succeed_once(told: Scenario) -> None:
    before = told.version("X000001")
    failures: list[Exception] = []
    told.when = told.now - timedelta(hours=1)

    def write() -> None:
        try:
            for _ in range(5):
                _contact(told, uuid4())
        except Exception as e:
            failures.append(e)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert told.version("X000001") == before + 20


def test_a_command_on_several_streams_is_all_or_nothing(told: Scenario) -> None:
    head = told.record.head()
    steps = [
        step(Case, case_id("X000009"), open_case, now=told.now, by="SIAN", crn="X000009", person_id=uuid4(), name="Cai Example"),
        step(Case, case_id("X000001"), open_case, now=told.now, by="SIAN", crn="X000001", person_id=uuid4(), name="Cai Example"),
    ]
    with pytest.raises(Refused, match="already a case"):
        told.record.change_all(steps, uuid4())
    assert told.record.head() == head
    assert told.record.state(Case, case_id("X000009")).version == 0


def test_several_commands_on_one_stream_are_one_and_are_given_once(told: Scenario) -> None:
    now, stream, command_id, before = told.now, case_id("X000001"), uuid4(), told.version("X000001")
    happened = step(Case, stream, record_contact, now=now, by="SIAN", occurred_at=now, practitioner="SIAN", kind="CTOB")
    later = {"starts_at": now + timedelta(days=7), "practitioner": "SIAN", "kind": "COAP"}
    arranged = step(Case, stream, arrange_appointment, now=now, by="SIAN", **later)
    assert not told.record.knows(command_id)
    for _ in range(2):
        told.record.change_all([together(happened, arranged)], command_id)
    assert told.record.knows(command_id)
    kinds = [type(recorded.event).__name__ for recorded in told.record.history(stream)[before:]]
    assert kinds == ["ContactRecorded", "AppointmentArranged"]
    refused = step(Case, stream, arrange_appointment, now=now, by="SIAN", **later | {"starts_at": now})
    with pytest.raises(Refused):
        told.record.change_all([together(happened, refused)], uuid4())
    assert told.version("X000001") == before + 2


def test_personal_text_is_nowhere_in_the_clear(told: Scenario, database: str) -> None:
    told.visit(note="A canary sings in the office")
    with psycopg.connect(database) as conn:
        bodies = b"".join(bytes(state) + bytes(sealed or b"") for state, sealed in conn.execute("select state, sealed from record.event"))
    assert b"canary" not in bodies
    assert b"Alex" not in bodies
    history = told.record.history(case_id("X000001"), texts=True)
    assert isinstance(history[0].event, CaseOpened)
    assert history[0].event.name == "Alex Example"
    assert isinstance(history[-1].event, ContactRecorded)
    assert history[-1].event.note == "A canary sings in the office"


def test_a_destroyed_key_takes_the_texts_and_leaves_the_history(told: Scenario, database: str) -> None:
    told.visit(note="A canary sings")
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("delete from keys.person_key")
    reopened = Record(as_service(database), MASTER)
    history = reopened.history(case_id("X000001"), texts=True)
    reopened.close()
    assert len(history) == told.version("X000001")
    assert all("canary" not in repr(recorded) for recorded in history)


def test_single_entries_of_several_cases_are_read_at_once_with_their_texts(told: Scenario) -> None:
    told.case("X000002", "Bo Other")
    first, second = told.visit(note="Seen."), told.visit("X000002", note="Rang.")
    one, other = (case_id("X000001"), first), (case_id("X000002"), second)
    found = told.record.entries([one, other, (case_id("X000002"), 99)])
    assert {place: recorded.event.note for place, recorded in found.items()} == {one: "Seen.", other: "Rang."}
    assert told.record.entries([]) == {}


def test_a_sealed_text_moved_to_another_place_does_not_open(told: Scenario, database: str) -> None:
    first, second = told.visit(note="One"), told.visit(note="Two")
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("alter table record.event disable trigger all")
        conn.execute(
            "update record.event set sealed = (select sealed from record.event where originator_id = %(id)s and originator_version = %(a)s)"
            " where originator_id = %(id)s and originator_version = %(b)s",
            {"id": case_id("X000001"), "a": first, "b": second},
        )
    with pytest.raises(SealBroken):
        told.record.history(case_id("X000001"), texts=True)


def test_another_master_key_is_refused_in_words(database: str, record: Record) -> None:
    with pytest.raises(ValueError, match="not the one that this database was begun with"):
        Record(as_service(database), bytes(32))


def test_a_note_can_be_taken_away_by_a_correction(told: Scenario) -> None:
    number = told.visit(note="This belongs to somebody else's case")
    reads = told.record.history(case_id("X000001"))[-1].event
    assert isinstance(reads, ContactRecorded)
    told.do("X000001", correct_entry, entry=number, reads=reads, reason="Written in the wrong case")
    corrected = told.record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(corrected, EntryCorrected)
    assert isinstance(corrected.reads, ContactRecorded)
    assert corrected.reads.note == ""


def test_an_instant_is_a_position(told: Scenario) -> None:
    middle = told.now
    at = told.record.head()
    told.visit()
    assert told.record.position_at(middle) == at
    assert told.record.position_at(told.now) == told.record.head()
    assert told.record.position_at(middle - timedelta(days=900)) == 0


def test_starting_several_at_once_is_safe(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute("create database many_at_once")
    dsn = psycopg.conninfo.make_conninfo(server, dbname="many_at_once")
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate(dsn)
        except BaseException as e:
            failures.append(e)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_real_history_can_never_be_called_synthetic(told: Scenario, database: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="real history"):
        migrate(database, synthetic=True)


def test_a_database_that_does_not_answer_is_said_in_words() -> None:
    with pytest.raises(Unusable, match="does not answer"):
        migrate("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
