"""Transfers: another team is asked to take the case, wants to know more, looks at the address, answers, and is handed the file."""

from functools import partial
from typing import Protocol

from domain.allocation import AllocationReason
from domain.component import move_component
from domain.limited_access import may_see
from domain.remembered import TransferState
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.risk_review import ReviewStep
from domain.transfer import (
    FileItem,
    accept_transfer,
    assess_address,
    complete_transfer,
    inform_transfer,
    query_transfer,
    reject_transfer,
    request_transfer,
    state_of,
    withdraw_transfer,
)
from web.synthetic import reasons, referrals
from web.synthetic.assessments import assess
from web.synthetic.life import Life
from web.synthetic.moves import Move
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.transfer


class AfterChange(Protocol):
    def __call__(self, before: str, handover: float, then: partial[None]) -> None: ...


def begin(life: Life, move: Move, after_change: AfterChange) -> None:
    """Ask, and where risk is the reason have the NPS find it high first."""
    if move.team == life.team or state_of(life.case) not in (TransferState.NONE, TransferState.ACCEPTED) or not life.officer:
        return
    ask = partial(_ask, life, move, after_change)
    if move.reason is not AllocationReason.RISK:
        ask()
    elif life.unit.is_crc and not referrals.is_open(life):
        referrals.refer(life, ReviewStep.DECIDED_HIGH, ask)


def _ask(life: Life, move: Move, after_change: AfterChange) -> None:
    if move.reason is AllocationReason.RISK:
        assess(life, Rosh.HIGH)
    receiving = life.staff.teams[move.team]
    life.do(
        request_transfer,
        now=life.now,
        by=life.manager,
        to_team=move.team,
        to_provider=receiving.provider,
        reason=move.reason,
        note="" if move.reason is AllocationReason.RISK else life.rng.choice(reasons.TRANSFER_NOTES),
        from_kind=life.unit.runs_by.kind,
        to_kind=receiving.runs_by.kind,
    )
    if life.chance(NUMBERS.queried):
        life.at(life.in_working_days(life.rng.choice((0, 1, 2))), partial(_query, life, move))
    if move.reason is AllocationReason.MOVE and life.chance(NUMBERS.address_assessed):
        life.at(life.in_working_days(life.rng.randint(2, 10)), partial(_assess_address, life, move))
    earliest = life.in_working_days(1)
    life.at(max(move.at, earliest), partial(_answer, life, move, after_change))


def _waits(life: Life, *states: TransferState) -> bool:
    return state_of(life.case) in states


def _query(life: Life, move: Move) -> None:
    if _waits(life, TransferState.REQUESTED):
        by = life.staff.teams[move.team].manager
        life.do(query_transfer, now=life.now, by=by, team=move.team, question=life.rng.choice(reasons.QUESTIONS))
        life.at(life.in_working_days(life.rng.choice((0, 1, 3))), partial(_inform, life))


def _inform(life: Life) -> None:
    if _waits(life, TransferState.QUERIED):
        life.do(inform_transfer, now=life.now, by=life.manager, team=life.team, answer=life.rng.choice(reasons.ANSWERS))


def _assess_address(life: Life, move: Move) -> None:
    transfer = life.case.transfer
    if transfer is None or transfer.to_team != move.team:
        return
    suitable = move.answer != "rejected"
    note = life.rng.choice(reasons.ADDRESSES if suitable else reasons.NOT_TAKEN)
    by = life.staff.teams[move.team].manager
    life.do(assess_address, now=life.now, by=by, team=move.team, suitable=suitable, note=note)


def _answer(life: Life, move: Move, after_change: AfterChange) -> None:
    receiving, before = life.staff.teams[move.team].manager, life.officer
    if move.answer == "withdrawn":
        life.do(withdraw_transfer, now=life.now, by=life.manager, team=life.team, reason="The move did not take place.")
    elif move.answer == "rejected":
        life.do(reject_transfer, now=life.now, by=receiving, team=move.team, reason=life.rng.choice(reasons.NOT_TAKEN))
    elif may_see(life.case, move.practitioner, life.now):
        old = life.unit
        life.do(accept_transfer, now=life.now, by=receiving, team=move.team, practitioner=move.practitioner)
        _leave_work_behind(life, old.code, old.provider)
        after_change(before, POPULATION.allocation.handover_of_transfer, partial(_hand_over, life, move))


def _leave_work_behind(life: Life, team: str, provider: str) -> None:
    """Unpaid work may stay with the old team until it suits everybody."""
    for number, found in life.case.requirements.items():
        if found.kind == RequirementKind.UNPAID_WORK and life.stands(number) and life.chance(NUMBERS.component_stays):
            life.do(move_component, now=life.now, by=life.manager, requirement=number, team=team, provider=provider)
            life.at(life.in_days(life.rng.randint(14, 50)), partial(_bring_along, life, number))


def _bring_along(life: Life, requirement: int) -> None:
    if life.stands(requirement) and life.case.components[requirement].team != life.team:
        by, team = life.manager, life.unit
        life.do(move_component, now=life.now, by=by, requirement=requirement, team=team.code, provider=team.provider)


def _hand_over(life: Life, move: Move) -> None:
    """After the meeting the file is made whole, mostly, and the transfer is complete."""
    if not life.chance(NUMBERS.completed):
        return
    life.at(life.in_working_days(life.rng.randint(1, 6)), partial(_complete, life, move))


def _complete(life: Life, move: Move) -> None:
    if _waits(life, TransferState.ACCEPTED) and life.team == move.team:
        by = life.manager
        life.do(complete_transfer, now=life.now, by=by, team=move.team, file=tuple(FileItem))
