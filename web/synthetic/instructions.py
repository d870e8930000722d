"""Instructions to attend unpaid work: issued in batches, acknowledged or not, and once a whole team's again before an inspection."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from domain.unpaid_work import ete_minutes_most
from domain.upw_instruction import (
    AcknowledgedBy,
    InstructedAgain,
    InstructionMethod,
    LetterLanguage,
    acknowledge_instruction,
    instruct_upw,
    standing_instruction,
)
from domain.upw_session import worked
from domain.working_days import local_day
from web.synthetic import reasons
from web.synthetic.diary import instant
from web.synthetic.draws import Span, one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import PROJECTS

NUMBERS = POPULATION.unpaid_work
SUPERVISORS = ("Alwyn Cob", "Bev Nuttall", "Desmond Onslow", "Glenys Edmunds")
WHY = {
    "person": InstructedAgain.ABSENCE,
    "provider": InstructedAgain.STOOD_DOWN,
    "lifted": InstructedAgain.LIFTED,
    "": InstructedAgain.PROJECT,
}
OF_WORK = [project.name for project in PROJECTS if not project.kind.startswith("ET")]
OF_ETE = next(project.name for project in PROJECTS if project.kind.startswith("ET"))


class Job(NamedTuple):
    requirement: int
    project: str
    supervisor: str
    weekday: int
    every: int
    minutes_left: int


Then = Callable[[Job, datetime], None]


def some_project(life: Life, other_than: str = "") -> str:
    return life.rng.choice([name for name in OF_WORK if name != other_than])


def in_quarters(rng: Random, span: Span) -> int:
    return some(rng, span) // 15 * 15 or 15


def is_off(life: Life, job: Job) -> bool:
    """Whether there is no work for the time being: it is suspended, or the person is away."""
    return life.case.unpaid_work[job.requirement].is_suspended or life.is_away()


def ete_left(life: Life, job: Job) -> int:
    """Minutes that may still be credited for education, training and employment, those not yet written down left out."""
    work = life.case.unpaid_work[job.requirement]
    return ete_minutes_most(work.ordered_minutes, work.ordered_at) - worked(life.case, job.requirement).ete - 2 * NUMBERS.session_minutes


def day_of_instructions(life: Life, day: date) -> datetime:
    """The next day on which the team issues instructions: they are issued in batches."""
    if life.unit.instructs_monthly:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=12)
    else:
        day += timedelta(days=(2 - day.weekday()) % 7)
    return life.diary.office_hour(life.rng, day)


def work_day(life: Life, job: Job, after: date) -> datetime:
    """The job's weekday next after `after`. Saturdays are worked; bank holidays are not."""
    day = after + timedelta(days=(job.weekday - after.weekday() - 1) % 7 + 1)
    while day in life.diary.bank_holidays:
        day += timedelta(days=7)
    return instant(day, 9)


def finish(work_at: datetime) -> datetime:
    return work_at + timedelta(minutes=NUMBERS.session_minutes)


def instruct(life: Life, job: Job, reason: str, then: Then) -> None:
    """Tell the person what to do and when, and wait for the day."""
    work_at = work_day(life, job, local_day(life.now) + timedelta(days=life.rng.randint(2, 7)))
    if not life.stands(job.requirement) or not life.leaves_time_for(work_at):
        return
    if is_off(life, job):
        life.at(life.in_days(14), partial(instruct, life, job, "lifted", then))
        return
    _issue(life, job, work_at, reason, batch="" if reason else f"{life.team} {local_day(life.now).isoformat()}")
    life.at(finish(work_at), partial(then, job, work_at))
    burst = life.diary.today - timedelta(days=some(life.rng, NUMBERS.burst_days))
    if life.unit.instructs_monthly and local_day(life.now) < burst and not reason and life.chance(NUMBERS.burst_share):
        life.at(life.diary.office_hour(life.rng, burst), partial(_issue_again, life, job))


def _issue(life: Life, job: Job, work_at: datetime, reason: str, batch: str) -> None:
    again = bool(life.case.unpaid_work[job.requirement].instructions)
    why = InstructedAgain.OTHER if reason == "files" or not again else WHY[reason]
    number = life.do(
        instruct_upw,
        now=life.now,
        by=life.worker(),
        requirement=job.requirement,
        project=job.project,
        work_at=work_at,
        method=InstructionMethod(one_of(life.rng, NUMBERS.methods)),
        batch=batch,
        why=why,
        reason=life.rng.choice(reasons.AGAIN[reason]) if again else "",
        ends_at=finish(work_at),
        work_type=life.rng.choice(reasons.WORK_TYPES),
        transport=life.rng.choice(reasons.TRANSPORT),
        clothing=life.rng.choice(reasons.CLOTHING),
        language=LetterLanguage.WELSH if life.plan.person.language == "Welsh" else LetterLanguage.ENGLISH,
        supersedes=standing_instruction(life.case.unpaid_work[job.requirement]) if again else 0,
    )
    if life.chance(NUMBERS.acknowledged):
        life.at(life.in_working_days(life.rng.choice((0, 1, 2))), partial(_acknowledge, life, number))


def _acknowledge(life: Life, instruction: int) -> None:
    life.do(acknowledge_instruction, now=life.now, by=life.worker(), instruction=instruction, how=life.rng.choice(list(AcknowledgedBy)))


def _issue_again(life: Life, job: Job) -> None:
    """One letter more in a batch for the whole team, which changes nothing about the work."""
    if life.stands(job.requirement) and not is_off(life, job):
        work_at = work_day(life, job, local_day(life.now) + timedelta(days=2))
        _issue(life, job, work_at, "files", batch=f"{life.team} {local_day(life.now).isoformat()}")
