"""What may be done with an inspection until its sample is drawn, in which order, and how often."""

from typing import Any

import pytest

from domain.event import Refused
from domain.inspection import (
    FrameFixed,
    Inspection,
    SampleDrawn,
    Stage,
    announce_inspection,
    commit_nonce,
    draw_sample,
    fix_frame,
    inspection_id,
)
from domain.sampling import frame_digest
from domain.specification import Specification
from tests.inspecting import COMMITMENT, LEAD, NONCE, NOW, OTHER, STRATA, WINDOW, announced, drawn, fixing, framed


def test_an_announcement_is_made_once() -> None:
    with pytest.raises(Refused) as refusal:
        announced().do(announce_inspection, reference="INS-2026-001", provider="C10", title="Again")
    assert refusal.value.field == "reference"


def test_an_announcement_needs_a_title() -> None:
    with pytest.raises(Refused) as refusal:
        announce_inspection(Inspection(inspection_id("I")), now=NOW, by=LEAD, reference="I", provider="C10", title="  ")
    assert refusal.value.field == "title"


def test_an_inspection_comes_from_stage_to_stage_by_what_happens() -> None:
    committed = announced()
    committed.do(commit_nonce, commitment=COMMITMENT)
    stages = [one.state.stage for one in (announced(), committed, framed(), drawn())]
    assert stages == [Stage.ANNOUNCED, Stage.ANNOUNCED, Stage.FRAMED, Stage.DRAWN]


def test_a_frame_carries_the_digest_of_all_its_references() -> None:
    inspected = announced()
    inspected.do(commit_nonce, commitment=COMMITMENT)
    (event,) = inspected.do(fix_frame, **fixing())
    assert isinstance(event, FrameFixed)
    assert event.digest == frame_digest(["X000002", "X000003", "X000001"])
    assert (event.known_at, event.left_out, event.counted) == (99, {"Supervision had ended": 2}, 5)


def test_a_frame_is_fixed_once() -> None:
    with pytest.raises(Refused, match="fixed already"):
        framed().do(fix_frame, **fixing())


def test_a_frame_needs_an_announcement_and_a_nonce_before_it() -> None:
    with pytest.raises(Refused, match="no such inspection"):
        fix_frame(Inspection(inspection_id("INS-2026-002")), now=NOW, by=LEAD, **fixing())
    with pytest.raises(Refused, match="Commit to a nonce"):
        announced().do(fix_frame, **fixing())


TURNED = Specification(provider="C10", began_from=WINDOW.began_to, began_to=WINDOW.began_from)
ELSEWHERE = Specification(provider="N03", began_from=WINDOW.began_from, began_to=WINDOW.began_to)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (fixing(specification=ELSEWHERE), "provider"),
        (fixing(specification=TURNED), "began_to"),
        (fixing({}), "began_from"),
        (fixing({"male": ()}), "began_from"),
    ],
)
def test_a_frame_of_another_provider_a_turned_window_or_no_case_is_refused(given: dict[str, Any], field: str) -> None:
    inspected = announced()
    inspected.do(commit_nonce, commitment=COMMITMENT)
    with pytest.raises(Refused) as refusal:
        inspected.do(fix_frame, **given)
    assert refusal.value.field == field


@pytest.mark.parametrize("counted", [0, 4, 6])
def test_a_frame_that_does_not_account_for_every_case_that_was_counted_is_refused(counted: int) -> None:
    inspected = announced()
    inspected.do(commit_nonce, commitment=COMMITMENT)
    with pytest.raises(Refused, match=f"has {counted} cases of the provider, and the frame accounts for 5"):
        inspected.do(fix_frame, **fixing(counted=counted))


def test_a_nonce_may_be_exchanged_until_the_frame_is_fixed() -> None:
    inspected = announced()
    inspected.do(commit_nonce, commitment="ab" * 32)
    with pytest.raises(Refused, match="committed to already"):
        inspected.do(commit_nonce, commitment="ab" * 32)
    inspected.do(commit_nonce, commitment=COMMITMENT)
    assert inspected.state.commitment == COMMITMENT
    with pytest.raises(Refused, match="cannot change any more"):
        framed().do(commit_nonce, commitment="ab" * 32)


def test_a_sample_needs_a_frame() -> None:
    with pytest.raises(Refused, match="Fix the frame"):
        announced().do(draw_sample, nonce=NONCE, confidence=0.8, margin=0.05)


def test_a_sample_is_drawn_once() -> None:
    inspected = drawn()
    assert inspected.state.sample == {"X000003": "female", "X000001": "male", "X000002": "male"}
    with pytest.raises(Refused, match="drawn already"):
        inspected.do(draw_sample, nonce=NONCE, confidence=0.8, margin=0.05)


@pytest.mark.parametrize("nonce", ["", "0f", "zz" * 32, "0f" * 33, "0f" * 31 + "0", "f0" * 32, " ".join(["0f"] * 32)])
def test_a_sample_is_drawn_with_the_nonce_that_was_committed_to_and_no_other(nonce: str) -> None:
    with pytest.raises(Refused) as refusal:
        framed().do(draw_sample, nonce=nonce, confidence=0.8, margin=0.05)
    assert refusal.value.field == "nonce"


def test_a_frame_fixed_before_there_were_commitments_can_still_be_drawn_from() -> None:
    inspected = framed()
    inspected.state.commitment = ""
    (event,) = inspected.do(draw_sample, nonce="f0" * 32, confidence=0.8, margin=0.05)
    assert isinstance(event, SampleDrawn)


def test_the_seed_binds_the_nonce() -> None:
    seeds = set()
    for nonce in (NONCE, "f0" * 32):
        inspected = framed()
        inspected.state.commitment = ""
        inspected.do(draw_sample, nonce=nonce, confidence=0.8, margin=0.05)
        seeds.add(inspected.state.seed)
    assert len(seeds) == 2


def test_only_whoever_announced_an_inspection_commits_fixes_and_draws() -> None:
    for inspected, command, given in (
        (announced(), commit_nonce, {"commitment": COMMITMENT}),
        (announced(), fix_frame, fixing(STRATA)),
        (framed(), draw_sample, {"nonce": NONCE, "confidence": 0.8, "margin": 0.05}),
    ):
        with pytest.raises(Refused, match="Only the inspector who announced"):
            inspected.do(command, by=OTHER, **given)
