"""What every domain event carries, and the words in which a rule refuses a command."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Protocol, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import msgspec

NAMESPACE: Final = UUID("6f1f0a52-6f0e-5d7e-9d3a-2f0c4f2b7a10")
"""The root of every id that follows from a natural key (a CRN, a staff code), so that a key always finds its stream."""

PERSONAL: Final = msgspec.Meta(extra={"personal": True})
Personal = Annotated[str, PERSONAL]
"""Text about a person: stored sealed under that person's key, never in the clear body."""

E = TypeVar("E", bound=msgspec.Struct)


class Refused(Exception):
    """A rule says no, in words for the person who asked; `field` names the form field that the words stand beside."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Imported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Where an imported event came from; `recorded_claim` is when the *source* says that it was recorded."""

    source: str
    row: int
    recorded_claim: datetime | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="type"):
    """Something that happened. `occurred_at` is when, in the world; the record adds when it was learnt."""

    occurred_at: datetime
    by: str
    imported: Imported | None = None


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event in its place in the record: the `originator_version`-th of its stream, learnt at `recorded_at`.

    `position` is its place in the whole record (dense, from 1). Within a case the version is also the entry's number:
    every reference from one event to another ("the outcome of appointment 12") is such a number.
    """

    originator_id: UUID
    originator_version: int
    event: Event
    recorded_at: datetime
    position: int

    @property
    def version(self) -> int:
        return self.originator_version


class Pending(msgspec.Struct, frozen=True):
    """An event that has been decided on and is about to be recorded at this place of its stream."""

    originator_id: UUID
    originator_version: int
    event: Event
    person_id: UUID | None = None


class State(Protocol):
    """What rules remember of one stream."""

    version: int

    def evolve(self, recorded: Recorded) -> None: ...

    @property
    def person_id(self) -> UUID | None: ...


def person_of(first: Event) -> UUID | None:
    """Whose key seals the texts of a stream, as its first event says; None where it is about nobody."""
    person: UUID | None = getattr(first, "person_id", None)
    return person


def stream_id(kind: str, key: str) -> UUID:
    """The stream of, for instance, ("case", "X000041")."""
    return uuid5(NAMESPACE, f"{kind}:{key}")


@cache
def personal_fields(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names of the fields of `cls` that hold personal text."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(name for name, hint in hints.items() if _is_personal(hint))


def _is_personal(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return PERSONAL in get_args(hint)[1:]
    return any(_is_personal(part) for part in get_args(hint))


@cache
def _fields_with_events(cls: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names of the fields of `cls` that hold another event."""
    return tuple(name for name, hint in get_type_hints(cls).items() if _is_event(hint))


def _is_event(hint: Any) -> bool:
    return any(_is_event(part) for part in get_args(hint)) or (isinstance(hint, type) and issubclass(hint, Event))


def take_texts(event: msgspec.Struct) -> tuple[msgspec.Struct, dict[str, str]]:
    """The event without its personal texts, and those texts by field; an event inside it gives "field.inner"."""
    texts: dict[str, str] = {}
    blank: dict[str, Any] = {}
    for name in personal_fields(type(event)):
        if text := getattr(event, name):
            texts[name], blank[name] = text, ""
    for name in _fields_with_events(type(event)):
        if isinstance(inner := getattr(event, name), Event):
            bare, inner_texts = take_texts(inner)
            if inner_texts:
                blank[name] = bare
                texts |= {f"{name}.{key}": text for key, text in inner_texts.items()}
    return (msgspec.structs.replace(event, **blank) if blank else event), texts


def put_texts(event: E, texts: Mapping[str, str]) -> E:
    """The event with its personal texts back in their places."""
    changes: dict[str, Any] = {}
    inner: dict[str, dict[str, str]] = {}
    for key, text in texts.items():
        name, _, rest = key.partition(".")
        if rest:
            inner.setdefault(name, {})[rest] = text
        else:
            changes[name] = text
    for name, rest_texts in inner.items():
        changes[name] = put_texts(getattr(event, name), rest_texts)
    return msgspec.structs.replace(event, **changes) if changes else event
