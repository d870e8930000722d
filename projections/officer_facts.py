"""The officers of a team's open cases as they stand on a day: how many there were, how long each stayed, and why they changed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.allocation import REASON_CLASSES, AllocationReason, ReasonClass
from domain.policy import Continuity
from domain.words import said
from domain.working_days import local_day
from projections import case_now
from projections.case_now import CaseNow
from projections.hidden import given, not_given
from projections.holder import Holder
from projections.officers import Turn, between, held_days, turns_of
from projections.supervision import days


class Listed(CaseNow, frozen=True):
    """A case with whom it is now, its index COC where it has enough contacts, and its name."""

    stream_id: UUID
    coc: float | None


class Officers(msgspec.Struct, frozen=True):
    """The officers of one case on a day. The last 12 months are the days that the policy gives, up to and with that day.

    `held_days` are those since the present officer's time began, None when nobody holds the case. `longest_share` is the share of all the
    time that somebody held it that was with the officer who held it longest, None when nobody ever did. `without_days` are those in the
    last 12 months, from the first allocation on, at whose end nobody held it. `changes` are those of the last 12 months, by why.
    """

    case: Listed
    officers: int
    held_days: int | None
    longest_share: float | None
    without_days: int
    changes: Counter[ReasonClass]


def of_team(conn: Connection[Any], team: str, now: datetime, rule: Continuity, hidden: Sequence[UUID] = ()) -> list[Officers]:
    """The open cases of a team by name, each with its officers. `hidden` are the cases that do not exist for whoever asks."""
    mine = f"c.team = %(team)s and c.ended_on is null and {not_given('c.stream_id')}"
    asked = {"team": team, "hidden": given(hidden)}
    columns = f"c.stream_id, {case_now.COLUMNS}, k.coc"
    query = f"select {columns} from caseload c left join continuity_case k using (stream_id) where {mine} order by c.sort_name, c.crn"
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        listed = cursor.execute(query.encode(), asked).fetchall()
    fields = ", ".join(f"h.{field}" for field in Holder.__struct_fields__)
    query = f"select h.stream_id, {fields} from holder h join caseload c using (stream_id) where {mine} order by h.since, h.number"
    lines: dict[UUID, list[Holder]] = defaultdict(list)
    for stream_id, *holder in conn.execute(query.encode(), asked).fetchall():
        lines[stream_id].append(Holder(*holder))
    return [_of_case(case, lines[case.stream_id], now, rule) for case in listed]


def _of_case(case: Listed, line: Sequence[Holder], now: datetime, rule: Continuity) -> Officers:
    until = local_day(now) + timedelta(days=1)
    since = until - timedelta(days=rule.officers_window_days)
    found = turns_of(line)
    within = between(found, since, until)
    present = found[-1] if found and found[-1].until is None else None
    began = max(local_day(line[0].since), since) if line else until
    return Officers(
        case,
        len({turn.counts_as for turn in within}),
        (local_day(now) - local_day(present.since)).days if present else None,
        _longest_share(found, now),
        (until - began).days - days(held_days(line), began, until),
        Counter(_why(turn) for turn in within if turn.is_change and local_day(turn.since) >= since),
    )


def _why(turn: Turn) -> ReasonClass:
    return ReasonClass.ADMINISTRATIVE if turn.administrative else REASON_CLASSES[AllocationReason(turn.holder.reason)]


def _longest_share(found: Iterable[Turn], now: datetime) -> float | None:
    held: Counter[str] = Counter()
    for turn in found:
        held[turn.practitioner] += round(((turn.until or now) - turn.since).total_seconds())
    return max(held.values()) / held.total() if held.total() else None


class Band(msgspec.Struct, frozen=True):
    """Some of the cases: by a word for addresses, in words, and which they are."""

    key: str
    words: str
    holds: Callable[[Officers], bool]


def _held(least: int, most: int | None = None) -> Callable[[Officers], bool]:
    return lambda of: of.held_days is not None and least <= of.held_days and (most is None or of.held_days < most)


def _changed(why: ReasonClass) -> Callable[[Officers], bool]:
    return lambda of: of.changes[why] > 0


BY_OFFICERS = (
    Band("officers-0", said("Nobody"), lambda of: of.officers == 0),
    Band("officers-1", said("1 officer"), lambda of: of.officers == 1),
    Band("officers-2", said("2 officers"), lambda of: of.officers == 2),
    Band("officers-3", said("3 officers"), lambda of: of.officers == 3),
    Band("officers-4", said("4 officers or more"), lambda of: of.officers >= 4),
)
BY_TENURE = (
    Band("held-nobody", said("Nobody holds the case"), lambda of: of.held_days is None),
    Band("held-quarter", said("Up to 90 days"), _held(0, 91)),
    Band("held-half", said("91 to 182 days"), _held(91, 183)),
    Band("held-year", said("183 to 365 days"), _held(183, 366)),
    Band("held-longer", said("More than a year"), _held(366)),
)
"""Quarters of a year: how the table is cut, and no rule."""
BY_REASON = tuple(Band(f"changed-{why.name.lower().replace('_', '-')}", why.capitalize(), _changed(why)) for why in ReasonClass)
WITHOUT = Band("without", said("With a day without an officer"), lambda of: of.without_days > 0)
WITH_COC = Band("coc", said("With contacts enough for the index COC"), lambda of: of.case.coc is not None)
EVERY = Band("every", said("Open cases"), lambda of: True)
BANDS = {band.key: band for band in chain(BY_OFFICERS, BY_TENURE, BY_REASON, (WITHOUT, WITH_COC, EVERY))}


def changes(found: Iterable[Officers]) -> Counter[ReasonClass]:
    """How many changes of officer there were, by why."""
    return sum((of.changes for of in found), Counter())


def mean(values: Iterable[float | None]) -> tuple[float | None, int]:
    """The mean of those that there are, and how many they are."""
    known = [value for value in values if value is not None]
    return (sum(known) / len(known) if known else None), len(known)
