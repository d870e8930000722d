"""How appointments, their outcomes and other contacts are told."""

from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.contact import KINDS, ContactRecorded
from domain.outcome import OUTCOMES
from projections.telling.words import Names, Told, minutes, moment, purposes, tells


@tells(AppointmentArranged)
def _arranged(event: AppointmentArranged, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    facts = (f"For {moment(event.starts_at)}", f"With {names(event.practitioner)}", *((event.place,) if event.place else ()))
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
    return "appointments", outcome, (*minutes(event.minutes), *purposes(event)), event.note


@tells(ContactRecorded)
def _contact(event: ContactRecorded, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    mode = () if event.kind in KINDS and KINDS[event.kind].mode is event.mode else (event.mode.capitalize(),)
    return "contacts", kind, (*mode, *minutes(event.minutes), *purposes(event)), event.note
