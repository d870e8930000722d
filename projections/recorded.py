"""What was written down and when: every entry that tells of work done, with its day of recording and the day that it is about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.appointment import OutcomeRecorded
from domain.contact import ContactRecorded
from domain.enforcement import EnforcementActionTaken
from domain.event import Event
from domain.plan import PlanReviewed
from domain.policy import Policy
from domain.risk import RoshAssessed
from domain.upw_instruction import UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from domain.words import said
from domain.working_days import local_day
from projections import case_now
from projections.case_now import CaseNow
from projections.hidden import given, not_given
from projections.story import Story

CONTACT, OUTCOME, SESSION = said("contact"), said("outcome of an appointment"), said("session of unpaid work")
INSTRUCTION, ACTION = said("instruction to unpaid work"), said("enforcement action")
ASSESSMENT, REVIEW = said("assessment of risk"), said("review of the plan")
KINDS: Mapping[type[Event], str] = {
    ContactRecorded: CONTACT,
    OutcomeRecorded: OUTCOME,
    UpwAttendanceRecorded: SESSION,
    UpwInstructed: INSTRUCTION,
    EnforcementActionTaken: ACTION,
    RoshAssessed: ASSESSMENT,
    PlanReviewed: REVIEW,
}
"""The entries that say that something was done, and so can be made long after it."""
AS_RECORDED, CORRECTED, WITHDRAWN = said("as recorded"), said("corrected"), said("withdrawn")
STANDINGS = (AS_RECORDED, CORRECTED, WITHDRAWN)

COLUMNS = {
    "stream_id": "uuid",
    "team": "text",
    "provider": "text",
    "kind": "text",
    "standing": "text",
    "imported": "bool",
    "numbers": "text",
    "recorded_on": "text",
    "delays": "text",
}
"""A case's entries of one kind while one team held it. The last three are arrays, written as text: each entry's number, day of
recording, and days since what it is about. A row an entry would make this the largest table by far."""


class Made(msgspec.Struct, frozen=True, gc=False):
    """One entry of a case, with who held it when what it is about happened."""

    team: str
    provider: str
    kind: str
    standing: str
    imported: bool
    number: int
    happened_on: date
    recorded_on: date
    delay: int
    """Days from happening to being recorded."""


def made(story: Story) -> list[Made]:
    """The entries of a case that say that something was done: kind by kind, each in the order of recording."""
    found = []
    for event, kind in KINDS.items():
        for entry in story.of(event):
            recorded, occurred_at = entry.recorded, entry.reads.occurred_at
            standing = WITHDRAWN if entry.withdrawn_by else CORRECTED if entry.corrected_by else AS_RECORDED
            holder = story.holder_at(occurred_at)
            team, provider = (holder.team, holder.provider) if holder else ("", "")
            on, day = local_day(occurred_at), local_day(recorded.recorded_at)
            delay, imported = 0 if day == on else (day - on).days, entry.reads.imported is not None
            found.append(Made(team, provider, kind, standing, imported, recorded.originator_version, on, day, delay))
    return found


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """Facts only: what is late is worked out when it is asked for, under the policy asked for."""
    found: dict[tuple[str, str, str, str, bool], tuple[list[int], list[date], list[int]]] = {}
    for one in story.once(made):
        key = one.team, one.provider, one.kind, one.standing, one.imported
        if (alike := found.get(key)) is None:
            alike = found[key] = [], [], []
        alike[0].append(one.number)
        alike[1].append(one.recorded_on)
        alike[2].append(one.delay)
    for key, (numbers, days, delays) in found.items():
        yield *key, array(numbers), array(days), array(delays)


def array(values: Iterable[object]) -> str:
    """An array as the database reads it."""
    return f"{{{','.join(map(str, values))}}}"


class Alike(msgspec.Struct, frozen=True):
    """So many entries of one kind, made on one day about one day. Imported ones were made on the day of the import."""

    kind: str
    standing: str
    imported: bool
    happened_on: date
    recorded_on: date
    entries: int

    @property
    def delay(self) -> int:
        """Days from happening to being recorded."""
        return (self.recorded_on - self.happened_on).days


class Listed(CaseNow, frozen=True):
    """One entry, with whose it is."""

    stream_id: UUID
    kind: str
    standing: str
    imported: bool
    number: int
    happened_on: date
    recorded_on: date

    @property
    def delay(self) -> int:
        return (self.recorded_on - self.happened_on).days


_OF_TEAM = f"""
    select m.stream_id, m.team, m.kind, m.standing, m.imported, e.number, e.recorded_on - e.delay as happened_on, e.recorded_on
    from recorded m cross join lateral unnest(m.numbers::int4[], m.recorded_on::date[], m.delays::int4[]) e (number, recorded_on, delay)
    where m.team = %(team)s and {not_given("m.stream_id")}
"""


def of_team(conn: Connection[Any], team: str, since: date, until: date, hidden: Sequence[UUID] = ()) -> Sequence[Alike]:
    """The entries of cases that a team held at the time, made or about something from `since` to before `until`.

    `hidden` are the cases that do not exist for whoever asks."""
    query = (
        f"select kind, standing, imported, happened_on, recorded_on, count(*)::int as entries from ({_OF_TEAM}) e"
        " where recorded_on >= %(since)s and recorded_on < %(until)s or happened_on >= %(since)s and happened_on < %(until)s"
        " group by 1, 2, 3, 4, 5"
    )
    with conn.cursor(row_factory=class_row(Alike)) as cursor:
        return cursor.execute(query.encode(), {"team": team, "since": since, "until": until, "hidden": given(hidden)}).fetchall()


def listed(conn: Connection[Any], team: str, since: date, until: date, hidden: Sequence[UUID] = ()) -> Sequence[Listed]:
    """The same entries one by one, those made last first."""
    query = (
        "select e.stream_id, e.kind, e.standing, e.imported, e.number, e.happened_on, e.recorded_on,"
        f" {case_now.COLUMNS}"
        f" from ({_OF_TEAM}) e join caseload c using (stream_id)"
        " where recorded_on >= %(since)s and recorded_on < %(until)s or happened_on >= %(since)s and happened_on < %(until)s"
        " order by e.recorded_on desc, c.sort_name, c.crn, e.number"
    )
    with conn.cursor(row_factory=class_row(Listed)) as cursor:
        return cursor.execute(query.encode(), {"team": team, "since": since, "until": until, "hidden": given(hidden)}).fetchall()
