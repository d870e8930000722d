"""How unpaid work is told."""

from domain.outcome import OUTCOMES
from domain.unpaid_work import UpwAssessed, UpwExtended, UpwInducted, UpwReviewed
from domain.upw_completion import UpwCompleted
from domain.upw_instruction import InstructionAcknowledged, UpwInstructed
from domain.upw_session import UpwAttendanceRecorded
from domain.upw_suspension import UpwResumed, UpwSuspended
from domain.words import plural, said, within
from projections.telling.words import Names, Told, clock, moment, tells

CATEGORY = "unpaid-work"


@tells(UpwAssessed)
def _assessed(event: UpwAssessed, names: Names) -> Told:
    return CATEGORY, said("Assessed for unpaid work"), (event.intensive.capitalize(),), event.note


@tells(UpwInducted)
def _inducted(event: UpwInducted, names: Names) -> Told:
    return CATEGORY, said("Induction to unpaid work"), (said("In a group") if event.in_group else said("Individually"),), event.note


@tells(UpwInstructed)
def _instructed(event: UpwInstructed, names: Names) -> Told:
    work_at, method = moment(event.work_at), event.method.capitalize()
    facts = (
        event.project,
        said("For {moment} to {time}", moment=work_at, time=clock(event.ends_at))
        if event.ends_at
        else said("For {moment}", moment=work_at),
        said("{method}, in {language}", method=method, language=event.language) if event.language else method,
        event.why.capitalize() if event.why else "",
        event.work_type,
        event.transport,
        event.clothing,
        said("In place of entry {entry}", entry=event.supersedes) if event.supersedes else "",
    )
    return CATEGORY, said("Unpaid work instruction ({kind})", kind=event.kind), tuple(filter(None, facts)), event.reason


@tells(InstructionAcknowledged)
def _acknowledged(event: InstructionAcknowledged, names: Names) -> Told:
    return (
        CATEGORY,
        said("Unpaid work instruction acknowledged"),
        (event.how.capitalize(), said("Entry {entry}", entry=event.instruction)),
        "",
    )


@tells(UpwAttendanceRecorded)
def _worked(event: UpwAttendanceRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    facts = (
        event.project,
        said("{credited} of {offered} minutes credited", credited=event.minutes_credited, offered=event.minutes_offered),
        said("Penalty {minutes}", minutes=plural(event.penalty_minutes, "minute")) if event.penalty_minutes else "",
        said("Travel {minutes}", minutes=plural(event.travel_minutes, "minute")) if event.travel_minutes else "",
        said("Education, training or employment") if event.ete else "",
    )
    return CATEGORY, said("Unpaid work: {what}", what=within(outcome)), tuple(filter(None, facts)), event.note


@tells(UpwSuspended)
def _suspended(event: UpwSuspended, names: Names) -> Told:
    return CATEGORY, said("Unpaid work suspended"), (event.because.capitalize(),), event.note


@tells(UpwResumed)
def _resumed(event: UpwResumed, names: Names) -> Told:
    return CATEGORY, said("Suspension of unpaid work lifted"), (), event.note


@tells(UpwReviewed)
def _reviewed(event: UpwReviewed, names: Names) -> Told:
    return CATEGORY, said("Unpaid work: {what}", what=event.kind), (), event.note


@tells(UpwExtended)
def _extended(event: UpwExtended, names: Names) -> Told:
    return CATEGORY, said("More time for unpaid work: until {day}", day=event.until), (event.court,), ""


@tells(UpwCompleted)
def _completed(event: UpwCompleted, names: Names) -> Told:
    return CATEGORY, said("Unpaid work ended"), (event.how.capitalize(),), event.note
