"""The arithmetic of ratings: bands, the lowest key question, the panel's discretion, ten standards and one rating."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.rating import Band, KeyQuestion, band, judge, overall, percent, standard, touched
from store.policy import current_policy
from tests.vectors import table

RULE = current_policy().rating
INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING = Band

BANDS = [(int(row["percent_sufficient_integer"]), row["band"].lower()) for row in table("hmip_rating_bands.csv")] or [
    (0, "inadequate"),
    (49, "inadequate"),
    (50, "requires improvement"),
    (64, "requires improvement"),
    (65, "good"),
    (79, "good"),
    (80, "outstanding"),
    (100, "outstanding"),
]


@pytest.mark.parametrize(("share", "expected"), BANDS)
def test_a_share_has_the_band_that_it_reaches(share: int, expected: str) -> None:
    assert band(share, RULE) == expected


@pytest.mark.parametrize(
    ("sufficient", "of", "up", "down"),
    [
        (99, 200, 50, 49),  # 49.5
        (129, 200, 65, 64),  # 64.5
        (159, 200, 80, 79),  # 79.5
        (2, 3, 67, 67),
        (1, 3, 33, 33),
        (0, 7, 0, 0),
        (7, 7, 100, 100),
        (6449, 10_000, 64, 64),
        (6451, 10_000, 65, 65),
    ],
)
def test_a_half_of_one_per_cent_goes_where_the_policy_says(sufficient: int, of: int, up: int, down: int) -> None:
    assert percent(sufficient, of, replace(RULE, half_goes="up")) == up
    assert percent(sufficient, of, replace(RULE, half_goes="down")) == down


@pytest.mark.parametrize(("sufficient", "of"), [(1, 0), (0, 0), (-1, 4), (5, 4)])
def test_what_is_no_share_is_refused(sufficient: int, of: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        percent(sufficient, of, RULE)


def questions(*shares: int) -> list[KeyQuestion]:
    return [KeyQuestion(name, share, 100) for name, share in zip(("engagement", "desistance", "safety"), shares, strict=False)]


@pytest.mark.parametrize(
    ("shares", "expected", "may_be"),
    [
        ((82, 66, 48), INADEQUATE, REQUIRES_IMPROVEMENT),
        ((82, 66, 63), REQUIRES_IMPROVEMENT, GOOD),
        ((82, 66, 60), REQUIRES_IMPROVEMENT, GOOD),
        ((82, 66, 59), REQUIRES_IMPROVEMENT, None),
        ((64, 51, 82), REQUIRES_IMPROVEMENT, None),
        ((82, 66, 44), INADEQUATE, None),
        ((82, 66, 75), GOOD, None),
        ((82, 75, 76), GOOD, OUTSTANDING),
        ((82, 95, 80), OUTSTANDING, None),
        ((0,), INADEQUATE, None),
    ],
)
def test_a_standard_is_as_good_as_its_lowest_key_question_and_a_panel_may_raise_it_near_the_next_band(
    shares: tuple[int, ...], expected: Band, may_be: Band | None
) -> None:
    found = standard(questions(*shares), RULE)
    assert (found.band, found.may_be) == (expected, may_be)
    assert [one.percent for one in found.questions] == list(shares)


def test_a_standard_without_a_key_question_is_none() -> None:
    with pytest.raises(ValueError, match="has key questions"):
        standard([], RULE)


def test_london_in_2019_with_half_good_and_half_requiring_improvement_requires_improvement() -> None:
    """As published in August 2019."""
    found = overall([GOOD] * 5 + [REQUIRES_IMPROVEMENT] * 5, RULE)
    assert (found.points, found.most, found.band) == (15, 30, REQUIRES_IMPROVEMENT)


@pytest.mark.parametrize(
    ("bands", "points", "expected"),
    [
        ([INADEQUATE] * 10, 0, INADEQUATE),
        ([REQUIRES_IMPROVEMENT] * 5 + [INADEQUATE] * 5, 5, INADEQUATE),
        ([REQUIRES_IMPROVEMENT] * 6 + [INADEQUATE] * 4, 6, REQUIRES_IMPROVEMENT),
        ([GOOD] * 6 + [REQUIRES_IMPROVEMENT] * 4, 16, GOOD),
        ([OUTSTANDING] * 5 + [GOOD] * 5, 25, GOOD),
        ([OUTSTANDING] * 6 + [GOOD] * 4, 26, OUTSTANDING),
        ([OUTSTANDING] * 10, 30, OUTSTANDING),
    ],
)
def test_the_points_of_ten_standards_give_the_rating(bands: list[Band], points: int, expected: Band) -> None:
    found = overall(bands, RULE)
    assert (found.points, found.band) == (points, expected)


@pytest.mark.parametrize("number", [0, 9, 11])
def test_another_number_of_standards_is_no_rating(number: int) -> None:
    with pytest.raises(ValueError, match="10 standards are rated"):
        overall([GOOD] * number, RULE)


# ---- Laws ------------------------------------------------------------------------------------------------------------

SHARES = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(SHARES)
def test_a_whole_per_cent_is_never_half_of_one_away(share: tuple[int, int]) -> None:
    sufficient, of = share
    assert abs(percent(sufficient, of, RULE) - Fraction(100 * sufficient, of)) <= Fraction(1, 2)


@given(SHARES)
def test_one_more_sufficient_case_never_lowers_the_band(share: tuple[int, int]) -> None:
    sufficient, of = share
    bands = list(Band)
    lower, higher = (judge(KeyQuestion("q", min(n, of), of), RULE).band for n in (sufficient, sufficient + 1))
    assert bands.index(lower) <= bands.index(higher)


@given(st.lists(SHARES, min_size=1, max_size=4))
def test_a_standard_is_never_better_than_any_of_its_key_questions(shares: list[tuple[int, int]]) -> None:
    found = standard([KeyQuestion("q", *share) for share in shares], RULE)
    bands = list(Band)
    assert bands.index(found.band) == min(bands.index(one.band) for one in found.questions)
    assert found.may_be in (None, *bands[bands.index(found.band) + 1 :][:1])


def test_the_policy_has_every_band_from_nothing_on_each_above_the_one_before() -> None:
    for least in (RULE.bands, RULE.scores, RULE.overall):
        assert list(least) == list(Band)
        assert list(least.values()) == sorted(set(least.values()))
        assert least["inadequate"] == 0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.592, 0.722, (REQUIRES_IMPROVEMENT, GOOD)),
        (0.645, 0.645, (GOOD,)),  # 64.5% is made whole before it is banded
        (0.6449, 0.65, (REQUIRES_IMPROVEMENT, GOOD)),
        (0.3, 0.9, (INADEQUATE, REQUIRES_IMPROVEMENT, GOOD, OUTSTANDING)),
        (0.0, 0.0, (INADEQUATE,)),
        (1.0, 1.0, (OUTSTANDING,)),
    ],
)
def test_an_interval_touches_every_band_of_its_shares(low: float, high: float, expected: tuple[Band, ...]) -> None:
    assert touched(low, high, RULE) == expected
