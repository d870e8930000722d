"""The caseload: one row a case, listed, searched and counted for a team or a practitioner."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import ProviderKind
from projections.caseload_row import folded
from projections.hidden import asking, given, spared


class CaseRow(msgspec.Struct, frozen=True):
    """One case as a list shows it. Days and times are facts; what is due or overdue depends on the day looked at."""

    stream_id: UUID
    crn: str
    name: str
    sort_name: str
    born: str
    sex: str
    language: str
    interpreter: str
    practitioner: str
    team: str
    provider: str
    held_since: datetime | None
    sentence: str
    sentence_started_on: date | None
    expected_end_on: date | None
    ended_on: date | None
    rosh: str
    rosh_due_on: date | None
    last_contact_at: datetime | None
    last_seen_at: datetime | None
    offered_to_team: str
    offered_to_provider: str
    offered_at: datetime | None
    offer_reason: str
    upw_hours: int
    upw_credited: int
    upw_instructed: bool
    upw_due_on: date | None
    upw_due: str
    phase: str
    """Where the sentence is being served, or what interrupts supervision."""
    plan_completed_on: date | None
    plan_due_on: date | None
    """The day by which the plan is to be complete or, once it is, looked at again."""
    commenced_on: date | None
    """The first day in the community under the sentence: of the release, where it began in custody."""
    alerts: str
    """The registers that the case is on, in words with a semicolon between, but for those kept for information only."""
    high_since: date | None
    """Since when RoSH has been high or very high without a break."""
    risk_due_on: date | None
    risk_due: str
    """What is due about the risk the soonest, the review of the level itself apart."""
    points: int
    """What the case weighs, by the policy's tables; nothing once it has ended."""
    only_unpaid_work: bool
    """Whether everything that was ever ordered is unpaid work."""


class ListedCase(CaseRow, frozen=True):
    """A case in a list, with the names of its officer and team, its next appointment, and whether a CRC holds it."""

    officer: str
    team_name: str
    next_at: datetime | None
    in_crc: bool


LISTED = f"""
    select c.*, coalesce(p.name, '') as officer, coalesce(t.name, c.team) as team_name, n.next_at,
      coalesce(o.kind = '{ProviderKind.CRC}', false) as in_crc
    from caseload c
    left join provider o on o.code = c.provider
    left join practitioner p on p.code = c.practitioner
    left join team t on t.code = c.team
    left join lateral (
      select min(d.starts_at) as next_at from diary d
      where d.stream_id = c.stream_id and d.starts_at > %(now)s and d.outcome = '' and not d.cancelled
    ) n on true
"""

SORTS: dict[str, LiteralString] = {
    "name": "c.sort_name",
    "crn": "c.crn",
    "officer": "officer",
    "rosh": "array_position(array['low','medium','high','very high'], c.rosh)",
    "last": "c.last_contact_at",
    "next": "n.next_at",
    "review": "c.rosh_due_on",
    "end": "c.expected_end_on",
}


def case(conn: Connection[Any], crn: str) -> CaseRow | None:
    """The case with this CRN, None if there is none."""
    with conn.cursor(row_factory=class_row(CaseRow)) as cursor:
        return cursor.execute("select * from caseload where crn = %s", (crn,)).fetchone()


def references(conn: Connection[Any], provider: str, hidden: Sequence[UUID] = ()) -> list[str]:
    """The references of all cases that are with a provider now, without those in `hidden`."""
    query = "select crn from caseload where provider = %s and not stream_id = any(%s) order by crn"
    return [crn for (crn,) in conn.execute(query, (provider, given(hidden))).fetchall()]


def case_of_stream(conn: Connection[Any], stream_id: UUID) -> CaseRow | None:
    with conn.cursor(row_factory=class_row(CaseRow)) as cursor:
        return cursor.execute("select * from caseload where stream_id = %s", (stream_id,)).fetchone()


def cases(
    conn: Connection[Any],
    *,
    now: datetime,
    team: str = "",
    practitioner: str | None = None,
    search: str = "",
    closed: bool = False,
    rosh: str = "",
    nothing_after: datetime | None = None,
    sort: str = "name",
    descending: bool = False,
    hidden: Sequence[UUID] = (),
    limit: int = 50,
    offset: int = 0,
) -> Sequence[ListedCase]:
    """Cases of a team or of a practitioner ("" for those that nobody holds), found by part of a name or a CRN.

    `hidden` are the cases that do not exist for whoever asks.

    `rosh` narrows to one level and `nothing_after` to those without an appointment after that moment.
    """
    order = SORTS.get(sort, SORTS["name"])
    where, params = _where(team, practitioner, search, closed, rosh, nothing_after, hidden)
    query = f"{LISTED} where {where} order by {order} {'desc' if descending else 'asc'} nulls last, c.crn limit %(limit)s offset %(offset)s"
    with conn.cursor(row_factory=class_row(ListedCase)) as cursor:
        return cursor.execute(query.encode(), {**params, "now": now, "limit": limit, "offset": offset}).fetchall()


