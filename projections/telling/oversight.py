"""How a manager's oversight is told."""

from domain.oversight import EntryCountersigned, EntrySentBack, OversightNoted, QualityChecked, ReturnAnswered
from domain.words import said
from projections.telling.words import Names, Told, tells


@tells(OversightNoted)
def _noted(event: OversightNoted, names: Names) -> Told:
    return "oversight", said("Management oversight: {what}", what=event.kind), (), event.note


@tells(EntryCountersigned)
def _countersigned(event: EntryCountersigned, names: Names) -> Told:
    return "oversight", said("Entry {entry} countersigned", entry=event.entry), (), event.note


@tells(EntrySentBack)
def _sent_back(event: EntrySentBack, names: Names) -> Told:
    return "oversight", said("Entry {entry} sent back to its officer, not countersigned", entry=event.entry), (), event.reason


@tells(QualityChecked)
def _checked(event: QualityChecked, names: Names) -> Told:
    title = said("Quality check of entry {entry}: {found}", entry=event.entry, found=event.quality)
    return "oversight", title, tuple(one.capitalize() for one in event.improve), event.note


@tells(ReturnAnswered)
def _answered(event: ReturnAnswered, names: Names) -> Told:
    return "oversight", said("What came back in entry {entry} was dealt with", entry=event.returned), (), event.note
