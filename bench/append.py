"""Appending: our sealed and ledgered event with its command against the library's own `app.save`, one writer and four."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from time import perf_counter
from uuid import UUID, uuid4

from bench import library
from bench.crew import Crew, alternate
from bench.results import Line
from bench.stage import MASTER, Stage
from domain.case import CaseOpened
from domain.contact import ContactRecorded, Direction, Mode, Purpose, WithWhom, Work
from domain.event import Pending
from store.database import as_service
from store.record import Record

LENGTH = 120
"""Entries after which a writer goes on with another case."""
SOME_WORK = Work(purposes=(Purpose.NEEDS,), objectives=(4,))


def ours(pipe: Connection, dsn: str, number: int) -> None:
    """A writer of our kind."""
    record = Record(as_service(dsn), MASTER, pool_size=1)
    try:
        answer(pipe, _our_saves(record).__next__)
    finally:
        record.close()


def peers(pipe: Connection, dsn: str, number: int) -> None:
    """A writer of the library's kind."""
    with library.application(dsn) as app:
        answer(pipe, _peer_saves(app).__next__)


def answer(pipe: Connection, save: Callable[[], Callable[[int], None]]) -> None:
    """A writer's life: see `bench.crew.Work`. `save` makes what appends so many events at once."""
    append = save()
    append(1)
    pipe.send(None)
    while (asked := pipe.recv()) is not None:
        batch, seconds = asked
        events, start = 0, perf_counter()
        while perf_counter() - start < seconds:
            append(batch)
            events += batch
        pipe.send((events, perf_counter() - start))


def _our_saves(record: Record) -> Iterator[Callable[[int], None]]:
    stream, person, version = UUID(int=0), UUID(int=0), LENGTH

    def append(batch: int) -> None:
        nonlocal stream, person, version
        now = datetime.now(UTC)
        if version >= LENGTH:
            stream, person, version = uuid4(), uuid4(), 1
            opened = CaseOpened(occurred_at=now, by="SIAN", crn="X000001", person_id=person, name="Alex Example")
            record.append([Pending(stream, 1, opened, person)], uuid4(), record.keyring.digest(b"open"))
        pending = [Pending(stream, version + i, _contact(now), person) for i in range(1, batch + 1)]
        record.append(pending, uuid4(), record.keyring.digest(b"contact"))
        version += batch

    while True:
        yield append


def _contact(now: datetime) -> ContactRecorded:
    return ContactRecorded(
        occurred_at=now,
        by="SIAN",
        practitioner="SIAN",
        kind="COAP",
        mode=Mode.OFFICE,
        direction=Direction.TWO_WAY,
        with_whom=WithWhom.PERSON,
        minutes=30,
        work=SOME_WORK,
        note=library.NOTE,
    )


def _peer_saves(app: library.Supervision) -> Iterator[Callable[[int], None]]:
    case = library.opened(1)
    app.save(case)

    def append(batch: int) -> None:
        nonlocal case
        if case.version >= LENGTH:
            case = library.opened(1)
            app.save(case)
        for _ in range(batch):
            library.contact(case)
        app.save(case)

    while True:
        yield append


def run(stage: Stage) -> list[Line]:
    our_dsn, peer_dsn = stage.empty_record("bench_append_ours"), stage.database("bench_append_peer")
    with library.application(peer_dsn, create=True):
        pass
    seconds, rounds = (1.0, 3) if stage.quick else (3.0, 5)
    our_crew, peer_crew = Crew(ours, our_dsn, 4), Crew(peers, peer_dsn, 4)
    lines = []
    for writers, batch, bar in ((1, 1, 0.0), (4, 1, 1.5), (1, 10, 0.0), (4, 10, 0.0)):
        mine, theirs = alternate(our_crew, peer_crew, writers, batch, seconds, rounds)
        lines.append(_line(writers, batch, bar, mine, theirs))
    our_crew.close()
    peer_crew.close()
    return lines


def _line(writers: int, batch: int, bar: float, mine: float, theirs: float) -> Line:
    ratio = mine / theirs
    return Line(
        bench="append",
        what=f"{writers} writer{'s'[: writers - 1]}, {batch} event{'s'[: batch - 1]} a commit",
        ratio=f"{ratio:.2f} x",
        bar=f">= {bar:g} x" if bar else "",
        met=ratio >= bar if bar else None,
        ours=f"{mine:,.0f} events/s",
        peer=f"{theirs:,.0f} events/s",
        note="peer: the library's app.save, without sealing, ledger, time of recording or command id",
        figures={"ratio": ratio, "ours_per_s": mine, "peer_per_s": theirs},
    )
