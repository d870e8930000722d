"""The cases that do not exist for whoever asks, as every question takes them: read as one text, and given back as it came."""

from collections.abc import Sequence
from functools import cached_property
from typing import overload
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.postgres import types


class Hidden(Sequence[UUID]):
    """In a nation these are thousands for everybody. As a list of ids they would be written out anew for every question, which took
    longer than the question."""

    def __init__(self, text: str = "{}") -> None:
        self.text = text

    @cached_property
    def _ids(self) -> tuple[UUID, ...]:
        return tuple(UUID(one) for one in self.text.strip("{}").split(",") if one)

    @cached_property
    def _set(self) -> frozenset[UUID]:
        return frozenset(self._ids)

    def __contains__(self, case: object) -> bool:
        return case in self._set

    def __len__(self) -> int:
        return self.text.count(",") + 1 if len(self.text) > 2 else 0

    @overload
    def __getitem__(self, place: int) -> UUID: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[UUID, ...]: ...

    def __getitem__(self, place: int | slice) -> UUID | tuple[UUID, ...]:
        return self._ids[place]


class _AsText(Dumper):
    oid = types["uuid"].array_oid

    def dump(self, obj: Hidden) -> bytes:
        return obj.text.encode()


psycopg.adapters.register_dumper(Hidden, _AsText)


def given(hidden: Sequence[UUID]) -> Sequence[UUID]:
    """Hidden cases as a parameter of a question; others than those that were read are taken as a list."""
    return hidden if isinstance(hidden, Hidden) else list(hidden)
