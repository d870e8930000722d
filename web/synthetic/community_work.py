"""Unpaid work: instructions, weekly sessions with a supervisor, stand-downs, absences and the hours credited."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.outcome import OUTCOMES
from domain.upw_instruction import InstructionMethod, instruct_upw
from domain.upw_session import record_upw_attendance
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.diary import instant
from web.synthetic.life import Life

SESSION = 7 * 60
BURST_TEAM = "C10NPT"
"""One team issues its instructions on one day of the month, the others every Wednesday."""
_PROJECTS = ("Riverside clearance", "Cemetery paths", "Community garden", "Charity shop", "Chapel painting", "Beach clean")
_SUPERVISORS = ("Alwyn Cob", "Bev Nuttall", "Desmond Onslow", "Glenys Edmunds")
_OUTCOMES = {"ATTC": 66, "AFTC": 2, "ATSH": 2, "ATSS": 4, "AASD": 6, "UAAB": 12, "AAME": 5, "AAEM": 3}


class Job(NamedTuple):
    requirement: int
    project: str
    supervisor: str
    weekday: int
    every: int
    minutes_left: int


def put_on_agenda(life: Life, requirement: int, hours: int) -> None:
    rng, diary = life.rng, life.diary
    job = Job(
        requirement=requirement,
        project=rng.choice(_PROJECTS),
        supervisor=rng.choice(_SUPERVISORS),
        weekday=rng.choice((0, 1, 2, 3, 4, 5, 5)),
        every=7 if rng.random() < 0.7 else 14,
        minutes_left=hours * 60,
    )
    ready = diary.later(local_day(life.plan.opened_at), rng.choices((rng.randint(8, 20), rng.randint(21, 60)), (75, 25))[0])
    life.at(_day_of_instructions(life, ready), partial(_instruct, life, job, ""))


def _day_of_instructions(life: Life, day: date) -> datetime:
    """The next day on which the team issues instructions: they are issued in batches."""
    if life.plan.first.team == BURST_TEAM:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=12)
    else:
        day += timedelta(days=(2 - day.weekday()) % 7)
    return life.diary.office_hour(life.rng, day)


def _work_day(life: Life, job: Job, after: date) -> datetime:
    """The job's weekday next after `after`. Saturdays are worked; bank holidays are not."""
    day = after + timedelta(days=(job.weekday - after.weekday() - 1) % 7 + 1)
    while day in life.diary.bank_holidays:
        day += timedelta(days=7)
    return instant(day, 9)


def _instruct(life: Life, job: Job, reason: str) -> None:
    rng = life.rng
    work_at = _work_day(life, job, local_day(life.now) + timedelta(days=rng.randint(2, 7)))
    if not life.leaves_time_for(work_at):
        return
    life.do(
        instruct_upw,
        now=life.now,
        by=life.worker(),
        requirement=job.requirement,
        project=job.project,
        work_at=work_at,
        method=rng.choices(list(InstructionMethod), (30, 55, 15))[0],
        batch="" if reason else f"{life.team} {local_day(life.now).isoformat()}",
        reason=reason,
    )
    life.at(work_at + timedelta(minutes=SESSION), partial(_session, life, job, work_at))


def _session(life: Life, job: Job, work_at: datetime) -> None:
    """A day's work, or none; who did not work, for whatever reason, is instructed again."""
    rng = life.rng
    outcome = rng.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    offered = min(SESSION, max(60, job.minutes_left))
    credited = 0
    if outcome == "ATTC":
        credited = min(job.minutes_left, offered - rng.choice((0, 0, 0, 15, 30)))
    elif OUTCOMES[outcome].attended:
        credited = min(job.minutes_left, rng.choice((0, 30, 60)))
    written = life.diary.office_hour(rng, life.diary.later(local_day(work_at), rng.choice((1, 1, 1, 2, 3, 6))))
    written = max(life.now, min(written, life.plan.closes_at - timedelta(minutes=5)))
    life.at(written, partial(_record, life, job, work_at, outcome, offered, credited))
    job = job._replace(minutes_left=job.minutes_left - credited)
    if not job.minutes_left:
        return
    lost_by = OUTCOMES[outcome].lost_by
    if credited and rng.random() < 0.93:
        next_at = _work_day(life, job, local_day(work_at) + timedelta(days=job.every - 7))
        if life.leaves_time_for(next_at):
            life.at(next_at + timedelta(minutes=SESSION), partial(_session, life, job, next_at))
        return
    reason = rng.choice(texts.AGAIN["person" if not OUTCOMES[outcome].attended and not lost_by else lost_by])
    if not lost_by and credited:
        job = job._replace(project=rng.choice([p for p in _PROJECTS if p != job.project]))
    again = life.diary.office_hour(rng, life.diary.later(local_day(work_at), rng.randint(1, 6)))
    life.at(again, partial(_instruct, life, job, reason))


def _record(life: Life, job: Job, work_at: datetime, outcome: str, offered: int, credited: int) -> None:
    life.do(
        record_upw_attendance,
        now=life.now,
        by=life.worker(),
        requirement=job.requirement,
        worked_at=work_at,
        outcome=outcome,
        project=job.project,
        supervisor=job.supervisor,
        minutes_offered=offered,
        minutes_credited=credited,
        note="Worked well." if credited and life.rng.random() < 0.2 else "",
    )
