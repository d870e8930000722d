"""The course of a case from the day it is opened to the day its last sentence ends."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from domain.allocation import allocate
from domain.case import Sex, open_case
from domain.phase import begin_pss
from domain.policy import Policy
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import end_sentence, start_sentence
from domain.working_days import local_day
from web.synthetic import assessments, away, community_work, contacts, groups, handovers
from web.synthetic.diary import Diary, instant
from web.synthetic.life import Life, Lived
from web.synthetic.plans import Plan, Sentence
from web.synthetic.staff import Staff
from web.synthetic.supervision import first_appointment

_COURTS = ("Cardiff Magistrates’ Court", "Newport Crown Court", "Swansea Magistrates’ Court", "Merthyr Tydfil Crown Court")


def live(plan: Plan, diary: Diary, staff: Staff, policy: Policy, seed: int) -> Iterator[Lived]:
    """Everything that is recorded of one case by the end of the simulation, in order of recording."""
    life = Life(plan, diary, staff, policy, seed)
    rng = life.rng
    life.by_telephone = staff.teams[plan.first.team].is_crc and plan.level is Rosh.LOW and rng.random() < 0.5
    if rng.random() < 0.06:
        begins = local_day(plan.opened_at) + timedelta(days=rng.randint(50, 200))
        life.pause = (begins, begins + timedelta(days=rng.randint(35, 110)))
    life.at(plan.opened_at, partial(_open, life))
    life.at(plan.first.at, partial(_allocate, life))
    assessments.put_on_agenda(life)
    contacts.put_on_agenda(life)
    handovers.put_on_agenda(life, plan.moves)
    away.put_on_agenda(life)
    if plan.after_licence:
        ended = instant(plan.sentence.ends_on, 16, rng.randrange(60))
        life.at(ended, partial(_begin_post_sentence_supervision, life, plan.after_licence))
    closed = diary.office_hour(rng, diary.later(local_day(plan.closes_at), rng.choice((1, 1, 2, 4))))
    life.at_the_end(closed, partial(_end, life))
    return life.lived()


def _open(life: Life) -> None:
    plan, person = life.plan, life.plan.person
    life.do(
        open_case,
        now=life.now,
        by=life.manager,
        crn=plan.crn,
        person_id=plan.person_id,
        name=person.name,
        born=person.born,
        sex=Sex.NOT_KNOWN if life.rng.random() < 0.005 else person.sex,
        language=person.language,
        needs=person.needs,
        occurred_at=plan.started_at,
    )
    _begin(life, plan.sentence)


def _begin(life: Life, sentence: Sentence) -> None:
    life.sentence = life.do(
        start_sentence,
        now=life.now,
        by=life.manager,
        kind=sentence.kind,
        started_at=life.plan.started_at,
        expected_end_on=sentence.ends_on,
        court=life.rng.choice(_COURTS),
        requirements=sentence.requirements,
    )
    for number, (kind, amount) in enumerate(sentence.requirements, life.sentence + 1):
        if kind is RequirementKind.UNPAID_WORK:
            community_work.put_on_agenda(life, number, amount)
        else:
            groups.put_on_agenda(life, number, kind, amount)


def _allocate(life: Life) -> None:
    first = life.plan.first
    life.do(
        allocate,
        now=life.now,
        by=life.manager,
        practitioner=first.practitioner,
        team=first.team,
        provider=life.provider,
        reason=first.reason,
    )
    first_appointment(life)


def _begin_post_sentence_supervision(life: Life, sentence: Sentence) -> None:
    life.do(
        begin_pss,
        now=life.now,
        by=life.officer or life.manager,
        sentence=life.sentence,
        expected_end_on=sentence.ends_on,
        requirements=sentence.requirements,
    )


def _end(life: Life) -> None:
    life.do(
        end_sentence,
        now=life.now,
        by=life.officer or life.manager,
        sentence=life.sentence,
        ended_at=life.plan.closes_at,
        how=life.plan.how_it_closes,
    )
