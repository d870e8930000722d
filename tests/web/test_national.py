"""The nation written at once: whole in its ledger, like the lives lived by command, and consistent in who holds which case where."""

import base64
import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg
import pytest
from flask import Flask
from psycopg.conninfo import make_conninfo

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.case import CaseOpened
from domain.cover import CoverStarted
from domain.event import Event
from domain.inspection import InspectionAnnounced
from domain.organisation import ProviderKind, ProviderRegistered, TeamRegistered
from domain.practitioner import PractitionerJoined, PractitionerLeft, PractitionerRegistered
from domain.transfer import HandoverHeld, TransferAccepted, TransferRequested
from domain.upw_instruction import UpwInstructed
from domain.working_days import local_day
from projections.read_models import ReadSide
from store import ledger
from store.bulk import filling
from store.codec import decode_event, tag
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER, Browser
from web.synthetic import DEMO_STAFF, CannotSeed
from web.synthetic.national import seed_nation
from web.synthetic.national.numbers import NATION, stated
from web.synthetic.national.units import units
from web.synthetic.national.worlds import World
from web.synthetic.population import history
from web.synthetic.staff import NAMED, TEAMS

pytestmark = pytest.mark.xdist_group("nation")  # what they all look at takes seconds to make

WEDNESDAY = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
CASES = 400


class Entry(NamedTuple):
    stream: UUID
    version: int
    event: Event
    recorded_at: datetime


class Nation(NamedTuple):
    record: Record
    dsn: str
    told: list[tuple[int, int]]

    def entries(self) -> list[Entry]:
        return _entries(self.dsn)


@cache
def _entries(dsn: str) -> list[Entry]:
    with psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "select originator_id, originator_version, state, recorded_at, topic from record.event order by notification_id"
        ).fetchall()
    found = [Entry(stream, version, decode_event(state), at) for stream, version, state, at, _ in rows]
    assert [tag(entry.event) for entry in found] == [topic for *_, topic in rows]
    return found


def _written(server: str, template: str, name: str) -> Iterator[Nation]:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'create database "{name}" template "{template}"'.encode())
        conn.execute(f'grant create on database "{name}" to throughline_service'.encode())
    dsn, told = make_conninfo(server, dbname=name), list[tuple[int, int]]()
    record = Record(as_service(dsn), MASTER)
    report = seed_nation(record, dsn, cases=CASES, seed=7, until=WEDNESDAY, writing=lambda done, of: told.append((done, of)))
    assert report.cases == report.by_topic["case-opened"] == CASES
    assert report.events == record.head() == sum(report.by_topic.values())
    yield Nation(record, dsn, told)
    record.close()


@pytest.fixture(scope="module")
def nation(server: str, synthetic_template: str) -> Iterator[Nation]:
    yield from _written(server, synthetic_template, "nation")


@pytest.fixture(scope="module")
def read_side(nation: Nation) -> ReadSide:
    found = ReadSide(nation.record, current_policy())
    found.prepare()
    return found


def _of(nation: Nation, *kinds: type[Event]) -> Iterator[Entry]:
    return (entry for entry in nation.entries() if isinstance(entry.event, kinds))


# -- whole ---------------------------------------------------------------------------------------------------------------


def test_the_ledger_of_a_nation_is_whole(nation: Nation) -> None:
    with psycopg.connect(nation.dsn) as conn:
        assert [found for found in ledger.verify(conn) if isinstance(found, ledger.Fault)] == []


def test_entries_lie_in_the_order_of_recording_and_end_at_the_end(nation: Nation) -> None:
    moments = [entry.recorded_at for entry in nation.entries()]
    assert moments == sorted(moments)
    assert moments[-1] <= WEDNESDAY
    assert all(entry.event.occurred_at <= entry.recorded_at for entry in nation.entries())


def test_every_stream_folds_and_its_rows_are_those_of_a_fresh_fold(nation: Nation, read_side: ReadSide) -> None:
    health = read_side.health(sample=60)
    assert health.well
    assert (health.parked, health.differing, health.compared) == ([], [], 60)


def test_each_person_has_a_name_and_a_key_of_their_own(nation: Nation) -> None:
    opened = [entry for entry in _of(nation, CaseOpened)]
    assert len({entry.event.person_id for entry in opened}) == len({entry.event.crn for entry in opened}) == CASES
    names = [nation.record.history(entry.stream, texts=True)[0].event.name for entry in opened[:50]]
    assert all(names)
    assert len(set(names)) > 40


def test_indexes_and_constraints_are_as_they_were(nation: Nation, synthetic_database: str) -> None:
    def shape(dsn: str) -> list[object]:
        with psycopg.connect(dsn) as conn:
            constraints = (
                "select conname, conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint"
                " where connamespace = 'record'::regnamespace order by 2, 1"
            )
            indexes = "select indexdef from pg_indexes where schemaname = 'record' order by 1"
            return [conn.execute(constraints).fetchall(), conn.execute(indexes).fetchall()]

    assert shape(nation.dsn) == shape(synthetic_database)


