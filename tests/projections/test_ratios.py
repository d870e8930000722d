"""A share of contacts is as sure as the cases are alike, not as the contacts are many."""

import pytest

from projections.statistics.ratios import of_cases

Z80 = 1.2815515655446


def test_it_is_what_comes_out_by_hand() -> None:
    """Three cases with 1 of 2, 3 of 4 and 2 of 6: the share is 6/12. Residuals 0, 1 and -1; spread 2 / 2 = 1.

    Error: sqrt(3 x 1) / 12.
    """
    found = of_cases([(1, 2), (3, 4), (2, 6)], confidence=0.8)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.5 - Z80 * 3**0.5 / 12), pytest.approx(0.5 + Z80 * 3**0.5 / 12))


def test_half_of_the_frame_drawn_leaves_half_of_the_variance() -> None:
    found = of_cases([(1, 2), (3, 4), (2, 6)], confidence=0.8, frame=6)
    assert found is not None
    assert found.high - 0.5 == pytest.approx(Z80 * (3 / 2) ** 0.5 / 12)


def test_a_frame_that_was_drawn_whole_is_sure() -> None:
    found = of_cases([(1, 2), (3, 4)], confidence=0.8, frame=2)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(4 / 6), pytest.approx(4 / 6))


def test_cases_that_are_alike_are_sure_however_many_contacts_they_have() -> None:
    few, many = of_cases([(1, 2)] * 5, confidence=0.8), of_cases([(50, 100)] * 5, confidence=0.8)
    assert few == many


def test_one_case_or_none_says_nothing() -> None:
    assert of_cases([(1, 2)], confidence=0.8) is None
    assert of_cases([], confidence=0.8) is None
    assert of_cases([(0, 0), (0, 0)], confidence=0.8) is None


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        of_cases([(1, 2), (1, 2)], confidence=0.8, frame=1)
