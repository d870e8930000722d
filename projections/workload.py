"""Workload: what each officer of a team, and each team of a provider, carries; the points of a case stand in the caseload."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Workload
from domain.workload import Weighed, capacity, weigh
from projections.case_now import CaseNow
from projections.hidden import asking, given, not_given, spared

_COUNTS = """
    count(c.stream_id)::int as cases, coalesce(sum(c.points), 0)::int as points,
    (count(*) filter (where c.rosh = 'low'))::int as low, (count(*) filter (where c.rosh = 'medium'))::int as medium,
    (count(*) filter (where c.rosh = 'high'))::int as high, (count(*) filter (where c.rosh = 'very high'))::int as very_high,
    (count(*) filter (where c.rosh = ''))::int as unassessed,
    (count(*) filter (where c.held_since >= %(taken_since)s))::int as taken,
    (count(*) filter (where c.held_since >= %(week_since)s))::int as taken_in_week,
    (count(*) filter (where c.held_since >= %(weeks_since)s))::int as taken_in_weeks,
    (count(*) filter (where c.expected_end_on between %(today)s and %(ending_by)s))::int as ending
"""


class Load(msgspec.Struct, frozen=True):
    """Open cases by level of risk, what they weigh, how many were taken on lately and how many are about to end. `taken_in_week` and
    `taken_in_weeks` were taken on in the policy's two spans of days for recent intake."""

    cases: int
    points: int
    low: int
    medium: int
    high: int
    very_high: int
    unassessed: int
    taken: int
    taken_in_week: int
    taken_in_weeks: int
    ending: int


class OfficerLoad(Load, frozen=True):
    """What an officer carries, everywhere; in the row without a code, the team's cases that nobody holds. `here` says that they work
    in the team. Of the cases, others stand in for them in `covered`; in `covering` others they stand in themselves."""

    code: str
    name: str
    grade: str
    minutes_a_week: int | None
    languages: str
    here: bool
    covered: int
    covering: int

    def capacity(self, rule: Workload) -> int | None:
        return capacity(self.grade, self.minutes_a_week, rule) if self.here else None


class TeamLoad(Load, frozen=True):
    """What a team carries; `capacity` is that of all who work in it and have a number."""

    code: str
    name: str
    capacity: int


def share(points: int, carries: int | None) -> float | None:
    """Points as a share of what can be carried; None where that is not known."""
    return points / carries if carries else None


def _asked(rule: Workload, now: datetime, today: date) -> dict[str, object]:
    week, weeks, recent = (now - timedelta(days=days) for days in (*rule.intake_days, rule.recent_days))
    since = {"taken_since": recent, "week_since": week, "weeks_since": weeks}
    return {"now": now, "today": today, **since, "ending_by": today + timedelta(days=rule.ending_days)}


def of_team(
    conn: Connection[Any], team: str, *, rule: Workload, now: datetime, today: date, hidden: Sequence[UUID] = ()
) -> Sequence[OfficerLoad]:
    """Who works in a team or holds a case of it, by name, and last what nobody holds. `hidden` cases do not exist for whoever asks."""
    # `offset 0` has who works here looked up by code; covers are looked up by whom they are for and by whom they are done by.
    own = "c.stream_id, c.practitioner, c.points, c.rosh, c.held_since, c.expected_end_on"
    covers = (
        "(select count(*) from cover v join held using (stream_id) where {} = n.code and v.since <= %(now)s and v.until > %(now)s)::int"
    )
    query = f"""
        with held as (
          select * from (
            select {own} from caseload c where c.ended_on is null and c.team = %(team)s
            union all select {own} from practitioner p join caseload c on c.practitioner = p.code
            where c.ended_on is null and p.team = %(team)s and c.team <> %(team)s
          ) c where {spared(hidden, "c.stream_id")}
        ),
        people as (select code from practitioner where team = %(team)s union select practitioner from held)
        select n.code, coalesce(p.name, n.code) as name, coalesce(p.grade, '') as grade, p.minutes_a_week,
          coalesce(p.languages, '') as languages, coalesce(p.team = %(team)s, false) as here,
          {covers.format("v.instead_of")} as covered, {covers.format("v.practitioner")} as covering, load.*
        from people n left join lateral (select * from practitioner where code = n.code offset 0) p on true
        cross join lateral (select {_COUNTS} from held c where c.practitioner = n.code) load
        order by n.code = '', 2, 1
    """
    with conn.cursor(row_factory=class_row(OfficerLoad)) as cursor:
        return cursor.execute(query.encode(), {"team": team, **asking(hidden), **_asked(rule, now, today)}).fetchall()


def of_provider(
    conn: Connection[Any], provider: str, *, rule: Workload, now: datetime, today: date, hidden: Sequence[UUID] = ()
) -> Sequence[TeamLoad]:
    """The teams of a provider by name, those that hold no case too."""
    query = f"""
        select t.code, t.name, 0 as capacity, {_COUNTS}
        from team t left join caseload c on c.team = t.code and c.ended_on is null and {not_given("c.stream_id")}
        where t.provider = %(provider)s group by t.code, t.name order by t.name, t.code
    """
    with conn.cursor(row_factory=class_row(TeamLoad)) as cursor:
        found = cursor.execute(query.encode(), {"provider": provider, "hidden": given(hidden), **_asked(rule, now, today)}).fetchall()
    carries: dict[str, int] = {}
    people = conn.execute("select team, grade, minutes_a_week from practitioner where provider = %s", (provider,)).fetchall()
    for team, grade, minutes_a_week in people:
        carries[team] = carries.get(team, 0) + (capacity(grade, minutes_a_week, rule) or 0)
    return [msgspec.structs.replace(one, capacity=carries.get(one.code, 0)) for one in found]


class CaseLoad(CaseNow, frozen=True):
    """One case of an officer and what it weighs."""

    sentence: str
    phase: str
    rosh: str
    held_since: datetime | None
    expected_end_on: date | None
    points: int

    def weighed(self, rule: Workload) -> Weighed:
        """By which rule, under the policy that the rows were folded by."""
        return weigh(self.phase, self.rosh, rule)


def cases(conn: Connection[Any], *, practitioner: str, team: str = "", hidden: Sequence[UUID] = ()) -> Sequence[CaseLoad]:
    """An officer's open cases, the heaviest first; for nobody's (an empty code) those of a team."""
    query = f"""
        select crn, name, practitioner, team, provider, offered_to_team, sentence, phase, rosh, held_since, expected_end_on, points
        from caseload where ended_on is null and practitioner = %(practitioner)s and %(team)s in ('', team)
          and {not_given("stream_id")} order by points desc, sort_name, crn
    """
    with conn.cursor(row_factory=class_row(CaseLoad)) as cursor:
        return cursor.execute(query.encode(), {"practitioner": practitioner, "team": team, "hidden": given(hidden)}).fetchall()
