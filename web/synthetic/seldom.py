"""What happens in a few cases only: access limited for a time, a serious further offence, and needs that are asked about late."""

from datetime import timedelta
from functools import partial

from domain.limited_access import end_exclusion, end_restrictions, exclude, restrict
from domain.person import record_details
from domain.serious_further_offence import SfoStage, initiate_sfo, move_sfo
from domain.working_days import local_day
from web.synthetic import alerts, reasons
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

STAGES = [(SfoStage(name), int(days)) for name, days in POPULATION.risk.sfo_stages.items()]
"""The stages of a notification and its review, each some days after the one before."""


def put_on_agenda(life: Life) -> None:
    if life.plan.part == "exclusion":
        life.at(life.in_days(life.rng.randint(20, 40)), partial(_exclude, life))
    elif life.plan.part == "restriction":
        life.at(life.in_days(life.rng.randint(20, 40)), partial(_restrict, life))
    elif life.plan.part == "further offence":
        life.at(life.in_days(life.rng.randint(40, 70)), partial(_charged, life))
    person = life.plan.person
    if (person.needs or person.language != "English") and life.chance(POPULATION.people.needs_said_later):
        life.at(life.in_days(life.rng.randint(7, 30)), partial(_say_needs, life))


def _say_needs(life: Life) -> None:
    person = life.plan.person
    interpreter = "" if person.language in ("English", "Welsh") else person.language
    life.do(record_details, now=life.now, by=life.worker(), language=person.language, interpreter=interpreter, needs=person.needs)


def _exclude(life: Life) -> None:
    """A colleague knows the person; in some cases not for long."""
    if life.case.covered_at(life.now):
        return
    reason = life.rng.choice(reasons.KNOWS_THE_PERSON)
    number = life.do(exclude, now=life.now, by=life.manager, practitioner=life.colleague(), reason=reason)
    if life.plan.crn[-1] in "13579":
        life.at(life.in_days(life.rng.randint(20, 50)), partial(_include_again, life, number))


def _include_again(life: Life, number: int) -> None:
    life.do(end_exclusion, now=life.now, by=life.manager, exclusion=number, reason="The two are no longer in touch.")


def _restrict(life: Life) -> None:
    """Only the officer, a colleague and the manager may see the case, and for some weeks one more."""
    named = (life.officer, life.manager, life.worker(), life.colleague())
    first = life.do(restrict, now=life.now, by=life.manager, practitioners=named, reason=life.rng.choice(reasons.RESTRICTED))
    life.at(life.in_days(life.rng.randint(20, 50)), partial(_widen, life, tuple(range(first, life.case.version + 1))))


def _widen(life: Life, numbers: tuple[int, ...]) -> None:
    if life.case.covered_at(life.now):
        return
    life.do(end_restrictions, now=life.now, by=life.manager, restrictions=numbers[-1:], reason="No longer has to do with the case.")


def _charged(life: Life) -> None:
    today = local_day(life.now)
    court = life.diary.later(today, 3)
    number = life.do(
        initiate_sfo,
        now=life.now,
        by=life.manager,
        policy=life.policy,
        offence_on=today - timedelta(days=life.rng.randint(3, 20)),
        charged_on=today - timedelta(days=1),
        in_court_on=court,
        note=reasons.CHARGED,
    )
    alerts.flag(life, "ASFO")
    _wait(life, number, 0)


def _wait(life: Life, number: int, stage: int) -> None:
    if stage < len(STAGES):
        life.at(life.in_days(STAGES[stage][1]), partial(_move, life, number, stage))


def _move(life: Life, number: int, stage: int) -> None:
    note = reasons.SFO_OUTCOME if STAGES[stage][0] is SfoStage.OUTCOME else ""
    life.do(move_sfo, now=life.now, by=life.manager, sfo=number, stage=STAGES[stage][0], note=note)
    _wait(life, number, stage + 1)
