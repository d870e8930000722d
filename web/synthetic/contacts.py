"""Contacts that nobody arranged: calls, texts, letters, people who turn up, and what other agencies say."""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from domain.contact import Purpose, Work, record_contact
from domain.working_days import local_day
from web.synthetic import texts
from web.synthetic.amendments import reconsider
from web.synthetic.draws import Mix, one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.contact
WORK = POPULATION.work
_SPOKEN = {"CTOA": (2, 15), "CTOB": (2, 20), "COUP": (5, 30), "CT3B": (3, 15)}


class Done(NamedTuple):
    kind: str
    happened: datetime
    practitioner: str


def put_on_agenda(life: Life) -> None:
    life.at(life.plan.first.at, partial(_wait, life))


def follow_up(life: Life, kind: str) -> None:
    """Ring or write within the next two working days."""
    _happens(life, kind, life.diary.office_hour(life.rng, life.diary.later(local_day(life.now), life.rng.choice((1, 1, 1, 2)))))


def _wait(life: Life) -> None:
    days = life.rng.expovariate(1 / NUMBERS.unarranged_every_days)
    happened = life.diary.office_hour(life.rng, local_day(life.now + timedelta(days=days)))
    _happens(life, one_of(life.rng, _kinds(life)), happened)
    life.at(max(happened, life.now) + timedelta(hours=12), partial(_wait, life))


def _kinds(life: Life) -> Mix:
    """With a person in custody there is nothing but what others say; kiosks stand with one provider alone."""
    if life.is_away():
        return {kind: NUMBERS.unarranged[kind] for kind in ("CIEA", "CT3B")}
    if life.unit.runs_by.kiosk and life.by_telephone:
        return {**NUMBERS.unarranged, "C334": NUMBERS.kiosk}
    return NUMBERS.unarranged


def _happens(life: Life, kind: str, happened: datetime) -> None:
    if happened <= life.now or not life.leaves_time_for(happened):
        return
    done = Done(kind, happened, life.worker(stand_in=NUMBERS.stand_in))
    life.at(life.written(happened + timedelta(minutes=10)), partial(_record, life, done))


def _record(life: Life, done: Done) -> None:
    rng = life.rng
    topic = rng.choice(list(life.topics.values())) if life.topics else ""
    number = life.do(
        record_contact,
        now=life.now,
        by=done.practitioner,
        occurred_at=done.happened,
        practitioner=done.practitioner,
        kind=done.kind,
        minutes=rng.randint(*_SPOKEN[done.kind]) if done.kind in _SPOKEN else None,
        work=_work(life, done),
        team=life.team,
        sensitive=done.kind == "CIEA" and life.chance(NUMBERS.sensitive),
        note=texts.note(rng, done.kind, topic=topic),
    )
    reconsider(life, number)


def _work(life: Life, done: Done) -> Work:
    if life.chance(1 - life.care(done.practitioner) + WORK.unarranged_left_out):
        return Work()
    if done.kind == "COUP":
        purpose = Purpose(one_of(life.rng, WORK.turned_up))
        objectives = (life.rng.choice(sorted(life.topics)),) if life.topics else ()
        return Work(purposes=(purpose,), objectives=objectives)
    if done.kind in ("CIEA", "CT3B"):
        return Work(purposes=(Purpose.RISK,), risk_action=life.chance(WORK.risk_action))
    return Work(purposes=(Purpose(one_of(life.rng, WORK.unarranged)),))
