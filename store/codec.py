"""How an event is kept: its clear body as JSON under a stable tag, its personal text sealed beside it."""

from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent

from domain.catalogue import AnyEvent
from domain.event import Event, Pending, Recorded, put_texts, take_texts
from store.recorder import Row, Stored
from store.sealing import Keyring, place

_encode = msgspec.json.Encoder().encode
decode_event = msgspec.json.Decoder(AnyEvent).decode
decode_stream = msgspec.json.Decoder(list[AnyEvent]).decode
"""A whole clear history in one call: the quickest way from stored bytes to typed events."""


def tag(event: Event) -> str:
    """The stable name under which an event is stored; never the path of a class, because code moves and history does not."""
    return cast(str, type(event).__struct_config__.tag)


class Plain(NamedTuple):
    """An event apart from its place: its tag, its clear body and its personal texts."""

    topic: str
    state: bytes
    texts: dict[str, str]


def plain(event: Event) -> Plain:
    bare, texts = take_texts(event)
    return Plain(tag(event), _encode(bare), texts)


class Codec(Mapper[UUID]):
    """The library's mapper, on msgspec structs: pending events become stored ones, stored ones come back recorded."""

    def __init__(self, keyring: Keyring) -> None:
        super().__init__(JSONTranscoder())
        self._keyring = keyring

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        stream, version, topic, state, sealed = self.to_row(cast(Pending, domain_event))
        return Stored(stream, version, topic, state, sealed=sealed)

    def to_row(self, pending: Pending) -> Row:
        """The event as it is stored, for those who append very many."""
        stream, version = pending.originator_id, pending.originator_version
        topic, state, texts = plain(pending.event)
        return stream, version, topic, state, self.seal(stream, version, topic, pending.person_id, texts) if texts else None

    def seal(self, stream: UUID, version: int, topic: str, person_id: UUID | None, texts: dict[str, str]) -> bytes | None:
        """The personal texts of an event under the key of its person, bound to its place; None if it has none."""
        if not texts:
            return None
        if person_id is None:
            raise ValueError(f"{topic} holds personal text but its stream belongs to nobody")
        return self._keyring.seal(person_id, texts, place(stream, version, topic, person_id))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The event with its clear body; `open_texts` puts the personal text back where a page needs it."""
        try:
            event = decode_event(stored_event.state)
        except msgspec.DecodeError as e:
            at = f"{stored_event.originator_id} version {stored_event.originator_version}"
            raise MapperDeserialisationError(f"{stored_event.topic} at {at} cannot be read: {e}") from e
        stored = cast(Stored, stored_event)
        assert isinstance(stored.originator_id, UUID)
        assert stored.recorded_at is not None
        return Recorded(stored.originator_id, stored.originator_version, event, stored.recorded_at, stored.position)


def open_texts(keyring: Keyring, recorded: Recorded, sealed: bytes | None, person_id: UUID | None) -> Recorded:
    """The event with its personal texts. They stay empty where the person's key is destroyed. Raises SealBroken."""
    if sealed is None or person_id is None:
        return recorded
    where = place(recorded.originator_id, recorded.originator_version, tag(recorded.event), person_id)
    texts = keyring.open(person_id, sealed, where)
    if texts is None:
        return recorded
    return msgspec.structs.replace(recorded, event=put_texts(recorded.event, texts))
