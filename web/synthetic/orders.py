"""Requirements of orders and conditions of licences: each is begun, some are changed by a court, and those with months run out."""

from functools import partial

from domain.requirement import RequirementEnd, RequirementKind, amend_requirement, end_requirement
from web.synthetic import community_work, groups, reasons
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.requirements


def begin(life: Life, sentence: int) -> None:
    """Put what a sentence requires on the agenda, as far as it stands and has not begun."""
    for number, found in list(life.case.requirements.items()):
        if found.sentence == sentence and life.stands(number) and number not in life.begun:
            life.begun.add(number)
            _begin(life, number, RequirementKind(found.kind), found.amount)


def _begin(life: Life, number: int, kind: RequirementKind, amount: int) -> None:
    if kind is RequirementKind.UNPAID_WORK:
        community_work.put_on_agenda(life, number, amount)
    elif kind in (RequirementKind.RAR, RequirementKind.PROGRAMME):
        groups.put_on_agenda(life, number, kind, amount)
    elif amount:
        life.at(life.in_days(amount * 30), partial(_over, life, number))
    if kind is RequirementKind.RAR and life.chance(NUMBERS.amended):
        life.at(life.in_days(life.rng.randint(60, 150)), partial(amend, life, number))


def _over(life: Life, requirement: int) -> None:
    if life.stands(requirement):
        life.do(end_requirement, now=life.now, by=life.worker(), requirement=requirement, how=RequirementEnd.EXPIRED)


def amend(life: Life, requirement: int) -> None:
    """A court orders more days."""
    if life.stands(requirement):
        amount = life.case.requirements[requirement].amount + life.rng.choice((5, 10))
        court = life.rng.choice(reasons.COURTS)
        life.do(amend_requirement, now=life.now, by=life.worker(), requirement=requirement, amount=amount, court=court)
