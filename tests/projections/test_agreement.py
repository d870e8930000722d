"""Kappa equals published values, and is not made up where there is nothing to measure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.statistics.agreement import kappa


def test_it_equals_the_printout_of_sas() -> None:
    """The example of SAS PROC FREQ that statsmodels tests its own kappa against: kappa, its error and its limits at 95%."""
    found = kappa([[0, 4, 1], [0, 8, 0], [0, 1, 5]], confidence=0.95)
    assert found.interval is not None
    assert (found.value, found.error) == (pytest.approx(0.4842, abs=5e-5), pytest.approx(0.1380, abs=5e-5))
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.2137, abs=5e-5), pytest.approx(0.7547, abs=5e-5))


def test_it_is_what_comes_out_by_hand() -> None:
    """35 of 50 agree; chance gives (25 x 30 + 25 x 20) / 2500 = 0.5, so kappa is (0.7 - 0.5) / 0.5."""
    found = kappa([[20, 5], [10, 15]], confidence=0.95)
    assert (found.agreed, found.of, found.value) == (35, 50, pytest.approx(0.4))


def test_full_agreement_on_both_answers_is_one_and_sure() -> None:
    found = kappa([[6, 0], [0, 4]], confidence=0.8)
    assert found.value == pytest.approx(1)
    assert found.error == pytest.approx(0)


def test_one_case_says_nothing_of_chance() -> None:
    found = kappa([[0, 1], [0, 0]], confidence=0.8)
    assert (found.agreed, found.of, found.value, found.error, found.interval) == (0, 1, None, None, None)


def test_agreement_on_one_answer_only_measures_nothing() -> None:
    found = kappa([[9, 0], [0, 0]], confidence=0.8)
    assert (found.agreed, found.of, found.value, found.error, found.interval) == (9, 9, None, None, None)


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[1, 2]], []])
def test_what_is_no_table_of_two_readers_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="square table"):
        kappa(table, confidence=0.8)


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(any))
def test_it_stays_within_its_bounds_and_does_not_care_who_reads_first(counts: list[int]) -> None:
    a, b, c, d = counts
    one, other = kappa([[a, b], [c, d]], confidence=0.8), kappa([[a, c], [b, d]], confidence=0.8)
    assert (one.value is None) is (other.value is None)
    if one.value is not None and other.value is not None and one.interval is not None:
        assert one.value == pytest.approx(other.value)
        assert -1 <= one.interval.low <= one.value + 1e-9
        assert one.value - 1e-9 <= one.interval.high <= 1
