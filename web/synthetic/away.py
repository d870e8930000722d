"""Times away: some on licence are recalled and released again, a few others are remanded; nobody sees them meanwhile."""

from datetime import date, timedelta
from functools import partial
from random import Random

from domain.appointment import AskedBy, cancel_appointment
from domain.interruption import InterruptionKind, begin_interruption, end_interruption
from domain.phase import recall, release
from domain.sentence import SentenceKind
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.life import Life
from web.synthetic.supervision import arrange_next

RECALLED = 0.2
"""Of licences; recall is common on short ones."""
REMANDED = 0.04
FIXED_TERM = 28
"""Days of a fixed-term recall."""


def put_on_agenda(life: Life) -> None:
    """Draws come from a stream of their own. The first cases of each officer stay where they are, so that their day is alive."""
    rng, plan, diary = Random(f"{life.seed}:{life.plan.crn}:away"), life.plan, life.diary
    licence = plan.sentence.kind is SentenceKind.LICENCE
    if plan.today or rng.random() >= (RECALLED if licence else REMANDED):
        return
    days = FIXED_TERM if licence else rng.randint(14, 70)
    goes = diary.office_hour(rng, local_day(plan.opened_at) + timedelta(days=rng.randint(20, 130)))
    back = diary.office_hour(rng, local_day(goes) + timedelta(days=days))
    if local_day(back) + timedelta(days=7) < min(plan.sentence.ends_on, local_day(plan.closes_at)):
        life.at(goes, partial(_leave, life, rng, local_day(back)))
        life.at(back, partial(_return, life, rng, licence=licence))


def _leave(life: Life, rng: Random, back: date) -> None:
    by, place = life.officer or life.manager, rng.choice(texts.PRISONS)
    life.away = life.pause = (local_day(life.now), back)
    _call_off(life)
    if life.plan.sentence.kind is SentenceKind.LICENCE:
        life.do(recall, now=life.now, by=by, sentence=life.sentence, reason=rng.choice(texts.RECALLS))
    else:
        life.do(begin_interruption, now=life.now, by=by, kind=InterruptionKind.REMAND, place=place)


def _call_off(life: Life) -> None:
    """The outstanding appointment cannot be kept. Another is arranged for the time after."""
    number, now = life.next_appointment, life.now
    appointment = life.case.appointments.get(number or 0)
    if number is None or appointment is None or appointment.cancelled or appointment.outcome or appointment.starts_at <= now:
        return
    by = life.officer or life.manager
    life.do(cancel_appointment, now=now, by=by, appointment=number, asked_by=AskedBy.SERVICE, reason="In custody.")
    arrange_next(life, local_day(now))


def _return(life: Life, rng: Random, *, licence: bool) -> None:
    by = life.officer or life.manager
    if licence:
        life.do(release, now=life.now, by=by, sentence=life.sentence, licence_ends_on=life.plan.sentence.ends_on)
    else:
        (number,) = (n for n, going_on in life.case.interruptions.items() if not going_on.over)
        life.do(end_interruption, now=life.now, by=by, interruption=number, note=rng.choice(texts.BAILED))
