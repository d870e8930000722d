"""Breach: a form for each step that may follow, and none for a step that may not."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.breach import (
    MOVES,
    BreachConcluded,
    BreachOutcome,
    BreachPresented,
    BreachReferred,
    BreachReturned,
    BreachWithdrawn,
    Route,
    State,
)
from domain.breach_steps import IN_COURT, conclude_breach, present_breach, refer_breach, return_breach, withdraw_breach
from domain.evidence import Stand, in_window
from domain.ladder import Enforced
from domain.words import said
from domain.working_days import local_day
from projections.story import Story
from web.complying import enforced_here, failure_choices, give, happened_on, not_now, route_here, sentences_in
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import now, service, story, this_case

blueprint = Blueprint("breach", __name__)
LONGEST = 4000


class Move(NamedTuple):
    """A step of a breach that is under way: its words, the command, and the event by which the table knows it."""

    title: str
    done: str
    command: Callable[..., Any]
    event: type[Any]


STEPS = {
    "return": Move(said("Record that the referral was returned"), said("Return recorded"), return_breach, BreachReturned),
    "present": Move(said("Record that the breach was presented to court"), said("Presentation recorded"), present_breach, BreachPresented),
    "withdraw": Move(said("Withdraw the breach"), said("Breach withdrawn"), withdraw_breach, BreachWithdrawn),
    "conclude": Move(said("Record the outcome of the breach"), said("Outcome of the breach recorded"), conclude_breach, BreachConcluded),
}
FIELD = {"return": "returned_at", "present": "presented_at", "withdraw": "withdrawn_at", "conclude": "concluded_at"}


@blueprint.app_template_global()
def breach_steps(state: State) -> list[tuple[str, str]]:
    """The forms that the table allows from a state: name and title."""
    return [(name, step.title) for name, step in STEPS.items() if (state, step.event) in MOVES]


# ---- Starting a breach ------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/breach/new")
@allow(Action.WRITE_CASE)
def refer(crn: str) -> Response:
    """The form with the failures that count, and those of the referral if one was returned."""
    told = story(this_case().stream_id)
    enforced = enforced_here(told)
    if not _may_refer(enforced):
        return not_now()
    counting = [f for f in in_window(enforced.failures, local_day(now()), service().policy) if f.stand is Stand.COUNTS]
    relied_on = enforced.breach.failures if enforced.breach else tuple(f.number for f in counting[:2])
    aware = enforced.breach.became_aware_on if enforced.breach else counting[0].aware_on if counting else None
    sentences = sentences_in(told, IN_COURT)
    likely = Form(
        referred_at=local_day(now()),
        became_aware_on=aware,
        failures=[str(number) for number in relied_on],
        sentences=[number for number, _ in sentences] if len(sentences) == 1 else [],
        route=route_here().value,
    )
    return _ask_referral(told, enforced, likely)


@blueprint.post("/cases/<crn>/breach/new")
@allow(Action.WRITE_CASE)
def save_referral(crn: str) -> Response:
    told, form = story(this_case().stream_id), Form(request.form)
    enforced = enforced_here(told)
    about = form.numbers("failures", [f.number for f in enforced.failures], gettext("Select failures that stand in this case"))
    last = max((f.occurred_at for f in enforced.failures if f.number in about), default=None)
    details: dict[str, Any] = {
        "sentences": form.numbers(
            "sentences", [int(n) for n, _ in sentences_in(told, IN_COURT)], gettext("Select sentences that are running")
        ),
        "failures": about,
        "became_aware_on": form.day("became_aware_on", gettext("The day the service became aware")),
        "route": form.choice("route", Route, gettext("Select who takes the breach to court")),
        "referred_at": happened_on(form, "referred_at", gettext("The date of the referral"), last),
        "reason": form.text("reason", gettext("Enter what the breach rests on and why it is started"), longest=LONGEST),
    }
    if form.ok and give(form, "failures", refer_breach, policy=service().policy, **details):
        flash(gettext("Breach recorded"))
        return see_other("compliance.index", crn=crn)
    return _ask_referral(told, enforced, form, 422)


def _may_refer(enforced: Enforced) -> bool:
    return ((enforced.breach.state if enforced.breach else State.NONE), BreachReferred) in MOVES


def _ask_referral(told: Story, enforced: Enforced, form: Form, status: int = 200) -> Response:
    recent = in_window(enforced.failures, local_day(now()), service().policy)
    return page(
        "compliance/refer.html",
        status=status,
        form=form,
        breach=enforced.breach,
        failures=failure_choices(f for f in recent if f.stand is Stand.COUNTS),
        sentences=sentences_in(told, IN_COURT),
        routes=options(Route),
        rules=service().policy.enforcement,
    )


# ---- The steps after it -----------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/breach/<name>")
@allow(Action.WRITE_CASE)
def step(crn: str, name: str) -> Response:
    move = STEPS.get(name) or abort(404)
    breach = enforced_here(story(this_case().stream_id)).breach
    if breach is None or (breach.state, move.event) not in MOVES:
        return not_now()
    return _ask_step(name, Form(None, **{FIELD[name]: local_day(now())}, court=breach.court))


@blueprint.post("/cases/<crn>/breach/<name>")
@allow(Action.WRITE_CASE)
def save_step(crn: str, name: str) -> Response:
    move, form = STEPS.get(name) or abort(404), Form(request.form)
    breach = enforced_here(story(this_case().stream_id)).breach
    before = (breach.presented_at or breach.referred_at) if breach else None
    details: dict[str, Any] = {FIELD[name]: happened_on(form, FIELD[name], gettext("The date"), before)}
    if name == "present":
        details["court"] = form.text("court", gettext("Enter the court"), longest=200)
        details["hearing_on"] = form.day("hearing_on", gettext("The date of the hearing"), optional=True, ahead=True)
    elif name == "conclude":
        details["outcome"] = form.choice("outcome", BreachOutcome, gettext("Select how the court dealt with the breach"))
        details["note"] = form.text("note", longest=LONGEST)
    else:
        details["reason"] = form.text("reason", gettext("Enter the reason"), longest=LONGEST)
    if form.ok and give(form, FIELD[name], move.command, **details):
        flash(in_language(move.done))
        return see_other("compliance.index", crn=crn)
    return _ask_step(name, form, 422)


def _ask_step(name: str, form: Form, status: int = 200) -> Response:
    return page(
        "compliance/step.html", status=status, form=form, name=name, move=STEPS[name], on=FIELD[name], outcomes=options(BreachOutcome)
    )
