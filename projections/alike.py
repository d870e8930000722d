"""Contacts that may be one and the same: of one kind, on one day, near in time, whoever recorded them."""

from datetime import datetime, timedelta

from domain.contact import KINDS
from domain.working_days import local_day
from projections.contacts import Contact
from projections.story import Story


def alike(story: Story, kind: str, occurred_at: datetime, within_minutes: int) -> list[Contact]:
    """The contacts in the record that one of this kind at this time may be a second entry of, the nearest first.

    An appointment that was kept has a kind of its own, so one in the same mode counts too; one that was not kept never does.
    """
    within = timedelta(minutes=within_minutes)
    found = [c for c in story.contacts if c.day == local_day(occurred_at) and abs(c.occurred_at - occurred_at) <= within]
    same = [c for c in found if c.attended is not False and (c.kind == kind or (c.planned and c.mode is KINDS[kind].mode))]
    return sorted(same, key=lambda c: (abs(c.occurred_at - occurred_at), c.number))
