"""What a measure says of one entry, limit or month, and why: the figure is the sum of these, and nothing else."""

from datetime import date
from enum import StrEnum

import msgspec

from domain.words import said
from projections.contacts import Contact
from projections.holder import Holder


class Verdict(StrEnum):
    """The third answer is as good as the other two: what was not recorded becomes neither yes nor no."""

    YES = said("yes")
    NO = said("no")
    NOT_EVIDENCED = said("not evidenced")
    LEFT_OUT = said("left out")


class Condition(msgspec.Struct, frozen=True, gc=False):
    """One condition of a rule: met, not met, or (None) not evidenced, with the rule's words."""

    name: str
    met: bool | None
    because: str


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One finding. `number` is the entry that it stands on, 0 when there is none; `month` is the first day of the month that it
    counts in, and `on` the day that it is about."""

    number: int
    on: date
    month: date
    verdict: Verdict
    why: str
    worker: str
    holder: Holder | None
    conditions: tuple[Condition, ...] = ()
    flags: tuple[str, ...] = ()


def of_contact(
    contact: Contact, verdict: Verdict, why: str, conditions: tuple[Condition, ...] = (), flags: tuple[str, ...] = ()
) -> Finding:
    """The finding on a contact: it counts in the month in which it happened, with whoever held the case then."""
    month = contact.day.replace(day=1)
    return Finding(contact.number, contact.day, month, verdict, why, contact.worker, contact.holder, conditions, flags)
