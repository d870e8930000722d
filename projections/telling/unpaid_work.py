"""How unpaid work is told."""

from domain.outcome import OUTCOMES
from domain.unpaid_work import UpwAttendanceRecorded, UpwInstructed
from projections.telling.words import Names, Told, moment, tells


@tells(UpwInstructed)
def _instructed(event: UpwInstructed, names: Names) -> Told:
    facts = (event.project, f"For {moment(event.work_at)}", event.method.capitalize())
    return "unpaid-work", f"Unpaid work instruction ({event.kind})", facts, event.reason


@tells(UpwAttendanceRecorded)
def _worked(event: UpwAttendanceRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    facts = (event.project, f"{event.minutes_credited} of {event.minutes_offered} minutes credited")
    return "unpaid-work", f"Unpaid work: {outcome[0].lower()}{outcome[1:]}", facts, event.note
