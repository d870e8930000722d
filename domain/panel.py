"""The panel of an inspection: which questions are asked of its cases, and which band each standard gets in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import rating
from domain.contact import must_say_why
from domain.event import Event, Recorded, Refused, stream_id
from domain.question_set import QuestionSet, Standard, asked
from domain.rating import Band
from domain.words import said


class QuestionsChosen(Event, frozen=True, tag="questions-chosen"):
    """The question sets as they read on that day, so that what was asked never changes with a file."""

    inspection: str
    sets: tuple[QuestionSet, ...]


class StandardRated(Event, frozen=True, tag="standard-rated"):
    """The band that the panel gives a standard; `percent` is the lowest share that it saw, None where no cases are judged on it."""

    standard: str
    band: Band
    percent: int | None = None
    reason: str = ""


@dataclass(slots=True)
class Panel:
    id: UUID
    version: int = 0
    sets: tuple[QuestionSet, ...] = ()
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, QuestionsChosen):
            self.sets = recorded.event.sets
        self.version = recorded.originator_version

    @property
    def standards(self) -> dict[str, Standard]:
        return {standard.number: standard for one in self.sets for standard in one.standards}


def panel_id(reference: str) -> UUID:
    return stream_id("panel", reference)


def choose_questions(panel: Panel, *, now: datetime, by: str, inspection: str, sets: Sequence[QuestionSet]) -> list[Event]:
    """Choose the question sets of an inspection, once, before anybody begins to assess a case."""
    if panel.version:
        raise Refused(said("The questions of this inspection are chosen already."), "sets")
    numbers = [standard.number for one in sets for standard in one.standards]
    if not asked(sets):
        raise Refused(said("Select at least one question set with key questions."), "sets")
    if len(set(numbers)) < len(numbers):
        raise Refused(said("Two of these question sets have the same standard. Select one of them."), "sets")
    return [QuestionsChosen(occurred_at=now, by=by, inspection=inspection, sets=tuple(sets))]


def rate_standard(
    panel: Panel, found: rating.Standard | None, *, now: datetime, by: str, standard: str, band: Band, reason: str = ""
) -> list[Event]:
    """Give a standard its band: what its lowest key question comes to, or, with a reason, the next one where that is near enough.

    `found` is what the judged cases come to, None where there are none. A standard without key questions gets any band, with a reason.
    """
    if standard not in panel.standards:
        raise Refused(said("There is no such standard in this inspection."), "band")
    if panel.standards[standard].questions:
        _must_follow(band, found)
    if found is None or band is not found.band:
        must_say_why(reason)
    lowest = min(one.percent for one in found.questions) if found else None
    return [StandardRated(occurred_at=now, by=by, standard=standard, band=band, percent=lowest, reason=reason.strip())]


def _must_follow(band: Band, found: rating.Standard | None) -> None:
    if found is None:
        raise Refused(said("No case has been judged on this standard yet."), "band")
    if band is not found.band and band is not found.may_be:
        raise Refused(said("The shares do not allow this band."), "band")
