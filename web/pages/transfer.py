"""Transfers between teams: asked for, talked over, and answered by the team that would take the case."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import transfer
from domain.access import Action
from domain.allocation import AllocationReason
from domain.case import Case
from domain.event import Event
from domain.remembered import TransferState
from domain.transfer_course import MoveKind, address_check_due, completion_due
from domain.words import begun, said
from domain.working_days import local_day
from projections import organisations, transfers
from projections.caseload import CaseRow
from projections.organisations import TeamRow
from projections.story import Story
from projections.transfers import TransferRow
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages.allocation import officer_choices
from web.service import carry_out_all, hidden, me, names, now, reading, service, story, this_case

blueprint = Blueprint("transfer", __name__)

LONGEST = 4_000


class Waiting(NamedTuple):
    """A transfer of my team with what it waits for, and by when."""

    row: TransferRow
    days: int
    due: date
    address_due: date


def waiting(row: TransferRow) -> Waiting:
    asked, policy = local_day(row.asked_at), service().policy
    return Waiting(row, (local_day(now()) - asked).days, completion_due(asked, policy), address_check_due(asked, policy))


@blueprint.get("/transfers")
@allow(Action.ALLOCATE)
def index() -> Response:
    """Cases offered to my team, cases that it has offered, and those it has taken whose file is not whole yet."""
    with reading() as conn:
        rows = [waiting(row) for row in transfers.of_team(conn, team=me().team, hidden=hidden())]
    taken = [one for one in rows if one.row.state == TransferState.ACCEPTED]
    asked = [one for one in rows if one.row.state != TransferState.ACCEPTED]
    return page(
        "transfer/index.html",
        coming=[one for one in asked if one.row.to_team == me().team],
        going=[one for one in asked if one.row.to_team != me().team],
        completing=[one for one in taken if one.row.to_team == me().team],
        left=[one for one in taken if one.row.to_team != me().team],
        queried=TransferState.QUERIED,
        today=local_day(now()),
        sources=service().policy.sources,
    )


# ---- Asking ----------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<crn>/transfer", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def request_transfer(crn: str) -> Response:
    case = this_case()
    if case.team != me().team:
        abort(403)
    form = Form(request.form if request.method == "POST" else None)
    with reading() as conn:
        groups = organisations.teams_by_provider(conn, but=case.team)
    if request.method == "POST" and _ask(form, case, [team for _, teams in groups for team in teams]):
        return see_other("transfer.index")
    reasons = options(r for r in AllocationReason if r is not AllocationReason.INITIAL)
    return page("transfer/request.html", status=200 if form.ok else 422, form=form, groups=groups, reasons=reasons, most=LONGEST)


def _ask(form: Form, case: CaseRow, teams: Sequence[TeamRow]) -> bool:
    by_code = {team.code: team for team in teams}
    chosen = form.one_of("to_team", by_code, gettext("Select the team that you ask to take the case"))
    reason = form.choice("reason", AllocationReason, gettext("Select why the case should move"))
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
    flash(gettext("%(team)s has been asked to take the case. Until it accepts, your team is responsible.", team=to.name))
    return True


# ---- Answering -------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """One thing to say about a request: by which team, in which field, and what is said when it is done."""

    command: Callable[..., list[Event]]
    of_the_asking_team: bool
    field: str
    detail: str
    missing: str
    done: str


ANSWERS = {
    "query": Answer(
        transfer.query_transfer,
        False,
        "question",
        "question",
        said("Enter what your team needs to know"),
        said("The other team was asked for more information."),
    ),
    "inform": Answer(
        transfer.inform_transfer,
        True,
        "information",
        "answer",
        said("Enter what the other team asked for"),
        said("The information was sent to the other team."),
    ),
    "reject": Answer(
        transfer.reject_transfer,
        False,
        "reason",
        "reason",
        said("Enter why the request is rejected"),
        said("The request was rejected. The case stays where it is."),
    ),
    "withdraw": Answer(
        transfer.withdraw_transfer,
        True,
        "reason",
        "reason",
        said("Enter why the request is withdrawn"),
        said("The request was withdrawn. The case stays with your team."),
    ),
}


@blueprint.route("/cases/<crn>/transfer/answer", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def answer(crn: str) -> Response:
    """Take, decline, ask for more or withdraw; each team gives the answers that are its own."""
    case = this_case()
    form = Form(request.form if request.method == "POST" else None)
    with reading() as conn:
        loads = organisations.loads(conn, me().team, hidden())
    if request.method == "POST" and _answered(form, case, {load.code for load in loads}):
        return see_other("transfer.index")
    told = story(case.stream_id)
    return page(
        "transfer/answer.html",
        status=200 if form.ok else 422,
        form=form,
        receiving=case.offered_to_team == me().team,
        choices=officer_choices(loads, told.holders, case),
        most=LONGEST,
        **course_of(told),
    )


def course_of(told: Story) -> dict[str, Any]:
    """The transfer under way with its clocks, for the pages that show it."""
    found, policy = transfers.course(told), service().policy
    if found is None:
        return {"course": None}
    asked = local_day(found.asked_at)
    return {
        "course": found,
        "kind": None if found.requested.kind is MoveKind.NOT_SAID else begun(in_language(found.requested.kind)),
        "days_waiting": (local_day(now()) - asked).days,
        "due": completion_due(asked, policy),
        "address_due": address_check_due(asked, policy),
        "today": local_day(now()),
        "sources": policy.sources,
        "states": TransferState,
    }


def _answered(form: Form, case: CaseRow, ours: set[str]) -> bool:
    """Give the command that the answer asks for, if it is this team's to give."""
    given = form.raw("answer")
    asked = ANSWERS.get(given)
    if given != "accept" and asked is None:
        form.wrong("practitioner" if case.offered_to_team == me().team else "reason", gettext("Choose what to do with the request"))
        return False
    # With no request left, the rule refuses, or recognises a form that was sent twice.
    if me().team != (case.team if asked is not None and asked.of_the_asking_team else case.offered_to_team or case.team):
        abort(403)
    if asked is None:
        chosen = form.one_of("practitioner", ours, gettext("Select the practitioner who takes the case"))
        done = gettext("The case is now with %(officer)s. Complete the transfer when the file is whole.", officer=names()(chosen))
        return give(form, "practitioner", done, transfer.accept_transfer, practitioner=chosen)
    text = form.text(asked.field, in_language(asked.missing), longest=LONGEST)
    return give(form, asked.field, in_language(asked.done), asked.command, **{asked.detail: text})


def give(form: Form, field: str, done: str, command: Callable[..., list[Event]], **details: Any) -> bool:
    """Give a command about the transfer of this case, as somebody of my team."""
    given = step(Case, this_case().stream_id, command, now=now(), by=me().code, team=me().team, **details)
    if not form.ok or not carry_out_all(form, [given], field):
        return False
    flash(done)
    return True
