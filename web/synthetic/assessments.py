"""Assessing and planning: risk of serious harm with its reviews, some of them overdue, and the objectives of the plan."""

from datetime import datetime, timedelta
from functools import partial

from domain.plan import set_objective
from domain.risk import Rosh, RoshAssessed, assess_rosh
from domain.working_days import local_day
from web.synthetic import planning, texts
from web.synthetic.life import Life

NO_PLAN = 0.06
OVERDUE = 0.2


def put_on_agenda(life: Life) -> None:
    rng, diary = life.rng, life.diary
    start = local_day(life.plan.opened_at)
    assessed_at = diary.slot(rng, diary.later(start, rng.choices((rng.randint(4, 15), rng.randint(16, 40)), (85, 15))[0]))
    if life.leaves_time_for(assessed_at):
        life.at(life.written(assessed_at), partial(_assess_first, life, assessed_at))
    if rng.random() >= NO_PLAN:
        planned_at = diary.office_hour(rng, diary.later(start, rng.randint(6, 26)))
        life.at(planned_at, partial(_set_objectives, life, rng.choice((2, 2, 3, 3, 4))))
        if rng.random() < 0.2:
            life.at(diary.office_hour(rng, diary.later(start, rng.randint(60, 160))), partial(_set_objectives, life, 1))


def assess(life: Life, level: Rosh, assessed_at: datetime | None = None) -> None:
    """Assess now or as of a short while ago, and plan the review: within half a year, or too late in one case of five."""
    life.level = level
    number = life.do(
        assess_rosh,
        now=life.now,
        by=life.officer or life.manager,
        policy=life.policy,
        level=level,
        rationale=life.rng.choice(texts.RATIONALES[level]),
        assessed_at=assessed_at,
    )
    days = life.rng.randint(195, 290) if life.rng.random() < OVERDUE else life.rng.randint(120, 176)
    again = life.diary.office_hour(life.rng, local_day(life.now) + timedelta(days=days))
    life.at(again, partial(_review, life, number))


def _assess_first(life: Life, assessed_at: datetime) -> None:
    if life.level is life.plan.level:  # an escalation that came first stands
        assess(life, life.level, assessed_at)


def _review(life: Life, number: int) -> None:
    """Review the level, unless something made a later assessment necessary in between."""
    if any(n > number and isinstance(e, RoshAssessed) for n, e in life.case.entries.items()):
        return
    chance, crc = life.rng.random(), life.staff.teams[life.team].is_crc
    level = life.level
    if level is Rosh.MEDIUM and chance < 0.12:
        level = Rosh.LOW
    elif (level is Rosh.LOW and chance < 0.08) or (level is Rosh.HIGH and chance < 0.15 and not crc):
        level = Rosh.MEDIUM
    elif level is Rosh.VERY_HIGH and chance < 0.6:
        level = Rosh.HIGH
    assess(life, level)


def _set_objectives(life: Life, count: int) -> None:
    unused = [topic for topic in texts.AIMS if topic not in life.topics.values()]
    for topic in life.rng.sample(unused, count):
        number = life.do(set_objective, now=life.now, by=life.officer or life.manager, topic=topic, aim=life.rng.choice(texts.AIMS[topic]))
        life.topics[number] = topic
    if life.case.plan.pattern_from is None:
        planning.plan(life)
