"""What a court orders when it deals with a breach: more to do, another sentence in place of the first, or the end of it."""

from datetime import timedelta
from functools import partial

from domain.breach import BreachOutcome
from domain.remembered import Phase
from domain.requirement import RequirementKind, impose_requirement
from domain.sentence import SentenceKind, amend_sentence, end_sentence, resentence, start_sentence
from domain.working_days import add_months, local_day
from web.synthetic import orders, phases
from web.synthetic.diary import instant
from web.synthetic.draws import one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.sentences import Requirements, draw_amount

NUMBERS = POPULATION.enforcement
LEFT = 60
"""Days of the case that must be left for a new sentence to be worth while."""
_REPLACED = (BreachOutcome.RESENTENCED, BreachOutcome.ACTIVATED, BreachOutcome.REVOKED)


def possible(life: Life, sentence: int, outcome: BreachOutcome) -> bool:
    """Whether a court could do that with this sentence, and the case goes on long enough to live it."""
    phase = life.case.stages[sentence].phase
    left = life.closes_at - life.now > timedelta(days=LEFT)
    if outcome is BreachOutcome.DEFAULT_ORDER:
        return phase is Phase.PSS and left
    if outcome is BreachOutcome.ACTIVATED:
        return life.kinds.get(sentence) is SentenceKind.SUSPENDED_SENTENCE_ORDER and left and not life.plan.part
    if outcome in _REPLACED:
        return phase is Phase.COMMUNITY and left and not life.plan.part
    return phase is Phase.COMMUNITY or outcome is not BreachOutcome.AMENDED


def carry_out(life: Life, sentence: int, outcome: BreachOutcome, court: str) -> None:
    if outcome is BreachOutcome.AMENDED:
        _add(life, sentence, court)
    elif outcome is BreachOutcome.DEFAULT_ORDER:
        _default_order(life, court)
    elif outcome is BreachOutcome.RESENTENCED:
        _resentence(life, sentence, SentenceKind(one_of(life.rng, NUMBERS.resentenced)), court)
    elif outcome is BreachOutcome.ACTIVATED:
        _resentence(life, sentence, SentenceKind.CUSTODIAL, court)
    elif outcome is BreachOutcome.REVOKED:
        life.do(end_sentence, now=life.now, by=life.worker(), sentence=sentence, how="revoked")
        life.closed = not life.running()


def _add(life: Life, sentence: int, court: str) -> None:
    """More demanding: a longer order, more days where there are days, or a curfew."""
    if life.running() == [sentence] and life.chance(NUMBERS.lengthened):
        _lengthen(life, sentence, court)
        return
    days = [n for n, r in life.case.requirements.items() if r.sentence == sentence and r.kind == RequirementKind.RAR and life.stands(n)]
    if days:
        life.at(life.now + timedelta(minutes=5), partial(orders.amend, life, days[0]))
        return
    amount = draw_amount(life.rng, RequirementKind.CURFEW)
    life.do(impose_requirement, now=life.now, by=life.worker(), sentence=sentence, kind=RequirementKind.CURFEW, amount=amount)
    orders.begin(life, sentence)


def _lengthen(life: Life, sentence: int, court: str) -> None:
    day = life.diary.on_or_after(add_months(local_day(life.closes_at), some(life.rng, NUMBERS.lengthened_months)))
    life.goes_on_until(instant(day, 17))
    life.do(amend_sentence, now=life.now, by=life.worker(), sentence=sentence, expected_end_on=day, court=court)


def _default_order(life: Life, court: str) -> None:
    hours: Requirements = ((RequirementKind.UNPAID_WORK, some(life.rng, NUMBERS.default_order_hours)),)
    kind, ends_on = SentenceKind.SUPERVISION_DEFAULT_ORDER, local_day(life.closes_at)
    number = life.do(start_sentence, now=life.now, by=life.worker(), kind=kind, expected_end_on=ends_on, court=court, requirements=hours)
    life.kinds[number] = kind
    orders.begin(life, number)


def _resentence(life: Life, sentence: int, kind: SentenceKind, court: str) -> None:
    """One sentence takes the place of the other, with what the court requires now."""
    custody = kind is SentenceKind.CUSTODIAL
    kinds = () if custody else (RequirementKind.RAR, RequirementKind.UNPAID_WORK)
    required: Requirements = tuple((wanted, draw_amount(life.rng, wanted)) for wanted in kinds)
    ends_on = local_day(life.closes_at)
    by = life.worker()
    first = life.do(
        resentence, now=life.now, by=by, sentence=sentence, kind=kind, expected_end_on=ends_on, court=court, requirements=required
    )
    number = first + 1
    life.kinds[number] = kind
    if custody:
        life.licence_ends_on[number] = ends_on
        days = min(some(life.rng, NUMBERS.resentence_custody_days), LEFT - 10)
        phases.in_prison(life, number, local_day(life.now) + timedelta(days=days))
        phases.visit(life)
    else:
        orders.begin(life, number)
