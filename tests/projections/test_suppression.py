"""Small groups: which are not shown, and which are held back so that subtraction does not give them away."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.statistics.suppression import withhold


@pytest.mark.parametrize(
    ("sizes", "small", "shielding"),
    [
        pytest.param({"A": 40, "B": 30, "C": 10}, "", "", id="none is small"),
        pytest.param({"A": 40, "B": 30, "C": 9}, "C", "B", id="one is small, so the next smallest shields it"),
        pytest.param({"A": 40, "B": 6, "C": 9}, "BC", "", id="two that are enough together shield one another"),
        pytest.param({"A": 40, "B": 30, "C": 4, "D": 5}, "CD", "B", id="two that are too small together need a third"),
        pytest.param({"A": 40, "B": 30, "C": 30, "D": 1}, "D", "B", id="of two as large the first by name shields"),
        pytest.param({"A": 40, "B": 0, "C": 9}, "C", "A", id="a group of nobody is shown and shields nobody"),
        pytest.param({"A": 3}, "A", "", id="the only group is small"),
        pytest.param({}, "", "", id="no groups"),
    ],
)
def test_small_groups_and_what_would_give_them_away_are_withheld(sizes: dict[str, int], small: str, shielding: str) -> None:
    found = withhold(sizes, smallest=10)
    assert (found.small, found.shielding) == (set(small), set(shielding))
    assert {name for name in sizes if name in found} == set(small + shielding)


@given(st.dictionaries(st.text("abcdefghij", min_size=1, max_size=3), st.integers(0, 60)), st.integers(2, 20))
def test_the_total_less_what_is_shown_never_gives_a_small_group_away(sizes: dict[str, int], smallest: int) -> None:
    found = withhold(sizes, smallest=smallest)
    shown = {name: size for name, size in sizes.items() if name not in found}
    left = sum(sizes.values()) - sum(shown.values())
    assert all(size == 0 or size >= smallest for size in shown.values())
    if found.small and any(shown.values()):
        assert left >= smallest
        assert len(found.small | found.shielding) > 1


@given(st.dictionaries(st.text("abcdefghij", min_size=1, max_size=3), st.integers(0, 60)), st.integers())
def test_the_order_in_which_groups_are_listed_changes_nothing(sizes: dict[str, int], seed: int) -> None:
    shuffled = list(sizes.items())
    random.Random(seed).shuffle(shuffled)
    assert withhold(dict(shuffled), smallest=10) == withhold(sizes, smallest=10)
