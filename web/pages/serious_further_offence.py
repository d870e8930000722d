"""A serious further offence: record the charge, and each stage of notification and review as it comes."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.serious_further_offence import NEEDS_NOTE, NEXT, SfoStage, initiate_sfo, move_sfo
from domain.working_days import local_day
from projections.risk import Offence
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages.risk import seen
from web.service import carry_out_all, me, now, service, this_case
from web.when import happened

blueprint = Blueprint("serious_further_offence", __name__)


@blueprint.get("/cases/<crn>/risk/offences/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    return _new(Form())


@blueprint.post("/cases/<crn>/risk/offences/new")
@allow(Action.WRITE_CASE)
def begin(crn: str) -> Response:
    form = Form(request.form)
    offence_on = form.day("offence_on", gettext("The date of the alleged offence"))
    charged_on = form.day("charged_on", gettext("The date of the charge"))
    in_court_on = form.day("in_court_on", gettext("The date of the court appearance"), optional=True, ahead=True)
    note = form.text("note", longest=LONGEST_NOTE)
    if form.ok and offence_on and charged_on:
        command = step(
            Case,
            this_case().stream_id,
            initiate_sfo,
            now=now(),
            by=me().code,
            policy=service().policy,
            offence_on=offence_on,
            charged_on=charged_on,
            in_court_on=in_court_on,
            note=note,
        )
        if carry_out_all(form, [command], "offence_on"):
            flash(gettext("Serious further offence saved. Notify it next."))
            return see_other("risk.index", crn=crn)
    return _new(form, 422)


def _new(form: Form, status: int = 200) -> Response:
    return page("risk/offence.html", status=status, form=form, clock=service().policy.serious_further_offence)


@blueprint.get("/cases/<crn>/risk/offences/<int:number>")
@allow(Action.WRITE_CASE)
def ask_stage(crn: str, number: int) -> Response:
    return _stage(Form(moved_at=local_day(now())), _begun(number))


@blueprint.post("/cases/<crn>/risk/offences/<int:number>")
@allow(Action.WRITE_CASE)
def take_stage(crn: str, number: int) -> Response:
    form, of = Form(request.form), _begun(number)
    stage = form.choice("stage", SfoStage, gettext("Select the stage"))
    note = form.text("note", gettext("Enter the outcome or the reason") if stage in NEEDS_NOTE else "", longest=LONGEST_NOTE)
    moved_at = happened(form, "moved_at", gettext("The date of the stage"))
    if form.ok and stage:
        command = step(
            Case, this_case().stream_id, move_sfo, now=now(), by=me().code, sfo=number, stage=stage, note=note, moved_at=moved_at
        )
        if carry_out_all(form, [command], "stage"):
            flash(gettext("Serious further offence: %(stage)s.", stage=in_language(stage)))
            return see_other("risk.index", crn=crn)
    return _stage(form, of, 422)


def _begun(number: int) -> Offence:
    """404 for an entry that begins no serious further offence."""
    found = next((o for o in seen().offences if o.number == number), None)
    if found is None:
        abort(404)
    return found


def _stage(form: Form, of: Offence, status: int = 200) -> Response:
    stages = options(NEXT[of.stage])
    return page("risk/offence_stage.html", status=status, form=form, of=of, stages=stages)
