"""Transfers between teams: asked for, answered by the team that would take the case, and handed over in a meeting."""

from collections.abc import Callable, Sequence

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import transfer
from domain.access import Action
from domain.allocation import AllocationReason
from domain.case import Case
from domain.event import Event, Recorded
from domain.working_days import local_day
from projections import caseload, organisations
from projections.caseload import CaseRow
from projections.organisations import TeamRow
from projections.story import Holder, Story
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.pages.allocation import officer_choices
from web.service import carry_out_all, me, names, now, reading, story, this_case

blueprint = Blueprint("transfer", __name__)

LONGEST = 4_000


@blueprint.get("/transfers")
@allow(Action.ALLOCATE)
def index() -> Response:
    """Cases offered to my team, and cases that my team has offered, the longest wait first."""
    with reading() as conn:
        found = caseload.offered(conn, now=now(), team=me().team)
    rows = [(case, _days_waiting(case)) for case in found]
    coming = [row for row in rows if row[0].offered_to_team == me().team]
    going = [row for row in rows if row[0].offered_to_team != me().team]
    return page("transfer/index.html", coming=coming, going=going)


# ---- Asking ----------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<crn>/transfer", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def request_transfer(crn: str) -> Response:
    case = this_case()
    if case.team != me().team:
        abort(403)
    form = Form(request.form if request.method == "POST" else None)
    groups = _teams_to_ask(case)
    if request.method == "POST" and _ask(form, case, [team for _, teams in groups for team in teams]):
        return see_other("transfer.index")
    reasons = [(r.value, r.capitalize()) for r in AllocationReason if r is not AllocationReason.INITIAL]
    return page("transfer/request.html", status=200 if form.ok else 422, form=form, groups=groups, reasons=reasons, most=LONGEST)


def _teams_to_ask(case: CaseRow) -> list[tuple[str, list[TeamRow]]]:
    """Every other team, under its provider."""
    with reading() as conn:
        providers, teams = organisations.providers(conn), organisations.teams(conn)
    others = [team for team in teams if team.code != case.team]
    return [(provider.name, mine) for provider in providers if (mine := [t for t in others if t.provider == provider.code])]


def _ask(form: Form, case: CaseRow, teams: Sequence[TeamRow]) -> bool:
    by_code = {team.code: team for team in teams}
    chosen = form.one_of("to_team", by_code, "Select the team that you ask to take the case")
    reason = form.choice("reason", AllocationReason, "Select why the case should move")
    note = form.text("note", longest=LONGEST)
    if not form.ok or reason is None:
        return False
    to = by_code[chosen]
    with reading() as conn:
        kinds = organisations.kinds(conn)
    asked = step(
        Case,
        case.stream_id,
        transfer.request_transfer,
        now=now(),
        by=me().code,
        to_team=to.code,
        to_provider=to.provider,
        reason=reason,
        note=note,
        from_kind=kinds.get(case.provider),
        to_kind=kinds.get(to.provider),
    )
    if not carry_out_all(form, [asked], "to_team"):
        return False
    flash(f"{to.name} has been asked to take the case. Until it accepts, your team is responsible.")
    return True


# ---- Answering -------------------------------------------------------------------------------------------------------

ANSWERS = ("accept", "reject", "withdraw")


