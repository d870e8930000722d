"""Worlds: the demonstration's five teams lived several times over, once with its staged patterns and else without them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from random import Random
from typing import TypeAlias

import msgspec

from store.policy import current_policy
from web.synthetic.diary import Diary
from web.synthetic.draws import some
from web.synthetic.national.numbers import NATION
from web.synthetic.national.patterns import Pattern, pattern, places_of
from web.synthetic.population import lives_of
from web.synthetic.staff import FOUNDED, NAMED, TEAMS, Officer, Staff, Team

NUMBERS = NATION.worlds
IN_PROCESSES = 500
"""Cases from which worlds are lived in processes of their own."""

Told: TypeAlias = Callable[[int, int], None]
"""Is told of progress: how many of how many."""


def untold(done: int, of: int) -> None:
    """Nobody asks."""


class World(msgspec.Struct, frozen=True):
    """Everything that happened to the cases of one world, and who worked there. All worlds have the same codes."""

    teams: Sequence[Team]
    officers: Sequence[Officer]
    patterns: Sequence[Pattern]


def worlds(cases: int, seed: int, until: datetime, tell: Told = untold) -> list[World]:
    """The staged world first. They are lived side by side in processes if they are large."""
    size, numbers = _size(cases), range(1 + NUMBERS.ordinary)
    live, found = partial(_world, size, seed, until), []
    with ExitStack() as stack:
        side_by_side = size * len(numbers) >= IN_PROCESSES
        processes = min(len(numbers), cpu_count() or 1)
        lived = stack.enter_context(ProcessPoolExecutor(processes, get_context("spawn"))).map if side_by_side else map
        tell(0, size * len(numbers))
        for world in lived(live, numbers):
            found.append(world)
            tell(size * len(found), size * len(numbers))
    return found


def _size(cases: int) -> int:
    return max(NUMBERS.least_cases, min(NUMBERS.most_cases, int(cases * NUMBERS.share_of_cases)))


def _world(cases: int, seed: int, until: datetime, number: int) -> World:
    rng = Random(f"{seed}:world:{number}")
    diary = Diary(until, current_policy().bank_holidays)
    teams = [_ordinary(rng, team) if number else team for team in TEAMS]
    moved = {team.code: some(rng, NUMBERS.staff_moved_days) if number else 0 for team in TEAMS}
    named = [_at_another_time(officer, moved[officer.team]) for officer in NAMED]
    staff = Staff(cases, rng, diary.today, teams=teams, named=named)
    places = places_of(staff.organisation())
    patterns = [pattern(plan, life, places) for plan, life in lives_of(cases, seed * 100 + number, diary, staff)]
    return World(teams, tuple(staff.officers.values()), [one for one in patterns if one.entries])


def _ordinary(rng: Random, team: Team) -> Team:
    """A team that is run as most are."""
    neglect = rng.uniform(*NUMBERS.neglect)
    return msgspec.structs.replace(team, neglect=neglect, moved_about=False, instructs_monthly=False, piles_up=False)


def _at_another_time(officer: Officer, days: int) -> Officer:
    """Who joins or leaves does so on other days. Nobody has more cases than colleagues: that is for a small demonstration."""
    joined = officer.joined + days if officer.joined < FOUNDED else FOUNDED
    left = None if officer.left is None else officer.left + days
    return msgspec.structs.replace(officer, joined=joined, left=left, weight=1.0)
