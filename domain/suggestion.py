"""Suggestion: to whom of a team a case would best go, by rules that a manager can read; the manager decides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from domain.policy import AllocationLimits, Workload
from domain.words import said

K = TypeVar("K")


class Rule(StrEnum):
    """What a suggestion looks at before it looks at who has most room."""

    KNOWN = "known"
    GROUPS = "groups"
    LANGUAGE = "language"


class Because(StrEnum):
    """Why somebody is suggested: the rule that decided it first."""

    HELD = said("held before")
    MET = said("met before")
    GROUP = said("group kept together")
    LANGUAGE = said("speaks the language")
    ROOM = said("most room")


class Known(msgspec.Struct, frozen=True):
    """What an officer and a person had with one another: days as their officer, and the times they met."""

    days: int = 0
    met: int = 0

    def because(self, rule: AllocationLimits) -> Because | None:
        if self.days:
            return Because.HELD
        return Because.MET if self.met >= rule.known_from_contacts else None


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who could take cases: the points they carry now and can carry, None where their grade has no number."""

    code: str
    points: int
    capacity: int | None
    languages: frozenset[str] = frozenset()


class Wanted(msgspec.Struct, Generic[K], frozen=True):
    """A case that wants an officer: what it weighs, the language the person prefers, who knows them, and the groups they are in."""

    case: K
    points: int
    language: str = ""
    known: Mapping[str, Known] = {}
    groups: frozenset[str] = frozenset()


class Suggested(msgspec.Struct, frozen=True):
    """Who would take a case and why; their points before it and with it."""

    practitioner: str
    because: Because
    known: Known
    before: int
    after: int


class _Sharing(Generic[K]):
    """Cases given one after another, so that what somebody was given weighs when the next case is."""

    def __init__(
        self,
        candidates: Iterable[Candidate],
        allocation: AllocationLimits,
        workload: Workload,
        rules: Collection[Rule],
        barred: Collection[tuple[K, str]],
    ) -> None:
        self.candidates = {one.code: one for one in candidates}
        self.points = {one.code: one.points for one in self.candidates.values()}
        self.grouped: dict[str, str] = {}
        self.allocation, self.workload, self.rules, self.barred = allocation, workload, rules, barred

    def share(self, code: str, more: int) -> float:
        """Of what they can carry; who has no number is taken to carry what the largest grade can."""
        carries = self.candidates[code].capacity
        return (self.points[code] + more) / (max(self.workload.capacity.values()) if carries is None else max(carries, 1))

    def _because(self, wanted: Wanted[K], code: str) -> Because:
        if self.share(code, wanted.points) > self.workload.excessive_share:
            return Because.ROOM  # nobody is well served by an officer who has too many: then only room decides
        known = wanted.known.get(code, Known()).because(self.allocation) if Rule.KNOWN in self.rules else None
        if known is not None:
            return known
        if Rule.GROUPS in self.rules and any(self.grouped.get(group) == code for group in wanted.groups):
            return Because.GROUP
        if Rule.LANGUAGE in self.rules and wanted.language in self.candidates[code].languages:
            return Because.LANGUAGE
        return Because.ROOM

    def _rank(self, wanted: Wanted[K], code: str) -> tuple[object, ...]:
        after, known, because = self.share(code, wanted.points), wanted.known.get(code, Known()), self._because(wanted, code)
        knows = because in (Because.HELD, Because.MET)
        return (list(Because).index(because), -known.days if knows else 0, -known.met if knows else 0, after, code)

    def give(self, wanted: Wanted[K]) -> Suggested | None:
        able = [code for code in self.candidates if (wanted.case, code) not in self.barred]
        if not able:
            return None
        taker = min(able, key=lambda code: self._rank(wanted, code))
        because = self._because(wanted, taker)
        before = self.points[taker]
        self.points[taker] += wanted.points
        for group in wanted.groups:
            self.grouped.setdefault(group, taker)
        return Suggested(taker, because, wanted.known.get(taker, Known()), before, self.points[taker])


def suggest(
    cases: Sequence[Wanted[K]],
    candidates: Iterable[Candidate],
    *,
    allocation: AllocationLimits,
    workload: Workload,
    rules: Collection[Rule] = tuple(Rule),
    barred: Collection[tuple[K, str]] = (),
) -> dict[K, Suggested]:
    """Who would take each case: whom the person knows longest, who has others of their group, who speaks their language, and of
    equals whoever would carry the smallest share of what they can; then by code.

    Nobody is suggested for these reasons beyond the share at which a workload is excessive. `barred` are the pairs that may not be:
    a case hidden from somebody is not given to them. A case that nobody may take is left out. Cases whose person knows somebody are
    given first, so that others do not take up their room.
    """
    sharing = _Sharing(candidates, allocation, workload, rules, barred)
    known_first = sorted(cases, key=lambda one: Rule.KNOWN not in rules or not any(k.because(allocation) for k in one.known.values()))
    return {one.case: given for one in known_first if (given := sharing.give(one)) is not None}
