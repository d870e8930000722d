"""Importing from CSV: whatever the file, every row is accounted for and a second run adds nothing."""

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.imports import import_csv
from store.record import Record
from tests.case_logs import NOW, a_row, adds_up, csv_text, mapped

CELLS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["", "Visit", '"', "\n"])
ROWS = st.lists(
    st.builds(
        a_row,
        ref=st.sampled_from(["a", "b", "c", " a ", "", "d/e"]) | CELLS,
        who=st.sampled_from(["W1", "W2", "", "Unallocated"]) | CELLS,
        holder=st.sampled_from(["W1", "W2", "", "Unallocated"]),
        how=st.sampled_from(["Face to face", "video", "", "?"]),
        when=st.sampled_from(["2024-03-01 10:00", "2024-03-31 01:30", "2024-10-27 01:30", "2099-01-01", ""])
        | st.datetimes(datetime(2015, 1, 1), datetime(2026, 1, 1)).map(str),  # noqa: DTZ001 - as sources write them
        text=CELLS,
    ),
    max_size=12,
)
_sources = iter(range(10_000))


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any-file")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, cut=st.integers(0, 60), raw=st.binary(max_size=12))
def test_whatever_the_file_every_row_is_accounted_for_and_a_second_run_adds_nothing(
    record: Record, one_folder: Path, rows: list[list[str]], cut: int, raw: bytes
) -> None:
    # given any rows, with any bytes after them or the end torn off, from a source and for cases that are new each time
    number = next(_sources)
    fresh = msgspec.structs.replace(mapped(one_folder), source=f"test-{number}", case_prefix=f"{number}-")
    content = csv_text(rows).encode()
    head = len(csv_text([]).encode())
    file = one_folder / "export.csv"
    file.write_bytes(content[: max(head, len(content) - cut)] + (raw if cut % 2 else b""))
    # when they are imported twice
    first = import_csv(record, file, fresh, now=NOW)
    before = record.head()
    second = import_csv(record, file, fresh, now=NOW)
    # then every row is accounted for, and the second run adds nothing
    assert adds_up(first)
    assert adds_up(second)
    assert first.already_there == 0
    assert (second.entries_added, second.events_added, second.already_there) == (0, 0, first.entries_added)
    assert second.refused == first.refused
    assert record.head() == before
