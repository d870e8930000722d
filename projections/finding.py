"""What a measure says of one entry, and why: the figure is the sum of these, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

import msgspec

from domain.working_days import local_day
from projections.story import Holder


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


def by_month(findings: Iterable[Finding]) -> Iterator[tuple[object, ...]]:
    """The findings of one case, counted by month and by who held the case at the time."""
    counts: dict[tuple[date, str, str, str], Counter[int]] = {}
    for finding in findings:
        holder = finding.holder
        key = (
            month_of(finding.occurred_at),
            holder.practitioner if holder else "",
            holder.team if holder else "",
            holder.provider if holder else "",
        )
        counts.setdefault(key, Counter())[_COLUMN[finding.verdict]] += 1
    for key, count in sorted(counts.items()):
        yield (*key, count[0], count[1], count[2], count[3])
