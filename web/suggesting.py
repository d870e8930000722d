"""Whom a case would go to, worked out from the record: what officers carry, whom the person knows, languages and groups."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from domain.suggestion import Candidate, Known, Rule, Suggested, Wanted, suggest
from domain.working_days import local_day
from projections import known, limited_access, workload
from projections.caseload import CaseRow
from projections.workload import OfficerLoad, share
from web.service import hidden, now, reading, service


class Effect(msgspec.Struct, frozen=True):
    """What taking so many more points does to an officer. Shares are of what they can carry, None where that is not known."""

    load: OfficerLoad
    known: Known
    more: int
    capacity: int | None

    @property
    def after(self) -> int:
        return self.load.points + self.more

    @property
    def share_now(self) -> float | None:
        return share(self.load.points, self.capacity)

    @property
    def share_then(self) -> float | None:
        return share(self.after, self.capacity)


def officers(team: str) -> list[OfficerLoad]:
    """Who works in the team, by name, with what they carry."""
    rule, at = service().policy.workload, now()
    with reading() as conn:
        found = workload.of_team(conn, team, rule=rule, now=at, today=local_day(at), hidden=hidden())
    return [load for load in found if load.here]


def effect(load: OfficerLoad, more: int, knows: Known = Known()) -> Effect:  # noqa: B008 - frozen
    return Effect(load, knows, more, load.capacity(service().policy.workload))


def suggested(
    cases: Sequence[CaseRow],
    takers: Sequence[OfficerLoad],
    *,
    rules: Sequence[Rule] = tuple(Rule),
    met: Mapping[UUID, Mapping[str, Known]] | None = None,
) -> dict[UUID, Suggested]:
    """Who of the takers would take each case. `met` says who knows whom, where more is known of it than who held the case."""
    streams = [case.stream_id for case in cases]
    with reading() as conn:
        barred = limited_access.barred(conn, streams=streams, practitioners=[load.code for load in takers], now=now())
        grouped = known.groups(conn, streams=streams, now=now())
        knows = met if met is not None else known.held(conn, streams=streams, now=now())
    wanted = [
        Wanted(case.stream_id, case.points, _language(case), knows.get(case.stream_id, {}), grouped.get(case.stream_id, frozenset()))
        for case in cases
    ]
    policy = service().policy
    return suggest(
        wanted, map(_candidate, takers), allocation=policy.allocation, workload=policy.workload, rules=tuple(rules), barred=barred
    )


def _language(case: CaseRow) -> str:
    """The language in which the person wants an officer: the one they prefer, or the one that is interpreted."""
    return case.interpreter if case.language in ("", "English") else case.language


def _candidate(load: OfficerLoad) -> Candidate:
    return Candidate(load.code, load.points, load.capacity(service().policy.workload), frozenset(filter(None, load.languages.split("; "))))


def with_a_number(loads: Sequence[OfficerLoad]) -> list[OfficerLoad]:
    """Those of a grade that carries cases: nobody else is suggested, though anybody of the team can be chosen."""
    return [load for load in loads if load.capacity(service().policy.workload) is not None]
