"""The rebuilder is killed and started again while people write and read: nothing is missed, and nobody sees a half-made state."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.allocation import AllocationReason, CaseAllocated
from domain.case import Case, CaseOpened, case_id
from domain.contact import ContactRecorded, Direction, Mode, WithWhom
from domain.event import Event, stream_id
from domain.sentence import SentenceKind, SentenceStarted
from projections.building import Underway
from projections.read_models import ReadSide
from store.bulk import filling
from store.codec import plain
from store.policy import current_policy
from store.record import Record
from tests.journeys.posting import PACE
from tests.scenario import Scenario

QUIET_CASES, CONTACTS = 120, 60
WRITTEN_TO = ("W000001", "W000002", "W000003", "W000004")
KILLS = 2
REBUILD = """
import os
from projections import building
from projections.read_models import ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER

building.SMALL, building.PART = 0, 400  # many small parts, so that there is always one to be killed in
record = Record(as_service(os.environ["DATABASE_URL"]), MASTER)
print(ReadSide(record, current_policy()).rebuild())
record.close()
"""


def _life(n: int, until: datetime) -> list[Event]:
    began = until - timedelta(days=200)
    crn = f"Q{n:06d}"
    first: list[Event] = [
        CaseOpened(occurred_at=began, by="SIAN", crn=crn, person_id=stream_id("person", crn), name="Alex Example"),
        SentenceStarted(occurred_at=began, by="SIAN", kind=SentenceKind.COMMUNITY_ORDER, expected_end_on=until.date()),
        CaseAllocated(occurred_at=began, by="SIAN", practitioner="SIAN", team="CF1", provider="C10", reason=AllocationReason.INITIAL),
    ]
    contacts = [
        ContactRecorded(
            occurred_at=began + timedelta(days=day),
            by="SIAN",
            practitioner="SIAN",
            kind="COUP",
            mode=Mode.OFFICE,
            direction=Direction.TWO_WAY,
            with_whom=WithWhom.PERSON,
        )
        for day in range(CONTACTS)
    ]
    return [*first, *contacts]


def _quiet_cases(record: Record, owner: str) -> None:
    """Cases that nobody writes to, so that a rebuild has something to do."""
    until = record.clock() - timedelta(hours=1)
    lives = [(case_id(f"Q{n:06d}"), _life(n, until)) for n in range(QUIET_CASES)]
    record.keyring.make_many([life[0].person_id for _, life in lives])
    with filling(owner, record.keyring) as log:
        for stream, life in lives:
            prior = bytes(32)
            for version, event in enumerate(life, 1):
                topic, state, texts = plain(event)
                prior = log.add(stream, version, topic, state, texts, life[0].person_id, until, prior)


@pytest.fixture
def read_side(synthetic_record: Record, synthetic_database: str) -> ReadSide:
    _quiet_cases(synthetic_record, synthetic_database)
    told = Scenario(synthetic_record).staff()
    for crn in WRITTEN_TO:
        told.case(crn)
    made = ReadSide(synthetic_record, current_policy())
    made.prepare()
    return made


@pytest.fixture
def environment(synthetic_database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": synthetic_database}


def _start(environment: dict[str, str], *command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Reader(threading.Thread):
    """Somebody who looks all the time: every case is there, and all rows of a case say the same of how far it goes."""

    LOOK = """
        select c.crn, f.version, c.last_contact_at, (select sum(m.continuity_yes + m.continuity_no + m.continuity_not_evidenced
        + m.continuity_left_out) from contact_month m where m.stream_id = c.stream_id), count(*) over ()
        from caseload c join folded f using (stream_id) order by c.crn desc limit %s
    """

    def __init__(self, read_side: ReadSide, since: datetime, before: dict[str, int]) -> None:
        super().__init__()
        self.read_side, self.since, self.before = read_side, since, before
        self.stop, self.looks, self.wrong = threading.Event(), 0, list[object]()

    def run(self) -> None:
        try:
            while not self.stop.wait(0.05):
                self.look()
                self.looks += 1
        except BaseException as e:
            self.wrong.append(e)

    def look(self) -> None:
        with self.read_side.reading() as conn:
            found = conn.execute(self.LOOK, (len(WRITTEN_TO),)).fetchall()
        if [crn for crn, *_ in found] != sorted(WRITTEN_TO, reverse=True):
            self.wrong.append(found)
        for crn, version, last, contacts, cases in found:
            count = version - self.before[crn]
            said = (last, contacts or 0, cases)
            if said != (self.since + count * PACE if count else None, count, QUIET_CASES + len(WRITTEN_TO)):
                self.wrong.append((crn, version, *said))


def _died_at(read_side: ReadSide, environment: dict[str, str], luck: random.Random) -> Underway | None:
    """Start the rebuilder and kill it a moment after it has done something more; None when it was quicker."""
    before = read_side.underway()
    rebuilder = _start(environment, "-c", REBUILD)
    while rebuilder.poll() is None:
        underway = read_side.underway()
        if underway and underway.done > (before.done if before else 0):
            time.sleep(luck.uniform(0, 0.15))
            break
        time.sleep(0.02)
    rebuilder.send_signal(signal.SIGKILL)
    rebuilder.communicate()
    return read_side.underway()


def test_a_rebuild_that_is_killed_again_and_again_misses_nothing_and_shows_nothing_by_halves(
    read_side: ReadSide, environment: dict[str, str]
) -> None:
    record, luck = read_side.record, random.Random(20261123)
    before = {crn: record.state(Case, case_id(crn)).version for crn in WRITTEN_TO}
    since = record.clock() - timedelta(days=20)
    reader = Reader(read_side, since, before)
    writers = {crn: _start(environment, "-m", "tests.journeys.posting", crn, since.isoformat()) for crn in WRITTEN_TO}
    reader.start()
    try:
        left = [_died_at(read_side, environment, luck) for _ in range(KILLS)]
        rebuilder = _start(environment, "-c", REBUILD)
        said, errors = rebuilder.communicate(timeout=120)
    finally:
        ended = {crn: writer.communicate("enough\n", timeout=60) for crn, writer in writers.items()}
        reader.stop.set()
        reader.join()
    assert rebuilder.returncode == 0, errors
    assert int(said) > 0
    halves = [underway for underway in left if underway is not None]
    assert len(halves) == KILLS, "it was killed in the middle each time"
    assert all(0 < one.done <= one.of for one in halves)
    assert [one.done for one in halves] == sorted(one.done for one in halves), "what was done stayed done"
    assert read_side.underway() is None
    assert [writer.returncode for writer in writers.values()] == [0] * len(writers), ended
    posted = {crn: int(out) for crn, (out, _) in ended.items()}
    assert min(posted.values()) > 0
    assert {crn: record.state(Case, case_id(crn)).version - before[crn] for crn in WRITTEN_TO} == posted, "no event missed"
    assert reader.wrong == []
    assert reader.looks > KILLS
    assert read_side.is_current()
    reader.look()
    assert reader.wrong == []
    read_side.catch_up()
    health = read_side.health(sample=None)
    assert health.well, health
    assert health.compared == health.streams
