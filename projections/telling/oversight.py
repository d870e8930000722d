"""How a manager's oversight is told."""

from domain.oversight import EntryCountersigned, EntrySentBack, OversightKind, OversightNoted, Quality, QualityChecked, ReturnAnswered
from projections.telling.words import Names, Told, tells


@tells(OversightNoted)
def _noted(event: OversightNoted, names: Names) -> Told:
    what = "decision" if event.kind is OversightKind.DECISION else "advice"
    return "oversight", f"Management oversight: {what}", (), event.note


@tells(EntryCountersigned)
def _countersigned(event: EntryCountersigned, names: Names) -> Told:
    return "oversight", f"Entry {event.entry} countersigned", (), event.note


@tells(EntrySentBack)
def _sent_back(event: EntrySentBack, names: Names) -> Told:
    return "oversight", f"Entry {event.entry} sent back to its officer, not countersigned", (), event.reason


@tells(QualityChecked)
def _checked(event: QualityChecked, names: Names) -> Told:
    found = "good enough" if event.quality is Quality.GOOD else "to improve"
    return "oversight", f"Quality check of entry {event.entry}: {found}", tuple(one.capitalize() for one in event.improve), event.note


@tells(ReturnAnswered)
def _answered(event: ReturnAnswered, names: Names) -> Told:
    return "oversight", f"What came back in entry {event.returned} was dealt with", (), event.note
