"""Rows wait in a temporary table until all of the file is read, so that cases come together whatever the file's order and size.

The table goes with the transaction; what people wrote waits in it encrypted under a key that only this process ever has.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, LiteralString

import msgspec
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.imports.mapping import ImportProblem
from store.imports.report import KEPT, RefusedRow, Tally
from store.imports.rows import BadRow, Row

_TABLE = (
    'create temporary table import_row (row bigint, key bigint, reference text collate "C", occurred timestamptz, worker text,'
    " allocated text, team text, second text, provider text, allocated_team text, reason text, body bytea) on commit drop"
)
_COPY = "copy import_row from stdin (format binary)"
_TYPES = ("int8", "int8", "text", "timestamptz", "text", "text", "text", "text", "text", "text", "text", "bytea")
_TWICE = (
    "update import_row r set reason = 'Its row id stands in the file more than once; it stood first in row ' || d.first || '.'"
    " from (select key, min(row) as first from import_row where key is not null group by key having count(*) > 1) d"
    " where d.key = r.key and d.first < r.row and r.reason is null"
)
_GOOD = "from import_row r where not exists (select from import_refused f where f.reference = r.reference) and r.reason is null"


class Staging:
    """The rows of one import, on a connection of its own, inside one transaction."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self._conn = conn
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Row)
        conn.execute("set local work_mem = '64MB'")
        conn.execute("set local idle_in_transaction_session_timeout = 0")
        conn.execute(_TABLE)

    def fill(self, rows: Iterable[Row | BadRow]) -> None:
        with self._conn.cursor().copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                if isinstance(row, BadRow):
                    copy.write_row((row.row, None, row.case, None, None, None, None, None, None, None, row.reason, None))
                    continue
                # A nonce is used once under a key that is used for one import.
                body = self._cipher.encrypt(row.row.to_bytes(12, "big"), self._encoder.encode(row), None)
                second = row.of_contact.second or None
                said = (row.occurred, row.worker, row.allocated, row.team or None, second, row.provider, row.allocated_team or None)
                copy.write_row((row.row, row.key, row.case, *said, None, body))

    def judge(self, tally: Tally, *, has_row_ids: bool) -> None:
        """A bad row refuses its case: count what is refused and hold the rest of those cases back."""
        if has_row_ids:
            self._conn.execute(_TWICE)
        self._conn.execute(
            "create temporary table import_refused on commit drop as"
            " select distinct reference from import_row where reason is not null and reference <> ''"
        )
        self._conn.execute("create unique index on import_refused (reference)")
        self._conn.execute("analyze import_row, import_refused")
        bad = "from import_row where reason is not null"
        tally.refused_rows = self._count(f"select count(*) {bad}")
        listed = self._conn.execute(f"select row, reason, reference {bad} order by row limit {KEPT}")
        tally.refused = [RefusedRow(*values) for values in listed]
        tally.cases = self._count("select count(*) from (select distinct reference from import_row where reference <> '') c")
        tally.cases_refused = self._count("select count(*) from import_refused")
        tally.not_imported_because_of_another_row = self._count(
            "select count(*) from import_row r join import_refused using (reference) where r.reason is null"
        )

    def _count(self, query: LiteralString) -> int:
        row = self._conn.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def workers(self) -> list[tuple[Any, ...]]:
        """Everybody who did something or holds a case: the provider for which they did most, code, when first, the team likewise."""
        return self._conn.execute(
            "select (array_agg(provider order by done desc, n desc, provider))[1], code, min(first),"
            " (array_agg(team order by done desc, n desc, team) filter (where team is not null))[1] from ("
            f" select worker as code, team, provider, count(*) as n, min(occurred) as first, true as done {_GOOD} group by 1, 2, 3"
            " union all"
            f" select allocated, team, provider, count(*), min(occurred), false {_GOOD} group by 1, 2, 3"
            " union all"
            f" select second, team, provider, count(*), min(occurred), false {_GOOD} group by 1, 2, 3"
            ") w where code <> '' group by code order by min(first), code"
        ).fetchall()

    def teams(self) -> list[tuple[Any, ...]]:
        """Every team of each provider with when it was first met."""
        return self._conn.execute(
            "select provider, team, min(first) from ("
            f"select provider, team, min(occurred) as first {_GOOD} group by 1, 2"
            f" union all select provider, allocated_team, min(occurred) {_GOOD} group by 1, 2"
            ") t where team is not null group by 1, 2 order by 3, 2"
        ).fetchall()

    def cases(self) -> Iterator[list[Row]]:
        """The rows of each case that was not refused, in the file's order."""
        with self._conn.cursor("import_rows", binary=True) as rows:
            rows.itersize = 5000
            rows.execute(f"select row, body {_GOOD} order by reference, row")
            decoded = (self._decoder.decode(self._cipher.decrypt(row.to_bytes(12, "big"), body, None)) for row, body in rows)
            for _, group in groupby(decoded, key=lambda row: row.case):
                yield list(group)


@contextmanager
def staging(dsn: str) -> Iterator[Staging]:
    """A staging table that goes with the context. Raises ImportProblem where the service may not make one."""
    with psycopg.connect(dsn) as conn, conn.transaction():
        try:
            rows = Staging(conn)
        except psycopg.errors.InsufficientPrivilege as e:
            raise ImportProblem("The service may not make temporary tables. Grant it TEMPORARY on this database.") from e
        yield rows
