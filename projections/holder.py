"""Who was responsible for a case, and when."""

from datetime import datetime

import msgspec

from domain.allocation import UNALLOCATED


class Holder(msgspec.Struct, frozen=True, gc=False):
    """Who was responsible for the case in an interval; an open one has no end."""

    practitioner: str
    team: str
    provider: str
    since: datetime
    until: datetime | None
    reason: str
    number: int


def is_held(holder: Holder | None) -> bool:
    """Whether somebody held the case: no allocation, or one to nobody, is a gap."""
    return holder is not None and holder.practitioner != UNALLOCATED
