"""Carrying out the moves of a case: a new officer, a request to another team and its answer, a meeting between two officers."""

from datetime import datetime, timedelta
from functools import partial

from domain.allocation import AllocationReason, allocate
from domain.case import TransferState
from domain.risk import Rosh
from domain.transfer import (
    FileItem,
    accept_transfer,
    complete_transfer,
    hold_handover,
    reject_transfer,
    request_transfer,
    state_of,
    withdraw_transfer,
)
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.assessments import assess
from web.synthetic.life import Life
from web.synthetic.moves import Move
from web.synthetic.supervision import take_over


def put_on_agenda(life: Life, moves: tuple[Move, ...]) -> None:
    for move in moves:
        if move.asked_at is None:
            life.at(move.at, partial(_change_officer, life, move))
        else:
            life.at(move.asked_at, partial(_ask, life, move))


def _change_officer(life: Life, move: Move) -> None:
    before = life.officer
    life.do(
        allocate,
        now=life.now,
        by=life.manager,
        practitioner=move.practitioner,
        team=move.team,
        provider=life.provider,
        reason=move.reason,
    )
    _after_change(life, before, handover=0.1 if move.reason is AllocationReason.ADMINISTRATIVE else 0.35)


def _ask(life: Life, move: Move) -> None:
    """Ask another team to take the case; when risk is the reason, it was assessed as high that same moment."""
    if move.reason is AllocationReason.RISK:
        assess(life, Rosh.HIGH)
    life.do(
        request_transfer,
        now=life.now,
        by=life.manager,
        to_team=move.team,
        to_provider=life.staff.teams[move.team].provider,
        reason=move.reason,
        note="" if move.reason is AllocationReason.RISK else life.rng.choice(texts.TRANSFER_NOTES),
    )
    life.at(move.at, partial(_answer, life, move))


def _answer(life: Life, move: Move) -> None:
    if move.answer == "withdrawn":
        life.do(withdraw_transfer, now=life.now, by=life.manager, team=life.team, reason="The move did not take place.")
        return
    receiving = life.staff.teams[move.team].manager
    if move.answer == "rejected":
        life.do(reject_transfer, now=life.now, by=receiving, team=move.team, reason=life.rng.choice(texts.NOT_TAKEN))
        return
    before = life.officer
    life.do(accept_transfer, now=life.now, by=receiving, team=move.team, practitioner=move.practitioner)
    _after_change(life, before, handover=0.55)


def _after_change(life: Life, before: str, *, handover: float) -> None:
    """The new officer takes over the appointment that was arranged, and may meet the old one about the case."""
    take_over(life)
    after = life.officer
    if not before or not after or life.rng.random() > handover:
        return
    held_at = life.diary.slot(life.rng, local_day(life.now) + timedelta(days=life.rng.randint(1, 9)))
    if not life.leaves_time_for(held_at):
        return
    three_way = life.rng.random() < 0.35
    life.at(life.written(held_at), partial(_hold, life, held_at, before, after, three_way))


def _hold(life: Life, held_at: datetime, before: str, after: str, three_way: bool) -> None:
    life.do(
        hold_handover,
        now=life.now,
        by=after,
        held_at=held_at,
        from_practitioner=before,
        to_practitioner=after,
        three_way=three_way,
        note=life.rng.choice(texts.HANDOVER_NOTES) if life.rng.random() < 0.7 else "",
    )
    if state_of(life.case) is TransferState.ACCEPTED:
        # The meeting was the last thing that it waited for: where there was none, the transfer stays to be completed.
        life.do(complete_transfer, now=life.now, by=life.manager, team=life.team, file=tuple(FileItem))
