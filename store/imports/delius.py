"""Importing activity logs from NDelius-facing services: what was arranged, how it went, and what else happened."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from domain.allocation import AllocationReason, allocate
from domain.appointment import AppointmentArranged, arrange_appointment, record_outcome
from domain.case import Case, case_id, open_case
from domain.contact import ContactRecorded, record_contact
from domain.event import Event, Recorded, Refused
from domain.outcome import OUTCOMES
from store.imports.appending import CaseRefused, Decision, Found, Touched, Work, append_all, person_of
from store.imports.delius_items import DeliusOptions, Item, Log, read_logs
from store.imports.delius_log import read_pages
from store.imports.marking import Terms, brought_before
from store.imports.registering import Met, register
from store.imports.report import ImportReport, Tally
from store.record import Record


class DeliusTerms(Terms, frozen=True):
    options: DeliusOptions


def import_delius(
    record: Record,
    file: Path,
    options: DeliusOptions,
    *,
    now: datetime,
    by: str = "",
    dry_run: bool = False,
    touched: Touched | None = None,
) -> ImportReport:
    """Import the activity logs in a JSON file, all or nothing for each person; a second run adds only what is new.

    What has a time to come becomes an arranged appointment; an appointment whose time has passed gets the outcome that the log's
    flags tell; all else becomes a contact. A row is an item, counted from 1 through the file. Raises ImportProblem.
    """
    tally = Tally(options.source, dry_run)
    logs = read_logs(read_pages(Path(file)), options, now, tally)
    tally.cases += len(logs)
    good = []
    for log in logs:
        if not log.bad:
            good.append(log)
            continue
        for bad in log.bad:
            tally.refuse(bad)
        tally.cases_refused += 1
        tally.not_imported_because_of_another_row += len(log.items) + log.repeated
    if good:
        _register(record, good, options, now, tally, touched)
        terms = DeliusTerms(options.source, now, by or f"import:{options.source}", options)
        append_all(record, [[_work(log, terms)] for log in good], tally, touched=touched)
    _remark(good, now, tally)
    return tally.report()


def _register(record: Record, logs: Sequence[Log], options: DeliusOptions, now: datetime, tally: Tally, touched: Touched | None) -> None:
    met: dict[str, Met] = {}
    for item in (item for log in logs for item in log.items if item.officer):
        since = min(item.starts_at, now, met[item.officer].since if item.officer in met else now)
        met[item.officer] = Met(item.officer, since, options.team, item.officer_name)
    if options.allocated_to:
        met.setdefault(options.allocated_to, Met(options.allocated_to, now, options.team))
    first = min((each.since for each in met.values()), default=now)
    teams = [Met(options.team, first)] if options.team else []
    register(record, options.provider, teams, list(met.values()), tally=tally, now=now, touched=touched)


def _remark(logs: Sequence[Log], now: datetime, tally: Tally) -> None:
    items = [item for log in logs for item in log.items]
    tally.values_not_mapped = sum(not item.known_type for item in items)
    without_note = [item.key for item in items if item.note and _has_no_place_for_a_note(item, now)]
    if without_note:
        tally.notes.append(f"Notes of appointments that have no outcome were left out, of items {_some(without_note)}.")
    if cut := [item.key for item in items if item.truncated]:
        tally.notes.append(f"The source had cut notes short, of items {_some(cut)}.")
    if unknown := [item.key for item in items if item.is_appointment and not item.outcome and item.starts_at <= now]:
        tally.notes.append(f"Appointments await an outcome, because the source gives none: items {_some(unknown)}.")


def _has_no_place_for_a_note(item: Item, now: datetime) -> bool:
    return item.starts_at > now or (item.is_appointment and not item.outcome)


def _some(keys: Sequence[int]) -> str:
    more = f" and {len(keys) - 20} more" if len(keys) > 20 else ""
    return ", ".join(map(str, keys[:20])) + more


def _work(log: Log, terms: DeliusTerms) -> Work:
    return Work(case_id(log.person.crn), log.person.crn, log.rows, log.first_row, lambda found: _decide(found, log, terms))


def _decide(found: Found, log: Log, terms: DeliusTerms) -> Decision:
    case = found.case
    before = brought_before(found, terms.source, AppointmentArranged, ContactRecorded)
    number_of = {row: each.originator_version for row, each in before.items()}
    there = frozenset(number_of)
    events: list[Event] = []
    added = 0

    def happen(new: Sequence[Event]) -> None:
        for event in new:
            events.append(event)
            case.evolve(Recorded(case.id, case.version + 1, event, terms.now, 0))

    for item in log.items:
        events_before = len(events)
        try:
            if item.key not in there:
                if not case.version:
                    happen(_open(case, log, terms))
                    happen(_allocated(case, terms, events[0].occurred_at))
                happen(_began(case, item, terms))
                number_of[item.key] = case.version
            happen(_went(case, item, number_of[item.key], terms))
        except Refused as e:
            raise CaseRefused(item.row, e.message) from e
        added += len(events) > events_before
    return Decision(events, added, log.rows - added)


def _open(case: Case, log: Log, terms: DeliusTerms) -> list[Event]:
    first = min(terms.now, *(item.starts_at for item in log.items))
    opened = open_case(
        case,
        now=terms.now,
        by=terms.by,
        crn=log.person.crn,
        person_id=person_of(case.id),
        name=log.person.name.full,
        born=log.person.date_of_birth or "",
        occurred_at=first,
    )
    return terms.of_no_row(opened)


def _allocated(case: Case, terms: DeliusTerms, since: datetime) -> list[Event]:
    """The log does not say who holds a case; the options may."""
    options = terms.options
    if not options.allocated_to:
        return []
    held = allocate(
        case,
        now=terms.now,
        by=terms.by,
        practitioner=options.allocated_to,
        team=options.team,
        provider=options.provider.code,
        reason=AllocationReason.INITIAL,
        occurred_at=since,
    )
    return terms.of_no_row(held)


def _began(case: Case, item: Item, terms: DeliusTerms) -> list[Event]:
    """The appointment or the contact that an item tells of."""
    if item.starts_at <= terms.now and not item.is_appointment:
        return record_contact(
            case,
            now=terms.now,
            by=terms.by,
            occurred_at=item.starts_at,
            practitioner=item.officer,
            kind=item.kind,
            minutes=item.minutes,
            team=terms.options.team,
            sensitive=item.sensitive,
            note=item.note,
            imported=terms.mark(item.key, item.recorded),
        )
    return arrange_appointment(
        case,
        now=terms.now,
        by=terms.by,
        starts_at=item.starts_at,
        practitioner=item.officer,
        kind=item.kind,
        minutes=item.minutes,
        # When it was arranged is not said; it was before it took place and before the source last wrote to it.
        arranged_at=min(item.starts_at, terms.now, item.recorded or terms.now),
        imported=terms.mark(item.key, item.recorded),
    )


def _went(case: Case, item: Item, appointment: int, terms: DeliusTerms) -> list[Event]:
    """The outcome of an item's appointment, if it has come and the record has none."""
    known = case.appointments.get(appointment)
    if known is None or known.outcome is not None or known.cancelled or not item.outcome or known.starts_at > terms.now:
        return []
    return record_outcome(
        case,
        now=terms.now,
        by=terms.by,
        appointment=appointment,
        outcome=item.outcome,
        practitioner=item.officer,
        minutes=item.minutes if OUTCOMES[item.outcome].attended else None,
        sensitive=item.sensitive,
        note=item.note,
        imported=terms.mark(item.key, item.recorded),
    )
