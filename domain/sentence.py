"""Sentences of the court: what was ordered, from when, what replaced it, and when it ended."""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_exist, must_have_happened, remembers
from domain.event import Event, Imported, Refused
from domain.remembered import Phase, Stage
from domain.requirement import RequirementKind, Requirements, imposed
from domain.unpaid_work import Ordered, must_be_lawful_hours
from domain.words import said
from domain.working_days import local_day


class SentenceKind(StrEnum):
    COMMUNITY_ORDER = said("community order")
    SUSPENDED_SENTENCE_ORDER = said("suspended sentence order")
    LICENCE = said("licence")
    POST_SENTENCE_SUPERVISION = said("post-sentence supervision")
    CUSTODIAL = said("custodial sentence")
    SUPERVISION_DEFAULT_ORDER = said("supervision default order")


OF_CUSTODY = frozenset({SentenceKind.CUSTODIAL, SentenceKind.LICENCE, SentenceKind.POST_SENTENCE_SUPERVISION})
"""Sentences that begin in custody, and what follows it."""
BEGINS: dict[SentenceKind, Phase] = {
    SentenceKind.COMMUNITY_ORDER: Phase.COMMUNITY,
    SentenceKind.SUSPENDED_SENTENCE_ORDER: Phase.COMMUNITY,
    SentenceKind.SUPERVISION_DEFAULT_ORDER: Phase.COMMUNITY,
    SentenceKind.CUSTODIAL: Phase.CUSTODY,
    SentenceKind.LICENCE: Phase.LICENCE,
    SentenceKind.POST_SENTENCE_SUPERVISION: Phase.PSS,
}
"""The phase in which each kind of sentence begins. A licence or post-sentence supervision stands as a sentence of its own where
the record begins with it."""


class SentenceEnd(StrEnum):
    """The ways a sentence ends; older entries may say it in other words."""

    COMPLETED = said("completed")
    EXPIRED = said("expired")
    REVOKED = said("revoked")
    EARLY = said("revoked early for good progress")
    RESENTENCED = said("revoked and resentenced")
    DIED = said("the person died")


class SentenceStarted(Event, frozen=True, tag="sentence-started"):
    """`replaces` is the sentence that was revoked for this one, 0 for none."""

    kind: SentenceKind
    expected_end_on: date
    court: str = ""
    replaces: int = 0


class SentenceAmended(Event, frozen=True, tag="sentence-amended"):
    """A court changed how long an order runs; `expected_end_on` is what holds from now on."""

    sentence: int
    expected_end_on: date
    court: str = ""


class SentenceEnded(Event, frozen=True, tag="sentence-ended"):
    sentence: int
    how: str


@remembers(SentenceStarted)
def _started(case: Case, number: int, event: SentenceStarted) -> None:
    if case.sentences and not case.is_open:  # reopened: what was planned was for a sentence that has ended
        case.plan.completed = None
    case.sentences[number] = None
    case.began[number] = event.occurred_at
    case.stages[number] = Stage(BEGINS[event.kind], event.occurred_at)


@remembers(SentenceEnded)
def _ended(case: Case, number: int, event: SentenceEnded) -> None:
    case.sentences[event.sentence] = local_day(event.occurred_at)
    case.stages[event.sentence] = Stage(Phase.ENDED, event.occurred_at)


def start_sentence(
    case: Case,
    *,
    now: datetime,
    by: str,
    kind: SentenceKind,
    expected_end_on: date,
    started_at: datetime | None = None,
    court: str = "",
    requirements: Requirements = (),
    imported: Imported | None = None,
) -> list[Event]:
    """Start a sentence with its requirements; it ends after it starts. In a case that was closed, it opens it again."""
    must_exist(case)
    at = started_at or now
    must_have_happened(at, now, "started_at")
    return _start(
        case.version + 1,
        SentenceStarted(occurred_at=at, by=by, imported=imported, kind=kind, expected_end_on=expected_end_on, court=court),
        requirements,
    )


def _start(number: int, started: SentenceStarted, requirements: Requirements) -> list[Event]:
    """A sentence that becomes this entry, followed by its requirements."""
    if started.expected_end_on <= local_day(started.occurred_at):
        raise Refused(said("The expected end must be after the start."), "expected_end_on")
    hours = [amount for kind, amount in requirements if kind is RequirementKind.UNPAID_WORK]
    default_order = started.kind is SentenceKind.SUPERVISION_DEFAULT_ORDER
    must_be_lawful_hours(hours, "requirements", Ordered.DEFAULT if default_order else Ordered.SENTENCED)
    begins = BEGINS[started.kind]
    return [started, *imposed(begins, requirements, sentence=number, by=started.by, at=started.occurred_at, imported=started.imported)]


def amend_sentence(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    expected_end_on: date,
    court: str = "",
    amended_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Record that a court changed how long an order in the community runs; the new end lies after the change."""
    must_be_open(case)
    at = amended_at or now
    must_have_happened(at, now, "amended_at")
    must_be_running(case, sentence)
    if case.stages[sentence].phase is not Phase.COMMUNITY:
        raise Refused(said("Only the length of an order served in the community is amended."), "sentence")
    if local_day(at) < local_day(case.began[sentence]):
        raise Refused(said("The date cannot be before the sentence started."), "amended_at")
    if expected_end_on <= local_day(at):
        raise Refused(said("The new end must be after the change."), "expected_end_on")
    return [SentenceAmended(occurred_at=at, by=by, imported=imported, sentence=sentence, expected_end_on=expected_end_on, court=court)]


def end_sentence(case: Case, *, now: datetime, by: str, sentence: int, how: str, ended_at: datetime | None = None) -> list[Event]:
    """End a sentence that is running; it ends after it started."""
    must_be_open(case)
    at = ended_at or now
    must_have_happened(at, now, "ended_at")
    must_be_running(case, sentence)
    if at < case.began[sentence]:
        raise Refused(said("The sentence cannot end before it started."), "ended_at")
    return [SentenceEnded(occurred_at=at, by=by, sentence=sentence, how=how)]


def resentence(
    case: Case,
    *,
    now: datetime,
    by: str,
    sentence: int,
    kind: SentenceKind,
    expected_end_on: date,
    resentenced_at: datetime | None = None,
    court: str = "",
    requirements: Requirements = (),
) -> list[Event]:
    """Record that a court revoked an order, usually after a breach, and dealt with the offence again: one ends and one begins."""
    must_be_open(case)
    at = resentenced_at or now
    must_have_happened(at, now, "resentenced_at")
    must_be_running(case, sentence)
    if case.stages[sentence].phase is not Phase.COMMUNITY:
        raise Refused(said("Only an order served in the community is revoked and resentenced."), "sentence")
    if at < case.began[sentence]:
        raise Refused(said("The sentence cannot end before it started."), "resentenced_at")
    ended = SentenceEnded(occurred_at=at, by=by, sentence=sentence, how=SentenceEnd.RESENTENCED.value)
    started = SentenceStarted(occurred_at=at, by=by, kind=kind, expected_end_on=expected_end_on, court=court, replaces=sentence)
    return [ended, *_start(case.version + 2, started, requirements)]


def must_be_running(case: Case, sentence: int) -> None:
    if sentence not in case.sentences or case.sentences[sentence] is not None:
        raise Refused(said("That sentence is not running."), "sentence")
