"""A rating with how sure it is: the interval of a share and every band that it touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rating import Band, KeyQuestion
from projections.rated import sure
from store.policy import current_policy
from tests.vectors import table

RULE = current_policy().rating
INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Band

DRAWN = [
    (int(row["x"]), int(row["n"]), int(row["N"]), float(row["confidence"]), float(row["exact_low"]), float(row["exact_high"]))
    for row in table("finite_population_intervals.csv")
] or [(33, 50, 120, 0.8, 0.583333, 0.725)]


def test_a_sample_that_says_good_may_come_from_a_provider_that_requires_improvement() -> None:
    """33 of 50 cases drawn from 120 are 66%: with 80% confidence 70 to 87 of all 120, which is 58 to 73%."""
    found = sure(KeyQuestion("safety", 33, 50), RULE, confidence=0.8, frame=120)
    assert (found.judged.percent, found.judged.band) == (66, GOOD)
    assert (found.low, found.high) == (58, 73)
    assert found.bands == (REQUIRES_IMPROVEMENT, GOOD)


@pytest.mark.parametrize(("sufficient", "of", "frame", "confidence", "low", "high"), DRAWN)
def test_from_a_frame_the_interval_is_the_exact_one(
    sufficient: int, of: int, frame: int, confidence: float, low: float, high: float
) -> None:
    found = sure(KeyQuestion("q", sufficient, of), RULE, confidence=confidence, frame=frame)
    assert abs(found.low - 100 * low) <= 0.5001
    assert abs(found.high - 100 * high) <= 0.5001


def test_without_a_frame_it_is_wilson_s() -> None:
    """81 of 263: 25.5 to 36.6% (Newcombe 1998)."""
    found = sure(KeyQuestion("q", 81, 263), RULE, confidence=0.95)
    assert (found.low, found.high, found.bands) == (26, 37, (INADEQUATE,))


def test_when_every_case_was_judged_there_is_no_doubt() -> None:
    found = sure(KeyQuestion("q", 30, 40), RULE, confidence=0.95, frame=40)
    assert (found.low, found.high, found.bands) == (75, 75, (GOOD,))


def test_a_handful_of_cases_can_touch_every_band() -> None:
    found = sure(KeyQuestion("q", 2, 3), RULE, confidence=0.95)
    assert found.bands == tuple(Band)


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of), st.integers(of, 200))))
def test_the_band_that_was_found_is_always_one_of_those_touched(given: tuple[int, int, int]) -> None:
    sufficient, of, frame = given
    for of_all in (frame, None):
        found = sure(KeyQuestion("q", sufficient, of), RULE, confidence=0.8, frame=of_all)
        assert found.judged.band in found.bands
        assert found.low <= found.judged.percent <= found.high
