"""The clocks of unpaid work: suspension for a time, reviews at six and nine months, and more time when twelve months are not enough."""

from datetime import timedelta
from functools import partial

from domain.unpaid_work import UpwReview, extend_upw, review_upw, twelve_month_day
from domain.upw_suspension import SuspendedBecause, resume_upw, suspend_upw
from domain.working_days import add_months, local_day
from web.synthetic import alerts, reasons
from web.synthetic.draws import one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.unpaid_work


def put_on_agenda(life: Life, requirement: int) -> None:
    ordered = life.case.unpaid_work[requirement].ordered_at
    for months, kind in zip(life.policy.unpaid_work.review_months, (UpwReview.SIX_MONTHS, UpwReview.NINE_MONTHS), strict=True):
        if not life.neglected(1 - NUMBERS.reviewed):
            day = add_months(local_day(ordered), months) - timedelta(days=life.rng.randint(0, 12))
            life.at(life.diary.office_hour(life.rng, day), partial(_review, life, requirement, kind))
    if life.chance(NUMBERS.suspended):
        life.at(life.in_days(life.rng.randint(30, 200)), partial(_suspend, life, requirement))
    if life.chance(NUMBERS.extended):
        day = twelve_month_day(ordered) - timedelta(days=life.rng.randint(3, 20))
        life.at(life.diary.office_hour(life.rng, day), partial(_extend, life, requirement))


def _review(life: Life, requirement: int, kind: UpwReview) -> None:
    if life.stands(requirement):
        note = life.rng.choice(reasons.WORK_REVIEWS)
        life.do(review_upw, now=life.now, by=life.worker(), requirement=requirement, kind=kind, note=note)


def _suspend(life: Life, requirement: int) -> None:
    if not life.stands(requirement):
        return
    because = SuspendedBecause(one_of(life.rng, NUMBERS.suspended_because))
    life.do(suspend_upw, now=life.now, by=life.worker(), requirement=requirement, because=because)
    alerts.flag(life, "UPWS")
    days = some(life.rng, NUMBERS.suspended_days)
    for after in range(28, days, 30):
        life.at(life.in_days(after), partial(_review_suspension, life, requirement))
    life.at(life.in_days(days), partial(_resume, life, requirement))


def _review_suspension(life: Life, requirement: int) -> None:
    if life.stands(requirement) and life.case.unpaid_work[requirement].is_suspended:
        _review(life, requirement, UpwReview.SUSPENSION)


def _resume(life: Life, requirement: int) -> None:
    if life.stands(requirement) and life.case.unpaid_work[requirement].is_suspended:
        life.do(resume_upw, now=life.now, by=life.worker(), requirement=requirement)
        alerts.unflag(life, "UPWS", "Work goes on.")


def _extend(life: Life, requirement: int) -> None:
    """Not done in time: the court is asked for more."""
    if not life.stands(requirement):
        return
    until = add_months(twelve_month_day(life.case.unpaid_work[requirement].ordered_at), some(life.rng, NUMBERS.extended_months))
    court = life.rng.choice(reasons.COURTS)
    life.do(extend_upw, now=life.now, by=life.worker(), requirement=requirement, until=until, court=court)
