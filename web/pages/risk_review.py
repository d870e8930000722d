"""The risk review: begin to refer a case to the NPS, and record each step as it comes."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.risk_review import NEEDS_REASON, NEXT, ReviewStep, initiate_risk_review, move_risk_review
from domain.working_days import local_day
from projections.referrals import Review
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages.risk import held_by, seen
from web.service import carry_out_all, me, now, service, this_case
from web.when import happened

blueprint = Blueprint("risk_review", __name__)


@blueprint.get("/cases/<crn>/risk/review/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    return _new(Form(initiated_at=local_day(now())))


@blueprint.post("/cases/<crn>/risk/review/new")
@allow(Action.WRITE_CASE)
def begin(crn: str) -> Response:
    form = Form(request.form)
    reason = form.text("reason", gettext("Enter why the risk may have become high"), longest=LONGEST_NOTE)
    urgent = form.one_of("urgent", ("yes", "no"), gettext("Select yes if the harm may be imminent"))
    initiated_at = happened(form, "initiated_at", gettext("The date of the referral"))
    command = step(
        Case,
        this_case().stream_id,
        initiate_risk_review,
        now=now(),
        by=me().code,
        held_by=held_by(),
        reason=reason,
        urgent=urgent == "yes",
        initiated_at=initiated_at,
    )
    if form.ok and carry_out_all(form, [command], "reason"):
        flash(gettext("Risk review begun. Complete the referral form next."))
        return see_other("risk.index", crn=crn)
    return _new(form, 422)


def _new(form: Form, status: int = 200) -> Response:
    return page("risk/review.html", status=status, form=form, clock=service().policy.risk_review)


@blueprint.get("/cases/<crn>/risk/review/<int:number>")
@allow(Action.WRITE_CASE)
def ask_step(crn: str, number: int) -> Response:
    return _step(Form(moved_at=local_day(now())), _last(number))


@blueprint.post("/cases/<crn>/risk/review/<int:number>")
@allow(Action.WRITE_CASE)
def take_step(crn: str, number: int) -> Response:
    form, of = Form(request.form), _last(number)
    taken = form.choice("step", ReviewStep, gettext("Select what happened"))
    note = form.text("note", gettext("Enter the reasons") if taken in NEEDS_REASON else "", longest=LONGEST_NOTE)
    moved_at = happened(form, "moved_at", gettext("The date of the step"))
    if form.ok and taken:
        command = step(
            Case,
            this_case().stream_id,
            move_risk_review,
            now=now(),
            by=me().code,
            review=number,
            step=taken,
            note=note,
            moved_at=moved_at,
        )
        if carry_out_all(form, [command], "step"):
            flash(gettext("Risk review: %(step)s.", step=in_language(taken)))
            return see_other("risk.index", crn=crn)
    return _step(form, of, 422)


def _last(number: int) -> Review:
    """404 for an entry that is not the case's last risk review."""
    reviews = seen().reviews
    if not reviews or reviews[-1].number != number:
        abort(404)
    return reviews[-1]


def _step(form: Form, of: Review, status: int = 200) -> Response:
    steps = options(NEXT[of.state])
    return page("risk/review_step.html", status=status, form=form, of=of, steps=steps)
