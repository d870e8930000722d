"""Practitioners: who they are, which team they work in, and when they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.event import Event, Recorded, Refused, stream_id
from domain.policy import Workload
from domain.words import said

LONGEST_LANGUAGE = 40


class PractitionerRegistered(Event, frozen=True, tag="practitioner-registered"):
    """`grade` is the service's own: PO, PSO, SPO, TPO."""

    code: str
    name: str
    grade: str = "PO"


class PractitionerJoined(Event, frozen=True, tag="practitioner-joined"):
    team: str
    provider: str


class PractitionerLeft(Event, frozen=True, tag="practitioner-left"):
    team: str


class WorkingHoursSet(Event, frozen=True, tag="working-hours-set"):
    """From now on they work so many minutes a week; until it is said, full time."""

    minutes_a_week: int


class LanguagesRecorded(Event, frozen=True, tag="languages-recorded"):
    """In which languages, beside English, they can work with people from now on."""

    languages: tuple[str, ...] = ()


@dataclass(slots=True)
class Practitioner:
    id: UUID
    version: int = 0
    code: str = ""
    team: str = ""
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        match recorded.event:
            case PractitionerRegistered(code=code):
                self.code = code
            case PractitionerJoined(team=team):
                self.team = team
            case PractitionerLeft():
                self.team = ""
        self.version = recorded.originator_version


def practitioner_id(code: str) -> UUID:
    return stream_id("practitioner", code)


def register_practitioner(
    practitioner: Practitioner,
    *,
    now: datetime,
    by: str,
    code: str,
    name: str,
    grade: str = "PO",
    team: str = "",
    provider: str = "",
) -> list[Event]:
    """Register a practitioner, in a team if one is given."""
    if practitioner.version:
        raise Refused(said("Practitioner {code} is registered already.", code=code), "code")
    registered = PractitionerRegistered(occurred_at=now, by=by, code=code, name=name, grade=grade)
    if not team:
        return [registered]
    return [registered, PractitionerJoined(occurred_at=now, by=by, team=team, provider=provider)]


def join_team(practitioner: Practitioner, *, now: datetime, by: str, team: str, provider: str) -> list[Event]:
    if not practitioner.version:
        raise Refused(said("There is no such practitioner."), "practitioner")
    if practitioner.team == team:
        raise Refused(said("The practitioner is in that team already."), "team")
    left: list[Event] = []
    if practitioner.team:
        left = [PractitionerLeft(occurred_at=now, by=by, team=practitioner.team)]
    return [*left, PractitionerJoined(occurred_at=now, by=by, team=team, provider=provider)]


def leave_team(practitioner: Practitioner, *, now: datetime, by: str) -> list[Event]:
    if not practitioner.team:
        raise Refused(said("The practitioner is in no team."), "practitioner")
    return [PractitionerLeft(occurred_at=now, by=by, team=practitioner.team)]


def set_working_hours(practitioner: Practitioner, *, now: datetime, by: str, rule: Workload, minutes_a_week: int) -> list[Event]:
    """Say how much somebody works, so that what they carry is held against what they can."""
    if not practitioner.team:
        raise Refused(said("The practitioner is in no team."), "hours")
    if not 0 < minutes_a_week <= rule.hours_most * 60:
        raise Refused(said("Hours a week must be more than 0 and at most {most}.", most=rule.hours_most), "hours")
    return [WorkingHoursSet(occurred_at=now, by=by, minutes_a_week=minutes_a_week)]


def record_languages(practitioner: Practitioner, *, now: datetime, by: str, languages: Sequence[str]) -> list[Event]:
    """Say in which languages somebody can work with people, so that those who prefer one can be given to them."""
    if not practitioner.team:
        raise Refused(said("The practitioner is in no team."), "languages")
    if any(len(one) > LONGEST_LANGUAGE for one in languages):
        raise Refused(said("A language must be {most} characters or fewer.", most=LONGEST_LANGUAGE), "languages")
    return [LanguagesRecorded(occurred_at=now, by=by, languages=tuple(dict.fromkeys(languages)))]
