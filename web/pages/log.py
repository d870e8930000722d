"""Ways to log a contact from anywhere: choosing whose it is, and saying it all in one line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from domain.contact import KINDS, LONGEST_NOTE
from domain.working_days import local_day
from projections import caseload, cover
from projections.caseload import CaseRow, search_words
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.kinds import abbreviations, kind_values
from web.language import gettext
from web.one_line import Line, Vocabulary, understand
from web.pages.contact import MY_DAY, ask, case_address, kinds_of_mine, told_so_far
from web.service import hidden, me, now, reading, this_case
from web.words import clock, plain

blueprint = Blueprint("log", __name__)

MINE, OTHERS = 200, 20
"""At most so many cases are listed: one's own, and of the team those that a search finds."""


def _asked(name: str, longest: int) -> str:
    return request.values.get(name, "").replace("\0", "")[:longest].strip()


def _origin() -> str | None:
    """The page to go back to after saving, if it is not the case's own."""
    return MY_DAY if request.values.get("from") == MY_DAY else None


# ---- Whose contact it is ----------------------------------------------------------------------------------------------


def _mine(search: str = "") -> Sequence[CaseRow]:
    """The open cases that I hold, and then those that I cover for somebody."""
    with reading() as conn:
        held = caseload.cases(conn, now=now(), practitioner=me().code, search=search, hidden=hidden(), limit=MINE)
        covered = cover.covered_by(conn, practitioner=me().code, now=now(), hidden=hidden())
        rows = [caseload.case_of_stream(conn, case.stream_id) for case in covered]
    return [*held, *(row for row in rows if row and caseload.is_found(row, search))]


def _of_team(search: str, mine: Sequence[CaseRow]) -> Sequence[CaseRow]:
    """Other cases of my team, when they are searched for."""
    if not search or not me().team:
        return []
    with reading() as conn:
        found = caseload.cases(conn, now=now(), team=me().team, search=search, hidden=hidden(), limit=OTHERS + len(mine))
    known = {case.crn for case in mine}
    return [case for case in found if case.crn not in known][:OTHERS]


def _reachable(crn: str) -> CaseRow | None:
    """The case with this CRN, if I may write in it; one that I may not know of is as unknown as one that is none."""
    with reading() as conn:
        found = caseload.case(conn, crn)
    if found is None or found.stream_id in hidden():
        return None
    return found if decide(me().subject, Action.WRITE_CASE, Resource(team=found.team)).allowed else None


@blueprint.get("/contacts/new")
@allow(Action.SEE_DAY)
def whose() -> Response:
    """Whose contact it is: one's own cases first, fewer as one types."""
    search = _asked("q", 100)
    mine = _mine(search)
    return page("contact/whose.html", "people", mine=mine, others=_of_team(search, mine), search=search, origin=_origin())


# ---- In one line ------------------------------------------------------------------------------------------------------


def _understand(typed: str, people: Mapping[str, str]) -> Line:
    known = abbreviations()
    named = {crn: search_words(name) for crn, name in people.items()}
    return understand(typed, Vocabulary(known.kinds, {p.value: ways for p, ways in known.purposes.items()}, named), local_day(now()))


@blueprint.route("/contacts/line", methods=["GET", "POST"])
@allow(Action.SEE_DAY)
def line() -> Response:
    """A line that says whose contact it is leads on to that case; else the person is asked for.

    It holds a whole note, which no address has room for and no log of addresses should keep: pages send it in a form.
    """
    typed, mine = _asked("line", LONGEST_NOTE), _mine()
    who = _understand(typed, {case.crn: case.name for case in mine}).who
    known = [case for case in mine if case.crn in who] or [case for case in map(_reachable, who) if case]
    if len(known) == 1:
        # Flask's own arguments have types of their own; what the address had is words only.
        return redirect(url_for("log.line_of_case", crn=known[0].crn, **request.args.to_dict()), 307)  # type: ignore[arg-type]
    unknown = who[0] if who and not known else ""
    rest = " ".join(word for word in typed.split(" ") if plain(word) != plain(unknown))
    return page("contact/which.html", "people", typed=typed, rest=rest, named=known or mine, unknown=unknown, origin=_origin())


@blueprint.route("/cases/<crn>/contacts/line", methods=["GET", "POST"])
@allow(Action.WRITE_CASE)
def line_of_case(crn: str) -> Response:
    """What a line was taken to mean, before anything is saved; the form itself when the line leaves something open."""
    typed = _asked("line", LONGEST_NOTE)
    understood = _understand(typed, {crn: this_case().name})
    form = form_of(understood, now())
    if other := next((named for named in understood.who if named != crn), ""):
        form.wrong("note", gettext("The line names %(other)s, and this is the case of %(crn)s. Log it there", other=other, crn=crn))
    if not form.ok:
        return ask(form, told_so_far())
    shown: dict[str, Any] = {"typed": typed, "understood": understood, "kind": KINDS[understood.kind].label}
    return page("contact/line.html", "form", form=form, case=this_case(), back=case_address(), **shown)


def form_of(understood: Line, at: datetime) -> Form:
    """The form of a contact filled in with what was understood at an instant; messages stand beside what the line leaves open.

    A line without a day is about today; one without a day and a time is about now.
    """
    fields: dict[str, Any] = {
        **kind_values(understood.kind, kinds_of_mine()),
        "occurred_at": understood.day or local_day(at),
        "minutes": str(understood.minutes or ""),
        "purposes": list(understood.purposes),
        "note": understood.note,
        "from": _origin(),
    }
    form = Form(None, **fields)
    if understood.at is not None or understood.day is None:
        form.values["occurred_at-time"] = clock(understood.at if understood.at is not None else at)
    else:
        form.wrong("occurred_at-time", gettext("Enter the time of the contact"))
    if not understood.kind:
        form.wrong("kind", gettext("Select the kind of contact"))
    if form.ok:
        form.moment("occurred_at", gettext("the contact"))
    return form
