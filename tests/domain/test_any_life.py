"""Whatever is tried in a case, in whatever order, lawful or not: what was recorded keeps to the rules and always loads again."""

import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import domain
from domain.allocation import CaseAllocated
from domain.appointment import AppointmentArranged, AppointmentCancelled, OutcomeRecorded, record_outcome
from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn
from domain.case import Case, case_id, open_case
from domain.contact import KINDS, Purpose, Work
from domain.entry import EntryCorrected, EntryWithdrawn, correct_entry
from domain.event import Event, Imported, Recorded, Refused, put_texts, take_texts
from domain.outcome import OUTCOMES
from domain.policy import Policy
from domain.requirement import RequirementAmended
from domain.sentence import start_sentence
from domain.transfer import TransferAccepted
from domain.upw_session import UpwAttendanceRecorded
from projections.engine import fold
from projections.read_models import MODELS
from projections.telling import told
from store.codec import decode_event
from tests.rules import CRN, NOW, PERSON, POLICY, USUAL, Command, in_words

STREAM = case_id(CRN)
FIRST_DAY = datetime(2026, 1, 12, 10, tzinfo=UTC)


def commands() -> list[Command]:
    """Every command that a case can be given."""
    found: list[Command] = []
    for module in iter_modules(domain.__path__):
        for name, function in inspect.getmembers(import_module(f"domain.{module.name}"), inspect.isfunction):
            parameters = inspect.signature(function).parameters
            is_command = "case" in parameters and {"now", "by"} <= set(parameters)
            if is_command and function.__module__ == f"domain.{module.name}" and not name.startswith("_"):
                found.append(function)
    return found


COMMANDS = commands()


@pytest.mark.parametrize("command", COMMANDS, ids=in_words)
def test_every_command_of_a_case_is_among_those_that_are_tried(command: Command) -> None:
    assert command in USUAL


# ---- What may be tried -----------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(("", "  ", "Because of the move.", "SIAN", "TOM", "CF1", "NP1", "C10", "N03", "Welsh"))
WORDS: dict[str, Iterable[str]] = {
    "practitioner": ("SIAN", "TOM", "OWEN", ""),
    "to_practitioner": ("SIAN", "TOM"),
    "from_practitioner": ("SIAN", "TOM"),
    "team": ("CF1", "NP1", "NC1"),
    "to_team": ("CF1", "NP1", "NC1"),
    "provider": ("C10", "N03"),
    "to_provider": ("C10", "N03"),
    "outcome": ("ATTC", "UAAB", "UAAB", "AFTA", *OUTCOMES, "NONE"),
    "action": ("EA02", "EA03", "EA04", "EA08", "NFA", "NONE"),
}


