"""A row becomes a contact, or an appointment with its outcome, and what was shown for a failure."""

from domain.appointment import arrange_appointment, record_outcome
from domain.contact import Work, record_contact
from domain.event import Refused
from domain.evidence import decide_evidence, is_failure, outcome_of
from domain.policy import Policy
from domain.requirement import RequirementKind
from domain.working_days import local_day
from store.imports.appending import CaseRefused
from store.imports.course import Course
from store.imports.rows import Row


def bring_contact(course: Course, row: Row, policy: Policy) -> None:
    """The contact, or the appointment and its outcome, and what was shown for a failure. Raises CaseRefused."""
    try:
        if row.of_contact.outcome:
            _appointment(course, row)
        else:
            _contact(course, row)
        if row.of_contact.evidence:
            _evidence(course, row, policy)
    except Refused as e:
        raise CaseRefused(row.row, e.message) from e


def _contact(course: Course, row: Row) -> None:
    course.carry_out(
        record_contact,
        row,
        occurred_at=row.occurred,
        practitioner=row.worker,
        kind=row.kind,
        mode=row.mode,
        team=row.team,
        note=row.note,
        work=Work(requirements=_served(course, row)),
        privacy=row.of_contact.privacy,
    )


def _appointment(course: Course, row: Row) -> None:
    """What has an outcome was an appointment; when it was arranged is not said, only that it was by then."""
    said, served = row.of_contact, _served(course, row)
    appointment = course.carry_out(
        arrange_appointment,
        row,
        starts_at=row.occurred,
        practitioner=row.worker,
        kind=row.kind,
        mode=row.mode,
        requirements=served,
        second_practitioner=said.second,
        arranged_at=row.occurred,
    )
    course.carry_out(
        record_outcome,
        row,
        appointment=appointment,
        outcome=said.outcome,
        practitioner=row.worker,
        work=Work(requirements=served),
        note=row.note,
        privacy=said.privacy,
    )


def _served(course: Course, row: Row) -> tuple[int, ...]:
    """The requirement of that kind that ran on the day."""
    kind: RequirementKind | None = row.of_contact.requirement
    if kind is None:
        return ()
    day = local_day(row.occurred)
    running = [
        number
        for number, each in course.case.requirements.items()
        if each.kind == kind and local_day(each.since) <= day and (each.ended is None or day <= each.ended)
    ]
    if not running:
        raise Refused(f"The case has no requirement “{kind}” on {day:%-d %B %Y}.")
    return (running[-1],)


def _evidence(course: Course, row: Row, policy: Policy) -> None:
    """What was shown is about the row's own failure, else about the last one before it."""
    said = row.of_contact
    assert said.evidence is not None
    missed = [
        (event.occurred_at, number)
        for number, event in course.case.entries.items()
        if is_failure(outcome_of(event)) and event.occurred_at <= row.occurred
    ]
    if not missed:
        raise Refused("Evidence is given, and the case has no failure to attend or comply before it.")
    course.carry_out(
        decide_evidence,
        row,
        policy=policy,
        failure=max(missed)[1],
        evidence=said.evidence,
        accepted=said.accepted,
        reason=row.note,
        decided_at=row.occurred,
    )
