"""Intervals of a share: equal to the published ones, and what they must be at the edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.statistics.intervals import Interval, clopper_pearson, of_frame, wilson
from projections.statistics.library import stats
from tests.vectors import table

# Newcombe, Statistics in Medicine 1998;17:857-872, Table I; the same values as beside the repository.
PUBLISHED = [
    (81, 263, "wilson", 0.2553, 0.3662),
    (15, 148, "wilson", 0.0624, 0.1605),
    (0, 20, "wilson", 0, 0.1611),
    (1, 29, "wilson", 0.0061, 0.1718),
    (81, 263, "clopper_pearson", 0.2527, 0.3676),
    (15, 148, "clopper_pearson", 0.0578, 0.1617),
    (0, 20, "clopper_pearson", 0, 0.1684),
    (1, 29, "clopper_pearson", 0.0009, 0.1776),
]
COMPUTED = [
    (int(row["x"]), int(row["n"]), row["method"], float(row["recomputed_low"]), float(row["recomputed_high"]))
    for row in table("intervals.csv")
]
METHODS = {"wilson": wilson, "clopper_pearson": clopper_pearson}
FRAMES = [
    tuple(float(row[name]) for name in ("x", "n", "N", "confidence", "M_low", "M_high", "wilson_fpc_low", "wilson_fpc_high"))
    for row in table("finite_population_intervals.csv")
] or [
    (33, 50, 120, 0.8, 70, 87, 0.591676, 0.722258),
    (0, 50, 120, 0.8, 0, 4, 0.0, 0.018956),
    (50, 50, 120, 0.8, 116, 120, 0.981044, 1.0),
]


@pytest.mark.parametrize(("yes", "sample", "method", "low", "high"), PUBLISHED)
def test_the_interval_is_the_published_one(yes: int, sample: int, method: str, low: float, high: float) -> None:
    found = METHODS[method](yes, sample, confidence=0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("yes", "sample", "method", "low", "high"), COMPUTED)
def test_the_interval_is_the_one_that_others_computed(yes: int, sample: int, method: str, low: float, high: float) -> None:
    found = METHODS[method](yes, sample, confidence=0.95)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@pytest.mark.parametrize(("yes", "sample", "frame", "confidence", "fewest", "most", "low", "high"), FRAMES)
def test_from_a_counted_frame_the_interval_is_the_one_that_others_computed(
    yes: float, sample: float, frame: float, confidence: float, fewest: float, most: float, low: float, high: float
) -> None:
    x, n, whole = int(yes), int(sample), int(frame)
    assert of_frame(x, n, whole, confidence=confidence) == (fewest, most)
    found = wilson(x, n, confidence=confidence, frame=whole)
    assert (round(found.low, 6), round(found.high, 6)) == (low, high)


def test_when_the_whole_frame_was_looked_at_the_interval_is_the_share_itself() -> None:
    assert of_frame(33, 50, 50, confidence=0.8) == (33, 33)
    assert wilson(33, 50, confidence=0.8, frame=50) == Interval(0.66, 0.66)


def test_whatever_the_frame_holds_its_number_lies_in_the_interval_at_least_as_often_as_promised() -> None:
    """Every number in a frame of 60 against every outcome of a sample of 20; 0.8298 was computed elsewhere as the least coverage."""
    frame, sample, confidence = 60, 20, 0.80
    intervals = [of_frame(yes, sample, frame, confidence=confidence) for yes in range(sample + 1)]
    coverage = [
        sum(stats().hypergeom.pmf(yes, frame, true, sample) for yes, (low, high) in enumerate(intervals) if low <= true <= high)
        for true in range(frame + 1)
    ]
    assert min(coverage) == pytest.approx(0.8298, abs=1e-4)


@pytest.mark.parametrize(
    ("yes", "sample", "frame"), [(0, 0, None), (3, 2, None), (-1, 2, None), (1, 5, 4)], ids=["nobody", "too many", "below none", "frame"]
)
def test_what_is_no_share_of_a_sample_has_no_interval(yes: int, sample: int, frame: int | None) -> None:
    with pytest.raises(ValueError, match=r"no share|cannot be drawn"):
        wilson(yes, sample, confidence=0.95, frame=frame)
    if frame:
        with pytest.raises(ValueError, match="5 cannot be drawn from 4"):
            of_frame(yes, sample, frame, confidence=0.95)
    else:
        with pytest.raises(ValueError, match="no share"):
            clopper_pearson(yes, sample, confidence=0.95)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n, 5 * n))))
def test_the_share_lies_in_its_interval_and_no_has_the_mirror_image_of_yes(counted: tuple[int, int, int]) -> None:
    yes, sample, frame = counted
    for asked in (None, frame):
        found = wilson(yes, sample, confidence=0.95, frame=asked)
        mirror = wilson(sample - yes, sample, confidence=0.95, frame=asked)
        assert 0 <= found.low <= yes / sample <= found.high <= 1
        assert (mirror.low, mirror.high) == (pytest.approx(1 - found.high), pytest.approx(1 - found.low))
