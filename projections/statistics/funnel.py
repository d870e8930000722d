"""Which group stands out: shares against the share of all together, within limits that are wider for small groups."""

import math
from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean, quantiles

import msgspec

from domain.policy import Comparison
from domain.words import said
from projections.statistics.library import stats
from projections.statistics.suppression import withhold


class Group(msgspec.Struct, frozen=True):
    """One group that is compared: `yes` of `out_of`, under the name people know it by."""

    key: str
    name: str
    yes: int
    out_of: int

    @property
    def share(self) -> float:
        return self.yes / self.out_of


class Standing(StrEnum):
    """Where a group stands. Outside the inner limits is worth a look, outside the outer ones is hardly chance."""

    BELOW_OUTER = said("below the outer limit")
    BELOW_INNER = said("below the inner limit")
    INSIDE = said("inside the limits")
    ABOVE_INNER = said("above the inner limit")
    ABOVE_OUTER = said("above the outer limit")


class Limits(msgspec.Struct, frozen=True):
    """The limits for a group of one size, as shares between 0 and 1."""

    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float

    def standing(self, share: float) -> Standing:
        if share < self.inner_low:
            return Standing.BELOW_OUTER if share < self.outer_low else Standing.BELOW_INNER
        if share > self.inner_high:
            return Standing.ABOVE_OUTER if share > self.outer_high else Standing.ABOVE_INNER
        return Standing.INSIDE


class Compared(msgspec.Struct, frozen=True):
    group: Group
    limits: Limits
    standing: Standing


class Funnel(msgspec.Struct, frozen=True):
    """Groups against their target, by name and never by share. `dispersion` is how many times more the groups differ than chance
    alone would make them (1 when they do not); the limits allow for it. `withheld` are groups too small to show, or shielding one."""

    target: float
    dispersion: float
    compared: tuple[Compared, ...]
    withheld: tuple[Group, ...]
    rule: Comparison

    def limits_at(self, sizes: Sequence[int]) -> list[Limits]:
        """The limits for groups of these sizes: what the lines of the chart are drawn through."""
        return _limits(self.target, sizes, self.dispersion, self.rule)


def funnel(groups: Sequence[Group], rule: Comparison, *, smallest: int, target: float | None = None) -> Funnel:
    """Compare groups by Spiegelhalter's funnel (Statistics in Medicine 2005;24:1185-1202). ValueError when there is nothing to compare.

    Without a target it is the share of all groups together, those not shown too. A group smaller than `smallest` is withheld, as is
    one from which a small one could be worked out; a group of nobody has no share and is left out.
    """
    some = sorted((g for g in groups if g.out_of), key=lambda g: (g.name.casefold(), g.key))
    if not some:
        raise ValueError("No group has anybody in it")
    if target is None:
        target = sum(g.yes for g in some) / sum(g.out_of for g in some)
    held = withhold({g.key: g.out_of for g in some}, smallest=smallest)
    shown = [g for g in some if g.key not in held]
    spread = max(1.0, dispersion(shown, target, winsorised=rule.winsorised_share))
    limits = _limits(target, [g.out_of for g in shown], spread, rule)
    compared = tuple(Compared(g, within, within.standing(g.share)) for g, within in zip(shown, limits, strict=True))
    return Funnel(target, spread, compared, tuple(g for g in some if g.key in held), rule)


def dispersion(groups: Sequence[Group], target: float, *, winsorised: float) -> float:
    """Phi: the mean square of how many standard errors each group lies from the target; about 1 when only chance is at work.

    So that a few extreme groups do not widen the limits that should show them, the outermost `winsorised` share at each end is drawn
    in to its quantile (linear, as R's type 7). 1 for fewer than two groups, and for a target that leaves no room for chance.
    """
    if len(groups) < 2 or not 0 < target < 1:
        return 1.0
    z = [(g.share - target) / math.sqrt(target * (1 - target) / g.out_of) for g in groups]
    if winsorised:
        cuts = quantiles(z, n=round(1 / winsorised), method="inclusive")
        z = [min(max(one, cuts[0]), cuts[-1]) for one in z]
    return fmean(one * one for one in z)


def exact_limits(target: float, sizes: Sequence[int], tail: float) -> list[float]:
    """For each size of group the share below which it falls with the probability `tail`, interpolated between whole numbers.

    Where even all of a group saying yes is not rare, there is no upper limit: 1.
    """
    if not sizes or not 0 < target < 1:
        return [target] * len(sizes)
    chance = stats().binom
    least = chance.ppf(tail, sizes, target)
    below, up_to = chance.cdf(least - 1, sizes, target), chance.cdf(least, sizes, target)
    return [
        1.0 if r == size else float((r - (to - tail) / (to - under)) / size)
        for r, under, to, size in zip(least, below, up_to, sizes, strict=True)
    ]


def _limits(target: float, sizes: Sequence[int], dispersion: float, rule: Comparison) -> list[Limits]:
    def widened(tail: float) -> list[float]:
        """Between 0 and 1 and never beyond the target: for a rare thing in a small group the interpolation would cross it."""
        least, most = (0.0, target) if tail < 0.5 else (target, 1.0)
        limits = (target + math.sqrt(dispersion) * (limit - target) for limit in exact_limits(target, sizes, tail))
        return [min(max(limit, least), most) for limit in limits]

    tails = ((1 - rule.outer_limits) / 2, (1 - rule.inner_limits) / 2, (1 + rule.inner_limits) / 2, (1 + rule.outer_limits) / 2)
    return [Limits(*of_one) for of_one in zip(*map(widened, tails), strict=True)]
