"""The arithmetic of an inspection's ratings: shares to bands, the lowest key question to a standard, ten standards to a rating.

It says what the published rules come to. The judgement is the panel's: where a share is near the next band it says that the panel may
choose, and it never chooses.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from domain.policy import Ratings
from domain.words import said


class Band(StrEnum):
    """The four ratings of HMI Probation, the lowest first."""

    INADEQUATE = said("inadequate")
    REQUIRES_IMPROVEMENT = said("requires improvement")
    GOOD = said("good")
    OUTSTANDING = said("outstanding")


class KeyQuestion(msgspec.Struct, frozen=True):
    """Of `of` cases that were judged, in how many the work was sufficient."""

    name: str
    sufficient: int
    of: int


class Judged(msgspec.Struct, frozen=True):
    """A key question with its share in whole per cent and its band. `may_be` is the next band, where the share is near enough to it."""

    question: KeyQuestion
    percent: int
    band: Band
    may_be: Band | None


class Standard(msgspec.Struct, frozen=True):
    """A standard by its key questions: the band of the lowest one, and what a panel may raise it to, None where it may not."""

    questions: tuple[Judged, ...]
    band: Band
    may_be: Band | None


class Overall(msgspec.Struct, frozen=True):
    points: int
    most: int
    band: Band


def percent(sufficient: int, of: int, rule: Ratings) -> int:
    """The share in whole per cent, as exact as whole numbers are. ValueError when it is none: no case, or more than there are."""
    if not 0 <= sufficient <= of or of == 0:
        raise ValueError(f"{sufficient} of {of} is no share")
    whole, left = divmod(100 * sufficient, of)
    return whole + (2 * left > of or (2 * left == of and rule.half_goes == "up"))


def band(share: int, rule: Ratings) -> Band:
    """The band of a share in whole per cent."""
    return _reached(share, rule.bands)


def touched(low: float, high: float, rule: Ratings) -> tuple[Band, ...]:
    """The bands of every share from `low` to `high`, both between 0 and 1, the lowest first."""
    first, last = (band(percent(round(10_000 * share), 10_000, rule), rule) for share in (low, high))
    bands = list(Band)
    return tuple(bands[bands.index(first) : bands.index(last) + 1])


def judge(question: KeyQuestion, rule: Ratings) -> Judged:
    share = percent(question.sufficient, question.of, rule)
    found = band(share, rule)
    above = _next(found)
    near = above is not None and rule.bands[above] - share <= rule.discretion_points
    return Judged(question, share, found, above if near else None)


def standard(questions: Sequence[KeyQuestion], rule: Ratings) -> Standard:
    """A standard is as good as the lowest of its key questions. ValueError without any.

    Where several share the lowest band, the lowest share among them says whether the panel may raise it.
    """
    judged = tuple(judge(question, rule) for question in questions)
    if not judged:
        raise ValueError("a standard has key questions")
    lowest = min(judged, key=lambda one: one.percent)
    return Standard(judged, lowest.band, lowest.may_be)


def overall(bands: Sequence[Band], rule: Ratings) -> Overall:
    """The rating of a provider from the bands of all its standards, as they were decided. ValueError for another number of standards."""
    if len(bands) != rule.standards:
        raise ValueError(f"{rule.standards} standards are rated, not {len(bands)}")
    points = sum(rule.scores[one] for one in bands)
    return Overall(points, rule.standards * max(rule.scores.values()), _reached(points, rule.overall))


def _reached(value: int, least: dict[str, int]) -> Band:
    return max((one for one in Band if least[one] <= value), key=lambda one: least[one])


def _next(found: Band) -> Band | None:
    bands = list(Band)
    at = bands.index(found) + 1
    return bands[at] if at < len(bands) else None
