"""What analysts are given: histories as event logs, and findings as tables, of a sample or of a provider, under pseudonyms.

A case, an officer, a team has the same pseudonym in every file of a deployment. Cases that do not exist for whoever asks are not in any.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from domain.access import Action, decide
from domain.case import case_id
from domain.working_days import local_day
from projections import caseload, event_log, inspections
from projections.event_log import Happening
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


class Chosen(msgspec.Struct, frozen=True):
    """The cases of a file by reference, at one position of the record. Those of `named` stand under their own references, by the rule that
    is said with each; all others, and all officers then, under pseudonyms."""

    name: str
    cases: Sequence[str]
    position: int
    named: Mapping[str, str] = {}

    def called(self, kind: str, code: str) -> str:
        if self.named and (kind != "case" or code in self.named):
            return code
        return service().record.keyring.pseudonym(kind, code)


def of_sample(reference: str, position: int, *, names: bool = False) -> Chosen:
    """The cases of the sample of an inspection; with `names`, those that whoever asks may open under their own references."""
    with reading() as conn:
        drawn = [case.crn for case in inspections.sampled(conn, reference, hidden()) if not case.withheld]
        rows = {crn: caseload.case(conn, crn) for crn in drawn} if names else {}
    answers = {crn: decide(me().subject, Action.SEE_CASE, resource_of(row)) for crn, row in rows.items() if row is not None}
    named = {crn: answer.because for crn, answer in answers.items() if answer.allowed}
    return Chosen(f"{reference}-sample", sorted(drawn), position, named)


def of_provider(provider: str, position: int) -> Chosen:
    """The cases that are with a provider now."""
    with reading() as conn:
        return Chosen(f"provider-{provider}", caseload.references(conn, provider, hidden()), position)


def histories(chosen: Chosen) -> Iterator[tuple[str, Story]]:
    """Case by case, as it stood at the position; a case under its own reference is written down as opened."""
    for crn in chosen.cases:
        history = service().record.history(case_id(crn), up_to=chosen.position)
        if crn in chosen.named:
            with reading() as conn:
                reads.note(conn, stream_id=case_id(crn), staff=me().code, what=reads.EXPORT, because=chosen.named[crn])
        if history:
            yield crn, Story(history)


def _happenings(chosen: Chosen) -> Iterator[Sequence[Happening]]:
    return (event_log.happenings(crn, story) for crn, story in histories(chosen))


def findings(chosen: Chosen) -> Iterator[Sequence[Cell]]:
    """Every finding of every measure, a row each, in the order of `COLUMNS`; a month by its first day."""
    called, policy, today = chosen.called, service().policy, local_day(service().record.clock())
    for crn, story in histories(chosen):
        for name, measure in MEASURES.items():
            for found in measure.findings(story, policy, today):
                held = found.holder
                holder = (("officer", held.practitioner), ("team", held.team), ("provider", held.provider)) if held else (("", ""),) * 3
                whose = (called(kind, code) if code else None for kind, code in holder)
                what = (name, found.number or None, found.on, found.month, found.verdict.value, found.why)
                yield (called("case", crn), *what, *whose, policy.version)


def _handovers(chosen: Chosen) -> Iterator[Sequence[Cell]]:
    called, counted = chosen.called, event_log.handovers(_happenings(chosen))
    for (one, after), count in sorted(counted.items()):
        yield called("officer", one) if one else None, called("officer", after) if after else None, count


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
