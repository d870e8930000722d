"""Oversight: a manager looks at a case now and then, signs or sends back what the policy asks for, checks an entry, and advises."""

from functools import partial
from random import Random

from domain.appointment import OutcomeRecorded
from domain.contact import ContactRecorded
from domain.oversight import (
    Improve,
    OversightKind,
    Quality,
    answer_return,
    check_quality,
    countersign,
    has_written,
    note_oversight,
    send_back,
)
from web.synthetic import reasons
from web.synthetic.draws import some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.oversight


def put_on_agenda(life: Life) -> None:
    # Draws of its own, so that who is looked at changes nothing else in a life.
    rng = Random(f"{life.seed}:{life.plan.crn}:oversight")
    _look_again(life, rng)


def _look_again(life: Life, rng: Random) -> None:
    life.at(life.in_days(some(rng, NUMBERS.looked_at_days), rng), partial(_look, life, rng))


def _look(life: Life, rng: Random) -> None:
    _look_again(life, rng)
    asked = life.policy.oversight.signed_at
    for number, found in list(life.case.signable.items()):
        back = number in life.case.returned.values()
        theirs = has_written(life.case, number, life.manager)
        if life.level.value in asked[found.subject] and not found.signed and not back and not theirs:
            _sign(life, rng, number)
    if rng.random() < NUMBERS.checked:
        _check(life, rng)
    if rng.random() < NUMBERS.noted:
        kind = rng.choice(list(OversightKind))
        life.do(note_oversight, now=life.now, by=life.manager, kind=kind, note=rng.choice(reasons.OVERSIGHT))


def _sign(life: Life, rng: Random, number: int) -> None:
    chance = rng.random()
    if chance < NUMBERS.signed:
        life.do(countersign, now=life.now, by=life.manager, entry=number)
    elif chance < NUMBERS.signed + NUMBERS.sent_back:
        _later(life, rng, life.do(send_back, now=life.now, by=life.manager, entry=number, reason=rng.choice(reasons.SENT_BACK)))


def _check(life: Life, rng: Random) -> None:
    """The contact recorded last, unless it is with its officer already."""
    kinds = ContactRecorded | OutcomeRecorded
    number = max((number for number, entry in life.case.entries.items() if isinstance(entry, kinds)), default=0)
    entry = life.case.entries.get(number)
    if entry is None or life.manager in (entry.by, getattr(entry, "practitioner", "")):
        return
    if number in life.case.returned.values():
        return
    if rng.random() >= NUMBERS.to_improve:
        life.do(check_quality, now=life.now, by=life.manager, entry=number, quality=Quality.GOOD)
        return
    wants = (rng.choice(list(Improve)),)
    _later(life, rng, life.do(check_quality, now=life.now, by=life.manager, entry=number, quality=Quality.IMPROVE, improve=wants))


def _later(life: Life, rng: Random, returned: int) -> None:
    life.at(life.in_days(some(rng, NUMBERS.answered_days), rng), partial(_answer, life, rng, returned))


def _answer(life: Life, rng: Random, returned: int) -> None:
    if returned in life.case.returned:
        life.do(answer_return, now=life.now, by=life.worker(), returned=returned, note=rng.choice(("", *reasons.ANSWERED)))
