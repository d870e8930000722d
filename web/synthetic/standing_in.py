"""Cover: while an officer is away for weeks, a colleague stands in for most of the cases, and some are left alone."""

from functools import partial

from domain.cover import CoverReason, end_cover, start_cover
from domain.limited_access import may_see
from domain.working_days import local_day
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import Absence

NUMBERS = POPULATION.allocation


def put_on_agenda(life: Life) -> None:
    for absence in life.staff.absences:
        begins = life.diary.office_hour(life.rng, absence.begins)
        if begins > life.now:
            life.at(begins, partial(_begin, life, absence))


def _begin(life: Life, absence: Absence) -> None:
    if life.officer != absence.officer or life.case.covered_at(life.now) or not life.chance(NUMBERS.covered):
        return
    colleague = life.colleague()
    if local_day(life.now) >= absence.ends or not may_see(life.case, colleague, life.now):
        return
    number = life.do(
        start_cover,
        now=life.now,
        by=life.manager,
        policy=life.policy,
        practitioner=colleague,
        team=life.team,
        until=absence.ends,
        reason=CoverReason(one_of(life.rng, NUMBERS.cover_reasons)),
    )
    if life.chance(NUMBERS.cover_ends_early):
        days = (absence.ends - local_day(life.now)).days
        life.at(life.in_days(max(1, int(days * life.rng.uniform(0.3, 0.9)))), partial(_end, life, number))


def _end(life: Life, number: int) -> None:
    cover = life.case.covered_at(life.now)
    if cover is not None and cover.number == number:
        life.do(end_cover, now=life.now, by=life.manager)