def count_cases(
    conn: Connection[Any],
    *,
    team: str = "",
    practitioner: str | None = None,
    search: str = "",
    closed: bool = False,
    rosh: str = "",
    nothing_after: datetime | None = None,
    hidden: Sequence[UUID] = (),
) -> int:
    where, params = _where(team, practitioner, search, closed, rosh, nothing_after, hidden)
    row = conn.execute(f"select count(*) from caseload c where {where}".encode(), params).fetchone()
    return int(row[0]) if row else 0


_NOTHING_AFTER = (
    "not exists (select 1 from diary a where a.stream_id = c.stream_id"
    " and a.starts_at > %(nothing_after)s and a.outcome = '' and not a.cancelled)"
)


def _where(
    team: str, practitioner: str | None, search: str, closed: bool, rosh: str, nothing_after: datetime | None, hidden: Sequence[UUID]
) -> tuple[str, dict[str, object]]:
    clauses = ["c.ended_on is not null" if closed else "c.ended_on is null"]
    if team:
        clauses.append("c.team = %(team)s")
    if practitioner is not None:
        clauses.append("c.practitioner = %(practitioner)s")
    if rosh:
        clauses.append("c.rosh = %(rosh)s")
    if nothing_after:
        clauses.append(_NOTHING_AFTER)
    clauses.append(spared(hidden, "c.stream_id"))
    words = search_words(search)
    clauses += [NAMED.format(f"%(word{i})s") for i, _ in enumerate(words)]
    found = {f"word{i}": part_of(word) for i, word in enumerate(words)}
    asked = {"team": team, "practitioner": practitioner, "rosh": rosh, "nothing_after": nothing_after, **asking(hidden)}
    return " and ".join(clauses), {**asked, **found}


NAMED = "(c.sort_name like {0} or lower(c.crn) like {0})"
"""What a word is looked for in."""


def search_words(typed: str) -> list[str]:
    """The words of a search as they stand in the rows. Signs alone name nobody, and are kept so that they find nobody."""
    return [plain for word in typed.split() if (plain := folded(word))] or typed.split()


def is_found(row: CaseRow, search: str) -> bool:
    """Whether a search finds a row, as it does in the table."""
    return all(word in row.sort_name or word in row.crn.lower() for word in search_words(search))


def part_of(word: str) -> str:
    """The pattern that finds a word anywhere in a text."""
    return "%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


_UNPLACED: LiteralString = "c.team = '' and c.ended_on is null"


def count_unplaced(conn: Connection[Any], *, hidden: Sequence[UUID] = ()) -> int:
    query = f"select count(*) from caseload c where {_UNPLACED} and {spared(hidden, 'c.stream_id')}"
    row = conn.execute(query.encode(), asking(hidden)).fetchone()
    return int(row[0]) if row else 0


def unplaced(conn: Connection[Any], *, now: datetime, hidden: Sequence[UUID] = (), limit: int = 50) -> Sequence[ListedCase]:
    """Open cases that no team has had yet, the earliest sentence first."""
    unplaced = f"{_UNPLACED} and {spared(hidden, 'c.stream_id')}"
    query = f"{LISTED} where {unplaced} order by c.sentence_started_on nulls first, c.crn limit %(limit)s"
    with conn.cursor(row_factory=class_row(ListedCase)) as cursor:
        return cursor.execute(query.encode(), {"now": now, **asking(hidden), "limit": limit}).fetchall()


def held_by(conn: Connection[Any], *, now: datetime, practitioner: str, hidden: Sequence[UUID] = ()) -> Sequence[ListedCase]:
    """Every open case that a practitioner holds, however many."""
    theirs = f"c.practitioner = %(practitioner)s and c.ended_on is null and {spared(hidden, 'c.stream_id')}"
    query = f"{LISTED} where {theirs} order by c.sort_name, c.crn"
    with conn.cursor(row_factory=class_row(ListedCase)) as cursor:
        return cursor.execute(query.encode(), {"now": now, **asking(hidden), "practitioner": practitioner}).fetchall()
