"""What pages of assessing share: the panel with its questions, the reader's own assessment, words of a question set, entry numbers."""

import re
from collections.abc import Sequence
from typing import Protocol

from flask import abort

from domain.assessment import assessment_id
from domain.fieldwork import takes_part
from domain.panel import Panel, StandardRated, panel_id
from domain.question_set import Asked, QuestionSet, asked
from domain.question_sets import shipped
from domain.working_days import local_day
from projections import assessments, judged
from projections.assessments import AssessmentRow, Reading
from projections.inspections import Course, InspectionRow
from projections.judged import Final
from projections.story import Story
from web.language import USUAL, gettext, language
from web.pages.inspection import course_of, inspects
from web.service import me, now, reading, service

MOST_ENTRIES = 200
_ONE = re.compile(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?")


class InTwoLanguages(Protocol):
    """A part of a question set, with its Welsh."""

    @property
    def cy(self) -> str: ...


def in_words(part: InTwoLanguages) -> str:
    """The words of a question set, a standard, a key question or a prompt in the reader's language, where the set has them."""
    english = getattr(part, "text", "") or getattr(part, "title", "")
    return str(english if language() == USUAL else part.cy or english)


def goes_on(course: Course) -> bool:
    """Whether anything may still be found: until the inspection is published or closed."""
    return not course.now.published and not course.now.closed


def only_while_it_goes_on(row: InspectionRow) -> None:
    if not goes_on(course_of(row)):
        abort(403, gettext("What this inspection found does not change any more: it is published or closed."))


def panel_of(row: InspectionRow) -> Panel:
    """What the panel of an inspection has chosen; version 0 while it has chosen nothing."""
    return service().record.state(Panel, panel_id(row.reference))


def questions_of(row: InspectionRow) -> dict[str, Asked]:
    """The key questions of an inspection by their codes; none while they are not chosen."""
    return asked(panel_of(row).sets)


def ratings_of(row: InspectionRow) -> dict[str, StandardRated]:
    """What the panel decided last, by standard."""
    history = service().record.history(panel_id(row.reference))
    return {recorded.event.standard: recorded.event for recorded in history if isinstance(recorded.event, StandardRated)}


def question_sets() -> list[QuestionSet]:
    """Every set that can be chosen: the shipped ones and those that were imported."""
    with reading() as conn:
        rows = assessments.imported_sets(conn)
    return [*shipped(), *assessments.read_sets(service().record.history, [row.key for row in rows])]


def own(row: InspectionRow, crn: str) -> Reading | None:
    """The assessment of a case that the reader of the page has begun."""
    return reading_of(row, crn, me().code)


def reading_of(row: InspectionRow, crn: str, reader: str) -> Reading | None:
    history = service().record.history(assessment_id(row.reference, crn, reader), texts=True)
    return assessments.reading(Story(history)) if history else None


def finals_of(row: InspectionRow, course: Course, questions: Sequence[str]) -> list[Final]:
    """Every key question of the sampled cases that somebody has completed, with what counts."""
    return _finals(row, course, questions)[0]


def _finals(row: InspectionRow, course: Course, questions: Sequence[str]) -> tuple[list[Final], Sequence[AssessmentRow]]:
    """The same, and the assessments that were begun."""
    with reading() as conn:
        begun = assessments.assessments(conn, row.reference)
        found, moderated = assessments.found(conn, row.reference), assessments.moderated(conn, row.reference)
    sample = set(course.now.sample)
    return [one for one in judged.finals(begun, found, moderated, questions) if one.crn in sample], begun


def counting(row: InspectionRow, course: Course, questions: Sequence[str]) -> list[Final]:
    """The same for pages that add them up. While the inspection goes on a case that somebody has yet to complete is left out: by what a
    sum changes its reader would learn what the others found."""
    every, begun = _finals(row, course, questions)
    if not goes_on(course):
        return every
    today = local_day(now())
    left = {one.crn for one in begun if one.completed_at is None and takes_part(course.now, one.reader, today)}
    if inspects(course):
        mine = {one.crn for one in begun if one.reader == me().code}
        left |= {crn for crn, reader in course.now.readers.items() if reader == me().code and crn not in mine}
    return [one for one in every if one.crn not in left]


def entry_numbers(typed: str) -> tuple[int, ...] | None:
    """Entries as people write them: 3, 7 or 12-15. None when it is something else, or more than anybody would read."""
    numbers: set[int] = set()
    for part in filter(None, re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", typed.strip()))):
        match = _ONE.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= MOST_ENTRIES:
            return None
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers)) if len(numbers) <= MOST_ENTRIES else None


def as_typed(numbers: Sequence[int]) -> str:
    """Entry numbers as they are typed again: 3, 7, 12-15."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
