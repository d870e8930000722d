"""What a measure says of one entry, and why: the figure is the sum of these, and nothing else."""

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


def month_of(instant: datetime) -> date:
    return local_day(instant).replace(day=1)
