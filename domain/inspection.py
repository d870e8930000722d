"""Inspections: announced on a day that the record remembers, a frame fixed, a sample drawn that anyone can redraw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from domain import sampling
from domain.event import Event, Recorded, Refused, stream_id
from domain.specification import Specification
from domain.words import said

E = TypeVar("E", bound=Event)


class Stage(StrEnum):
    """How far an inspection has come."""

    ANNOUNCED = said("announced")
    FRAMED = said("frame fixed")
    DRAWN = said("sample drawn")
    FIELDWORK = said("fieldwork")
    PUBLISHED = said("published")
    CLOSED = said("closed")


class InspectionAnnounced(Event, frozen=True, tag="inspection-announced"):
    """Everything recorded after this entry was recorded after the provider knew of the inspection."""

    reference: str
    provider: str
    title: str


class NonceCommitted(Event, frozen=True, tag="nonce-committed"):
    """`commitment` is the SHA-256 of a nonce that nobody is told before the draw. The last one before the frame is fixed holds."""

    commitment: str


class FrameFixed(Event, frozen=True, tag="frame-fixed"):
    """The eligible cases by stratum, and how many others were left out for which reason.

    `known_at` is the position of the record at which the frame was taken, `digest` the SHA-256 of its references. `counted` are the cases
    that were ever with the provider, counted in the record itself and not in the rows that the frame was made from (0: not counted);
    `limited` are those of the frame to which access was limited.
    """

    specification: Specification
    strata: dict[str, tuple[str, ...]]
    left_out: dict[str, int]
    digest: str
    known_at: int
    ledger_root: str
    counted: int = 0
    limited: int = 0


class SampleDrawn(Event, frozen=True, tag="sample-drawn"):
    nonce: str
    seed: str
    confidence: float
    margin: float
    drawn: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Inspection:
    """What the rules remember of an inspection. Cases are told by their references."""

    id: UUID
    version: int = 0
    reference: str = ""
    provider: str = ""
    lead: str = ""
    """The inspector who announced it."""
    inspectors: dict[str, date | None] = field(default_factory=dict)
    """Who inspects, in the order of being named, each with the last day of it, None for as long as the inspection is open."""
    commitment: str = ""
    frame: FrameFixed | None = None
    seed: bytes = b""
    sample: dict[str, str] = field(default_factory=dict)
    """The cases of the sample as it now is, each with its stratum, in the order of drawing; replacements come last."""
    replaced: dict[str, str] = field(default_factory=dict)
    """Cases that were drawn and are no longer in the sample, each with the one in its place."""
    widened: tuple[str, ...] = ()
    """Cases outside the sample that are inspected too."""
    readers: dict[str, str] = field(default_factory=dict)
    """Who reads which case."""
    published: bool = False
    closed: bool = False
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        """Remember an event. Never refuses: old history must always load."""
        if remember := _remember.get(type(recorded.event)):
            remember(self, recorded.event)
        self.version = recorded.originator_version

    @property
    def stage(self) -> Stage:
        reached = {
            Stage.CLOSED: self.closed,
            Stage.PUBLISHED: self.published,
            Stage.FIELDWORK: bool(self.readers),
            Stage.DRAWN: bool(self.seed),
            Stage.FRAMED: self.frame is not None,
        }
        return next((stage for stage, is_so in reached.items() if is_so), Stage.ANNOUNCED)

    @property
    def cases(self) -> tuple[str, ...]:
        """All cases that are inspected: those of the sample, then those that it was widened by."""
        return (*self.sample, *self.widened)


_remember: dict[type[Event], Callable[[Inspection, Any], None]] = {}


def remembers(kind: type[E]) -> Callable[[Callable[[Inspection, E], None]], Callable[[Inspection, E], None]]:
    """Registers what an inspection remembers of one kind of event."""

    def register(remember: Callable[[Inspection, E], None]) -> Callable[[Inspection, E], None]:
        _remember[kind] = remember
        return remember

    return register


@remembers(InspectionAnnounced)
def _announced(inspection: Inspection, event: InspectionAnnounced) -> None:
    inspection.reference, inspection.provider, inspection.lead = event.reference, event.provider, event.by
    inspection.inspectors[event.by] = None


@remembers(NonceCommitted)
def _committed(inspection: Inspection, event: NonceCommitted) -> None:
    inspection.commitment = event.commitment


@remembers(FrameFixed)
def _framed(inspection: Inspection, event: FrameFixed) -> None:
    inspection.frame = event


@remembers(SampleDrawn)
def _drawn(inspection: Inspection, event: SampleDrawn) -> None:
    inspection.seed = bytes.fromhex(event.seed)
    inspection.sample = {ref: stratum for stratum, refs in sorted(event.drawn.items()) for ref in refs}


def inspection_id(reference: str) -> UUID:
    return stream_id("inspection", reference)


def must_be_open(inspection: Inspection) -> None:
    if not inspection.version:
        raise Refused(said("There is no such inspection."))
    if inspection.closed:
        raise Refused(said("This inspection is closed."))


def must_lead(inspection: Inspection, by: str) -> None:
    must_be_open(inspection)
    if by != inspection.lead:
        raise Refused(said("Only the inspector who announced an inspection can change it."))


def announce_inspection(inspection: Inspection, *, now: datetime, by: str, reference: str, provider: str, title: str) -> list[Event]:
    """Announce an inspection of a provider."""
    if inspection.version:
        raise Refused(said("An inspection with this reference has been announced already."), "reference")
    if not title.strip():
        raise Refused(said("Enter a title for the inspection."), "title")
    return [InspectionAnnounced(occurred_at=now, by=by, reference=reference, provider=provider, title=title.strip())]


def commitment_to(nonce: bytes) -> str:
    """What is told of a nonce before it is revealed."""
    return sha256(nonce).hexdigest()


def commit_nonce(inspection: Inspection, *, now: datetime, by: str, commitment: str) -> list[Event]:
    """Commit to a nonce by its SHA-256 before the frame is fixed; until then another may take its place."""
    must_lead(inspection, by)
    if inspection.frame is not None:
        raise Refused(said("The frame is fixed, so the nonce cannot change any more."), "commitment")
    if _bytes(commitment) is None:
        raise Refused(said("The commitment must be 64 hexadecimal digits."), "commitment")
    if commitment == inspection.commitment:
        raise Refused(said("This nonce is committed to already."), "commitment")
    return [NonceCommitted(occurred_at=now, by=by, commitment=commitment)]


def fix_frame(
    inspection: Inspection,
    *,
    now: datetime,
    by: str,
    specification: Specification,
    strata: dict[str, tuple[str, ...]],
    left_out: dict[str, int],
    known_at: int,
    ledger_root: str,
    counted: int,
    limited: int = 0,
) -> list[Event]:
    """Fix the frame, once, after the nonce; from then on no case can be added to it or hidden from it.

    `counted`, an independent count of the cases, must be what is in the frame and what was left out together.
    """
    must_lead(inspection, by)
    if inspection.frame is not None:
        raise Refused(said("The frame of this inspection is fixed already."))
    if not inspection.commitment:
        raise Refused(said("Commit to a nonce before you fix the frame."))
    if specification.provider != inspection.provider:
        raise Refused(said("The frame must be of the provider that is inspected."), "provider")
    if specification.began_from > specification.began_to:
        raise Refused(said("The last day must be on or after the first day."), "began_to")
    references = [ref for refs in strata.values() for ref in refs]
    if not references:
        raise Refused(said("No case meets this specification. Widen the window of commencement."), "began_from")
    explained = len(references) + sum(left_out.values())
    if explained != counted:
        sums = {"counted": counted, "explained": explained}
        raise Refused(said("The record has {counted} cases of the provider, and the frame accounts for {explained}.", **sums))
    return [
        FrameFixed(
            occurred_at=now,
            by=by,
            specification=specification,
            strata=strata,
            left_out=left_out,
            digest=sampling.frame_digest(references),
            known_at=known_at,
            ledger_root=ledger_root,
            counted=counted,
            limited=limited,
        )
    ]


def draw_sample(inspection: Inspection, *, now: datetime, by: str, nonce: str, confidence: float, margin: float) -> list[Event]:
    """Draw the sample from the fixed frame, once. `nonce` is the 32 bytes in hexadecimal that were committed to, revealed only now."""
    must_lead(inspection, by)
    frame = inspection.frame
    if frame is None:
        raise Refused(said("Fix the frame before drawing the sample."))
    if inspection.seed:
        raise Refused(said("The sample of this inspection is drawn already."))
    revealed = _bytes(nonce)
    if revealed is None:
        raise Refused(said("The nonce must be 64 hexadecimal digits."), "nonce")
    # A frame that was fixed before there were commitments has none.
    if inspection.commitment and commitment_to(revealed) != inspection.commitment:
        raise Refused(said("This is not the nonce that was committed to before the frame was fixed."), "nonce")
    key = sampling.seed(bytes.fromhex(frame.ledger_root), frame.digest, revealed)
    drawn = sampling.draw_precisely(frame.strata, key, confidence=confidence, margin=margin)
    return [SampleDrawn(occurred_at=now, by=by, nonce=nonce, seed=key.hex(), confidence=confidence, margin=margin, drawn=drawn)]


def _bytes(hexadecimal: str) -> bytes | None:
    """The 32 bytes that 64 hexadecimal digits stand for."""
    try:
        found = bytes.fromhex(hexadecimal)
    except ValueError:
        return None
    return found if len(found) == 32 and len(hexadecimal) == 64 else None
