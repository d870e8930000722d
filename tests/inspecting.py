"""An inspection as tests need it, come as far as they want it: told by commands, in memory."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.event import Event, Recorded, Refused
from domain.inspection import (
    Inspection,
    announce_inspection,
    commit_nonce,
    commitment_to,
    draw_sample,
    fix_frame,
    inspection_id,
)
from domain.specification import Specification

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEAD, OTHER, THIRD = "HMI0001", "HMI0002", "HMI0003"
WINDOW = Specification(provider="C10", began_from=date(2026, 4, 1), began_to=date(2026, 6, 1))
STRATA = {"female": ("X000003",), "male": ("X000001", "X000002")}
NONCE = "0f" * 32
COMMITMENT = commitment_to(bytes.fromhex(NONCE))


class Inspected:
    """An inspection in memory. `do` gives a command and remembers what it answers."""

    def __init__(self) -> None:
        self.state = Inspection(inspection_id("INS-2026-001"))
        self.events: list[Event] = []

    def do(self, command: Callable[..., Sequence[Event]], *, by: str = LEAD, now: datetime = NOW, **details: Any) -> Sequence[Event]:
        events = command(self.state, now=now, by=by, **details)
        for event in events:
            self.state.evolve(Recorded(self.state.id, self.state.version + 1, event, now, 100 + self.state.version))
            self.events.append(event)
        return events


def refused(inspected: Inspected, command: Callable[..., Sequence[Event]], match: str, **given: Any) -> str:
    """The field that the refusal of a command is about."""
    with pytest.raises(Refused, match=match) as refusal:
        inspected.do(command, **given)
    return refusal.value.field


def announced() -> Inspected:
    inspected = Inspected()
    inspected.do(announce_inspection, reference="INS-2026-001", provider="C10", title=" Autumn ")
    return inspected


def fixing(strata: dict[str, tuple[str, ...]] | None = None, **change: Any) -> dict[str, Any]:
    """What a frame is fixed with; as many are counted as the strata and what is left out explain."""
    strata = STRATA if strata is None else strata
    counted = 2 + sum(map(len, strata.values()))
    given = {"specification": WINDOW, "strata": strata, "left_out": {"Supervision had ended": 2}, "known_at": 99, "ledger_root": "ab" * 32}
    return {**given, "counted": counted, **change}


def framed(strata: dict[str, tuple[str, ...]] | None = None) -> Inspected:
    inspected = announced()
    inspected.do(commit_nonce, commitment=COMMITMENT)
    inspected.do(fix_frame, **fixing(strata))
    return inspected


def drawn(strata: dict[str, tuple[str, ...]] | None = None, *, margin: float = 0.05) -> Inspected:
    inspected = framed(strata)
    inspected.do(draw_sample, nonce=NONCE, confidence=0.8, margin=margin)
    return inspected
