"""Fieldwork: who inspects, which cases each of them reads, and how an inspection ends."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from domain.event import Event, Refused
from domain.inspection import Inspection, must_be_open, must_lead, remembers
from domain.words import said
from domain.working_days import local_day


class ClosingReason(StrEnum):
    """Why an inspection ends without a publication."""

    CALLED_OFF = said("the inspection was called off")
    IN_ERROR = said("it was announced in error")
    NONCE_LOST = said("the nonce that was committed to is lost")


class InspectorNamed(Event, frozen=True, tag="inspector-named"):
    """Somebody takes part in the inspection, until the end of `last_day` or, without one, until it is closed."""

    inspector: str
    last_day: date | None = None


class InspectorReleased(Event, frozen=True, tag="inspector-released"):
    """Somebody takes part no longer; nobody reads their cases until they are shared again."""

    inspector: str


class CasesShared(Event, frozen=True, tag="cases-shared"):
    """Which cases each inspector reads, beside those that they had."""

    shares: dict[str, tuple[str, ...]]


class CaseHandedOver(Event, frozen=True, tag="sampled-case-handed-over"):
    """Another inspector reads the case from now on."""

    crn: str
    to: str


class InspectionPublished(Event, frozen=True, tag="inspection-published"):
    """What was found is published: from now on nothing of the sample changes."""


class InspectionClosed(Event, frozen=True, tag="inspection-closed"):
    """The inspection is over and nobody sees its cases through it any more. `reason` says why, where nothing was published."""

    reason: ClosingReason | None = None


@remembers(InspectorNamed)
def _named(inspection: Inspection, event: InspectorNamed) -> None:
    inspection.inspectors[event.inspector] = event.last_day


@remembers(InspectorReleased)
def _released(inspection: Inspection, event: InspectorReleased) -> None:
    inspection.inspectors.pop(event.inspector, None)
    inspection.readers = {ref: reader for ref, reader in inspection.readers.items() if reader != event.inspector}


@remembers(CasesShared)
def _shared(inspection: Inspection, event: CasesShared) -> None:
    inspection.readers |= {ref: reader for reader, refs in event.shares.items() for ref in refs}


@remembers(CaseHandedOver)
def _handed_over(inspection: Inspection, event: CaseHandedOver) -> None:
    inspection.readers[event.crn] = event.to


@remembers(InspectionPublished)
def _published(inspection: Inspection, event: InspectionPublished) -> None:
    inspection.published = True


@remembers(InspectionClosed)
def _closed(inspection: Inspection, event: InspectionClosed) -> None:
    inspection.closed = True


def takes_part(inspection: Inspection, inspector: str, on: date) -> bool:
    """Whether somebody inspects on a day."""
    if inspection.closed or inspector not in inspection.inspectors:
        return False
    last = inspection.inspectors[inspector]
    return last is None or on <= last


def must_take_part(inspection: Inspection, by: str, now: datetime) -> None:
    must_be_open(inspection)
    if not takes_part(inspection, by, local_day(now)):
        raise Refused(said("Only an inspector who takes part in this inspection can do that."))
    if not inspection.seed:
        raise Refused(said("Draw the sample first."))


def name_inspector(inspection: Inspection, *, now: datetime, by: str, inspector: str, last_day: date | None = None) -> list[Event]:
    """Name an inspector, or change the last day of one; whoever announced the inspection takes part for as long as it is open."""
    must_lead(inspection, by)
    if inspector == inspection.lead:
        raise Refused(said("Whoever announced the inspection takes part until it is closed."), "inspector")
    if last_day is not None and last_day < local_day(now):
        raise Refused(said("The last day must be today or later."), "last_day")
    if inspector in inspection.inspectors and inspection.inspectors[inspector] == last_day:
        raise Refused(said("This inspector takes part already."), "inspector")
    return [InspectorNamed(occurred_at=now, by=by, inspector=inspector, last_day=last_day)]


def release_inspector(inspection: Inspection, *, now: datetime, by: str, inspector: str) -> list[Event]:
    """End that somebody takes part; their cases wait to be shared again."""
    must_lead(inspection, by)
    if inspector == inspection.lead:
        raise Refused(said("Whoever announced the inspection takes part until it is closed."), "inspector")
    if inspector not in inspection.inspectors:
        raise Refused(said("This inspector does not take part."), "inspector")
    return [InspectorReleased(occurred_at=now, by=by, inspector=inspector)]


def share_cases(inspection: Inspection, *, now: datetime, by: str) -> list[Event]:
    """Share the cases that nobody reads yet evenly among those who take part, in the order of drawing."""
    must_lead(inspection, by)
    must_take_part(inspection, by, now)
    waiting = [ref for ref in inspection.cases if ref not in inspection.readers]
    if not waiting:
        raise Refused(said("Every case is shared already."))
    taking_part = [inspector for inspector in inspection.inspectors if takes_part(inspection, inspector, local_day(now))]
    return [CasesShared(occurred_at=now, by=by, shares=_evenly(waiting, taking_part, Counter(inspection.readers.values())))]


def _evenly(references: Sequence[str], inspectors: Sequence[str], have: Counter[str]) -> dict[str, tuple[str, ...]]:
    """Each case goes to whoever has the fewest by then, the first named of several: nobody has two more than another got here."""
    shares: dict[str, tuple[str, ...]] = {inspector: () for inspector in inspectors}
    for ref in references:
        taker = min(inspectors, key=lambda inspector: have[inspector] + len(shares[inspector]))
        shares[taker] = (*shares[taker], ref)
    return {inspector: refs for inspector, refs in shares.items() if refs}


def hand_over(inspection: Inspection, *, now: datetime, by: str, crn: str, to: str) -> list[Event]:
    """Hand a case over to another inspector; whoever reads it, or announced the inspection, may, and anybody one that nobody reads."""
    must_take_part(inspection, by, now)
    reader = inspection.readers.get(crn, "")
    if crn not in inspection.cases:
        raise Refused(said("This case is not inspected."), "crn")
    if by not in (reader or by, inspection.lead):
        raise Refused(said("Only whoever reads a case, or announced the inspection, can hand it over."), "crn")
    if not takes_part(inspection, to, local_day(now)):
        raise Refused(said("Select an inspector who takes part."), "to")
    if to == reader:
        raise Refused(said("This inspector reads the case already."), "to")
    return [CaseHandedOver(occurred_at=now, by=by, crn=crn, to=to)]


def publish(inspection: Inspection, *, now: datetime, by: str) -> list[Event]:
    """Say that what was found is published."""
    must_lead(inspection, by)
    if not inspection.seed:
        raise Refused(said("Draw the sample first."))
    if inspection.published:
        raise Refused(said("This inspection is published already."))
    return [InspectionPublished(occurred_at=now, by=by)]


def close(inspection: Inspection, *, now: datetime, by: str, reason: ClosingReason | None = None) -> list[Event]:
    """Close an inspection. One that is not published needs a reason, and one that is has none."""
    must_lead(inspection, by)
    if not inspection.published and reason is None:
        raise Refused(said("Select why the inspection ends without a publication."), "reason")
    return [InspectionClosed(occurred_at=now, by=by, reason=None if inspection.published else reason)]
