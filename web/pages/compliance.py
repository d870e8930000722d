"""Compliance: the failures of 12 months, what was done about each, what the rules make possible next, and the forms for it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.breach import State
from domain.enforcement import ACTIONS, USUAL, EnforcementActionTaken, take_enforcement_action
from domain.evidence import Evidence, Failure, await_evidence, decide_evidence, in_window
from domain.ladder import Enforced, Step
from domain.recall import recalls
from domain.remembered import Phase
from domain.working_days import local_day
from projections import compliance as clocks
from projections.story import Story
from web.complying import TO_ANSWER, described, enforced_here, failure_choices, give, grouped, happened_on
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import now, service, story, this_case

blueprint = Blueprint("compliance", __name__)
blueprint.add_app_template_filter(described)

OTHER = "other"
LONGEST = 2000


@blueprint.app_template_filter()
def action_words(code: str) -> str:
    """The words of an enforcement action; a code that is not ours stands for itself."""
    return in_language(ACTIONS[code].description) if code in ACTIONS else code


def _others() -> list[tuple[str, str]]:
    """The actions that are not offered first, by their words."""
    return sorted(((code, action_words(code)) for code in ACTIONS if code not in USUAL), key=lambda choice: choice[1])


@blueprint.get("/cases/<crn>/compliance")
@allow(Action.SEE_CASE, past=True)
def index(crn: str) -> Response:
    """What stands now, what is due or late and by which rule, and the way to each form."""
    told = story(this_case().stream_id)
    enforced, today, policy = enforced_here(told), local_day(now()), service().policy
    recent = in_window(enforced.failures, today, policy)
    shown = {failure.number for failure in recent} | {breach.number for breach in enforced.breaches}
    shown |= {recall.number for recall in recalls(clocks.entries(told))}
    return page(
        "compliance/index.html",
        enforced=enforced,
        findings=grouped(finding for finding in enforced.findings if finding.about[0] in shown),
        sources=policy.sources,
        failures=recent,
        actions=_actions(told),
        recalls=recalls(clocks.entries(told)),
        phases=set(clocks.phases(told).values()),
        months=policy.enforcement.window_months,
        today=today,
        Step=Step,
        State=State,
        Phase=Phase,
    )


def _actions(told: Story) -> list[tuple[int, EnforcementActionTaken]]:
    """The actions taken, the newest first."""
    taken = [(s.number, s.reads) for s in told.of(EnforcementActionTaken) if not s.withdrawn_by]
    return sorted(taken, key=lambda entry: (entry[1].occurred_at, entry[0]), reverse=True)


# ---- Enforcement actions ----------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/enforcement/new")
@allow(Action.WRITE_CASE)
def act(crn: str) -> Response:
    """The form about the failure that the link named, else about those that nothing was done about yet."""
    enforced = enforced_here(story(this_case().stream_id))
    asked = request.args.get("failure", "")
    waiting = [str(f.about[0]) for f in enforced.findings if f.step in TO_ANSWER]
    return _ask_action(enforced, Form(taken_at=local_day(now()), failures=[asked] if asked else waiting))


@blueprint.post("/cases/<crn>/enforcement/new")
@allow(Action.WRITE_CASE)
def save_action(crn: str) -> Response:
    enforced, form = enforced_here(story(this_case().stream_id)), Form(request.form)
    about = form.numbers("failures", [f.number for f in enforced.failures], gettext("Select failures that stand in this case"))
    last = max((f.occurred_at for f in enforced.failures if f.number in about), default=None)
    other = form.raw("action") == OTHER
    details: dict[str, Any] = {
        "action": form.one_of("other_action" if other else "action", ACTIONS, gettext("Select what was done")),
        "failures": about,
        "taken_at": happened_on(form, "taken_at", gettext("The date of the action"), last),
        "respond_by": form.day("respond_by", gettext("The day to respond by"), optional=True, ahead=True),
        "reason": form.text("reason", longest=LONGEST),
    }
    if form.ok and give(form, "action", take_enforcement_action, policy=service().policy, **details):
        flash(gettext("Enforcement action recorded"))
        return see_other("compliance.index", crn=crn)
    return _ask_action(enforced, form, 422)


def _ask_action(enforced: Enforced, form: Form, status: int = 200) -> Response:
    recent = in_window(enforced.failures, local_day(now()), service().policy)
    return page(
        "compliance/action.html",
        status=status,
        form=form,
        usual=[(code, action_words(code)) for code in USUAL],
        others=_others(),
        failures=failure_choices(recent),
        findings=grouped(f for f in enforced.findings if f.step in TO_ANSWER and f.about[0] in {failure.number for failure in recent}),
        days=service().policy.enforcement.response_days,
    )


# ---- The reason for a failure -----------------------------------------------------------------------------------------


def _failure(number: int) -> tuple[Enforced, Failure]:
    """The failure that the address names; 404 when no such failure stands in this case."""
    enforced = enforced_here(story(this_case().stream_id))
    return enforced, next((f for f in enforced.failures if f.number == number), None) or abort(404)


@blueprint.get("/cases/<crn>/failures/<int:number>/evidence")
@allow(Action.WRITE_CASE)
def ask_evidence(crn: str, number: int) -> Response:
    _, failure = _failure(number)
    return _ask_until(failure, Form(due_on=_latest()))


@blueprint.post("/cases/<crn>/failures/<int:number>/evidence")
@allow(Action.WRITE_CASE)
def save_evidence(crn: str, number: int) -> Response:
    _, failure = _failure(number)
    form = Form(request.form)
    due_on = form.day("due_on", gettext("The day until which a reason is awaited"), ahead=True)
    if form.ok and give(form, "due_on", await_evidence, policy=service().policy, failure=number, due_on=due_on):
        flash(gettext("The reason is awaited"))
        return see_other("compliance.index", crn=crn)
    return _ask_until(failure, form, 422)


def _latest() -> Any:
    return local_day(now()) + timedelta(days=service().policy.enforcement.evidence_days)


def _ask_until(failure: Failure, form: Form, status: int = 200) -> Response:
    days = service().policy.enforcement.evidence_days
    return page("compliance/evidence.html", status=status, form=form, failure=failure, days=days, latest=_latest())


@blueprint.get("/cases/<crn>/failures/<int:number>/decision")
@allow(Action.WRITE_CASE)
def decide(crn: str, number: int) -> Response:
    """Neither answer is filled in: it is a judgement."""
    _, failure = _failure(number)
    return _ask_decision(failure, Form(decided_at=local_day(now())))


@blueprint.post("/cases/<crn>/failures/<int:number>/decision")
@allow(Action.WRITE_CASE)
def save_decision(crn: str, number: int) -> Response:
    _, failure = _failure(number)
    form = Form(request.form)
    details: dict[str, Any] = {
        "evidence": form.choice("evidence", Evidence, gettext("Select what was shown")),
        "accepted": form.one_of("accepted", ("yes", "no"), gettext("Select whether the reason is accepted")) == "yes",
        "reason": form.text("reason", gettext("Enter what was said or shown and why it is accepted or not"), longest=LONGEST),
        "decided_at": happened_on(form, "decided_at", gettext("The date of the decision"), failure.occurred_at),
    }
    if form.ok and give(form, "accepted", decide_evidence, policy=service().policy, failure=number, **details):
        flash(gettext("Decision recorded"))
        return see_other("compliance.index", crn=crn)
    return _ask_decision(failure, form, 422)


def _ask_decision(failure: Failure, form: Form, status: int = 200) -> Response:
    shown = options(Evidence)
    return page("compliance/decision.html", status=status, form=form, failure=failure, shown=shown)
