"""An officer leaves or is away: the whole caseload goes to others, or is covered, in one step, all or nothing."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import allocation
from domain.access import Action
from domain.allocation import AllocationReason, share_out
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.practitioner import Practitioner, leave_team, practitioner_id
from projections import caseload, limited_access, organisations
from projections.caseload import CaseRow, ListedCase
from projections.organisations import Load
from store.record import Step, step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.pages import cover
from web.service import carry_out_all, hidden, me, names, now, reading, service
from web.words import plural

blueprint = Blueprint("leaver", __name__)

LEAVES, STAYS = "leaves", "stays"
REASONS = [
    r
    for r in AllocationReason
    if r not in (AllocationReason.INITIAL, AllocationReason.RISK, AllocationReason.MOVE, AllocationReason.RELEASE)
]
"""Why a whole caseload moves: never for a reason in one person's case."""


class Caseload(NamedTuple):
    """The officer who goes, what they hold, and who of the team can take it over."""

    leaver: Load
    cases: Sequence[ListedCase]
    others: Sequence[Load]


class Share(NamedTuple):
    """One case and who takes it, as the page before the last shows it and the last one sends it back."""

    crn: str
    taker: str

    @property
    def value(self) -> str:
        return f"{self.crn}:{self.taker}"


def _caseload(team: str, code: str) -> Caseload:
    with reading() as conn:
        loads = {load.code: load for load in organisations.loads(conn, team, hidden())}
        if code not in loads:
            abort(404)
        cases = caseload.held_by(conn, now=now(), practitioner=code, hidden=hidden())
    mine = [case for case in cases if case.team == team]
    return Caseload(loads[code], mine, [load for load in loads.values() if load.code != code])


@blueprint.get("/teams/<team>/leaver/<code>")
@allow(Action.ALLOCATE)
def choose(team: str, code: str) -> Response:
    """Who takes the cases over, why, and what their new officers should know."""
    return _choose_page(team, _caseload(team, code), Form(reason=AllocationReason.STAFF.value, leaving=LEAVES))


def _choose_page(team: str, found: Caseload, form: Form) -> Response:
    return page(
        "leaver/choose.html",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        found=found,
        choices=[(load.code, f"{load.name} ({load.grade})", f"Holds {plural(load.cases, 'case')}") for load in found.others],
        reasons=[(reason.value, reason.capitalize()) for reason in REASONS],
        most=LONGEST_NOTE,
    )


@blueprint.post("/teams/<team>/leaver/<code>")
@allow(Action.ALLOCATE)
def share(team: str, code: str) -> Response:
    """Show who would take which case, before anything is saved."""
    found, form = _caseload(team, code), Form(request.form)
    _read_choice(form)
    takers = form.several("takers", [load.code for load in found.others], "Select who takes the cases over")
    if not takers and found.cases:
        form.wrong("takers", "Select who takes the cases over")
    if not form.ok:
        return _choose_page(team, found, form)
    with reading() as conn:
        streams = [case.stream_id for case in found.cases]
        barred = limited_access.barred(conn, streams=streams, practitioners=takers, now=now())
    shared = share_out(streams, {load.code: load.cases for load in found.others if load.code in takers}, barred)
    if len(shared) < len(streams):
        form.wrong("takers", "None of those selected may see one of the cases. Select somebody else too")
        return _choose_page(team, found, form)
    shares = [Share(case.crn, shared[case.stream_id]) for case in found.cases]
    return _confirm_page(team, found, form, shares)


def _confirm_page(team: str, found: Caseload, form: Form, shares: Sequence[Share]) -> Response:
    after = Counter(share.taker for share in shares)
    return page(
        "leaver/confirm.html",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        found=found,
        shares=shares,
        by_crn={case.crn: case for case in found.cases},
        takers=[(load, after[load.code]) for load in found.others if after[load.code]],
        leaves=form.raw("leaving") == LEAVES,
    )


