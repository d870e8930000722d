"""A sample is drawn again from two files anywhere, and one reference changed after the frame was fixed is refused."""

import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from domain.inspection import FrameFixed, SampleDrawn
from domain.redrawing import Differs, DrawFile, FrameFile, draw_file, frame_file, read_files, redraw, written
from domain.resampling import CaseReplaced, ReplacementReason, replace_case
from domain.sampling import frame_digest
from tests.inspecting import drawn

FRAME = {"female": tuple(f"X1000{n:02d}" for n in range(40)), "male": tuple(f"X2000{n:02d}" for n in range(60))}


def files() -> tuple[FrameFile, DrawFile]:
    """A hundred cases in two strata, of which one was replaced."""
    inspected = drawn(FRAME)
    inspected.do(replace_case, crn=next(iter(inspected.state.sample)), reason=ReplacementReason.LIMITED)
    by_kind = {type(event): event for event in inspected.events}
    frame, draw = by_kind[FrameFixed], by_kind[SampleDrawn]
    assert isinstance(frame, FrameFixed)
    assert isinstance(draw, SampleDrawn)
    replaced = [event for event in inspected.events if isinstance(event, CaseReplaced)]
    assert inspected.state.reference == "INS-2026-001"
    return frame_file("INS-2026-001", frame, inspected.state.commitment), draw_file("INS-2026-001", frame, draw, replaced)


def differs(frame: FrameFile, draw: DrawFile, match: str) -> None:
    with pytest.raises(Differs, match=match):
        redraw(frame, draw)


def changed(file: Any, **change: object) -> Any:
    return msgspec.structs.replace(file, **change)


def test_the_files_give_the_sample_again_with_the_replacement_in_its_place() -> None:
    frame, draw = files()
    again = redraw(*read_files(written(frame), written(draw)))
    # 63 of 100 (published: 80% confidence, 5 points); 40 and 60 of 100 take 25.2 and 37.8, by the largest remainder 25 and 38.
    assert {stratum: len(refs) for stratum, refs in again.items()} == {"female": 25, "male": 38}
    (one,) = draw.replaced
    assert one.crn not in again["female"]
    assert again["female"][0] == one.replacement
    assert again["male"] == draw.drawn["male"]


def test_another_process_with_another_order_of_hashing_gives_the_same_files_and_sample() -> None:
    frame, draw = files()
    here = msgspec.json.encode(redraw(frame, draw), order="sorted") + written(frame) + written(draw)
    program = (
        "import sys, msgspec\n"
        "from domain.redrawing import redraw\n"
        "from tests.domain.test_redrawing import files, written\n"
        "frame, draw = files()\n"
        "sys.stdout.buffer.write(msgspec.json.encode(redraw(frame, draw), order='sorted') + written(frame) + written(draw))\n"
    )
    for hashing in ("1", "4711"):
        around = {**os.environ, "PYTHONHASHSEED": hashing, "PYTHONPATH": os.pathsep.join(sys.path)}
        elsewhere = subprocess.run([sys.executable, "-c", program], env=around, capture_output=True, check=True)
        assert elsewhere.stdout == here


def test_one_reference_changed_after_the_frame_was_fixed_is_refused() -> None:
    frame, draw = files()
    undrawn = next(ref for ref in frame.strata["male"] if ref not in draw.drawn["male"])
    exchanged = {**frame.strata, "male": tuple("X999999" if ref == undrawn else ref for ref in frame.strata["male"])}
    less = {**frame.strata, "male": tuple(ref for ref in frame.strata["male"] if ref != undrawn)}
    more = {**frame.strata, "male": (*frame.strata["male"], "X999999")}
    for strata in (exchanged, less, more):
        differs(changed(frame, strata=strata), draw, "does not hold the cases")
        # With a digest to match it is another frame than the one that was drawn from,
        digest = frame_digest(ref for refs in strata.values() for ref in refs)
        differs(changed(frame, strata=strata, digest=digest), draw, "of another frame")
        # and with that put right too, the seed is not the one that was recorded.
        differs(changed(frame, strata=strata, digest=digest), changed(draw, frame_digest=digest), "another seed")


def test_a_case_in_the_frame_twice_is_refused() -> None:
    frame, draw = files()
    differs(changed(frame, strata={**frame.strata, "male": (*frame.strata["male"], frame.strata["female"][0])}), draw, "twice")


def test_another_case_nonce_or_replacement_is_refused() -> None:
    frame, draw = files()
    (one,) = draw.replaced
    undrawn = next(ref for ref in frame.strata["male"] if ref not in draw.drawn["male"])
    differs(frame, changed(draw, drawn={**draw.drawn, "male": (*draw.drawn["male"][:-1], undrawn)}), "other cases")
    differs(frame, changed(draw, nonce="f0" * 32), "not the one that was committed to")
    differs(changed(frame, commitment=""), changed(draw, nonce="f0" * 32), "another seed")
    differs(frame, changed(draw, nonce="zz"), "not hexadecimal")
    differs(frame, changed(draw, replaced=(changed(one, replacement=undrawn),)), "not the next")
    differs(frame, changed(draw, replaced=(one, one)), "was not in the sample")
    differs(frame, changed(draw, replaced=(changed(one, stratum="other"),)), "was not in the sample")


@pytest.mark.parametrize("spoiled", [b"", b"{}", b"[]", b'{"inspection": 4}'])
def test_what_is_no_such_file_is_refused(spoiled: bytes) -> None:
    frame, draw = map(written, files())
    for pair in ((spoiled, draw), (frame, spoiled)):
        with pytest.raises(Differs):
            read_files(*pair)
