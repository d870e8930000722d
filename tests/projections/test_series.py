"""Series: the limits are the published ones, a change is signalled, and what follows a change does not hide it."""

import pytest
from msgspec.structs import replace

from projections.statistics.xmr import Signal, xmr
from tests.rules import POLICY
from tests.vectors import document

RULE = POLICY.comparison
CALM = [10.0, 12.0] * 6
"""Twelve values: mean 11, each 2 from the next, so limits of 11 +- 3 x 2 / 1.128 = 5.681 and 16.319."""
NIST = document("xmr_nist.json") or {
    "x": [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1],
    "recomputed": {"xbar": 50.81, "mr_bar": 1.87777778, "ucl_d2_1.128": 55.80408983, "lcl": 45.81591017, "mr_ucl_3.267": 6.1347},
}


def test_the_limits_of_the_handbook_s_ten_values_are_the_published_ones() -> None:
    found = xmr(NIST["x"], replace(RULE, series_from_points=10))
    assert found is not None
    limits = (found.mean, found.movement, found.upper, found.lower, found.most_movement)
    expected = [NIST["recomputed"][name] for name in ("xbar", "mr_bar", "ucl_d2_1.128", "lcl", "mr_ucl_3.267")]
    assert limits == tuple(pytest.approx(value, abs=1e-8) for value in expected)
    assert set(found.signals) == {None}


def test_with_too_few_values_there_are_no_limits() -> None:
    assert xmr(CALM[:11], RULE) is None
    assert xmr([*CALM[:11], None], RULE) is None
    assert xmr(CALM, RULE) is not None


@pytest.mark.parametrize(("value", "signal"), [(16.3, None), (16.4, Signal.ABOVE), (5.7, None), (5.6, Signal.BELOW)])
def test_a_value_outside_the_limits_is_a_signal(value: float, signal: Signal | None) -> None:
    found = xmr([*CALM, value], RULE)
    assert found is not None
    assert found.signals[-1] is signal
    assert found.basis == (12 if signal else 13)


def test_after_a_signal_the_limits_stay_what_they_were() -> None:
    before, after = xmr([*CALM, 17.0], RULE), xmr([*CALM, 17.0, 17.0, 11.0, 3.0], RULE)
    assert before is not None
    assert after is not None
    assert (after.mean, after.lower, after.upper, after.basis) == (before.mean, before.lower, before.upper, 12)
    assert after.signals[12:] == (Signal.ABOVE, Signal.ABOVE, None, Signal.BELOW)


def test_eight_in_a_row_on_one_side_of_the_mean_are_a_signal_and_seven_are_not() -> None:
    """The twelfth value is above the mean, so seven more make eight. Up to then 18 values count: mean 204 / 18, movement 22 / 17."""
    assert set(getattr(xmr([*CALM, *[12.0] * 6], RULE), "signals", ())) == {None}
    found = xmr([*CALM, *[12.0] * 7], RULE)
    assert found is not None
    assert found.signals == (*[None] * 11, *[Signal.RUN_ABOVE] * 8)
    assert (found.basis, found.mean, found.movement) == (18, pytest.approx(204 / 18), pytest.approx(22 / 17))


def test_a_run_below_the_mean_is_said_to_be_below() -> None:
    found = xmr([*CALM, *[10.0] * 9], RULE)
    assert found is not None
    assert found.signals[-1] is Signal.RUN_BELOW


def test_a_value_on_the_mean_ends_a_run() -> None:
    found = xmr([*CALM, 12, 12, 12, 11, 12, 12, 12], replace(RULE, series_run=5))
    assert found is not None
    assert set(found.signals) == {None}


def test_a_month_without_a_value_is_passed_over_and_keeps_its_place() -> None:
    found = xmr([None, *CALM, None, 17.0], RULE)
    assert found is not None
    assert found.mean == 11
    assert found.signals == (*[None] * 14, Signal.ABOVE)


def test_a_share_has_no_limit_below_nothing_or_above_the_whole() -> None:
    found = xmr([0.1, 0.9] * 6, RULE, least=0, most=1)
    assert found is not None
    assert (found.lower, found.upper) == (0, 1)


def test_a_series_that_never_moves_has_limits_at_its_mean_and_any_move_is_a_signal() -> None:
    found = xmr([5.0] * 12 + [5.1], RULE)
    assert found is not None
    assert (found.lower, found.upper, found.signals[-1]) == (5, 5, Signal.ABOVE)
