"""Registers and safeguarding checks: what the case is flagged for, when it is looked at again, and what other agencies know."""

from functools import partial

from domain.register import MAPPA, MappaCategory, MappaLevel, deregister, register, review_registration
from domain.risk import HIGH_LEVELS
from domain.safeguarding import Agency, CheckResult, receive_response, request_checks
from web.synthetic import reasons
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.risk


def put_on_agenda(life: Life) -> None:
    rng = life.rng
    if not life.neglected(1 - NUMBERS.checks_asked):
        life.at(life.in_working_days(rng.randint(1, 6)), partial(_ask, life))
    for code, share in NUMBERS.registers.items():
        if life.chance(share):
            life.at(life.in_working_days(rng.randint(2, 15)), partial(flag, life, code))
    if life.level in HIGH_LEVELS and life.chance(NUMBERS.mappa_of_high):
        life.at(life.in_working_days(rng.randint(2, 10)), partial(flag, life, MAPPA))


def flag(life: Life, code: str) -> None:
    """Put the case on a register, unless it is on it."""
    if any(stands.register == code for stands in life.case.registrations.values()):
        return
    level = MappaLevel(one_of(life.rng, NUMBERS.mappa_levels)) if code == MAPPA else None
    category = MappaCategory(one_of(life.rng, NUMBERS.mappa_categories)) if code == MAPPA else None
    by, note = life.officer or life.manager, life.rng.choice(reasons.FLAGGED)
    number = life.do(register, now=life.now, by=by, policy=life.policy, register=code, level=level, category=category, note=note)
    _wait(life, number, level, category)


def _wait(life: Life, number: int, level: MappaLevel | None, category: MappaCategory | None) -> None:
    days = NUMBERS.registration_reviewed.days(life.rng, life.unit.neglect)
    months = life.policy.registers.review_months[life.case.registrations[number].register]
    again = life.in_days(max(5, int(days * months / 3)))
    life.at(again, partial(_review, life, number, level, category))


def _review(life: Life, number: int, level: MappaLevel | None, category: MappaCategory | None) -> None:
    if number not in life.case.registrations:
        return
    by = life.officer or life.manager
    if level is None and life.chance(NUMBERS.deregistered):
        life.do(deregister, now=life.now, by=by, registration=number, reason=life.rng.choice(reasons.DEREGISTERED))
        return
    life.do(
        review_registration,
        now=life.now,
        by=by,
        policy=life.policy,
        registration=number,
        level=level,
        category=category,
        note=life.rng.choice(reasons.STILL_FLAGGED),
    )
    _wait(life, number, level, category)


def unflag(life: Life, code: str, reason: str) -> None:
    for number, stands in list(life.case.registrations.items()):
        if stands.register == code:
            life.do(deregister, now=life.now, by=life.officer or life.manager, registration=number, reason=reason)


def _ask(life: Life) -> None:
    agencies = tuple(Agency(name) for name, share in NUMBERS.checks_when_opened.items() if life.chance(share))
    awaited = {check.agency for check in life.case.checks.values()}
    first = life.do(request_checks, now=life.now, by=life.worker(), agencies=tuple(a for a in agencies if a not in awaited))
    for number in range(first, life.case.version + 1):
        if not life.chance(NUMBERS.check_never_answered):
            days = NUMBERS.check_answered_days.days(life.rng)
            life.at(life.in_working_days(days), partial(_answered, life, number))


def _answered(life: Life, check: int) -> None:
    result = CheckResult.INFORMATION if life.chance(NUMBERS.check_information) else CheckResult.NOTHING_KNOWN
    note = life.rng.choice(reasons.AGENCIES_SAY) if result is CheckResult.INFORMATION else ""
    life.do(receive_response, now=life.now, by=life.worker(), check=check, result=result, note=note)
