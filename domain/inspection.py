"""Inspections: announced on a day that the record remembers, a frame fixed, a sample drawn that anyone can redraw."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from domain import sampling
from domain.event import Event, Recorded, Refused, stream_id
from domain.words import said


class Specification(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which cases are eligible: of one provider, with a sentence that began in these days and still ran."""

    provider: str
    began_from: date
    began_to: date
    kinds: tuple[str, ...] = ()


class InspectionAnnounced(Event, frozen=True, tag="inspection-announced"):
    """Everything recorded after this entry was recorded after the provider knew of the inspection."""

    reference: str
    provider: str
    title: str


class FrameFixed(Event, frozen=True, tag="frame-fixed"):
    """The eligible cases by stratum, and how many others were left out for which reason.

    `known_at` is the position of the record at which the frame was taken, `digest` the SHA-256 of its references.
    """

    specification: Specification
    strata: dict[str, tuple[str, ...]]
    left_out: dict[str, int]
    digest: str
    known_at: int
    ledger_root: str


class SampleDrawn(Event, frozen=True, tag="sample-drawn"):
    nonce: str
    seed: str
    confidence: float
    margin: float
    drawn: dict[str, tuple[str, ...]]


@dataclass(slots=True)
class Inspection:
    id: UUID
    version: int = 0
    reference: str = ""
    provider: str = ""
    frame: FrameFixed | None = None
    sample: tuple[str, ...] = ()
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        match recorded.event:
            case InspectionAnnounced(reference=reference, provider=provider):
                self.reference, self.provider = reference, provider
            case FrameFixed() as frame:
                self.frame = frame
            case SampleDrawn(drawn=drawn):
                self.sample = tuple(ref for refs in drawn.values() for ref in refs)
        self.version = recorded.originator_version


def inspection_id(reference: str) -> UUID:
    return stream_id("inspection", reference)


def announce_inspection(inspection: Inspection, *, now: datetime, by: str, reference: str, provider: str, title: str) -> list[Event]:
    """Announce an inspection of a provider."""
    if inspection.version:
        raise Refused(said("An inspection with this reference has been announced already."), "reference")
    if not title.strip():
        raise Refused(said("Enter a title for the inspection."), "title")
    return [InspectionAnnounced(occurred_at=now, by=by, reference=reference, provider=provider, title=title.strip())]


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
) -> list[Event]:
    """Fix the frame, once; from then on no case can be added to it or hidden from it."""
    if not inspection.version:
        raise Refused(said("There is no such inspection."))
    if inspection.frame is not None:
        raise Refused(said("The frame of this inspection is fixed already."))
    if specification.provider != inspection.provider:
        raise Refused(said("The frame must be of the provider that is inspected."), "provider")
    if specification.began_from > specification.began_to:
        raise Refused(said("The last day must be on or after the first day."), "began_to")
    references = [ref for refs in strata.values() for ref in refs]
    if not references:
        raise Refused(said("No case meets this specification. Widen the window of commencement."), "began_from")
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
        )
    ]


def draw_sample(inspection: Inspection, *, now: datetime, by: str, nonce: str, confidence: float, margin: float) -> list[Event]:
    """Draw the sample from the fixed frame, once. `nonce` is 32 bytes in hexadecimal, revealed only now."""
    frame = inspection.frame
    if frame is None:
        raise Refused(said("Fix the frame before drawing the sample."))
    if inspection.sample:
        raise Refused(said("The sample of this inspection is drawn already."))
    try:
        nonce_bytes = bytes.fromhex(nonce)
    except ValueError:
        nonce_bytes = b""
    if len(nonce_bytes) != 32:
        raise Refused(said("The nonce must be 64 hexadecimal digits."), "nonce")
    size = sum(len(refs) for refs in frame.strata.values())
    n = sampling.sample_size(size, confidence=confidence, margin=margin)
    key = sampling.seed(bytes.fromhex(frame.ledger_root), frame.digest, nonce_bytes)
    drawn = {name: tuple(refs) for name, refs in sampling.draw(frame.strata, n, key).items()}
    return [SampleDrawn(occurred_at=now, by=by, nonce=nonce, seed=key.hex(), confidence=confidence, margin=margin, drawn=drawn)]
