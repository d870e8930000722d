"""Reading a CSV file row by row, so that a broken row is named and the rows after it are still read."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from store.imports.mapping import ImportProblem, Mapping

LONGEST_ROW = 200_000
"""Characters. A quote that is not closed by then never is, and must not swallow the rest of the file into memory."""


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """A row of data, counted from 1 (the header is row 0), or why it could not be read."""

    row: int
    cells: list[str]
    reason: str = ""


@contextmanager
def opened(file: Path, encoding: str) -> Iterator[IO[str]]:
    """The text of a file, compressed or not. Bytes that are not in the encoding become lone surrogates, to be named by row."""
    try:
        with file.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise ImportProblem(f"{file.name} is encoded in UTF-16. Save it as “CSV UTF-8” and import that.")
            if start == b"PK\x03\x04":
                raise ImportProblem(f"{file.name} is a workbook or an archive, not CSV. Save it as “CSV UTF-8” and import that.")
            plain: Any = gzip.GzipFile(fileobj=raw) if start[:2] == b"\x1f\x8b" else raw
            codec = "utf-8-sig" if encoding == "utf-8" else encoding
            with io.TextIOWrapper(plain, codec, errors="surrogateescape", newline="") as text:
                yield text
    except (OSError, EOFError, zlib.error) as e:
        raise ImportProblem(f"{file} cannot be read: {e}. Nothing was imported.") from e


class _Lines:
    """The lines of a file, remembering those that the present row has taken, so that they can be given back."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._size > LONGEST_ROW:
            raise StopIteration
        line = self._back.popleft() if self._back else self._file.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._size += len(line)
        return line

    def next_row(self) -> None:
        self.taken = []
        self._size = 0

    def give_back_all_but_first(self) -> None:
        self._back.extendleft(reversed(self.taken[1:]))
        self.next_row()


def _reader(lines: Any, mapping: Mapping, *, strict: bool = True) -> Any:
    return csv.reader(lines, delimiter=mapping.delimiter, strict=strict)


def read_header(lines: _Lines, mapping: Mapping) -> dict[str, int]:
    """Where each mapped column stands. Raises ImportProblem when one is missing or stands there twice."""
    try:
        header = [name.strip() for name in next(_reader(lines, mapping))]
    except StopIteration:
        raise ImportProblem("The file is empty: it has no header.") from None
    except csv.Error as e:
        raise ImportProblem(f"The header cannot be read: {e}.") from e
    wanted = {name: getattr(mapping.columns, name) for name in mapping.columns.__struct_fields__}
    wanted = {name: column for name, column in wanted.items() if column}
    if missing := [column for column in wanted.values() if column not in header]:
        raise ImportProblem(
            f"The file has no column {_listed(missing)}. It has {_listed(header[:50])}. "
            "Correct the mapping, or its delimiter, and import again. Nothing was imported."
        )
    if double := [column for column in wanted.values() if header.count(column) > 1]:
        raise ImportProblem(f"The file has more than one column {_listed(double)}. Nothing was imported.")
    lines.next_row()
    return {"": len(header)} | {name: header.index(column) for name, column in wanted.items()}


def _listed(names: list[str]) -> str:
    return ", ".join(f"“{name[:60].encode('utf-8', 'replace').decode()}”" for name in dict.fromkeys(names))


def read_rows(file: IO[str], mapping: Mapping) -> tuple[dict[str, int], Iterator[RawRow]]:
    """Where the columns stand, and the rows. Raises ImportProblem. Empty lines are no rows.

    A row that cannot be parsed is its first line; reading goes on with the next line, whatever a lone quote made of it.
    """
    lines = _Lines(file)
    where = read_header(lines, mapping)
    return where, _rows(lines, mapping, where[""])


def _rows(lines: _Lines, mapping: Mapping, width: int) -> Iterator[RawRow]:
    reader = _reader(lines, mapping)
    number = 0
    while True:
        reason = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as e:
            reason = _in_words(e)
        else:
            if not cells:
                lines.next_row()
                continue
            if len(cells) != width:
                reason = f"It has {len(cells)} columns and the header has {width}."
        number += 1
        if reason:
            cells = next(_reader([lines.taken[0]], mapping, strict=False), [])
            lines.give_back_all_but_first()
            reader = _reader(lines, mapping)
        else:
            lines.next_row()
        yield RawRow(number, cells, reason)


def _in_words(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end of data" in words:
        return "A quoted text begins in it that never ends."
    if "field larger than field limit" in words:
        return "A text in it is too long, or a quoted text begins in it that never ends."
    return f"It cannot be read as CSV: {words}."
