"""Drawing a sample again from two files that anyone may have: the frame as it was fixed, and the draw. Nothing else is needed."""

from collections.abc import Iterable

import msgspec

from domain import sampling
from domain.inspection import FrameFixed, SampleDrawn, commitment_to
from domain.resampling import CaseReplaced
from domain.specification import Specification
from domain.words import said


class Differs(Exception):
    """What the files say cannot all be true; the words say what does not agree."""


class FrameFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The frame of an inspection. Hashes are hexadecimal; `commitment` is the SHA-256 of the nonce, empty where none was made."""

    inspection: str
    specification: Specification
    strata: dict[str, tuple[str, ...]]
    left_out: dict[str, int]
    counted: int
    limited: int
    known_at: int
    ledger_root: str
    digest: str
    commitment: str


class Replacement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    crn: str
    stratum: str
    replacement: str
    reason: str


class DrawFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The draw of an inspection: how it was made, what it gave, and what was replaced afterwards, in that order."""

    inspection: str
    frame_digest: str
    nonce: str
    seed: str
    confidence: float
    margin: float
    drawn: dict[str, tuple[str, ...]]
    replaced: tuple[Replacement, ...] = ()


def frame_file(inspection: str, frame: FrameFixed, commitment: str) -> FrameFile:
    return FrameFile(
        inspection=inspection,
        specification=frame.specification,
        strata=frame.strata,
        left_out=frame.left_out,
        counted=frame.counted,
        limited=frame.limited,
        known_at=frame.known_at,
        ledger_root=frame.ledger_root,
        digest=frame.digest,
        commitment=commitment,
    )


def draw_file(inspection: str, frame: FrameFixed, drawn: SampleDrawn, replaced: Iterable[CaseReplaced]) -> DrawFile:
    return DrawFile(
        inspection=inspection,
        frame_digest=frame.digest,
        nonce=drawn.nonce,
        seed=drawn.seed,
        confidence=drawn.confidence,
        margin=drawn.margin,
        drawn=drawn.drawn,
        replaced=tuple(Replacement(one.crn, one.stratum, one.replacement, one.reason.value) for one in replaced),
    )


def written(file: FrameFile | DrawFile) -> bytes:
    """The file as it is given away, the same bytes for the same content wherever it is written."""
    return msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1) + b"\n"


def redraw(frame: FrameFile, draw: DrawFile) -> dict[str, tuple[str, ...]]:
    """The sample as it now is, drawn again by stratum, replacements in the places of what they replaced.

    Raises Differs when anything in the files is not what drawing again gives: a case added to the frame, taken out or exchanged since it
    was fixed, another nonce than the one that was committed to, another seed, another case, or a replacement out of its turn.
    """
    references = [ref for refs in frame.strata.values() for ref in refs]
    _agree(len(set(references)), len(references), said("A case is in the frame twice."))
    _agree(sampling.frame_digest(references), frame.digest, said("The frame does not hold the cases that it was fixed with."))
    _agree(draw.frame_digest, frame.digest, said("The draw is of another frame."))
    nonce, root = _bytes(draw.nonce), _bytes(frame.ledger_root)
    if frame.commitment:
        _agree(commitment_to(nonce), frame.commitment, said("The nonce is not the one that was committed to."))
    key = sampling.seed(root, frame.digest, nonce)
    _agree(key.hex(), draw.seed, said("The frame, the root and the nonce give another seed."))
    again = sampling.draw_precisely(frame.strata, key, confidence=draw.confidence, margin=draw.margin)
    _agree(again, draw.drawn, said("Drawing again gives other cases."))
    return _replaced(frame, draw, again, key)


def _replaced(frame: FrameFile, draw: DrawFile, again: dict[str, tuple[str, ...]], key: bytes) -> dict[str, tuple[str, ...]]:
    now, gone = again, {ref for refs in again.values() for ref in refs}
    for one in draw.replaced:
        _agree(one.crn in now.get(one.stratum, ()), True, said("A case was replaced that was not in the sample."))
        following = sampling.next_drawn(frame.strata[one.stratum], key, gone)
        _agree(one.replacement, following, said("A replacement is not the next in the order of drawing."))
        now = now | {one.stratum: tuple(one.replacement if ref == one.crn else ref for ref in now[one.stratum])}
        gone.add(one.replacement)
    return now


def _agree(found: object, stated: object, otherwise: str) -> None:
    if found != stated:
        raise Differs(otherwise)


def _bytes(hexadecimal: str) -> bytes:
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        raise Differs(said("A hash or the nonce is not hexadecimal.")) from None


def read_files(frame: bytes, draw: bytes) -> tuple[FrameFile, DrawFile]:
    """The two files from their bytes. Raises Differs when they are not of this form."""
    try:
        return msgspec.json.decode(frame, type=FrameFile), msgspec.json.decode(draw, type=DrawFile)
    except msgspec.DecodeError as wrong:
        raise Differs(str(wrong)) from wrong
