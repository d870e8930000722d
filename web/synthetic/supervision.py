"""Supervision: one appointment leads to the next, weekly at first and seldom later, with everything that comes between."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.appointment import AskedBy, arrange_appointment, cancel_appointment, rearrange_appointment, record_outcome
from domain.contact import KINDS, Mode, Work
from domain.outcome import OUTCOMES
from domain.risk import Rosh
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.amendments import reconsider
from web.synthetic.contacts import follow_up
from web.synthetic.enforcing import follow
from web.synthetic.life import Life
from web.synthetic.work import draw_work

WITHOUT_NEXT = 0.03
"""Chance that nobody arranges the appointment after today; with those still to be arranged, 8 % of active cases have none."""
FORGOTTEN = 0.07
"""Appointments of the last three weeks whose outcome has not been recorded."""
STAND_IN = 0.08
IN_CUSTODY = "AARC"
_OUTCOMES = {
    "ATTC": 690,
    "AFTC": 8,
    "ATSH": 7,
    "ATSS": 13,
    "UAAB": 92,
    "AFTA": 32,
    "AAME": 48,
    "AAEM": 28,
    "AAFC": 22,
    "AAAA": 12,
    "AACL": 6,
    "RSOF": 27,
    "RSSR": 25,
}
_TELEPHONE_OUTCOMES = {"ATTC": 800, "UAAB": 80, "AFTA": 50, "AAEM": 30, "RSOF": 20, "RSSR": 20}


class Booking(NamedTuple):
    """What an appointment was made as; `then` continues with the outcome that it had."""

    kind: str
    minutes: int
    requirements: tuple[int, ...] = ()
    then: Callable[[str], None] | None = None


def first_appointment(life: Life) -> None:
    """Arranged when the case is allocated: within five working days for most, later for some."""
    rng, today = life.rng, local_day(life.now)
    kind = "COHV" if rng.random() < 0.08 else "COAI"
    arrange_next(life, life.diary.later(today, rng.choices((rng.randint(1, 4), rng.randint(5, 12)), (85, 15))[0]), kind)


def arrange_next(life: Life, day: date, kind: str = "") -> None:
    """Arrange the next supervision appointment on the first working day from `day`, if it falls within the sentence."""
    rng, today = life.rng, life.diary.today
    day = max(day, local_day(life.now) + timedelta(days=1))
    if life.pause and life.pause[0] <= day < life.pause[1] and not life.plan.today:
        day = life.pause[1]
    starts_at = life.diary.slot(rng, day, grid=rng.choice((15, 15, 15, 5)))
    if life.plan.today and life.now < life.plan.today and day >= today - timedelta(days=6):
        starts_at = life.plan.today
    elif local_day(starts_at) > today and rng.random() < WITHOUT_NEXT:
        return
    if life.leaves_time_for(starts_at):
        kind = kind or _kind(life)
        minutes = rng.choice((10, 15)) if kind == "COPT" else rng.choice((20, 30, 30, 45, 60))
        booking = Booking(kind, minutes, then=partial(_go_on, life))
        life.next_appointment = book(life, starts_at, booking, life.worker())


def book(life: Life, starts_at: datetime, booking: Booking, practitioner: str) -> int:
    """Arrange an appointment and wait for it; a few are moved beforehand. Its entry number."""
    number = life.do(
        arrange_appointment,
        now=life.now,
        by=practitioner,
        starts_at=starts_at,
        practitioner=practitioner,
        kind=booking.kind,
        minutes=booking.minutes,
        place=_place(life, booking.kind),
        requirements=booking.requirements,
    )
    life.at(starts_at + timedelta(minutes=booking.minutes), partial(_time_comes, life, number, booking))
    ahead = starts_at - life.now
    early = local_day(starts_at) < life.diary.today - timedelta(days=8)  # a move must not reach past the last day
    if life.rng.random() < 0.04 and ahead > timedelta(days=2) and early:
        moved_at = life.diary.office_hour(life.rng, local_day(life.now + ahead * life.rng.uniform(0.3, 0.9)))
        if moved_at < starts_at - timedelta(hours=1):
            life.at(moved_at, partial(_move, life, number, booking))
    return number


def take_over(life: Life) -> None:
    """The new officer arranges the outstanding appointment afresh, at the same time, so that it stands in the right diary."""
    number = life.next_appointment
    if number is None:
        return
    appointment = life.case.appointments[number]
    if appointment.starts_at <= life.now or appointment.cancelled or appointment.practitioner == life.officer:
        return
    reason, by = "Change of officer: arranged again with the new officer.", life.worker()
    life.do(cancel_appointment, now=life.now, by=by, appointment=number, asked_by=AskedBy.SERVICE, reason=reason)
    booking = Booking(_kind(life), 30, then=partial(_go_on, life))
    life.next_appointment = book(life, appointment.starts_at, booking, by)


def _place(life: Life, kind: str) -> str:
    if KINDS[kind].mode not in (Mode.OFFICE, Mode.GROUP):
        return ""
    return {"C10CDF": "Cardiff office", "C10NPT": "Newport office", "C10SWA": "Swansea office"}.get(life.team, "NPS Cardiff office")


def _kind(life: Life) -> str:
    if life.by_telephone and life.age() >= 80:
        return "COPT"
    visits = 14 if life.level in (Rosh.HIGH, Rosh.VERY_HIGH) else 5
    return life.rng.choices(("COAP", "CHVS", "COPT", "COVC"), (90, visits, 4, 2))[0]


def _interval(life: Life) -> int:
    """Days to the next appointment: the less risk and the older the case, the longer."""
    age = life.age()
    if life.by_telephone and age >= 80:
        return 42
    if life.level in (Rosh.HIGH, Rosh.VERY_HIGH):
        return 7 if age < 200 else 14
    if life.level is Rosh.MEDIUM:
        return 7 if age < 112 else 14 if age < 300 else 28
    return 7 if age < 42 else 14 if age < 140 else 28


def _move(life: Life, number: int, booking: Booking) -> None:
    appointment = life.case.appointments[number]
    if appointment.cancelled:
        return
    starts_at = life.diary.slot(life.rng, local_day(appointment.starts_at) + timedelta(days=life.rng.randint(1, 4)))
    if not life.leaves_time_for(starts_at):
        return
    life.do(
        rearrange_appointment,
        now=life.now,
        by=appointment.practitioner,
        appointment=number,
        starts_at=starts_at,
        asked_by=life.rng.choice((AskedBy.PERSON, AskedBy.PERSON, AskedBy.SERVICE)),
        reason=life.rng.choice(("Hospital appointment", "New job", "Officer in training", "")),
    )
    life.at(starts_at + timedelta(minutes=booking.minutes), partial(_time_comes, life, number, booking))


def _time_comes(life: Life, number: int, booking: Booking) -> None:
    """The appointment is kept or not. What follows from it does not wait until somebody has written it down."""
    appointment = life.case.appointments[number]
    if appointment.cancelled or appointment.starts_at > life.now:
        return
    rng = life.rng
    usual = _TELEPHONE_OUTCOMES if booking.kind == "COPT" else _OUTCOMES
    outcome = rng.choices(list(usual), list(usual.values()))[0]
    if life.is_away(appointment.starts_at):
        outcome = IN_CUSTODY
    keeper = life.worker(stand_in=STAND_IN) if KINDS[booking.kind].one_to_one else appointment.practitioner
    if booking.then:
        booking.then(outcome)
    if outcome in ("UAAB", "AFTA") and rng.random() < 0.8:
        follow_up(life, rng.choice(("CLOB", "CLOB", "CTOB")))
    ago = (life.diary.today - local_day(appointment.starts_at)).days
    if rng.random() < (0.75 if ago == 0 else FORGOTTEN if ago <= 21 else 0.004):
        return
    write = partial(_write, life, number, booking, outcome, keeper)
    life.at(life.written(life.now), write)


def _write(life: Life, number: int, booking: Booking, outcome: str, keeper: str) -> None:
    rng, delivered = life.rng, OUTCOMES[outcome].delivered is True
    work = draw_work(life, booking.kind, booking.requirements, keeper) if delivered else Work()
    topics = [life.topics[n] for n in work.objectives]
    minutes = max(5, booking.minutes + 5 * rng.randint(-3, 3)) if delivered and rng.random() < 0.85 else None
    note = texts.note(rng, booking.kind, outcome, topics[0] if topics else "", working=bool(topics))
    entry = life.do(
        record_outcome,
        now=life.now,
        by=keeper,
        appointment=number,
        outcome=outcome,
        practitioner=keeper,
        minutes=minutes,
        work=work,
        note=note,
    )
    follow(life, entry)
    reconsider(life, entry, write_again=partial(_write, life, number, booking, outcome, keeper))


def _go_on(life: Life, outcome: str) -> None:
    """Arrange the next appointment: at the end of this one, or the working day after when the person was not there."""
    rng, today = life.rng, local_day(life.now)
    interval = _interval(life)
    if OUTCOMES[outcome].attended:
        day, at = today + timedelta(days=interval + rng.choice((-1, 0, 0, 0, 0, 1, 2))), life.now + timedelta(minutes=2)
    else:
        soon = rng.randint(2, 5) if outcome.startswith("RS") else min(interval, rng.randint(4, 10))
        day, at = today + timedelta(days=soon), life.diary.office_hour(rng, life.diary.later(today, 1))
    life.at(at, partial(arrange_next, life, day))
