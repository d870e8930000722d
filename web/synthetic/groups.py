"""Programme sessions and rehabilitation activity days: a run of group sessions, led by a colleague of the officer."""

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from domain.outcome import OUTCOMES
from domain.requirement import RequirementKind, credit_rar_day
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.diary import instant
from web.synthetic.life import Life
from web.synthetic.supervision import Booking, book


class Run(NamedTuple):
    kind: str
    requirement: int
    every: int
    hour: int
    left: int


def put_on_agenda(life: Life, requirement: int, kind: RequirementKind, amount: int) -> None:
    """Begin in the third month or so; in some cases nothing is ever begun."""
    rng: Random = life.rng
    if kind not in (RequirementKind.RAR, RequirementKind.PROGRAMME) or rng.random() < 0.15:
        return
    if kind is RequirementKind.RAR:
        run = Run("RARP", requirement, 14, rng.choice((10, 13)), min(14, amount // 2 + rng.randint(0, 3)))
    else:
        run = Run("APAT", requirement, 7, rng.choice((10, 14)), rng.randint(12, 22))
    begins = life.diary.office_hour(rng, local_day(life.plan.opened_at) + timedelta(days=rng.randint(35, 110)))
    life.at(begins, partial(_next_session, life, run, local_day(begins) + timedelta(days=7)))


def _next_session(life: Life, run: Run, day: date) -> None:
    earliest = life.day_back(max(day, local_day(life.now) + timedelta(days=1)))
    starts_at = instant(life.diary.on_or_after(earliest), run.hour)
    if run.left and life.leaves_time_for(starts_at):
        leader = life.staff.pick(life.rng, life.team, life.now, other_than=life.officer)
        book(life, starts_at, Booking(run.kind, 120, (run.requirement,), partial(_go_on, life, run, starts_at.date())), leader)


def _go_on(life: Life, run: Run, day: date, outcome: str) -> None:
    left = run.left - 1 if OUTCOMES[outcome].delivered else run.left
    if run.kind == "RARP" and OUTCOMES[outcome].delivered:
        _credit(life, run, day)
    at = life.now + timedelta(minutes=3)
    life.at(at, partial(_next_session, life, run._replace(left=left), day + timedelta(days=run.every)))


def _credit(life: Life, run: Run, day: date) -> None:
    life.do(
        credit_rar_day,
        now=life.now,
        by=life.officer or life.manager,
        requirement=run.requirement,
        activity=texts.ACTIVITIES[run.requirement % len(texts.ACTIVITIES)],
        minutes=120,
        done_at=min(instant(day, run.hour), life.now),
    )
