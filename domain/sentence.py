"""Sentences of the court: what was ordered, from when, what it requires, and when it ended."""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_be_open, must_exist, must_have_happened, remembers
from domain.event import Event, Refused
from domain.working_days import local_day


class SentenceKind(StrEnum):
    COMMUNITY_ORDER = "community order"
    SUSPENDED_SENTENCE_ORDER = "suspended sentence order"
    LICENCE = "licence"
    POST_SENTENCE_SUPERVISION = "post-sentence supervision"


class RequirementKind(StrEnum):
    UNPAID_WORK = "unpaid work"
    RAR = "rehabilitation activity"
    PROGRAMME = "accredited programme"
    CURFEW = "curfew"
    RESIDENCE = "residence"
    TREATMENT = "treatment"
    SUPERVISION = "supervision"
    OTHER = "other"


class SentenceStarted(Event, frozen=True, tag="sentence-started"):
    kind: SentenceKind
    expected_end_on: date
    court: str = ""


class RequirementImposed(Event, frozen=True, tag="requirement-imposed"):
    """`amount` is in hours for unpaid work, in days for rehabilitation activity, in months otherwise (0: not stated)."""

    sentence: int
    kind: RequirementKind
    amount: int = 0


class SentenceEnded(Event, frozen=True, tag="sentence-ended"):
    sentence: int
    how: str


@remembers(SentenceStarted)
def _started(case: Case, number: int, event: SentenceStarted) -> None:
    case.sentences[number] = None
    case.began[number] = event.occurred_at


@remembers(RequirementImposed)
def _imposed(case: Case, number: int, event: RequirementImposed) -> None:
    case.requirements.add(number)
    if event.kind is RequirementKind.UNPAID_WORK:
        case.unpaid_work.add(number)


@remembers(SentenceEnded)
def _ended(case: Case, number: int, event: SentenceEnded) -> None:
    case.sentences[event.sentence] = local_day(event.occurred_at)


def start_sentence(
    case: Case,
    *,
    now: datetime,
    by: str,
    kind: SentenceKind,
    started_at: datetime,
    expected_end_on: date,
    court: str = "",
    requirements: tuple[tuple[RequirementKind, int], ...] = (),
) -> list[Event]:
    """Start a sentence with its requirements; it ends after it starts."""
    must_exist(case)
    must_have_happened(started_at, now, "started_at")
    if expected_end_on <= local_day(started_at):
        raise Refused("The expected end must be after the start.", "expected_end_on")
    started = SentenceStarted(occurred_at=started_at, by=by, kind=kind, expected_end_on=expected_end_on, court=court)
    sentence = case.version + 1
    return [
        started,
        *(
            RequirementImposed(occurred_at=started_at, by=by, sentence=sentence, kind=requirement, amount=amount)
            for requirement, amount in requirements
        ),
    ]


def end_sentence(case: Case, *, now: datetime, by: str, sentence: int, ended_at: datetime, how: str) -> list[Event]:
    """End a sentence that is running; it ends after it started."""
    must_be_open(case)
    must_have_happened(ended_at, now, "ended_at")
    if sentence not in case.sentences or case.sentences[sentence] is not None:
        raise Refused("That sentence is not running.", "sentence")
    if ended_at < case.began[sentence]:
        raise Refused("The sentence cannot end before it started.", "ended_at")
    return [SentenceEnded(occurred_at=ended_at, by=by, sentence=sentence, how=how)]
