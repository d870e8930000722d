"""Who will hold a case when: officers who leave, mass moves, transfers to another team, and escalation to the NPS."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from domain.allocation import UNALLOCATED, AllocationReason
from domain.working_days import local_day
from web.synthetic.diary import Diary
from web.synthetic.staff import MASS_MOVES, TEAMS, Staff

NPS_TEAM = TEAMS[3]
MEAN_DAYS_BETWEEN_CHANGES = 340
"""For one officer's own reasons; leavers, mass moves and transfers come on top and bring the mean to about seven months."""
_USUAL_REASONS = (AllocationReason.WORKLOAD, AllocationReason.WORKLOAD, AllocationReason.MODEL, AllocationReason.OTHER)


class Move(NamedTuple):
    """`asked_at` is set when another team must take the case; only an accepted request moves it."""

    at: datetime
    practitioner: str
    team: str
    reason: AllocationReason
    asked_at: datetime | None = None
    answer: Literal["accepted", "rejected", "withdrawn"] = "accepted"


class _Draw:
    """The draws that stay the same for one case, whatever happens to it first."""

    def __init__(self, rng: Random, diary: Diary, staff: Staff, start: date, *, crc: bool) -> None:
        self.rng, self.diary, self.staff = rng, diary, staff
        self.mass = [diary.today - timedelta(days=ago) for ago in MASS_MOVES if rng.random() < 0.6]
        self.transfer = self._transfer(start) if crc else None

    def _transfer(self, start: date) -> tuple[date, date, AllocationReason] | None:
        """Asked on, answered on and why, for about one CRC case in seven; a few of them are waiting for an answer today."""
        rng, chance, today = self.rng, self.rng.random(), self.diary.today
        if chance < 0.03:
            reason = AllocationReason.RISK if chance < 0.012 else AllocationReason.MOVE
            return today - timedelta(days=rng.randint(1, 10)), today + timedelta(days=5), reason
        if chance > 0.17 or (today - start).days < 80:
            return None
        asked = start + timedelta(days=rng.randint(50, (today - start).days - 20))
        if chance < 0.09:
            return asked, self.diary.later(asked, rng.choice((1, 2, 2, 3, 5, 9))), AllocationReason.RISK
        return asked, self.diary.later(asked, rng.randint(4, 20)), AllocationReason.MOVE

    def office(self, day: date) -> datetime:
        return self.diary.office_hour(self.rng, day)


def draw_moves(rng: Random, diary: Diary, staff: Staff, first: Move) -> tuple[Move, ...]:
    """Every change of officer and team after the first allocation, in order; the last may be awaiting its answer."""
    draw = _Draw(rng, diary, staff, local_day(first.at), crc=staff.teams[first.team].is_crc)
    moves: list[Move] = []
    held = first
    while True:
        after = max(held.at, moves[-1].at if moves else held.at)
        found = min(_next(draw, held, after), key=lambda move: move.asked_at or move.at)
        if (found.asked_at or found.at) > diary.until:
            return tuple(moves)
        moves.append(found)
        if found.asked_at:
            draw.transfer = None
        if found.answer == "accepted":
            held = found


def _next(draw: _Draw, held: Move, after: datetime) -> Iterator[Move]:
    """What might happen next, each at its own time."""
    rng, staff = draw.rng, draw.staff

    def to_colleague(at: datetime, reason: AllocationReason) -> Move:
        return Move(at, staff.pick(rng, held.team, at, other_than=held.practitioner), held.team, reason)

    if held.practitioner == UNALLOCATED:
        yield to_colleague(draw.office(local_day(after) + timedelta(days=rng.randint(4, 40))), AllocationReason.STAFF)
        return
    yield to_colleague(
        draw.office(local_day(after) + timedelta(days=5 + int(rng.expovariate(1 / MEAN_DAYS_BETWEEN_CHANGES)))),
        rng.choice(_USUAL_REASONS),
    )
    if left := staff.left(staff.officers[held.practitioner]):
        day = max(left - timedelta(days=rng.randint(0, 4)), local_day(after) + timedelta(days=1))
        move = to_colleague(draw.office(day), AllocationReason.STAFF)
        yield move._replace(practitioner=UNALLOCATED) if rng.random() < 0.2 else move
    if staff.teams[held.team].moved_about:
        for day in draw.mass:
            if (at := draw.office(day)) > after:
                yield to_colleague(at, AllocationReason.ADMINISTRATIVE)
    if draw.transfer and (asked_at := draw.office(draw.transfer[0])) > after:
        yield _transfer(draw, held, asked_at, *draw.transfer[1:])


def _transfer(draw: _Draw, held: Move, asked_at: datetime, answered: date, reason: AllocationReason) -> Move:
    rng = draw.rng
    takers = [NPS_TEAM] if reason is AllocationReason.RISK else [t for t in TEAMS if t.is_crc and t.code != held.team]
    team = rng.choice(takers).code
    at = draw.office(answered)
    chance = rng.random()
    answer: Literal["accepted", "rejected", "withdrawn"] = "accepted"
    if reason is AllocationReason.MOVE and chance < 0.15:
        answer = "rejected" if chance < 0.1 else "withdrawn"
    return Move(max(at, asked_at), draw.staff.pick(rng, team, min(at, draw.diary.until)), team, reason, asked_at, answer)
