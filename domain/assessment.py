"""Assessment of a sampled case: one inspector's own answers to the prompts and judgements of the key questions, tied to entries.

Each reader of a case has a stream of their own, so that readers never wait for one another and a second reader judges independently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from domain.contact import must_fit, must_say_why
from domain.event import Event, Personal, Recorded, Refused, stream_id
from domain.question_set import Asked
from domain.words import plural, said


class Answer(StrEnum):
    YES = said("yes")
    NO = said("no")
    NOT_APPLICABLE = said("not applicable")


class Verdict(StrEnum):
    """What a reader, or the moderation after two of them, finds of a key question in a case."""

    SUFFICIENT = said("sufficient")
    INSUFFICIENT = said("not sufficient")
    NOT_ASKED = said("does not apply")


class AssessmentBegan(Event, frozen=True, tag="assessment-began"):
    """`questions` are the key questions that apply by what was recorded of the case up to position `known_at` of the record."""

    inspection: str
    crn: str
    person_id: UUID
    questions: tuple[str, ...]
    known_at: int


class PromptAnswered(Event, frozen=True, tag="prompt-answered"):
    """`entries` are the numbers of the entries of the case that the answer rests on."""

    prompt: str
    answer: Answer
    entries: tuple[int, ...] = ()
    note: Personal = ""


class KeyQuestionJudged(Event, frozen=True, tag="key-question-judged"):
    question: str
    sufficient: bool
    note: Personal = ""


class ApplicabilityChanged(Event, frozen=True, tag="applicability-changed"):
    """The reader asks a key question that the facts leave out, or leaves out one that they ask."""

    question: str
    applies: bool
    reason: Personal = ""


class AssessmentCompleted(Event, frozen=True, tag="assessment-completed"):
    """Every key question that applies is judged."""


class AssessmentReopened(Event, frozen=True, tag="assessment-reopened"):
    reason: Personal = ""


class GivenAnswer(msgspec.Struct, frozen=True):
    """What a reader answers to one prompt, by its code."""

    prompt: str
    answer: Answer
    entries: tuple[int, ...] = ()
    note: str = ""


@dataclass(slots=True)
class Assessment:
    id: UUID
    version: int = 0
    reader: str = ""
    person_id: UUID | None = None
    questions: set[str] = field(default_factory=set)
    """The key questions that apply."""
    answered: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    completed: bool = False

    def evolve(self, recorded: Recorded) -> None:
        match recorded.event:
            case AssessmentBegan() as began:
                self.reader, self.person_id, self.questions = began.by, began.person_id, set(began.questions)
            case PromptAnswered(prompt=prompt):
                self.answered.add(prompt)
            case KeyQuestionJudged(question=question):
                self.judged.add(question)
            case ApplicabilityChanged(question=question, applies=applies):
                (self.questions.add if applies else self.questions.discard)(question)
            case AssessmentCompleted():
                self.completed = True
            case AssessmentReopened():
                self.completed = False
        self.version = recorded.originator_version


def assessment_id(reference: str, crn: str, reader: str) -> UUID:
    return stream_id("assessment", f"{reference}:{crn}:{reader}")


def begin_assessment(
    assessment: Assessment,
    questions: Iterable[str],
    known_at: int,
    *,
    now: datetime,
    by: str,
    inspection: str,
    crn: str,
    person_id: UUID,
) -> list[Event]:
    """Begin to assess a sampled case; every reader begins for themselves, once. `questions` are those that its record asks for as it is
    `known_at` a position."""
    if assessment.version:
        raise Refused(said("You have begun to assess this case already."))
    applying = tuple(questions)
    return [
        AssessmentBegan(occurred_at=now, by=by, inspection=inspection, crn=crn, person_id=person_id, questions=applying, known_at=known_at)
    ]


def _own_and_open(assessment: Assessment, by: str) -> None:
    if not assessment.version:
        raise Refused(said("Begin the assessment of this case first."))
    if assessment.reader != by:
        raise Refused(said("Only the inspector who began an assessment can go on with it."))
    if assessment.completed:
        raise Refused(said("This assessment is completed. Reopen it before you change it."))


def answer_prompts(
    assessment: Assessment, *, now: datetime, by: str, question: Asked, answers: Sequence[GivenAnswer], last_entry: int
) -> list[Event]:
    """Answer prompts of a key question that applies. A yes names the entries that show it; `last_entry` is the newest of the case."""
    _own_and_open(assessment, by)
    _must_apply(assessment, question)
    known = {f"{question.code}.{prompt.name}" for prompt in question.question.prompts}
    for given in answers:
        if given.prompt not in known:
            raise Refused(said("There is no such prompt."))
        if any(not 1 <= entry <= last_entry for entry in given.entries):
            raise Refused(said("The case has the entries 1 to {last}.", last=last_entry), f"{given.prompt}-entries")
        if given.answer is Answer.YES and not given.entries:
            raise Refused(said("Enter the entries that show it."), f"{given.prompt}-entries")
        must_fit(given.note)
    return [PromptAnswered(occurred_at=now, by=by, prompt=g.prompt, answer=g.answer, entries=g.entries, note=g.note) for g in answers]


def judge_question(
    assessment: Assessment,
    *,
    now: datetime,
    by: str,
    question: Asked,
    sufficient: bool,
    note: str = "",
    answers: Sequence[GivenAnswer] = (),
) -> list[Event]:
    """Judge a key question, once all its prompts are answered; `answers` are those given in the same moment."""
    _own_and_open(assessment, by)
    _must_apply(assessment, question)
    answered = assessment.answered | {given.prompt for given in answers}
    for prompt in question.question.prompts:
        if f"{question.code}.{prompt.name}" not in answered:
            raise Refused(said("Answer every prompt before you judge."), f"{question.code}.{prompt.name}")
    must_fit(note)
    return [KeyQuestionJudged(occurred_at=now, by=by, question=question.code, sufficient=sufficient, note=note)]


def _must_apply(assessment: Assessment, question: Asked) -> None:
    if question.code not in assessment.questions:
        raise Refused(said("This key question does not apply to the case."))


def change_applicability(assessment: Assessment, *, now: datetime, by: str, question: Asked, applies: bool, reason: str) -> list[Event]:
    """Ask a key question that the facts leave out, or leave out one that they ask, with a reason."""
    _own_and_open(assessment, by)
    if (question.code in assessment.questions) is applies:
        raise Refused(said("This is so already."), "reason")
    must_say_why(reason)
    must_fit(reason, "reason")
    return [ApplicabilityChanged(occurred_at=now, by=by, question=question.code, applies=applies, reason=reason)]


def complete_assessment(assessment: Assessment, *, now: datetime, by: str) -> list[Event]:
    """Say that every key question that applies is judged; what a reader found counts from then on."""
    _own_and_open(assessment, by)
    if left := len(assessment.questions - assessment.judged):
        raise Refused(said("{questions} left to judge.", questions=plural(left, "key question")))
    return [AssessmentCompleted(occurred_at=now, by=by)]


def reopen_assessment(assessment: Assessment, *, now: datetime, by: str, reason: str) -> list[Event]:
    """Take a completed assessment up again, with a reason; until it is completed again it does not count."""
    if not assessment.completed or assessment.reader != by:
        raise Refused(said("Only the inspector who completed an assessment can reopen it."), "reason")
    must_say_why(reason)
    must_fit(reason, "reason")
    return [AssessmentReopened(occurred_at=now, by=by, reason=reason)]