def test_the_same_arguments_give_the_same_history(nation: Nation, server: str, synthetic_template: str) -> None:
    def digest(of: Nation) -> str:
        made = hashlib.sha256()
        for stream, version, event, at in of.entries():
            made.update(msgspec.json.encode([str(stream), version, event, at.isoformat()]))
        for entry in list(_of(of, CaseOpened))[:20]:
            made.update(msgspec.json.encode([recorded.event for recorded in of.record.history(entry.stream, texts=True)]))
        return made.hexdigest()

    for again in _written(server, synthetic_template, "nation_again"):
        assert digest(again) == digest(nation)


# -- like the lives lived by command -------------------------------------------------------------------------------------


def test_entries_are_as_many_and_of_the_same_kinds_as_by_command(nation: Nation) -> None:
    # 45 lives of each of four worlds stand behind the nation, and 150 here: with a spread of about 60 entries a case, a
    # difference of 12 between the means would be two standard errors.
    by_command = Counter(tag(one.pending.event) for one in history(cases=150, seed=9, until=WEDNESDAY))
    ours = Counter(tag(entry.event) for entry in nation.entries())
    beside = {"provider-registered", "team-registered", "upw-project-registered", "inspection-announced"}
    beside |= {"practitioner-registered", "practitioner-joined", "practitioner-left"}
    for counts in (by_command, ours):
        for topic in beside:
            del counts[topic]
    assert ours.total() / CASES == pytest.approx(by_command.total() / 150, rel=0.2)
    apart = sum(abs(ours[topic] / ours.total() - by_command[topic] / by_command.total()) for topic in ours | by_command)
    assert apart / 2 < 0.06  # the share of entries that would have to be of another kind


def test_progress_is_told(nation: Nation) -> None:
    assert nation.told
    assert all(0 <= done <= of == nation.record.head() for done, of in nation.told)


# -- who and where -------------------------------------------------------------------------------------------------------


def test_every_case_is_held_in_a_team_by_somebody_who_is_in_that_team_then(nation: Nation) -> None:
    providers = {entry.event.code: entry.event.provider for entry in _of(nation, TeamRegistered)}
    code_of = {entry.stream: entry.event.code for entry in _of(nation, PractitionerRegistered)}
    joined = {code_of[entry.stream]: (entry.event.team, entry.recorded_at) for entry in _of(nation, PractitionerJoined)}
    left = {code_of[entry.stream]: entry.recorded_at for entry in _of(nation, PractitionerLeft)}
    teams: dict[UUID, str] = {}
    held = 0
    for entry in _of(nation, ProviderAllocated, CaseAllocated, TransferAccepted, CoverStarted):
        event = entry.event
        if not isinstance(event, CoverStarted):
            teams[entry.stream] = event.team
            assert event.provider == providers[event.team]
        if event.practitioner:
            held += 1
            team, since = joined[event.practitioner]
            assert team == teams[entry.stream]
            assert local_day(since) <= local_day(entry.recorded_at)
            assert event.practitioner not in left or local_day(entry.recorded_at) <= local_day(left[event.practitioner])
    assert held > CASES


def test_what_goes_to_another_team_names_its_provider(nation: Nation) -> None:
    providers = {entry.event.code: entry.event.provider for entry in _of(nation, TeamRegistered)}
    asked = [entry.event for entry in _of(nation, TransferRequested)]
    assert asked
    assert all(event.to_provider == providers[event.to_team] for event in asked)


def test_handovers_are_between_two_people(nation: Nation) -> None:
    registered = {entry.event.code for entry in _of(nation, PractitionerRegistered)}
    held = [entry.event for entry in _of(nation, HandoverHeld)]
    assert held
    assert all(event.from_practitioner != event.to_practitioner for event in held)
    assert {code for event in held for code in (event.from_practitioner, event.to_practitioner)} <= registered


def test_the_demonstration_is_at_home_in_the_nation(nation: Nation) -> None:
    registered = {entry.event.code: entry.event.name for entry in _of(nation, PractitionerRegistered)}
    assert {(staff.code, staff.name) for staff in DEMO_STAFF if staff.team} <= set(registered.items())
    assert {team.code for team in TEAMS} <= {entry.event.code for entry in _of(nation, TeamRegistered)}


def test_teams_belong_to_crcs_and_divisions_of_their_own_kind(nation: Nation) -> None:
    kinds = {entry.event.code: entry.event.kind for entry in _of(nation, ProviderRegistered)}
    assert set(kinds) <= {area.code for area in (*NATION.crc, *NATION.division)}
    assert all((kind is ProviderKind.CRC) == code.startswith("C") for code, kind in kinds.items())


