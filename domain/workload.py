"""Workload: what a case weighs in points, by where the sentence is served and the risk, and what an officer of a grade can carry."""

from typing import NamedTuple

from domain.policy import Workload


class Weighed(NamedTuple):
    """What a case weighs and by which rule: the table of points, and the level looked up in it. `assessed` is false where the level
    is that of a case without an assessment."""

    table: str
    level: str
    assessed: bool
    points: int


def weigh(phase: str, rosh: str, rule: Workload) -> Weighed:
    """A case in this phase at this level of risk, empty for one never assessed. A phase without a table of its own counts as in the
    community. Points are those of the workload tool."""
    table = rule.phases.get(phase, "community")
    level = rosh or rule.unassessed_as
    points: dict[str, int] = getattr(rule, table)
    return Weighed(table, level, bool(rosh), points[level])


def capacity(grade: str, minutes_a_week: int | None, rule: Workload) -> int | None:
    """Points that somebody of this grade can carry who works so much (None: full time); None for a grade without a number.

    Parts of a point fall away, as in the workload tool."""
    full = rule.capacity.get(grade)
    if full is None or minutes_a_week is None:
        return full
    return full * minutes_a_week // (rule.full_time_hours * 60)
