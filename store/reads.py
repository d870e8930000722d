"""Who opened what in a case, when, and by which rule they were let in: written at the moment of opening, and never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.words import said

SENSITIVE, PRINT, PRINT_ALL = said("sensitive note"), said("print"), said("print, with sensitive notes")
BUNDLE, BUNDLE_TEXTS = said("bundle of an inspection"), said("bundle of an inspection, with what was written")
EXPORT = said("export for analysts")


class Read(msgspec.Struct, frozen=True):
    """One opening. `entry` is 0 where it was of more than one entry; `because` is the rule that allowed it."""

    at: datetime
    staff: str
    what: str
    entry: int
    because: str


def note(conn: Connection[Any], *, stream_id: UUID, staff: str, what: str, because: str, entry: int = 0) -> None:
    """Write down that somebody is about to be shown something; the database's clock says when."""
    conn.execute(
        "insert into record.read (stream_id, staff, what, entry, because) values (%s, %s, %s, %s, %s)",
        (stream_id, staff, what, entry, because),
    )


def of_case(conn: Connection[Any], stream_id: UUID, *, limit: int = 50) -> Sequence[Read]:
    """The latest openings of a case, the last first."""
    with conn.cursor(row_factory=class_row(Read)) as cursor:
        return cursor.execute(
            "select at, staff, what, entry, because from record.read where stream_id = %s order by at desc limit %s", (stream_id, limit)
        ).fetchall()
