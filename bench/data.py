"""A made-up caseload written straight into the log with its ledger, as fast as COPY takes it: far quicker than by commands.

The events are the service's own classes and go through its codec and sealing; only the door is another one, the owner's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import msgspec
import psycopg

from domain.allocation import AllocationReason, CaseAllocated
from domain.appointment import AppointmentArranged, OutcomeRecorded
from domain.case import CaseOpened, Sex, case_id
from domain.contact import KINDS, NO_WORK, ContactRecorded, Mode, Purpose, Work
from domain.entry import EntryCorrected
from domain.event import Event, Pending, stream_id
from domain.organisation import ProviderKind, ProviderRegistered, TeamRegistered, provider_id
from domain.plan import ObjectiveSet
from domain.practitioner import PractitionerJoined, PractitionerRegistered, practitioner_id
from domain.requirement import RequirementImposed, RequirementKind
from domain.risk import Rosh, RoshAssessed
from domain.sentence import SentenceEnded, SentenceKind, SentenceStarted
from domain.upw_instruction import InstructionKind, InstructionMethod, UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from store.codec import Codec
from store.ledger import case_hash, leaf_hash
from store.recorder import Stored
from store.sealing import Keyring

ROUNDS = 180
"""In each round every open case has its next entry, so histories lie interleaved on the disk as they would after years."""
SHORTEST, LONGEST = 60, 180
CLOSED = 0.25
SPAN = timedelta(days=730)
CASELOAD = 40
"""Cases of one officer."""
LONG_CRN, LONG_LENGTH, LONG_PACE = "L000300", 300, 3
"""The one long case, for replaying."""
BATCH = 10_000
"""Keys of people made together."""
GIVEN = ("Alex", "Sam", "Rhys", "Megan", "Jordan", "Carys", "Leon", "Tegan", "Ashley", "Dylan")
FAMILY = ("Example", "Morgan", "Patel", "Hughes", "Osei", "Price", "Kowalski", "Bowen", "Khan", "Griffiths", "Reid", "Lloyd")
NOTES = (
    "Attended on time. We went through the exercise on triggers and agreed what to try before next time.",
    "Quiet at first but talked more as the session went on. Looked again at the objective on housing; some progress since last month.",
    "Arrived late and apologised. Said that the week had been difficult. Discussed who to call when things build up.",
    "Came straight from work. Completed the next page of the workbook and reviewed the plan together.",
)
OUTCOMES = ("ATTC",) * 7 + ("UAAB", "AAME", "ATSS")
KEPT = ("COAP", "COAP", "COAP", "CHVS", "COPT")
OTHERS = ("CTOA", "CTOB", "CMOB", "CIEA", "COUP", "CLOB")


class Load(NamedTuple):
    """What was written: how many events, of which cases, with whom."""

    events: int
    crns: list[str]
    officers: list[str]
    teams: list[str]
    provider: str


class Officer(NamedTuple):
    code: str
    team: str
    provider: str


class Life:
    """One case while it is being made up."""

    __slots__ = ("appointment", "closes", "crn", "entry", "length", "officer", "pace", "person", "prior", "starts", "stream", "version")

    def __init__(self, crn: str, officer: Officer, length: int, *, starts: int, pace: int = 1, closes: bool = False) -> None:
        self.crn, self.officer, self.length, self.starts, self.pace, self.closes = crn, officer, length, starts, pace, closes
        self.stream = case_id(crn)
        self.person = stream_id("bench-person", crn)
        self.version = 0
        self.prior = bytes(32)
        self.appointment: tuple[int, datetime] | None = None
        self.entry: tuple[int, ContactRecorded] | None = None


def officers_for(cases: int) -> list[Officer]:
    """Officers with about 40 cases each, ten to a team, some teams to a provider."""
    many = max(20, cases // CASELOAD)
    teams = max(4, many // 10)
    providers = min(28, max(2, teams // 4))
    return [Officer(f"P{i:05d}", f"T{i % teams:04d}", f"C{i % teams % providers:02d}") for i in range(many)]


def _organisation(officers: list[Officer], at: datetime) -> Iterator[tuple[UUID, list[Event]]]:
    teams = {o.team: o.provider for o in officers}
    for provider in dict.fromkeys(teams.values()):
        own: list[Event] = [
            TeamRegistered(occurred_at=at, by="admin", provider=provider, code=team, name=f"Team {team}")
            for team, whose in teams.items()
            if whose == provider
        ]
        first = ProviderRegistered(occurred_at=at, by="admin", code=provider, name=f"Provider {provider}", kind=ProviderKind.CRC)
        yield provider_id(provider), [first, *own]
    managers = [Officer(f"M{team}", team, provider) for team, provider in teams.items()]
    for officer in (*managers, *officers):
        grade = "SPO" if officer.code.startswith("M") else "PO"
        yield (
            practitioner_id(officer.code),
            [
                PractitionerRegistered(occurred_at=at, by="admin", code=officer.code, name=f"Officer {officer.code}", grade=grade),
                PractitionerJoined(occurred_at=at, by="admin", team=officer.team, provider=officer.provider),
            ],
        )


def lives_of(events: int, rng: Random) -> list[Life]:
    """Enough cases to come to about this many events; those that are open reach to the last day."""
    count = max(1, events * 2 // (SHORTEST + LONGEST))
    officers = officers_for(count)
    found = [Life(LONG_CRN, officers[0], LONG_LENGTH, starts=0, pace=LONG_PACE)]
    for i in range(count):
        length, closes = rng.randint(SHORTEST, LONGEST), rng.random() < CLOSED
        starts = rng.randint(0, ROUNDS - length) if closes else ROUNDS - length
        found.append(Life(f"X{i:06d}", officers[i % len(officers)], length, starts=starts, closes=closes))
    return found


# -- one entry after another ---------------------------------------------------------------------------------------------


def _opening(life: Life, at: datetime, rng: Random) -> Event:
    """The first six entries of every case."""
    by = life.officer.code
    match life.version:
        case 0:
            name, born = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}", str(date(1960 + rng.randint(0, 44), 5, 17))
            return CaseOpened(occurred_at=at, by=by, crn=life.crn, person_id=life.person, name=name, born=born, sex=Sex.MALE)
        case 1:
            return SentenceStarted(occurred_at=at, by=by, kind=SentenceKind.COMMUNITY_ORDER, expected_end_on=(at + SPAN * 1.2).date())
        case 2:
            return RequirementImposed(occurred_at=at, by=by, sentence=2, kind=RequirementKind.UNPAID_WORK, amount=100)
        case 3:
            return ObjectiveSet(occurred_at=at, by=by, topic="Accommodation", aim="Find settled housing")
        case 4:
            return _allocated(life, at, AllocationReason.INITIAL)
        case _:
            return _assessed(life, at, rng)


def _allocated(life: Life, at: datetime, reason: AllocationReason) -> Event:
    officer = life.officer
    return CaseAllocated(
        occurred_at=at, by=officer.code, practitioner=officer.code, team=officer.team, provider=officer.provider, reason=reason
    )


def _assessed(life: Life, at: datetime, rng: Random) -> Event:
    level, due = rng.choice((Rosh.LOW, Rosh.MEDIUM, Rosh.MEDIUM, Rosh.HIGH)), (at + timedelta(days=180)).date()
    return RoshAssessed(occurred_at=at, by=life.officer.code, level=level, review_due_on=due, rationale=NOTES[1])


_WORK = Work(purposes=(Purpose.NEEDS,), objectives=(4,))
_LESS = Work(purposes=(Purpose.REPORTING,), objectives=(4,))


def _arranged(life: Life, at: datetime, starts_at: datetime, rng: Random) -> Event:
    kind = rng.choice(KEPT)
    life.appointment = (life.version + 1, starts_at)
    by = life.officer.code
    return AppointmentArranged(
        occurred_at=at, by=by, starts_at=starts_at, practitioner=by, kind=kind, mode=KINDS[kind].mode, minutes=30, place="Cardiff office"
    )


def _outcome(life: Life, at: datetime, draw: float, rng: Random) -> Event:
    assert life.appointment is not None
    number, starts_at = life.appointment
    life.appointment = None
    outcome = rng.choice(OUTCOMES)
    attended = outcome == "ATTC"
    return OutcomeRecorded(
        occurred_at=min(starts_at, at),
        by=life.officer.code,
        appointment=number,
        outcome=outcome,
        practitioner=life.officer.code,
        minutes=30 if attended else None,
        work=(_WORK if draw < 0.4 else _LESS) if attended else NO_WORK,
        note=rng.choice(NOTES) if draw < 0.6 else "",
    )


def _contact(life: Life, at: datetime, draw: float, rng: Random) -> Event:
    kind = rng.choice(OTHERS)
    usual = KINDS[kind]
    event = ContactRecorded(
        occurred_at=at,
        by=life.officer.code,
        practitioner=life.officer.code,
        kind=kind,
        mode=usual.mode,
        direction=usual.direction,
        with_whom=usual.with_whom,
        work=_WORK if usual.mode is Mode.OFFICE else NO_WORK,
        note=rng.choice(NOTES) if draw < 0.8 else "",
    )
    life.entry = (life.version + 1, event)
    return event


def _unpaid_work(life: Life, at: datetime, draw: float) -> Event:
    by = life.officer.code
    if draw < 0.2:
        return UpwInstructed(
            occurred_at=at,
            by=by,
            requirement=3,
            kind=InstructionKind.FIRST,
            project="Park",
            work_at=at + timedelta(days=7),
            method=InstructionMethod.TEXT,
        )
    return UpwAttendanceRecorded(
        occurred_at=at,
        by=by,
        requirement=3,
        outcome="ATTC" if draw < 0.8 else "UAAB",
        project="Park",
        supervisor="Warden",
        minutes_offered=420,
        minutes_credited=420 if draw < 0.8 else 0,
    )


def _closing(life: Life, at: datetime, until: datetime, rng: Random) -> Event | None:
    """The last two entries: the appointment is dealt with, then the sentence ends or the next appointment is to come."""
    left = life.length - life.version
    if left == 2 and life.appointment and rng.random() > 0.07:
        return _outcome(life, at, rng.random(), rng)
    if left > 1:
        return None
    if life.closes:
        return SentenceEnded(occurred_at=at, by=life.officer.code, sentence=2, how="expired")
    ahead = timedelta(minutes=15 * rng.randint(-12, 12)) if rng.random() < 0.1 else timedelta(days=rng.randint(1, 28))
    return _arranged(life, at, until + ahead, rng)


def entry(life: Life, recorded_at: datetime, until: datetime, rng: Random) -> Event:
    """The next entry of a case, written at `recorded_at`."""
    draw = rng.random()
    at = recorded_at - timedelta(hours=1 + 100 * draw * draw)
    if life.version < 6:
        return _opening(life, at, rng)
    if life.length - life.version <= 2 and (last := _closing(life, at, until, rng)) is not None:
        return last
    chance = rng.random()
    if life.appointment is not None and chance < 0.75:
        return _outcome(life, at, draw, rng)
    if life.appointment is None and chance < 0.6:
        return _arranged(life, at, recorded_at + timedelta(days=1 + 6 * draw), rng)
    if chance < 0.9:
        return _contact(life, at, draw, rng)
    return _rarer(life, at, chance, draw, rng)


def _rarer(life: Life, at: datetime, chance: float, draw: float, rng: Random) -> Event:
    if chance < 0.96:
        return _unpaid_work(life, at, draw)
    if chance < 0.975:
        return _assessed(life, at, rng)
    if chance < 0.985 and life.entry is not None:
        number, event = life.entry
        return EntryCorrected(
            occurred_at=at, by=life.officer.code, entry=number, reads=msgspec.structs.replace(event, minutes=20), reason="Wrong length."
        )
    life.officer = life.officer._replace(code=f"P{max(0, int(life.officer.code[1:]) - 1):05d}")
    return _allocated(life, at, AllocationReason.STAFF)


# -- writing -------------------------------------------------------------------------------------------------------------

_EVENT = (
    "copy record.event (originator_id, originator_version, topic, state, notification_id, recorded_at, sealed) from stdin (format binary)"
)
_EVENT_TYPES = ("uuid", "int8", "text", "bytea", "int8", "timestamptz", "bytea")
_LEAF = "copy record.leaf (leaf_index, originator_id, originator_version, leaf_hash, case_hash) from stdin (format binary)"
_LEAF_TYPES = ("int8", "uuid", "int8", "bytea", "bytea")


class Log:
    """The log and its ledger being filled, each over a connection of its own so that the server works beside us."""

    def __init__(self, events: psycopg.Copy, leaves: psycopg.Copy, keyring: Keyring) -> None:
        events.set_types(_EVENT_TYPES)
        leaves.set_types(_LEAF_TYPES)
        self._event, self._leaf = events.write_row, leaves.write_row
        self._stored = Codec(keyring).to_stored_event
        self.position = 0

    def add(self, pending: Pending, recorded_at: datetime, prior: bytes) -> bytes:
        """One event with its leaf; returns the hash that the next one of its stream chains on to."""
        stored = self._stored(pending)
        assert isinstance(stored, Stored)
        self.position = position = self.position + 1
        stream, version, topic, state, sealed = pending.originator_id, pending.originator_version, stored.topic, stored.state, stored.sealed
        leaf = leaf_hash(stream, version, topic, state, sealed, recorded_at, position, None, prior)
        chain = case_hash(stream, version, prior, leaf)
        self._event((stream, version, topic, state, position, recorded_at, sealed))
        self._leaf((position - 1, stream, version, leaf, chain))
        return chain


@contextmanager
def _filling(dsn: str, keyring: Keyring) -> Iterator[Log]:
    with (
        psycopg.connect(dsn) as one,
        psycopg.connect(dsn) as other,
        one.cursor().copy(_EVENT.encode()) as events,
        other.cursor().copy(_LEAF.encode()) as leaves,
    ):
        yield Log(events, leaves, keyring)


def load(dsn: str, keyring: Keyring, events: int, until: datetime, seed: int = 7) -> Load:
    """Fill an empty record, as its owner, with about `events` events up to `until`."""
    rng = Random(seed)
    lives = lives_of(events, rng)
    people = [life.person for life in lives]
    for i in range(0, len(people), BATCH):
        keyring.make_many(people[i : i + BATCH])
    officers = officers_for(len(lives) - 1)
    since = until - SPAN
    step = SPAN / (sum(life.length for life in lives) + 5 * len(officers) + 1000)
    with _filling(dsn, keyring) as log:
        for stream, history in _organisation(officers, since):
            prior = bytes(32)
            for version, event in enumerate(history, 1):
                prior = log.add(Pending(stream, version, event), since, prior)
        for number in range(ROUNDS):
            _round(log, lives, number, since, step, until, rng)
        written = log.position
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("vacuum analyze record.event, record.leaf, keys.person_key")
    teams = list(dict.fromkeys(officer.team for officer in officers))
    open_crns = [life.crn for life in lives if not life.closes]
    return Load(written, open_crns, [officer.code for officer in officers], teams, officers[0].provider)


def _round(log: Log, lives: list[Life], number: int, since: datetime, step: timedelta, until: datetime, rng: Random) -> None:
    for life in lives:
        if life.starts > number:
            continue
        for _ in range(min(life.pace, life.length - life.version)):
            at = since + step * log.position
            event = entry(life, at, until, rng)
            life.version += 1
            life.prior = log.add(Pending(life.stream, life.version, event, life.person), at, life.prior)
