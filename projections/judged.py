"""What was found of an inspection's cases in the end: readers and moderation together, shares by key question, agreement of readers."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from domain import rating
from domain.assessment import Verdict
from domain.moderation import final
from domain.policy import Ratings
from domain.question_set import Applies, Asked, QuestionSet
from domain.rating import Band, KeyQuestion
from projections.assessments import AssessmentRow, Found
from projections.statistics.agreement import Kappa, kappa
from projections.statistics.intervals import Interval, wilson


class Final(msgspec.Struct, frozen=True):
    """One key question in one case: what each reader found, in the order in which they began, and what counts; None while it is open."""

    crn: str
    question: str
    found: tuple[tuple[str, Verdict], ...]
    verdict: Verdict | None
    moderated: bool

    @property
    def differs(self) -> bool:
        return len({verdict for _, verdict in self.found}) > 1


def finals(
    assessments: Iterable[AssessmentRow], found: Iterable[Found], moderated: Mapping[tuple[str, str], Verdict], questions: Iterable[str]
) -> list[Final]:
    """Every key question of every case that a reader has completed. What a reader did not ask, they found not to apply."""
    readers: dict[str, list[str]] = {}
    for one in assessments:
        if one.completed_at is not None:
            readers.setdefault(one.crn, []).append(one.reader)
    said = {(f.crn, f.question, f.reader): f.verdict for f in found}
    asked = list(questions)
    return [
        _final(crn, question, [(reader, said.get((crn, question, reader), Verdict.NOT_ASKED)) for reader in who], moderated)
        for crn, who in readers.items()
        for question in asked
    ]


def _final(crn: str, question: str, found: Sequence[tuple[str, Verdict]], moderated: Mapping[tuple[str, str], Verdict]) -> Final:
    decided = moderated.get((crn, question))
    verdict = final([verdict for _, verdict in found], decided)
    one = Final(crn, question, tuple(found), verdict, moderated=False)
    return msgspec.structs.replace(one, moderated=one.differs and decided is not None)


def shares(every: Iterable[Final]) -> dict[str, KeyQuestion]:
    """By key question, in how many of the cases that it applies to and that are decided the work was sufficient."""
    counts: dict[str, list[int]] = {}
    for one in every:
        if one.verdict in (Verdict.SUFFICIENT, Verdict.INSUFFICIENT):
            count = counts.setdefault(one.question, [0, 0])
            count[0] += one.verdict is Verdict.SUFFICIENT
            count[1] += 1
    return {question: KeyQuestion(question, sufficient, of) for question, (sufficient, of) in counts.items()}


def standards(sets: Iterable[QuestionSet], found: Mapping[str, KeyQuestion], rule: Ratings) -> dict[str, rating.Standard | None]:
    """By number, what each standard with key questions comes to; None until a case is judged on each of its key questions."""
    rated: dict[str, rating.Standard | None] = {}
    for standard in (standard for one in sets for standard in one.standards if standard.questions):
        own = [found.get(f"{standard.number}.{question.name}") for question in standard.questions]
        known = [question for question in own if question is not None]
        rated[standard.number] = rating.standard(known, rule) if len(known) == len(own) else None
    return rated


class Sure(msgspec.Struct, frozen=True):
    """How sure a share is: its interval, the bands that it touches, and the number of cases that it was drawn from, None where that is
    not known because the key question applies to some cases only."""

    interval: Interval
    bands: tuple[Band, ...]
    frame: int | None


def sure(question: KeyQuestion, asked: Asked, frame: int, confidence: float, rule: Ratings) -> Sure:
    """Wilson's interval with finite population, where the whole frame could have been asked."""
    whole = frame if asked.question.applies is Applies.ALWAYS and question.of <= frame else None
    interval = wilson(question.sufficient, question.of, confidence=confidence, frame=whole)
    return Sure(interval, rating.touched(interval.low, interval.high, rule), whole)


_ANSWERS = (Verdict.SUFFICIENT, Verdict.INSUFFICIENT)


def agreement(every: Iterable[Final], confidence: float) -> dict[str, Kappa]:
    """By key question, how the first two readers of a case agree where both judged it; those who left it out are no part of it."""
    tables: dict[str, list[list[int]]] = {}
    for one in every:
        if len(one.found) > 1 and all(verdict in _ANSWERS for _, verdict in one.found[:2]):
            first, second = (_ANSWERS.index(verdict) for _, verdict in one.found[:2])
            tables.setdefault(one.question, [[0, 0], [0, 0]])[first][second] += 1
    return {question: kappa(table, confidence=confidence) for question, table in tables.items()}
