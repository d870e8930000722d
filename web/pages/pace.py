"""The pace of the cases that somebody holds now: what their rates and longest gaps come to, and the cases behind each figure."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from flask import Blueprint, Response, abort, request

from domain.access import Action
from domain.words import plural, said
from projections import paces
from projections.measures.purposeful import WORDS
from projections.paces import BANDS, Band, CasePace, Kind, Paces
from web.exports import Cell, Table, download
from web.figure_files import about
from web.gate import allow
from web.pages.measure import figure_page
from web.pages.measure_entries import PAGE
from web.reach import may_open
from web.whose import Asked, asked, whoever, whoever_as_file

blueprint = Blueprint("pace", __name__)

RULE = f"/measures/{WORDS.name}/pace"
KINDS: tuple[Kind, ...] = get_args(Kind)
BAND_WORDS = tuple(
    said("{first} to {days}", first=first, days=plural(last, "day")) if last else said("{days} or more", days=plural(first, "day"))
    for first, last in BANDS
)
KIND_WORDS = dict(zip(KINDS, (said("All"), said("Flagged"), *BAND_WORDS), strict=True))


def _kind() -> Kind:
    """Which cases are asked for; 404 for a kind that there is not."""
    asked_for = request.args.get("show", "")
    return next((kind for kind in KINDS if kind == asked_for), None) or ("" if not asked_for else abort(404))


def count(found: Paces, kind: Kind) -> int:
    """How many cases are of a kind."""
    return found.cases if not kind else found.flagged if kind == "flagged" else found.bands[int(kind)].cases


@whoever(blueprint, RULE)
@allow(Action.SEE_FINDINGS)
def show(**named: str) -> Response:
    """The cases behind a rate, a gap or the flag."""
    of, kind = asked(Action.SEE_FINDINGS, named), _kind()
    scope, policy = of.scope, of.seen.policy
    with of.seen.reading() as conn:
        found = paces.paces(conn, scope, policy)
        pages = max(1, -(-count(found, kind) // PAGE))
        number = min(max(1, request.args.get("page", 1, int)), pages)
        cases = paces.cases(conn, scope, policy, kind, limit=PAGE, offset=(number - 1) * PAGE)
    context: dict[str, Any] = {"kind": kind, "kinds": [(k, words, count(found, k)) for k, words in KIND_WORDS.items()]}
    context |= {"paces": found, "cases": [(case, may_open(case)) for case in cases], "pages": pages, "page": number}
    return figure_page("pace/show.html", of, measure=WORDS, policy=policy, **context)


@whoever_as_file(blueprint, RULE)
@allow(Action.SEE_FINDINGS)
def export(kind: str, **named: str) -> Response:
    """The same cases as a file. Those that the reader may not open stand without a name."""
    of, which = asked(Action.SEE_FINDINGS, named), _kind()
    with of.seen.reading() as conn:
        cases = paces.cases(conn, of.scope, of.seen.policy, which, limit=None)
    head = (
        *("case", "person", "officer", "team", "purposeful contacts", "days that they could be seen", "in 30 days"),
        *("longest gap in days", "longest gap has not ended", "days since the last", "flagged"),
    )
    return download(Table("cases", about(of), head, _rows(cases)), kind, f"{WORDS.name}-pace")


def _rows(cases: Sequence[CasePace]) -> Iterator[Sequence[Cell]]:
    for case in cases:
        held = (case.crn, case.name if may_open(case) else "", case.practitioner, case.team)
        rate = None if case.per_30_days is None else round(case.per_30_days, 2)
        yield (*held, case.purposeful, case.exposed_days, rate, case.longest_gap, case.open, case.idle_days, case.flagged)


@blueprint.app_template_global()
def paces_of(of: Asked) -> Paces:
    """What the cases that somebody holds now come to, for a part of another page."""
    with of.seen.reading() as conn:
        return paces.paces(conn, of.scope, of.seen.policy)


@blueprint.app_template_global()
def in_bands(found: Paces) -> list[tuple[str, Band]]:
    """How many cases have their longest gap in each band, with the band in words."""
    return list(zip(BAND_WORDS, found.bands, strict=True))
