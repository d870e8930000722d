"""What changes in a sample after its draw: a case that cannot be inspected is replaced, and one outside it is inspected too."""

from datetime import datetime
from enum import StrEnum

from domain import sampling
from domain.event import Event, Refused
from domain.fieldwork import must_take_part
from domain.inspection import Inspection, remembers
from domain.words import said


class ReplacementReason(StrEnum):
    """Why a case that was drawn cannot be inspected."""

    LIMITED = said("access to the case is limited")
    LEFT = said("the case went to another provider")
    DIED = said("the person has died")
    ERASED = said("what was written about the person has been erased")
    FURTHER_OFFENCE = said("a serious further offence is under review")
    CONFLICT = said("the inspectors know the person or the officer")
    JUST_INSPECTED = said("the case was part of another inspection not long ago")


class WideningReason(StrEnum):
    """Why a case outside the sample is inspected too."""

    LINKED = said("it bears on a case of the sample")
    CONCERN = said("a concern about it was raised with the inspectorate")
    FURTHER_OFFENCE = said("a serious further offence")
    NAMED = said("it was named in an interview")
    SINCE = said("it stands out among what was entered since the announcement")


class CaseReplaced(Event, frozen=True, tag="sampled-case-replaced"):
    """A case that was drawn cannot be inspected; the next in the order of drawing of its stratum takes its place."""

    crn: str
    stratum: str
    replacement: str
    reason: ReplacementReason


class SampleWidened(Event, frozen=True, tag="sample-widened"):
    """A case outside the sample is inspected too. It is no part of the sample, and counts in no share of it."""

    crn: str
    reason: WideningReason


@remembers(CaseReplaced)
def _replaced(inspection: Inspection, event: CaseReplaced) -> None:
    inspection.sample.pop(event.crn, None)
    inspection.sample[event.replacement] = event.stratum
    inspection.replaced[event.crn] = event.replacement
    inspection.widened = tuple(ref for ref in inspection.widened if ref != event.replacement)
    if reader := inspection.readers.pop(event.crn, ""):
        inspection.readers.setdefault(event.replacement, reader)


@remembers(SampleWidened)
def _widened(inspection: Inspection, event: SampleWidened) -> None:
    inspection.widened = (*inspection.widened, event.crn)
    inspection.readers[event.crn] = event.by


def _must_be_unpublished(inspection: Inspection) -> None:
    if inspection.published:
        raise Refused(said("The inspection is published, so its sample stands."))


def replace_case(inspection: Inspection, *, now: datetime, by: str, crn: str, reason: ReplacementReason) -> list[Event]:
    """Replace a case that cannot be inspected by the next in the order of drawing of its stratum. Nobody chooses which that is."""
    must_take_part(inspection, by, now)
    _must_be_unpublished(inspection)
    if crn not in inspection.sample:
        raise Refused(said("This case is not in the sample."), "reason")
    assert inspection.frame is not None
    stratum = inspection.sample[crn]
    gone = {*inspection.sample, *inspection.replaced}
    replacement = sampling.next_drawn(inspection.frame.strata[stratum], inspection.seed, gone)
    if replacement is None:
        raise Refused(said("No case of this stratum is left to take its place."), "reason")
    return [CaseReplaced(occurred_at=now, by=by, crn=crn, stratum=stratum, replacement=replacement, reason=reason)]


def widen(inspection: Inspection, *, now: datetime, by: str, crn: str, provider: str, reason: WideningReason) -> list[Event]:
    """Inspect a case outside the sample too; `provider` is whose it is."""
    must_take_part(inspection, by, now)
    _must_be_unpublished(inspection)
    if provider != inspection.provider:
        raise Refused(said("The inspected provider has no case with this reference."), "crn")
    if crn in inspection.cases:
        raise Refused(said("This case is inspected already."), "crn")
    return [SampleWidened(occurred_at=now, by=by, crn=crn, reason=reason)]
