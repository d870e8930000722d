"""The funnel: limits and spread are the published and computed ones, and nobody is ranked, singled out by chance or given away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.statistics.funnel import Group, Limits, Standing, dispersion, exact_limits, funnel
from projections.statistics.library import stats
from tests.rules import POLICY
from tests.vectors import document

RULE = POLICY.comparison
HEART: dict[str, Any] = document("funnel_child_heart_surgery.json")
CENTRES = [(c["centre"], c["n"], c["events"], c["limits_0p1_2p5_97p5_99p9"], c["flag"]) for c in HEART.get("centres", ())] or [
    ("Bristol", 143, 41, [0.040485, 0.065279, 0.171991, 0.207317], "above 99.9"),
    ("Leeds", 323, 24, [0.065749, 0.08383, 0.154541, 0.177076], "below 2.5"),
    ("Oxford", 122, 23, [0.034269, 0.060632, 0.17627, 0.21454], "above 97.5"),
    ("Leicester", 187, 25, [0.04964, 0.072221, 0.165316, 0.195909], "inside"),
]
"""Twelve centres of children's heart surgery, 1991 to 1995: operations and deaths; limits computed outside this service."""
ALL_CENTRES = 397 / 3319
SAID = {
    "above 99.9": Standing.ABOVE_OUTER,
    "above 97.5": Standing.ABOVE_INNER,
    "inside": Standing.INSIDE,
    "below 2.5": Standing.BELOW_INNER,
}


def group(name: str, yes: int, out_of: int) -> Group:
    return Group(name, name, yes, out_of)


@pytest.mark.parametrize(("centre", "operations", "deaths", "limits", "flag"), CENTRES)
def test_without_overdispersion_limits_and_standing_are_the_computed_ones(
    centre: str, operations: int, deaths: int, limits: list[float], flag: str
) -> None:
    (only,) = funnel([group(centre, deaths, operations)], RULE, smallest=10, target=ALL_CENTRES).compared
    found = only.limits
    assert [round(x, 6) for x in (found.outer_low, found.inner_low, found.inner_high, found.outer_high)] == limits
    assert only.standing is SAID[flag]


def test_over_twelve_centres_the_spread_is_the_computed_one_and_leaves_bristol_outside() -> None:
    if len(CENTRES) < 12:
        return
    groups = [group(centre, deaths, operations) for centre, operations, deaths, _, _ in CENTRES]
    found = funnel(groups, RULE, smallest=10)
    assert found.target == pytest.approx(HEART["target"])
    assert dispersion(groups, found.target, winsorised=0) == pytest.approx(HEART["phi_all"])
    assert found.dispersion == pytest.approx(HEART["phi_winsorised_10pc_numpy_linear_quantile"])
    assert [c.group.name for c in found.compared if c.standing is not Standing.INSIDE] == ["Bristol"]
    assert [c.group.name for c in found.compared] == sorted(c[0] for c in CENTRES)


@pytest.mark.parametrize(("size", "expected"), [(20, [0.278, 0.408, 0.830, 0.929]), (50, [0.424, 0.505, 0.770, 0.838])])
def test_around_a_target_of_65_percent_the_limits_are_the_computed_ones(size: int, expected: list[float]) -> None:
    (found,) = funnel([group("A", 13, 20)], RULE, smallest=10, target=0.65).limits_at([size])
    assert [round(x, 3) for x in (found.outer_low, found.inner_low, found.inner_high, found.outer_high)] == expected


def test_the_spread_widens_the_limits_by_its_square_root() -> None:
    """Five at 39% and five at 61% of 100: each 2.2 standard errors of 5% from 50%, so limits are 2.2 times as far away."""
    groups = [group(f"{i}", 39 if i < 5 else 61, 100) for i in range(10)]
    found = funnel(groups, RULE, smallest=10)
    plain = funnel(groups[:1], RULE, smallest=10, target=0.5).compared[0]
    assert found.dispersion == pytest.approx(2.2**2)
    assert found.compared[0].limits.inner_low - 0.5 == pytest.approx(2.2 * (plain.limits.inner_low - 0.5))
    assert {c.standing for c in found.compared} == {Standing.INSIDE}
    assert plain.standing is Standing.BELOW_INNER


def test_groups_that_differ_less_than_chance_do_not_narrow_the_limits() -> None:
    assert funnel([group(f"{i}", 50, 100) for i in range(10)], RULE, smallest=10).dispersion == 1


def test_small_groups_are_withheld_with_one_that_would_give_them_away_and_still_count_in_the_target() -> None:
    found = funnel([group("A", 60, 100), group("b", 0, 3), group("C", 30, 40), group("D", 0, 0)], RULE, smallest=10)
    assert [c.group.name for c in found.compared] == ["A"]
    assert [g.name for g in found.withheld] == ["b", "C"]
    assert found.target == pytest.approx(90 / 143)


def test_groups_stand_by_name_whatever_their_share() -> None:
    found = funnel([group("wrexham", 90, 100), group("Bangor", 10, 100), group("Flint", 50, 100)], RULE, smallest=10)
    assert [c.group.name for c in found.compared] == ["Bangor", "Flint", "wrexham"]


def test_where_everybody_says_yes_or_nobody_does_nobody_stands_out() -> None:
    for yes in (0, 20):
        found = funnel([group("A", yes, 20), group("B", yes, 20)], RULE, smallest=10)
        assert {c.standing for c in found.compared} == {Standing.INSIDE}


def test_all_of_a_small_group_saying_yes_does_not_stand_out_where_nearly_all_do() -> None:
    """With 95% in all, ten of ten happens six times in ten."""
    (only,) = funnel([group("A", 10, 10)], RULE, smallest=10, target=0.95).compared
    assert only.limits.inner_high == 1
    assert only.standing is Standing.INSIDE


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="anybody"):
        funnel([group("A", 0, 0)], RULE, smallest=10)


@pytest.mark.parametrize(
    ("share", "standing"),
    [
        (0.05, Standing.BELOW_OUTER),
        (0.1, Standing.BELOW_INNER),
        (0.2, Standing.INSIDE),
        (0.8, Standing.INSIDE),
        (0.9, Standing.ABOVE_INNER),
        (0.95, Standing.ABOVE_OUTER),
    ],
)
def test_a_share_on_a_limit_is_not_outside_it(share: float, standing: Standing) -> None:
    assert Limits(0.1, 0.2, 0.8, 0.9).standing(share) is standing


@given(st.floats(0.01, 0.99), st.lists(st.integers(1, 2000), min_size=1, max_size=5))
def test_limits_lie_round_the_target_within_what_a_share_can_be_and_the_outer_ones_outside(target: float, sizes: list[int]) -> None:
    for found in funnel([group("A", 1, 2)], RULE, smallest=1, target=target).limits_at(sizes):
        assert 0 <= found.outer_low <= found.inner_low <= target <= found.inner_high <= found.outer_high <= 1


@given(st.floats(0.05, 0.95), st.integers(5, 300))
def test_below_the_lower_limit_falls_no_more_than_the_share_it_is_named_for(target: float, size: int) -> None:
    (limit,) = exact_limits(target, [size], 0.025)
    below = max((r for r in range(size + 1) if r / size < limit), default=-1)
    assert stats().binom.cdf(below, size, target) <= 0.025
