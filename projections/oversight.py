"""Oversight: what waits for a manager's signature, what is back with its officer, and how many entries were checked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.entry import EntryCorrected, Standing
from domain.event import Event
from domain.oversight import (
    SIGNABLE,
    EntryCountersigned,
    EntrySentBack,
    Quality,
    QualityChecked,
    ReturnAnswered,
    Subject,
    subject_of,
)
from domain.policy import Oversight, Policy
from domain.risk import RoshAssessed
from projections import at_present, case_now
from projections.case_now import CaseNow
from projections.counted import CONTACT_TABLE
from projections.hidden import asking, given, not_given, spared
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "state": "text",
    "number": "int4",
    "about": "int4",
    "subject": "text",
    "level": "text",
    "author": "text",
    "by": "text",
    "at": "timestamptz",
    "team": "text",
}
"""An entry `about` that waits for a signature (`number` is where it reads as it does now, `at` when it was recorded), one that is back with
its officer, or one that was checked (`number` is what the manager said, `at` when). `level` is that of RoSH when it was written."""

SIGN, BACK, CHECKED = "to sign", "back with its officer", "checked"
_ONE_STANDS = frozenset({Subject.ASSESSMENT, Subject.PLAN})
"""A later one takes the place of an earlier one, which then wants no signature any more."""


class Back(msgspec.Struct, frozen=True):
    """What a manager gave back: the entry that did, the one it is about, and what it says."""

    number: int
    about: int
    reads: EntrySentBack | QualityChecked
    at: datetime


def came_back(story: Story) -> list[Back]:
    """What is back with its officer, until the entry is corrected or withdrawn, or the officer says that it was dealt with."""
    answered = {s.reads.returned for s in story.of(ReturnAnswered)}
    improve = [s for s in story.of(QualityChecked) if s.reads.quality is Quality.IMPROVE]
    given: list[Standing[EntrySentBack | QualityChecked]] = [*story.of(EntrySentBack), *improve]
    found = []
    for s in given:
        entry = story.standing[s.reads.entry - 1]
        if s.number not in answered and not entry.withdrawn_by and entry.corrected_by < s.number:
            found.append(Back(s.number, s.reads.entry, s.reads, s.recorded.recorded_at))
    return sorted(found, key=lambda back: back.number)


def signed(story: Story) -> dict[int, int]:
    """Each entry that is countersigned as it reads now, with the entry that did it."""
    last = {s.reads.entry: s.number for s in story.of(EntryCountersigned)}
    return {entry: number for entry, number in last.items() if story.standing[entry - 1].corrected_by < number}


def signable(story: Story) -> list[tuple[Standing[Event], Subject]]:
    """What a signature can be asked for, imported history apart: of assessments and of plans the last one only."""
    found: list[tuple[Standing[Event], Subject]] = []
    for kind in SIGNABLE:
        for s in story.of(kind):
            subject = None if s.withdrawn_by or s.recorded.event.imported is not None else subject_of(s.reads)
            if subject is not None:
                found.append((s, subject))
    found.sort(key=lambda one: one[0].number)
    last = {subject: s.number for s, subject in found}
    return [(s, subject) for s, subject in found if subject not in _ONE_STANDS or last[subject] == s.number]


def _level(story: Story, entry: Standing[Event]) -> str:
    """RoSH when the entry was made, or as it assesses it."""
    if isinstance(entry.reads, RoshAssessed):
        return entry.reads.level.value
    last = at_present.latest_rosh(story, before=entry.number)
    return last.level.value if last is not None else ""


class About(msgspec.Struct, frozen=True):
    """How an entry stands: whether a signature can be asked for it, the entries that signed it and gave it back, and who wrote it."""

    signable: bool
    signed: int
    back: int
    written_by: frozenset[str]


def about(story: Story, number: int) -> About:
    entry = story.standing[number - 1]
    corrections = (s for s in story.of(EntryCorrected) if s.reads.entry == number)
    by = {entry.recorded.event.by, _author(entry), *(s.reads.by for s in corrections)}
    back = next((one.number for one in came_back(story) if one.about == number), 0)
    return About(any(s.number == number for s, _ in signable(story)), signed(story).get(number, 0), back, frozenset(by))


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found, back = signable(story), came_back(story)
    if not found and not back and not story.of(QualityChecked):
        return
    team = story.holders[-1].team if story.holders else ""
    done, with_officer = signed(story), {one.about for one in back}
    subjects = {s.number: subject.value for s, subject in found}
    for s, subject in found:
        if s.number not in done and s.number not in with_officer:
            yield (
                SIGN,
                s.corrected_by or s.number,
                s.number,
                subject.value,
                _level(story, s),
                s.recorded.event.by,
                "",
                s.recorded.recorded_at,
                team,
            )
    for one in back:
        author = _author(story.standing[one.about - 1])
        yield BACK, one.number, one.about, subjects.get(one.about, ""), "", author, one.reads.by, one.at, team
    for check in story.of(QualityChecked):
        author = _author(story.standing[check.reads.entry - 1])
        yield CHECKED, check.number, check.reads.entry, "", "", author, check.reads.by, check.recorded.recorded_at, team


def _author(entry: Standing[Event]) -> str:
    """Who did what the entry tells of, or else wrote it."""
    return getattr(entry.reads, "practitioner", "") or entry.recorded.event.by


class Item(CaseNow, frozen=True):
    """One entry in a manager's list or an officer's day."""

    stream_id: UUID
    rosh: str
    number: int
    about: int
    subject: str
    level: str
    author: str
    by: str
    at: datetime


_ITEM = f"select {case_now.COLUMNS}, c.stream_id, c.rosh, o.number, o.about, o.subject, o.level, o.author, o.by, o.at"


def to_sign(
    conn: Connection[Any], *, team: str, rule: Oversight, since: datetime, hidden: Sequence[UUID] = (), limit: int = 100
) -> Sequence[Item]:
    """What waits for the signature of a team's manager, the oldest first: what the policy asks for, recorded since then."""
    query = f"""{_ITEM} from oversight o join caseload c using (stream_id) left join practitioner p on p.code = o.author
        where o.team = %(team)s and o.state = '{SIGN}' and o.at >= %(since)s and {spared(hidden, "c.stream_id")}
          and (o.subject || ':' || o.level = any(%(asked)s) or p.grade = any(%(grades)s))
        order by o.at, c.crn, o.number limit %(limit)s"""
    asked = [f"{subject}:{level}" for subject, levels in rule.signed_at.items() for level in levels]
    params = {"team": team, "since": since, "asked": asked, "grades": list(rule.signed_for_grades), **asking(hidden), "limit": limit}
    with conn.cursor(row_factory=class_row(Item)) as cursor:
        return cursor.execute(query.encode(), params).fetchall()


