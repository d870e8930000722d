"""The cases that do not exist for whoever asks, as questions leave them out: each case looked up, or all of them as a list.

In a nation these are thousands for everybody. A question about few cases looks up the limits of each (`spared`, with `asking`): as a list,
what is hidden took longer to send and to plan with than the question. A question about very many takes the list (`given`), which is read
once and given back as the one text that it came as.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import overload
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.postgres import types

from domain.access import LimitKind

TABLE = "limited_access"
PLAN_ANEW = False
"""The `prepare` of questions about many cases: planned each time, for the provider, team and cases asked for. A plan that is kept for any
takes longer than making one does."""
_HOLDS = "{0}.since <= %(asked_at)s and ({0}.until is null or {0}.until > %(asked_at)s)"
_SPARED = f"""not exists (
    select from {{limits}} l where l.stream_id = {{case}} and {_HOLDS.format("l")} and case l.kind
      when '{LimitKind.EXCLUSION}' then l.practitioner = %(asker)s
      else not exists (
        select from {{limits}} k where k.stream_id = l.stream_id and k.kind = l.kind and k.practitioner = %(asker)s and {_HOLDS.format("k")}
      ) end)"""


class Hidden(Sequence[UUID]):
    """What is hidden from `asker` at an instant. `limits` is the table of the limits as they stand today, named so that a question to rows
    of the past finds it too; `read` reads the list, and is asked when somebody wants it."""

    def __init__(self, asker: str, at: datetime, limits: str, read: Callable[[], str]) -> None:
        self.asker, self.at, self.limits = asker, at, limits
        self._read = read

    @cached_property
    def text(self) -> str:
        return self._read()

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
    """Hidden cases as the parameter `hidden` of a question; others than those that were read are taken as a list."""
    return hidden if isinstance(hidden, Hidden) else list(hidden)


def not_given(case: str) -> str:
    """The condition that the case whose id is in this column is none of those `given`. As a question of its own the list is hashed under
    any plan; one that the server keeps would compare `<> all` one by one, which took a provider longer than everything else."""
    return f"{case} not in (select unnest(%(hidden)s::uuid[]))"


def spared(hidden: Sequence[UUID], case: str) -> str:
    """The condition that the case whose id is in this column exists for whoever asks; its parameters are those of `asking`."""
    return _SPARED.format(limits=hidden.limits, case=case) if isinstance(hidden, Hidden) else not_given(case)


def asking(hidden: Sequence[UUID]) -> dict[str, object]:
    """The parameters of `spared`."""
    return {"asker": hidden.asker, "asked_at": hidden.at} if isinstance(hidden, Hidden) else {"hidden": list(hidden)}
