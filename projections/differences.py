"""Two moments of one record compared: what was added to a case between them, corrected and withdrawn, and what of it came late."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.entry import EntryCorrected, EntryWithdrawn, as_it_stands
from domain.event import Recorded
from domain.words import said


class Change(StrEnum):
    """What became of an entry between the two moments, taken together."""

    ADDED = said("added")
    CORRECTED = said("corrected")
    WITHDRAWN = said("withdrawn")


class Difference(msgspec.Struct, frozen=True):
    """One entry that stands otherwise at the later moment. `read_before` and `read_after` are the entries that say how it reads at
    each: itself or its latest correction, 0 where it was not known yet. `late` when it is about a time up to the earlier moment
    and was recorded only after it."""

    number: int
    change: Change
    late: bool
    read_before: int
    read_after: int
    withdrawn_by: int

    @property
    def corrected(self) -> bool:
        """Whether it reads otherwise than it did, or than it did when it was made."""
        return self.read_after != (self.read_before or self.number)


def differences(earlier: Sequence[Recorded], later: Sequence[Recorded], moment: datetime) -> list[Difference]:
    """What differs between a case's history as known at `moment` and as known later, in the order of recording.

    A correction or a withdrawal stands with the entry that it is about. An entry that was both added and withdrawn in between is added
    and says that it was withdrawn.
    """
    before = as_it_stands(earlier)
    found = []
    for i, standing in enumerate(as_it_stands(later)):
        if isinstance(standing.recorded.event, EntryCorrected | EntryWithdrawn):
            continue
        number, reads_by = i + 1, standing.corrected_by or i + 1
        if i >= len(before):
            late = standing.reads.occurred_at <= moment
            found.append(Difference(number, Change.ADDED, late, 0, reads_by, standing.withdrawn_by))
        elif (was := before[i]).withdrawn_by != standing.withdrawn_by:
            found.append(Difference(number, Change.WITHDRAWN, False, was.corrected_by or number, reads_by, standing.withdrawn_by))
        elif was.corrected_by != standing.corrected_by:
            found.append(Difference(number, Change.CORRECTED, False, was.corrected_by or number, reads_by, standing.withdrawn_by))
    return found