@blueprint.route("/cases/<crn>/transfer/answer", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def answer(crn: str) -> Response:
    """Take, decline or withdraw: the first two are for the team that was asked, the last for the team that asked."""
    case = this_case()
    form = Form(request.form if request.method == "POST" else None)
    with reading() as conn:
        loads = organisations.loads(conn, me().team)
    if request.method == "POST" and _answered(form, case, {load.code for load in loads}):
        return see_other("transfer.index")
    told = story(case.stream_id)
    receiving = case.offered_to_team == me().team
    return page(
        "transfer/answer.html",
        status=200 if form.ok else 422,
        form=form,
        receiving=receiving,
        choices=officer_choices(loads, told.holders, case),
        asked=_awaiting(told, case),
        most=LONGEST,
        waiting=_days_waiting(case),
    )


def _awaiting(told: Story, case: CaseRow) -> Recorded | None:
    """The request that awaits an answer."""
    requests = [recorded for recorded in told.history if isinstance(recorded.event, transfer.TransferRequested)]
    return requests[-1] if case.offered_to_team and requests else None


def _days_waiting(case: CaseRow) -> int:
    return (local_day(now()) - local_day(case.offered_at or now())).days


def _answered(form: Form, case: CaseRow, ours: set[str]) -> bool:
    """Give the command that the answer asks for, if it is this team's to give."""
    given = form.raw("answer")
    if given not in ANSWERS:
        form.wrong("practitioner" if case.offered_to_team == me().team else "reason", "Choose what to do with the request")
        return False
    # With no request left, the rule refuses, or recognises a form that was sent twice.
    if me().team != (case.team if given == "withdraw" else case.offered_to_team or case.team):
        abort(403)
    if given == "accept":
        chosen = form.one_of("practitioner", ours, "Select the practitioner who takes the case")
        said = f"The case is now with {names()(chosen)}." if chosen else ""
        return _command(form, case, "practitioner", said, transfer.accept_transfer, practitioner=chosen)
    if given == "reject":
        command, missing = transfer.reject_transfer, "Enter why the request is rejected"
        said = "The request was rejected. The case stays where it is."
    else:
        command, missing = transfer.withdraw_transfer, "Enter why the request is withdrawn"
        said = "The request was withdrawn. The case stays with your team."
    return _command(form, case, "reason", said, command, reason=form.text("reason", missing, longest=LONGEST))


def _command(form: Form, case: CaseRow, field: str, said: str, command: Callable[..., list[Event]], **details: str) -> bool:
    if not form.ok or not carry_out_all(
        form, [step(Case, case.stream_id, command, now=now(), by=me().code, team=me().team, **details)], field
    ):
        return False
    flash(said)
    return True


# ---- Handover --------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<crn>/handover", methods=["GET", "POST"])
@allow(Action.WRITE_CASE)
def handover(crn: str) -> Response:
    """A meeting between the officer who leaves the case and the one who takes it."""
    case = this_case()
    line = story(case.stream_id).holders
    people = _who_may_meet(case, line)
    form = Form(request.form) if request.method == "POST" else _usual_handover(case, line)
    if request.method == "POST" and _held(form, case, {code for code, _ in people}):
        return see_other("case.overview", crn=crn)
    return page("transfer/handover.html", status=200 if form.ok else 422, form=form, people=people, most=LONGEST)


def _who_may_meet(case: CaseRow, line: Sequence[Holder]) -> list[tuple[str, str]]:
    """Everybody who held the case, and the practitioners of the teams that have it and are asked to take it; by name."""
    with reading() as conn:
        staff = {load.code: load.name for team in (case.team, case.offered_to_team) if team for load in organisations.loads(conn, team)}
    staff |= {held.practitioner: names()(held.practitioner) for held in line if held.practitioner}
    return sorted(staff.items(), key=lambda one: (one[1], one[0]))


def _usual_handover(case: CaseRow, line: Sequence[Holder]) -> Form:
    """From the present officer while a transfer is asked for; otherwise from the last one to the present one."""
    if case.offered_to_team:
        return Form(from_practitioner=case.practitioner)
    earlier = [held.practitioner for held in line if held.practitioner not in ("", case.practitioner)]
    return Form(from_practitioner=earlier[-1] if earlier else "", to_practitioner=case.practitioner)


def _held(form: Form, case: CaseRow, people: set[str]) -> bool:
    held_at = form.moment("held_at", "the handover meeting")
    before = form.one_of("from_practitioner", people, "Select who hands the case over")
    after = form.one_of("to_practitioner", people, "Select who takes the case over")
    three_way = form.one_of("three_way", ("yes", "no"), "Select whether the person met both officers together")
    note = form.text("note", longest=LONGEST)
    if not form.ok or held_at is None:
        return False
    given = step(
        Case,
        case.stream_id,
        transfer.hold_handover,
        now=now(),
        by=me().code,
        held_at=held_at,
        from_practitioner=before,
        to_practitioner=after,
        three_way=three_way == "yes",
        note=note,
    )
    if not carry_out_all(form, [given], "from_practitioner"):
        return False
    flash("The handover meeting is recorded.")
    return True
