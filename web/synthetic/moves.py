"""Who will hold a case when: officers who leave, mass moves, transfers to another team, and escalation to the NPS."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from domain.allocation import UNALLOCATED, AllocationReason
from domain.working_days import local_day
from web.synthetic.diary import Diary
from web.synthetic.draws import one_of, some
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import CRC_TEAMS, NPS_TEAM, Staff

NUMBERS = POPULATION.allocation


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
        self.mass = [diary.today - timedelta(days=ago) for ago in NUMBERS.mass_moves if rng.random() < NUMBERS.moved_in_mass]
        self.transfer = self._transfer(start) if crc else None

    def _transfer(self, start: date) -> tuple[date, date, AllocationReason] | None:
        """Asked on, answered on and why, for about one CRC case in six; a few of them are waiting for an answer today."""
        rng, chance, today, shares = self.rng, self.rng.random(), self.diary.today, POPULATION.transfer
        if chance < shares.waiting:
            reason = AllocationReason.RISK if chance < shares.waiting * 0.4 else AllocationReason.MOVE
            return today - timedelta(days=rng.randint(1, 10)), today + timedelta(days=5), reason
        chance -= shares.waiting
        if chance > shares.risk + shares.move or (today - start).days < 80:
            return None
        asked = start + timedelta(days=rng.randint(50, (today - start).days - 20))
        if chance < shares.risk:
            return asked, self.diary.later(asked, some(rng, shares.risk_answered_days)), AllocationReason.RISK
        return asked, self.diary.later(asked, some(rng, shares.move_answered_days)), AllocationReason.MOVE

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
        yield to_colleague(draw.office(local_day(after) + timedelta(days=some(rng, NUMBERS.unallocated_days))), AllocationReason.STAFF)
        return
    yield to_colleague(
        draw.office(local_day(after) + timedelta(days=5 + int(rng.expovariate(1 / NUMBERS.mean_days_between_changes)))),
        AllocationReason(one_of(rng, NUMBERS.usual_reasons)),
    )
    if left := staff.left(staff.officers[held.practitioner]):
        day = max(left - timedelta(days=Random(held.practitioner).randint(0, 4)), local_day(after) + timedelta(days=1))
        move = to_colleague(draw.office(day), AllocationReason.STAFF)
        yield move._replace(practitioner=UNALLOCATED) if rng.random() < NUMBERS.unallocated_when_left else move
    if staff.teams[held.team].moved_about:
        for day in draw.mass:
            if (at := draw.office(day)) > after:
                yield to_colleague(at, AllocationReason.ADMINISTRATIVE)
    if draw.transfer and (asked_at := draw.office(draw.transfer[0])) > after:
        yield _transfer(draw, held, asked_at, *draw.transfer[1:])


def _transfer(draw: _Draw, held: Move, asked_at: datetime, answered: date, reason: AllocationReason) -> Move:
    rng = draw.rng
    takers = [NPS_TEAM] if reason is AllocationReason.RISK else [t for t in CRC_TEAMS if t.code != held.team]
    team = rng.choice(takers).code
    at = draw.office(answered)
    chance = rng.random()
    answer: Literal["accepted", "rejected", "withdrawn"] = "accepted"
    shares = POPULATION.transfer
    if reason is AllocationReason.MOVE and chance < shares.rejected + shares.withdrawn:
        answer = "rejected" if chance < shares.rejected else "withdrawn"
    return Move(max(at, asked_at), draw.staff.pick(rng, team, min(at, draw.diary.until)), team, reason, asked_at, answer)
