"""What a measure is: its question and definition in words, and one function that gives the findings every figure is the sum of."""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from domain.policy import Policy
from domain.words import said, unit
from projections.finding import Finding, Verdict
from projections.lasting import Lasting, findings_on
from projections.story import Story

THEMES = (
    said("Purposeful activity"),
    said("Continuity of relationship"),
    said("Contact level"),
    said("Risk"),
    said("Unpaid work"),
    said("Service levels"),
    said("Recording"),
)
"""What measures are grouped under, in the order in which pages show them."""


class Words(msgspec.Struct, frozen=True):
    """A measure in words. `counted` says what yes and no mean; `rules` are the values of the policy that it rests on: keys, or
    the groups that they stand in. `unit` is what is counted, one and many."""

    name: str
    title: str
    theme: str
    question: str
    definition: str
    source: str
    counted: tuple[str, str]
    rules: tuple[str, ...]
    unit: tuple[str, str] = unit("contact", "contacts")


class Measure(Words, frozen=True):
    """A measure with what it finds in one case as it stands on a day. It is kept in one of two ways: as the `verdicts` on the
    case's contacts, one for each, or as findings that last, from `lasting`."""

    findings: Callable[[Story, Policy, date], list[Finding]] = lambda story, policy, today: []
    verdicts: Callable[[Story, Policy], list[Verdict]] | None = None
    lasting: Callable[[Story, Policy], Iterable[Lasting]] | None = None

    @property
    def column(self) -> str:
        """What its columns begin with."""
        return self.name.replace("-", "_")


def of_contacts(
    words: Words, findings: Callable[[Story, Policy], list[Finding]], verdicts: Callable[[Story, Policy], list[Verdict]]
) -> Measure:
    """A measure with one finding a contact. `verdicts` are those of the findings without the words, which is all that rows need."""
    return Measure(**msgspec.structs.asdict(words), findings=lambda story, policy, today: findings(story, policy), verdicts=verdicts)


def of_lasting(words: Words, lasting: Callable[[Story, Policy], Iterable[Lasting]]) -> Measure:
    """A measure of limits or of months."""
    return Measure(
        **msgspec.structs.asdict(words),
        findings=lambda story, policy, today: findings_on(lasting(story, policy), today),
        lasting=lasting,
    )
