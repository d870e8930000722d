"""The officers of a case one after another: who took over from whom and why, and on which days somebody held the case."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from domain.allocation import AllocationReason
from domain.working_days import local_day
from projections.holder import Holder, is_held
from projections.story import Story
from projections.supervision import Supervised, joined


class Turn(msgspec.Struct, frozen=True, gc=False):
    """An unbroken time with one officer, whichever team it was in. `holder` is how it began.

    `before` is the officer who held the case last before, empty for the first. `counts_as` is the officer as whom this one counts:
    after an administrative move the one before, because the service moved the case for the sake of its own order. A move from nobody
    to somebody is never that.
    """

    practitioner: str
    since: datetime
    until: datetime | None
    before: str
    counts_as: str
    administrative: bool
    holder: Holder

    @property
    def is_change(self) -> bool:
        """Whether another officer had held the case before."""
        return self.before not in ("", self.practitioner)


def turns(story: Story) -> list[Turn]:
    """Every turn in the order in which it began; a time with nobody is none."""
    return turns_of(story.holders)


def turns_of(holders: Iterable[Holder]) -> list[Turn]:
    """The turns of an officer line."""
    found: list[Turn] = []
    for holder in holders:
        if not is_held(holder):
            continue
        last = found[-1] if found else None
        follows_at_once = last is not None and last.until == holder.since
        if last is not None and follows_at_once and last.practitioner == holder.practitioner:
            found[-1] = msgspec.structs.replace(last, until=holder.until)
            continue
        administrative = follows_at_once and holder.reason == AllocationReason.ADMINISTRATIVE
        counts_as = last.counts_as if last is not None and administrative else holder.practitioner
        before = last.practitioner if last is not None else ""
        found.append(Turn(holder.practitioner, holder.since, holder.until, before, counts_as, administrative, holder))
    return found


def between(found: Iterable[Turn], since: date, until: date) -> list[Turn]:
    """The turns of which any part lies from one day to the day before another."""
    return [t for t in found if local_day(t.since) < until and (t.until is None or local_day(t.until) >= since)]


def held_days(holders: Iterable[Holder]) -> list[Supervised]:
    """The days at whose end somebody held the case, whoever it was."""
    held = [holder for holder in holders if is_held(holder)]
    return joined((local_day(h.since), local_day(h.until) if h.until else None) for h in held)
