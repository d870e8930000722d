"""How appointments, their outcomes and other contacts are told."""

from domain.appointment import AppointmentArranged, AppointmentCancelled, AppointmentRearranged, OutcomeRecorded
from domain.contact import KINDS, ContactRecorded, Privacy
from domain.outcome import OUTCOMES
from domain.words import said
from projections.telling.words import Names, Told, minutes, moment, purposes, tells


@tells(AppointmentArranged)
def _arranged(event: AppointmentArranged, names: Names) -> Told:
    kind = KINDS[event.kind].label if event.kind in KINDS else event.kind
    who, second = names(event.practitioner), names(event.second_practitioner) if event.second_practitioner else ""
    session = (said("Group session {group}", group=event.group),) if event.group else ()
    facts = (
        said("For {moment}", moment=moment(event.starts_at)),
        said("With {name} and {second}", name=who, second=second) if second else said("With {name}", name=who),
        *((event.place,) if event.place else ()),
        *session,
    )
    return "appointments", said("Appointment arranged: {kind}", kind=kind.lower()), facts, ""


@tells(AppointmentRearranged)
def _rearranged(event: AppointmentRearranged, names: Names) -> Told:
    facts = (said("Now {moment}", moment=moment(event.starts_at)), _asked_by(event))
    return "appointments", said("Appointment rearranged"), facts, event.reason


@tells(AppointmentCancelled)
def _cancelled(event: AppointmentCancelled, names: Names) -> Told:
    return "appointments", said("Appointment cancelled"), (_asked_by(event),), event.reason


def _asked_by(event: AppointmentRearranged | AppointmentCancelled) -> str:
    return said("Asked for by {who}", who=event.asked_by)


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
