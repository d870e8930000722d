"""What may be done with an inspection, in which order, and how often."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from domain.event import Event, Recorded, Refused
from domain.inspection import (
    FrameFixed,
    Inspection,
    SampleDrawn,
    Specification,
    announce_inspection,
    draw_sample,
    fix_frame,
    inspection_id,
)
from domain.sampling import frame_digest

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
WINDOW = Specification(provider="C10", began_from=date(2026, 4, 1), began_to=date(2026, 6, 1))
STRATA = {"female": ("X000003",), "male": ("X000001", "X000002")}
NONCE = "0f" * 32


def happened(inspection: Inspection, events: Sequence[Event]) -> None:
    for event in events:
        inspection.evolve(Recorded(inspection.id, inspection.version + 1, event, NOW, 100 + inspection.version))


def announced() -> Inspection:
    inspection = Inspection(inspection_id("INS-2026-001"))
    happened(inspection, announce_inspection(inspection, now=NOW, by="HMI0002", reference="INS-2026-001", provider="C10", title=" Autumn "))
    return inspection


def fixing(inspection: Inspection, specification: Specification = WINDOW, strata: dict[str, tuple[str, ...]] = STRATA) -> list[Event]:
    return fix_frame(
        inspection,
        now=NOW,
        by="HMI0002",
        specification=specification,
        strata=strata,
        left_out={"Supervision had ended": 2},
        known_at=99,
        ledger_root="ab" * 32,
    )


def framed() -> Inspection:
    inspection = announced()
    happened(inspection, fixing(inspection))
    return inspection


def drawing(inspection: Inspection, nonce: str = NONCE) -> list[Event]:
    return draw_sample(inspection, now=NOW, by="HMI0002", nonce=nonce, confidence=0.8, margin=0.05)


def test_an_announcement_is_made_once() -> None:
    with pytest.raises(Refused) as refusal:
        announce_inspection(announced(), now=NOW, by="HMI0002", reference="INS-2026-001", provider="C10", title="Again")
    assert refusal.value.field == "reference"


def test_an_announcement_needs_a_title() -> None:
    with pytest.raises(Refused) as refusal:
        announce_inspection(Inspection(inspection_id("I")), now=NOW, by="HMI0002", reference="I", provider="C10", title="  ")
    assert refusal.value.field == "title"


def test_a_frame_carries_the_digest_of_all_its_references() -> None:
    (event,) = fixing(announced())
    assert isinstance(event, FrameFixed)
    assert event.digest == frame_digest(["X000002", "X000003", "X000001"])
    assert (event.known_at, event.left_out) == (99, {"Supervision had ended": 2})


def test_a_frame_is_fixed_once() -> None:
    with pytest.raises(Refused, match="fixed already"):
        fixing(framed())


def test_a_frame_needs_an_announcement() -> None:
    with pytest.raises(Refused, match="no such inspection"):
        fixing(Inspection(inspection_id("INS-2026-002")))


@pytest.mark.parametrize(
    ("specification", "strata", "field"),
    [
        (Specification(provider="N03", began_from=WINDOW.began_from, began_to=WINDOW.began_to), STRATA, "provider"),
        (Specification(provider="C10", began_from=WINDOW.began_to, began_to=WINDOW.began_from), STRATA, "began_to"),
        (WINDOW, {}, "began_from"),
        (WINDOW, {"male": ()}, "began_from"),
    ],
)
def test_a_frame_of_another_provider_a_turned_window_or_no_case_is_refused(
    specification: Specification, strata: dict[str, tuple[str, ...]], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        fixing(announced(), specification, strata)
    assert refusal.value.field == field


def test_a_sample_needs_a_frame() -> None:
    with pytest.raises(Refused, match="Fix the frame"):
        drawing(announced())


def test_a_sample_is_drawn_once() -> None:
    inspection = framed()
    happened(inspection, drawing(inspection))
    assert set(inspection.sample) == {"X000001", "X000002", "X000003"}
    with pytest.raises(Refused, match="drawn already"):
        drawing(inspection)


@pytest.mark.parametrize("nonce", ["", "0f", "zz" * 32, "0f" * 33, "0f" * 31 + "0"])
def test_a_nonce_is_64_hexadecimal_digits(nonce: str) -> None:
    with pytest.raises(Refused) as refusal:
        drawing(framed(), nonce)
    assert refusal.value.field == "nonce"


def test_the_seed_binds_the_nonce() -> None:
    seeds = {event.seed for nonce in (NONCE, "f0" * 32) for event in drawing(framed(), nonce) if isinstance(event, SampleDrawn)}
    assert len(seeds) == 2
