"""Whether a sample is like the whole: a measure in the sampled cases, in the frame and at the provider, and by what was judged."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from psycopg import Connection

from domain.assessment import Verdict
from projections import cases_behind, figures
from projections.figures import Figure, Scope
from projections.judged import Final
from projections.measure import Measure
from projections.statistics.intervals import Interval
from projections.statistics.ratios import of_cases


class Compared(msgspec.Struct, frozen=True):
    """A measure in the sample, with the interval for the frame that it was drawn from; in the frame and at the provider, counted whole.

    `cases` of the sample add to it. `likely` is whether the frame's share lies in the interval, None where there is none.
    """

    measure: Measure
    sample: Figure
    cases: int
    interval: Interval | None
    frame: Figure
    provider: Figure

    @property
    def likely(self) -> bool | None:
        share = self.frame.share
        if self.interval is None or share is None:
            return None
        # The same share worked out in two ways may differ in the last place.
        return self.interval.low - 1e-9 <= share <= self.interval.high + 1e-9


class Judged(msgspec.Struct, frozen=True):
    """What the cases of a key question come to in a measure, by whether the work was judged sufficient; with the number of cases."""

    sufficient: Figure
    sufficient_cases: int
    insufficient: Figure
    insufficient_cases: int


def by_case(conn: Connection[Any], measure: Measure, scope: Scope, crns: Iterable[str]) -> dict[str, Figure]:
    """What each of these cases adds to a figure; cases without anything to count are not in it."""
    streams = [stream for (stream,) in conn.execute("select stream_id from caseload where crn = any(%s)", (list(crns),))]
    found = cases_behind.by_case(conn, measure, scope, limit=len(streams), among=streams)
    return {one.crn: Figure(one.yes, one.no, one.not_evidenced, one.left_out) for one in found}


def together(each: Iterable[Figure]) -> Figure:
    """Figures added up."""
    every = list(each)
    return Figure(*(sum(getattr(one, field) for one in every) for field in Figure.__struct_fields__))


def compared(
    conn: Connection[Any], measure: Measure, scope: Scope, *, sample: Sequence[str], frame: Sequence[str], confidence: float
) -> tuple[Compared, dict[str, Figure]]:
    """The measure in sample, frame and provider; and what each sampled case adds to it."""
    each = by_case(conn, measure, scope, [*frame, *sample])
    drawn = {crn: each[crn] for crn in sample if crn in each}
    counts = [(one.yes, one.denominator) for one in drawn.values()]
    interval = of_cases(counts, confidence=confidence, frame=max(len(counts), sum(crn in each for crn in frame)))
    whole = figures.figure(conn, measure, scope)
    return Compared(measure, together(drawn.values()), len(drawn), interval, together(each[c] for c in frame if c in each), whole), drawn


def by_judgement(finals: Iterable[Final], drawn: Mapping[str, Figure]) -> dict[str, Judged]:
    """By key question, the measure in cases judged sufficient beside the others. With few cases it says little."""
    groups: dict[str, dict[Verdict, list[Figure]]] = {}
    for one in finals:
        if one.verdict in (Verdict.SUFFICIENT, Verdict.INSUFFICIENT) and one.crn in drawn:
            groups.setdefault(one.question, {}).setdefault(one.verdict, []).append(drawn[one.crn])
    return {
        question: Judged(
            together(found.get(Verdict.SUFFICIENT, ())),
            len(found.get(Verdict.SUFFICIENT, ())),
            together(found.get(Verdict.INSUFFICIENT, ())),
            len(found.get(Verdict.INSUFFICIENT, ())),
        )
        for question, found in groups.items()
    }
