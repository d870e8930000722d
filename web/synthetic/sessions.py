"""Writing down a day of unpaid work, and that all the hours are done."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from domain.evidence import is_failure
from domain.unpaid_work import UpwReview, review_upw
from domain.upw_completion import CompletedBy, complete_upw
from domain.upw_session import record_upw_attendance, worked
from web.synthetic import reasons
from web.synthetic.instructions import OF_ETE, Job
from web.synthetic.life import Life


class Done(NamedTuple):
    job: Job
    work_at: datetime
    outcome: str
    offered: int
    credited: int
    penalty: int
    travel: int
    ete: bool
    session: str


def record(life: Life, done: Done) -> None:
    job = done.job
    number = life.do(
        record_upw_attendance,
        now=life.now,
        by=life.worker(),
        requirement=job.requirement,
        worked_at=done.work_at,
        outcome=done.outcome,
        project=OF_ETE if done.ete else job.project,
        supervisor=job.supervisor,
        minutes_offered=done.offered,
        minutes_credited=done.credited,
        penalty_minutes=done.penalty,
        travel_minutes=done.travel,
        ete=done.ete,
        session="" if done.ete else done.session,
        note="Worked well." if done.credited and life.chance(0.2) else "",
    )
    if is_failure(done.outcome):
        life.failed(number)
    if _all_worked(life, job.requirement):
        life.at(life.in_working_days(life.rng.randint(1, 4)), partial(_complete, life, job.requirement))


def _all_worked(life: Life, requirement: int) -> bool:
    work = life.case.unpaid_work[requirement]
    return 0 < work.ordered_minutes <= worked(life.case, requirement).credited


def _complete(life: Life, requirement: int) -> None:
    if life.stands(requirement):
        note = life.rng.choice(reasons.WORK_REVIEWS)
        life.do(review_upw, now=life.now, by=life.worker(), requirement=requirement, kind=UpwReview.TERMINATION, note=note)
        life.do(complete_upw, now=life.now, by=life.worker(), requirement=requirement, how=CompletedBy.HOURS)
