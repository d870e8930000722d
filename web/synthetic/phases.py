"""Custody, licence and post-sentence supervision, and interruptions: where the person is, and from when they can be seen again."""

from datetime import date, timedelta
from functools import partial

from domain.appointment import AskedBy, cancel_appointment
from domain.interruption import InterruptionKind, begin_interruption, end_interruption
from domain.phase import begin_pss, recall, release
from domain.recall import RecallDecision
from domain.remembered import Phase
from domain.requirement import RequirementKind
from domain.working_days import local_day
from web.synthetic import orders, reasons
from web.synthetic.diary import instant
from web.synthetic.draws import one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.sentences import Requirements
from web.synthetic.supervision import first_appointment, visit_in_prison

NUMBERS = POPULATION.sentences
SUPERVISION: Requirements = ((RequirementKind.SUPERVISION, 0),)
IN_CUSTODY = (Phase.CUSTODY, Phase.RECALLED)


def begin(life: Life, sentence: int) -> None:
    """What the first sentence leads to."""
    plan = life.plan.sentence
    life.licence_ends_on[sentence] = plan.ends_on
    if plan.released_on:
        in_prison(life, sentence, plan.released_on, plan.requirements)
    if plan.pss_ends_on:
        ended = instant(plan.ends_on, 16, life.rng.randrange(60))
        life.at(ended, partial(_begin_pss, life, sentence, plan.pss_ends_on))
    if not life.plan.part and life.chance(NUMBERS.interrupted):
        life.at(life.in_days(life.rng.randint(40, 250)), partial(_interrupt, life))


def in_prison(life: Life, sentence: int, until: date, conditions: Requirements = SUPERVISION) -> None:
    """Nobody can be seen before the release, except on a visit."""
    _go_away(life, until)
    life.at(instant(until, 10, life.rng.randrange(60)), partial(_release, life, sentence, conditions))


def _go_away(life: Life, until: date) -> None:
    """The outstanding appointment cannot be kept; another is arranged on the return."""
    life.away_until = until
    number = life.next_appointment
    if number is None or life.case.appointments[number].cancelled or life.case.appointments[number].starts_at <= life.now:
        return
    by, reason = life.worker(), "In custody, or cannot be found."
    life.do(cancel_appointment, now=life.now, by=by, appointment=number, asked_by=AskedBy.SERVICE, reason=reason)


def visit(life: Life) -> None:
    if life.is_away() and life.chance(POPULATION.contact.prison_visit):
        visit_in_prison(life)


def _stage(life: Life, sentence: int) -> Phase:
    return life.case.stages[sentence].phase


def _release(life: Life, sentence: int, conditions: Requirements) -> None:
    ends_on = life.licence_ends_on[sentence]
    if _stage(life, sentence) not in IN_CUSTODY or ends_on <= local_day(life.now):
        return
    prison = life.rng.choice(reasons.PRISONS)
    first = _stage(life, sentence) is Phase.CUSTODY
    life.do(
        release,
        now=life.now,
        by=life.worker(),
        sentence=sentence,
        licence_ends_on=ends_on,
        prison=prison,
        conditions=conditions if first else (),
    )
    life.away_until = None
    orders.begin(life, sentence)
    first_appointment(life, released=True)


def _begin_pss(life: Life, sentence: int, ends_on: date) -> None:
    before = _stage(life, sentence)
    if before not in (Phase.LICENCE, Phase.RECALLED):
        return
    life.do(begin_pss, now=life.now, by=life.worker(), sentence=sentence, expected_end_on=ends_on, requirements=SUPERVISION)
    if before is Phase.RECALLED:
        life.away_until = None
        first_appointment(life, released=True)


def back_to_prison(life: Life, sentence: int, decision: RecallDecision) -> None:
    """The recall itself, and the release after it: days for a fixed term, months otherwise."""
    shares = POPULATION.enforcement
    if _stage(life, sentence) is not Phase.LICENCE:
        return
    life.do(recall, now=life.now, by=life.worker(), sentence=sentence, reason=life.rng.choice(reasons.RECALLED))
    fixed = decision is RecallDecision.FIXED_TERM
    days = life.rng.choice(shares.fixed_term_days) if fixed else some(life.rng, shares.standard_recall_days)
    in_prison(life, sentence, local_day(life.now) + timedelta(days=days))


def _interrupt(life: Life) -> None:
    """Supervision cannot go on: remand, custody for something else, or nobody knows where the person is."""
    if life.is_away():
        return
    kind = InterruptionKind(one_of(life.rng, NUMBERS.interruptions))
    place = "" if kind is InterruptionKind.WARRANT else life.rng.choice(reasons.PRISONS)
    number = life.do(begin_interruption, now=life.now, by=life.worker(), kind=kind, place=place)
    until = local_day(life.now) + timedelta(days=some(life.rng, NUMBERS.interrupted_days))
    _go_away(life, until)
    life.at(instant(until, 9, life.rng.randrange(60)), partial(_end_interruption, life, number))


def _end_interruption(life: Life, number: int) -> None:
    life.do(end_interruption, now=life.now, by=life.worker(), interruption=number)
    life.away_until = None
    first_appointment(life, released=True)
