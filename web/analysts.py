"""What analysts are given: histories as event logs, and findings as tables, of a sample or of a provider, under pseudonyms.

A case, an officer, a team has the same pseudonym in every file of a deployment. Cases that do not exist for whoever asks are not in any.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

import msgspec
from eventsourcing.persistence import MapperDeserialisationError

from domain.access import Action, decide
from domain.case import case_id
from domain.event import Recorded
from domain.working_days import local_day
from projections import caseload, event_log, inspections
from projections.event_log import Happening
from projections.finding import Finding
from projections.measures import MEASURES
from projections.story import Story
from store import reads
from web import event_logs
from web.exports import WAYS, Cell, Table
from web.parquet import parquet
from web.reach import resource_of
from web.service import hidden, me, reading, service

COLUMNS: Sequence[tuple[str, type]] = (
    ("case", str),
    ("measure", str),
    ("entry", int),
    ("day", date),
    ("month", date),
    ("verdict", str),
    ("why", str),
    ("officer", str),
    ("team", str),
    ("provider", str),
    ("policy", str),
)
UNREADABLE = "unreadable"
"""Stands where a verdict does, or officers do, for a case that cannot be read."""
T = TypeVar("T")


class Chosen(msgspec.Struct, frozen=True):
    """The cases of a file by reference, at one position of the record. Those of `named` stand under their own references, by the rule that
    is said with each; all others under pseudonyms, and officers and teams too unless every case of the file is named."""

    name: str
    cases: Sequence[str]
    position: int
    named: Mapping[str, str] = {}

    def called(self, kind: str, code: str) -> str:
        if code in self.named if kind == "case" else 0 < len(self.named) == len(self.cases):
            return code
        return service().record.keyring.pseudonym(kind, code)


def of_sample(reference: str, *, names: bool = False) -> Chosen:
    """The cases of the sample of an inspection; with `names`, those that whoever asks may open under their own references."""
    position = service().record.head()
    with reading() as conn:
        drawn = [case.crn for case in inspections.sampled(conn, reference, hidden()) if not case.withheld]
        rows = {crn: caseload.case(conn, crn) for crn in drawn} if names else {}
    answers = {crn: decide(me().subject, Action.SEE_CASE, resource_of(row)) for crn, row in rows.items() if row is not None}
    named = {crn: answer.because for crn, answer in answers.items() if answer.allowed}
    return Chosen(f"{reference}-sample", sorted(drawn), position, named)


def of_provider(provider: str) -> Chosen:
    """The cases that are with a provider now."""
    position = service().record.head()
    with reading() as conn:
        return Chosen(f"provider-{provider}", caseload.references(conn, provider, hidden()), position)


def each(chosen: Chosen, tell: Callable[[str, Story], T]) -> Iterator[tuple[str, T | None]]:
    """What is told of each case as it stood at the position, None of one that cannot be read, which must not cut off those after it.

    A case under its own reference is written down as opened.
    """
    for crn in chosen.cases:
        try:
            history = service().record.history(case_id(crn), up_to=chosen.position)
        except MapperDeserialisationError:
            yield crn, None
            continue
        if crn in chosen.named:
            with reading() as conn:
                reads.note(conn, stream_id=case_id(crn), staff=me().code, what=reads.EXPORT, because=chosen.named[crn])
        if history:
            yield crn, _told(tell, crn, history)


def _told(tell: Callable[[str, Story], T], crn: str, history: Sequence[Recorded]) -> T | None:
    try:
        return tell(crn, Story(history))
    except Exception:  # one history that no rule foresaw, which the read models park as well
        return None


def _happenings(chosen: Chosen) -> Iterator[tuple[str, Sequence[Happening] | None]]:
    return each(chosen, event_log.happenings)


def findings(chosen: Chosen) -> Iterator[Sequence[Cell]]:
    """Every finding of every measure, a row each, in the order of `COLUMNS`; a month by its first day. A case that cannot be read has one
    row, which says so and is of no measure."""
    called, policy, today = chosen.called, service().policy, local_day(service().record.clock())

    def rows(crn: str, story: Story) -> list[Sequence[Cell]]:
        found = ((name, one) for name, measure in MEASURES.items() for one in measure.findings(story, policy, today))
        return [(called("case", crn), *_finding(called, name, one), policy.version) for name, one in found]

    for crn, found in each(chosen, rows):
        nothing = (called("case", crn), *[None] * 4, UNREADABLE, *[None] * 4, policy.version)
        yield from [nothing] if found is None else found


def _finding(called: event_logs.Called, measure: str, found: Finding) -> Sequence[Cell]:
    held = found.holder
    holder = (("officer", held.practitioner), ("team", held.team), ("provider", held.provider)) if held else (("", ""),) * 3
    whose = (called(kind, code) if code else None for kind, code in holder)
    return measure, found.number or None, found.on, found.month, found.verdict.value, found.why, *whose


def _handovers(chosen: Chosen) -> Iterator[Sequence[Cell]]:
    """Who did the next thing after whom, and how often; last, if there are any, how many cases could not be read."""
    unread: list[str] = []
    called, counted = chosen.called, event_log.handovers(event_logs.readable(_happenings(chosen), unread))
    for (one, after), count in sorted(counted.items()):
        yield called("officer", one) if one else None, called("officer", after) if after else None, count
    if unread:
        yield UNREADABLE, UNREADABLE, len(unread)


def _csv(chosen: Chosen, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    return WAYS["csv"](Table(chosen.name, {}, head, rows))


class Kind(msgspec.Struct, frozen=True):
    """A kind of file: how its name ends, what it is for programs, and how it is written."""

    ending: str
    type: str
    write: Callable[[Chosen], Iterator[bytes]]


KINDS: Mapping[str, Kind] = {
    "ocel": Kind("ocel.json", "application/json", lambda chosen: event_logs.ocel(_happenings(chosen), chosen.called)),
    "xes": Kind("xes", "application/xml", lambda chosen: event_logs.xes(_happenings(chosen), chosen.called)),
    "findings-parquet": Kind("findings.parquet", "application/vnd.apache.parquet", lambda chosen: parquet(COLUMNS, findings(chosen))),
    "findings-csv": Kind("findings.csv", "text/csv", lambda chosen: _csv(chosen, [name for name, _ in COLUMNS], findings(chosen))),
    "handovers-csv": Kind("handovers.csv", "text/csv", lambda chosen: _csv(chosen, ("from", "to", "count"), _handovers(chosen))),
}
