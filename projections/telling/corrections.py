"""How corrections and withdrawals are told."""

from domain.entry import EntryCorrected, EntryWithdrawn
from projections.telling.words import Names, Told, tells, told


@tells(EntryCorrected)
def _corrected(event: EntryCorrected, names: Names) -> Told:
    _, title, facts, text = told(event.reads, names)
    return "corrections", f"Correction of entry {event.entry}: {title[0].lower()}{title[1:]}", facts, text


@tells(EntryWithdrawn)
def _entry_withdrawn(event: EntryWithdrawn, names: Names) -> Told:
    return "corrections", f"Entry {event.entry} withdrawn", (), ""
