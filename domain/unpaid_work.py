"""Unpaid work (UPW): being instructed to attend, and what came of each session, in minutes."""

from datetime import datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.outcome import OUTCOMES


class InstructionKind(StrEnum):
    FIRST = "first"
    AGAIN = "re-instruction"


class InstructionMethod(StrEnum):
    HAND = "by hand"
    POST = "by post"
    TEXT = "by text"


class UpwInstructed(Event, frozen=True, tag="upw-instructed"):
    """A legal act: the person is told what work to do and when. `batch` joins instructions issued together."""

    requirement: int
    kind: InstructionKind
    project: str
    work_at: datetime
    method: InstructionMethod
    batch: str = ""
    reason: Personal = ""


class UpwAttendanceRecorded(Event, frozen=True, tag="upw-attendance-recorded"):
    requirement: int
    outcome: str
    project: str
    supervisor: str
    minutes_offered: int
    minutes_credited: int
    note: Personal = ""


@remembers(UpwInstructed)
def _instructed(case: Case, number: int, event: UpwInstructed) -> None:
    case.instructions.add(event.requirement)


@remembers(UpwAttendanceRecorded)
def _attended(case: Case, number: int, event: UpwAttendanceRecorded) -> None:
    case.entries[number] = event


def must_be_unpaid_work(case: Case, requirement: int) -> None:
    if requirement not in case.unpaid_work:
        raise Refused("Select the unpaid work requirement.", "requirement")


def must_add_up(outcome: str, minutes_offered: int, minutes_credited: int) -> None:
    """No more minutes are credited than were offered, and none to somebody who was not there."""
    if outcome not in OUTCOMES:
        raise Refused("Select the outcome.", "outcome")
    if not 0 < minutes_offered <= 24 * 60:
        raise Refused("Minutes offered must be between 1 and 1,440.", "minutes_offered")
    if not 0 <= minutes_credited <= minutes_offered:
        raise Refused("Minutes credited must be between 0 and the minutes offered.", "minutes_credited")
    if minutes_credited and not OUTCOMES[outcome].attended:
        raise Refused("No minutes can be credited to a person who did not attend.", "minutes_credited")


def instruct_upw(
    case: Case,
    *,
    now: datetime,
    by: str,
    requirement: int,
    project: str,
    work_at: datetime,
    method: InstructionMethod,
    batch: str = "",
    reason: str = "",
) -> list[Event]:
    """Instruct the person to attend; any instruction after the first says why."""
    must_be_open(case)
    must_be_unpaid_work(case, requirement)
    if work_at <= now:
        raise Refused("The work must be in the future.", "work_at")
    if not project.strip():
        raise Refused("Enter the project.", "project")
    again = requirement in case.instructions
    if again and not reason.strip():
        raise Refused("Enter why the person is instructed again.", "reason")
    return [
        UpwInstructed(
            occurred_at=now,
            by=by,
            requirement=requirement,
            kind=InstructionKind.AGAIN if again else InstructionKind.FIRST,
            project=project.strip(),
            work_at=work_at,
            method=method,
            batch=batch,
            reason=reason,
        )
    ]


def record_upw_attendance(
    case: Case,
    *,
    now: datetime,
    by: str,
    requirement: int,
    worked_at: datetime,
    outcome: str,
    project: str,
    supervisor: str,
    minutes_offered: int,
    minutes_credited: int,
    note: str = "",
) -> list[Event]:
    """Record what came of a session."""
    must_be_open(case)
    must_be_unpaid_work(case, requirement)
    must_have_happened(worked_at, now, "worked_at")
    must_add_up(outcome, minutes_offered, minutes_credited)
    return [
        UpwAttendanceRecorded(
            occurred_at=worked_at,
            by=by,
            requirement=requirement,
            outcome=outcome,
            project=project,
            supervisor=supervisor,
            minutes_offered=minutes_offered,
            minutes_credited=minutes_credited,
            note=note,
        )
    ]
