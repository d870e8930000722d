"""Unpaid work: assessment and induction, instructions, weekly sessions with a supervisor, and what follows from each of them."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.outcome import OUTCOMES
from domain.unpaid_work import Intensive, assess_upw, induct_upw
from domain.working_days import local_day
from web.synthetic import community_clocks, instructions
from web.synthetic.draws import one_of
from web.synthetic.instructions import Job, is_off
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.sessions import Done, record

NUMBERS = POPULATION.unpaid_work


class Came(NamedTuple):
    """What came of a session, in minutes."""

    outcome: str
    offered: int
    credited: int
    penalty: int = 0
    travel: int = 0


def put_on_agenda(life: Life, requirement: int, hours: int) -> None:
    rng, neglect = life.rng, life.unit.neglect
    job = Job(
        requirement=requirement,
        project=instructions.some_project(life),
        supervisor=rng.choice(instructions.SUPERVISORS),
        weekday=int(one_of(rng, NUMBERS.weekdays)),
        every=7 if life.chance(NUMBERS.weekly) else 14,
        minutes_left=hours * 60,
    )
    life.at(life.in_working_days(NUMBERS.assessed_days.days(rng, neglect)), partial(_assess, life, requirement))
    ready = life.diary.later(local_day(life.now), NUMBERS.instructed_days.days(rng, neglect))
    issued = instructions.day_of_instructions(life, max(ready, life.away_until or ready))
    life.at(issued, partial(instructions.instruct, life, job, "", partial(_session, life)))
    community_clocks.put_on_agenda(life, requirement)


def _assess(life: Life, requirement: int) -> None:
    """Found out what work suits the person, and told them how it goes."""
    if not life.stands(requirement):
        return
    intensive = Intensive(one_of(life.rng, NUMBERS.intensive))
    life.do(assess_upw, now=life.now, by=life.worker(), requirement=requirement, intensive=intensive)
    in_group = life.chance(NUMBERS.inducted_in_group)
    life.do(induct_upw, now=life.now, by=life.worker(), requirement=requirement, in_group=in_group)


def _session(life: Life, job: Job, work_at: datetime) -> None:
    """A day's work, or none; who did not work, for whatever reason, is instructed again."""
    if not life.stands(job.requirement):
        return
    if is_off(life, job):
        life.at(life.in_days(14), partial(_again, life, job, "lifted"))
        return
    came, ete = _comes(life, job)
    session = f"{job.project} {local_day(work_at).isoformat()}"
    done = Done(job, work_at, came.outcome, came.offered, came.credited, came.penalty, came.travel, ete, session)
    written = life.diary.office_hour(life.rng, life.diary.later(local_day(work_at), life.rng.choice((1, 1, 1, 2, 3, 6))))
    written = max(life.now, min(written, life.closes_at - timedelta(minutes=5)))
    life.at(written, partial(record, life, done))
    job = job._replace(minutes_left=job.minutes_left - came.credited)
    if not job.minutes_left:
        return
    if came.credited and life.chance(NUMBERS.keeps_going):
        next_at = instructions.work_day(life, job, local_day(work_at) + timedelta(days=job.every - 7))
        if life.leaves_time_for(next_at):
            life.at(instructions.finish(next_at), partial(_session, life, job, next_at))
        return
    _instruct_again(life, job, came, local_day(work_at))


def _instruct_again(life: Life, job: Job, came: Came, worked_on: date) -> None:
    outcome = OUTCOMES[came.outcome]
    reason = "person" if not outcome.attended and not outcome.lost_by else outcome.lost_by
    if not outcome.lost_by and came.credited:
        job = job._replace(project=instructions.some_project(life, other_than=job.project))
    again = life.diary.office_hour(life.rng, life.diary.later(worked_on, life.rng.randint(1, 6)))
    life.at(again, partial(_again, life, job, reason))


def _again(life: Life, job: Job, reason: str) -> None:
    if life.stands(job.requirement) and is_off(life, job):
        life.at(life.in_days(14), partial(_again, life, job, "lifted"))
    else:
        instructions.instruct(life, job, reason, partial(_session, life))


def _comes(life: Life, job: Job) -> tuple[Came, bool]:
    """What came of the day, and whether it went to education, training and employment instead."""
    rng = life.rng
    outcome = one_of(rng, NUMBERS.outcomes)
    offered = min(NUMBERS.session_minutes, max(60, job.minutes_left))
    if not OUTCOMES[outcome].attended:
        return Came(outcome, offered, 0), False
    if outcome != "ATTC":
        return Came(outcome, offered, min(job.minutes_left, rng.choice((0, 30, 60)))), False
    penalty = instructions.in_quarters(rng, NUMBERS.penalty_minutes) if life.chance(NUMBERS.penalties) else 0
    travel = instructions.in_quarters(rng, NUMBERS.travel_minutes) if life.chance(NUMBERS.travels) else 0
    short = rng.choice((0, 0, 0, 15, 30))
    credited = min(job.minutes_left, max(0, offered - short - penalty + travel))
    ete = life.chance(NUMBERS.ete) and credited <= instructions.ete_left(life, job)
    return Came(outcome, offered, credited, penalty, travel), ete
