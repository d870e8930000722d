"""Importing a source's history from CSV: dry run first, each refused row with its reason, and a second run adds nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from domain.allocation import UNALLOCATED, AllocationReason, CaseAllocated, allocate_to_team
from domain.appointment import AppointmentArranged
from domain.case import Case, case_id, open_case
from domain.contact import ContactRecorded
from domain.event import Event
from domain.policy import Policy
from store.imports.appending import EVENTS_A_COMMIT, CaseRefused, Decision, Found, Touched, Work, append_all, person_of
from store.imports.bringing_contacts import bring_contact
from store.imports.bringing_facts import bring_facts
from store.imports.course import Course
from store.imports.facts import NO_CASE_FACTS
from store.imports.mapping import Mapping
from store.imports.marking import Terms, brought_before
from store.imports.reading import opened, read_rows
from store.imports.registering import Met, register
from store.imports.report import ImportReport, Tally
from store.imports.rows import BadRow, Row, RowReader
from store.imports.staging import Staging, staging
from store.policy import current_policy
from store.record import Record

Progress = Callable[[int], None]
READ_BETWEEN_REPORTS = 10_000


def import_csv(
    record: Record,
    file: Path,
    mapping: Mapping,
    *,
    now: datetime,
    by: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    reading: Progress | None = None,
    touched: Touched | None = None,
) -> ImportReport:
    """Import a CSV file, compressed or not, all or nothing for each case; a dry run does all of it except to append.

    `by` is who runs it ("import:" and the source unless given). All of the file is read before anything is appended: `reading` is
    told how many rows have been read, then `progress` how many rows are done with. `touched` gets the streams of each commit.
    Raises ImportProblem when nothing can be imported, and store.record.Busy when others keep writing to the same cases; what was
    committed until then stands, and running it again goes on from there.
    """
    tally = Tally(mapping.source, dry_run)
    with _staged(record, Path(file), mapping, now, tally, reading) as rows:
        rows.judge(tally, has_row_ids=bool(mapping.columns.row_id))
        if tally.rows_read > tally.handled:
            team_of = _register(record, rows, mapping, now, tally, touched)
            terms = CsvTerms(mapping.source, now, by or f"import:{mapping.source}", mapping, team_of, current_policy())
            works = (_work(case, terms) for case in rows.cases())
            append_all(record, _batches(works), tally, touched=touched, progress=progress)
    return tally.report()


class CsvTerms(Terms, frozen=True):
    mapping: Mapping
    team_of: dict[str, str]
    """The team of each practitioner."""
    policy: Policy


def _register(record: Record, rows: Staging, mapping: Mapping, now: datetime, tally: Tally, touched: Touched | None) -> dict[str, str]:
    """Register whom the source speaks of, under the provider in whose cases they stand most; the team of each practitioner."""
    teams, workers, team_of = rows.teams(), rows.workers(), dict[str, str]()
    codes = {row[0] for row in teams} | {row[0] for row in workers}
    providers = {each.code: each for each in (*mapping.providers.values(), mapping.provider)}
    for code in sorted(codes, key=lambda code: (code != mapping.provider.code, code)):
        met_teams = [Met(team, since) for provider, team, since in teams if provider == code]
        met = [Met(worker, since, team or mapping.default_team) for provider, worker, since, team in workers if provider == code]
        team_of |= register(record, providers[code], met_teams, met, tally=tally, now=now, touched=touched)
    return team_of


@contextmanager
def _staged(record: Record, file: Path, mapping: Mapping, now: datetime, tally: Tally, reading: Progress | None) -> Iterator[Staging]:
    """The staging table, filled from the file."""
    with staging(record.dsn) as rows:
        with opened(file, mapping.encoding) as text:
            rows.fill(_read(text, mapping, now, tally, reading))
        yield rows


def _read(text: IO[str], mapping: Mapping, now: datetime, tally: Tally, reading: Progress | None) -> Iterator[Row | BadRow]:
    where, raws = read_rows(text, mapping)
    rows = RowReader(where, mapping, now)
    for raw in raws:
        yield rows.read(raw)
        tally.rows_read += 1
        if reading is not None and tally.rows_read % READ_BETWEEN_REPORTS == 0:
            reading(tally.rows_read)
    tally.values_not_mapped, tally.ambiguous_times = rows.remarks.values_not_mapped, rows.remarks.ambiguous_times


def _batches(works: Iterable[Work]) -> Iterator[list[Work]]:
    """Cases, as many as make about one commit; one that is larger makes a commit alone."""
    batch: list[Work] = []
    rows = 0
    for work in works:
        batch.append(work)
        rows += work.rows
        if rows >= EVENTS_A_COMMIT:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _work(rows: list[Row], terms: CsvTerms) -> Work:
    crn = terms.mapping.case_prefix + rows[0].case
    return Work(case_id(crn), rows[0].case, len(rows), rows[0].row, lambda found: _decide(found, crn, rows, terms))


def _decide(found: Found, crn: str, rows: list[Row], terms: CsvTerms) -> Decision:
    """The events of the rows that the case does not have yet: opened if need be, its allocations in time, then a contact a row."""
    there = {row: each.event for row, each in brought_before(found, terms.source, ContactRecorded, AppointmentArranged).items()}
    if there and not terms.mapping.columns.row_id:
        _must_be_in_place(there, rows)
    new = [row for row in rows if row.key not in there]
    changed = sum(there[row.key].occurred_at != row.occurred for row in rows if row.key in there)
    if not new:
        return Decision([], 0, len(rows), changed)
    course = Course(found, terms)
    if not found.case.version:
        first = min(new, key=lambda row: row.occurred)
        person = person_of(found.case.id)
        opened = open_case(found.case, now=terms.now, by=terms.by, crn=crn, person_id=person, name="", occurred_at=first.occurred)
        course.happen(terms.of_row(opened, first.key))
    course.happen(_allocations(found.case, new, terms))
    for row in sorted((row for row in new if row.of_case != NO_CASE_FACTS), key=lambda row: row.occurred):
        bring_facts(course, row, terms.policy)
    for row in new:
        bring_contact(course, row, terms.policy)
    return Decision(course.events, len(new), len(rows) - len(new), changed)


def _must_be_in_place(there: dict[int, Event], rows: list[Row]) -> None:
    """Rows are known by their place in the file: if they have moved since, what is there and what is new cannot be told apart."""
    now = {row.key: row for row in rows}
    for key, event in there.items():
        if key not in now or now[key].occurred != event.occurred_at:
            raise CaseRefused(
                rows[0].row,
                f"Row {key} was imported for this case before and is now another row: the file has changed. "
                "Map a column with row ids, or give this file a source name of its own.",
            )


def _allocations(case: Case, rows: Sequence[Row], terms: CsvTerms) -> list[Event]:
    """Who held the case, from when: a change where the rows, in order of time, name another person than before.

    Not the command `allocate`, because a source also tells of moves between teams, which here take a transfer. What the record
    says of a later time stands.
    """
    held = case.allocation
    holder = (held.practitioner, held.team) if held else None
    events: list[Event] = []
    for row in sorted(rows, key=lambda row: row.occurred):
        if held is not None and row.occurred < held.since:
            continue
        if row.allocated is None:
            if row.allocated_team and not holder:
                holder = (UNALLOCATED, row.allocated_team)
                events += _to_team(case, row, terms)
            continue
        team = row.allocated_team or terms.team_of.get(row.allocated) or row.team
        if holder and holder[0] == row.allocated and (holder[1] == team or not row.allocated_team):
            continue
        reason = AllocationReason.OTHER if holder else AllocationReason.INITIAL
        since = row.occurred if holder else min(row.occurred, *(each.occurred for each in rows))
        holder = (row.allocated, team)
        events.append(
            CaseAllocated(
                occurred_at=since,
                by=terms.by,
                imported=terms.mark(row.key, row.recorded),
                practitioner=row.allocated,
                team=team,
                provider=row.provider,
                reason=reason,
            )
        )
    return events


def _to_team(case: Case, row: Row, terms: CsvTerms) -> list[Event]:
    """The source says which team has the case, and not yet who in it."""
    return allocate_to_team(
        case,
        now=terms.now,
        by=terms.by,
        team=row.allocated_team,
        provider=row.provider,
        decided_at=row.occurred,
        imported=terms.mark(row.key, row.recorded),
    )
