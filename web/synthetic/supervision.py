"""Supervision: one appointment leads to the next, weekly at first and seldom later, with everything that comes between."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.appointment import AskedBy, arrange_appointment, cancel_appointment, rearrange_appointment, record_outcome
from domain.contact import KINDS, Mode, Privacy, Work
from domain.evidence import is_failure
from domain.interruption import InterruptionKind
from domain.outcome import OUTCOMES
from domain.risk import HIGH_LEVELS
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.amendments import reconsider
from web.synthetic.contacts import follow_up
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.work import draw_work

NUMBERS = POPULATION.attendance
CONTACT = POPULATION.contact


class Booking(NamedTuple):
    """What an appointment was made as; `then` continues with the outcome that it had."""

    kind: str
    minutes: int
    requirements: tuple[int, ...] = ()
    then: Callable[[str], None] | None = None
    group: str = ""
    second: str = ""
    """The other officer of a three-way meeting."""


def first_appointment(life: Life, *, released: bool = False) -> None:
    """Arranged when the case is allocated, within days for most; sooner after a release."""
    wait = CONTACT.after_release_days if released else CONTACT.first_days
    day = life.diary.later(local_day(life.now), wait.days(life.rng, life.unit.neglect))
    arrange_next(life, day, "COHV" if life.chance(CONTACT.first_at_home) else "COAI")


def visit_in_prison(life: Life) -> None:
    """See the person before the release, which is when work begins."""
    assert life.away_until is not None
    weeks = (life.away_until - local_day(life.now)).days
    starts_at = life.diary.slot(life.rng, local_day(life.now) + timedelta(days=life.rng.randint(2, max(3, weeks - 3))))
    if local_day(starts_at) < life.away_until and starts_at > life.now and life.leaves_time_for(starts_at):
        book(life, starts_at, Booking("CPVS", 60), life.worker())


def arrange_next(life: Life, day: date, kind: str = "") -> None:
    """Arrange the next supervision appointment on the first working day from `day`, if it falls within the sentence."""
    if life.is_away():
        return
    rng, today = life.rng, life.diary.today
    day = max(day, local_day(life.now) + timedelta(days=1))
    if life.pause and life.pause[0] <= day < life.pause[1] and not life.plan.today:
        day = life.pause[1]
    if day.weekday() >= 5 and life.chance(0.5) and day - timedelta(days=2) > local_day(life.now):
        day -= timedelta(days=2)  # or every Monday would be fuller than the days after it
    starts_at = life.diary.slot(rng, day, grid=rng.choice((15, 15, 15, 5)))
    if life.plan.today and life.now < life.plan.today and day >= today - timedelta(days=6):
        starts_at = life.plan.today
    elif local_day(starts_at) > today and life.neglected(NUMBERS.without_next):
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
        group=booking.group,
        second_practitioner=booking.second,
    )
    life.at(starts_at + timedelta(minutes=booking.minutes), partial(_time_comes, life, number, booking))
    ahead = starts_at - life.now
    early = local_day(starts_at) < life.diary.today - timedelta(days=8)  # a move must not reach past the last day
    if life.chance(NUMBERS.moved) and ahead > timedelta(days=2) and early and not booking.group:
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
    return life.unit.office


def _by_telephone(life: Life) -> bool:
    return life.by_telephone and life.age() >= CONTACT.telephone_from_age


def _kind(life: Life) -> str:
    if _by_telephone(life):
        return "COPT"
    return one_of(life.rng, CONTACT.high_risk_kinds if life.level in HIGH_LEVELS else CONTACT.kinds)


def interval(life: Life) -> int:
    """Days to the next appointment: the less risk and the older the case, the longer."""
    if _by_telephone(life):
        return CONTACT.telephone_every_days
    level = "high" if life.level in HIGH_LEVELS else life.level.value
    return next(days for until, days in CONTACT.intervals[level] if life.age() < until)


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
    outcome = _outcome(life, booking)
    one_to_one = KINDS[booking.kind].one_to_one
    keeper = life.worker(stand_in=NUMBERS.stand_in) if one_to_one and not booking.second else appointment.practitioner
    if booking.then:
        booking.then(outcome)
    if outcome in ("UAAB", "AFTA") and life.chance(NUMBERS.chased):
        follow_up(life, life.rng.choice(("CLOB", "CLOB", "CTOB")))
    if _left_open(life, (life.diary.today - local_day(appointment.starts_at)).days):
        return
    write = partial(_write, life, number, booking, outcome, keeper)
    life.at(life.written(life.now), write)


def _outcome(life: Life, booking: Booking) -> str:
    """How it went. Who is in custody or cannot be found is not there, and it is not their failure."""
    if life.is_away() and booking.kind != "CPVS":
        gone = any(i.kind == InterruptionKind.WARRANT and not i.over for i in life.case.interruptions.values())
        return "CO38" if gone else "AARC"
    usual = NUMBERS.telephone_outcomes if booking.kind == "COPT" else NUMBERS.outcomes
    often = NUMBERS.reliable_failures if life.reliable else NUMBERS.other_failures
    return one_of(life.rng, {code: weight * often if is_failure(code) else weight for code, weight in usual.items()})


def _left_open(life: Life, ago: int) -> bool:
    """Whether nobody has recorded the outcome: of today's appointments most, of recent ones some."""
    if ago == 0:
        return life.chance(NUMBERS.not_yet_today)
    return life.neglected(NUMBERS.forgotten if ago <= 21 else NUMBERS.forgotten_for_good)


def _privacy(life: Life, kind: str) -> Privacy:
    """Where people could talk, as far as anybody says."""
    mode = KINDS[kind].mode
    if mode in (Mode.HOME, Mode.DOORSTEP):
        return Privacy.HOME
    if mode is not Mode.OFFICE or not life.chance(CONTACT.privacy_said):
        return Privacy.NOT_KNOWN
    if life.chance(life.unit.booths):
        return Privacy.BOOTH
    return Privacy.PRIVATE if life.chance(CONTACT.private_room) else Privacy.OTHER


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
        privacy=_privacy(life, booking.kind) if delivered else Privacy.NOT_KNOWN,
    )
    if is_failure(outcome):
        life.failed(entry)
    reconsider(life, entry, write_again=partial(_write, life, number, booking, outcome, keeper))


def _go_on(life: Life, outcome: str) -> None:
    """Arrange the next appointment: at the end of this one, or the working day after when the person was not there."""
    rng, today = life.rng, local_day(life.now)
    days = interval(life)
    if OUTCOMES[outcome].attended:
        day, at = today + timedelta(days=days + rng.choice((-1, 0, 0, 0, 0, 1, 2))), life.now + timedelta(minutes=2)
    else:
        soon = rng.randint(2, 5) if outcome.startswith("RS") else min(days, rng.randint(4, 10))
        day, at = today + timedelta(days=soon), life.diary.office_hour(rng, life.diary.later(today, 1))
    life.at(at, partial(arrange_next, life, day))
