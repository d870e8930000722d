"""Appointments: something arranged, with a time, that awaits an outcome."""

from datetime import datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_exist, must_have_been_open, must_have_happened, remembers
from domain.contact import KINDS, NO_WORK, Mode, Privacy, Work, must_be_a_length, must_be_links_of, must_fit
from domain.event import Event, Imported, Personal, Refused
from domain.outcome import OUTCOMES
from domain.remembered import Appointment
from domain.words import said


class AskedBy(StrEnum):
    PERSON = said("the person")
    SERVICE = said("the service")


class AppointmentArranged(Event, frozen=True, tag="appointment-arranged"):
    """`starts_at` may be in the future; `occurred_at` is when it was arranged.

    `group` joins the appointments of the people of one group session; `second_practitioner` is the other officer of a three-way meeting.
    """

    starts_at: datetime
    practitioner: str
    kind: str
    mode: Mode
    minutes: int | None = None
    one_to_one: bool = True
    place: str = ""
    requirements: tuple[int, ...] = ()
    group: str = ""
    second_practitioner: str = ""


class AppointmentRearranged(Event, frozen=True, tag="appointment-rearranged"):
    appointment: int
    starts_at: datetime
    asked_by: AskedBy
    reason: Personal = ""


class AppointmentCancelled(Event, frozen=True, tag="appointment-cancelled"):
    appointment: int
    asked_by: AskedBy
    reason: Personal = ""


class OutcomeRecorded(Event, frozen=True, tag="outcome-recorded"):
    """How an appointment went. `occurred_at` is the appointment's time, `practitioner` who kept it."""

    appointment: int
    outcome: str
    practitioner: str
    minutes: int | None = None
    work: Work = Work()
    sensitive: bool = False
    note: Personal = ""
    privacy: Privacy = Privacy.NOT_KNOWN
    group: str = ""
    second_practitioner: str = ""


@remembers(AppointmentArranged)
def _arranged(case: Case, number: int, event: AppointmentArranged) -> None:
    case.appointments[number] = Appointment(
        event.starts_at, event.practitioner, group=event.group, second_practitioner=event.second_practitioner
    )


@remembers(AppointmentRearranged)
def _rearranged(case: Case, number: int, event: AppointmentRearranged) -> None:
    case.appointments[event.appointment].starts_at = event.starts_at


@remembers(AppointmentCancelled)
def _cancelled(case: Case, number: int, event: AppointmentCancelled) -> None:
    case.appointments[event.appointment].cancelled = True


@remembers(OutcomeRecorded)
def _outcome(case: Case, number: int, event: OutcomeRecorded) -> None:
    case.entries[number] = event
    case.appointments[event.appointment].outcome = number


def arrange_appointment(
    case: Case,
    *,
    now: datetime,
    by: str,
    starts_at: datetime,
    practitioner: str,
    kind: str,
    mode: Mode | None = None,
    minutes: int | None = None,
    place: str = "",
    requirements: tuple[int, ...] = (),
    group: str = "",
    second_practitioner: str = "",
    arranged_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Arrange an appointment ahead; only an import may bring one whose time has passed."""
    must_be_open(case)
    happened = arranged_at or now
    must_have_happened(happened, now, "arranged_at")
    if kind not in KINDS:
        raise Refused(said("Select the kind of appointment."), "kind")
    if starts_at <= now and imported is None:
        raise Refused(said("The appointment must be in the future. Record what has happened already as a contact."), "starts_at")
    must_be_a_length(minutes)
    must_be_links_of(case, Work(requirements=requirements))
    must_be_somebody_else(second_practitioner, practitioner)
    usual = KINDS[kind]
    return [
        AppointmentArranged(
            occurred_at=happened,
            by=by,
            imported=imported,
            starts_at=starts_at,
            practitioner=practitioner,
            kind=kind,
            mode=mode or usual.mode,
            minutes=minutes,
            one_to_one=usual.one_to_one,
            place=place,
            requirements=requirements,
            group=group,
            second_practitioner=second_practitioner,
        )
    ]


def must_be_somebody_else(second_practitioner: str, practitioner: str) -> None:
    if second_practitioner and second_practitioner == practitioner:
        raise Refused(said("The second practitioner must be somebody else."), "second_practitioner")


def _awaiting(case: Case, appointment: int) -> Appointment:
    """The appointment, which must neither have an outcome nor be cancelled, nor lie after supervision ended."""
    must_exist(case)
    found = case.appointments.get(appointment)
    if found is None:
        raise Refused(said("There is no such appointment in this case."), "appointment")
    if found.cancelled:
        raise Refused(said("This appointment was cancelled."), "appointment")
    if found.outcome is not None:
        raise Refused(said("An outcome has been recorded for this appointment already. Correct that entry instead."), "outcome")
    must_have_been_open(case, found.starts_at)
    return found


def _must_be_to_come(found: Appointment, now: datetime) -> None:
    """What became of an appointment whose time has come is an outcome; "rescheduled" is one too, and says by whom."""
    if found.starts_at <= now:
        raise Refused(said("The appointment's time has passed. Record its outcome instead."), "appointment")


def rearrange_appointment(
    case: Case, *, now: datetime, by: str, appointment: int, starts_at: datetime, asked_by: AskedBy, reason: str = ""
) -> list[Event]:
    """Move an appointment that has not begun to another time, saying who asked for it; one that has needs an outcome."""
    must_be_open(case)
    found = _awaiting(case, appointment)
    _must_be_to_come(found, now)
    if starts_at <= now:
        raise Refused(said("The new time must be in the future."), "starts_at")
    if starts_at == found.starts_at:
        raise Refused(said("Enter a time other than the present one."), "starts_at")
    return [AppointmentRearranged(occurred_at=now, by=by, appointment=appointment, starts_at=starts_at, asked_by=asked_by, reason=reason)]


def cancel_appointment(case: Case, *, now: datetime, by: str, appointment: int, asked_by: AskedBy, reason: str) -> list[Event]:
    """Cancel an appointment that has not begun; one that has needs an outcome."""
    found = _awaiting(case, appointment)
    _must_be_to_come(found, now)
    if not reason.strip():
        raise Refused(said("Enter why the appointment is cancelled."), "reason")
    return [AppointmentCancelled(occurred_at=now, by=by, appointment=appointment, asked_by=asked_by, reason=reason)]


def record_outcome(
    case: Case,
    *,
    now: datetime,
    by: str,
    appointment: int,
    outcome: str,
    practitioner: str = "",
    minutes: int | None = None,
    work: Work = NO_WORK,
    sensitive: bool = False,
    note: str = "",
    privacy: Privacy = Privacy.NOT_KNOWN,
    imported: Imported | None = None,
) -> list[Event]:
    """Record how an appointment went, once its time has come."""
    found = _awaiting(case, appointment)
    if outcome not in OUTCOMES:
        raise Refused(said("Select the outcome."), "outcome")
    must_have_happened(found.starts_at, now, "outcome")
    must_be_a_length(minutes)
    must_fit(note)
    must_be_links_of(case, work)
    return [
        OutcomeRecorded(
            occurred_at=found.starts_at,
            by=by,
            imported=imported,
            appointment=appointment,
            outcome=outcome,
            practitioner=practitioner or found.practitioner,
            minutes=minutes,
            work=work,
            sensitive=sensitive,
            note=note,
            privacy=privacy,
            group=found.group,
            second_practitioner=found.second_practitioner,
        )
    ]
