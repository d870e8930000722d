"""How an event is kept: its clear body as JSON under a stable tag, its personal text sealed beside it."""

from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent

from domain.catalogue import AnyEvent
from domain.event import Event, Pending, Recorded, put_texts, take_texts
from store.recorder import Stored
from store.sealing import Keyring, place

_encode = msgspec.json.Encoder().encode
decode_event = msgspec.json.Decoder(AnyEvent).decode
decode_stream = msgspec.json.Decoder(list[AnyEvent]).decode
"""A whole clear history in one call: the quickest way from stored bytes to typed events."""


def tag(event: Event) -> str:
    """The stable name under which an event is stored; never the path of a class, because code moves and history does not."""
    return cast(str, type(event).__struct_config__.tag)


class Codec(Mapper[UUID]):
    """The library's mapper, on msgspec structs: pending events become stored ones, stored ones come back recorded."""

    def __init__(self, keyring: Keyring) -> None:
        super().__init__(JSONTranscoder())
        self._keyring = keyring

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        pending = cast(Pending, domain_event)
        topic = tag(pending.event)
        bare, texts = take_texts(pending.event)
        sealed = None
        if texts:
            if pending.person_id is None:
                raise ValueError(f"{topic} holds personal text but its stream belongs to nobody")
            where = place(pending.originator_id, pending.originator_version, topic, pending.person_id)
            sealed = self._keyring.seal(pending.person_id, texts, where)
        return Stored(pending.originator_id, pending.originator_version, topic, _encode(bare), sealed=sealed)

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
