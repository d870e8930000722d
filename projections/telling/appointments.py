"""How appointments, their outcomes and other contacts are told."""

from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.contact import KINDS, ContactRecorded, Privacy
from domain.outcome import OUTCOMES
from projections.telling.words import Names, Told, minutes, moment, purposes, tells


@tells(AppointmentArranged)
def _arranged(event: AppointmentArranged, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    second = f" and {names(event.second_practitioner)}" if event.second_practitioner else ""
    session = (f"Group session {event.group}",) if event.group else ()
    facts = (
        f"For {moment(event.starts_at)}",
        f"With {names(event.practitioner)}{second}",
        *((event.place,) if event.place else ()),
        *session,
    )
    return "appointments", f"Appointment arranged: {kind.lower()}", facts, ""


@tells(AppointmentRearranged)
def _rearranged(event: AppointmentRearranged, names: Names) -> Told:
    facts = (f"Now {moment(event.starts_at)}", f"Asked for by {event.asked_by}")
    return "appointments", "Appointment rearranged", facts, event.reason


@tells(AppointmentCancelled)
def _cancelled(event: AppointmentCancelled, names: Names) -> Told:
    return "appointments", "Appointment cancelled", (f"Asked for by {event.asked_by}",), event.reason


@tells(OutcomeRecorded)
def _outcome(event: OutcomeRecorded, names: Names) -> Told:
    outcome = OUTCOMES[event.outcome].description if event.outcome in OUTCOMES else event.outcome
    return "appointments", outcome, (*minutes(event.minutes), *_where(event), *purposes(event)), event.note


def _where(event: OutcomeRecorded | ContactRecorded) -> tuple[str, ...]:
    return () if event.privacy is Privacy.NOT_KNOWN else (event.privacy.capitalize(),)


@tells(ContactRecorded)
def _contact(event: ContactRecorded, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    mode = () if event.kind in KINDS and KINDS[event.kind].mode is event.mode else (event.mode.capitalize(),)
    return "contacts", kind, (*mode, *minutes(event.minutes), *_where(event), *purposes(event)), event.note