def values(name: str, hint: Any, case: Case, now: datetime) -> st.SearchStrategy[Any]:
    """Anything that a form could send for one detail of a command: right, wrong or about another entry."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        return st.one_of(*(values(name, part, case, now) for part in parts))
    if origin is Sequence:
        return st.lists(values(name, parts[0], case, now), max_size=2).map(tuple)
    if origin is tuple:
        inner = parts[:1] if parts[-1] is Ellipsis else parts
        if parts[-1] is Ellipsis:
            return st.lists(values(name, inner[0], case, now), max_size=2).map(tuple)
        return st.tuples(*(values(name, part, case, now) for part in inner))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return _plain(name, hint, case, now)


def _plain(name: str, hint: Any, case: Case, now: datetime) -> st.SearchStrategy[Any]:
    days = st.integers(-60, 400)
    simple: dict[Any, Callable[[], st.SearchStrategy[Any]]] = {
        type(None): st.none,
        bool: st.booleans,
        int: lambda: st.integers(1, case.version + 1) | st.sampled_from((-1, 0, 12, 40, 60, 90, 120, 300, 420, 1441)),
        str: lambda: st.sampled_from([*WORDS[name]]) if name in WORDS else st.sampled_from([*KINDS]) if name == "kind" else TEXTS,
        date: lambda: days.map(lambda n: now.date() + timedelta(days=n)),
        datetime: lambda: st.integers(-40 * 24, 48).map(lambda n: now + timedelta(hours=n)),
        Policy: lambda: st.just(POLICY),
        Work: lambda: st.builds(
            Work,
            purposes=st.lists(st.sampled_from(Purpose), max_size=2).map(tuple),
            objectives=st.lists(st.sampled_from([*case.objectives, 1]), max_size=2).map(tuple),
            requirements=st.lists(st.sampled_from([*case.requirements, 1]), max_size=2).map(tuple),
            risk_action=st.booleans(),
        ),
        Imported: st.none,
        UUID: lambda: st.just(PERSON),
    }
    return simple[hint]()


REFERENCES: dict[str, Callable[[Case], Iterable[int]]] = {
    "appointment": lambda case: case.appointments,
    "check": lambda case: case.checks,
    "entry": lambda case: case.entries,
    "failure": lambda case: (n for n, e in case.entries.items() if isinstance(e, OutcomeRecorded)),
    "failures": lambda case: (n for n, e in case.entries.items() if isinstance(e, OutcomeRecorded)),
    "instruction": lambda case: (n for work in case.unpaid_work.values() for n in work.instructions),
    "interruption": lambda case: (n for n, i in case.interruptions.items() if not i.over),
    "objective": lambda case: case.objectives,
    "registration": lambda case: case.registrations,
    "requirement": lambda case: case.requirements,
    "review": lambda case: [case.risk_review.number] if case.risk_review else [],
    "sentence": lambda case: (n for n, ended in case.sentences.items() if ended is None),
    "sentences": lambda case: (n for n, ended in case.sentences.items() if ended is None),
    "sfo": lambda case: case.further_offences,
    "supersedes": lambda case: (n for work in case.unpaid_work.values() for n in work.instructions),
}
"""The entries that a detail of this name can be about."""


def _is_reference(name: str, hint: Any) -> bool:
    return name in REFERENCES and (hint is int or get_args(hint)[:1] == (int,))


def _plausible(name: str, hint: Any, usual: Any, case: Case, now: datetime) -> st.SearchStrategy[Any]:
    """What somebody who knows the case would say: the usual thing, about an entry that it has, so many days from now."""
    if _is_reference(name, hint) and (known := list(REFERENCES[name](case))):
        one = st.sampled_from(known)
        return one.map(lambda number: (number,)) if get_origin(hint) is tuple else one
    if isinstance(usual, date):
        return st.just(usual + (now - NOW))
    if isinstance(usual, Enum) or name in WORDS:
        return values(name, hint, case, now) | st.just(usual)
    return st.just(usual)


def _details(data: st.DataObject, command: Command, case: Case, now: datetime) -> dict[str, Any]:
    hints = get_type_hints(command)
    usual = USUAL[command]
    asked = [p for name, p in inspect.signature(command).parameters.items() if name not in ("case", "now", "by")]
    found = {p.name: data.draw(_plausible(p.name, hints[p.name], usual[p.name], case, now), p.name) for p in asked if p.name in usual}
    odd = data.draw(st.lists(st.sampled_from(asked), max_size=2) if asked else st.just([]), label="odd") if data.draw(_SELDOM) else []
    return found | {p.name: data.draw(values(p.name, hints[p.name], case, now), p.name) for p in odd}


def _likely(command: Command, case: Case, now: datetime) -> Iterator[dict[str, Any]]:
    """The details of the usual command, so many days from now, about each of the last few entries that it can be about."""
    hints, usual = get_type_hints(command), USUAL[command]
    moved = {name: value + (now - NOW) if isinstance(value, date) else value for name, value in usual.items()}
    known = {name: list(REFERENCES[name](case))[::-1] for name in usual if _is_reference(name, hints[name])}
    for back in range(4):
        about = {name: entries[min(back, len(entries) - 1)] for name, entries in known.items() if entries}
        yield moved | {name: (entry,) if get_origin(hints[name]) is tuple else entry for name, entry in about.items()}
        if all(back >= len(entries) - 1 for entries in known.values()):
            return


_SELDOM = st.integers(0, 3).map(lambda n: n == 0)


def _corrected(data: st.DataObject, case: Case, now: datetime) -> dict[str, Any]:
    """Another reading of an entry: one of its fields is another value."""
    number = data.draw(st.sampled_from([*case.entries, 0]) if case.entries else st.just(0), label="entry")
    reads = case.entries.get(number)
    if reads is None:
        reads = UpwAttendanceRecorded(
            occurred_at=now, by="", requirement=1, outcome="ATTC", project="", supervisor="", minutes_offered=1, minutes_credited=1
        )
    hints = get_type_hints(type(reads))
    name = data.draw(st.sampled_from([n for n in reads.__struct_fields__ if n not in ("imported", "by")]), label="field")
    other = data.draw(values(name, hints[name], case, now), label=name)
    return {"entry": number, "reads": msgspec.structs.replace(reads, **{name: other}), "reason": data.draw(TEXTS, label="reason")}


# ---- A life ----------------------------------------------------------------------------------------------------------


class AnyLife(RuleBasedStateMachine):
    """One case that is given commands, with a clock that goes on. Beside it nothing but the list of what was recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FIRST_DAY
        self.case = Case(STREAM)
        self.history: list[Recorded] = []
        self.given: set[Command] = set()

    def _try(self, command: Command, details: dict[str, Any]) -> None:
        before = len(self.history)
        try:
            events = command(self.case, now=self.now, by="SIAN", **details)
        except Refused:
            events = []
        for event in events:
            assert event.occurred_at <= self.now
            recorded = Recorded(STREAM, len(self.history) + 1, event, self.now, len(self.history) + 1)
            self.history.append(recorded)
            self.case.evolve(recorded)
        assert self.case.version == len(self.history) == before + len(events)

    @initialize(sentenced=st.integers(0, 9))
    def begin(self, sentenced: int) -> None:
        self._try(open_case, USUAL[open_case])
        if sentenced:
            self._try(start_sentence, {**USUAL[start_sentence], "started_at": self.now})

    @rule(data=st.data(), command=st.sampled_from(COMMANDS), hours=st.sampled_from((0, 1, 20, 24, 24 * 7, 24 * 45)))
    def tries(self, data: st.DataObject, command: Command, hours: int) -> None:
        self.now += timedelta(hours=hours)
        if command is correct_entry:
            self._try(command, _corrected(data, self.case, self.now))
        else:
            self._try(command, _details(data, command, self.case, self.now))

    @rule(data=st.data(), hours=st.sampled_from((0, 1, 24, 24 * 7)))
    def goes_on(self, data: st.DataObject, hours: int) -> None:
        """One of the things that the rules allow now happens, by preference one that has not happened in this life."""
        self.now += timedelta(hours=hours)
        possible = ((command, self._allowed(command)) for command in COMMANDS if command is not correct_entry)
        allowed = {command: details for command, details in possible if details is not None}
        if allowed:
            new = [command for command in allowed if command not in self.given]
            command = data.draw(st.sampled_from(new or [*allowed]) | st.sampled_from([*allowed]), label="command")
            details = allowed[command]
            if command is record_outcome:
                details["outcome"] = data.draw(st.sampled_from(("UAAB", "ATTC")), label="outcome")
            self.given.add(command)
            self._try(command, details)

    def _allowed(self, command: Command) -> dict[str, Any] | None:
        """Details with which the rules allow the command now."""
        for details in _likely(command, self.case, self.now):
            with suppress(Refused):
                command(self.case, now=self.now, by="SIAN", **details)
                return details
        return None

    # ---- What holds whatever was tried

    def _of(self, *kinds: type[Event]) -> list[Any]:
        return [r for r in self.history if isinstance(r.event, kinds)]

    @invariant()
    def responsibility_moves_only_by_allocation_or_acceptance(self) -> None:
        moves = self._of(CaseAllocated, TransferAccepted)
        held = self.case.allocation
        if not moves:
            assert held is None or not held.practitioner
        elif held is not None and held.practitioner:
            last = max(moves, key=lambda r: (r.event.occurred_at, r.originator_version)).event
            assert (held.practitioner, held.team) == (last.practitioner, last.team)

    @invariant()
    def an_appointment_has_one_outcome_at_most_and_none_when_cancelled(self) -> None:
        arranged = {r.originator_version for r in self._of(AppointmentArranged)}
        cancelled = {r.event.appointment for r in self._of(AppointmentCancelled)}
        withdrawn = {r.event.entry for r in self._of(EntryWithdrawn)}
        kept = [r.event.appointment for r in self._of(OutcomeRecorded) if r.originator_version not in withdrawn]
        assert len(kept) == len(set(kept))
        assert set(kept) <= arranged - cancelled

    @invariant()
    def a_sentence_has_one_phase_and_licence_comes_before_post_sentence_supervision(self) -> None:
        for number, ended in self.case.sentences.items():
            assert number in self.case.stages
            assert ended is None or ended >= self.case.began[number].date()

    @invariant()
    def a_correction_is_of_an_earlier_entry_of_its_kind(self) -> None:
        for recorded in self._of(EntryCorrected):
            original = self.history[recorded.event.entry - 1]
            assert recorded.event.entry < recorded.originator_version
            assert type(original.event) is type(recorded.event.reads)

    @invariant()
    def no_more_unpaid_work_is_credited_than_was_ordered(self) -> None:
        stands = {r.originator_version: r.event for r in self._of(UpwAttendanceRecorded)}
        for recorded in self._of(EntryCorrected, EntryWithdrawn):
            if recorded.event.entry in stands:
                if isinstance(recorded.event, EntryCorrected):
                    stands[recorded.event.entry] = recorded.event.reads
                else:
                    del stands[recorded.event.entry]
        for requirement in {event.requirement for event in stands.values()}:
            ordered = [r.event.amount for r in self._of(RequirementAmended) if r.event.requirement == requirement]
            ordered.append(self.history[requirement - 1].event.amount)
            credited = sum(event.minutes_credited for event in stands.values() if event.requirement == requirement)
            assert credited <= max(ordered) * 60

    @invariant()
    def breach_is_referred_before_it_is_presented_and_presented_before_it_ends(self) -> None:
        lawful = {None: {BreachReferred}, BreachReferred: {BreachReturned, BreachPresented, BreachWithdrawn}}
        lawful |= {BreachReturned: {BreachReferred, BreachWithdrawn}, BreachPresented: {BreachConcluded, BreachWithdrawn}}
        lawful |= {BreachConcluded: {BreachReferred}, BreachWithdrawn: {BreachReferred}}
        steps = [type(r.event) for r in self._of(BreachReferred, BreachReturned, BreachPresented, BreachWithdrawn, BreachConcluded)]
        assert all(step in lawful[before] for before, step in pairwise([None, *steps])), steps

    def teardown(self) -> None:
        if not self.history:
            return
        again = [msgspec.structs.replace(r, event=_stored_and_loaded(r.event)) for r in self.history]
        assert again == self.history
        reloaded = Case(STREAM)
        for recorded in again:
            reloaded.evolve(recorded)
            assert told(recorded.event, str)
        assert reloaded == self.case
        folded = fold(MODELS, POLICY, STREAM, self.history)
        assert not folded.error


def _stored_and_loaded(event: Event) -> Event:
    bare, texts = take_texts(event)
    return put_texts(decode_event(msgspec.json.encode(bare)), json.loads(json.dumps(texts)))


AnyLife.TestCase.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
test_any_life = AnyLife.TestCase
