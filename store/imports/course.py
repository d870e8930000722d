"""A case while rows are brought into it: what is decided is remembered at once, so that the next rule knows of it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from domain.case import Case
from domain.event import Event, Recorded
from domain.person import PersonDetailsRecorded
from domain.register import Deregistered, Registered, RegistrationReviewed
from domain.requirement import RequirementAmended, RequirementImposed
from domain.risk import Rosh, RoshAssessed
from domain.sentence import SentenceAmended, SentenceKind, SentenceStarted
from domain.working_days import local_day
from store.imports.appending import FACTS, Found
from store.imports.marking import Terms
from store.imports.on_register import OnRegister
from store.imports.rows import Row


class Said:
    """What the record has of a case's facts, and what of it this source said last: only a change in that is news."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.sentences: dict[tuple[SentenceKind, date], int] = {}
        self.ends: dict[int, date] = {}
        """Of the sentences that the source brought, the end it gave last."""
        self.amounts: dict[int, int] = {}
        """Of the requirements that the source brought, the amount it gave last."""
        self.assessed: set[tuple[Rosh, date]] = set()
        self.rosh: Rosh | None = None
        self.registers: dict[str, OnRegister] = {}
        """What the source has on registers, by their codes."""
        self._register_of: dict[int, str] = {}
        self.details: tuple[str, str] | None = None
        self.details_by_hand = False
        self._last: dict[str, datetime] = {}

    def is_older(self, what: str, at: datetime) -> bool:
        """What the record says of a later time stands."""
        return what in self._last and at < self._last[what]

    def hear(self, number: int, event: Event) -> None:
        ours = event.imported is not None and event.imported.source == self._source
        match event:
            case SentenceStarted():
                self.sentences[event.kind, local_day(event.occurred_at)] = number
                if ours:
                    self.ends[number] = event.expected_end_on
            case SentenceAmended() if ours:
                self.ends[event.sentence] = event.expected_end_on
                self._at("sentence", event)
            case RequirementImposed() if ours:
                self.amounts[number] = event.amount
                self._at("requirements", event)
            case RequirementAmended() if ours:
                self.amounts[event.requirement] = event.amount
                self._at("requirements", event)
            case RoshAssessed():
                self.assessed.add((event.level, local_day(event.occurred_at)))
                if not self.is_older("rosh", event.occurred_at):
                    self.rosh = event.level
                    self._at("rosh", event)
            case PersonDetailsRecorded():
                self.details, self.details_by_hand = (event.language, event.interpreter), self.details_by_hand or not ours
                self._at("details", event)
            case _ if ours:
                self._hear_of_registers(number, event)

    def _hear_of_registers(self, number: int, event: Event) -> None:
        match event:
            case Registered():
                self.registers[event.register] = OnRegister(event.register, event.level, event.category)
                self._register_of[number] = event.register
            case RegistrationReviewed():
                if register := self._register_of.get(event.registration):
                    self.registers[register] = OnRegister(register, event.level, event.category)
            case Deregistered():
                self.registers.pop(self._register_of.get(event.registration, ""), None)
            case _:
                return
        self._at("registers", event)

    def _at(self, what: str, event: Event) -> None:
        self._last[what] = max(event.occurred_at, self._last.get(what, event.occurred_at))


class Course:
    """The case, what of it was said before, and the events that are decided on."""

    def __init__(self, found: Found, terms: Terms) -> None:
        self.case: Case = found.case
        self.terms = terms
        self.said = Said(terms.source)
        self.events: list[Event] = []
        for each in found.facts:
            self.said.hear(each.originator_version, each.event)

    def happen(self, new: Sequence[Event]) -> int:
        """Remember what is decided; the entry number of the first of it."""
        first = self.case.version + 1
        for event in new:
            self.events.append(event)
            self.case.evolve(Recorded(self.case.id, self.case.version + 1, event, self.terms.now, 0))
            if isinstance(event, FACTS):
                self.said.hear(self.case.version, event)
        return first

    def carry_out(self, command: Callable[..., list[Event]], row: Row, **details: Any) -> int:
        """Give a command of officers as the row's; the entry number of the first of what it comes to."""
        mark = self.terms.mark(row.key, row.recorded)
        return self.happen(command(self.case, now=self.terms.now, by=self.terms.by, imported=mark, **details))
