"""The frame of an inspection: the eligible cases of a provider by stratum, and every other one counted by why it is left out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.interruption import InterruptionKind
from domain.sentence import OF_CUSTODY
from domain.specification import Exclusion, Specification, Stratum
from domain.words import said
from projections.limited_access import HOLDS
from projections.supervision import AWAY

PARTS = (said("male"), said("female"), said("not known"), said("community"), said("post-custody"), said("RoSH not assessed"))
LEVELS = (said("RoSH low"), said("RoSH medium"), said("RoSH high"), said("RoSH very high"))
"""The words that the name of a stratum is put together from, as the record keeps it."""
ALL = said("all cases")
BEFORE = said("The sentence began before the window")
AFTER = said("The sentence began after the window")
ENDED = said("Supervision had ended")
NO_SENTENCE = said("No sentence is recorded")
IN_CUSTODY = said("Not released from custody yet")
OTHER_KIND = said("Another kind of sentence")
GONE = said("Now with another provider")
UNREAD = said("The case’s history cannot be read")
_INSIDE = frozenset({*AWAY, InterruptionKind.REMAND, InterruptionKind.CUSTODY})


class Frame(msgspec.Struct, frozen=True):
    """The eligible cases by stratum, and how many others were left out for which reason."""

    strata: dict[str, tuple[str, ...]]
    left_out: dict[str, int]

    @property
    def size(self) -> int:
        return sum(len(references) for references in self.strata.values())


class Candidate(msgspec.Struct, frozen=True):
    """What decides about a case that was ever with the provider. `here` says that it is now, `came_on` when it came from another."""

    crn: str
    here: bool
    sex: str
    sentence: str
    rosh: str
    team: str
    phase: str
    commenced_on: date | None
    ended_on: date | None
    upw_hours: int
    only_unpaid_work: bool
    came_on: date | None


_CANDIDATES = b"""
    select c.crn, c.provider = %(provider)s as here, c.sex, c.sentence, c.rosh, c.team, c.phase, c.commenced_on, c.ended_on, c.upw_hours,
      c.only_unpaid_work, (select min(h.since at time zone 'Europe/London')::date from holder h
        where h.stream_id = c.stream_id and h.provider = %(provider)s and exists (
          select from holder o where o.stream_id = c.stream_id and o.since < h.since and o.provider not in ('', %(provider)s))) as came_on
    from caseload c
    where c.provider = %(provider)s or c.stream_id in (select stream_id from holder where provider = %(provider)s)
    order by c.crn"""


def frame(conn: Connection[Any], specification: Specification) -> Frame:
    """The frame that a specification gives, each other case that was ever with the provider counted under the first reason that leaves
    it out."""
    with conn.cursor(row_factory=class_row(Candidate)) as cursor:
        candidates = cursor.execute(_CANDIDATES, {"provider": specification.provider}).fetchall()
    return framed(candidates, specification)


def framed(candidates: Sequence[Candidate], specification: Specification) -> Frame:
    """The same from what is known of the cases, in the order of their references."""
    strata: dict[str, list[str]] = {}
    left_out: dict[str, int] = {}
    for case in candidates:
        if why := _left_out(case, specification):
            left_out[why] = left_out.get(why, 0) + 1
        else:
            strata.setdefault(_stratum(case, specification.strata), []).append(case.crn)
    return Frame({name: tuple(references) for name, references in sorted(strata.items())}, dict(sorted(left_out.items())))


def _left_out(case: Candidate, specification: Specification) -> str:
    """Why a case is not eligible, empty when it is: what is no choice first, then the window and the kinds, then the exclusions."""
    if not case.here:
        return GONE
    if case.commenced_on is None:
        return IN_CUSTODY if case.sentence else NO_SENTENCE
    if case.ended_on is not None:
        return ENDED
    if case.commenced_on < specification.began_from:
        return BEFORE
    if case.commenced_on > specification.began_to:
        return AFTER
    if specification.kinds and case.sentence not in specification.kinds:
        return OTHER_KIND
    return next((exclusion.value for exclusion in specification.exclusions if _EXCLUDES[exclusion](case)), "")


_EXCLUDES: Mapping[Exclusion, Callable[[Candidate], bool]] = {
    Exclusion.ONLY_UNPAID_WORK: lambda case: case.only_unpaid_work,
    Exclusion.NO_UNPAID_WORK: lambda case: not case.upw_hours,
    Exclusion.BACK_IN_CUSTODY: lambda case: case.phase in _INSIDE,
    Exclusion.FROM_ELSEWHERE: lambda case: bool(case.came_on and case.commenced_on and case.came_on > case.commenced_on),
}
_PART: Mapping[Stratum, Callable[[Candidate], str]] = {
    Stratum.SEX: lambda case: case.sex,
    Stratum.DISPOSAL: lambda case: "post-custody" if case.sentence in OF_CUSTODY else "community",
    Stratum.ROSH: lambda case: f"RoSH {case.rosh or 'not assessed'}",
    Stratum.SENTENCE: lambda case: case.sentence,
    Stratum.TEAM: lambda case: case.team,
}


def _stratum(case: Candidate, by: Sequence[Stratum]) -> str:
    """The name of a case's stratum, its parts in the order in which strata are listed."""
    return ", ".join(_PART[stratum](case) for stratum in Stratum if stratum in by) or ALL


class Taken(msgspec.Struct, frozen=True):
    """A frame with the position of the record at which it is just that, how many cases the record itself has of the provider, and to how
    many of the frame access is limited."""

    frame: Frame
    known_at: int
    counted: int
    limited: int


def taken(conn: Connection[Any], specification: Specification, now: datetime) -> Taken | None:
    """The frame at the newest position; None while an event waits to be folded.

    All of it comes from one snapshot. Take it twice from an unchanged record and it is the same to the last case.
    """
    with conn.transaction():
        conn.execute("set transaction isolation level repeatable read, read only")
        row = conn.execute(
            "select f.position from app.follower f where f.name = current_schema()"
            " and f.position = (select coalesce(max(notification_id), 0) from record.event)"
        ).fetchone()
        if row is None:
            return None
        found, (counted, unread) = frame(conn, specification), counted_in_record(conn, specification.provider)
        if unread:
            found = Frame(found.strata, {**found.left_out, UNREAD: unread})
        return Taken(found, int(row[0]), counted, limited(conn, found, now))


COUNT = b"""
    with ever as (
      select distinct originator_id as stream_id from record.event
      where topic in ('provider-allocated', 'case-allocated', 'transfer-accepted')
        and convert_from(state, 'UTF8')::jsonb ->> 'provider' = %s)
    select count(*), count(*) filter (where f.error <> '' and c.stream_id is null)
    from ever left join folded f using (stream_id) left join caseload c using (stream_id)"""


def counted_in_record(conn: Connection[Any], provider: str) -> tuple[int, int]:
    """How many cases were ever given to a provider, counted from the entries of the record and from nothing that was folded from them; and
    how many of these have no row because their history cannot be read. The kinds of entry are those of the index on the log."""
    row = conn.execute(COUNT, (provider,)).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def limited(conn: Connection[Any], frame: Frame, now: datetime) -> int:
    """To how many cases of a frame access is limited, for whomever; which they are is not told."""
    row = conn.execute(
        f"select count(distinct stream_id) from limited_access join caseload using (stream_id)"
        f" where {HOLDS} and crn = any(%(crns)s)".encode(),
        {"now": now, "crns": [crn for references in frame.strata.values() for crn in references]},
    ).fetchone()
    assert row is not None
    return int(row[0])
