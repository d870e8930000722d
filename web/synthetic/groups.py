"""Programme sessions and rehabilitation activity days: a run of group sessions, led by a colleague of the officer."""

from datetime import date, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from domain.outcome import OUTCOMES
from domain.requirement import RarDayCredited, RequirementEnd, RequirementKind, credit_rar_day, end_requirement
from domain.working_days import local_day
from web.synthetic import reasons
from web.synthetic.diary import instant
from web.synthetic.draws import some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.supervision import Booking, book

NUMBERS = POPULATION.requirements


class Run(NamedTuple):
    kind: str
    requirement: int
    every: int
    weekday: int
    hour: int
    left: int


def put_on_agenda(life: Life, requirement: int, kind: RequirementKind, amount: int) -> None:
    """Begin in the third month or so; in some cases nothing is ever begun. A team's groups meet on days and hours of their own."""
    if life.chance(NUMBERS.never_begun):
        return
    rng, own = life.rng, Random(life.team)
    if kind is RequirementKind.RAR:
        sessions = min(NUMBERS.rar_most_sessions, amount // 2 + rng.randint(0, 3))
        run = Run("RARP", requirement, NUMBERS.rar_every_days, own.randrange(5), rng.choice((10, 13)), sessions)
    else:
        sessions = some(rng, NUMBERS.programme_sessions)
        run = Run("APAT", requirement, NUMBERS.programme_every_days, own.randrange(5), rng.choice((10, 14)), sessions)
    begins = life.in_days(some(rng, NUMBERS.begins_after_days))
    life.at(begins, partial(_next_session, life, run, local_day(begins) + timedelta(days=7)))


def _next_session(life: Life, run: Run, day: date) -> None:
    if not life.stands(run.requirement):
        return
    if not run.left:
        _finish(life, run)
        return
    day = max(day, local_day(life.now) + timedelta(days=1), life.away_until or day)
    day += timedelta(days=(run.weekday - day.weekday()) % 7)
    starts_at = instant(life.diary.on_or_after(day), run.hour)
    if life.leaves_time_for(starts_at):
        group = f"{life.team} {run.kind} {starts_at:%Y-%m-%d %H}"
        leader = life.staff.pick(Random(group), life.team, life.now)
        then = partial(_go_on, life, run, starts_at.date())
        book(life, starts_at, Booking(run.kind, NUMBERS.group_minutes, (run.requirement,), then, group=group), leader)


def _go_on(life: Life, run: Run, day: date, outcome: str) -> None:
    delivered = OUTCOMES[outcome].delivered is True
    if delivered and run.kind == "RARP" and life.chance(NUMBERS.rar_credited):
        life.at(life.written(life.now), partial(_credit, life, run, day))
    left = run.left - 1 if delivered else run.left
    at = life.now + timedelta(minutes=3)
    life.at(at, partial(_next_session, life, run._replace(left=left), day + timedelta(days=run.every)))


def _credit(life: Life, run: Run, day: date) -> None:
    """Credit the day, unless as many as were ordered have been."""
    found = life.case.requirements[run.requirement]
    days = [e for e in life.case.entries.values() if isinstance(e, RarDayCredited) and e.requirement == run.requirement]
    if (found.ended and day > found.ended) or (found.amount and len(days) >= found.amount):
        return
    life.do(
        credit_rar_day,
        now=life.now,
        by=life.worker(),
        requirement=run.requirement,
        activity=life.rng.choice(reasons.ACTIVITIES),
        minutes=NUMBERS.group_minutes,
        done_at=instant(day, run.hour),
    )


def _finish(life: Life, run: Run) -> None:
    """The work of the requirement is done, and the officer says so."""
    life.do(end_requirement, now=life.now, by=life.worker(), requirement=run.requirement, how=RequirementEnd.COMPLETED)
