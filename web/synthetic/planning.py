"""Planning: the plan is completed with its objectives, contact is planned by the level of risk, and the plan is looked at again."""

from datetime import timedelta
from functools import partial
from random import Random

from domain.contact import Mode
from domain.plan import ObjectiveEnd, ReviewKind, complete_plan, end_objective, review_plan, set_pattern
from domain.risk import Rosh
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.life import Life

EVERY: dict[Rosh, int] = {Rosh.LOW: 28, Rosh.MEDIUM: 14, Rosh.HIGH: 7, Rosh.VERY_HIGH: 7}
BY_TELEPHONE_EVERY = 42
"""Supervision by telephone: a call every six weeks, as inspectors found it."""
NOT_COMPLETED = 0.08
"""Plans whose objectives are set and that nobody calls complete."""
LATE_REVIEW = 0.2


def plan(life: Life) -> None:
    """Complete the plan once its first objectives are set. Draws come from a stream of its own."""
    rng = Random(f"{life.seed}:{life.plan.crn}:planning")
    by = life.officer or life.manager
    every, mode = (BY_TELEPHONE_EVERY, Mode.TELEPHONE) if life.by_telephone else (EVERY[life.level], Mode.OFFICE)
    life.do(set_pattern, now=life.now, by=by, every_days=every, mode=mode, why=rng.choice(texts.PATTERNS[mode]))
    if rng.random() < NOT_COMPLETED:
        return
    due = local_day(life.now) + timedelta(days=182)
    life.do(complete_plan, now=life.now, by=by, policy=life.policy, review_due_on=due)
    late = rng.randint(8, 70) if rng.random() < LATE_REVIEW else rng.randint(-25, -1)
    life.at(life.diary.office_hour(rng, due + timedelta(days=late)), partial(_review, life, rng))


def _review(life: Life, rng: Random) -> None:
    """Look at the plan again with the person; something has been achieved, or not."""
    by = life.officer or life.manager
    worked_on = sorted(life.case.objectives - life.case.plan.ended)
    if len(worked_on) > 1:
        how = rng.choice((ObjectiveEnd.ACHIEVED, ObjectiveEnd.PARTLY, ObjectiveEnd.NOT_NEEDED))
        life.do(end_objective, now=life.now, by=by, objective=worked_on[0], how=how, note=texts.OBJECTIVE_ENDS[how])
    life.do(
        review_plan,
        now=life.now,
        by=by,
        policy=life.policy,
        kind=ReviewKind.ROUTINE,
        review=rng.choice(texts.REVIEWS),
        with_person=rng.random() < 0.7,
        review_due_on=local_day(life.now) + timedelta(days=182),
    )
