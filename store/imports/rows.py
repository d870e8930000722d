"""A row of a source becomes a row of ours: checked cell by cell, and refused with a plain reason when one cannot be right."""

import hashlib
import re
from datetime import datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

import msgspec

from domain.contact import KINDS, LONGEST_NOTE, Mode
from store.imports.facts import NO_CASE_FACTS, NO_CONTACT_FACTS, CaseFacts, ContactFacts, FactReader
from store.imports.mapping import Mapping
from store.imports.reading import RawRow
from store.imports.report import Remarks
from store.imports.times import Instant, NotATime, read_time

LONGEST_CODE = 64
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(r"[\t\r\n]")
_NOT_TEXT = re.compile(r"[\ud800-\udfff]")
_JSON_SAFE = 2**53 - 1
_NAMES = ("occurred", "recorded", "worker", "allocated", "allocated_team", "team", "mode", "kind", "row_id", "note", "provider")
KEPT = 10_000


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
    provider: str
    """The code of the provider that has the case."""
    of_case: CaseFacts = NO_CASE_FACTS
    of_contact: ContactFacts = NO_CONTACT_FACTS


class BadRow(msgspec.Struct, frozen=True, gc=False):
    row: int
    reason: str
    case: str = ""


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


class RowReader:
    """Reads rows whose columns stand `where` the header says. A source repeats its codes, so each is checked once and kept."""

    def __init__(self, where: dict[str, int], mapping: Mapping, now: datetime) -> None:
        self.remarks = Remarks()
        self._mapping = mapping
        self._now = now
        self._zone = ZoneInfo(mapping.time_zone)
        self._modes: dict[str, Mode] = {mode.value: mode for mode in Mode} | mapping.modes
        self._kinds = {code: code for code in KINDS} | mapping.kinds
        self._has_row_ids = "row_id" in where
        self._at_case = where["case"]
        nowhere = where[""]  # one past the last column, where an empty cell is put
        self._places = [where.get(name, nowhere) for name in _NAMES]
        self._reference = lru_cache(KEPT)(partial(case_reference, prefix=mapping.case_prefix))
        self._person = lru_cache(KEPT)(partial(_code, nothing=mapping.nobody, what="A worker"))
        self._team = lru_cache(KEPT)(partial(_code, nothing=mapping.no_team, what="A team"))
        self._facts = FactReader(where, mapping, now, self._person, self.remarks)

    def read(self, raw: RawRow) -> Row | BadRow:
        """The row, or why it is refused (with its case, where that can be read)."""
        at = self._at_case
        try:
            case = self._reference(raw.cells[at] if at < len(raw.cells) else "")
        except ValueError as e:
            return BadRow(raw.row, raw.reason or str(e))
        if raw.reason:
            return BadRow(raw.row, raw.reason, case)
        try:
            return self._row(raw, case)
        except ValueError as e:
            return BadRow(raw.row, str(e), case)

    def _row(self, raw: RawRow, case: str) -> Row:
        cells = [*raw.cells, ""]
        must_be_text(cells)
        said = [cells[place] for place in self._places]
        occurred, claim, worker, allocated, allocated_team, team, mode, kind, row_id, note, provider = said
        at, recorded = self._times(occurred.strip(), claim.strip())
        mapped_mode, mapped_kind = self._mode_and_kind(mode.strip(), kind.strip())
        return Row(
            row=raw.row,
            key=self._key(row_id.strip()) if self._has_row_ids else raw.row,
            case=case,
            occurred=at,
            recorded=recorded,
            worker=self._person(worker),
            allocated=self._person(allocated) if allocated.strip() else None,
            allocated_team=self._team(allocated_team),
            team=self._team(team) or self._mapping.default_team,
            mode=mapped_mode,
            kind=mapped_kind,
            note=_note(note),
            provider=self._provider(provider.strip()),
            of_case=self._facts.case(cells),
            of_contact=self._facts.contact(cells),
        )

    def _times(self, occurred: str, claim: str) -> tuple[datetime, datetime | None]:
        if not occurred:
            raise ValueError("The time is missing.")
        at, ambiguous = self._time(occurred, "The time")
        recorded, also = self._time(claim, "The time of recording") if claim else (None, False)
        self.remarks.ambiguous_times += ambiguous or also
        return at, recorded

    def _time(self, text: str, what: str) -> Instant:
        try:
            instant = read_time(text, self._zone, self._mapping.time_formats)
        except NotATime as e:
            raise ValueError(f"{what}: {e}.") from None
        if instant.at > self._now:
            raise ValueError(f"{what}: “{text[:40]}” is in the future.")
        return instant

    def _mode_and_kind(self, said_mode: str, said_kind: str) -> tuple[Mode | None, str]:
        """As mapped; what the row does not say follows from its kind, what the mapping does not know is refused or "other"."""
        mode, kind = self._modes.get(said_mode), self._kinds.get(said_kind)
        unknown_mode, unknown_kind = said_mode and mode is None, said_kind and kind is None
        if unknown_mode or unknown_kind:
            if self._mapping.strict:
                what, value = ("mode", said_mode) if unknown_mode else ("kind", said_kind)
                raise ValueError(f"The {what} “{value[:40]}” is not in the mapping.")
            self.remarks.values_not_mapped += 1
        return (self._mapping.default_mode if unknown_mode else mode), kind or self._mapping.default_kind

    def _provider(self, said: str) -> str:
        usual = self._mapping.provider
        if found := self._mapping.providers.get(said):
            return found.code
        if said and said not in (usual.code, usual.name):
            if self._mapping.strict:
                raise ValueError(f"The provider “{said[:40]}” is not in the mapping.")
            self.remarks.values_not_mapped += 1
        return usual.code

    def _key(self, row_id: str) -> int:
        if not row_id:
            raise ValueError("The row id is missing.")
        return key_of(row_id)


def _code(text: str, nothing: frozenset[str], what: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_CODE:
        raise ValueError(f"{what} has more than {LONGEST_CODE} characters.")
    if _BREAKS.search(text):
        raise ValueError(f"{what} contains a line break or a tab.")
    return "" if text in nothing else text


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"The note has {len(text):,} characters; {LONGEST_NOTE:,} is the most.")
    return text if text.strip() else ""


def must_be_text(cells: list[str]) -> None:
    """Raises ValueError with the reason."""
    whole = "".join(cells)
    if whole.isprintable():
        return
    if _NOT_TEXT.search(whole):
        raise ValueError("It contains bytes that are not text in the file's encoding (UTF-8 unless the mapping says otherwise).")
    if found := _CONTROL.search(whole):
        raise ValueError(f"It contains a control character (number {ord(found.group())}).")
