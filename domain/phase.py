"""Phases of a sentence: custody, licence, recall and post-sentence supervision (PSS), and the changes between them."""

from datetime import date, datetime

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.remembered import Phase, Stage
from domain.requirement import RequirementEnd, RequirementEnded, Requirements, imposed
from domain.sentence import SentenceEnded, must_be_running
from domain.words import said
from domain.working_days import local_day


class Released(Event, frozen=True, tag="released"):
    """Released from custody on licence, for the first time or after a recall. `prison` is where from."""

    sentence: int
    licence_ends_on: date
    prison: str = ""


class Recalled(Event, frozen=True, tag="recalled"):
    """The licence was revoked; from then on the person is in custody, or should be."""

    sentence: int
    reason: Personal = ""


class PssBegan(Event, frozen=True, tag="pss-began"):
    """The licence ended and post-sentence supervision began."""

    sentence: int
    expected_end_on: date


CHANGES: dict[tuple[Phase, type[Event]], Phase] = {
    (Phase.CUSTODY, Released): Phase.LICENCE,
    (Phase.RECALLED, Released): Phase.LICENCE,
    (Phase.LICENCE, Recalled): Phase.RECALLED,
    (Phase.LICENCE, PssBegan): Phase.PSS,
    (Phase.RECALLED, PssBegan): Phase.PSS,
    (Phase.COMMUNITY, SentenceEnded): Phase.ENDED,
    (Phase.CUSTODY, SentenceEnded): Phase.ENDED,
    (Phase.LICENCE, SentenceEnded): Phase.ENDED,
    (Phase.RECALLED, SentenceEnded): Phase.ENDED,
    (Phase.PSS, SentenceEnded): Phase.ENDED,
}
"""Every lawful change. PSS follows a licence, also one that ran out during a recall; nothing follows PSS but the end, because a
breach of it goes to court and is no recall. An order in the community has that one phase."""

LEADS_TO: dict[type[Event], Phase] = {kind: phase for (_, kind), phase in CHANGES.items()}


@remembers(Released)
def _released(case: Case, number: int, event: Released) -> None:
    case.stages[event.sentence] = Stage(LEADS_TO[Released], event.occurred_at)


@remembers(Recalled)
def _recalled(case: Case, number: int, event: Recalled) -> None:
    case.stages[event.sentence] = Stage(LEADS_TO[Recalled], event.occurred_at)


@remembers(PssBegan)
def _pss_began(case: Case, number: int, event: PssBegan) -> None:
    case.stages[event.sentence] = Stage(LEADS_TO[PssBegan], event.occurred_at)


def _must_lead_on(case: Case, sentence: int, kind: type[Event], at: datetime, now: datetime, field: str) -> None:
    """The change is one of the table, and not before the phase that it ends."""
    must_be_open(case)
    must_have_happened(at, now, field)
    must_be_running(case, sentence)
    stage = case.stages[sentence]
    if (stage.phase, kind) not in CHANGES:
        raise Refused(said("That cannot happen while the person is {phase} under this sentence.", phase=stage.phase), "sentence")
    if local_day(at) < local_day(stage.since):
        raise Refused(said("The date cannot be before {day}, when the present phase began.", day=local_day(stage.since)), field)


def release(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    licence_ends_on: date,
    released_at: datetime | None = None,
    prison: str = "",
    conditions: Requirements = (),
) -> list[Event]:
    """Record a release on licence, or a release again after a recall, with the conditions of the licence."""
    at = released_at or now
    _must_lead_on(case, sentence, Released, at, now, "released_at")
    if licence_ends_on <= local_day(at):
        raise Refused(said("The licence must end after the release."), "licence_ends_on")
    released = Released(occurred_at=at, by=by, sentence=sentence, licence_ends_on=licence_ends_on, prison=prison)
    return [released, *imposed(Phase.LICENCE, conditions, sentence=sentence, by=by, at=at)]


def recall(case: Case, *, now: datetime, by: str, sentence: int, reason: str, recalled_at: datetime | None = None) -> list[Event]:
    """Record that a licence was revoked and the person recalled to custody."""
    at = recalled_at or now
    _must_lead_on(case, sentence, Recalled, at, now, "recalled_at")
    if not reason.strip():
        raise Refused(said("Enter why the person was recalled."), "reason")
    return [Recalled(occurred_at=at, by=by, sentence=sentence, reason=reason)]


def begin_pss(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    expected_end_on: date,
    began_at: datetime | None = None,
    requirements: Requirements = (),
) -> list[Event]:
    """Record that the licence ended and PSS began: the licence's conditions expire, and those of the supervision begin."""
    at = began_at or now
    _must_lead_on(case, sentence, PssBegan, at, now, "began_at")
    if expected_end_on <= local_day(at):
        raise Refused(said("Post-sentence supervision must end after it begins."), "expected_end_on")
    conditions = [number for number, r in case.requirements.items() if r.sentence == sentence and r.ended is None]
    return [
        PssBegan(occurred_at=at, by=by, sentence=sentence, expected_end_on=expected_end_on),
        *(RequirementEnded(occurred_at=at, by=by, requirement=number, how=RequirementEnd.EXPIRED) for number in conditions),
        *imposed(Phase.PSS, requirements, sentence=sentence, by=by, at=at),
    ]
