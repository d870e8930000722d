"""Drawing from the numbers of the population: one of a mix, a number of a span, a wait that is usual or late."""

from collections.abc import Mapping
from random import Random
from typing import TypeAlias

import msgspec

Mix: TypeAlias = Mapping[str, float]
"""What there is with its weight, of any sum."""
Span: TypeAlias = tuple[int, int]
"""The least and the most."""


class Wait(msgspec.Struct, frozen=True):
    """A usual span of days, a late one, and how often it is late."""

    usual: Span
    late: Span
    late_share: float

    def days(self, rng: Random, neglect: float = 1.0) -> int:
        """How long it takes; a team that is badly run is late more often."""
        return rng.randint(*(self.late if rng.random() < self.late_share * neglect else self.usual))


def one_of(rng: Random, mix: Mix) -> str:
    return rng.choices(tuple(mix), tuple(mix.values()))[0]


def some(rng: Random, span: Span) -> int:
    return rng.randint(min(span), max(span))
