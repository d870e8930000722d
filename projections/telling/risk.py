"""How risk is told: assessments, significant events, registers, checks, and what follows a further offence."""

from collections.abc import Iterator
from datetime import date

from domain.register import REGISTERS, Deregistered, Registered, RegistrationReviewed
from domain.risk import RoshAssessed, SignificantEventNoted
from domain.risk_review import RiskReviewInitiated, RiskReviewMoved
from domain.safeguarding import SafeguardingCheckRequested, SafeguardingResponseReceived
from domain.serious_further_offence import SfoInitiated, SfoMoved
from projections.telling.words import Names, Told, tells


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


@tells(RoshAssessed)
def _rosh(event: RoshAssessed, names: Names) -> Told:
    return "risk", f"Risk of serious harm: {event.level}", (f"Review due {_day(event.review_due_on)}",), event.rationale


@tells(SignificantEventNoted)
def _significant(event: SignificantEventNoted, names: Names) -> Told:
    return "risk", f"Significant event: {event.kind}", (), event.note


def _mappa(event: Registered | RegistrationReviewed) -> Iterator[str]:
    if event.level and event.category:
        yield f"{event.level}, {event.category}".capitalize()


@tells(Registered)
def _registered(event: Registered, names: Names) -> Told:
    name = REGISTERS[event.register].name if event.register in REGISTERS else event.register
    return "risk", f"Registered: {name}", (*_mappa(event), f"Review due {_day(event.review_due_on)}"), event.note


@tells(RegistrationReviewed)
def _reviewed(event: RegistrationReviewed, names: Names) -> Told:
    facts = (f"Registration {event.registration}", *_mappa(event), f"Review due {_day(event.review_due_on)}")
    return "risk", "Registration reviewed: it stands", facts, event.note


@tells(Deregistered)
def _deregistered(event: Deregistered, names: Names) -> Told:
    return "risk", "Registration ended", (f"Registration {event.registration}",), event.reason


@tells(RiskReviewInitiated)
def _initiated(event: RiskReviewInitiated, names: Names) -> Told:
    return "risk", "Risk review: referral to the NPS begun", ("Urgent",) if event.urgent else (), event.reason


@tells(RiskReviewMoved)
def _moved(event: RiskReviewMoved, names: Names) -> Told:
    return "risk", f"Risk review: {event.step}", (f"Review {event.review}",), event.note


@tells(SafeguardingCheckRequested)
def _check(event: SafeguardingCheckRequested, names: Names) -> Told:
    return "risk", f"Safeguarding check requested: {event.agency}", (), event.note


@tells(SafeguardingResponseReceived)
def _response(event: SafeguardingResponseReceived, names: Names) -> Told:
    return "risk", f"Safeguarding check answered: {event.result}", (f"Check {event.check}",), event.note


@tells(SfoInitiated)
def _sfo(event: SfoInitiated, names: Names) -> Told:
    court = (f"In court {_day(event.in_court_on)}",) if event.in_court_on else ()
    facts = (f"Offence {_day(event.offence_on)}", f"Charged {_day(event.charged_on)}", *court)
    return "risk", "Serious further offence: initiated", facts, event.note


@tells(SfoMoved)
def _sfo_moved(event: SfoMoved, names: Names) -> Told:
    return "risk", f"Serious further offence: {event.stage}", (f"Offence of entry {event.sfo}",), event.note
