"""The record of supervision: the one door through which commands add to the log and histories are read back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from select import POLLIN, poll
from typing import Any, Concatenate, LiteralString, ParamSpec, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper
from psycopg import Connection
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool

from domain.case import Case
from domain.event import Event, Pending, Recorded, Refused, State, person_of
from domain.policy import Policy
from store.codec import Codec, open_texts
from store.recorder import LedgeredRecorder, Stored, environment
from store.sealing import Keyring, open_pool

S = TypeVar("S", bound=State)
P = ParamSpec("P")
TRIES = 20
"""How often a command is decided again when somebody else wrote to the same stream meanwhile."""


_SINGLE: LiteralString = (
    "select originator_id, originator_version, topic, state, sealed, recorded_at, notification_id from record.event"
    " where (originator_id, originator_version) in"
    " (select * from unnest(%(streams)s::uuid[], %(numbers)s::int[]) union select unnest(%(streams)s::uuid[]), 1)"
)
"""Entries by stream and number, and the first of each stream, which says whose key seals the others."""


class Busy(Exception):
    """Other people kept writing to the same case; nothing was saved and the command may be given again."""


class AskedDifferently(Exception):
    """This command id was answered before, for a request with another content. What was saved then stands."""


class Receipt(msgspec.Struct, frozen=True):
    """What a command came to: the streams it wrote to, the positions it took, and whether it had been answered before."""

    streams: tuple[UUID, ...]
    first: int
    last: int
    repeated: bool = False


class Step(msgspec.Struct, frozen=True):
    """One stream's part of a command: decide(state) gives the events."""

    kind: type[Any]
    stream: UUID
    decide: Callable[[Any], Sequence[Event]]
    wording: str


def step(
    kind: type[S],
    stream: UUID,
    command: Callable[Concatenate[S, P], Sequence[Event]],
    /,
    *args: P.args,
    **details: P.kwargs,
) -> Step:
    """A command on one stream, with its details; `wording` tells it apart from every other request but not from its repetition."""
    told = {name: value for name, value in details.items() if name != "now" and not isinstance(value, Policy)}
    wording = msgspec.json.encode([command.__name__, stream, sorted(told.items())], enc_hook=str)
    return Step(kind, stream, lambda state: command(state, *args, **details), wording.decode())


def together(first: Step, *more: Step) -> Step:
    """Several commands on one stream in one: each is decided on the stream as it stood, so none may bear on another."""
    steps = (first, *more)

    def decide(state: Any) -> list[Event]:
        return [event for s in steps for event in s.decide(state)]

    return Step(first.kind, first.stream, decide, "\n".join(s.wording for s in steps))


def _is_spoken_to(conn: Connection[Any]) -> bool:
    """Whether the server has said something that nobody asked it for, if only that it closes."""
    line = poll()
    line.register(conn.fileno(), POLLIN)
    return bool(line.poll(0))


