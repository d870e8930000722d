"""The sentence plan: objectives, how often people meet and why, the day it was complete, its reviews and what came of it."""

from datetime import date, timedelta
from functools import partial

from domain.contact import Mode
from domain.plan import ObjectiveEnd, ReviewKind, complete_plan, end_objective, review_plan, set_objective, set_pattern
from domain.working_days import local_day
from web.synthetic import reasons, texts
from web.synthetic.draws import one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.supervision import interval

NUMBERS = POPULATION.plan


def put_on_agenda(life: Life) -> None:
    rng, neglect = life.rng, life.unit.neglect
    if life.neglected(NUMBERS.none):
        return
    planned_at = life.in_working_days(NUMBERS.planned_days.days(rng, neglect))
    life.at(planned_at, partial(_plan, life))
    if life.chance(NUMBERS.another_objective):
        life.at(life.in_days(some(rng, NUMBERS.another_after_days)), partial(_set_objectives, life, 1))
    if life.chance(NUMBERS.final_review):
        final = life.diary.office_hour(rng, local_day(life.closes_at) - timedelta(days=rng.randint(4, 12)))
        life.at(final, partial(_review, life, ReviewKind.FINAL))


def _plan(life: Life) -> None:
    """The whole plan, written in one sitting."""
    _set_objectives(life, int(one_of(life.rng, NUMBERS.objectives)))
    if life.chance(NUMBERS.pattern_said):
        _set_pattern(life)
    if life.by_telephone:
        life.at(life.in_days(POPULATION.contact.telephone_from_age), partial(_set_pattern, life))
    if life.case.plan.completed is None and life.chance(NUMBERS.completed):
        life.do(complete_plan, now=life.now, by=_writer(life), policy=life.policy, review_due_on=_due(life))
    _wait_for_review(life)


def _due(life: Life) -> date:
    return local_day(life.now) + timedelta(days=NUMBERS.review_due_days)


def _writer(life: Life) -> str:
    return life.officer or life.manager


def _set_pattern(life: Life) -> None:
    days = interval(life)
    telephone = life.by_telephone and days == POPULATION.contact.telephone_every_days
    mode = Mode.TELEPHONE if telephone else Mode.OFFICE
    why = life.rng.choice(reasons.TELEPHONE_PATTERNS if telephone else reasons.PATTERNS)
    life.do(set_pattern, now=life.now, by=_writer(life), every_days=days, mode=mode, why=why)


def _set_objectives(life: Life, count: int) -> None:
    unused = [topic for topic in texts.AIMS if topic not in life.topics.values()]
    for topic in life.rng.sample(unused, count):
        number = life.do(set_objective, now=life.now, by=_writer(life), topic=topic, aim=life.rng.choice(texts.AIMS[topic]))
        life.topics[number] = topic


def _wait_for_review(life: Life) -> None:
    days = NUMBERS.review_days.days(life.rng, life.unit.neglect)
    life.at(life.in_days(days), partial(_review, life, ReviewKind.ROUTINE))


def after_a_change(life: Life) -> None:
    """A new officer may look at the plan before going on with it."""
    if life.chance(NUMBERS.review_after_change):
        life.at(life.in_working_days(life.rng.randint(3, 15)), partial(_review, life, ReviewKind.OFFICER))


def after_an_event(life: Life) -> None:
    _review(life, ReviewKind.EVENT)


def _review(life: Life, kind: ReviewKind) -> None:
    """Look at the plan again; some of its objectives are done with, and others take their place."""
    if life.case.plan.completed is None:
        return
    for number in list(life.topics):
        if life.chance(1 if kind is ReviewKind.FINAL else NUMBERS.objective_ended):
            _end(life, number)
    if not life.topics and kind is not ReviewKind.FINAL:
        _set_objectives(life, 1)
    with_person = not life.is_away() and life.chance(NUMBERS.with_person)
    review = life.rng.choice(reasons.REVIEWS)
    life.do(
        review_plan,
        now=life.now,
        by=_writer(life),
        policy=life.policy,
        kind=kind,
        review=review,
        with_person=with_person,
        review_due_on=_due(life),
    )
    if kind is ReviewKind.ROUTINE:
        _wait_for_review(life)


def _end(life: Life, number: int) -> None:
    how = ObjectiveEnd(one_of(life.rng, NUMBERS.objective_ends))
    note = "" if how is ObjectiveEnd.ACHIEVED else life.rng.choice(reasons.NOT_ACHIEVED)
    life.do(end_objective, now=life.now, by=_writer(life), objective=number, how=how, note=note)
    del life.topics[number]
