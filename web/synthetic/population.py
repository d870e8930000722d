"""Seeding an empty synthetic record: everybody's life, merged into one history in the order in which it was recorded."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from random import Random
from typing import TypeVar
from uuid import UUID

import msgspec

from store.codec import tag
from store.policy import current_policy
from store.record import Record
from web.synthetic.course import live
from web.synthetic.diary import Diary
from web.synthetic.life import Lived
from web.synthetic.offices import offices
from web.synthetic.parameters import POPULATION
from web.synthetic.plans import Plan, draw_plan
from web.synthetic.staff import Staff

BATCH = 500
"""Events appended together."""
T = TypeVar("T")


class CannotSeed(Exception):
    """This record cannot take a synthetic population, in words that say why."""


class SeedReport(msgspec.Struct, frozen=True):
    cases: int
    events: int
    by_topic: dict[str, int]
    first_recorded_at: datetime
    last_recorded_at: datetime


def seed(
    record: Record,
    *,
    cases: int,
    seed: int,
    until: datetime,
    progress: Callable[[int], None] | None = None,
    touched: Callable[[Sequence[UUID]], None] | None = None,
) -> SeedReport:
    """Fill an empty synthetic record with `cases` lives up to `until`; the same arguments give the same history.

    `progress` is told the number of events appended so far. `touched` is given every stream once, in groups, when all is
    appended: telling it after each batch would have every case folded again dozens of times. Raises CannotSeed.
    """
    must_take(record, cases, until)
    counts: Counter[str] = Counter()
    streams: dict[UUID, None] = {}
    times: list[datetime] = []
    for batch in _batched(history(cases=cases, seed=seed, until=until), BATCH):
        pending = [lived.pending for lived in batch]
        record.append(pending, None, None, [lived.recorded_at for lived in batch])
        counts.update(tag(p.event) for p in pending)
        streams.update(dict.fromkeys(p.originator_id for p in pending))
        times = [(times or [batch[0].recorded_at])[0], batch[-1].recorded_at]
        if progress:
            progress(counts.total())
    if touched:
        for group in _batched(streams, BATCH):
            touched(group)
    return SeedReport(cases, counts.total(), dict(counts), times[0], times[1])


def must_take(record: Record, cases: int, until: datetime) -> None:
    """A population is put only in an empty synthetic record. Raises CannotSeed."""
    if cases < 1:
        raise CannotSeed("Give a number of cases of one or more.")
    if until.tzinfo is None:
        raise CannotSeed("The end of the simulation needs a time zone.")
    if not record.is_synthetic():
        raise CannotSeed("This is a real record. Made-up people can be put only in a database that was set up as synthetic.")
    if record.head():
        raise CannotSeed("The record is not empty. Seed a database that holds no events yet.")


def _batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """itertools.batched, which Python 3.11 does not have."""
    left = iter(things)
    while batch := list(islice(left, size)):
        yield batch


def history(*, cases: int, seed: int, until: datetime) -> Iterator[Lived]:
    """Everything that happens to everybody, in the order of recording."""
    diary = Diary(until, current_policy().bank_holidays)
    staff = Staff(cases, Random(f"{seed}:staff"), diary.today)
    lives = [life for _, life in lives_of(cases, seed, diary, staff)]
    return merge(offices(staff.organisation(), diary), *lives, key=lambda lived: lived.recorded_at)


def lives_of(cases: int, seed: int, diary: Diary, staff: Staff) -> list[tuple[Plan, Iterator[Lived]]]:
    """Each case's plan, and its life still to be lived."""
    policy = current_policy()
    plans = [draw_plan(index, seed, diary, staff) for index in range(cases)]
    plans = _called_in_today(plans, diary, Random(f"{seed}:today"))
    return [(plan, live(plan, diary, staff, policy, seed)) for plan in plans]


def _called_in_today(plans: list[Plan], diary: Diary, rng: Random) -> list[Plan]:
    """Give each officer appointments on the last day, some past and some to come, in cases that have been theirs for a while."""

    def settled(plan: Plan) -> bool:
        before = diary.until - timedelta(days=16)
        released = plan.released_at is None or plan.released_at < before
        return plan.closes_at > diary.until + timedelta(days=3) and plan.last_move() < before and released

    by_officer: dict[str, list[int]] = {}
    for i, plan in enumerate(plans):
        if settled(plan) and (officer := plan.officer_at_the_end()):
            by_officer.setdefault(officer, []).append(i)
    chosen = list(plans)
    for theirs in by_officer.values():
        kept, others = theirs[:2], theirs[2:]  # the first two are those that never leave the officer one signs in as
        mine = kept + rng.sample(others, min(len(others), POPULATION.attendance.today_each - 2))
        for i, at in zip(mine, diary.rest_of_today(rng, len(mine)), strict=True):
            chosen[i] = msgspec.structs.replace(chosen[i], today=at)
    return chosen
