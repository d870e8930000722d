"""Histories as an event log, for those who mine processes: who did what in which case, when it happened, and when it was recorded.

No text that somebody wrote is in it: of what an entry says, only words from lists, numbers, and yes or no.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, get_args, get_type_hints

import msgspec

from domain.catalogue import CaseEvent
from domain.event import Event
from projections.holder import Holder
from projections.story import Story

Value = str | int | bool
CODES = frozenset({"kind", "outcome"})
"""Fields of text that hold a word of a list all the same."""
OF_EVERY = {"number": "integer", "recorded": "time", "corrected": "boolean", "withdrawn": "boolean"}
"""What every happening carries beside what it says."""


class Happening(msgspec.Struct, frozen=True, gc=False):
    """One entry of a case. `worker` is the code of whoever did it, or else recorded it; `holder` whose case it was at that time."""

    case: str
    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    worker: str
    holder: Holder | None
    corrected: bool
    withdrawn: bool
    says: Mapping[str, Value]


def happenings(crn: str, story: Story) -> list[Happening]:
    """A case in the order in which things happened; what happened at one time keeps the order of recording."""
    found = []
    for standing in story.standing:
        event, number = standing.recorded.event, standing.number
        worker = getattr(event, "practitioner", "") or getattr(event, "supervisor", "") or event.by
        found.append(
            Happening(
                crn,
                number,
                kind_of(type(event)),
                event.occurred_at,
                standing.recorded.recorded_at,
                worker,
                story.holder_at(event.occurred_at),
                bool(standing.corrected_by),
                bool(standing.withdrawn_by),
                _says(event),
            )
        )
    return sorted(found, key=lambda happening: (happening.at, happening.number))


def kind_of(event: type[Event]) -> str:
    return str(event.__struct_config__.tag)


def _says(event: Event) -> dict[str, Value]:
    values = ((name, getattr(event, name)) for name in attributes(type(event)))
    return {name: value.value if isinstance(value, Enum) else value for name, value in values if value is not None and value != ""}


@cache
def attributes(event: type[Event]) -> Mapping[str, str]:
    """The fields of an event that are given away, each with its type in the words of OCEL."""
    hints = get_type_hints(event)
    found = {name: _type(hint) for name, hint in hints.items() if name not in ("occurred_at", "by", "imported")}
    return {name: kind or "string" for name, kind in found.items() if kind or name in CODES}


def _type(hint: Any) -> str:
    """The type of one value; nothing for text, times and whatever holds several values."""
    parts = [part for part in get_args(hint) or (hint,) if part is not type(None)]
    if len(parts) != 1 or not isinstance(parts[0], type):
        return ""
    (part,) = parts
    return "string" if issubclass(part, Enum) else {bool: "boolean", int: "integer"}.get(part, "")


def kinds() -> Mapping[str, Mapping[str, str]]:
    """Every kind of entry that a case can have, with its attributes."""
    return {kind_of(event): {**OF_EVERY, **attributes(event)} for event in get_args(CaseEvent)}


def handovers(cases: Iterable[Sequence[Happening]]) -> Counter[tuple[str, str]]:
    """How often one worker did the next thing in a case after another, or after themselves (van der Aalst, Reijers, Song 2005)."""
    return Counter((one.worker, after.worker) for case in cases for one, after in pairwise(case))
