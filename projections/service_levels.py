"""Service levels: whether what the contracts asked for was done within its days. They time the service and say nothing of what was done."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy, add_months
from domain.working_days import working_days_after
from projections.contact_metric import LEVEL as MONTHLY
from projections.contact_metric import empty_months, month_clocks
from projections.finding import Verdict
from projections.service_clocks import Clock, clocks
from projections.story import Story


class Level(msgspec.Struct, frozen=True):
    """One service level: its rule in words, the contract's code, and the value of the policy that it rests on."""

    name: str
    title: str
    code: str
    definition: str
    rule: str


def _levels() -> tuple[Level, ...]:
    return (
        Level(
            "allocation",
            "Allocation decided",
            "NPS SL002",
            "After a sentence in a case that nobody held yet: the day on which it was given to a team, by the end of the limit.",
            "allocation.decided_within_working_days",
        ),
        Level(
            "first-appointment",
            "First appointment after allocation",
            "CRC SL001R, NPS SL003R",
            "Community and suspended sentence orders: the day for which a first appointment in person or by video was arranged, whether "
            "or not it was kept. One that the service called off does not count.",
            "service_levels.first_appointment_working_days",
        ),
        Level(
            "after-release",
            "First appointment after release",
            "CRC SL002R, NPS SL004R",
            "Release on licence: the day for which a first appointment in person or by video was arranged, whether or not it was kept.",
            "service_levels.after_release_working_days",
        ),
        Level(
            "plan",
            "Plan after the first appointment kept",
            "SL003, SL004, SL006",
            "The day on which the plan was complete, counted from the first appointment that was attended.",
            "plan.due_working_days",
        ),
        Level(
            "breach-referred",
            "Breach referred by a CRC",
            "CRC AE",
            "The day of the referral to the NPS, counted from the day on which the CRC became aware.",
            "enforcement.crc_referral_working_days",
        ),
        Level(
            "breach-presented-for-crc",
            "Breach of a CRC presented by the NPS",
            "NPS SL015",
            "The day on which it was presented to court, counted from the referral; one that was returned counts from its second referral.",
            "enforcement.nps_referral_working_days",
        ),
        Level(
            "breach-presented",
            "Breach of the NPS presented",
            "NPS SL014",
            "The day on which it was presented to court, counted from the day on which the NPS became aware.",
            "enforcement.nps_presentation_working_days",
        ),
        Level(
            MONTHLY,
            "Monthly contact",
            "CRC AK",
            "Each whole month of supervision: an appointment face to face with the officer or whoever stood in was offered, and one was "
            "attended or a missed one was followed up within the limit. Offers and follow-up count here, not what was done.",
            "enforcement.follow_up_working_days",
        ),
    )


LEVELS = {level.name: level for level in _levels()}
MEANING = (
    "A service level says whether something was arranged or sent within its days. It can be met without any purposeful contact, and "
    "missed where supervision was good, so it stands apart from purposeful activity."
)


class Judged(msgspec.Struct, frozen=True):
    """A clock with what can be said of it on a day."""

    clock: Clock
    verdict: Verdict
    why: str


def judge(clock: Clock, policy: Policy, today: date) -> Judged:
    """In time, late, not evidenced or left out. A clock that still runs is left out, whatever it will come to."""
    if clock.left_out:
        return Judged(clock, Verdict.LEFT_OUT, clock.left_out)
    if clock.level == MONTHLY and add_months(clock.month, 1) > today:
        return Judged(clock, Verdict.LEFT_OUT, "The month has not ended")
    if clock.unsure:
        return Judged(clock, Verdict.NOT_EVIDENCED, clock.unsure)
    if clock.met_on is not None:
        late = working_days_after(clock.due_on, clock.met_on, policy.bank_holidays) if clock.met_on > clock.due_on else 0
        after = f", {late} working {'day' if late == 1 else 'days'} after the limit" if clock.met_on > clock.due_on else ""
        return Judged(clock, Verdict.NO if after else Verdict.YES, f"{clock.why} on {clock.met_on:%-d %B %Y}{after}")
    if today <= clock.due_on:
        return Judged(clock, Verdict.LEFT_OUT, f"The limit has not run out: {clock.due_on:%-d %B %Y}")
    nothing = clock.why if clock.level == MONTHLY else "Not done yet, and the limit has run out"
    return Judged(clock, Verdict.NO, nothing)


def of_case(story: Story, policy: Policy, today: date) -> list[Judged]:
    """Every clock of the case that had begun by a day, by level and then by when it began."""
    found = [*clocks(story, policy), *month_clocks(story, policy), *empty_months(story, policy, today)]
    judged = [judge(clock, policy, today) for clock in found if clock.started_on <= today]
    order = list(LEVELS)
    return sorted(judged, key=lambda j: (order.index(j.clock.level), j.clock.started_on, j.clock.number))


