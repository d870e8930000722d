"""How risk is told: assessments, significant events, registers, checks, and what follows a further offence."""

from collections.abc import Iterator

from domain.register import REGISTERS, Deregistered, Registered, RegistrationReviewed
from domain.risk import RoshAssessed, SignificantEventNoted
from domain.risk_review import RiskReviewInitiated, RiskReviewMoved
from domain.safeguarding import SafeguardingCheckRequested, SafeguardingResponseReceived
from domain.serious_further_offence import SfoInitiated, SfoMoved
from domain.words import begun, listed, said
from projections.telling.words import Names, Told, tells


@tells(RoshAssessed)
def _rosh(event: RoshAssessed, names: Names) -> Told:
    return (
        "risk",
        said("Risk of serious harm: {level}", level=event.level),
        (said("Review due {day}", day=event.review_due_on),),
        event.rationale,
    )


@tells(SignificantEventNoted)
def _significant(event: SignificantEventNoted, names: Names) -> Told:
    return "risk", said("Significant event: {kind}", kind=event.kind), (), event.note


def _mappa(event: Registered | RegistrationReviewed) -> Iterator[str]:
    if event.level and event.category:
        yield begun(listed([event.level, event.category]))


@tells(Registered)
def _registered(event: Registered, names: Names) -> Told:
    name = REGISTERS[event.register].name if event.register in REGISTERS else event.register
    return (
        "risk",
        said("Registered: {register}", register=name),
        (*_mappa(event), said("Review due {day}", day=event.review_due_on)),
        event.note,
    )


@tells(RegistrationReviewed)
def _reviewed(event: RegistrationReviewed, names: Names) -> Told:
    facts = (said("Registration {entry}", entry=event.registration), *_mappa(event), said("Review due {day}", day=event.review_due_on))
    return "risk", said("Registration reviewed: it stands"), facts, event.note


@tells(Deregistered)
def _deregistered(event: Deregistered, names: Names) -> Told:
    return "risk", said("Registration ended"), (said("Registration {entry}", entry=event.registration),), event.reason


@tells(RiskReviewInitiated)
def _initiated(event: RiskReviewInitiated, names: Names) -> Told:
    return "risk", said("Risk review: referral to the NPS begun"), (said("Urgent"),) if event.urgent else (), event.reason


@tells(RiskReviewMoved)
def _moved(event: RiskReviewMoved, names: Names) -> Told:
    return "risk", said("Risk review: {what}", what=event.step), (said("Review {entry}", entry=event.review),), event.note


@tells(SafeguardingCheckRequested)
def _check(event: SafeguardingCheckRequested, names: Names) -> Told:
    return "risk", said("Safeguarding check requested: {agency}", agency=event.agency), (), event.note


@tells(SafeguardingResponseReceived)
def _response(event: SafeguardingResponseReceived, names: Names) -> Told:
    return (
        "risk",
        said("Safeguarding check answered: {result}", result=event.result),
        (said("Check {entry}", entry=event.check),),
        event.note,
    )


@tells(SfoInitiated)
def _sfo(event: SfoInitiated, names: Names) -> Told:
    court = (said("In court {day}", day=event.in_court_on),) if event.in_court_on else ()
    facts = (said("Offence {day}", day=event.offence_on), said("Charged {day}", day=event.charged_on), *court)
    return "risk", said("Serious further offence: initiated"), facts, event.note


@tells(SfoMoved)
def _sfo_moved(event: SfoMoved, names: Names) -> Told:
    return (
        "risk",
        said("Serious further offence: {stage}", stage=event.stage),
        (said("Offence of entry {entry}", entry=event.sfo),),
        event.note,
    )