def test_a_smaller_nation_has_the_crcs_that_are_named_and_their_divisions() -> None:
    worlds = [World(TEAMS, NAMED, [])] * 3
    found = units(worlds, CASES, 7, areas=5, crcs=("C06", "C10", "C15"))
    # five times the demonstration's four teams of CRCs and its one of the NPS
    assert Counter(unit.team.provider[0] for unit in found) == {"C": 20, "N": 5}
    assert {unit.team.provider for unit in found} == {"C06", "C10", "C15", "N01", "N03", "N05"}
    assert {unit.team.code for unit in found if unit.card.home} == {team.code for team in TEAMS}


def test_letters_are_sent_in_a_burst_only_where_an_inspection_is_announced_soon_after(nation: Nation) -> None:
    announced = {entry.event.provider: local_day(entry.recorded_at) for entry in _of(nation, InspectionAnnounced)}
    providers = {entry.event.code: entry.event.provider for entry in _of(nation, TeamRegistered)}
    days: dict[str, set[date]] = {}
    for entry in _of(nation, UpwInstructed):
        if entry.event.batch and "check of files" in _reason(nation, entry):
            days.setdefault(providers[entry.event.batch.split()[0]], set()).add(local_day(entry.recorded_at))
    assert set(days) <= set(announced)
    for provider, sent in days.items():
        assert all(announced[provider] - timedelta(days=14) < day < announced[provider] for day in sent)


def _reason(nation: Nation, entry: Entry) -> str:
    return nation.record.history(entry.stream, texts=True)[entry.version - 1].event.reason


def test_officers_of_the_nation_sign_in_and_see_their_day(
    nation: Nation, read_side: ReadSide, applications: Callable[[Record], Flask]
) -> None:
    app = applications(nation.record)
    busiest = Counter(e.event.practitioner for e in _of(nation, CaseAllocated) if "T" in e.event.practitioner).most_common(1)[0][0]
    for code in ("C10A001", busiest):
        page = Browser(app).sign_in(code).get("/my-day")
        assert page.status_code == 200
        assert "/cases/X" in page.text


# -- by command line -----------------------------------------------------------------------------------------------------


def test_a_nation_is_seeded_and_checked_by_command_line(synthetic_database: str, tmp_path: Path) -> None:
    surroundings = {
        **os.environ,
        "DATABASE_URL": synthetic_database,
        "THROUGHLINE_HOME": str(tmp_path),
        "THROUGHLINE_MASTER_KEY": base64.b64encode(MASTER).decode(),
    }

    def throughline(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "web.cli", *words], env=surroundings, capture_output=True, text=True)

    seeding = ("seed", "--fast", "--cases", "12", "--seed", "3", "--until", "2026-11-18T13:20")
    assert throughline(*seeding).returncode == 0
    found = throughline("check", "--all", "--json")
    assert found.returncode == 0, found.stdout + found.stderr
    told = msgspec.json.decode(found.stdout)
    assert (told["well"], told["faults"], told["lag"]) == (True, [], 0)
    again = throughline(*seeding)
    assert again.returncode == 1
    assert "There is history in this record already." in again.stderr


# -- refused -------------------------------------------------------------------------------------------------------------


def test_only_an_empty_synthetic_record_takes_a_nation(record: Record, database: str, nation: Nation) -> None:
    with pytest.raises(CannotSeed, match="real record"):
        seed_nation(record, database, cases=5, seed=1, until=WEDNESDAY)
    with pytest.raises(CannotSeed, match="not empty"):
        seed_nation(nation.record, nation.dsn, cases=5, seed=1, until=WEDNESDAY)


def test_the_owners_door_opens_only_to_an_empty_synthetic_record(record: Record, database: str, nation: Nation) -> None:
    for dsn in (database, nation.dsn):
        with pytest.raises(ValueError, match="empty record"), filling(dsn, record.keyring):
            pass


def test_a_load_that_breaks_off_leaves_the_record_empty_and_whole(synthetic_record: Record, synthetic_database: str) -> None:
    def indexes() -> list[tuple[str]]:
        with psycopg.connect(synthetic_database) as conn:
            return conn.execute("select indexdef from pg_indexes where schemaname = 'record' order by 1").fetchall()

    before = indexes()

    def break_off() -> None:
        with filling(synthetic_database, synthetic_record.keyring) as log:
            log.add(UUID(int=1), 1, "provider-registered", b"{}", {}, None, WEDNESDAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert synthetic_record.head() == 0
    assert indexes() == before


def test_every_number_of_the_nation_has_a_source_and_a_mark() -> None:
    for name, group in stated().items():
        if isinstance(group, dict):
            for key, entry in group.items():
                assert set(entry) == {"value", "mark", "source"}, f"{name}.{key}"
                assert entry["mark"] in ("[V]", "[R]", "[D]")
