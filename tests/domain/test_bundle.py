"""How far the cases of a sample had come is stated once they are drawn, and of all of them."""

import pytest

from domain.bundle import HeadsStated, Reached, state_heads
from domain.event import Refused
from tests.domain.test_inspection import NOW, drawing, framed, happened

HEADS = {f"X00000{number}": Reached(number, f"{number:064}") for number in (1, 2, 3)}


def test_nothing_is_stated_before_the_sample_is_drawn() -> None:
    with pytest.raises(Refused, match="Draw the sample"):
        state_heads(framed(), HEADS, {}, now=NOW, by="HMI0002")


def test_how_far_each_case_had_come_is_stated_as_often_as_somebody_asks() -> None:
    inspection = framed()
    happened(inspection, drawing(inspection))
    (event,) = state_heads(inspection, HEADS, {}, now=NOW, by="HMI0002")
    assert event == HeadsStated(occurred_at=NOW, by="HMI0002", heads=HEADS)
    happened(inspection, [event])
    assert state_heads(inspection, HEADS, {}, now=NOW, by="HMI0002") == [event]


def test_a_case_of_the_sample_that_nothing_is_known_of_cannot_be_left_out() -> None:
    inspection = framed()
    happened(inspection, drawing(inspection))
    with pytest.raises(Refused, match="Case X000002 has no entries"):
        state_heads(inspection, {crn: reached for crn, reached in HEADS.items() if crn != "X000002"}, {}, now=NOW, by="HMI0002")
