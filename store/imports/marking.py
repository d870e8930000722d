"""Every imported event says which row of which source it came from, and by that the next run knows it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.event import Event, Imported, Recorded
from store.imports.appending import Found


class Terms(msgspec.Struct, frozen=True):
    """What holds for every case of an import: the source, the time of it, and who runs it."""

    source: str
    now: datetime
    by: str

    def mark(self, row: int, recorded: datetime | None = None) -> Imported:
        return Imported(source=self.source, row=row, recorded_claim=recorded)

    def of_row(self, events: Sequence[Event], row: int) -> list[Event]:
        return [msgspec.structs.replace(event, imported=self.mark(row)) for event in events]

    def of_no_row(self, events: Sequence[Event]) -> list[Event]:
        """What follows from the file as a whole is marked as row 0."""
        return self.of_row(events, 0)


def brought_before(found: Found, source: str, *kinds: type[Event]) -> dict[int, Recorded]:
    """The latest event of these kinds that each row of the source brought."""
    return {
        each.event.imported.row: each
        for each in found.entries
        if each.event.imported is not None and each.event.imported.source == source and isinstance(each.event, kinds)
    }
