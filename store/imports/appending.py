"""Imported cases enter the record: many to a commit, each whole or not at all, and never what is there already."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

import msgspec
from eventsourcing.persistence import IntegrityError

from domain.case import Case, CaseOpened
from domain.event import NAMESPACE, Event, Pending, Recorded, Refused, State, personal_fields
from domain.person import PersonDetailsRecorded
from domain.register import Deregistered, Registered, RegistrationReviewed
from domain.requirement import RequirementAmended, RequirementImposed
from domain.risk import RoshAssessed
from domain.sentence import SentenceAmended, SentenceStarted
from store.codec import decode_event
from store.imports.report import RefusedRow, Tally
from store.record import TRIES, Busy, Record

S = TypeVar("S", bound=State)
R = TypeVar("R")
EVENTS_A_COMMIT = 1000
WORKERS = 2
FACTS = (
    SentenceStarted,
    SentenceAmended,
    RequirementImposed,
    RequirementAmended,
    RoshAssessed,
    Registered,
    RegistrationReviewed,
    Deregistered,
    PersonDetailsRecorded,
)
Touched = Callable[[Sequence[UUID]], None]


class CaseRefused(Exception):
    """A rule, or what is in the record already, refuses a case because of this row."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason


class Decision(msgspec.Struct, frozen=True):
    """What importing one case comes to."""

    events: list[Event]
    added: int
    already_there: int
    changed: int = 0
    """Rows that are there already, but of which the source now gives another time."""


class Work(msgspec.Struct, frozen=True):
    """One case to import: `decide` says what is new, given what rules remember of it and when its imported entries occurred."""

    stream: UUID
    reference: str
    rows: int
    first_row: int
    decide: Callable[["Found"], Decision]


class Found(msgspec.Struct):
    """A case as the record has it, with the entries that this or another source brought."""

    case: Case
    entries: list[Recorded]
    facts: list[Recorded] = []
    """Sentences, risk, registers and the person's details, whoever recorded them."""
    unreadable: str = ""


def person_of(case: UUID) -> UUID:
    """The person of an imported case: follows from the case, so that a second run means the same person."""
    return uuid5(NAMESPACE, f"person-of:{case}")


def load_many(record: Record, kind: type[S], streams: Sequence[UUID]) -> dict[UUID, S]:
    """What rules remember of many streams, in one question; streams with no events yet have version 0."""
    found: dict[UUID, S] = {stream: kind(stream) for stream in streams}  # type: ignore[call-arg]  # as Record.state
    for recorded in _events(record, streams):
        if isinstance(recorded, Recorded):
            found[recorded.originator_id].evolve(recorded)
        else:
            raise ValueError(f"a stored event of {recorded[0]} cannot be read: {recorded[1]}")
    return found


def _find(record: Record, streams: Sequence[UUID]) -> dict[UUID, Found]:
    found = {stream: Found(Case(stream), []) for stream in streams}
    for recorded in _events(record, streams):
        if not isinstance(recorded, Recorded):
            found[recorded[0]].unreadable = f"The case's stored history cannot be read at entry {recorded[1]}."
            continue
        each = found[recorded.originator_id]
        each.case.evolve(recorded)
        if isinstance(recorded.event, FACTS):
            each.facts.append(recorded)
        if recorded.event.imported is not None:
            each.entries.append(recorded)
    return found


def _events(record: Record, streams: Sequence[UUID]) -> Iterator[Recorded | tuple[UUID, int]]:
    """The events of many streams, each stream in order; (stream, version) for one that cannot be read."""
    with record.pool.connection() as conn, conn.cursor(binary=True) as rows:
        rows.execute(
            "select originator_id, originator_version, state, recorded_at, notification_id from record.event"
            " where originator_id = any(%s) order by originator_id, originator_version",
            (list(streams),),
        )
        for stream, version, state, recorded_at, position in rows:
            try:
                event = decode_event(state)
            except msgspec.DecodeError:
                yield stream, version
                continue
            yield Recorded(stream, version, event, recorded_at, position)


def save_all(record: Record, decide: Callable[[], tuple[list[Pending], R]]) -> R:
    """Append what `decide` finds to be new, deciding again when somebody else wrote to the same streams meanwhile."""
    for _ in range(TRIES):
        pending, result = decide()
        if not pending:
            return result
        people = _people_written_about(pending)
        if people:
            record.keyring.make_many(people)
        command = uuid4()
        try:
            record.append(pending, command, b"")
        except IntegrityError:
            if not record.knows(command):  # the commit may have succeeded and its answer been lost
                continue
        finally:
            record.keyring.forget(people)
        return result
    raise Busy


def _people_written_about(pending: Sequence[Pending]) -> list[UUID]:
    return list({p.person_id for p in pending if p.person_id is not None and _has_text(p.event)})


def _has_text(event: Event) -> bool:
    return any(getattr(event, name) for name in personal_fields(type(event)))


class Result(msgspec.Struct):
    """What became of a batch of cases."""

    streams: list[UUID] = []
    decisions: list[tuple[Decision, bool]] = []
    refused: list[tuple[RefusedRow, int]] = []


def append_all(
    record: Record,
    batches: Iterable[Sequence[Work]],
    tally: Tally,
    *,
    touched: Touched | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Append batch after batch. While the database works on one, the next is decided on: no two hold the same case."""
    with ThreadPoolExecutor(WORKERS, "import") as workers:
        under_way: deque[Future[Result]] = deque()

        def finish() -> None:
            _count(under_way.popleft().result(), tally, touched)
            if progress is not None:
                progress(tally.handled)

        for batch in batches:
            under_way.append(workers.submit(_append, record, batch, tally.dry_run))
            if len(under_way) > WORKERS:
                finish()
        while under_way:
            finish()


def _append(record: Record, batch: Sequence[Work], dry_run: bool) -> Result:
    """Decide on the cases of a batch and append them in one commit; in a dry run, only decide."""

    def decide() -> tuple[list[Pending], Result]:
        found = _find(record, [work.stream for work in batch])
        result, pending = Result(), list[Pending]()
        for work in batch:
            each = found[work.stream]
            before = each.case.version  # deciding may remember what is not recorded yet
            try:
                decision = _decision(work, each)
            except CaseRefused as e:
                result.refused.append((RefusedRow(e.row, e.reason, work.reference), work.rows))
                continue
            opened = bool(decision.events) and isinstance(decision.events[0], CaseOpened)
            result.decisions.append((decision, opened))
            if decision.events:
                result.streams.append(work.stream)
            person = each.case.person_id
            pending += [Pending(work.stream, before + i, event, person) for i, event in enumerate(decision.events, 1)]
        return ([] if dry_run else pending), result

    return save_all(record, decide)


def _count(result: Result, tally: Tally, touched: Touched | None) -> None:
    for refused, rows in result.refused:
        tally.refuse_case(refused, rows)
    for decision, opened in result.decisions:
        tally.cases_opened += opened
        tally.entries_added += decision.added
        tally.already_there += decision.already_there
        tally.events_added += len(decision.events)
        tally.changed_at_the_source += decision.changed
    if touched is not None and result.streams and not tally.dry_run:
        touched(result.streams)


def _decision(work: Work, found: Found) -> Decision:
    if found.unreadable:
        raise CaseRefused(work.first_row, found.unreadable)
    try:
        return work.decide(found)
    except Refused as e:
        raise CaseRefused(work.first_row, e.message) from e
