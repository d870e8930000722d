"""Handing a case over: the meeting of both officers, the check of the address, the whole file, and requirements that move apart."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import component, transfer
from domain.access import Action
from domain.case import Case
from domain.transfer import FileItem
from domain.working_days import local_day
from projections import organisations
from projections.caseload import CaseRow
from projections.holder import Holder
from projections.sentences import requirements
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.transfer import LONGEST, course_of, give
from web.service import carry_out_all, hidden, me, names, now, reading, story, this_case
from web.when import happened

blueprint = Blueprint("handover", __name__)


# ---- The meeting -----------------------------------------------------------------------------------------------------


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
        staff = {
            load.code: load.name for team in (case.team, case.offered_to_team) if team for load in organisations.loads(conn, team, hidden())
        }
    staff |= {held.practitioner: names()(held.practitioner) for held in line if held.practitioner}
    return sorted(staff.items(), key=lambda one: (one[1], one[0]))


def _usual_handover(case: CaseRow, line: Sequence[Holder]) -> Form:
    """From the present officer while a transfer is asked for; otherwise from the last one to the present one."""
    if case.offered_to_team:
        return Form(from_practitioner=case.practitioner)
    earlier = [held.practitioner for held in line if held.practitioner not in ("", case.practitioner)]
    return Form(from_practitioner=earlier[-1] if earlier else "", to_practitioner=case.practitioner)


def _held(form: Form, case: CaseRow, people: set[str]) -> bool:
    held_at = form.moment("held_at", gettext("the handover meeting"))
    before = form.one_of("from_practitioner", people, gettext("Select who hands the case over"))
    after = form.one_of("to_practitioner", people, gettext("Select who takes the case over"))
    three_way = form.one_of("three_way", ("yes", "no"), gettext("Select whether the person met both officers together"))
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
    flash(gettext("The handover meeting is recorded."))
    return True


# ---- The address and the file ----------------------------------------------------------------------------------------


@blueprint.route("/cases/<crn>/transfer/address", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def address(crn: str) -> Response:
    """What the team that is asked found at the address where the person would live."""
    form = Form(request.form) if request.method == "POST" else Form(assessed_at=local_day(now()))
    if request.method == "POST":
        suitable = form.one_of("suitable", ("yes", "no"), gettext("Select whether the address is suitable"))
        note = form.text("note", gettext("Enter what was found at the address"), longest=LONGEST)
        assessed_at = happened(form, "assessed_at", gettext("The date of the assessment"))
        details = {"suitable": suitable == "yes", "note": note, "assessed_at": assessed_at}
        if give(form, "suitable", gettext("The assessment of the address is recorded."), transfer.assess_address, **details):
            return see_other("transfer.index")
    shown = course_of(story(this_case().stream_id))
    return page("transfer/address.html", status=200 if form.ok else 422, form=form, most=LONGEST, **shown)


@blueprint.route("/cases/<crn>/transfer/complete", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def complete(crn: str) -> Response:
    """Go through the file with what it must hold, and say that the transfer is over."""
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        file = tuple(FileItem(item) for item in form.several("file", list(FileItem), gettext("Select what the file holds")))
        note = form.text("note", longest=LONGEST)
        if give(form, "file", gettext("The transfer is complete."), transfer.complete_transfer, file=file, note=note):
            return see_other("transfer.index")
    shown = course_of(story(this_case().stream_id))
    return page("transfer/complete.html", status=200 if form.ok else 422, form=form, items=options(FileItem), most=LONGEST, **shown)


# ---- Requirements that move on another day ---------------------------------------------------------------------------


@blueprint.route("/cases/<crn>/components", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def components(crn: str) -> Response:
    """Have another team deliver a requirement, though it does not hold the case."""
    case = this_case()
    if case.team != me().team:
        abort(403)
    required = {r.number: r for r in requirements(story(case.stream_id)) if r.running}
    with reading() as conn:
        groups = organisations.teams_by_provider(conn)
    form = Form(request.form) if request.method == "POST" else Form(moved_at=local_day(now()))
    if request.method == "POST" and _moved(form, case, [str(number) for number in required], groups):
        return see_other("person.show", crn=crn)
    return page("transfer/component.html", status=200 if form.ok else 422, form=form, required=required, groups=groups)


def _moved(form: Form, case: CaseRow, required: Sequence[str], groups: Sequence[tuple[str, Sequence[organisations.TeamRow]]]) -> bool:
    providers = {team.code: team.provider for _, teams in groups for team in teams}
    number = form.one_of("requirement", required, gettext("Select the requirement that moves"))
    team = form.one_of("team", providers, gettext("Select the team that delivers it from now on"))
    moved_at = happened(form, "moved_at", gettext("The date of the move"))
    if not form.ok:
        return False
    given = step(
        Case,
        case.stream_id,
        component.move_component,
        now=now(),
        by=me().code,
        requirement=int(number),
        team=team,
        provider=providers[team],
        moved_at=moved_at,
    )
    if not carry_out_all(form, [given], "requirement"):
        return False
    flash(gettext("%(team)s delivers the requirement now. The case stays with its officer.", team=names()(team)))
    return True
