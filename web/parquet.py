"""Tables as Parquet files: the one module that knows the library, and writes so many rows at a time that a nation fits."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from web.exports import Cell

AT_ONCE = 10_000
PIECE = 1 << 16
_EPOCH = date(1970, 1, 1).toordinal()
_STORED = {str: DataType.utf8(), int: DataType.int64(), date: DataType.date32()}


def parquet(columns: Sequence[tuple[str, type]], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file, from rows whose cells are of the types of the columns (text, whole numbers, days) or None; on disk until it is sent."""
    schema = Schema([Field(name, _STORED[kind]) for name, kind in columns])
    kinds = [kind for _, kind in columns]
    with tempfile.TemporaryFile() as file:
        write_parquet(RecordBatchReader.from_batches(schema, _batches(schema, kinds, rows)), file, compression="zstd(3)")
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _batches(schema: Schema, kinds: Sequence[type], rows: Iterable[Sequence[Cell]]) -> Iterator[RecordBatch]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        columns = zip(*some, strict=True)
        yield RecordBatch.from_arrays([_array(kind, column) for kind, column in zip(kinds, columns, strict=True)], schema=schema)


def _array(kind: type, cells: Sequence[Cell]) -> Array:
    if kind is date:
        days = [cell.toordinal() - _EPOCH if isinstance(cell, date) else None for cell in cells]
        return Array(days, DataType.int32()).cast(DataType.date32())
    if kind is str:
        return Array([None if cell is None else str(cell) for cell in cells], DataType.utf8())
    return Array(list(cells), _STORED[kind])
