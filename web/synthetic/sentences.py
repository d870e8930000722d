"""The sentences of the invented population: which kind, for how long, with which requirements."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from domain.requirement import RequirementKind
from domain.sentence import SentenceKind
from domain.working_days import add_months
from web.synthetic.draws import Mix, one_of, some
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.sentences
ORDERS = (SentenceKind.COMMUNITY_ORDER, SentenceKind.SUSPENDED_SENTENCE_ORDER)

Requirements = tuple[tuple[RequirementKind, int], ...]


class Sentence(NamedTuple):
    """`ends_on` is the end of the order or of the licence; a release comes first where the record begins in custody."""

    kind: SentenceKind
    ends_on: date
    requirements: Requirements = ()
    released_on: date | None = None
    pss_ends_on: date | None = None
    """Post-sentence supervision follows a short licence, up to a year from the release."""

    @property
    def closes_on(self) -> date:
        return self.pss_ends_on or self.ends_on


def long_order(rng: Random, day: date) -> Sentence:
    return Sentence(SentenceKind.COMMUNITY_ORDER, add_months(day, 24), draw_requirements(rng))


def draw_sentence(rng: Random, day: date, *, crc: bool) -> Sentence:
    """A sentence of the recalled mix."""
    kind = SentenceKind(one_of(rng, NUMBERS.crc_kinds if crc else NUMBERS.nps_kinds))
    if kind in ORDERS:
        return Sentence(kind, add_months(day, _months(rng, NUMBERS.order_months)), draw_requirements(rng))
    if kind is SentenceKind.POST_SENTENCE_SUPERVISION:
        return Sentence(kind, add_months(day, some(rng, NUMBERS.pss_months)), ((RequirementKind.SUPERVISION, 0),))
    in_custody = rng.random() < NUMBERS.record_begins_in_custody
    released = day + timedelta(days=some(rng, NUMBERS.custody_days)) if in_custody else None
    begins = released or day
    conditions: Requirements = ((RequirementKind.SUPERVISION, 0),)
    if rng.random() < POPULATION.requirements.programme_on_licence:
        conditions = (*conditions, (RequirementKind.PROGRAMME, 0))
    if rng.random() < (NUMBERS.crc_short_licences if crc else NUMBERS.nps_short_licences):
        ends, pss = begins + timedelta(days=some(rng, NUMBERS.short_licence)), add_months(begins, 12)
    else:
        ends, pss = add_months(begins, _months(rng, NUMBERS.licence_months)), None
    return Sentence(SentenceKind.CUSTODIAL if released else kind, ends, conditions, released, pss)


def draw_requirements(rng: Random) -> Requirements:
    """What an order requires: unpaid work or rehabilitation activity at least."""
    shares, found = POPULATION.requirements, dict[RequirementKind, int]()
    for name, share in shares.shares.items():
        kind = RequirementKind(name)
        if rng.random() < share or (kind is RequirementKind.RAR and not found):
            found[kind] = draw_amount(rng, kind)
    return tuple(found.items())


def draw_amount(rng: Random, kind: RequirementKind) -> int:
    """Hours, days or months of a requirement; a programme has none."""
    shares = POPULATION.requirements
    if kind is RequirementKind.UNPAID_WORK:
        return int(one_of(rng, shares.upw_hours))
    if kind is RequirementKind.RAR:
        return int(one_of(rng, shares.rar_days))
    return 0 if kind is RequirementKind.PROGRAMME else some(rng, shares.months)


def _months(rng: Random, mix: Mix) -> int:
    return int(one_of(rng, mix))
