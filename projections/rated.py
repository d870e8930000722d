"""How sure a rating is: the interval of a key question's share, and every band that the interval touches.

A band without its interval misleads: of samples of 60 cases from a provider that does well in 62 of 100, more than a third say 65
or more.
"""

from fractions import Fraction

import msgspec

from domain.policy import Ratings
from domain.rating import Band, Judged, KeyQuestion, band, judge, percent
from projections.statistics.intervals import of_frame, wilson


class Sure(msgspec.Struct, frozen=True):
    """A judged key question with the shares, in whole per cent, between which the share of all cases lies, and the bands there, the
    lowest first."""

    judged: Judged
    low: int
    high: int
    bands: tuple[Band, ...]


def sure(question: KeyQuestion, rule: Ratings, *, confidence: float, frame: int | None = None) -> Sure:
    """With `frame`, the number of cases the sample was drawn from, exact; without it Wilson's interval. ValueError without a sample."""
    judged = judge(question, rule)
    if frame is None:
        found = wilson(question.sufficient, question.of, confidence=confidence)
        low, high = (_whole(share, rule) for share in (found.low, found.high))
    else:
        low, high = (percent(cases, frame, rule) for cases in of_frame(question.sufficient, question.of, frame, confidence=confidence))
    lowest, highest = band(low, rule), band(high, rule)
    return Sure(judged, low, high, tuple(one for one in Band if rule.bands[lowest] <= rule.bands[one] <= rule.bands[highest]))


def _whole(share: float, rule: Ratings) -> int:
    exact = Fraction(share).limit_denominator(1_000_000)
    return percent(exact.numerator, exact.denominator, rule)
