"""What a measure says of one entry, and why: the figure is the sum of these, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec

from domain.working_days import local_day
from projections.story import Contact, Holder


class Verdict(StrEnum):
    """The third answer is as good as the other two: what was not recorded becomes neither yes nor no."""

    YES = "yes"
    NO = "no"
    NOT_EVIDENCED = "not evidenced"
    LEFT_OUT = "left out"


class Condition(msgspec.Struct, frozen=True, gc=False):
    """One condition of a rule: met, not met, or (None) not evidenced, with the rule's words."""

    name: str
    met: bool | None
    because: str


class Finding(msgspec.Struct, frozen=True, gc=False):
    number: int
    occurred_at: datetime
    verdict: Verdict
    why: str
    worker: str
    holder: Holder | None
    conditions: tuple[Condition, ...] = ()
    flags: tuple[str, ...] = ()


MONTH_COLUMNS = {
    "stream_id": "uuid",
    "month": "date",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
    "yes": "int4",
    "no": "int4",
    "not_evidenced": "int4",
    "left_out": "int4",
}
"""One row a case, month and holder: what a figure for any officer, team, provider and period is the sum of."""

_COLUMN = {Verdict.YES: 0, Verdict.NO: 1, Verdict.NOT_EVIDENCED: 2, Verdict.LEFT_OUT: 3}


def month_of(instant: datetime) -> date:
    return local_day(instant).replace(day=1)


def by_month(contacts: Sequence[Contact], verdicts: Iterable[Verdict]) -> Iterator[tuple[object, ...]]:
    """The contacts of one case, counted by month, by who held the case at the time, and by what the measure says of each."""
    counts: dict[tuple[int, int, str, str, str], list[int]] = {}
    for contact, verdict in zip(contacts, verdicts, strict=True):
        holder, day = contact.holder, contact.day
        held = ("", "", "") if holder is None else (holder.practitioner, holder.team, holder.provider)
        key = (day.year, day.month, *held)
        count = counts.get(key)
        if count is None:
            count = counts[key] = [0, 0, 0, 0]
        count[_COLUMN[verdict]] += 1
    for (year, month, *held_by), count in sorted(counts.items()):
        yield date(year, month, 1), *held_by, *count
