"""The officers of a team in lines: what each carries, has taken on and has let pass, and how the headline measures have gone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from domain.policy import Policy
from domain.working_days import add_months
from projections import figures, timetable, workload
from projections.deadline_kinds import RULES, SLIPPING, About
from projections.figures import Figure, added
from projections.measures import MEASURES
from projections.workload import OfficerLoad
from web.deadlines import slug
from web.service import hidden
from web.sparks import Spark, spark
from web.whose import Asked

HEADLINES = tuple(MEASURES[name] for name in ("purposeful-activity", "continuity", "as-planned", "recording"))
"""The two questions of the service, and whether people are seen as planned and entries made in time."""
MONTHS = 12


class Course(msgspec.Struct, frozen=True):
    """A measure for an officer: the whole of the months asked for, its share unless there is too little for one, and the last whole
    months as a line."""

    figure: Figure
    share: float | None
    line: Spark


class OfficerLine(msgspec.Struct, frozen=True):
    """One officer; without a code, the cases that nobody holds."""

    load: OfficerLoad
    carries: int | None
    late: Mapping[About, int]
    courses: Sequence[Course]

    @property
    def share(self) -> float | None:
        return workload.share(self.load.points, self.carries)

    @property
    def late_in_all(self) -> int:
        return sum(self.late.values())


class OfficerLines(msgspec.Struct, frozen=True):
    """The officers in the order asked for, nobody last, and the measures of the whole team."""

    lines: Sequence[OfficerLine]
    team: Sequence[Course]


Months = Mapping[date, Figure]


def officer_lines(conn: Connection[Any], of: Asked, *, with_measures: bool, sort: str = "", descending: bool = False) -> OfficerLines:
    """Everybody who works in the team or holds a case of it."""
    seen, team = of.seen, of.whose.code
    loads = workload.of_team(conn, team, rule=seen.policy.workload, now=seen.at, today=seen.today, hidden=hidden())
    found = timetable.counts(conn, timetable.late(seen.today, SLIPPING, team=team, hidden=hidden(team=team)), "practitioner")
    late: dict[str, Counter[About]] = {}
    for (officer, kind), count in found.items():
        late.setdefault(officer, Counter())[RULES[kind].about] += count
    months: dict[tuple[str, str], dict[date, Figure]] = {}
    whole: dict[str, dict[date, list[Figure]]] = {measure.name: {} for measure in HEADLINES if with_measures}
    if with_measures:
        for (officer, name, month), figure in figures.by_officer_and_month(conn, HEADLINES, of.scope).items():
            months.setdefault((officer, name), {})[month] = figure
            whole[name].setdefault(month, []).append(figure)
    this_month = seen.today.replace(day=1)
    drawn = [add_months(this_month, -n) for n in range(MONTHS, 0, -1)]
    lines = [
        OfficerLine(
            load,
            load.capacity(seen.policy.workload),
            late.get(load.code, Counter()),
            [_course(months.get((load.code, measure.name), {}), drawn, seen.policy) for measure in HEADLINES] if with_measures else (),
        )
        for load in loads
    ]
    of_team = [_course({month: added(some) for month, some in each.items()}, drawn, seen.policy) for each in whole.values()]
    return OfficerLines(_in_order(lines, sort, descending), of_team)


def _course(months: Months, drawn: Sequence[date], policy: Policy) -> Course:
    """A measure from what its months come to; `drawn` are the months of the line."""
    total = added(months.values())
    return Course(total, _share(total, policy), spark([_share(months.get(month), policy) for month in drawn]))


def _share(figure: Figure | None, policy: Policy) -> float | None:
    """None of too little: below so many a share says more about chance than about anybody's work."""
    return None if figure is None or figure.denominator < policy.share_from_contacts else figure.share


# ---- The order -----------------------------------------------------------------------------------------------------------

Key = Callable[[OfficerLine], float | None]

ORDERS: Mapping[str, Key] = {
    "cases": lambda line: line.load.cases,
    "points": lambda line: line.load.points,
    "share": lambda line: line.share,
    "week": lambda line: line.load.taken_in_week,
    "weeks": lambda line: line.load.taken_in_weeks,
    "late": lambda line: line.late_in_all,
    **{f"late-{slug(about)}": lambda line, about=about: line.late.get(about, 0) for about in About},  # type: ignore[misc]
    **{measure.name: lambda line, i=i: line.courses[i].share if line.courses else None for i, measure in enumerate(HEADLINES)},  # type: ignore[misc]
}
"""What the lines can be put in order by, besides the name."""


def _in_order(lines: Sequence[OfficerLine], sort: str, descending: bool) -> list[OfficerLine]:
    """By name unless something else is asked for; those without a number after the others, and nobody last. Equals stay by name."""
    people = [line for line in lines if line.load.code]
    nobody = [line for line in lines if not line.load.code]
    key = ORDERS.get(sort)
    if key is None:
        return [*(reversed(people) if sort == "name" and descending else people), *nobody]
    numbered = [(number, line) for line in people if (number := key(line)) is not None]
    numbered.sort(key=lambda pair: pair[0], reverse=descending)
    return [*(line for _, line in numbered), *(line for line in people if key(line) is None), *nobody]
