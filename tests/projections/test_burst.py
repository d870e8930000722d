"""Bursts: the comparison of counts is the published one, and ordinary weeks are hardly ever flagged while a burst is."""

import numpy
import pytest

from bench import honest
from projections.statistics.burst import base_rate, burst, q_values, rate_ratio, weekly
from tests.rules import POLICY
from tests.vectors import document

RULE = POLICY.comparison
EVEN = [8, 12] * 13
"""Half a year of weeks with 10 entries on average, which vary less than chance: phi is 1, one error is the root of 10 x 27 / 26."""
UNEVEN = [0, 20] * 13
"""Ten on average too, variance 104: phi is 10.4."""
WORKED = document("burst_and_delay.json") or {
    "poisson_rate_ratio": {
        "x": [11, 21],
        "time": [800, 3011],
        "p_two_sided": 0.07966863,
        "ratio": 1.97148810,
        "ci": [0.85842640, 4.27726594],
    },
    "burst_worked": {
        "window_backdated": 34,
        "window_days": 7,
        "baseline_backdated": 130,
        "baseline_days": 91,
        "rate_ratio": 3.4,
        "p_one_sided": 1.6882093484339688e-08,
        "ratio_ci95": [2.259129527188801, 4.9922995951410325],
    },
}


def test_two_counts_are_compared_as_published() -> None:
    case = WORKED["poisson_rate_ratio"]
    (x, y), (t, u) = case["x"], case["time"]
    found = rate_ratio(x, t, y, u, confidence=0.95)
    expected = (case["p_two_sided"], case["ratio"], *case["ci"])
    assert (found.p, found.ratio, found.low, found.high) == tuple(pytest.approx(value, rel=1e-7) for value in expected)


def test_a_burst_is_compared_as_computed_elsewhere() -> None:
    case = WORKED["burst_worked"]
    sides = (case["window_backdated"], case["window_days"], case["baseline_backdated"], case["baseline_days"])
    found = rate_ratio(*sides, confidence=0.95)
    expected = (case["rate_ratio"], case["p_one_sided"], *case["ratio_ci95"])
    assert (found.ratio, found.p_more, found.low, found.high) == tuple(pytest.approx(value, rel=1e-9) for value in expected)


def test_against_none_before_the_ratio_has_no_upper_end() -> None:
    assert rate_ratio(5, 7, 0, 91, confidence=0.95).high == float("inf")


@pytest.mark.parametrize(("before", "entries", "flagged"), [(EVEN, 24, False), (EVEN, 25, True), (UNEVEN, 55, False), (UNEVEN, 56, True)])
def test_how_many_are_too_many_depends_on_how_unevenly_the_weeks_before_ran(before: list[int], entries: int, flagged: bool) -> None:
    """Student's t with 25 degrees is above 4.352 once in ten thousand: 10 + 4.352 x 3.222 = 24.02, and 10 + 4.352 x 10.392 = 55.2."""
    found = burst(before, entries, RULE)
    assert found is not None
    assert found.flagged is flagged
    assert found.usual == 10
    assert found.ratio == pytest.approx(entries / 10)


def test_the_spread_of_the_weeks_is_said() -> None:
    even, uneven = burst(EVEN, 10, RULE), burst(UNEVEN, 10, RULE)
    assert even is not None
    assert uneven is not None
    assert (even.dispersion, uneven.dispersion) == (1, pytest.approx(10.4))
    assert even.p == pytest.approx(0.5)


def test_with_fewer_weeks_before_than_the_rule_asks_for_nothing_is_said() -> None:
    assert burst(EVEN[:25], 100, RULE) is None


def test_a_window_of_nine_days_is_measured_against_nine_days_of_the_weeks_before() -> None:
    """9 / 7 weeks of 10 are 12.86; 34 are 4.352 x 3.673 = 16.0 and more above that, 25 are not."""
    many, some = (burst(EVEN, entries, RULE, weeks=9 / 7) for entries in (34, 25))
    assert many is not None
    assert some is not None
    assert many.usual == pytest.approx(90 / 7)
    assert (many.flagged, some.flagged) == (True, False)


def test_few_entries_are_never_flagged_even_where_there_were_none_before() -> None:
    few, more = burst([0] * 26, 9, RULE), burst([0] * 26, 10, RULE)
    assert few is not None
    assert more is not None
    assert (few.flagged, more.flagged) == (False, True)
    assert more.ratio is None


def test_each_week_is_looked_at_against_those_before_it_and_flagged_ones_give_the_base_rate() -> None:
    weeks = weekly([*EVEN, 10, 60, 10, 10], RULE)
    assert weeks[:26] == [None] * 26
    assert [week.flagged for week in weeks[26:] if week] == [False, True, False, False]
    assert base_rate(weeks) == 0.25
    assert base_rate(weeks[:26]) is None


def test_of_many_teams_looked_at_together_the_share_of_false_ones_is_given() -> None:
    """Benjamini and Hochberg by hand: 0.01, 0.03, 0.04 of three become 0.03, 0.045 and 0.04, and the second may not exceed the third."""
    found = {name: burst(EVEN, entries, RULE) for name, entries in (("A", 30), ("B", 12), ("C", 10))}
    ps = [one.p for one in found.values() if one]
    expected = [3 * ps[0], 1.5 * ps[1], ps[2]]
    assert q_values({name: one for name, one in found.items() if one}) == dict(zip("ABC", map(pytest.approx, expected), strict=True))
    assert q_values({}) == {}


def test_in_a_thousand_honest_team_years_there_is_at_most_one_false_flag_in_two_and_a_fivefold_burst_is_found() -> None:
    """The table of the page about bursts says how much each kind adds, and how power falls with fewer entries and more uneven weeks."""
    random = numpy.random.default_rng(honest.SEED)
    assert sum(honest.false_flags(random, 1000, RULE).values()) <= 0.5
    assert honest.power_of_any(random, 5, 1000, RULE) >= 0.9
