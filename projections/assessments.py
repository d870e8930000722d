"""Assessments: who has begun and completed which sampled case, what each reader found, and what was moderated."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.assessment import (
    Answer,
    ApplicabilityChanged,
    AssessmentBegan,
    AssessmentCompleted,
    AssessmentReopened,
    KeyQuestionJudged,
    PromptAnswered,
    Verdict,
)
from domain.event import Recorded, stream_id
from domain.moderation import JudgementModerated
from domain.policy import Policy
from domain.question_set import QuestionSet, QuestionSetImported, question_set_id
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "inspection": "text",
    "crn": "text",
    "reader": "text",
    "began_at": "timestamptz",
    "completed_at": "timestamptz",
    "questions": "int4",
    "judged": "int4",
}
JUDGED_COLUMNS = {"stream_id": "uuid", "inspection": "text", "crn": "text", "reader": "text", "question": "text", "verdict": "text"}
"""Verdicts of completed assessments only; of a key question that does not apply there is no row."""
MODERATED_COLUMNS = {"stream_id": "uuid", "inspection": "text", "crn": "text", "question": "text", "verdict": "text"}
SET_COLUMNS = {"stream_id": "uuid", "key": "text", "title": "text", "imported_at": "timestamptz", "by": "text"}


class Answered(msgspec.Struct, frozen=True):
    """How a prompt is answered now."""

    answer: Answer
    entries: tuple[int, ...]
    note: str


class Judged(msgspec.Struct, frozen=True):
    sufficient: bool
    note: str


class Reading(msgspec.Struct):
    """One reader's assessment of a case as it stands."""

    began: AssessmentBegan
    began_at: datetime
    questions: set[str]
    reasons: dict[str, str]
    """Why a key question applies, or does not, against the facts."""
    answers: dict[str, Answered]
    judged: dict[str, Judged]
    completed_at: datetime | None = None

    def verdict(self, question: str) -> Verdict | None:
        """What the reader finds of a key question; None while it is not judged."""
        if question not in self.questions:
            return Verdict.NOT_ASKED
        found = self.judged.get(question)
        return None if found is None else Verdict.SUFFICIENT if found.sufficient else Verdict.INSUFFICIENT


def reading(story: Story) -> Reading:
    """The assessment that a stream tells. ValueError for another kind of stream."""
    first = story.history[0].event
    if not isinstance(first, AssessmentBegan):
        raise ValueError("an assessment begins with its beginning")
    found = Reading(first, story.history[0].recorded_at, set(first.questions), {}, {}, {})
    for recorded in story.history[1:]:
        match recorded.event:
            case PromptAnswered(prompt=prompt, answer=answer, entries=entries, note=note):
                found.answers[prompt] = Answered(answer, entries, note)
            case KeyQuestionJudged(question=question, sufficient=sufficient, note=note):
                found.judged[question] = Judged(sufficient, note)
            case ApplicabilityChanged(question=question, applies=applies, reason=reason):
                (found.questions.add if applies else found.questions.discard)(question)
                found.reasons[question] = reason
            case AssessmentCompleted():
                found.completed_at = recorded.recorded_at
            case AssessmentReopened():
                found.completed_at = None
    return found


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found = reading(story)
    judged = len(found.questions & found.judged.keys())
    yield found.began.inspection, found.began.crn, found.began.by, found.began_at, found.completed_at, len(found.questions), judged


def judged_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found = reading(story)
    if found.completed_at is None:
        return
    for question in sorted(found.questions | found.reasons.keys()):
        if (verdict := found.verdict(question)) is not None:
            yield found.began.inspection, found.began.crn, found.began.by, question, verdict.value


def moderated_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    last = {r.event.question: r.event for r in story.history if isinstance(r.event, JudgementModerated)}
    for event in last.values():
        yield event.inspection, event.crn, event.question, event.verdict.value


def set_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for recorded in story.history:
        if isinstance(recorded.event, QuestionSetImported):
            one = recorded.event.question_set
            yield one.key, one.title, recorded.recorded_at, recorded.event.by


class AssessmentRow(msgspec.Struct, frozen=True):
    """How far a reader has come with a case: `judged` of `questions` that apply."""

    crn: str
    reader: str
    began_at: datetime
    completed_at: datetime | None
    questions: int
    judged: int


class Found(msgspec.Struct, frozen=True):
    """What a reader who has completed a case found of one key question."""

    crn: str
    reader: str
    question: str
    verdict: Verdict


class ImportedRow(msgspec.Struct, frozen=True):
    key: str
    title: str
    imported_at: datetime
    by: str


def assessments(conn: Connection[Any], reference: str) -> Sequence[AssessmentRow]:
    """Every assessment of an inspection, by case, in the order in which they began."""
    query = (
        "select crn, reader, began_at, completed_at, questions, judged from assessment where inspection = %s order by crn, began_at, reader"
    )
    with conn.cursor(row_factory=class_row(AssessmentRow)) as cursor:
        return cursor.execute(query, (reference,)).fetchall()


def found(conn: Connection[Any], reference: str) -> Sequence[Found]:
    """What completed assessments found, by case; readers in the order in which they began."""
    query = (
        "select j.crn, j.reader, j.question, j.verdict from judgement j join assessment a using (stream_id)"
        " where j.inspection = %s order by j.crn, j.question, a.began_at, j.reader"
    )
    return [Found(crn, reader, question, Verdict(verdict)) for crn, reader, question, verdict in conn.execute(query, (reference,))]


def moderated(conn: Connection[Any], reference: str) -> dict[tuple[str, str], Verdict]:
    """What was decided last where readers differed, by case and key question."""
    query = "select crn, question, verdict from moderated where inspection = %s"
    return {(crn, question): Verdict(verdict) for crn, question, verdict in conn.execute(query, (reference,))}


def streams(conn: Connection[Any], reference: str) -> dict[UUID, str]:
    """The streams that hold what was found in an inspection, each with what its id follows from."""
    read = [f"assessment:{reference}:{one.crn}:{one.reader}" for one in assessments(conn, reference)]
    names = [f"panel:{reference}", *read, *(f"moderation:{reference}:{crn}" for crn, _ in moderated(conn, reference))]
    return {stream_id(*name.split(":", 1)): name for name in names}


def read_sets(history: Callable[[UUID], Sequence[Recorded]], keys: Iterable[str]) -> list[QuestionSet]:
    """Imported question sets by key, from the entries that imported them."""
    read = (recorded.event for key in keys for recorded in history(question_set_id(key)))
    return [event.question_set for event in read if isinstance(event, QuestionSetImported)]


def imported_sets(conn: Connection[Any]) -> Sequence[ImportedRow]:
    with conn.cursor(row_factory=class_row(ImportedRow)) as cursor:
        return cursor.execute('select key, title, imported_at, "by" from question_set order by key').fetchall()
