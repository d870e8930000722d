"""Carrying out the moves of a case: a new officer within the team, and the meeting of two officers about the case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from domain.allocation import AllocationReason, allocate
from domain.limited_access import may_see
from domain.outcome import OUTCOMES
from domain.transfer import hold_handover
from domain.working_days import local_day
from web.synthetic import planning, reasons, transfers
from web.synthetic.life import Life
from web.synthetic.moves import Move
from web.synthetic.parameters import POPULATION
from web.synthetic.supervision import Booking, book, take_over

NUMBERS = POPULATION.allocation


def put_on_agenda(life: Life, moves: tuple[Move, ...]) -> None:
    for move in moves:
        if move.asked_at is None:
            life.at(move.at, partial(_change_officer, life, move))
        else:
            life.at(move.asked_at, partial(transfers.begin, life, move, partial(after_change, life)))


def _change_officer(life: Life, move: Move) -> None:
    """As planned, or whoever of the team can, when the case has gone another way since."""
    before, taker = life.officer, move.practitioner
    if move.team != life.team or not may_see(life.case, taker, life.now):
        taker = life.colleague()
    if taker == before or not may_see(life.case, taker, life.now):
        return
    life.do(
        allocate,
        now=life.now,
        by=life.manager,
        practitioner=taker,
        team=life.team,
        provider=life.unit.provider,
        reason=move.reason,
        note=life.rng.choice(reasons.HANDOVER_NOTES) if taker and life.chance(NUMBERS.handover) else "",
    )
    after_change(life, before, NUMBERS.handover_in_mass if move.reason is AllocationReason.ADMINISTRATIVE else NUMBERS.handover)


def after_change(life: Life, before: str, handover: float, then: Callable[[], None] | None = None) -> None:
    """The new officer takes over the appointment that was arranged, and may meet the old one, with the person or without."""
    take_over(life)
    after = life.officer
    if not before or not after or before == after:
        return
    planning.after_a_change(life)
    held_at = life.diary.slot(life.rng, local_day(life.now) + timedelta(days=life.rng.randint(1, 9)))
    if life.chance(handover) and life.leaves_time_for(held_at):
        if life.chance(NUMBERS.three_way) and not life.is_away(local_day(held_at)):
            met = Booking("C084", 45, then=partial(_met, life, before, after, then), second=before)
            book(life, held_at, met, after)
        else:
            life.at(life.written(held_at), partial(_hold, life, held_at, before, after, False, then))


def _met(life: Life, before: str, after: str, then: Callable[[], None] | None, outcome: str) -> None:
    """The person was there, or the two officers met without."""
    three_way = OUTCOMES[outcome].delivered is True
    life.at(life.written(life.now), partial(_hold, life, life.now, before, after, three_way, then))


def _hold(life: Life, held_at: datetime, before: str, after: str, three_way: bool, then: Callable[[], None] | None) -> None:
    life.do(
        hold_handover,
        now=life.now,
        by=after,
        held_at=held_at,
        from_practitioner=before,
        to_practitioner=after,
        three_way=three_way,
        note=life.rng.choice(reasons.HANDOVER_NOTES) if life.chance(0.7) else "",
    )
    if then:
        then()
