"""An officer's agenda: one line a person in the order in which to take them up, each with why it stands there and what to do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.working_days import local_day
from projections.caseload import ListedCase
from projections.compliance import Clock
from projections.cover import Covered
from projections.diary import DiaryRow
from projections.due import Due
from projections.snoozed import Snoozed
from projections.transfers import TransferRow
from web.things import Rank, Thing, of_case, of_clock, of_transfer


class Part(StrEnum):
    """The parts of the agenda, in their order."""

    TODAY = "today"
    LATE = "late"
    NEXT = "next"
    LATER = "later"


RANKS = list(Rank)
AT_THE_END = datetime.max.replace(tzinfo=UTC)


class Line(msgspec.Struct):
    """One person of the agenda: what the list says of them, their appointments that are asked about, and what is to be done."""

    stream_id: UUID
    crn: str
    name: str
    rosh: str
    case: ListedCase | None = None
    covered: Covered | None = None
    appointments: list[DiaryRow] = msgspec.field(default_factory=list)
    """Those that want an outcome, and those of today."""
    things: list[Thing] = msgspec.field(default_factory=list)

    @property
    def first(self) -> Thing | None:
        return self.things[0] if self.things else None


class PutOff(NamedTuple):
    """A thing that is snoozed, and the line that it would stand in."""

    line: Line
    thing: Thing
    snooze: Snoozed


class Found(msgspec.Struct, frozen=True):
    """What the read models say of the cases looked at, from which the agenda is put together."""

    due: Sequence[Due] = ()
    clocks: Sequence[Clock] = ()
    transfers: Sequence[TransferRow] = ()
    snoozed: Sequence[Snoozed] = ()
    covered: Sequence[Covered] = ()
    appointments: Sequence[DiaryRow] = ()


class Agenda(msgspec.Struct, frozen=True):
    parts: dict[Part, list[Line]]
    put_off: list[PutOff]

    def __iter__(self) -> Iterator[Line]:
        return (line for lines in self.parts.values() for line in lines)


# ---- In which order --------------------------------------------------------------------------------------------------


def agenda(found: Found, *, reader: str, now: datetime, soon: date) -> Agenda:
    """Everything found, each person once, as `reader` reads it. `soon` is the last day of what comes next; the rest can wait."""
    today = local_day(now)
    lines, put_off = _snoozed(_lines(found, today, reader), found.snoozed)
    parts: dict[Part, list[Line]] = {part: [] for part in Part}
    for line in lines:
        line.things.sort(key=_pressing)
        line.appointments.sort(key=lambda row: (row.starts_at, row.number))
        if line.things or line.appointments:
            parts[_part(line, today, soon)].append(line)
    parts[Part.TODAY].sort(key=lambda line: (_time_today(line, today), line.name, line.crn))
    for part in (Part.LATE, Part.NEXT, Part.LATER):
        parts[part].sort(key=_by_rank)
    return Agenda(parts, sorted(put_off, key=lambda one: (one.snooze.until, one.line.name)))


def _lines(found: Found, today: date, reader: str) -> list[Line]:
    """Everything by person."""
    people: dict[str, Line] = {}
    covered = {case.crn: case for case in found.covered}

    def line(row: ListedCase | DiaryRow | TransferRow | Clock) -> Line:
        if row.crn not in people:
            people[row.crn] = Line(row.stream_id, row.crn, row.name, row.rosh, covered=covered.get(row.crn))
        return people[row.crn]

    for due in found.due:
        line(due.case).case = due.case
        line(due.case).things += of_case(due, today, reader)
    for clock in found.clocks:
        line(clock).things.append(of_clock(clock, today))
    for transfer in found.transfers:
        if thing := of_transfer(transfer, today):
            line(transfer).things.append(thing)
    for row in found.appointments:
        line(row).appointments.append(row)
    return list(people.values())


def _snoozed(lines: Iterable[Line], snoozes: Iterable[Snoozed]) -> tuple[list[Line], list[PutOff]]:
    """The lines without what is snoozed, and what is. A snooze of something that has changed since holds nothing back."""
    of_stream: dict[UUID, list[Snoozed]] = defaultdict(list)
    for snooze in snoozes:
        of_stream[snooze.stream_id].append(snooze)
    kept, put_off = [], []
    for line in lines:
        held = [
            PutOff(line, thing, snooze)
            for thing in line.things
            for snooze in of_stream[line.stream_id]
            if thing.item is not None and snooze.holds_back(thing.item, thing.rests_on)
        ]
        put_off += held
        away = {one.thing for one in held}
        kept.append(replace(line, things=[thing for thing in line.things if thing not in away]))
    return kept, put_off


def _pressing(thing: Thing) -> tuple[bool, bool, int, date]:
    """Of one person's things: a step of enforcement, then what is late, then what is due the soonest; what has no day wants doing now."""
    enforcement = thing.rank is Rank.ENFORCEMENT
    return not enforcement, not thing.is_late, RANKS.index(thing.rank), thing.on or thing.rests_on or date.min


def _part(line: Line, today: date, soon: date) -> Part:
    if any(local_day(row.starts_at) == today for row in line.appointments):
        return Part.TODAY
    if line.appointments or any(thing.is_late for thing in line.things):
        return Part.LATE
    if any(thing.on == today for thing in line.things):
        return Part.TODAY
    return Part.NEXT if any(thing.on is None or thing.on <= soon for thing in line.things) else Part.LATER


def _time_today(line: Line, today: date) -> datetime:
    """When the person comes; who does not come today stands after all who do."""
    return next((row.starts_at for row in line.appointments if local_day(row.starts_at) == today), AT_THE_END)


def _by_rank(line: Line) -> tuple[int, date, str, str]:
    """The most pressing first, of the same rank the longest due; an outcome to log is a thing of its own rank."""
    ranks = [(RANKS.index(Rank.OUTCOME), local_day(row.starts_at)) for row in line.appointments]
    ranks += [(RANKS.index(thing.rank), thing.on or thing.rests_on or date.min) for thing in line.things[:1]]
    return *min(ranks), line.name, line.crn
