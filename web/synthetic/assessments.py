"""Risk of serious harm: the first assessment, its reviews, some of them overdue, and what happens that calls for one."""

from datetime import datetime, timedelta
from functools import partial

from domain.risk import HIGH_LEVELS, Rosh, RoshAssessed, SignificantEvent, assess_rosh, note_significant_event
from domain.working_days import local_day
from web.synthetic import planning, reasons
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.risk


def put_on_agenda(life: Life) -> None:
    rng, diary = life.rng, life.diary
    start = local_day(life.plan.opened_at)
    assessed_at = diary.slot(rng, diary.later(start, NUMBERS.assessed_days.days(rng, life.unit.neglect)))
    if life.leaves_time_for(assessed_at):
        life.at(life.written(assessed_at), partial(_assess_first, life, assessed_at))
    _wait_for_event(life)


def assess(life: Life, level: Rosh, assessed_at: datetime | None = None) -> None:
    """Assess now or as of a short while ago, and plan the review: in time, or too late."""
    life.level = level
    number = life.do(
        assess_rosh,
        now=life.now,
        by=life.officer or life.manager,
        policy=life.policy,
        level=level,
        rationale=life.rng.choice(reasons.RATIONALES[level]),
        assessed_at=assessed_at,
        held_by=life.unit.runs_by.kind if life.case.allocation else None,
    )
    life.at(life.in_days(NUMBERS.review_days.days(life.rng, life.unit.neglect)), partial(_review, life, number))


def _assess_first(life: Life, assessed_at: datetime) -> None:
    if life.level is life.plan.level:  # an escalation that came first stands
        assess(life, life.level, assessed_at)


def _review(life: Life, number: int) -> None:
    """Review the level, unless something made a later assessment necessary in between."""
    if any(n > number and isinstance(e, RoshAssessed) for n, e in life.case.entries.items()):
        return
    chance, level = life.rng.random(), life.level
    if level is Rosh.MEDIUM and chance < NUMBERS.lowered:
        level = Rosh.LOW
    elif (level is Rosh.LOW and chance < NUMBERS.raised) or (level is Rosh.HIGH and chance < NUMBERS.lowered and not life.unit.is_crc):
        level = Rosh.MEDIUM
    elif level is Rosh.VERY_HIGH and chance < 0.5:
        level = Rosh.HIGH
    assess(life, level)


def _wait_for_event(life: Life) -> None:
    days = 5 + int(life.rng.expovariate(NUMBERS.events_a_year / 365))
    life.at(life.in_days(days), partial(_happens, life))


def _happens(life: Life) -> None:
    """Something happens, and mostly the risk is looked at again within the week."""
    kind = SignificantEvent(one_of(life.rng, NUMBERS.events))
    if not life.is_away():
        happened = max(life.now - timedelta(hours=life.rng.randint(1, 30)), life.plan.started_at)
        note = life.rng.choice(reasons.EVENTS[kind])
        life.do(note_significant_event, now=life.now, by=life.worker(), kind=kind, note=note, happened_at=happened)
        if not life.neglected(1 - NUMBERS.reviewed_after_event):
            life.at(life.in_working_days(life.rng.randint(1, 5)), partial(_assess_again, life))
    _wait_for_event(life)


def _assess_again(life: Life) -> None:
    assess(life, life.level)
    if life.level in HIGH_LEVELS:
        planning.after_an_event(life)
