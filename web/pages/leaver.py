"""An officer leaves or is away: the whole caseload goes to others, or is covered, in one step, all or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import allocation
from domain.access import Action
from domain.allocation import AllocationReason
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.cover import CoverReason
from domain.practitioner import Practitioner, leave_team, practitioner_id
from domain.suggestion import Because, Rule, Suggested
from domain.words import said
from projections import caseload, organisations
from projections.caseload import CaseRow, ListedCase
from projections.workload import OfficerLoad
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages import cover
from web.service import carry_out_all, hidden, me, names, now, reading, service
from web.sharing import Share, shares_of
from web.suggesting import effect, officers, suggested, with_a_number
from web.words import percent, plural

blueprint = Blueprint("leaver", __name__)

LEAVES, STAYS = "leaves", "stays"
REASONS = [
    r
    for r in AllocationReason
    if r not in (AllocationReason.INITIAL, AllocationReason.RISK, AllocationReason.MOVE, AllocationReason.RELEASE)
]
"""Why a whole caseload moves: never for a reason in one person's case."""
RULES = (
    (Rule.KNOWN.value, said("Whoever held the case before"), said("The longest first")),
    (Rule.GROUPS.value, said("Keep groups together"), said("People who are expected at the same group sessions go to one officer")),
    (
        Rule.LANGUAGE.value,
        said("Whoever speaks the person’s language"),
        said("Where the person prefers another than English, or needs an interpreter"),
    ),
)


class Caseload(NamedTuple):
    """The officer who goes, what they hold, and who of the team can take it over."""

    leaver: OfficerLoad
    cases: Sequence[ListedCase]
    others: Sequence[OfficerLoad]


def _caseload(team: str, code: str) -> Caseload:
    loads = {load.code: load for load in officers(team)}
    if code not in loads:
        abort(404)
    with reading() as conn:
        cases = caseload.held_by(conn, now=now(), practitioner=code, hidden=hidden())
    mine = [case for case in cases if case.team == team]
    return Caseload(loads[code], mine, [load for load in loads.values() if load.code != code])


@blueprint.get("/teams/<team>/leaver/<code>")
@allow(Action.ALLOCATE)
def choose(team: str, code: str) -> Response:
    """Who takes the cases over, by which rules they are split, why, and what their new officers should know. Everybody of a grade
    that carries cases is proposed, by every rule; who takes which is shown before anything is saved."""
    found = _caseload(team, code)
    proposed = [load.code for load in with_a_number(found.others)]
    return _choose_page(team, found, Form(reason=AllocationReason.STAFF.value, leaving=LEAVES, takers=proposed, rules=list(Rule)))


def _choose_page(team: str, found: Caseload, form: Form) -> Response:
    return page(
        "leaver/choose.html",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        found=found,
        choices=[(load.code, f"{load.name} ({load.grade})", _holds(load)) for load in found.others],
        rules=[(value, in_language(words), in_language(hint)) for value, words, hint in RULES],
        reasons=options(REASONS),
    )


def _holds(load: OfficerLoad) -> str:
    part = effect(load, 0).share_now
    cases, points = plural(load.cases, "case"), plural(load.points, "point")
    if part is None:
        return gettext("Holds %(cases)s: %(points)s", cases=cases, points=points)
    return gettext("Holds %(cases)s: %(points)s, %(share)s of what they can carry", cases=cases, points=points, share=percent(part))


@blueprint.post("/teams/<team>/leaver/<code>")
@allow(Action.ALLOCATE)
def share(team: str, code: str) -> Response:
    """Show who would take which case and what it does to everybody, before anything is saved: by the rules, or as it was changed."""
    found, form = _caseload(team, code), Form(request.form)
    _read_choice(form)
    takers = form.several("takers", [load.code for load in found.others], gettext("Select who takes the cases over"))
    rules = form.several("rules", list(Rule), gettext("Select how the cases are split"))
    if not takers and found.cases:
        form.wrong("takers", gettext("Select who takes the cases over"))
    if not form.ok:
        return _choose_page(team, found, form)
    given = suggested(found.cases, [load for load in found.others if load.code in takers], rules=[Rule(rule) for rule in rules])
    if len(given) < len(found.cases):
        form.wrong("takers", gettext("None of those selected may see one of the cases. Select somebody else too"))
        return _choose_page(team, found, form)
    changed = {share.crn: share.taker for share, _ in shares_of(form, team)}
    shares = [Share(case.crn, changed.get(case.crn, given[case.stream_id].practitioner)) for case in found.cases]
    return _confirm_page(team, found, form, shares, given)


