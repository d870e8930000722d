"""How far the cases of a sample had come is stated once they are drawn, and of all of them."""

import pytest

from domain.bundle import HeadsStated, Reached, state_heads
from domain.event import Refused
from tests.inspecting import NOW, drawn, framed

HEADS = {f"X00000{number}": Reached(number, f"{number:064}") for number in (1, 2, 3)}


def test_nothing_is_stated_before_the_sample_is_drawn() -> None:
    with pytest.raises(Refused, match="Draw the sample"):
        state_heads(framed().state, HEADS, {}, now=NOW, by="HMI0002")


def test_how_far_each_case_had_come_is_stated_as_often_as_somebody_asks() -> None:
    inspected = drawn()
    (event,) = state_heads(inspected.state, HEADS, {}, now=NOW, by="HMI0002")
    assert event == HeadsStated(occurred_at=NOW, by="HMI0002", heads=HEADS)
    inspected.do(lambda *args, **kwargs: [event])
    assert state_heads(inspected.state, HEADS, {}, now=NOW, by="HMI0002") == [event]


def test_a_case_of_the_sample_that_nothing_is_known_of_cannot_be_left_out() -> None:
    with pytest.raises(Refused, match="Case X000002 has no entries"):
        state_heads(drawn().state, {crn: reached for crn, reached in HEADS.items() if crn != "X000002"}, {}, now=NOW, by="HMI0002")