# ---- The rows, and the questions that a team's page asks ---------------------------------------------------------------

COLUMNS = {
    "stream_id": "uuid",
    "level": "text",
    "number": "int4",
    "month": "date",
    "started_on": "date",
    "due_on": "date",
    "met_on": "date",
    "left_out": "text",
    "unsure": "text",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
}
EXPOSED_COLUMNS = {"stream_id": "uuid", "since": "date", "until": "date"}
"""The days on which the person could be seen: what the months without any offer are counted from."""


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """The clocks of a case as facts; what they come to depends on the day they are looked at."""
    for clock in (*clocks(story, policy), *month_clocks(story, policy)):
        held = (clock.holder.practitioner, clock.holder.team, clock.holder.provider) if clock.holder else ("", "", "")
        told = (clock.month, clock.started_on, clock.due_on, clock.met_on, clock.left_out, clock.unsure)
        yield clock.level, clock.number, *told, *held


def exposed_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for span in story.exposed:
        yield span.since, span.until


class Counted(msgspec.Struct, frozen=True):
    """What one level comes to in one month."""

    level: str
    month: date
    yes: int
    no: int
    not_evidenced: int
    left_out: int


_CLOCKS = f"""
    select c.level, c.month, c.stream_id, case when c.left_out <> '' then 'left out'
        when c.level = '{MONTHLY}' and c.month + interval '1 month' > %(today)s then 'left out' when c.unsure <> '' then 'not evidenced'
        when c.met_on <= c.due_on then 'yes' when c.met_on > c.due_on or c.due_on < %(today)s then 'no' else 'left out' end as verdict
    from service_clock c
    where c.team = %(team)s and c.stream_id <> all(%(hidden)s)
        and c.month >= %(since)s and c.month < %(until)s and c.started_on <= %(today)s
"""
_EMPTY_MONTHS = f"""
    select '{MONTHLY}' as level, m.month, e.stream_id, 'no' as verdict
    from (select generate_series(%(since)s::date, %(until)s::date - 1, interval '1 month')::date as month) m
    join exposed e on e.since <= m.month and (e.until is null or e.until >= m.month + interval '1 month')
    join lateral (
        select h.team from holder h
        where h.stream_id = e.stream_id and h.since < (m.month + interval '1 month') at time zone 'Europe/London'
        order by h.since desc, h.number desc limit 1
    ) h on h.team = %(team)s
    where m.month + interval '1 month' <= %(today)s and e.stream_id <> all(%(hidden)s)
      and not exists (select 1 from service_clock c where c.stream_id = e.stream_id and c.level = '{MONTHLY}' and c.month = m.month)
"""
_SUMS = (
    "count(*) filter (where verdict = 'yes')::int as yes, count(*) filter (where verdict = 'no')::int as no,"
    " count(*) filter (where verdict = 'not evidenced')::int as not_evidenced,"
    " count(*) filter (where verdict = 'left out')::int as left_out"
)


def by_month(conn: Connection[Any], *, team: str, since: date, until: date, today: date, hidden: Sequence[UUID] = ()) -> Sequence[Counted]:
    """Each level and month in which a clock of the team's cases ran out, as the cases were held; `hidden` ones do not exist."""
    query = f"select level, month, {_SUMS} from ({_CLOCKS} union all {_EMPTY_MONTHS}) found group by level, month order by level, month"
    with conn.cursor(row_factory=class_row(Counted)) as cursor:
        asked = {"team": team, "since": since, "until": until, "today": today, "hidden": list(hidden)}
        return cursor.execute(query.encode(), asked).fetchall()


class CaseOfLevel(msgspec.Struct, frozen=True):
    """A case behind a level's figure, and with whom it is now: a page may name only what its reader may open."""

    stream_id: UUID
    crn: str
    name: str
    practitioner: str
    team: str
    provider: str
    offered_to_team: str
    yes: int
    no: int
    not_evidenced: int
    left_out: int


def behind(
    conn: Connection[Any], level: str, *, team: str, since: date, until: date, today: date, hidden: Sequence[UUID] = ()
) -> Sequence[CaseOfLevel]:
    """The cases that a level's figure was counted from, by name."""
    held = "c.crn, c.name, c.practitioner, c.team, c.provider, c.offered_to_team"
    query = (
        f"select found.stream_id, {held}, {_SUMS} from ({_CLOCKS} union all {_EMPTY_MONTHS}) found join caseload c using (stream_id)"
        f" where level = %(level)s group by found.stream_id, {held}, c.sort_name order by c.sort_name, c.crn"
    )
    with conn.cursor(row_factory=class_row(CaseOfLevel)) as cursor:
        asked = {"level": level, "team": team, "since": since, "until": until, "today": today, "hidden": list(hidden)}
        return cursor.execute(query.encode(), asked).fetchall()
