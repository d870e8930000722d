"""Second thoughts about what was recorded: a few entries are corrected, and fewer are withdrawn."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec

from domain.appointment import OutcomeRecorded
from domain.contact import ContactRecorded, Purpose
from domain.entry import correct_entry, withdraw_entry
from domain.working_days import local_day
from web.synthetic import reasons
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.recording


def reconsider(life: Life, number: int, write_again: Callable[[], None] | None = None) -> None:
    """Perhaps amend an entry in the days that follow; `write_again` records a withdrawn outcome anew."""
    rng, chance = life.rng, life.rng.random()
    later = life.diary.office_hour(rng, local_day(life.now) + timedelta(days=rng.choice((1, 1, 2, 3, 5, 12))))
    if chance < NUMBERS.withdrawn:
        life.at(later, partial(_withdraw, life, number, write_again))
    elif chance < NUMBERS.withdrawn + NUMBERS.corrected:
        life.at(later, partial(_correct, life, number))


def _withdraw(life: Life, number: int, write_again: Callable[[], None] | None) -> None:
    by = life.case.entries[number].by
    life.do(withdraw_entry, now=life.now, by=by, entry=number, reason=life.rng.choice(reasons.MISTAKES))
    if write_again:
        life.at(life.now + timedelta(minutes=4), write_again)


def _correct(life: Life, number: int) -> None:
    """Another length, a longer note, or the purpose that was left out."""
    entry = life.case.entries[number]
    assert isinstance(entry, OutcomeRecorded | ContactRecorded)
    reason = life.rng.choice(reasons.CHANGES)
    if reason == reasons.CHANGES[0] and entry.minutes:
        reads = msgspec.structs.replace(entry, minutes=entry.minutes + 5)
    elif reason != reasons.CHANGES[2] or entry.work.purposes:
        reads = msgspec.structs.replace(entry, note=f"{entry.note} Added later: the next step was agreed.".strip())
    else:
        reads = msgspec.structs.replace(entry, work=msgspec.structs.replace(entry.work, purposes=(Purpose.REVIEW,)))
    life.do(correct_entry, now=life.now, by=entry.by, entry=number, reads=reads, reason=reason)