class Record(Application[UUID]):
    """The library's application over our recorder and codec."""

    name = "throughline"

    def __init__(self, dsn: str, master: bytes, *, pool_size: int = 8) -> None:
        """`dsn` should carry the service's rights (see `store.database.as_service`). Raises ValueError on a wrong master key."""
        self.dsn = dsn
        self.rows = "live"
        self._looks_at: WeakKeyDictionary[Connection[Any], str] = WeakKeyDictionary()
        self.pool: ConnectionPool = open_pool(dsn, size=pool_size, check=self._check)
        self.keyring = Keyring(self.pool.connection, master)
        super().__init__(environment(dsn, pool_size=pool_size))
        self.pool.open()
        self.keyring.check_master()

    def construct_mapper(self) -> Mapper[UUID]:
        return Codec(self.keyring)

    def look_at(self, schema: str) -> None:
        """From now on the unqualified tables of every pooled connection are those of `schema`."""
        self.rows = schema

    def _check(self, conn: Connection[Any]) -> None:
        """What the pool does with a connection before it hands it out: it must be there, and it looks at the right tables.

        A server that goes away closes its end, which can be seen without asking it; a page takes half a dozen connections in turn.
        """
        if self._looks_at.get(conn) != self.rows or _is_spoken_to(conn):
            conn.execute(SQL("set search_path to {}").format(Identifier(self.rows)))
            self._looks_at[conn] = self.rows

    def close(self) -> None:
        super().close()
        if hasattr(self, "pool"):
            self.pool.close()

    # -- writing -----------------------------------------------------------------------------------------------------

    def change(
        self,
        kind: type[S],
        stream: UUID,
        command: Callable[Concatenate[S, P], Sequence[Event]],
        command_id: UUID | None,
        /,
        *args: P.args,
        **details: P.kwargs,
    ) -> Receipt:
        """Load a stream, decide, append; see `change_all`."""
        return self.change_all([step(kind, stream, command, *args, **details)], command_id)

    def change_all(self, steps: Sequence[Step], command_id: UUID | None, *, times: Callable[[Event], datetime] | None = None) -> Receipt:
        """Carry out one command on one or several streams, all or nothing, once however often it is given.

        `times` gives made-up times of recording and works only in a synthetic record. Raises Refused (a rule says no),
        AskedDifferently (the id was used for another request) or Busy.
        """
        request = self.keyring.digest("\n".join(s.wording for s in steps).encode())
        for _ in range(TRIES):
            try:
                pending = [event for s in steps for event in self._decide(s)]
            except Refused:
                # The first of two presses may be what makes the rule refuse the second.
                if command_id is not None and (earlier := self._answered(steps, command_id, request)):
                    return earlier
                raise
            moments = [times(p.event) for p in pending] if times else None
            try:
                positions = self.append(pending, command_id, request, moments)
            except IntegrityError:
                if command_id is not None and (earlier := self._answered(steps, command_id, request)):
                    return earlier
                continue
            return Receipt(tuple(s.stream for s in steps), positions[0], positions[-1])
        raise Busy

    def append(
        self, pending: Sequence[Pending], command_id: UUID | None, request: bytes | None, times: Sequence[datetime] | None = None
    ) -> list[int]:
        """Append what is decided on already, in one commit; its positions. Raises IntegrityError when somebody else wrote to its streams.

        The library's `save` does the same, but asks of every event whether it is an aggregate, which takes longer than sealing it.
        """
        assert isinstance(self.mapper, Codec)
        assert isinstance(self.recorder, LedgeredRecorder)
        positions: list[int] = self.recorder.append(list(map(self.mapper.to_row, pending)), command_id, request, times)
        return positions

    def _decide(self, s: Step) -> list[Pending]:
        state = self.state(s.kind, s.stream)
        before = state.version
        events = s.decide(state)
        person = state.person_id or (person_of(events[0]) if events else None)
        return [Pending(s.stream, before + i, event, person) for i, event in enumerate(events, 1)]

    def knows(self, command_id: UUID | None) -> bool:
        """Whether a command was carried out under this id."""
        with self.pool.connection() as conn:
            return conn.execute("select from record.command where command_id = %s", (command_id,)).fetchone() is not None

    def _answered(self, steps: Sequence[Step], command_id: UUID, request: bytes) -> Receipt | None:
        with self.pool.connection() as conn:
            row = conn.execute(
                "select request, first_position, last_position from record.command where command_id = %s", (command_id,)
            ).fetchone()
        if row is None:
            return None
        if bytes(row[0]) != request:
            raise AskedDifferently
        return Receipt(tuple(s.stream for s in steps), row[1], row[2], repeated=True)

    # -- reading -----------------------------------------------------------------------------------------------------

    def state(self, kind: type[S], stream: UUID) -> S:
        """What rules remember of a stream; a stream with no events yet has version 0."""

        def fold(initial: S | None, events: Iterable[Recorded]) -> S | None:
            state = initial
            for recorded in events:
                state = state or kind(stream)  # type: ignore[call-arg]  # a State protocol cannot state its constructor
                state.evolve(recorded)
            return state

        try:
            # The library types aggregates; we fold plain state through the same seam.
            repository: Any = self.repository
            found: S = repository.get(stream, projector_func=fold)
        except AggregateNotFoundError:
            return kind(stream)  # type: ignore[call-arg]  # as above
        return found

    def history(self, stream: UUID, *, up_to: int | None = None, texts: bool = False) -> list[Recorded]:
        """A stream's events in order; with `up_to`, as known at that position; with `texts`, the personal text too.

        Raises MapperDeserialisationError on an event that cannot be read and SealBroken on a text that was tampered with.
        """
        stored = [s for s in self.recorder.select_events(stream) if isinstance(s, Stored)]
        if up_to is not None:
            stored = [s for s in stored if s.position <= up_to]
        mapper: Any = self.mapper  # the library types events as its own protocol
        history: list[Recorded] = [mapper.to_domain_event(s) for s in stored]
        if not texts or not history:
            return history
        person = person_of(history[0].event)
        return [open_texts(self.keyring, r, s.sealed, person) for r, s in zip(history, stored, strict=True)]

    def entries(self, wanted: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Recorded]:
        """Single entries of cases with their personal texts, by stream and number, read at once; what is not there is left out."""
        streams, numbers = [stream for stream, _ in wanted], [number for _, number in wanted]
        with self.pool.connection() as conn:
            rows = conn.execute(_SINGLE, {"streams": streams, "numbers": numbers}, prepare=True).fetchall() if wanted else []
        mapper: Any = self.mapper  # the library types events as its own protocol
        stored = [Stored(row[0], row[1], row[2], bytes(row[3]), sealed=row[4], recorded_at=row[5], position=row[6]) for row in rows]
        read = [(mapper.to_domain_event(s), s.sealed) for s in stored]
        people = {r.originator_id: person_of(r.event) for r, _ in read if r.originator_version == 1}
        opened = (open_texts(self.keyring, r, sealed, people.get(r.originator_id)) for r, sealed in read)
        asked = set(wanted)
        return {(r.originator_id, r.originator_version): r for r in opened if (r.originator_id, r.originator_version) in asked}

    def position_at(self, instant: datetime) -> int:
        """The last position recorded by an instant: the cut for everything that is "as known on" it."""
        with self.pool.connection() as conn:
            row = conn.execute("select record.position_at(%s)", (instant,)).fetchone()
        assert row is not None
        return int(row[0])

    def head(self) -> int:
        """The position of the newest event, 0 in an empty record."""
        assert isinstance(self.recorder, LedgeredRecorder)
        return self.recorder.max_notification_id() or 0

    def is_synthetic(self) -> bool:
        with self.pool.connection() as conn:
            row = conn.execute("select record.kind()").fetchone()
        return row is not None and row[0] == "synthetic"

    def clock(self) -> datetime:
        """The database's clock, so that rules and times of recording never disagree about what is past."""
        with self.pool.connection() as conn:
            row = conn.execute("select clock_timestamp()").fetchone()
        assert row is not None
        moment: datetime = row[0]
        return moment.astimezone(UTC)


__all__ = ["AskedDifferently", "Busy", "Case", "Receipt", "Record", "Step", "step", "together"]
