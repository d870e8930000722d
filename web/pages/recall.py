"""Recall: asking for a person on licence to be taken back to prison, and recording what was decided."""

from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.evidence import in_window
from domain.recall import RecallDecision, decide_recall, recalls, request_recall
from domain.remembered import Phase
from domain.working_days import local_day
from projections import compliance as clocks
from projections.story import Story
from web.complying import enforced_here, failure_choices, give, happened_on, not_now, sentences_in
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import now, service, story, this_case

blueprint = Blueprint("recall", __name__)
LONGEST = 4000
ON_LICENCE = frozenset({Phase.LICENCE})


def _recall_awaits(told: Story) -> bool:
    return any(not recall.decided for recall in recalls(clocks.entries(told)))


@blueprint.get("/cases/<crn>/recall/new")
@allow(Action.WRITE_CASE)
def ask(crn: str) -> Response:
    told = story(this_case().stream_id)
    licences = sentences_in(told, ON_LICENCE)
    if _recall_awaits(told) or not licences:
        return not_now()
    return _ask(told, Form(requested_at=local_day(now()), sentence=licences[0][0] if len(licences) == 1 else ""))


@blueprint.post("/cases/<crn>/recall/new")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    told, form = story(this_case().stream_id), Form(request.form)
    found = enforced_here(told).failures
    licences = [number for number, _ in sentences_in(told, ON_LICENCE)]
    sentence = form.one_of("sentence", licences, gettext("Select a licence that is running"))
    details: dict[str, Any] = {
        "failures": form.numbers("failures", [f.number for f in found], gettext("Select failures that stand in this case")),
        "emergency": bool(form.raw("emergency")),
        "requested_at": happened_on(form, "requested_at", gettext("The date of the request")),
        "reason": form.text("reason", gettext("Enter why recall is requested"), longest=LONGEST),
    }
    if form.ok and give(form, "sentence", request_recall, sentence=int(sentence), **details):
        flash(gettext("Request for recall recorded"))
        return see_other("compliance.index", crn=crn)
    return _ask(told, form, 422)


def _ask(told: Story, form: Form, status: int = 200) -> Response:
    recent = in_window(enforced_here(told).failures, local_day(now()), service().policy)
    return page(
        "compliance/recall.html",
        status=status,
        form=form,
        sentences=sentences_in(told, ON_LICENCE),
        failures=failure_choices(recent),
    )


@blueprint.get("/cases/<crn>/recall/decision")
@allow(Action.WRITE_CASE)
def ask_decision(crn: str) -> Response:
    if not _recall_awaits(story(this_case().stream_id)):
        return not_now()
    return page("compliance/recall_decision.html", form=Form(decided_at=local_day(now())), decisions=options(RecallDecision))


@blueprint.post("/cases/<crn>/recall/decision")
@allow(Action.WRITE_CASE)
def save_decision(crn: str) -> Response:
    form = Form(request.form)
    waiting = [r.requested.occurred_at for r in recalls(clocks.entries(story(this_case().stream_id))) if not r.decided]
    details: dict[str, Any] = {
        "decision": form.choice("decision", RecallDecision, gettext("Select what was decided")),
        "decided_at": happened_on(form, "decided_at", gettext("The date of the decision"), waiting[0] if waiting else None),
        "note": form.text("note", longest=LONGEST),
    }
    if form.ok and give(form, "decision", decide_recall, **details):
        flash(gettext("Decision on recall recorded"))
        return see_other("compliance.index", crn=crn)
    return page("compliance/recall_decision.html", status=422, form=form, decisions=options(RecallDecision))
