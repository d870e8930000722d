"""Safeguarding checks: ask an agency what it knows, and record its answer."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.safeguarding import Agency, CheckResult, receive_response, request_checks
from domain.working_days import local_day
from projections.risk import Check
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.risk import seen
from web.service import carry_out_all, me, now, service, this_case
from web.when import happened

blueprint = Blueprint("safeguarding", __name__)


@blueprint.get("/cases/<crn>/risk/checks/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    return _new(Form(requested_at=local_day(now())))


@blueprint.post("/cases/<crn>/risk/checks/new")
@allow(Action.WRITE_CASE)
def ask(crn: str) -> Response:
    """One question to each agency ticked, all or none."""
    form = Form(request.form)
    agencies = form.several("agencies", Agency, gettext("Select agencies from the list"))
    note = form.text("note", longest=LONGEST_NOTE)
    requested_at = happened(form, "requested_at", gettext("The date of the request"))
    command = step(
        Case,
        this_case().stream_id,
        request_checks,
        now=now(),
        by=me().code,
        agencies=tuple(Agency(agency) for agency in agencies),
        note=note,
        requested_at=requested_at,
    )
    if form.ok and carry_out_all(form, [command], "agencies"):
        flash(gettext("Safeguarding check saved."))
        return see_other("risk.index", crn=crn)
    return _new(form, 422)


def _new(form: Form, status: int = 200) -> Response:
    agencies = options(Agency)
    return page("risk/check.html", status=status, form=form, agencies=agencies, days=service().policy.safeguarding.response_working_days)


@blueprint.get("/cases/<crn>/risk/checks/<int:number>")
@allow(Action.WRITE_CASE)
def ask_answer(crn: str, number: int) -> Response:
    return _answer(Form(received_at=local_day(now())), _awaited(number))


@blueprint.post("/cases/<crn>/risk/checks/<int:number>")
@allow(Action.WRITE_CASE)
def answer(crn: str, number: int) -> Response:
    form, check = Form(request.form), _awaited(number)
    result = form.choice("result", CheckResult, gettext("Select what the agency answered"))
    note = form.text("note", gettext("Enter what the agency said") if result is CheckResult.INFORMATION else "", longest=LONGEST_NOTE)
    received_at = happened(form, "received_at", gettext("The date of the answer"))
    if form.ok and result:
        command = step(
            Case,
            this_case().stream_id,
            receive_response,
            now=now(),
            by=me().code,
            check=number,
            result=result,
            note=note,
            received_at=received_at,
        )
        if carry_out_all(form, [command], "result"):
            flash(gettext("Answer saved."))
            return see_other("risk.index", crn=crn)
    return _answer(form, check, 422)


def _awaited(number: int) -> Check:
    """404 for an entry that is no check or has its answer."""
    found = next((c for c in seen().checks if c.number == number and c.result is None), None)
    if found is None:
        abort(404)
    return found


def _answer(form: Form, check: Check, status: int = 200) -> Response:
    return page("risk/check_answer.html", status=status, form=form, check=check, results=options(CheckResult))
