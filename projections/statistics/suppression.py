"""Groups too small to show: those below the limit, and those held back so that nobody can work the small ones out from the total."""

from collections.abc import Mapping

import msgspec


class Withheld(msgspec.Struct, frozen=True):
    """Names of groups whose figures are not shown: too small, or shielding one that is."""

    small: frozenset[str]
    shielding: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.small or name in self.shielding


def withhold(sizes: Mapping[str, int], *, smallest: int) -> Withheld:
    """Which groups of one table with a total to hold back. `smallest` is the smallest size that may be shown.

    One small group alone is the total less the others, and a few that are small together are hardly better: the next smallest
    groups are held back with them until there are two and what is held back adds up to the limit. A group of nobody has nothing to
    hide and hides nothing. Ties go by name, so that the same table is always cut in the same way.
    """
    small = {name for name, size in sizes.items() if 0 < size < smallest}
    held = set(small)
    others = sorted((size, name) for name, size in sizes.items() if size >= smallest)
    for _, name in others:
        if not held or (len(held) > 1 and sum(sizes[h] for h in held) >= smallest):
            break
        held.add(name)
    return Withheld(frozenset(small), frozenset(held - small))
