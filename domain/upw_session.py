"""Sessions of unpaid work: what came of each, in minutes, and how much of what was ordered they come to."""

from datetime import datetime
from typing import NamedTuple

from domain.case import Case, must_have_been_open, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.outcome import OUTCOMES
from domain.policies import in_force
from domain.remembered import UnpaidWork
from domain.unpaid_work import Ordered, ete_minutes_most, must_be_lawful_hours, must_be_unpaid_work, must_follow_the_order
from domain.words import said
from domain.working_days import local_day


class UpwAttendanceRecorded(Event, frozen=True, tag="upw-attendance-recorded"):
    """A session that was offered. `penalty_minutes` were taken off, `travel_minutes` added; `session` joins a whole sheet.

    `ete` says that the time was spent on education, training or employment, of which only a share may be credited.
    """

    requirement: int
    outcome: str
    project: str
    supervisor: str
    minutes_offered: int
    minutes_credited: int
    note: Personal = ""
    penalty_minutes: int = 0
    travel_minutes: int = 0
    ete: bool = False
    session: str = ""


@remembers(UpwAttendanceRecorded)
def _attended(case: Case, number: int, event: UpwAttendanceRecorded) -> None:
    case.entries[number] = event


def _sessions(case: Case, requirement: int, but: int = 0) -> list[UpwAttendanceRecorded]:
    """The sessions of a requirement as they stand, without the entry `but`."""
    return [
        entry
        for number, entry in case.entries.items()
        if isinstance(entry, UpwAttendanceRecorded) and entry.requirement == requirement and number != but
    ]


class Worked(NamedTuple):
    """Minutes credited, and those of them for education, training and employment."""

    credited: int
    ete: int


def worked(case: Case, requirement: int, but: int = 0) -> Worked:
    """What the sessions of a requirement come to as they stand, without the entry `but`."""
    sessions = _sessions(case, requirement, but)
    return Worked(sum(s.minutes_credited for s in sessions), sum(s.minutes_credited for s in sessions if s.ete))


def must_not_be_before_credit(case: Case, requirement: int, at: datetime, field: str) -> None:
    """Work does not stop or end before a session for which minutes were credited."""
    credited = (s.occurred_at for s in _sessions(case, requirement) if s.minutes_credited)
    last = max(credited, default=at)
    if last > at:
        raise Refused(
            said("Minutes were credited for {day}. Enter a later time, or correct that session first.", day=local_day(last)), field
        )


def must_be_right(case: Case, session: UpwAttendanceRecorded, entry: int = 0) -> None:
    """Every rule about what a session may come to; `entry` is the number of the entry that it corrects."""
    work = must_be_unpaid_work(case, session.requirement)
    must_follow_the_order(work, session.occurred_at, "worked_at")
    _must_add_up(session)
    _must_have_been_creditable(work, session)
    _must_leave_room(case, work, session, entry)


def _must_add_up(session: UpwAttendanceRecorded) -> None:
    """No more minutes are credited than were offered, less the penalty, plus travel, and none to somebody who was not there."""
    offered, credited = session.minutes_offered, session.minutes_credited
    penalty, travel = session.penalty_minutes, session.travel_minutes
    if session.outcome not in OUTCOMES:
        raise Refused(said("Select the outcome."), "outcome")
    if not 0 < offered <= 24 * 60:
        raise Refused(said("Minutes offered must be between 1 and 1,440."), "minutes_offered")
    _must_be_fair(session)
    if not 0 <= credited <= offered - penalty + travel:
        most = said("the minutes offered")
        if penalty or travel:
            most = said("{minutes}, those offered less the penalty plus travel", minutes=offered - penalty + travel)
        raise Refused(said("Minutes credited must be between 0 and {most}.", most=most), "minutes_credited")
    if credited and not OUTCOMES[session.outcome].attended:
        raise Refused(said("No minutes can be credited to a person who did not attend."), "minutes_credited")


def _must_be_fair(session: UpwAttendanceRecorded) -> None:
    """Penalty and travel stay within bounds, and nobody pays for what the provider failed to do."""
    most = in_force().unpaid_work.travel_minutes_most
    if not 0 <= session.penalty_minutes <= session.minutes_offered:
        raise Refused(said("Penalty minutes must be between 0 and the minutes offered."), "penalty_minutes")
    if session.penalty_minutes and OUTCOMES[session.outcome].lost_by == "provider":
        raise Refused(said("The provider lost this session, so the person gets no penalty for it."), "penalty_minutes")
    if not 0 <= session.travel_minutes <= most:
        raise Refused(said("Travel minutes must be between 0 and {most}.", most=most), "travel_minutes")


def _must_have_been_creditable(work: UnpaidWork, session: UpwAttendanceRecorded) -> None:
    """Nothing is credited for a time at which the work was suspended or had ended."""
    at = session.occurred_at
    if not session.minutes_credited:
        return
    if work.completed_at is not None and at > work.completed_at:
        raise Refused(
            said("The unpaid work ended on {day}. No minutes can be credited after that.", day=local_day(work.completed_at)),
            "minutes_credited",
        )
    if any(since <= at and (until is None or at < until) for since, until in work.suspensions):
        raise Refused(said("The work was suspended then, so no minutes can be credited."), "minutes_credited")


def _must_leave_room(case: Case, work: UnpaidWork, session: UpwAttendanceRecorded, entry: int) -> None:
    """Never more is credited than was ordered, nor more for education, training and employment than its share."""
    if not work.ordered_minutes or not session.minutes_credited:
        return
    so_far = worked(case, session.requirement, but=entry)
    left = max(work.ordered_minutes - so_far.credited, 0)
    if session.minutes_credited > left:
        raise Refused(
            said(
                "Only {minutes:,} minutes of the {hours} hours ordered are left to credit.", minutes=left, hours=work.ordered_minutes // 60
            ),
            "minutes_credited",
        )
    ete_left = max(ete_minutes_most(work.ordered_minutes, work.ordered_at) - so_far.ete, 0)
    if session.ete and session.minutes_credited > ete_left:
        raise Refused(
            said("Only {minutes:,} minutes of education, training and employment are left to credit.", minutes=ete_left), "minutes_credited"
        )


def must_be_no_less_than_worked(case: Case, requirement: int, hours: int) -> None:
    """A court that changes the hours orders lawful ones, and not fewer than have been credited."""
    must_be_lawful_hours([hours], "amount", Ordered.BREACH)
    credited = worked(case, requirement).credited
    if hours * 60 < credited:
        raise Refused(said("{minutes:,} minutes have been credited already, so no fewer can be ordered.", minutes=credited), "amount")


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
    penalty_minutes: int = 0,
    travel_minutes: int = 0,
    ete: bool = False,
    session: str = "",
    note: str = "",
    imported: Imported | None = None,
) -> list[Event]:
    """Record what came of a session."""
    must_have_been_open(case, worked_at)
    must_have_happened(worked_at, now, "worked_at")
    recorded = UpwAttendanceRecorded(
        occurred_at=worked_at,
        by=by,
        imported=imported,
        requirement=requirement,
        outcome=outcome,
        project=project,
        supervisor=supervisor,
        minutes_offered=minutes_offered,
        minutes_credited=minutes_credited,
        penalty_minutes=penalty_minutes,
        travel_minutes=travel_minutes,
        ete=ete,
        session=session,
        note=note,
    )
    must_be_right(case, recorded)
    return [recorded]
