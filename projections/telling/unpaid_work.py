"""How unpaid work is told."""

from domain.outcome import OUTCOMES
from domain.unpaid_work import UpwAssessed, UpwExtended, UpwInducted, UpwReviewed
from domain.upw_completion import UpwCompleted
from domain.upw_instruction import InstructionAcknowledged, UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from domain.upw_suspension import UpwResumed, UpwSuspended
from projections.telling.words import Names, Told, many, moment, tells

CATEGORY = "unpaid-work"


@tells(UpwAssessed)
def _assessed(event: UpwAssessed, names: Names) -> Told:
    return CATEGORY, "Assessed for unpaid work", (event.intensive.capitalize(),), event.note


@tells(UpwInducted)
def _inducted(event: UpwInducted, names: Names) -> Told:
    return CATEGORY, "Induction to unpaid work", ("In a group" if event.in_group else "Individually",), event.note


@tells(UpwInstructed)
def _instructed(event: UpwInstructed, names: Names) -> Told:
    to = f" to {moment(event.ends_at).rpartition(' at ')[2]}" if event.ends_at else ""
    facts = (
        event.project,
        f"For {moment(event.work_at)}{to}",
        event.method.capitalize() + (f", in {event.language}" if event.language else ""),
        event.why.capitalize() if event.why else "",
        event.work_type,
        event.transport,
        event.clothing,
        f"In place of entry {event.supersedes}" if event.supersedes else "",
    )
    return CATEGORY, f"Unpaid work instruction ({event.kind})", tuple(filter(None, facts)), event.reason


@tells(InstructionAcknowledged)
def _acknowledged(event: InstructionAcknowledged, names: Names) -> Told:
    return CATEGORY, "Unpaid work instruction acknowledged", (event.how.capitalize(), f"Entry {event.instruction}"), ""


@tells(UpwAttendanceRecorded)
def _worked(event: UpwAttendanceRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    facts = (
        event.project,
        f"{event.minutes_credited} of {event.minutes_offered} minutes credited",
        f"Penalty {many(event.penalty_minutes, 'minute')}" if event.penalty_minutes else "",
        f"Travel {many(event.travel_minutes, 'minute')}" if event.travel_minutes else "",
        "Education, training or employment" if event.ete else "",
    )
    return CATEGORY, f"Unpaid work: {outcome[0].lower()}{outcome[1:]}", tuple(filter(None, facts)), event.note


@tells(UpwSuspended)
def _suspended(event: UpwSuspended, names: Names) -> Told:
    return CATEGORY, "Unpaid work suspended", (event.because.capitalize(),), event.note


@tells(UpwResumed)
def _resumed(event: UpwResumed, names: Names) -> Told:
    return CATEGORY, "Suspension of unpaid work lifted", (), event.note


@tells(UpwReviewed)
def _reviewed(event: UpwReviewed, names: Names) -> Told:
    return CATEGORY, f"Unpaid work: {event.kind}", (), event.note


@tells(UpwExtended)
def _extended(event: UpwExtended, names: Names) -> Told:
    return CATEGORY, f"More time for unpaid work: until {event.until:%-d %B %Y}", (event.court,), ""


@tells(UpwCompleted)
def _completed(event: UpwCompleted, names: Names) -> Told:
    return CATEGORY, "Unpaid work ended", (event.how.capitalize(),), event.note
