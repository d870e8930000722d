"""Snoozes: an officer puts off, for a reason, that a person has no next appointment, and sometimes brings it back before its day."""

from datetime import timedelta
from functools import partial
from random import Random

from domain.snooze import Item, end_snooze, snooze
from domain.working_days import local_day
from web.synthetic import reasons
from web.synthetic.draws import some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.allocation


def put_on_agenda(life: Life) -> None:
    # Draws of its own, so that what is put off changes nothing else in a life.
    rng = Random(f"{life.seed}:{life.plan.crn}:snoozes")
    _look_again(life, rng)


def _look_again(life: Life, rng: Random) -> None:
    life.at(life.in_days(some(rng, NUMBERS.looked_at_days), rng), partial(_look, life, rng))


def _look(life: Life, rng: Random) -> None:
    _look_again(life, rng)
    ahead = any(a.starts_at > life.now and not a.cancelled for a in life.case.appointments.values())
    running = life.case.snoozes.get(Item.NEXT_APPOINTMENT)
    if ahead or not life.officer or (running and running.until > local_day(life.now)) or rng.random() >= NUMBERS.snoozed:
        return
    until = local_day(life.now) + timedelta(days=some(rng, NUMBERS.snoozed_days))
    number = life.do(
        snooze,
        now=life.now,
        by=life.officer,
        policy=life.policy,
        item=Item.NEXT_APPOINTMENT,
        until=until,
        reason=rng.choice(reasons.CAN_WAIT),
    )
    if rng.random() < NUMBERS.brought_back:
        days = some(rng, (1, (until - local_day(life.now)).days - 1))
        life.at(life.in_days(days, rng), partial(_bring_back, life, number))


def _bring_back(life: Life, number: int) -> None:
    if life.officer and any(kept.number == number for kept in life.case.snoozes.values()):
        life.do(end_snooze, now=life.now, by=life.officer, snooze=number)
