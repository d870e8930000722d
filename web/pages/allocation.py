"""Allocation: a manager makes a practitioner of the team responsible for a case, seeing what it does to their load."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import allocation
from domain.access import Action
from domain.allocation import UNALLOCATED, AllocationReason
from domain.case import Case
from projections import organisations
from projections.caseload import CaseRow
from projections.organisations import Load
from projections.story import Holder
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.service import carry_out_all, me, names, now, reading, story, this_case
from web.words import plural, short_day

blueprint = Blueprint("allocation", __name__)

NOBODY = "nobody"
"""Chosen as the practitioner: the case has no officer for now, which every figure shows as a gap."""


@blueprint.route("/cases/<crn>/allocate", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def allocate(crn: str) -> Response:
    case = this_case()
    if case.team != me().team:
        # A team that is asked to take the case may read it, but holds it only once it has accepted.
        abort(403)
    with reading() as conn:
        loads = organisations.loads(conn, case.team)
    line = story(case.stream_id).holders
    choices = officer_choices(loads, line, case)
    form = Form(request.form) if request.method == "POST" else Form(reason=_usual_reason(case, line))
    if request.method == "POST" and _save(form, case, {NOBODY, *(load.code for load in loads)}):
        return see_other("team.caseload", team=case.team)
    reasons = [(reason.value, reason.capitalize()) for reason in _reasons(line)]
    return page("allocation/allocate.html", status=200 if form.ok else 422, form=form, choices=choices, reasons=reasons, nobody=NOBODY)


def _save(form: Form, case: CaseRow, offered: set[str]) -> bool:
    chosen = form.one_of("practitioner", offered, "Select who will hold the case")
    reason = form.choice("reason", AllocationReason, "Select why the case is allocated")
    if not form.ok or reason is None:
        return False
    practitioner = UNALLOCATED if chosen == NOBODY else chosen
    given = step(
        Case,
        case.stream_id,
        allocation.allocate,
        now=now(),
        by=me().code,
        practitioner=practitioner,
        team=case.team,
        provider=case.provider,
        reason=reason,
    )
    if not carry_out_all(form, [given], "practitioner"):
        return False
    person = case.name or case.crn
    flash(f"{person} is now with {names()(practitioner)}." if practitioner else f"Nobody holds the case of {person} now.")
    return True


def _reasons(line: Sequence[Holder]) -> list[AllocationReason]:
    """A case that somebody has held is not allocated for the first time."""
    held = any(holder.practitioner for holder in line)
    return [reason for reason in AllocationReason if not (held and reason is AllocationReason.INITIAL)]


def _usual_reason(case: CaseRow, line: Sequence[Holder]) -> str | None:
    """A case without an officer is allocated for the reason for which it has none: that is a fact and no judgement."""
    return line[-1].reason if line and not case.practitioner else None


def officer_choices(loads: Sequence[Load], line: Sequence[Holder], case: CaseRow) -> list[tuple[str, str, str]]:
    """A team's practitioners to choose from, except who holds the case now: each with the load there would be, and when they
    held this case before. Whom the person knows comes first: what is lost with a change of officer is the relationship."""
    before = {held.practitioner: held for held in line if held.practitioner}
    others = sorted((load for load in loads if load.code != case.practitioner), key=lambda load: load.code not in before)
    return [(load.code, f"{load.name} ({load.grade})", _hint(load, before.get(load.code))) for load in others]


def _hint(load: Load, held: Holder | None) -> str:
    would = f"Holds {plural(load.cases, 'case')}, would be {load.cases + 1:,}"
    if held is None:
        return would
    return f"{would}. Was this person’s officer from {short_day(held.since)}" + (f" to {short_day(held.until)}" if held.until else "")
