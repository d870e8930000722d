"""How corrections and withdrawals are told."""

from domain.entry import EntryCorrected, EntryWithdrawn
from domain.words import said, within
from projections.telling.words import Names, Told, tells, told


@tells(EntryCorrected)
def _corrected(event: EntryCorrected, names: Names) -> Told:
    _, title, facts, text = told(event.reads, names)
    return "corrections", said("Correction of entry {entry}: {title}", entry=event.entry, title=within(title)), facts, text


@tells(EntryWithdrawn)
def _entry_withdrawn(event: EntryWithdrawn, names: Names) -> Told:
    return "corrections", said("Entry {entry} withdrawn", entry=event.entry), (), ""