def back_with(conn: Connection[Any], *, practitioner: str, hidden: Sequence[UUID] = ()) -> Sequence[Item]:
    """What came back to an officer, the oldest first: what they wrote in cases of their team, and in their own cases what somebody wrote
    who is not in it."""
    query = f"""{_ITEM} from (
          select o.* from oversight o join practitioner p on p.code = o.author and p.team = o.team
          where o.state = '{BACK}' and o.author = %(me)s
          union select o.* from caseload mine join oversight o using (stream_id)
          where mine.practitioner = %(me)s and o.state = '{BACK}'
            and not exists (select 1 from practitioner p where p.code = o.author and p.team = mine.team)
        ) o join caseload c using (stream_id) where {spared(hidden, "c.stream_id")} order by o.at, c.crn, o.number"""
    with conn.cursor(row_factory=class_row(Item)) as cursor:
        return cursor.execute(query.encode(), {"me": practitioner, **asking(hidden)}).fetchall()


def checked_since(conn: Connection[Any], *, team: str, since: datetime) -> Mapping[str, int]:
    """How many entries of each officer of a team were checked since then."""
    query = f"select author, count(*)::int from oversight where team = %s and state = '{CHECKED}' and at >= %s group by author"
    return dict(conn.execute(query.encode(), (team, since)).fetchall())


def drawn_cases(
    conn: Connection[Any], *, team: str, practitioner: str, since: datetime, seed: str, hidden: Sequence[UUID] = (), limit: int = 10
) -> list[UUID]:
    """Cases of an officer with a contact since the month of that day and with none checked since, in an order that follows from the seed
    and that nobody chooses."""
    query = f"""select stream_id from (select distinct m.stream_id from {CONTACT_TABLE} m join caseload c using (stream_id)
          where m.practitioner = %(officer)s and m.month >= date_trunc('month', %(since)s::timestamptz)::date
            and c.team = %(team)s and {not_given("m.stream_id")}
            and not exists (
              select from oversight o where o.stream_id = m.stream_id and o.state = '{CHECKED}' and o.at >= %(since)s
            )) of_them
        order by md5(stream_id::text || %(seed)s), stream_id limit %(limit)s"""
    asked = {"officer": practitioner, "team": team, "since": since, "seed": seed, "hidden": given(hidden), "limit": limit}
    return [stream_id for (stream_id,) in conn.execute(query.encode(), asked).fetchall()]
