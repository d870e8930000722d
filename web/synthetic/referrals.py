"""The risk review by which a CRC refers a case to the NPS: its steps one after another, up to the decision."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from domain.risk_review import NEEDS_REASON, OPEN, ReviewStep, initiate_risk_review, move_risk_review
from web.synthetic import reasons
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import NPS_TEAM

NUMBERS = POPULATION.risk
OF_THE_NPS = (ReviewStep.RECEIVED, ReviewStep.INFORMATION_REQUESTED, ReviewStep.DECIDED_HIGH, ReviewStep.DECIDED_NOT_HIGH)


def put_on_agenda(life: Life) -> None:
    """In some cases a review comes to nothing; those that lead to the NPS are begun with their transfer."""
    if life.unit.is_crc and life.chance(NUMBERS.referral):
        life.at(life.in_days(life.rng.randint(40, 250)), partial(_come_to_nothing, life))


def _come_to_nothing(life: Life) -> None:
    if life.unit.is_crc and not is_open(life):
        refer(life, ReviewStep(one_of(life.rng, NUMBERS.referral_ends)), lambda: None)


def is_open(life: Life) -> bool:
    return life.case.risk_review is not None and life.case.risk_review.state in OPEN


def refer(life: Life, ending: ReviewStep, then: Callable[[], None]) -> None:
    """Begin a risk review that ends in this way; `then` follows the decision at once."""
    kind = life.unit.runs_by.kind
    urgent = life.chance(NUMBERS.urgent)
    number = life.do(
        initiate_risk_review, now=life.now, by=life.worker(), held_by=kind, reason=life.rng.choice(reasons.REFERRED), urgent=urgent
    )
    steps = [ReviewStep.FORM_COMPLETED, ReviewStep.RECEIVED]
    if life.chance(NUMBERS.information_asked):
        steps += [ReviewStep.INFORMATION_REQUESTED, ReviewStep.INFORMATION_GIVEN]
    steps += [ReviewStep.DISCUSSED, ending]
    if ending is ReviewStep.WITHDRAWN and life.chance(NUMBERS.referral_resumed):
        steps += [ReviewStep.RESUMED, ReviewStep.DECIDED_NOT_HIGH]
    _go_on(life, number, iter(steps), then)


def _go_on(life: Life, number: int, steps: Iterator[ReviewStep], then: Callable[[], None]) -> None:
    step = next(steps, None)
    if step is None:
        then()
    else:
        life.at(_soon(life), partial(_move, life, number, step, steps, then))


def _soon(life: Life) -> datetime:
    return life.in_working_days(life.rng.choice((0, 0, 1, 1, 2)))


def _move(life: Life, number: int, step: ReviewStep, steps: Iterator[ReviewStep], then: Callable[[], None]) -> None:
    by = NPS_TEAM.manager if step in OF_THE_NPS else life.worker()
    note = life.rng.choice(reasons.REVIEW_NOTES[step]) if step in NEEDS_REASON else ""
    life.do(move_risk_review, now=life.now, by=by, review=number, step=step, note=note)
    _go_on(life, number, steps, then)
