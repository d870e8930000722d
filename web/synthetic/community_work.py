"""Unpaid work: assessment, instructions, weekly sessions, stand-downs, absences, the hours credited, reviews and the end."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from domain.event import Event
from domain.outcome import OUTCOMES
from domain.policy import add_months
from domain.unpaid_work import Intensive, UpwReview, assess_upw, induct_upw, review_upw
from domain.upw_completion import CompletedBy, complete_upw
from domain.upw_instruction import InstructedAgain, InstructionMethod, instruct_upw, standing_instruction
from domain.upw_session import record_upw_attendance, worked
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.diary import instant
from web.synthetic.life import Life
from web.synthetic.supervision import IN_CUSTODY

SESSION = 7 * 60
BURST_TEAM = "C10NPT"
"""One team issues its instructions on one day of the month, the others every Wednesday."""
_PROJECTS = ("Riverside clearance", "Cemetery paths", "Community garden", "Charity shop", "Chapel painting", "Beach clean")
_SUPERVISORS = ("Alwyn Cob", "Bev Nuttall", "Desmond Onslow", "Glenys Edmunds")
_OUTCOMES = {"ATTC": 66, "AFTC": 2, "ATSH": 2, "ATSS": 4, "AASD": 6, "UAAB": 12, "AAME": 5, "AAEM": 3}


_WHY = {"person": InstructedAgain.ABSENCE, "provider": InstructedAgain.STOOD_DOWN, "": InstructedAgain.PROJECT}


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
    life.at(_day_of_instructions(life, ready), partial(_instruct, life, job, "", InstructedAgain.OTHER))
    _put_preparation_on_agenda(life, requirement)


def _put_preparation_on_agenda(life: Life, requirement: int) -> None:
    """Assessment, induction and reviews, drawn apart from the sessions so that neither changes the other."""
    rng, diary, opened = Random(f"{life.seed}:{life.plan.crn}:work"), life.diary, local_day(life.plan.opened_at)
    if rng.random() < 0.85:
        assessed = diary.later(opened, rng.randint(1, 12))
        intensive = rng.choices(list(Intensive), (10, 50, 15, 25))[0]
        life.at(diary.office_hour(rng, assessed), partial(_if_to_do, life, requirement, assess_upw, {"intensive": intensive}))
        inducted = diary.later(assessed, rng.randint(0, 6))
        group = {"in_group": rng.random() < 0.7}
        life.at(diary.office_hour(rng, inducted) + timedelta(minutes=5), partial(_if_to_do, life, requirement, induct_upw, group))
    for kind, months, share in ((UpwReview.SIX_MONTHS, 6, 0.6), (UpwReview.NINE_MONTHS, 9, 0.5)):
        if rng.random() < share:
            day = diary.later(add_months(opened, months), rng.randint(0, 10))
            found = {"kind": kind, "note": rng.choice(("On course.", "Behind; days added.", "Lost days were the provider's."))}
            life.at(diary.office_hour(rng, day), partial(_if_to_do, life, requirement, review_upw, found))


def _if_to_do(life: Life, requirement: int, command: Callable[..., Sequence[Event]], details: dict[str, Any]) -> None:
    """What only happens while the work is still to be done."""
    if life.case.unpaid_work[requirement].completed_at is None:
        life.do(command, now=life.now, by=life.worker(), requirement=requirement, **details)


def _complete(life: Life, requirement: int) -> None:
    """All hours worked: recorded once the last session has been, which is sometimes entered late."""
    work = life.case.unpaid_work[requirement]
    if worked(life.case, requirement).credited >= work.ordered_minutes:
        _if_to_do(life, requirement, complete_upw, {"how": CompletedBy.HOURS, "note": "Certificate handed over."})
    else:
        life.at(life.now + timedelta(days=3), partial(_complete, life, requirement))


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
    while day in life.diary.bank_holidays or life.day_back(day) != day:
        day += timedelta(days=7)
    return instant(day, 9)


def _instruct(life: Life, job: Job, reason: str, why: InstructedAgain) -> None:
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
        why=why,
        reason=reason,
        ends_at=work_at + timedelta(minutes=SESSION),
        supersedes=standing_instruction(life.case.unpaid_work[job.requirement]),
    )
    life.at(work_at + timedelta(minutes=SESSION), partial(_session, life, job, work_at))


def _session(life: Life, job: Job, work_at: datetime) -> None:
    """A day's work, or none; who did not work, for whatever reason, is instructed again."""
    rng = life.rng
    outcome = rng.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
    if life.is_away(work_at):
        outcome = IN_CUSTODY
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
        life.at(written + timedelta(days=2), partial(_complete, life, job.requirement))
        return
    lost_by = OUTCOMES[outcome].lost_by
    if credited and rng.random() < 0.93:
        next_at = _work_day(life, job, local_day(work_at) + timedelta(days=job.every - 7))
        if life.leaves_time_for(next_at):
            life.at(next_at + timedelta(minutes=SESSION), partial(_session, life, job, next_at))
        return
    whose = "person" if not OUTCOMES[outcome].attended and not lost_by else lost_by
    reason = rng.choice(texts.AGAIN[whose])
    if not lost_by and credited:
        job = job._replace(project=rng.choice([p for p in _PROJECTS if p != job.project]))
    again = life.diary.office_hour(rng, life.diary.later(local_day(work_at), rng.randint(1, 6)))
    life.at(again, partial(_instruct, life, job, reason, _WHY[whose]))


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
