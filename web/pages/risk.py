"""Risk of serious harm (RoSH): record an assessment, with its reasons and the day it is due again."""

from datetime import datetime, time

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.risk import Rosh, assess_rosh
from domain.working_days import LONDON, local_day
from projections.overview import latest_rosh
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.service import carry_out, me, now, service, story, this_case

blueprint = Blueprint("risk", __name__)


@blueprint.get("/cases/<crn>/rosh")
@allow(Action.WRITE_CASE)
def assess(crn: str) -> Response:
    """The level is never filled in: it is a judgement."""
    return _page(Form(assessed_at=local_day(now())))


@blueprint.post("/cases/<crn>/rosh")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    form = Form(request.form)
    level = form.choice("level", Rosh, "Select the level of risk")
    rationale = form.text("rationale", "Enter the reasons for the level", longest=LONGEST_NOTE)
    assessed_at = _assessed_at(form)
    due = form.day("review_due_on", "The date of the review", optional=True)
    if form.ok and carry_out(
        form,
        Case,
        this_case().stream_id,
        assess_rosh,
        now=now(),
        by=me().code,
        policy=service().policy,
        level=level or Rosh.LOW,
        rationale=rationale,
        assessed_at=assessed_at,
        review_due_on=due,
    ):
        flash("RoSH assessment saved.")
        return see_other("case.overview", crn=crn)
    return _page(form, 422)


def _assessed_at(form: Form) -> datetime | None:
    """When the assessment was made. Today means now, which is left to the command so that the same form twice is the same."""
    day = form.day("assessed_at", "The date of the assessment")
    if day is None or day == local_day(now()):
        return None
    if day > local_day(now()):
        form.wrong("assessed_at", "The date of the assessment must be today or in the past")
        return None
    return datetime.combine(day, time(12), LONDON)


def _page(form: Form, status: int = 200) -> Response:
    policy = service().policy
    return page(
        "risk/assess.html",
        status=status,
        form=form,
        latest=latest_rosh(story(this_case().stream_id)),
        levels=[(level.value, level.capitalize()) for level in Rosh],
        months=policy.rosh_review_months,
        usual_due=policy.rosh_review_due(local_day(now())),
    )
