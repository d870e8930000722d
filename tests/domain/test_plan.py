"""An objective of the plan says what it is about."""

import pytest

from domain.plan import ObjectiveSet, set_objective
from tests.rules import NEXT, OBJECTIVE, did, supervised


def test_an_objective_is_set_with_its_topic_and_aim() -> None:
    event = supervised().when(set_objective, topic=" Work ", aim="A job in catering.").event
    assert isinstance(event, ObjectiveSet)
    assert (event.topic, event.aim) == ("Work", "A job in catering.")


@pytest.mark.parametrize("topic", ["", " \n"], ids=["empty", "blank"])
def test_an_objective_says_what_it_is_about(topic: str) -> None:
    supervised().when(set_objective, topic=topic).refused("Enter what the objective is about.", "topic")


def test_a_plan_may_have_several_objectives_on_one_topic() -> None:
    assert supervised(did(set_objective)).state.objectives == {OBJECTIVE, NEXT}
