"""The course of a case from the day it is opened to the day its last sentence ends."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from domain.allocation import allocate, allocate_to_team
from domain.case import Sex, open_case
from domain.policy import Policy
from domain.sentence import SentenceKind, end_sentence, start_sentence
from domain.working_days import local_day
from web.synthetic import (
    alerts,
    assessments,
    contacts,
    enforcement,
    handovers,
    orders,
    oversight,
    phases,
    planning,
    reasons,
    referrals,
    seldom,
    snoozes,
    standing_in,
)
from web.synthetic.diary import Diary
from web.synthetic.draws import some
from web.synthetic.life import Life, Lived
from web.synthetic.parameters import POPULATION
from web.synthetic.plans import Plan
from web.synthetic.sentences import draw_requirements
from web.synthetic.staff import Staff
from web.synthetic.supervision import first_appointment

NUMBERS = POPULATION.sentences


def live(plan: Plan, diary: Diary, staff: Staff, policy: Policy, seed: int) -> Iterator[Lived]:
    """Everything that is recorded of one case by the end of the simulation, in order of recording."""
    life = Life(plan, diary, staff, policy, seed)
    rng = life.rng
    life.failed = partial(enforcement.answer, life)
    if life.neglected(NUMBERS.forgotten_weeks):
        begins = local_day(plan.opened_at) + timedelta(days=rng.randint(50, 200))
        life.pause = (begins, begins + timedelta(days=some(rng, NUMBERS.forgotten_days)))
    life.at(plan.opened_at, partial(_open, life))
    if life.chance(POPULATION.allocation.team_decided):
        decided = diary.office_hour(rng, diary.later(local_day(plan.opened_at), rng.choice((0, 1, 1, 2))))
        life.at(max(plan.opened_at, min(decided, plan.first.at - timedelta(minutes=5))), partial(_decide_team, life))
    life.at(plan.first.at, partial(_allocate, life))
    for concept in (planning, assessments, alerts, contacts, referrals, standing_in, snoozes, oversight, seldom):
        concept.put_on_agenda(life)
    handovers.put_on_agenda(life, plan.moves)
    if not plan.part and life.chance(NUMBERS.second_sentence):
        life.at(life.in_days(rng.randint(40, 200)), partial(_sentence_again, life))
    _wait_for_the_end(life)
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
        sex=Sex.NOT_KNOWN if life.chance(POPULATION.people.sex_not_known) else person.sex,
        language=person.language,
        needs=person.needs,
        occurred_at=plan.started_at,
    )
    sentence = plan.sentence
    number = life.do(
        start_sentence,
        now=life.now,
        by=life.manager,
        kind=sentence.kind,
        started_at=plan.started_at,
        expected_end_on=sentence.ends_on,
        court=life.rng.choice(reasons.COURTS),
        requirements=() if sentence.released_on else sentence.requirements,
    )
    life.kinds[number] = sentence.kind
    phases.begin(life, number)
    orders.begin(life, number)


def _decide_team(life: Life) -> None:
    life.do(allocate_to_team, now=life.now, by=life.manager, team=life.team, provider=life.unit.provider)


def _allocate(life: Life) -> None:
    first = life.plan.first
    life.do(
        allocate,
        now=life.now,
        by=life.manager,
        practitioner=first.practitioner,
        team=first.team,
        provider=life.unit.provider,
        reason=first.reason,
    )
    if life.is_away():
        phases.visit(life)
    else:
        first_appointment(life)


def _sentence_again(life: Life) -> None:
    """A court sentences the person for something else while the first sentence runs."""
    if life.is_away() or life.closes_at - life.now < timedelta(days=90):
        return
    number = life.do(
        start_sentence,
        now=life.now,
        by=life.worker(),
        kind=SentenceKind.COMMUNITY_ORDER,
        expected_end_on=local_day(life.closes_at),
        court=life.rng.choice(reasons.COURTS),
        requirements=draw_requirements(life.rng),
    )
    life.kinds[number] = SentenceKind.COMMUNITY_ORDER
    orders.begin(life, number)


def _wait_for_the_end(life: Life) -> None:
    rng, diary = life.rng, life.diary
    closed = diary.office_hour(rng, diary.later(local_day(life.closes_at), rng.choice((1, 1, 2, 4))))
    life.at_the_end(closed, partial(_end, life))


def _end(life: Life) -> None:
    """Every sentence that still runs ends as planned, unless a court has put the end off."""
    if life.closes_at > life.now:
        _wait_for_the_end(life)
        return
    for sentence in life.running():
        life.do(
            end_sentence,
            now=life.now,
            by=life.officer or life.manager,
            sentence=sentence,
            ended_at=life.closes_at,
            how=life.plan.how_it_closes,
        )