def _read_choice(form: Form) -> tuple[AllocationReason | None, str, bool]:
    reason = form.choice("reason", AllocationReason, "Select why the cases move")
    note = form.text("note", longest=LONGEST_NOTE)
    leaving = form.one_of("leaving", (LEAVES, STAYS), "Select whether the officer leaves the team")
    return reason, note, leaving == LEAVES


@blueprint.post("/teams/<team>/leaver/<code>/done")
@allow(Action.ALLOCATE)
def reallocate_all(team: str, code: str) -> Response:
    """One command on all the cases, and on the officer if they leave. Sent twice it is still one."""
    found, form = _caseload(team, code) if _is_here(team, code) else None, Form(request.form)
    reason, note, leaves = _read_choice(form)
    shares = _shares(form, team)
    if found is not None and {share.crn for share, _ in shares} != {case.crn for case in found.cases} and found.cases:
        form.wrong("takers", f"The cases of {found.leaver.name} have changed since this page was opened. Look at them again")
    if form.ok and reason is not None:
        steps = [_handed_on(case, share.taker, reason, note) for share, case in shares]
        if leaves:
            steps.append(step(Practitioner, practitioner_id(code), leave_team, now=now(), by=me().code))
        if not steps:
            form.wrong("takers", "There is nothing to do: no case to move, and the officer stays")
        elif carry_out_all(form, steps, "takers"):
            flash(f"{plural(len(shares), 'case')} of {names()(code)} moved." + (" They have left the team." if leaves else ""))
            return see_other("officers.of_team", team=team)
    if found is None:
        abort(404)
    return _choose_page(team, found, form)


def _is_here(team: str, code: str) -> bool:
    with reading() as conn:
        row = organisations.practitioner(conn, code)
    return row is not None and row.team == team


def _shares(form: Form, team: str) -> list[tuple[Share, CaseRow]]:
    """The pairs that were confirmed, with their cases; each case must be of this team, and each taker work in it."""
    sent = form.values.get("share", [])
    pairs = [Share(*value.partition(":")[::2]) for value in ([sent] if isinstance(sent, str) else sent)]
    with reading() as conn:
        ours = {row.code for row in organisations.of_team(conn, team)}
        known = {pair.crn: caseload.case(conn, pair.crn) for pair in pairs}
    out, found = set(hidden()), []
    for pair in pairs:
        case = known[pair.crn]
        if case is None or case.team != team or case.stream_id in out or pair.taker not in ours:
            form.wrong("takers", "Look at the cases again: one of them can no longer be moved like this")
            return []
        found.append((pair, case))
    return found


def _handed_on(case: CaseRow, taker: str, reason: AllocationReason, note: str) -> Step:
    return step(
        Case,
        case.stream_id,
        allocation.allocate,
        now=now(),
        by=me().code,
        practitioner=taker,
        team=case.team,
        provider=case.provider,
        reason=reason,
        note=note,
    )


# ---- Away, and coming back -------------------------------------------------------------------------------------------


@blueprint.route("/teams/<team>/away/<code>", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def away(team: str, code: str) -> Response:
    """One practitioner covers the whole caseload of an officer who is away."""
    found = _caseload(team, code)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST" and _covered(form, found):
        return see_other("officers.of_team", team=team)
    return page(
        "leaver/away.html",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        found=found,
        choices=cover.choices(found.others),
        reasons=cover.REASONS,
        longest=service().policy.sources["cover.longest_days"],
    )


def _covered(form: Form, found: Caseload) -> bool:
    wanted = cover.asked(form, found.others)
    cases: Sequence[CaseRow] = found.cases
    if wanted is None or not carry_out_all(form, cover.steps(cases, wanted), "practitioner"):
        return False
    flash(f"{names()(wanted.practitioner)} covers {plural(len(cases), 'case')}. {found.leaver.name} stays responsible.")
    return True
