"""Figures and findings as files: CSV and ODS for spreadsheets, JSON for programs, each written as it is read."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain

import msgspec
from flask import Response, stream_with_context
from stream_write_ods import stream_write_ods

Cell = str | int | float | date | datetime | None

TYPES = {"csv": "text/csv", "ods": "application/vnd.oasis.opendocument.spreadsheet", "json": "application/json"}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Table(msgspec.Struct, frozen=True):
    """Rows under a heading, and what is `about` all of them: whose figures, of which months, counted when and by which rule."""

    name: str
    about: Mapping[str, Cell]
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def download(table: Table, kind: str, name: str) -> Response:
    """The table as a file to keep, or as an answer to a program; no more of it is in memory than is being written."""
    answer = Response(stream_with_context(WAYS[kind](table)), mimetype=TYPES[kind])
    if kind != "json":
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _csv(table: Table) -> Iterator[bytes]:
    """What is about all rows stands in each of them, so that a row that is cut out still says what it is."""
    line = io.StringIO()
    writer = csv.writer(line)
    same = [_text(cell) for cell in table.about.values()]
    # The mark at the start makes spreadsheets read the file as UTF-8.
    line.write("\ufeff")
    for row in chain([[*table.about, *table.head]], ([*same, *map(_text, row)] for row in table.rows)):
        writer.writerow(row)
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return "" if cell is None else str(cell)


def harmless(cell: str) -> str:
    """A spreadsheet takes text that begins like a formula for one; an apostrophe before it makes it text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _ods(table: Table) -> Iterator[bytes]:
    """Two sheets: the rows, and what is about all of them. A cell of text is text there, whatever it begins with."""
    yield from stream_write_ods(
        (
            (table.name.capitalize(), [_cell(head) for head in table.head], (map(_cell, row) for row in table.rows)),
            ("About", ("What", "Value"), ((name, _cell(cell)) for name, cell in table.about.items())),
        )
    )


def _cell(cell: Cell) -> Cell:
    """XML has no place for control characters, and the format none for zones."""
    if isinstance(cell, datetime):
        return _text(cell)
    return _NOT_IN_XML.sub("", cell) if isinstance(cell, str) else cell


def _json(table: Table) -> Iterator[bytes]:
    encode = partial(msgspec.json.encode, enc_hook=str)  # words that remember what they were put together from are plain text
    yield b'{"about":' + encode(dict(table.about)) + b"," + encode(table.name) + b":["
    for number, row in enumerate(table.rows):
        yield (b",\n" if number else b"\n") + encode(dict(zip(table.head, row, strict=True)))
    yield b"\n]}\n"


WAYS: Mapping[str, Callable[[Table], Iterator[bytes]]] = {"csv": _csv, "ods": _ods, "json": _json}
