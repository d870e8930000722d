"""Who may do what: one function that every page, job and call asks, and that says no unless a rule says yes."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from domain.words import said


class Role(StrEnum):
    OFFICER = said("officer")
    MANAGER = said("manager")
    INSPECTOR = said("inspector")
    ADMINISTRATOR = said("administrator")


class Action(StrEnum):
    SEE_DAY = "see their own day"
    SEE_CASE = "see a case"
    WRITE_CASE = "write in a case"
    SEE_TEAM = "see a team"
    ALLOCATE = "allocate and transfer"
    LIMIT_ACCESS = "limit who may see a case"
    OVERSEE = "countersign, check and advise"
    SEE_MEASURES = "see the figures of measures"
    SEE_FINDINGS = "see the entries behind a figure, case by case"
    INSPECT = "inspect"
    SEE_HEALTH = "see the health of the record"
    KEEP_QUESTIONS = "see and import question sets"


class LimitKind(StrEnum):
    """An exclusion names somebody who may not see a case; a restriction names somebody who may, and nobody else does."""

    EXCLUSION = said("exclusion")
    RESTRICTION = said("restriction")


class Limit(msgspec.Struct, frozen=True):
    """One limit on who may see a case; without an end it holds until it is ended."""

    kind: LimitKind
    practitioner: str
    since: datetime
    until: datetime | None = None

    def holds_at(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


def is_hidden_from(practitioner: str, limits: Iterable[Limit]) -> bool:
    """Whether limits that all hold keep a case from somebody: they are excluded, or others are named and they are not."""
    held = list(limits)
    named = {limit.practitioner for limit in held if limit.kind is LimitKind.RESTRICTION}
    excluded = {limit.practitioner for limit in held if limit.kind is LimitKind.EXCLUSION}
    return practitioner in excluded or bool(named and practitioner not in named)


class Subject(msgspec.Struct, frozen=True):
    """Who asks. Officers and managers are known by team; what an inspector may see is said with the case."""

    code: str
    role: Role
    team: str = ""
    provider: str = ""


class Resource(msgspec.Struct, frozen=True):
    """What is asked for: a case with who holds it, or a team. `sampled` when the case is inspected in an open inspection that the subject
    takes part in now.

    Of figures: an officer with the team and provider they work in, a team, a provider, or (all empty) the nation."""

    team: str = ""
    provider: str = ""
    practitioner: str = ""
    sampled: bool = False
    offered_to_team: str = ""
    """The team that a requested transfer would move the case to: it must be able to read what it is asked to take."""
    unplaced: bool = False
    """A case that no team has had yet: any manager may give it one, or nobody could."""
    limits: tuple[Limit, ...] = ()
    """The exclusions and restrictions that hold at the moment of asking."""


class Answer(msgspec.Struct, frozen=True):
    allowed: bool
    because: str


NO = Answer(False, "no rule allows it")
HIDDEN = Answer(False, "access to the case is limited, and for them it does not exist")
"""Whoever gets this answer is told what they would be told of a case that there is not."""

_OF_FIGURES = frozenset({Action.SEE_MEASURES, Action.SEE_FINDINGS})

_BY_ROLE: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset({Action.SEE_DAY, Action.SEE_CASE, Action.WRITE_CASE, Action.SEE_TEAM, *_OF_FIGURES}),
    Role.MANAGER: frozenset(
        {Action.SEE_CASE, Action.WRITE_CASE, Action.SEE_TEAM, Action.ALLOCATE, Action.LIMIT_ACCESS, Action.OVERSEE, *_OF_FIGURES}
    ),
    Role.INSPECTOR: frozenset({Action.SEE_CASE, Action.INSPECT, Action.KEEP_QUESTIONS, *_OF_FIGURES}),
    Role.ADMINISTRATOR: frozenset({Action.SEE_HEALTH, Action.KEEP_QUESTIONS}),
}

_THE_ROLE = {
    Role.OFFICER: said("the role of officer"),
    Role.MANAGER: said("the role of manager"),
    Role.INSPECTOR: said("the role of inspector"),
    Role.ADMINISTRATOR: said("the role of administrator"),
}

_OF_NO_CASE = frozenset({Action.SEE_DAY, Action.INSPECT, Action.SEE_HEALTH, Action.KEEP_QUESTIONS})


def decide(subject: Subject, action: Action, resource: Resource | None = None) -> Answer:
    """Whether `subject` may do `action`, and by which rule. Without a resource: whether anybody of that role ever may."""
    if action not in _BY_ROLE[subject.role]:
        return NO
    if resource is None or action in _OF_NO_CASE:
        return Answer(True, _THE_ROLE[subject.role])
    if is_hidden_from(subject.code, resource.limits):
        return HIDDEN
    if subject.role is Role.INSPECTOR:
        return _inspector(action, resource)
    return _figures(subject, action, resource) if action in _OF_FIGURES else _practitioner(subject, action, resource)


def _figures(subject: Subject, action: Action, resource: Resource) -> Answer:
    """Officers see their own figures; managers those of their team and its officers, and what the teams of their provider come to,
    without the cases behind them. No source sets this; the service decided it."""
    if resource.practitioner and resource.practitioner == subject.code:
        return Answer(True, said("the figures are their own"))
    if subject.role is not Role.MANAGER:
        return NO
    if resource.team:
        return Answer(True, said("the figures are of their team")) if resource.team == subject.team else NO
    if action is Action.SEE_MEASURES and resource.provider and resource.provider == subject.provider and not resource.practitioner:
        return Answer(True, said("the figures are of their provider, by team"))
    return NO


def _practitioner(subject: Subject, action: Action, resource: Resource) -> Answer:
    if resource.team and resource.team == subject.team:
        return Answer(True, said("the case is with their team"))
    if action is Action.OVERSEE:
        return NO
    if resource.practitioner and resource.practitioner == subject.code:
        return Answer(True, said("they hold the case"))
    if action in (Action.SEE_CASE, Action.ALLOCATE) and resource.offered_to_team == subject.team != "":
        return Answer(True, said("their team is asked to take the case"))
    if subject.role is Role.MANAGER and subject.team and resource.unplaced and action in (Action.SEE_CASE, Action.ALLOCATE):
        return Answer(True, said("the case is with no team yet"))
    return NO


def _inspector(action: Action, resource: Resource) -> Answer:
    if action is Action.SEE_CASE:
        return Answer(True, said("the case is in a sample of theirs")) if resource.sampled else NO
    return Answer(True, _THE_ROLE[Role.INSPECTOR])
