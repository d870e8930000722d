"""The entries behind a figure, case by case: what each was counted as, and why; as a page, as a file and for programs."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from flask import Blueprint, Response, request
from msgspec.structs import replace

from domain.access import Action
from domain.words import said
from projections import cases_behind, figures, organisations
from projections.cases_behind import CaseFigure
from projections.finding import Finding, Verdict
from projections.measure import Measure
from projections.story import Story
from web.exports import Cell, Table, download
from web.figure_files import about
from web.gate import allow
from web.language import gettext, in_language
from web.pages.measure import figure_page, known
from web.reach import may_open
from web.service import names, reading, service
from web.whose import NOBODY, PARTS, Asked, Level, asked, whoever, whoever_as_file

blueprint = Blueprint("measure_entries", __name__)

PAGE = 25
AT_ONCE = 150
"""Entries that a page lists at once; when there are more, each case's are opened one by one."""
IN_A_FILE = 200
"""Cases whose findings are worked out together while a file is written."""


class Behind(msgspec.Struct, frozen=True):
    """One case behind a figure, with its findings unless they are still to be asked for. `open` when the reader may see the
    case; without it the person is not named."""

    case: CaseFigure
    findings: Sequence[Finding] | None
    open: bool

    @property
    def counts(self) -> dict[Verdict, int]:
        case = self.case
        return dict(zip(Verdict, (case.yes, case.no, case.not_evidenced, case.left_out), strict=True))

    def shown(self, verdict: Verdict | None) -> int:
        return self.counts[verdict] if verdict else sum(self.counts.values())


def _verdict(of: Asked) -> Verdict | None:
    return next((v for v in Verdict if v == of.form.raw("verdict")), None)


@whoever(blueprint, "/measures/<name>/entries")
@allow(Action.SEE_FINDINGS)
def show(name: str, **named: str) -> Response:
    """Every entry behind a figure, case by case."""
    measure = known(name)
    of = asked(Action.SEE_FINDINGS, named, name, request.args.get("part", "").strip())
    verdict = _verdict(of)
    with of.seen.reading() as conn:
        figure = figures.figure(conn, measure, of.scope)
        count = cases_behind.count(conn, measure, of.scope, verdict)
        pages = max(1, -(-count // PAGE))
        number = min(max(1, request.args.get("page", 1, int)), pages)
        found = cases_behind.by_case(conn, measure, of.scope, verdict=verdict, limit=PAGE, offset=(number - 1) * PAGE)
    behind = [Behind(case, None, may_open(case)) for case in found]
    few = sum(one.shown(verdict) for one in behind) <= AT_ONCE
    wanted = {one.case.crn for one in behind} if few else {request.args.get("case")}
    behind = [replace(one, findings=_findings(of, measure, one.case, verdict)) if one.case.crn in wanted else one for one in behind]
    context: dict[str, Any] = {"measure": measure, "figure": figure, "count": count, "pages": pages, "page": number, "behind": behind}
    context |= {"of_part": _part_words(of), "verdict": verdict, "verdicts": tuple(Verdict)}
    return figure_page("measure/entries.html", of, **context)


def _part_words(of: Asked) -> str:
    """Which part of somebody's figures the entries are of; nothing when they are of all."""
    level = PARTS.get(of.whose.level)
    if not of.part or level is None:
        return ""
    if of.part == NOBODY:
        return in_language(
            {Level.PROVIDER: said("with no provider"), Level.TEAM: said("with no team")}.get(level, said("while nobody held the case"))
        )
    if level is Level.PROVIDER:
        with reading() as conn:
            return next((one.name for one in organisations.providers(conn) if one.code == of.part), of.part)
    name = names()(of.part)
    return gettext("cases of %(name)s", name=name) if level is Level.OFFICER else name


def _findings(of: Asked, measure: Measure, case: CaseFigure, verdict: Verdict | None, up_to: int | None = None) -> list[Finding]:
    """A case's findings that the figure counts, folded from its history on the spot: the rows and this list are one rule."""
    history = service().record.history(case.stream_id, up_to=up_to or of.seen.up_to)
    found = measure.findings(Story(history), of.seen.policy, of.seen.today) if history else []
    return [f for f in found if figures.in_scope(f, of.scope) and verdict in (None, f.verdict)]


@whoever_as_file(blueprint, "/measures/<name>/entries")
@allow(Action.SEE_FINDINGS)
def export(kind: str, name: str, **named: str) -> Response:
    """Every finding behind a figure as a row, with its entry. Cases that the reader may not open stand without a name."""
    measure = known(name)
    of = asked(Action.SEE_FINDINGS, named, name, request.args.get("part", "").strip())
    told = about(of, measure) | {"part": of.part}
    with of.seen.reading() as conn:
        streams = cases_behind.streams(conn, measure, of.scope, _verdict(of))
    head = ("case", "person", "entry", "day", "month", "verdict", "why", "officer", "team", "provider")
    return download(Table("findings", told, head, _rows(of, measure, streams)), kind, f"{measure.name}-entries")


def _rows(of: Asked, measure: Measure, streams: Sequence[UUID]) -> Iterator[Sequence[Cell]]:
    """A few cases at a time, and no connection held while somebody takes their time to read: a whole provider fits."""
    verdict, left = _verdict(of), iter(streams)
    while batch := list(islice(left, IN_A_FILE)):
        with of.seen.reading() as conn:
            cases = cases_behind.by_case(conn, measure, of.scope, limit=len(batch), among=batch)
        for case in sorted(cases, key=lambda case: case.crn):
            person = case.name if may_open(case) else ""
            # Up to the entry that the file says it was counted to, whatever is recorded while it is written.
            for finding in _findings(of, measure, case, verdict, of.seen.position):
                yield (case.crn, person, *_row(finding))


def _row(finding: Finding) -> tuple[Cell, ...]:
    holder = finding.holder
    held = (holder.practitioner, holder.team, holder.provider) if holder else ("", "", "")
    return (finding.number or None, finding.on, f"{finding.month:%Y-%m}", finding.verdict.value, finding.why, *held)
