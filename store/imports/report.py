"""What an import came to: how many of the source's rows are in the record now, and why the others are not."""

from dataclasses import dataclass, field

import msgspec

KEPT = 10_000
"""Refused rows that are listed one by one; they are all counted."""


class RefusedRow(msgspec.Struct, frozen=True):
    """A row that was refused. `row` counts the rows of data from 1 (the header is row 0); `case` is as in the source, if it can be read."""

    row: int
    reason: str
    case: str = ""


class ImportReport(msgspec.Struct, frozen=True):
    """Rows read = entries added + already there + refused + not imported because another row of their case was refused.

    In a dry run, what is said to be added is what would have been.
    """

    source: str
    dry_run: bool
    rows_read: int
    cases: int
    cases_opened: int
    cases_refused: int
    entries_added: int
    already_there: int
    refused_rows: int
    not_imported_because_of_another_row: int
    events_added: int
    """All that was written: entries, opened cases, allocations, and who works where."""
    practitioners_registered: int
    teams_registered: int
    values_not_mapped: int
    """Rows in which a mode or a kind that is not in the mapping took the default."""
    ambiguous_times: int
    """Rows whose time the clock showed twice that night; the first of the two was taken."""
    changed_at_the_source: int = 0
    """Rows that were there already, but of which the source now gives another time: correct those entries by hand."""
    notes: tuple[str, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    """The first 10,000."""

    @property
    def complete(self) -> bool:
        return self.refused_rows == 0


@dataclass
class Tally:
    """Counts while an import runs."""

    source: str
    dry_run: bool
    rows_read: int = 0
    cases: int = 0
    cases_opened: int = 0
    cases_refused: int = 0
    entries_added: int = 0
    already_there: int = 0
    refused_rows: int = 0
    not_imported_because_of_another_row: int = 0
    events_added: int = 0
    practitioners_registered: int = 0
    teams_registered: int = 0
    values_not_mapped: int = 0
    ambiguous_times: int = 0
    changed_at_the_source: int = 0
    notes: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    def refuse(self, row: RefusedRow) -> None:
        self.refused_rows += 1
        if len(self.refused) < KEPT:
            self.refused.append(row)

    def refuse_case(self, row: RefusedRow, rows: int) -> None:
        """All `rows` of a case, because of one of them."""
        self.refuse(row)
        self.cases_refused += 1
        self.not_imported_because_of_another_row += rows - 1

    @property
    def handled(self) -> int:
        """Rows that are done with."""
        return self.entries_added + self.already_there + self.refused_rows + self.not_imported_because_of_another_row

    def report(self) -> ImportReport:
        fields = {name: getattr(self, name) for name in ImportReport.__struct_fields__}
        refused = tuple(sorted(self.refused, key=lambda each: each.row))
        return ImportReport(**(fields | {"notes": tuple(self.notes), "refused": refused}))


class Remarks(msgspec.Struct):
    """What was taken on trust while reading, counted by row."""

    values_not_mapped: int = 0
    ambiguous_times: int = 0
