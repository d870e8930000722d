"""A row of a source becomes a row of ours: checked cell by cell, and refused with a plain reason when one cannot be right."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from domain.contact import KINDS, LONGEST_NOTE, Mode
from store.import_mapping import Mapping
from store.import_reading import RawRow
from store.import_times import NotATime, read_time

LONGEST_CODE = 64
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\t\r\n]")
_NOT_TEXT = re.compile(r"[\ud800-\udfff]")
_JSON_SAFE = 2**53 - 1


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry to import. `row` is its place in the source; `key` is what it is known by in the record (`Imported.row`)."""

    row: int
    key: int
    case: str
    occurred: datetime
    recorded: datetime | None
    worker: str
    allocated: str | None
    """Who the case is allocated to: "" says nobody, None that the source does not say."""
    allocated_team: str
    team: str
    mode: Mode | None
    kind: str
    note: str


class BadRow(msgspec.Struct, frozen=True, gc=False):
    row: int
    reason: str
    case: str = ""


class Remarks(msgspec.Struct):
    """What was taken on trust while reading, counted by row."""

    values_not_mapped: int = 0
    ambiguous_times: int = 0


class _Wrong(Exception):
    """A cell is not right; the reason is the report's."""


def key_of(row_id: str) -> int:
    """The number that a row id is known by: itself where it is one, else 53 bits of its digest (whole in any JSON reader)."""
    if row_id.isascii() and row_id.isdigit() and len(row_id) <= 15 and (row_id == "0" or row_id[0] != "0"):
        return int(row_id)
    return int.from_bytes(hashlib.sha256(row_id.encode()).digest()[:8], "big") & _JSON_SAFE


def case_reference(text: str, *, prefix: str = "") -> str:
    """The reference, which must be able to stand in a CRN and in an address. Raises ValueError with the reason."""
    reference = text.strip()
    if not reference:
        raise ValueError("The case reference is missing.")
    if len(prefix + reference) > LONGEST_CODE:
        raise ValueError(f"The case reference is longer than {LONGEST_CODE} characters.")
    if _CONTROL.search(reference) or _BREAKS.search(reference):
        raise ValueError("The case reference contains a line break or a control character.")
    if _NOT_TEXT.search(reference):
        raise ValueError("The case reference contains bytes that are not text in the file's encoding.")
    if "/" in reference or "\\" in reference or reference in (".", ".."):
        raise ValueError("The case reference contains a slash, or is only dots.")
    return reference


def row_reader(where: dict[str, int], mapping: Mapping, now: datetime, remarks: Remarks) -> Callable[[RawRow], Row | BadRow]:
    """A function that reads rows whose columns stand `where` the header says."""
    zone = ZoneInfo(mapping.time_zone)
    modes: dict[str, Mode] = {mode.value: mode for mode in Mode} | mapping.modes
    kinds = {code: code for code in KINDS} | mapping.kinds

    def cell(raw: RawRow, name: str) -> str:
        index = where.get(name)
        return "" if index is None else raw.cells[index].strip()

    def time(text: str, what: str) -> tuple[datetime, bool]:
        try:
            instant = read_time(text, zone, mapping.time_formats)
        except NotATime as e:
            raise _Wrong(f"{what}: {e}.") from None
        if instant.at > now:
            raise _Wrong(f"{what}: “{text[:40]}” is in the future.")
        return instant

    def code(raw: RawRow, name: str, what: str, nothing: frozenset[str]) -> str:
        text = cell(raw, name)
        if len(text) > LONGEST_CODE:
            raise _Wrong(f"{what} is longer than {LONGEST_CODE} characters.")
        if _BREAKS.search(text):
            raise _Wrong(f"{what} contains a line break or a tab.")
        return "" if text in nothing else text

    def mapped(raw: RawRow) -> tuple[Mode | None, str]:
        said_mode, said_kind = cell(raw, "mode"), cell(raw, "kind")
        mode, kind = modes.get(said_mode), kinds.get(said_kind)
        unknown_mode, unknown_kind = said_mode and mode is None, said_kind and kind is None
        if unknown_mode or unknown_kind:
            if mapping.strict:
                what, value = ("mode", said_mode) if unknown_mode else ("kind", said_kind)
                raise _Wrong(f"The {what} “{value[:40]}” is not in the mapping.")
            remarks.values_not_mapped += 1
        return (mapping.default_mode if unknown_mode else mode), kind or mapping.default_kind

    def times(raw: RawRow) -> tuple[datetime, datetime | None]:
        if not (said := cell(raw, "occurred")):
            raise _Wrong("The time is missing.")
        occurred, ambiguous = time(said, "The time")
        claim = cell(raw, "recorded")
        recorded, also = time(claim, "The time of recording") if claim else (None, False)
        remarks.ambiguous_times += ambiguous or also
        return occurred, recorded

    def key(raw: RawRow) -> int:
        if "row_id" not in where:
            return raw.row
        row_id = cell(raw, "row_id")
        if not row_id:
            raise _Wrong("The row id is missing.")
        return key_of(row_id)

    def row(raw: RawRow, case: str) -> Row:
        _must_be_text(raw.cells)
        note = raw.cells[where["note"]] if "note" in where else ""
        if len(note) > LONGEST_NOTE:
            raise _Wrong(f"The note has {len(note):,} characters; {LONGEST_NOTE:,} is the most.")
        occurred, recorded = times(raw)
        mode, kind = mapped(raw)
        return Row(
            row=raw.row,
            key=key(raw),
            case=case,
            occurred=occurred,
            recorded=recorded,
            worker=code(raw, "worker", "The worker", mapping.nobody),
            allocated=code(raw, "allocated", "The allocated worker", mapping.nobody) if cell(raw, "allocated") else None,
            allocated_team=code(raw, "allocated_team", "The allocated worker's team", mapping.no_team),
            team=code(raw, "team", "The team", mapping.no_team) or mapping.default_team,
            mode=mode,
            kind=kind,
            note=note if note.strip() else "",
        )

    def read(raw: RawRow) -> Row | BadRow:
        try:
            case = case_reference(raw.cells[where["case"]] if where["case"] < len(raw.cells) else "", prefix=mapping.case_prefix)
        except ValueError as e:
            return BadRow(raw.row, raw.reason or str(e))
        if raw.reason:
            return BadRow(raw.row, raw.reason, case)
        try:
            return row(raw, case)
        except _Wrong as e:
            return BadRow(raw.row, str(e), case)

    return read


def _must_be_text(cells: list[str]) -> None:
    whole = "".join(cells)
    if whole.isascii() and whole.isprintable():
        return
    if _NOT_TEXT.search(whole):
        raise _Wrong("It contains bytes that are not text in the file's encoding (UTF-8 unless the mapping says otherwise).")
    if found := _CONTROL.search(whole):
        raise _Wrong(f"It contains a control character (number {ord(found.group())}).")
