"""What follows a failure to attend or comply: a warning, at times a reason accepted late or a breach; some are let lie."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from domain.breach import BreachOutcome, Route, open_breach
from domain.breach_steps import IN_COURT, conclude_breach, present_breach, refer_breach, return_breach, withdraw_breach
from domain.enforcement import take_enforcement_action, warned_before, warnings
from domain.evidence import Evidence, Failure, Stand, decide_evidence, failures, is_failure, outcome_of, standing_entries
from domain.working_days import local_day
from web.synthetic.life import Life
from web.synthetic.staff import CRC

LET_LIE, ACCEPTED_LATE, PASSED_OVER = 0.06, 0.08, 0.07
"""The shares of failures about which nothing is ever recorded, whose reason is accepted late, and on which nothing more is done."""
BREACHED = 0.6
"""The share of failures after a warning that are breached; for the others the officer gives a reason for another letter."""
OUTCOMES = {
    BreachOutcome.CONTINUES: 30,
    BreachOutcome.FINED: 28,
    BreachOutcome.AMENDED: 32,
    BreachOutcome.NOT_PROVEN: 10,
}
COURTS = ("Cardiff Magistrates' Court", "Newport Magistrates' Court", "Swansea Magistrates' Court")


def follow(life: Life, number: int) -> None:
    """Put on the agenda what follows an outcome, if it is a failure. The draws are its own, so that nothing else in the life shifts."""
    if not is_failure(outcome_of(life.case.entries.get(number))):
        return
    rng = Random(f"{life.seed}:{life.plan.crn}:failure {number}")
    if rng.random() >= LET_LIE:
        life.at(_days_on(life, rng, (1, 1, 2, 3, 4, 6)), partial(_answer, life, rng, number))


def _days_on(life: Life, rng: Random, days: tuple[int, ...]) -> datetime:
    return life.diary.office_hour(rng, local_day(life.now) + timedelta(days=rng.choice(days)))


def _answer(life: Life, rng: Random, number: int) -> None:
    """What the officer does, if the failure still counts when they come to it."""
    entries = standing_entries(life.case)
    found = failures(entries, life.policy)
    failure = next((f for f in found if f.number == number), None)
    if failure is None or failure.stand is not Stand.COUNTS:
        return
    chance, warned = rng.random(), warned_before(failure, found, warnings(entries), life.policy)
    if chance < ACCEPTED_LATE:
        _accept(life, failure)
    elif chance < ACCEPTED_LATE + PASSED_OVER:
        _act(life, failure, "NFA", "First failure in a long time, and the person rang the same day.")
    elif open_breach(entries) is not None:
        _act(life, failure, "BIP", "A breach is under way already. The court is told of this failure too.")
    elif warned is None:
        _act(life, failure, "EA02")
    elif rng.random() < BREACHED and (sentences := _in_court(life)):
        _breach(life, rng, failure, sentences)
    else:
        _act(life, failure, "EA04", "Final warning rather than breach, as agreed with the manager.")


def _accept(life: Life, failure: Failure) -> None:
    life.do(
        decide_evidence,
        now=life.now,
        by=life.worker(),
        policy=life.policy,
        failure=failure.number,
        evidence=Evidence.MEDICAL,
        accepted=True,
        reason="A medical note came after the appointment.",
    )


def _act(life: Life, failure: Failure, action: str, reason: str = "") -> None:
    about = (failure.number,)
    life.do(take_enforcement_action, now=life.now, by=life.worker(), policy=life.policy, action=action, failures=about, reason=reason)


def _in_court(life: Life) -> tuple[int, ...]:
    """The running sentences whose breach a court deals with."""
    return tuple(number for number, stage in life.case.stages.items() if stage.phase in IN_COURT and life.case.sentences[number] is None)


def _breach(life: Life, rng: Random, failure: Failure, sentences: tuple[int, ...]) -> None:
    """Referred at once or some days later: most within the limit, some not."""
    route = Route.CRC if life.provider == CRC.code else Route.NPS
    life.at(_days_on(life, rng, (0, 1, 3, 5, 8, 13)), partial(_refer, life, rng, failure.number, route, sentences))


def _refer(life: Life, rng: Random, number: int, route: Route, sentences: tuple[int, ...]) -> None:
    entries = standing_entries(life.case)
    failure = next((f for f in failures(entries, life.policy) if f.number == number), None)
    still = failure is not None and failure.stand is Stand.COUNTS and set(sentences) <= set(_in_court(life))
    if failure is None or not still:
        return
    if open_breach(entries) is not None:
        _act(life, failure, "BIP", "A breach is under way already. The court is told of this failure too.")
        return
    life.do(
        refer_breach,
        now=life.now,
        by=life.worker(),
        policy=life.policy,
        route=route,
        sentences=sentences,
        failures=(number,),
        became_aware_on=failure.aware_on,
        reason="A second failure without an acceptable reason within 12 months of a warning.",
    )
    sent_back = route is Route.CRC and rng.random() < 0.1
    life.at(_days_on(life, rng, (1, 1, 2, 2, 3, 5)), partial(_return if sent_back else _present, life, rng))


def _return(life: Life, rng: Random) -> None:
    """A referral sent back is withdrawn in the end."""
    life.do(return_breach, now=life.now, by=life.manager, reason="The warning letter was not attached.")
    life.at(_days_on(life, rng, (2, 4, 7)), partial(_withdraw, life))


def _withdraw(life: Life) -> None:
    life.do(withdraw_breach, now=life.now, by=life.worker(), reason="The person has kept every appointment since.")


def _present(life: Life, rng: Random) -> None:
    hearing = life.diary.on_or_after(local_day(life.now) + timedelta(days=rng.choice((14, 21, 28))))
    life.do(present_breach, now=life.now, by=life.worker(), court=rng.choice(COURTS), hearing_on=hearing)
    life.at(life.diary.office_hour(rng, hearing), partial(_conclude, life, rng))


def _conclude(life: Life, rng: Random) -> None:
    outcome = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    life.do(conclude_breach, now=life.now, by=life.worker(), outcome=outcome)