def _confirm_page(team: str, found: Caseload, form: Form, shares: Sequence[Share], given: Mapping[UUID, Suggested]) -> Response:
    cases, more = {case.crn: case for case in found.cases}, Counter[str]()
    taken = Counter(share.taker for share in shares)
    for share in shares:
        more[share.taker] += cases[share.crn].points
    return page(
        "leaver/confirm.html",
        form=form,
        team=team,
        found=found,
        rows=[(share, cases[share.crn], given[cases[share.crn].stream_id]) for share in shares],
        takers=[(effect(load, more[load.code]), taken[load.code]) for load in found.others],
        leaves=form.raw("leaving") == LEAVES,
        rule=service().policy.workload,
        Because=Because,
    )


def _read_choice(form: Form) -> tuple[AllocationReason | None, str, bool]:
    reason = form.choice("reason", AllocationReason, gettext("Select why the cases move"))
    note = form.text("note", longest=LONGEST_NOTE)
    leaving = form.one_of("leaving", (LEAVES, STAYS), gettext("Select whether the officer leaves the team"))
    return reason, note, leaving == LEAVES


@blueprint.post("/teams/<team>/leaver/<code>/done")
@allow(Action.ALLOCATE)
def reallocate_all(team: str, code: str) -> Response:
    """One command on all the cases, and on the officer if they leave. Sent twice it is still one."""
    found, form = _caseload(team, code) if _is_here(team, code) else None, Form(request.form)
    reason, note, leaves = _read_choice(form)
    shares = shares_of(form, team)
    if not shares and form.values.get("share"):
        form.wrong("takers", gettext("Look at the cases again: one of them can no longer be moved like this"))
    if found is not None and {share.crn for share, _ in shares} != {case.crn for case in found.cases} and found.cases:
        changed = gettext("The cases of %(name)s have changed since this page was opened. Look at them again", name=found.leaver.name)
        form.wrong("takers", changed)
    if form.ok and reason is not None:
        steps = [_handed_on(case, share.taker, reason, note) for share, case in shares]
        if leaves:
            steps.append(step(Practitioner, practitioner_id(code), leave_team, now=now(), by=me().code))
        if not steps:
            form.wrong("takers", gettext("There is nothing to do: no case to move, and the officer stays"))
        elif carry_out_all(form, steps, "takers"):
            flash(_moved(plural(len(shares), "case"), names()(code), leaves))
            return see_other("officers.of_team", team=team)
    if found is None:
        abort(404)
    return _choose_page(team, found, form)


def _moved(cases: str, name: str, leaves: bool) -> str:
    if leaves:
        return gettext("%(cases)s of %(name)s moved. They have left the team.", cases=cases, name=name)
    return gettext("%(cases)s of %(name)s moved.", cases=cases, name=name)


def _is_here(team: str, code: str) -> bool:
    with reading() as conn:
        row = organisations.practitioner(conn, code)
    return row is not None and row.team == team


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
        reasons=options(CoverReason),
        longest=service().policy.sources["cover.longest_days"],
    )


def _covered(form: Form, found: Caseload) -> bool:
    wanted = cover.asked(form, found.others)
    cases: Sequence[CaseRow] = found.cases
    if wanted is None or not carry_out_all(form, cover.steps(cases, wanted), "practitioner"):
        return False
    stands_in, count = names()(wanted.practitioner), plural(len(cases), "case")
    flash(gettext("%(cover)s covers %(cases)s. %(officer)s stays responsible.", cover=stands_in, cases=count, officer=found.leaver.name))
    return True
