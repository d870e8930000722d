"""Unpaid work in rows: who has not been instructed, who is behind, and how many were instructed on each day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.policy import Policy
from domain.unpaid_work import UpwReview
from domain.upw_instruction import InstructionKind
from domain.working_days import local_day
from projections import case_now
from projections.case_now import CaseNow
from projections.hidden import asking, spared
from projections.story import Story
from projections.upw_due import expected_minutes
from projections.upw_state import works
from projections.upw_weeks import weeks

COLUMNS = {
    "stream_id": "uuid",
    "requirement": "int4",
    "ordered_on": "date",
    "ordered": "int4",
    "assessed_on": "date",
    "inducted_on": "date",
    "first_instructed_on": "date",
    "project": "text",
    "work_at": "timestamptz",
    "offered": "int4",
    "attended": "int4",
    "lost_by_provider": "int4",
    "lost_by_person": "int4",
    "credited": "int4",
    "ete_credited": "int4",
    "first_worked_on": "date",
    "last_worked_on": "date",
    "suspended_on": "date",
    "suspension_review_on": "date",
    "six_month_due_on": "date",
    "six_month_done_on": "date",
    "nine_month_due_on": "date",
    "nine_month_done_on": "date",
    "twelve_months_on": "date",
    "until_on": "date",
    "ended_on": "date",
    "weeks_credited": "int4",
    "weeks_lost_by_provider": "int4",
    "weeks_lost_by_person": "int4",
    "weeks_lost_by_neither": "int4",
    "weeks_until": "date",
}


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for state in works(story):
        standing, worked = state.standing, state.worked_on
        six, nine = (state.reviewed.get(kind) for kind in (UpwReview.SIX_MONTHS, UpwReview.NINE_MONTHS))
        yield (
            state.number,
            state.ordered_on,
            state.ordered_minutes,
            state.assessed.on if state.assessed else None,
            state.inducted.on if state.inducted else None,
            state.first_instructed_on,
            standing.told.project if standing else "",
            standing.told.work_at if standing else None,
            state.offered,
            state.attended,
            state.lost("provider"),
            state.lost("person"),
            state.credited,
            state.ete_credited,
            worked[0] if worked else None,
            worked[-1] if worked else None,
            state.suspended[0].on if state.suspended else None,
            state.review_due_on(UpwReview.SUSPENSION, policy),
            state.review_due_on(UpwReview.SIX_MONTHS, policy),
            six.on if six else None,
            state.review_due_on(UpwReview.NINE_MONTHS, policy),
            nine.on if nine else None,
            state.twelve_months_on,
            state.until,
            state.ended.on if state.ended else None,
            *weeks(story, state),
        )


INSTRUCTION_COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "requirement": "int4",
    "batch": "text",
    "again": "bool",
    "project": "text",
    "issued_by": "text",
    "issued_on": "date",
    "recorded_on": "date",
    "team": "text",
    "provider": "text",
}


def instruction_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """Every instruction with the team that held the case when it was issued."""
    for state in works(story):
        for number, instruction in state.instructions.items():
            told = instruction.told
            holder = story.holder_at(told.occurred_at)
            yield (
                number,
                state.number,
                told.batch,
                told.kind is InstructionKind.AGAIN,
                told.project,
                told.by,
                local_day(told.occurred_at),
                local_day(instruction.recorded_at),
                holder.team if holder else "",
                holder.provider if holder else "",
            )


class ListedWork(msgspec.Struct, frozen=True):
    """One unpaid work requirement in a list, with whose it is."""

    stream_id: UUID
    crn: str
    name: str
    practitioner: str
    team: str
    language: str
    requirement: int
    ordered_on: date
    ordered: int
    first_instructed_on: date | None
    project: str
    work_at: datetime | None
    offered: int
    lost_by_provider: int
    credited: int
    last_worked_on: date | None
    suspended_on: date | None
    until_on: date

    def behind(self, today: date) -> int:
        """Minutes short of the straight line to the last day; 0 when on course."""
        return max(expected_minutes(self.ordered, self.ordered_on, self.until_on, today) - self.credited, 0)


class IssuedInstruction(CaseNow, frozen=True):
    """One instruction that was issued, with the person and with whom the case is now."""

    stream_id: UUID
    number: int
    batch: str
    project: str
    issued_on: date
    language: str


class InstructionsOfDay(msgspec.Struct, frozen=True):
    """How many instructions were issued on a day, how many of them again, and how many were entered on another day."""

    day: date
    issued: int
    again: int
    entered_later: int


_LISTED = """
    select u.stream_id, c.crn, c.name, c.practitioner, c.team, c.language, u.requirement, u.ordered_on, u.ordered,
      u.first_instructed_on, u.project, u.work_at, u.offered, u.lost_by_provider, u.credited, u.last_worked_on, u.suspended_on, u.until_on
    from unpaid_work u join caseload c using (stream_id)
    where c.team = %(team)s and u.ended_on is null and c.ended_on is null
"""


def to_do(conn: Connection[Any], *, team: str, hidden: Sequence[UUID] = ()) -> Sequence[ListedWork]:
    """Unpaid work of a team that is still to be done, by name. `hidden` are the cases that do not exist for whoever asks."""
    query = f"{_LISTED} and {spared(hidden, 'u.stream_id')} order by c.sort_name, c.crn, u.requirement"
    with conn.cursor(row_factory=class_row(ListedWork)) as cursor:
        return cursor.execute(query.encode(), {"team": team, **asking(hidden)}).fetchall()


def backlog(to_do: Iterable[ListedWork]) -> list[ListedWork]:
    """Of unpaid work to do, that of people who were sentenced to it and never instructed, those who wait longest first."""
    return sorted((work for work in to_do if work.first_instructed_on is None), key=lambda work: (work.ordered_on, work.crn))


def instructions_per_day(
    conn: Connection[Any], *, since: date, until: date, team: str, hidden: Sequence[UUID] = ()
) -> Sequence[InstructionsOfDay]:
    """Instructions of each day from `since` up to and with `until`, by the team that held the case then."""
    query = f"""
        select issued_on as day, count(*)::int as issued, count(*) filter (where again)::int as again,
          count(*) filter (where recorded_on <> issued_on)::int as entered_later
        from upw_instruction
        where team = %(team)s and issued_on between %(since)s and %(until)s and {spared(hidden, "upw_instruction.stream_id")}
        group by issued_on order by issued_on
    """
    with conn.cursor(row_factory=class_row(InstructionsOfDay)) as cursor:
        return cursor.execute(query.encode(), {"since": since, "until": until, "team": team, **asking(hidden)}).fetchall()


def issued(
    conn: Connection[Any], *, team: str, since: date, until: date, batch: str = "", hidden: Sequence[UUID] = ()
) -> Sequence[IssuedInstruction]:
    """Instructions issued from `since` up to and with `until` by the team that held the case then, of one batch or all, by name."""
    query = f"""
        select {case_now.COLUMNS}, i.stream_id, i.number, i.batch, i.project, i.issued_on, c.language
        from upw_instruction i join caseload c using (stream_id)
        where i.team = %(team)s and i.issued_on between %(since)s and %(until)s and %(batch)s in ('', i.batch)
          and {spared(hidden, "i.stream_id")}
        order by c.sort_name, c.crn, i.number
    """
    with conn.cursor(row_factory=class_row(IssuedInstruction)) as cursor:
        asked = {"team": team, "since": since, "until": until, "batch": batch, **asking(hidden)}
        return cursor.execute(query.encode(), asked).fetchall()
