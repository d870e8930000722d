"""A breach from its referral to what the court makes of it: returned and mended, withdrawn, or presented and dealt with."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from domain.breach import Breach, BreachOutcome, Route, State, open_breach
from domain.breach import breaches as all_breaches
from domain.breach_steps import conclude_breach, present_breach, refer_breach, return_breach, withdraw_breach
from domain.evidence import Failure, Stand, failures, standing_entries
from domain.remembered import Phase
from domain.working_days import local_day
from web.synthetic import court_orders, reasons
from web.synthetic.draws import one_of, some
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import NPS_TEAM

NUMBERS = POPULATION.enforcement


def under_way(life: Life) -> Breach | None:
    return open_breach(standing_entries(life.case))


def were(life: Life) -> bool:
    return bool(all_breaches(standing_entries(life.case)))


def refer(life: Life, failure: int, found: Sequence[Failure]) -> None:
    """Allege a breach of what is served in the community, resting on the failures that count."""
    sentences = _of_the_court(life)
    if not sentences or under_way(life):
        return
    dealt_with = [b.over_at for b in all_breaches(standing_entries(life.case)) if b.state is State.CONCLUDED and b.over_at]
    live = [f for f in found if f.stand is Stand.COUNTS and not any(f.occurred_at <= at for at in dealt_with)]
    relied = tuple(f.number for f in live)[-3:]
    aware = max(f.aware_on for f in found if f.number in relied)
    _refer(life, sentences, relied, aware)
    if life.unit.is_crc and life.chance(NUMBERS.returned):
        life.at(life.in_working_days(life.rng.randint(1, 2)), partial(_return, life, sentences, relied, aware))
    else:
        _wait(life)


def _of_the_court(life: Life) -> tuple[int, ...]:
    in_court = (Phase.COMMUNITY, Phase.PSS)
    return tuple(number for number in life.running() if life.case.stages[number].phase in in_court)


def _refer(life: Life, sentences: tuple[int, ...], relied: tuple[int, ...], aware: date) -> None:
    life.do(
        refer_breach,
        now=life.now,
        by=life.worker(),
        policy=life.policy,
        route=Route.CRC if life.unit.is_crc else Route.NPS,
        sentences=sentences,
        failures=relied,
        became_aware_on=aware,
        reason=life.rng.choice(reasons.BREACHED),
    )


def _return(life: Life, sentences: tuple[int, ...], relied: tuple[int, ...], aware: date) -> None:
    life.do(return_breach, now=life.now, by=NPS_TEAM.manager, reason=life.rng.choice(reasons.RETURNED))
    life.at(life.in_working_days(life.rng.randint(1, 4)), partial(_mend, life, sentences, relied, aware))


def _mend(life: Life, sentences: tuple[int, ...], relied: tuple[int, ...], aware: date) -> None:
    """Refer it again, if everything that it rests on still counts."""
    counting = {f.number for f in failures(standing_entries(life.case), life.policy) if f.stand is Stand.COUNTS}
    running = tuple(number for number in sentences if number in life.running())
    if set(relied) <= counting and running:
        _refer(life, running, relied, aware)
        _wait(life)
    else:
        _withdraw(life)


def _wait(life: Life) -> None:
    wait = NUMBERS.presented_days if life.unit.is_crc else NUMBERS.nps_presented_days
    step = _withdraw if life.chance(NUMBERS.withdrawn) else _present
    life.at(life.in_working_days(wait.days(life.rng)), partial(step, life))


def _withdraw(life: Life) -> None:
    life.do(withdraw_breach, now=life.now, by=life.worker(), reason=life.rng.choice(reasons.BREACH_WITHDRAWN))


def _present(life: Life) -> None:
    court = life.rng.choice(reasons.COURTS)
    hearing = life.diary.on_or_after(local_day(life.now) + timedelta(days=some(life.rng, NUMBERS.hearing_days)))
    life.do(present_breach, now=life.now, by=NPS_TEAM.manager, court=court, hearing_on=hearing)
    life.at(life.diary.office_hour(life.rng, hearing), partial(_conclude, life, court))


def _conclude(life: Life, court: str) -> None:
    """The court deals with it; what it orders is recorded with it."""
    breach = under_way(life)
    assert breach is not None
    sentence = next((number for number in breach.sentences if number in life.running()), 0)
    wanted = BreachOutcome(one_of(life.rng, NUMBERS.outcomes))
    outcome = wanted if sentence and court_orders.possible(life, sentence, wanted) else BreachOutcome.CONTINUES
    life.do(conclude_breach, now=life.now, by=life.worker(), outcome=outcome)
    court_orders.carry_out(life, sentence, outcome, court)
