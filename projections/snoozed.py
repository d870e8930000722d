"""What officers have put off: which item of a case and until when, as long as nothing has brought it back. Why stands in the entry."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.appointment import AppointmentArranged
from domain.policy import Policy
from domain.snooze import Item, ItemSnoozed, SnoozeEnded
from projections.hidden import asking, spared
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "practitioner": "text",
    "team": "text",
    "item": "text",
    "until": "date",
    "rests_on": "date",
    "by": "text",
}


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """The last snooze of each item that nothing recorded since has ended: nobody brought it back, the case was given to nobody, and no
    appointment was arranged after it was put off that there was none. Whether its day has come is for whoever looks."""
    snoozed, holders = story.of(ItemSnoozed), story.holders
    if not snoozed or not holders:
        return
    given = max(holder.number for holder in holders)
    ended = {s.reads.snooze for s in story.of(SnoozeEnded)}
    arranged = max((s.number for s in story.of(AppointmentArranged)), default=0)
    for s in {s.reads.item: s for s in snoozed}.values():
        reads, holder = s.reads, holders[-1]
        answered = reads.item is Item.NEXT_APPOINTMENT and arranged > s.number
        if s.number in ended or answered or given > s.number:
            continue
        yield s.number, holder.practitioner, holder.team, reads.item.value, reads.until, reads.rests_on, reads.by


class Snoozed(msgspec.Struct, frozen=True):
    """An item of a case that is put off. It holds back only what still rests on the same day."""

    stream_id: UUID
    number: int
    practitioner: str
    team: str
    item: str
    until: date
    rests_on: date | None
    by: str
    crn: str
    name: str
    rosh: str

    def holds_back(self, item: str, rests_on: date | None) -> bool:
        return self.item == item and self.rests_on == rests_on


_SELECT: LiteralString = (
    "select s.*, c.crn, c.name, c.rosh from snoozed s join caseload c using (stream_id) where s.until > %(today)s and c.ended_on is null"
)


def of_practitioner(
    conn: Connection[Any], *, practitioner: str | None, today: date, covered: Sequence[UUID] = (), hidden: Sequence[UUID] = ()
) -> Sequence[Snoozed]:
    """What is put off today in a practitioner's cases and in those that they cover, what comes back first first."""
    whose = f"(s.practitioner = %(practitioner)s or s.stream_id = any(%(covered)s)) and {spared(hidden, 's.stream_id')}"
    query = f"{_SELECT} and {whose} order by s.until, c.sort_name, s.number"
    asked = {"practitioner": practitioner, "today": today, "covered": list(covered), **asking(hidden)}
    with conn.cursor(row_factory=class_row(Snoozed)) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()


def of_team(conn: Connection[Any], *, team: str, today: date, hidden: Sequence[UUID] = ()) -> Sequence[Snoozed]:
    """What is put off today in a team's cases."""
    query = f"{_SELECT} and s.team = %(team)s and {spared(hidden, 's.stream_id')} order by s.until, c.sort_name, s.number"
    with conn.cursor(row_factory=class_row(Snoozed)) as cursor:
        return cursor.execute(query.encode(), {"team": team, "today": today, **asking(hidden)}).fetchall()
