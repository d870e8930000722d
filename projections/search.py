"""Find people among the cases that somebody may see: by parts of a name, by a CRN, by the day they were born, in any order."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.access import Role, Subject
from projections.caseload import LISTED, NAMED, ListedCase, part_of
from projections.hidden import asking, spared
from projections.inspectors import MAY_SEE


class Term(msgspec.Struct, frozen=True):
    """One thing that a case must have: the word in the name or CRN, or the day of birth. With both, either will do, because six
    digits can be a date and can be part of a CRN."""

    word: str = ""
    born: date | None = None


class Found(ListedCase, frozen=True):
    """A case with how many were found in all."""

    of: int


def find(
    conn: Connection[Any], *, subject: Subject, terms: Sequence[Term], now: datetime, hidden: Sequence[UUID] = (), limit: int
) -> Sequence[Found]:
    """The cases that `subject` may see and that have every term: open ones first, then those of which each word begins a name.

    What somebody may see is at most a team's cases or a sample, so it is read by its index and the terms are looked for in that.
    """
    if not terms:
        return []
    asked = {"code": subject.code, "team": subject.team, "now": now, **asking(hidden), "limit": limit}
    wanted = [_has(i, term, asked) for i, term in enumerate(terms)]
    begins = " and ".join(f"' ' || c.sort_name like %(begins{i})s" for i, term in enumerate(terms) if term.word) or "true"
    query = f"""
        select l.*, f.whole as of from (
          select c.stream_id, count(*) over () as whole, c.ended_on is not null as ended, not ({begins}) as within, c.sort_name, c.crn
          from caseload c where {_seen_by(subject)} and {spared(hidden, "c.stream_id")} and {" and ".join(wanted)}
          order by 3, 4, 5, 6 limit %(limit)s
        ) f join ({LISTED}) l using (stream_id) order by f.ended, f.within, f.sort_name, f.crn"""
    with conn.cursor(row_factory=class_row(Found)) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()


def _has(i: int, term: Term, asked: dict[str, object]) -> str:
    """The condition of a term; what it compares with goes into `asked`."""
    either = []
    if term.word:
        asked |= {f"word{i}": part_of(term.word), f"begins{i}": "% " + part_of(term.word)[1:]}
        either.append(NAMED.format(f"%(word{i})s"))
    if term.born:
        asked[f"born{i}"] = term.born.isoformat()
        either.append(f"c.born = %(born{i})s")
    return f"({' or '.join(either)})"


def _seen_by(subject: Subject) -> str:
    """The cases that `domain.access.decide` would let them see, by index; what limits hide is left out besides."""
    if subject.role is Role.INSPECTOR:
        return f"c.crn in ({MAY_SEE})"
    ways = ["c.practitioner = %(code)s"]
    if subject.team:
        ways += ["c.team = %(team)s", "(c.offered_to_team <> '' and c.offered_to_team = %(team)s)"]
        if subject.role is Role.MANAGER:
            ways.append("c.team = ''")
    return f"({' or '.join(ways)})"
